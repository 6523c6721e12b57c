/**
 * What is looked at beside the targets themselves while pods stop: EndpointSlices, the kubelet's Events, and the ends of logs. Opened together
 * with the watch and never waited for: a lane that cannot be had is said, and nothing else changes.
 */
import type { ClusterPort, ResourcePath } from '../cluster/port.ts';
import { endpointSliceKind } from '../discovery/built-in.ts';
import type { Event, Lane } from '../events/event.ts';
import type { Looked } from '../facts/want.ts';
import { isFinished, isPodKind } from '../model/pod.ts';
import { stopOf } from '../model/stop.ts';
import type { ClusterEvent, KubeObject, Pod } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';
import { followCollection } from '../termination/collection.ts';
import type { CollectionScope } from '../termination/collection.ts';
import { endpointsOf, servicesOf, trafficChanges } from '../termination/endpoints.ts';
import type { Endpoints } from '../termination/endpoints.ts';
import { errorOf } from '../termination/follow-target.ts';
import type { FollowedTarget } from '../termination/follow-target.ts';
import { LogFollowing } from '../termination/log-ends.ts';
import { signalsAfterHooks } from '../termination/status.ts';

export interface LanesInput {
  readonly port: ClusterPort;
  readonly clock: Clock;
  readonly emit: (event: Event) => void;
  readonly serverNow: () => number;
  readonly signal: AbortSignal;
  /** --logs: the lines are wanted, not only their end. */
  readonly logs: boolean;
  /** What the checks read of the EndpointSlices, by namespace. */
  readonly slices: ReadonlyMap<string, Looked<readonly KubeObject[]>>;
}

/** All in all: each is a connection of its own. */
const MOST_LOGS = 32;
/** More Services than this are not named in a selector: then the whole namespace is watched. */
const NAMED_SERVICES = 50;
/** Only where there are hooks. */
const HOOK_TICK_MS = 100;
/** --logs: of a container that writes more than this in a second the rest of it is left out. */
const LINES_A_SECOND = 2000;
/** --logs: how long the last lines may take when the pod is gone. The kubelet ends a log within a second of its process. */
const LAST_LINES_MS = 1200;

const podOf = (f: FollowedTarget): Pod => f.last;

/** Puts what a slice collection shows together, and tells what changes for the targets. */
class Traffic {
  readonly #targets: ReadonlyMap<string, FollowedTarget>;
  readonly #clock: Clock;
  readonly #slices = new Map<string, KubeObject>();
  #before: Endpoints;

  constructor(targets: readonly FollowedTarget[], clock: Clock, known: readonly KubeObject[]) {
    this.#targets = new Map(targets.map((f) => [f.uid, f]));
    this.#clock = clock;
    this.#before = endpointsOf(known);
  }

  /** The present state; false when none of the targets is in it, nor was. */
  all(slices: readonly KubeObject[]): boolean {
    this.#slices.clear();
    for (const slice of slices) this.#slices.set(slice.metadata.uid, slice);
    const uids = new Set(this.#targets.keys());
    const now = endpointsOf(this.#slices.values());
    // What changed before a DELETE was sent did not come of it.
    if (![...this.#targets.values()].some((f) => f.wasRequested)) this.#before = now;
    this.#tell(now);
    return servicesOf(this.#before, uids).length > 0;
  }

  changed(slice: KubeObject, deleted: boolean): void {
    if (deleted) this.#slices.delete(slice.metadata.uid);
    else this.#slices.set(slice.metadata.uid, slice);
    this.#tell(endpointsOf(this.#slices.values()));
  }

  #tell(now: Endpoints): void {
    const asked = new Set([...this.#targets.values()].filter((f) => f.wasRequested).map((f) => f.uid));
    const at = this.#clock.now();
    for (const { uid, service, phase } of trafficChanges(this.#before, now, asked)) {
      const target = this.#targets.get(uid);
      const what = phase === 'removed-from-endpoints' ? `removed from the endpoints of ${service}` : `not ready in the endpoints of ${service} any more`;
      target?.consequence(phase, 'observed', `${what}${target.afterRequest(at)}`);
    }
    this.#before = now;
  }
}

export class Lanes {
  readonly #input: LanesInput;
  readonly #work: Promise<unknown>[] = [];
  readonly #logs: Promise<unknown>[] = [];
  readonly #stopping = new Set<string>();
  readonly #failedHooks = new Map<string, Set<string>>();

  constructor(targets: readonly FollowedTarget[], input: LanesInput) {
    this.#input = input;
    const pods = targets.filter((f) => isPodKind(f.planned.target.ref));
    const namespaces = new Map<string, FollowedTarget[]>();
    for (const f of pods) {
      const namespace = f.planned.target.ref.namespace ?? '';
      namespaces.set(namespace, [...(namespaces.get(namespace) ?? []), f]);
    }
    for (const [namespace, inIt] of namespaces) {
      this.#work.push(this.#followTraffic(namespace, inIt), this.#followEvents(namespace, inIt));
    }
    this.#openLogs(pods);
    const hooked = pods.filter((f) => stopOf(podOf(f)).first.some((c) => c.hook !== null && c.running));
    if (hooked.length > 0) this.#work.push(this.#watchHooks(hooked));
  }

  #limits(): { readonly clock: Clock; readonly signal: AbortSignal } {
    return { clock: this.#input.clock, signal: this.#input.signal };
  }

  #notObserved(f: FollowedTarget, lane: Lane, message: string): void {
    this.#input.emit({ type: 'not-observed', at: this.#input.clock.now(), ref: f.planned.target.ref, lane, message });
  }

  async #followTraffic(namespace: string, targets: readonly FollowedTarget[]): Promise<void> {
    const known = this.#input.slices.get(namespace) ?? { state: 'not-asked' };
    // A pod without an address is in no slice, and one that has finished has left them.
    const routable = targets.filter((f) => podOf(f).status?.podIP !== undefined && !isFinished(podOf(f)));
    if (routable.length === 0 || known.state === 'absent') return;
    const tellAll = (why: string): void => {
      for (const f of routable) this.#notObserved(f, 'traffic', `whether Services still send it traffic could not be observed: ${why}`);
    };
    if (known.state === 'unread') {
      tellAll(known.unread.why);
      return;
    }
    const slices = known.state === 'found' ? known.value : [];
    const services = servicesOf(endpointsOf(slices), new Set(routable.map((f) => f.uid)));
    if (known.state === 'found' && services.length === 0) return;
    const { group, version, resource } = endpointSliceKind;
    const at: ResourcePath = { group, version, resource, namespace, name: null };
    const named = services.length > 0 && services.length <= NAMED_SERVICES;
    const scope: CollectionScope = named ? { at, labelSelector: `kubernetes.io/service-name in (${services.join(',')})` } : { at };
    const traffic = new Traffic(routable, this.#input.clock, slices);
    await followCollection(this.#input.port, scope, this.#limits(), {
      listed: (items) => traffic.all(items),
      changed: (object, deleted) => {
        traffic.changed(object, deleted);
      },
      denied: (verb, problem) => {
        tellAll(`may not ${verb} endpointslices: ${errorOf(problem).message}`);
      },
    });
  }

  /** Events are best effort: what they show is a fact, and that they do not show something means nothing. */
  async #followEvents(namespace: string, targets: readonly FollowedTarget[]): Promise<void> {
    const byUid = new Map(targets.map((f) => [f.uid, f]));
    const [only] = targets;
    const fieldSelector = targets.length === 1 && only !== undefined ? `involvedObject.uid=${only.uid}` : 'involvedObject.kind=Pod';
    const at: ResourcePath = { group: '', version: 'v1', resource: 'events', namespace, name: null };
    await followCollection(this.#input.port, { at, fieldSelector, newOnly: true }, this.#limits(), {
      listed: () => true,
      changed: (object, deleted) => {
        const event = object as ClusterEvent;
        const target = byUid.get(event.involvedObject.uid ?? '');
        if (!deleted && target?.wasRequested === true) this.#hear(target, event);
      },
      denied: () => undefined,
    });
  }

  #hear(target: FollowedTarget, event: ClusterEvent): void {
    const container = /\{(.+)\}$/u.exec(event.involvedObject.fieldPath ?? '')?.[1] ?? null;
    // Probes kill with other words.
    if (event.reason === 'Killing' && (event.message ?? '').startsWith('Stopping container')) {
      if (!this.#stopping.has(target.uid)) target.consequence('stopping', 'observed', 'the kubelet has begun to stop its containers');
      this.#stopping.add(target.uid);
    }
    if (event.reason === 'FailedPreStopHook' && container !== null) {
      const failed = this.#failedHooks.get(target.uid) ?? new Set<string>();
      if (!failed.has(container)) target.consequence('pre-stop', 'observed', `the preStop hook of ${container} failed (FailedPreStopHook): its signal follows at once`, container);
      this.#failedHooks.set(target.uid, failed.add(container));
    }
  }

  async #watchHooks(targets: readonly FollowedTarget[]): Promise<void> {
    const { clock, signal } = this.#input;
    const told = new Set<string>();
    while (!signal.aborted) {
      await clock.sleep(HOOK_TICK_MS, signal);
      for (const f of targets) {
        if (f.isGone || f.mark === null) continue;
        for (const { phase, evidence, message, container = '' } of signalsAfterHooks(podOf(f), f.mark, this.#failedHooks.get(f.uid) ?? new Set(), f.endedByLog, (f.sinceRequest(clock.now()) ?? 0) / 1000)) {
          const key = `${f.uid} ${container}`;
          if (!told.has(key)) f.phase(phase, evidence, message, container);
          told.add(key);
        }
      }
      if (targets.every((f) => f.isGone)) return;
    }
  }

  #openLogs(pods: readonly FollowedTarget[]): void {
    const running = pods.flatMap((f) => {
      const { first, last } = stopOf(podOf(f));
      const containers = [...first, ...last].filter((c) => c.running).map((c) => c.name);
      // The end of a pod's only container is the pod's: its status tells it.
      return containers.length > 1 || this.#input.logs ? containers.map((container) => ({ f, container })) : [];
    });
    const open = running.slice(0, MOST_LOGS);
    const left = new Set(running.slice(MOST_LOGS).map(({ f }) => f));
    for (const f of left) this.#notObserved(f, 'logs', `of ${running.length} containers only the logs of ${MOST_LOGS} are followed`);
    const denied = new Map<string, AbortController>();
    for (const { f, container } of open) {
      const { ref } = f.planned.target;
      const refusal = denied.get(ref.namespace ?? '') ?? new AbortController();
      denied.set(ref.namespace ?? '', refusal);
      const flood = { second: 0, lines: 0 };
      const line = (text: string): void => {
        const now = this.#input.clock.now();
        if (!f.wasRequested) return;
        const second = Math.floor(now / 1000);
        if (flood.second !== second) Object.assign(flood, { second, lines: 0 });
        flood.lines += 1;
        if (flood.lines <= LINES_A_SECOND) this.#input.emit({ type: 'log', at: now, ref, container, line: text });
        else this.#notObserved(f, 'logs', `of ${container} no more than ${LINES_A_SECOND} lines a second are shown`);
      };
      const following = new LogFollowing(
        this.#input.port,
        { ref, container },
        { clock: this.#input.clock, signal: AbortSignal.any([this.#input.signal, refusal.signal]), lines: this.#input.logs },
        {
          ended: (at) => {
            f.logEnded(container, at);
          },
          line,
          denied: (problem) => {
            // 403 holds for every container there; anything else may be about this one.
            if (problem.kind === 'status' && problem.httpStatus === 403) refusal.abort();
            this.#notObserved(f, 'logs', `the end of a single container could not be observed: ${errorOf(problem).message}`);
          },
        },
      );
      const settleBefore = f.onContainersEnded;
      f.onContainersEnded = (): void => {
        settleBefore();
        following.settle();
      };
      this.#logs.push(following.run());
    }
  }

  /** With --logs the last words of a process that has ended are waited for, a moment. */
  async lastLines(): Promise<void> {
    if (!this.#input.logs || this.#input.signal.aborted) return;
    const enough = new AbortController();
    await Promise.race([Promise.all(this.#logs), this.#input.clock.sleep(LAST_LINES_MS, AbortSignal.any([enough.signal, this.#input.signal]))]);
    enough.abort();
  }

  /** Resolves when all has ended, after the signal was aborted. */
  async stopped(): Promise<void> {
    await Promise.all([...this.#work, ...this.#logs]);
  }
}
