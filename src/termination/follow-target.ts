/** One target on its way out: turns what the watch shows of it into events, until that uid is gone. Pods have containers besides. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import type { ContainerEnd, Event, Phase, TargetError } from '../events/event.ts';
import { allContainersEnded, isPodKind } from '../model/pod.ts';
import type { PlannedTarget } from '../plan/plan.ts';
import type { KubeObject, Pod } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';
import { containerEnds, needsKillingTimes } from './container-ends.ts';
import { killingTimes } from './killing.ts';
import { findReplacement, replacementEvents, replacementOf } from './replacement.ts';
import type { Expectation } from './replacement.ts';
import { atStart, goneText, step, stepObject } from './status.ts';
import type { Mark, Progress } from './status.ts';

export interface FollowLimits {
  readonly clock: Clock;
  /** The API server's time now. */
  readonly serverNow: () => number;
  readonly signal: AbortSignal;
}

/** A StatefulSet's controller needs a moment after the object is gone; a ReplicaSet's has acted when the pod was marked. */
const SUCCESSOR_WAIT_MS = 1500;
const REPLACEMENT_TRIES = 4;
const REPLACEMENT_PAUSE_MS = 120;
const KILLING_WAIT_MS = 1000;

export class FollowedTarget {
  readonly planned: PlannedTarget;
  readonly #reader: Pick<ClusterPort, 'list'>;
  readonly #limits: FollowLimits;
  readonly #emit: (event: Event) => void;
  readonly #expected: Expectation | null;
  readonly #taken: Set<string>;
  #progress: Progress = atStart;
  #last: KubeObject;
  #containers: readonly ContainerEnd[] = [];
  #killing: Promise<ReadonlyMap<string, number>> | null = null;
  #replacement: KubeObject | null = null;
  #successor: KubeObject | null = null;
  #successorSeen: (() => void) | null = null;
  /** As the answer to the DELETE showed it: what had ended by then. */
  #atRequest: KubeObject | null = null;
  #sentAt: number | null = null;
  readonly #logEnds = new Map<string, number>();
  readonly #early: Parameters<FollowedTarget['phase']>[] = [];
  /** Called once, when the ends of all containers are reported, or the object is gone. */
  onContainersEnded: () => void = () => undefined;
  #ended = false;
  #end: (() => void) | null = null;
  /** Resolves when the uid is gone and everything about its end has been told. */
  readonly done: Promise<void>;

  constructor(planned: PlannedTarget, reader: Pick<ClusterPort, 'list'>, expected: Expectation | null, taken: Set<string>, limits: FollowLimits, emit: (event: Event) => void) {
    this.planned = planned;
    this.#reader = reader;
    this.#expected = expected;
    this.#taken = taken;
    this.#limits = limits;
    this.#emit = emit;
    this.#last = planned.target.object;
    this.done = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get uid(): string {
    return this.planned.target.ref.uid;
  }

  /** The uid is known to be gone (its last words may still be on the way: await done). */
  get isGone(): boolean {
    return this.#ended;
  }

  /** Another object was seen under its name. */
  get hasSuccessor(): boolean {
    return this.#successor !== null;
  }

  /** What has come after it, as it was first seen. */
  get replacement(): KubeObject | null {
    return this.#replacement;
  }

  get last(): KubeObject {
    return this.#last;
  }

  get mark(): Mark | null {
    return this.#progress.mark;
  }

  phase(phase: Phase, evidence: 'observed' | 'estimated', message: string, container?: string): void {
    this.#emit({ type: 'phase', at: this.#limits.clock.now(), ref: this.planned.target.ref, phase, evidence, message, ...(container === undefined ? {} : { container }) });
  }

  /** What another stream than the target's own shows. It may show the consequence a moment before the mark itself is seen: then it is told after that. */
  consequence(phase: Phase, evidence: 'observed' | 'estimated', message: string, container?: string): void {
    if (this.mark === null && !this.#ended) this.#early.push([phase, evidence, message, container]);
    else this.phase(phase, evidence, message, container);
  }

  #tellEarly(): void {
    for (const early of this.#early.splice(0)) this.phase(...early);
  }

  /** Its DELETE is about to be sent. */
  requested(): void {
    this.#sentAt ??= this.#limits.clock.now();
  }

  /** The object in the answer to its DELETE, the closest look at what ran then. */
  answered(object: KubeObject): void {
    if (object.metadata.uid !== this.uid || this.#atRequest !== null) return;
    this.#atRequest = object;
    if (this.#containers.length > 0 && this.#pod !== null) void this.#tellContainers(this.#pod);
  }

  /** Its DELETE was sent, or nobody sends one: it was marked before. */
  get wasRequested(): boolean {
    return this.#sentAt !== null || this.mark !== null;
  }

  /** Milliseconds from the request to a local time: by the mark, whose times have a resolution of a second, where this run did not send it. */
  sinceRequest(at: number): number | null {
    if (this.#sentAt !== null) return at - this.#sentAt;
    return this.mark === null ? null : this.#limits.serverNow() - this.#limits.clock.now() + at - this.mark.requestedAt;
  }

  /** `, 2.0 s after the request`; nothing where that is not known. */
  afterRequest(at: number): string {
    const passed = this.sinceRequest(at);
    return passed === null || passed < 0 ? '' : `, ${(passed / 1000).toFixed(1)} s after the request`;
  }

  /** The end of a container that its log showed. Once its status has told the end, a log that ends later says nothing. */
  logEnded(container: string, at: number): void {
    if (this.#logEnds.has(container) || !this.wasRequested || this.#containers.some((c) => c.name === container && c.finishedAt !== null)) return;
    this.#logEnds.set(container, at);
    this.#emit({ type: 'phase', at, ref: this.planned.target.ref, phase: 'log-ended', evidence: 'observed', message: `log of ${container} ended${this.afterRequest(at)}`, container });
  }

  /** The containers whose log has ended. */
  get endedByLog(): ReadonlySet<string> {
    return new Set(this.#logEnds.keys());
  }

  /** A state of some object under the target's name. */
  present(object: KubeObject): void {
    if (object.metadata.uid !== this.uid) {
      this.#successor = object;
      this.#successorSeen?.();
      // A successor under the same name proves that the original is gone, whatever events were missed.
      void this.#finish(null);
      return;
    }
    if (this.#ended) return;
    this.#see(object);
  }

  /** A DELETED event; it carries the last state once more. */
  deleted(object: KubeObject): void {
    if (object.metadata.uid === this.uid) void this.#finish(object);
  }

  /** A read found nothing under the name. */
  absent(): void {
    void this.#finish(null);
  }

  get #pod(): Pod | null {
    return isPodKind(this.planned.target.ref) ? (this.#last) : null;
  }

  #see(object: KubeObject): void {
    this.#last = object;
    const pod = this.#pod;
    const { progress, phases, markIsNew } = pod === null ? stepObject(this.#progress, object) : step(this.#progress, pod);
    this.#progress = progress;
    const at = this.#limits.clock.now();
    if (markIsNew && progress.mark !== null) {
      const { deadline, gracePeriodSeconds } = progress.mark;
      this.#emit({ type: 'deadline', at, ref: this.planned.target.ref, deadline, gracePeriodSeconds });
    }
    for (const p of phases) this.phase(p.phase, p.evidence, p.message);
    if (progress.mark !== null) this.#tellEarly();
    if (pod !== null && progress.mark !== null && allContainersEnded(pod)) {
      this.onContainersEnded();
      if (this.#killing === null && needsKillingTimes(pod)) this.#killing = killingTimes(this.#reader, this.planned.target.ref, this.#limits.signal);
      void this.#tellContainers(pod);
      if (phases.some((p) => p.phase === 'containers-exited')) void this.#lookForReplacement();
    }
  }

  async #killingTimes(pod: Pod): Promise<ReadonlyMap<string, number>> {
    if (!needsKillingTimes(pod)) return new Map();
    this.#killing ??= killingTimes(this.#reader, this.planned.target.ref, this.#limits.signal);
    const patience = new AbortController();
    const times = await Promise.race([this.#killing, this.#limits.clock.sleep(KILLING_WAIT_MS, patience.signal).then(() => new Map<string, number>())]);
    patience.abort();
    return times;
  }

  async #tellContainers(last: Pod): Promise<void> {
    const killingAt = await this.#killingTimes(last);
    const mark = this.#progress.mark;
    const before = (this.#atRequest ?? this.planned.target.object) as Pod;
    const ends = containerEnds({ before, last, gracePeriodSeconds: mark?.gracePeriodSeconds ?? null, requestedAt: mark?.requestedAt ?? null, killingAt, logEndedAt: this.#logEnds });
    const told = new Map(this.#containers.map((c) => [c.name, JSON.stringify(c)]));
    this.#containers = ends;
    for (const container of ends) {
      if (told.get(container.name) !== JSON.stringify(container)) this.#emit({ type: 'container', at: this.#limits.clock.now(), ref: this.planned.target.ref, container });
    }
  }

  async #finish(lastObject: KubeObject | null): Promise<void> {
    if (this.#ended) return;
    this.#ended = true;
    const goneAt = this.#limits.clock.now();
    if (lastObject !== null) this.#see(lastObject);
    this.onContainersEnded();
    this.#tellEarly();
    this.#emit({ type: 'phase', at: goneAt, ref: this.planned.target.ref, phase: 'gone', evidence: 'observed', message: goneText(this.#last, this.#pod !== null) });
    if (this.#pod !== null) await this.#tellContainers(this.#pod);
    await this.#awaitReplacement();
    this.#end?.();
  }

  /** Once: looks may overlap. */
  #tellReplacement(object: KubeObject): void {
    if (this.#replacement !== null) return;
    this.#taken.add(object.metadata.uid);
    const { ref } = this.planned.target;
    for (const event of replacementEvents(ref, replacementOf(object, ref), this.#limits.clock.now())) this.#emit(event);
    this.#replacement = object;
  }

  async #lookForReplacement(): Promise<void> {
    const expected = this.#expected;
    if (expected === null || expected.sameName || this.#replacement !== null) return;
    const pod = await findReplacement(this.#reader, this.planned.target.ref.namespace, expected, this.#taken, this.#progress.mark?.requestedAt ?? null, this.#limits.signal);
    if (pod !== null && !this.#taken.has(pod.metadata.uid)) this.#tellReplacement(pod);
  }

  async #awaitReplacement(): Promise<void> {
    const expected = this.#expected;
    if (expected === null) return;
    if (!expected.sameName) {
      for (let tries = 0; tries < REPLACEMENT_TRIES && this.#replacement === null && !this.#limits.signal.aborted; tries += 1) {
        if (tries > 0) await this.#limits.clock.sleep(REPLACEMENT_PAUSE_MS, this.#limits.signal);
        await this.#lookForReplacement();
      }
      return;
    }
    if (this.#successor === null) {
      const patience = new AbortController();
      const seen = new Promise<void>((resolve) => {
        this.#successorSeen = resolve;
      });
      await Promise.race([seen, this.#limits.clock.sleep(SUCCESSOR_WAIT_MS, AbortSignal.any([patience.signal, this.#limits.signal]))]);
      patience.abort();
    }
    const successor: KubeObject | null = this.#successor;
    if (successor !== null) this.#tellReplacement(successor);
  }
}

/** The error of a target whose end cannot be observed. */
export const errorOf = (problem: Problem): TargetError => {
  switch (problem.kind) {
    case 'status':
      return { httpStatus: problem.httpStatus, reason: problem.reason, message: problem.message };
    case 'not-kubernetes':
      return { httpStatus: problem.httpStatus, reason: null, message: problem.message };
    case 'unreachable':
    case 'timed-out':
    case 'credentials':
      return { httpStatus: null, reason: null, message: problem.message };
    case 'aborted':
      return { httpStatus: null, reason: null, message: 'interrupted' };
  }
};
