/** Watches the targets of a run and asks now and then why those that stay are still there. */
import type { Problem } from '../cluster/port.ts';
import type { Looked } from '../facts/want.ts';
import { isAborted } from '../model/abort.ts';
import type { KubeObject } from '../model/wire.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import { FollowedTarget } from '../termination/follow-target.ts';
import type { Expectation } from '../termination/replacement.ts';
import { sharedLists } from '../termination/shared-lists.ts';
import { watchObjects } from '../termination/watch-objects.ts';
import type { Seen, WatchScope } from '../termination/watch-objects.ts';
import { Reasons } from './ask-why.ts';
import type { AskInput } from './ask-why.ts';
import { Lanes } from './lanes.ts';

const HEARTBEAT_MS = 30_000;

export interface FollowInput extends AskInput {
  /** --logs. */
  readonly logs: boolean;
  /** What the checks read of the EndpointSlices, by namespace. */
  readonly slices: ReadonlyMap<string, Looked<readonly KubeObject[]>>;
}

/** A single name is selected by field; of several, those that are still there are looked for. */
const scopeOf = (followed: readonly FollowedTarget[]): WatchScope => {
  const ref = followed[0]?.planned.target.ref;
  if (ref === undefined) throw new Error('nothing to follow');
  const names = (): readonly string[] => followed.filter((f) => followed.length === 1 || !f.isGone).map((f) => f.planned.target.ref.name);
  return { group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, names };
};

/** Two uids may have had one name. */
const byName = (followed: readonly FollowedTarget[]): ((name: string) => readonly FollowedTarget[]) => {
  const names = new Map<string, FollowedTarget[]>();
  for (const f of followed) {
    const { name } = f.planned.target.ref;
    const same = names.get(name);
    if (same === undefined) names.set(name, [f]);
    else same.push(f);
  }
  return (name) => names.get(name) ?? [];
};

export class Following {
  readonly targets: readonly FollowedTarget[];
  /** Uids of what is known as the replacement of a target: no two targets have the same one. */
  readonly taken = new Set<string>();
  readonly #input: FollowInput;
  readonly #stop = new AbortController();
  readonly #work: Promise<unknown>[] = [];
  readonly #reasons: Reasons;
  readonly #lanes: Lanes;
  #unobservable: Problem | null = null;
  #unobservableSeen: () => void = () => undefined;
  /** Every watch stands: what happens from now on is seen. Also when none can stand and it is polled. */
  readonly standing: Promise<void>;
  /** The first refusal to read that lasts; pending while everything can be observed. */
  readonly shutOut: Promise<void>;

  constructor(targets: readonly PlannedTarget[], expectations: ReadonlyMap<string, Expectation>, input: FollowInput) {
    this.#input = input;
    const limits = { clock: input.clock, serverNow: input.serverNow, signal: this.#stop.signal };
    const { taken } = this;
    const reader = sharedLists(input.port, input.clock);
    this.targets = targets.map((t) => new FollowedTarget(t, reader, expectations.get(t.target.ref.uid) ?? null, taken, limits, input.emit));
    this.shutOut = new Promise((resolve) => {
      this.#unobservableSeen = resolve;
    });
    // One watch for each kind and namespace, not for each object.
    const collections = new Map<string, FollowedTarget[]>();
    for (const followed of this.targets) {
      const { group, resource, namespace } = followed.planned.target.ref;
      const place = `${group}/${resource}/${namespace ?? ''}`;
      const here = collections.get(place);
      if (here === undefined) collections.set(place, [followed]);
      else here.push(followed);
    }
    const stands = [...collections.values()].map(
      async (followed) =>
        await new Promise<void>((resolve) => {
          const scope = scopeOf(followed);
          const named = byName(followed);
          const tell = (seen: Seen): void => {
            this.#tell(seen, named, resolve);
          };
          this.#work.push(watchObjects(input.port, scope, limits, tell).finally(resolve));
        }),
    );
    this.standing = Promise.all(stands).then(() => undefined);
    this.#reasons = new Reasons(this.targets, input, this.#stop.signal);
    this.#work.push(this.#reasons.keepAsking(), this.#beat());
    this.#lanes = new Lanes(this.targets, { ...input, signal: this.#stop.signal });
  }

  get unobservable(): Problem | null {
    return this.#unobservable;
  }

  #tell(seen: Seen, named: (name: string) => readonly FollowedTarget[], standing: () => void): void {
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
    await this.#reasons.diagnose(timeoutMs);
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

  /** With --logs: what the containers wrote last, which may come a moment after their end. */
  async lastLines(): Promise<void> {
    await this.#lanes.lastLines();
  }

  /** Ends every stream and timer; resolves when all of them have ended. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all([...this.#work, this.#lanes.stopped()]);
  }
}
