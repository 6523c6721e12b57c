/** --until=ready: follows what comes after each target until it is Ready, and says what keeps it from that. Only reads. */
import type { ClusterPort } from '../cluster/port.ts';
import { whyNotCreated, whyNotReady } from '../diagnosis/not-ready.ts';
import { waitingFor } from '../diagnosis/waiting-on.ts';
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import type { Replacement } from '../events/event.ts';
import { provesAbsence } from '../facts/absence.ts';
import { attachments } from '../facts/attachments.ts';
import { controllerManager } from '../facts/controller-manager.ts';
import { lookingAt } from '../facts/fact.ts';
import { gather } from '../facts/gather.ts';
import { latest, objectEvents } from '../facts/object-events.ts';
import { ordinalOf } from '../facts/owners.ts';
import { isAborted } from '../model/abort.ts';
import { isControlledBy } from '../model/owner.ts';
import { isFinished, isPodKind, isReady, isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Pod, ReplicaSet, StatefulSet } from '../model/wire.ts';
import type { FollowedTarget } from '../termination/follow-target.ts';
import { podRef, replacementEvents, replacementOf } from '../termination/replacement.ts';
import type { Expectation } from '../termination/replacement.ts';
import type { ExecuteInput } from './execution.ts';

const LOOK_MS = 500;
/** Why it is not Ready is read after this, and again from time to time. */
const WHY_AFTER_MS = 2000;
const WHY_EVERY_MS = 5000;
const READ_MS = 5000;

/** The pods of one owner, read once for all targets that wait for it. */
class Members {
  readonly #port: Pick<ClusterPort, 'list'>;
  readonly #read = new Map<string, { readonly at: number; readonly pods: Promise<readonly Pod[] | null> }>();

  constructor(port: Pick<ClusterPort, 'list'>) {
    this.#port = port;
  }

  /** null: no answer. */
  async of(expected: Expectation, namespace: string | null, now: number, signal: AbortSignal): Promise<readonly Pod[] | null> {
    const known = this.#read.get(expected.owner.uid);
    if (known !== undefined && now - known.at < LOOK_MS) return await known.pods;
    const pods = this.#list(expected, namespace, signal);
    this.#read.set(expected.owner.uid, { at: now, pods });
    return await pods;
  }

  async #list({ owner, selector }: Expectation, namespace: string | null, signal: AbortSignal): Promise<readonly Pod[] | null> {
    const path = { group: '', version: 'v1', resource: 'pods', namespace, name: null };
    const answer = await this.#port.list(path, { signal, ...(selector === null || selector === '' ? {} : { labelSelector: selector }) });
    return answer.ok ? (answer.value.items as readonly Pod[]).filter((p) => isControlledBy(p.metadata, owner.uid)) : null;
  }
}

const createdAt = (o: KubeObject): number => Date.parse(o.metadata.creationTimestamp ?? '');

/** A member with a lower ordinal that holds the set up; null where none does, or the set does not go in order. */
const heldUpBy = (set: KubeObject | null, name: string, members: readonly Pod[]): Pod | null => {
  if (set === null || (set as StatefulSet).spec?.podManagementPolicy === 'Parallel') return null;
  const at = Number(/-(\d+)$/u.exec(name)?.[1] ?? Number.NaN);
  return members.filter((p) => (ordinalOf(p) ?? Number.NaN) < at && (!isReady(p) || isTerminating(p))).toSorted((a, b) => (ordinalOf(a) ?? 0) - (ordinalOf(b) ?? 0))[0] ?? null;
};

class Awaiting {
  readonly #followed: FollowedTarget;
  readonly #expected: Expectation;
  readonly #members: Members;
  readonly #taken: Set<string>;
  readonly #input: ExecuteInput;
  readonly #over: AbortSignal;
  #object: KubeObject | null;
  #told = '';
  #toldWhy = '';
  #whyAt: number;

  constructor(followed: FollowedTarget, expected: Expectation, members: Members, taken: Set<string>, input: ExecuteInput, over: AbortSignal) {
    this.#followed = followed;
    this.#expected = expected;
    this.#members = members;
    this.#taken = taken;
    this.#input = input;
    this.#over = over;
    this.#object = followed.replacement;
    this.#whyAt = input.clock.now() + WHY_AFTER_MS - WHY_EVERY_MS;
  }

  /** The object of the last look as it is now, or the one that has come meanwhile; null: none yet. */
  async #look(): Promise<{ readonly object: KubeObject | null; readonly members: readonly Pod[] } | null> {
    const { ref } = this.#followed.planned.target;
    const { clock, port } = this.#input;
    if (!isPodKind(ref)) {
      const answer = await port.get(ref, { signal: this.#over });
      return answer.ok ? { object: answer.value.metadata.uid === ref.uid ? null : answer.value, members: [] } : provesAbsence(answer.problem) ? { object: null, members: [] } : null;
    }
    const members = await this.#members.of(this.#expected, ref.namespace, clock.now(), this.#over);
    if (members === null) return null;
    const known = this.#object === null ? undefined : members.find((p) => p.metadata.uid === this.#object?.metadata.uid && !isTerminating(p));
    if (known !== undefined) return { object: known, members };
    const since = this.#followed.mark?.requestedAt ?? null;
    const fresh = members.filter(
      (p) =>
        !isTerminating(p) &&
        p.metadata.uid !== ref.uid &&
        !this.#taken.has(p.metadata.uid) &&
        (this.#expected.sameName ? p.metadata.name === ref.name : !this.#expected.known.has(p.metadata.uid) && (since === null || !(createdAt(p) < Math.floor(since / 1000) * 1000))),
    );
    return { object: fresh.toSorted((a, b) => createdAt(a) - createdAt(b))[0] ?? null, members };
  }

  #tell(replacement: Replacement): void {
    const now = JSON.stringify(replacement);
    if (now === this.#told) return;
    this.#told = now;
    for (const event of replacementEvents(this.#followed.planned.target.ref, replacement, this.#input.clock.now())) this.#input.emit(event);
  }

  #tellWhy(on: readonly WaitingOn[]): void {
    const now = JSON.stringify(on);
    if (now === this.#toldWhy || (on.length === 0 && this.#toldWhy === '')) return;
    this.#toldWhy = now;
    this.#input.emit({ type: 'waiting', at: this.#input.clock.now(), ref: this.#followed.planned.target.ref, on });
  }

  /** What keeps it, and whether it may come at all. */
  async #why(members: readonly Pod[]): Promise<{ readonly reason: WaitingOn; readonly final: boolean }> {
    const { clock, port, serverNow } = this.#input;
    const { owner } = this.#expected;
    const read = await port.get(owner, { signal: this.#over });
    const ownerObject = read.ok && read.value.metadata.uid === owner.uid ? read.value : null;
    const gone = (read.ok && ownerObject === null) || (!read.ok && provesAbsence(read.problem)) || ownerObject?.metadata.deletionTimestamp !== undefined;
    const name = `${owner.kind.toLowerCase()}/${owner.name}`;
    const nothingComes = (message: string): { readonly reason: WaitingOn; readonly final: boolean } => ({
      reason: waitingFor({ kind: 'controller', name, message, remedy: 'Nothing comes: look at what was done to its owner.', objects: [owner] }),
      final: true,
    });
    const pod = this.#object === null || !isPodKind(this.#followed.planned.target.ref) ? null : (this.#object as Pod);
    if (pod === null && gone) return nothingComes(`${name} was deleted meanwhile: nothing replaces the pod`);
    const workload: Partial<ReplicaSet> | null = ownerObject;
    const replicas = workload?.spec?.replicas;
    const live = members.filter((p) => !isTerminating(p) && !isFinished(p)).length;
    if (pod === null && replicas !== undefined && owner.kind !== 'Job' && live >= replicas) return nothingComes(`${name} wants ${replicas} pods and has ${live}: it creates none for this one`);
    const targets: readonly Target[] = [...(ownerObject === null ? [] : [{ ref: owner, object: ownerObject }]), ...(pod === null ? [] : [{ ref: { ...podRef(pod), uid: pod.metadata.uid }, object: pod }])];
    const given = lookingAt(targets, serverNow());
    const seen = await gather(port, [objectEvents, attachments, controllerManager], given, { clock, timeoutMs: READ_MS, signal: this.#over });
    const ofPod = targets.find((t) => t.ref.uid === pod?.metadata.uid);
    if (pod !== null && ofPod !== undefined) {
      return { reason: whyNotReady({ ref: ofPod.ref, pod, events: objectEvents.view(ofPod, given, seen), attachments: attachments.view(ofPod, given, seen) }), final: false };
    }
    const ofOwner = targets[0];
    const failed = ofOwner === undefined ? null : latest(objectEvents.view(ofOwner, given, seen), 'FailedCreate', 'ReplicaSetCreateError');
    const condition = (workload?.status?.conditions ?? []).find((c) => c.type === 'ReplicaFailure' && c.status === 'True');
    const silentSeconds = ofOwner === undefined ? null : controllerManager.view(ofOwner, given, seen).silentSeconds;
    const before = this.#expected.sameName ? heldUpBy(ownerObject, this.#followed.planned.target.ref.name, members) : null;
    return { reason: whyNotCreated({ owner, failure: condition?.message ?? failed?.message ?? null, before, silentSeconds }), final: false };
  }

  /** Resolves when it is Ready, when nothing can come any more, or when the time is over. */
  async run(): Promise<void> {
    const { clock } = this.#input;
    const { ref } = this.#followed.planned.target;
    while (!isAborted(this.#over)) {
      const looked = await this.#look();
      if (isAborted(this.#over)) return;
      if (looked !== null) {
        this.#object = looked.object;
        const replacement = looked.object === null ? null : replacementOf(looked.object, ref);
        if (looked.object !== null) this.#taken.add(looked.object.metadata.uid);
        if (replacement?.ready === true) {
          this.#tell(replacement);
          this.#tellWhy([]);
          return;
        }
        if (clock.now() - this.#whyAt >= WHY_EVERY_MS) {
          this.#whyAt = clock.now();
          const { reason, final } = await this.#why(looked.members);
          if (isAborted(this.#over)) return;
          if (replacement !== null) this.#tell({ ...replacement, reason: reason.message });
          this.#tellWhy([reason]);
          if (final) return;
        } else if (replacement !== null && this.#told === '') this.#tell(replacement);
      }
      await clock.sleep(LOOK_MS, this.#over);
    }
  }
}

/** Follows the replacements of targets that are gone, each its own. */
export class Replacements {
  readonly #members: Members;
  readonly #taken: Set<string>;
  readonly #input: ExecuteInput;
  readonly #over: AbortSignal;
  readonly #expectations: ReadonlyMap<string, Expectation>;

  constructor(expectations: ReadonlyMap<string, Expectation>, taken: Set<string>, input: ExecuteInput, over: AbortSignal) {
    this.#members = new Members(input.port);
    this.#taken = taken;
    this.#input = input;
    this.#over = over;
    this.#expectations = expectations;
  }

  /** At once for a target that nothing recreates. */
  async ready(followed: FollowedTarget): Promise<void> {
    const expected = this.#expectations.get(followed.uid);
    if (expected !== undefined) await new Awaiting(followed, expected, this.#members, this.#taken, this.#input, this.#over).run();
  }
}
