/** Watches the targets of a run and asks now and then why those that stay are still there. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { waitingOnObject } from '../diagnosis/object.ts';
import { waitingOnPod } from '../diagnosis/pod.ts';
import type { Event } from '../events/event.ts';
import type { Given } from '../facts/fact.ts';
import { facts } from '../facts/facts.ts';
import { gather } from '../facts/gather.ts';
import { isAborted } from '../model/abort.ts';
import { isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Clock } from '../model/world.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import { FollowedTarget } from '../termination/follow-target.ts';
import type { Expectation } from '../termination/replacement.ts';
import { watchObjects } from '../termination/watch-objects.ts';
import type { Seen, WatchScope } from '../termination/watch-objects.ts';

const DIAGNOSIS_MS = 10_000;
const DIAGNOSIS_READ_MS = 5000;
const LATE_SECONDS = 2;
const HEARTBEAT_MS = 30_000;

export interface FollowInput {
  readonly port: ClusterPort;
  readonly clock: Clock;
  readonly emit: (event: Event) => void;
  /** The API server's time now. */
  readonly serverNow: () => number;
}

/** A single name is selected by field; of several, those that are still there are looked for. */
const scopeOf = (followed: readonly FollowedTarget[]): WatchScope => {
  const ref = followed[0]?.planned.target.ref;
  if (ref === undefined) throw new Error('nothing to follow');
  const names = (): readonly string[] => followed.filter((f) => followed.length === 1 || !f.isGone).map((f) => f.planned.target.ref.name);
  return { group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, names };
};

export class Following {
  readonly targets: readonly FollowedTarget[];
  readonly #input: FollowInput;
  readonly #stop = new AbortController();
  readonly #work: Promise<unknown>[] = [];
  readonly #told = new Map<string, string>();
  #unobservable: Problem | null = null;
  #unobservableSeen: () => void = () => undefined;
  /** Every watch stands: what happens from now on is seen. Also when none can stand and it is polled. */
  readonly standing: Promise<void>;
  /** The first refusal to read that lasts; pending while everything can be observed. */
  readonly shutOut: Promise<void>;

  constructor(targets: readonly PlannedTarget[], expectations: ReadonlyMap<string, Expectation>, input: FollowInput) {
    this.#input = input;
    const limits = { clock: input.clock, signal: this.#stop.signal };
    const taken = new Set<string>();
    this.targets = targets.map((t) => new FollowedTarget(t, input.port, expectations.get(t.target.ref.uid) ?? null, taken, limits, input.emit));
    this.shutOut = new Promise((resolve) => {
      this.#unobservableSeen = resolve;
    });
    // One watch for each kind and namespace, not for each object.
    const collections = new Map<string, FollowedTarget[]>();
    for (const followed of this.targets) {
      const { group, resource, namespace } = followed.planned.target.ref;
      const place = `${group}/${resource}/${namespace ?? ''}`;
      collections.set(place, [...(collections.get(place) ?? []), followed]);
    }
    const stands = [...collections.values()].map(
      async (followed) =>
        await new Promise<void>((resolve) => {
          const scope = scopeOf(followed);
          const tell = (seen: Seen): void => {
            this.#tell(seen, followed, resolve);
          };
          this.#work.push(watchObjects(input.port, scope, limits, tell).finally(resolve));
        }),
    );
    this.standing = Promise.all(stands).then(() => undefined);
    this.#work.push(this.#askWhy(), this.#beat());
  }

  get unobservable(): Problem | null {
    return this.#unobservable;
  }

  #tell(seen: Seen, followed: readonly FollowedTarget[], standing: () => void): void {
    const named = (name: string): readonly FollowedTarget[] => followed.filter((f) => f.planned.target.ref.name === name);
    switch (seen.type) {
      case 'standing':
        standing();
        break;
      case 'present':
        for (const f of named(seen.object.metadata.name)) f.present(seen.object);
        break;
      case 'deleted':
        for (const f of named(seen.object.metadata.name)) f.deleted(seen.object);
        break;
      case 'absent':
        for (const f of named(seen.name)) f.absent();
        break;
      case 'unobservable':
        this.#unobservable = seen.problem;
        this.#unobservableSeen();
        standing();
        break;
      case 'polling':
      case 'trouble':
        // The server cannot be reached, and a watch cannot say since when: before the first DELETE this must not hold the run.
        break;
    }
  }

  /** Reads why the targets that are still there stay, and tells what is new. Bounded by `timeoutMs`. */
  async diagnose(timeoutMs: number): Promise<void> {
    const staying = this.targets.filter((p) => !p.isGone && p.last.metadata.deletionTimestamp !== undefined);
    if (staying.length === 0) return;
    const targets = staying.map((p): Target => ({ ref: p.planned.target.ref, object: p.last }));
    const given: Given = { targets, now: this.#input.serverNow(), force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
    const limits = { clock: this.#input.clock, timeoutMs, signal: this.#stop.signal };
    const seen = await gather(this.#input.port, [facts.node, facts.finalizers], given, limits);
    for (const [index, followed] of staying.entries()) {
      const target = targets[index];
      if (target === undefined || followed.isGone) continue;
      const held = facts.finalizers.view(target, given, seen);
      const on = isPodKind(target.ref) ? waitingOnPod(target.object, facts.node.view(target, given, seen), held, this.#input.serverNow()) : waitingOnObject(target.object, held);
      const key = JSON.stringify(on.map((w) => [w.kind, w.kind === 'grace' ? '' : w.name, w.kind === 'container' || w.kind === 'grace' ? '' : w.message]));
      if (this.#told.get(followed.uid) === key) continue;
      this.#told.set(followed.uid, key);
      this.#input.emit({ type: 'waiting', at: this.#input.clock.now(), ref: target.ref, on });
    }
  }

  /** Explains at once what only waits for a finalizer, and what is late. */
  async #askWhy(): Promise<void> {
    const { clock } = this.#input;
    let last = -Infinity;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(500, this.#stop.signal);
      const worthAsking = this.targets.some((p) => {
        if (p.isGone || p.mark === null) return false;
        const late = this.#input.serverNow() > Date.parse(p.mark.deadline) + LATE_SECONDS * 1000;
        const held = (p.last.metadata.deletionGracePeriodSeconds ?? 0) === 0 && (p.last.metadata.finalizers ?? []).length > 0;
        return held || late;
      });
      if (!worthAsking || clock.now() - last < DIAGNOSIS_MS || isAborted(this.#stop.signal)) continue;
      last = clock.now();
      await this.diagnose(DIAGNOSIS_READ_MS);
    }
  }

  async #beat(): Promise<void> {
    const { clock, emit } = this.#input;
    while (!this.#stop.signal.aborted) {
      await clock.sleep(HEARTBEAT_MS, this.#stop.signal);
      if (isAborted(this.#stop.signal)) return;
      const names = this.targets.filter((p) => !p.isGone).map((p) => p.planned.target.ref.name);
      if (names.length > 0) emit({ type: 'heartbeat', at: clock.now(), message: `still waiting for ${names.length === 1 ? (names[0] ?? '') : `${names.length} objects`}` });
    }
  }

  /** Ends every stream and timer; resolves when all of them have ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#work);
  }
}
