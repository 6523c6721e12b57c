/** The one fold of a run's events. Every printer and the report itself are made from what it gives; it reads no clock. */
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import type { ConsentGiven, ContainerEnd, Event, Eviction, Outcome, Phase, Replacement, TargetError } from '../events/event.ts';
import { placeOf, type Ref } from '../model/ref.ts';
import { unreachable } from '../model/unreachable.ts';
import type { Millis, SignalName } from '../model/world.ts';
import type { DependentCount, Plan, PlannedTarget } from '../plan/plan.ts';
import type { NotObserved, RunHeader, WireTimelineEntry } from './wire.ts';

/** What is known of one target. */
export interface TargetState {
  readonly ref: Ref;
  /** null for a name that was not found. */
  readonly planned: PlannedTarget | null;
  readonly missing: boolean;
  /** null until an outcome event comes. */
  readonly outcome: Outcome | null;
  readonly error: TargetError | null;
  readonly requestedAt: Millis | null;
  readonly goneAt: Millis | null;
  /** deletionTimestamp as first seen (RFC 3339), and its grace period in seconds. */
  readonly deadline: string | null;
  readonly gracePeriodSeconds: number | null;
  readonly containers: readonly ContainerEnd[];
  readonly timeline: readonly WireTimelineEntry[];
  readonly waitingOn: readonly WaitingOn[];
  readonly replacement: Replacement | null;
  /** As planned; at the end, what of it is still there. */
  readonly dependents: readonly DependentCount[];
  readonly eviction: Eviction | null;
  /** Files of --save. */
  readonly saved: readonly string[];
  readonly notSaved: readonly string[];
  /** When the followed log of a container ended, by its name. */
  readonly logEnds: ReadonlyMap<string, Millis>;
  readonly notObserved: readonly NotObserved[];
}

export interface RunError {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

export interface RunState {
  readonly header: RunHeader;
  readonly plan: Plan | null;
  readonly serverVersion: string | null;
  readonly consent: ConsentGiven | null;
  readonly apiWarnings: readonly string[];
  readonly interrupted: SignalName | 'SIGPIPE' | null;
  readonly error: RunError | null;
  /** In the order of the plan, names that were not found last. */
  readonly targets: readonly TargetState[];
  /** Place of a target in `targets`, by keyOf. */
  readonly index: ReadonlyMap<string, number>;
}

/** What tells one target from another: its uid, or the place of a name that was not found. */
export const keyOf = (ref: Ref): string => ref.uid ?? placeOf(ref);

const untouched = (ref: Ref, planned: PlannedTarget | null): TargetState => ({
  ref,
  planned,
  missing: false,
  outcome: null,
  error: null,
  requestedAt: null,
  goneAt: null,
  deadline: null,
  gracePeriodSeconds: planned?.gracePeriodSeconds ?? null,
  containers: [],
  timeline: [],
  waitingOn: [],
  replacement: null,
  dependents: planned?.dependents ?? [],
  eviction: null,
  saved: [],
  notSaved: [],
  logEnds: new Map(),
  notObserved: [],
});

/** A run of which nothing is known but what was asked for. */
export const emptyRun = (header: RunHeader): RunState => ({
  header,
  plan: null,
  serverVersion: null,
  consent: null,
  apiWarnings: [],
  interrupted: null,
  error: null,
  targets: [],
  index: new Map(),
});

const withTargets = (state: RunState, targets: readonly TargetState[]): RunState => ({
  ...state,
  targets,
  index: new Map(targets.map((target, place) => [keyOf(target.ref), place])),
});

/** A plan may come twice (facts that were too old are read again): what the first one said of a target that stays is replaced. */
const planned = (state: RunState, plan: Plan, serverVersion: string | null): RunState =>
  withTargets({ ...state, plan, serverVersion: serverVersion ?? state.serverVersion }, [
    ...plan.targets.map((t) => untouched(t.target.ref, t)),
    ...plan.missing.map((m) => ({
      ...untouched(m.ref, null),
      missing: true,
      outcome: 'not-found' as const,
      error: { httpStatus: 404, reason: 'NotFound', message: m.message },
    })),
  ]);

const change = (state: RunState, ref: Ref, changed: (target: TargetState) => TargetState): RunState => {
  const place = state.index.get(keyOf(ref));
  const before = place === undefined ? undefined : state.targets[place];
  if (place === undefined || before === undefined) return withTargets(state, [...state.targets, changed(untouched(ref, null))]);
  const after = changed(before);
  return after === before ? state : { ...state, targets: state.targets.with(place, after) };
};

const isoTime = (at: Millis): string => new Date(at).toISOString();

/** Phases that come once for every container or Service; their messages name it. */
const REPEATED: ReadonlySet<Phase> = new Set<Phase>(['log-ended', 'not-ready-in-endpoints', 'removed-from-endpoints', 'pre-stop', 'term-signal']);

/** A phase is kept once for each kind of evidence; a watch that resumes may show it again. */
const withPhase = (target: TargetState, event: Extract<Event, { type: 'phase' }>): TargetState => {
  const isSame = (entry: WireTimelineEntry): boolean =>
    entry.phase === event.phase && entry.evidence === event.evidence && (!REPEATED.has(event.phase) || entry.message === event.message);
  if (target.timeline.some(isSame)) return target;
  const entry: WireTimelineEntry = { at: isoTime(event.at), phase: event.phase, evidence: event.evidence, message: event.message, ...(event.container === undefined ? {} : { container: event.container }) };
  const timeline = [...target.timeline, entry].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  const gone = event.phase === 'gone' && event.evidence === 'observed';
  const logEnds = event.phase === 'log-ended' && event.container !== undefined ? new Map([...target.logEnds, [event.container, event.at]]) : target.logEnds;
  return { ...target, timeline, logEnds, goneAt: gone ? event.at : target.goneAt, waitingOn: gone ? [] : target.waitingOn };
};

const withContainer = (target: TargetState, container: ContainerEnd): TargetState => {
  const place = target.containers.findIndex((c) => c.name === container.name && c.type === container.type);
  return { ...target, containers: place < 0 ? [...target.containers, container] : target.containers.with(place, container) };
};

/** An eviction that was refused requested nothing: the object stays as it was. */
const withEviction = (target: TargetState, event: Extract<Event, { type: 'eviction' }>): TargetState => ({
  ...target,
  eviction: event.eviction,
  requestedAt: event.refused && target.deadline === null ? null : target.requestedAt,
});

/** The first outcome holds: what a dry run's probe was denied is not undone by what the plan would have allowed. */
const withOutcome = (target: TargetState, event: Extract<Event, { type: 'outcome' }>): TargetState => {
  if (target.outcome !== null) return target;
  const deleted = event.outcome === 'deleted';
  // The precondition or the server refused it: nothing was requested of the cluster after all.
  const status = event.error?.httpStatus ?? 0;
  const refused = event.outcome === 'replaced' || event.outcome === 'evict-refused' || (event.outcome === 'failed' && status >= 400 && status < 500 && target.deadline === null);
  return {
    ...target,
    requestedAt: refused ? null : target.requestedAt,
    outcome: event.outcome,
    error: event.error ?? target.error,
    goneAt: deleted ? (target.goneAt ?? event.at) : target.goneAt,
    waitingOn: deleted ? [] : target.waitingOn,
  };
};

/** The run after one more event. The state that it was given is not changed; it is the same object when the event says nothing new. */
export const step = (state: RunState, event: Event): RunState => {
  switch (event.type) {
    case 'plan':
      return planned(state, event.plan, event.serverVersion);
    case 'consent':
      return { ...state, consent: event.consent };
    case 'requested':
      return change(state, event.ref, (t) => ({ ...t, requestedAt: t.requestedAt ?? event.at }));
    case 'deadline':
      // The values as first seen hold: the kubelet's own last DELETE sets them to zero.
      return change(state, event.ref, (t) => (t.deadline === null ? { ...t, deadline: event.deadline, gracePeriodSeconds: event.gracePeriodSeconds } : t));
    case 'phase':
      return change(state, event.ref, (t) => withPhase(t, event));
    case 'container':
      return change(state, event.ref, (t) => withContainer(t, event.container));
    case 'waiting':
      return change(state, event.ref, (t) => ({ ...t, waitingOn: event.on }));
    case 'replacement':
      return change(state, event.ref, (t) => ({ ...t, replacement: event.replacement }));
    case 'dependents':
      return change(state, event.ref, (t) => ({ ...t, dependents: event.dependents }));
    case 'eviction':
      return change(state, event.ref, (t) => withEviction(t, event));
    case 'saved':
      return change(state, event.ref, (t) => ({ ...t, saved: event.paths, notSaved: event.notSaved }));
    case 'outcome':
      return change(state, event.ref, (t) => withOutcome(t, event));
    case 'api-warning':
      return state.apiWarnings.includes(event.text) ? state : { ...state, apiWarnings: [...state.apiWarnings, event.text] };
    case 'interrupted':
      return { ...state, interrupted: state.interrupted ?? event.signal };
    case 'error':
      return { ...state, error: state.error ?? { code: event.code, message: event.message, remedy: event.remedy } };
    case 'not-observed':
      return change(state, event.ref, (t) =>
        t.notObserved.some((n) => n.lane === event.lane) ? t : { ...t, notObserved: [...t.notObserved, { lane: event.lane, message: event.message }] },
      );
    case 'heartbeat':
    case 'log':
      return state;
    default:
      return unreachable(event);
  }
};
