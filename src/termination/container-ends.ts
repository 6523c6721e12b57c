/**
 * How each container ended, by what the cluster reported and nothing else (docs/reference/termination.md 1.4, 3.1, 3.3). The kubelet never
 * fills `terminated.signal`; a signal exists only as 128 + n in the code. A code that was not reported is null.
 */
import type { ContainerEnd, ContainerVerdict } from '../events/event.ts';
import type { ContainerStatus, Pod } from '../model/wire.ts';
import { signalNumber, signalOf } from './signals.ts';

type Terminated = NonNullable<NonNullable<ContainerStatus['state']>['terminated']>;

export interface EndingContext {
  /** The pod as the answer to the DELETE showed it, else as the plan read it: what had ended by then. */
  readonly before: Pod;
  /** The last state that the API showed, the DELETED event's object included. */
  readonly last: Pod;
  /** Grace period as first seen with the deletion mark; null: removed without one, or not seen. */
  readonly gracePeriodSeconds: number | null;
  /** When the deletion was requested, by the API server's clock (deletionTimestamp - grace); null when no mark was seen. */
  readonly requestedAt: number | null;
  /** Killing events by container name, from the kubelet: the node's own clock, like finishedAt. */
  readonly killingAt: ReadonlyMap<string, number>;
  /** When the followed log of a container ended, local time. */
  readonly logEndedAt?: ReadonlyMap<string, number>;
}

interface Declared {
  readonly name: string;
  readonly type: ContainerEnd['type'];
  readonly specStopSignal: string | undefined;
  readonly hasPreStop: boolean;
}

interface SpecContainer {
  readonly name: string;
  readonly lifecycle?: { readonly stopSignal?: string; readonly preStop?: unknown };
}

const declared = (c: SpecContainer, type: ContainerEnd['type']): Declared => ({ name: c.name, type, specStopSignal: c.lifecycle?.stopSignal, hasPreStop: c.lifecycle?.preStop !== undefined });

const declaredIn = (pod: Pod): readonly Declared[] => [
  ...(pod.spec?.initContainers ?? []).map((c) => declared(c, c.restartPolicy === 'Always' ? 'sidecar' : 'init')),
  ...(pod.spec?.containers ?? []).map((c) => declared(c, 'app')),
  ...(pod.spec?.ephemeralContainers ?? []).map((c) => declared(c, 'ephemeral')),
];

const statusesOf = (pod: Pod): ReadonlyMap<string, ContainerStatus> =>
  new Map(
    [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? [])].map((s) => [s.name, s]),
  );

/** Reasons that come with a made-up 137: the kubelet does not know the end (kubernetes 104107, 120168; KEP-5532). */
const madeUp = new Set(['ContainerStatusUnknown', 'RestartingAllContainers']);

/** The kubelet's placeholder for a container whose end it does not know. Its zero times come as null, or as the year 1. */
const isPlaceholder = (t: Terminated): boolean => madeUp.has(t.reason ?? '') || !(Date.parse(t.finishedAt ?? '') > 0) || (t.containerID ?? '') === '';

interface Judged {
  readonly verdict: ContainerVerdict;
  readonly meaning: string;
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`;

/** The honest rule for 137 with reason Error (docs/reference/termination.md 3.3): only times of one clock are compared. */
const killed = (name: string, hasPreStop: boolean, t: Terminated, context: EndingContext): Judged => {
  const grace = context.gracePeriodSeconds;
  const killing = context.killingAt.get(name);
  const from = killing ?? context.requestedAt;
  // Without a Killing event, a grace period of 0 is the kubelet's own last DELETE or a forced one: the request's time is after the stop.
  if (grace === null || from === null || (grace === 0 && killing === undefined)) return { verdict: 'killed', meaning: 'killed by SIGKILL; when the stop began is not known' };
  const after = Date.parse(t.finishedAt ?? '') - from;
  const clock = killing === undefined ? ' (since the request, by the API server\'s clock)' : '';
  if (after >= (grace - 1) * 1000) {
    const hook = hasPreStop ? ', which its preStop hook shares' : '';
    return { verdict: 'killed-after-grace-period', meaning: `did not end within its ${grace} s${hook}: killed by SIGKILL after ${seconds(after)}${clock}` };
  }
  return { verdict: 'killed-early', meaning: `killed by SIGKILL after ${seconds(after)} of ${grace} s${clock}: not by the grace period` };
};

const couldNotRun = (t: Terminated): boolean => t.reason === 'StartError' || t.reason === 'ContainerCannotRun';
const startFailed: Judged = { verdict: 'start-failed', meaning: 'never started: the runtime could not run it' };

const judge = (container: Declared, stopSignal: string, t: Terminated, endedBefore: boolean, context: EndingContext): Judged => {
  const { exitCode } = t;
  const memory = t.reason === 'OOMKilled' ? '; a process of it was killed for memory' : '';
  if (couldNotRun(t)) return startFailed;
  if (exitCode === 0) return { verdict: 'exited-cleanly', meaning: `exited by itself with 0${memory}` };
  const signal = signalOf(exitCode);
  const stop = signalNumber(stopSignal);
  if (stop !== null && exitCode === 128 + stop && t.reason !== 'OOMKilled') return { verdict: 'ended-by-stop-signal', meaning: `ended by ${stopSignal}, the signal that asks it to stop` };
  if (t.reason === 'OOMKilled' && stop !== null && exitCode === 128 + stop && exitCode !== 137) return { verdict: 'ended-by-stop-signal', meaning: `ended by ${stopSignal}${memory}` };
  if (t.reason === 'OOMKilled') {
    return { verdict: 'out-of-memory', meaning: exitCode === 137 ? 'killed for using more memory than its limit' : `exited with ${exitCode}${memory}` };
  }
  if (exitCode === 137) return endedBefore ? { verdict: 'killed', meaning: 'killed by SIGKILL before the deletion' } : killed(container.name, container.hasPreStop, t, context);
  if (exitCode === 255) return { verdict: 'ambiguous', meaning: '255: exit(-1) of the program, or an end that the runtime could not read' };
  if (signal?.crash === true) return { verdict: 'crashed', meaning: `crashed with ${signal.name}` };
  if (signal !== null) return { verdict: 'ended-by-other-signal', meaning: `ended by ${signal.name}, or returned ${exitCode} itself` };
  return { verdict: 'exited-with-error', meaning: `exited with ${exitCode}` };
};

/** Windows codes are NTSTATUS values: 128 + n says nothing there (docs/reference/termination.md 3.4). */
const judgeWindows = (t: Terminated): Judged => {
  const code = t.exitCode < 0 ? t.exitCode + 2 ** 32 : t.exitCode;
  if (couldNotRun(t)) return startFailed;
  if (code === 0) return { verdict: 'exited-cleanly', meaning: 'exited by itself with 0' };
  if (code === 0xc000013a) return { verdict: 'ended-by-stop-signal', meaning: 'ended by the shutdown event (STATUS_CONTROL_C_EXIT)' };
  if (code === 0xc0000005) return { verdict: 'crashed', meaning: 'crashed with an access violation' };
  return { verdict: 'exited-with-error', meaning: `exited with ${t.exitCode}` };
};

const sameRun = (a: Terminated | undefined, b: Terminated): boolean => a !== undefined && a.containerID === b.containerID && a.finishedAt === b.finishedAt;

/** The end that counts, and whether it was there before the deletion. A crash loop's last run is its end when no later one is reported. */
const endOf = (last: ContainerStatus | undefined, before: ContainerStatus | undefined): { readonly terminated: Terminated; readonly endedBefore: boolean } | null => {
  const ended = last?.state?.terminated;
  const earlier = before?.state?.terminated ?? (before?.state?.waiting === undefined ? undefined : before.lastState?.terminated);
  if (ended !== undefined && !isPlaceholder(ended)) return { terminated: ended, endedBefore: sameRun(earlier, ended) };
  if (earlier !== undefined && !isPlaceholder(earlier) && before?.state?.running === undefined && last?.containerID === before?.containerID) return { terminated: earlier, endedBefore: true };
  return null;
};

/** No run of it was ever reported: no container, and neither a state nor a last state of one but the kubelet's placeholder. */
const neverStarted = (status: ContainerStatus | undefined): boolean => {
  if (status === undefined) return true;
  const { state, lastState } = status;
  const ran = [state?.terminated, lastState?.terminated].some((t) => t !== undefined && !isPlaceholder(t));
  return state?.running === undefined && !ran && (status.containerID ?? '') === '';
};

type WithoutOrder = Omit<ContainerEnd, 'order'>;

const containerEnd = (container: Declared, context: EndingContext, last: ContainerStatus | undefined, before: ContainerStatus | undefined): WithoutOrder => {
  const stopSignal = last?.stopSignal ?? before?.stopSignal ?? container.specStopSignal ?? 'SIGTERM';
  const logEnd = context.logEndedAt?.get(container.name);
  const base = { name: container.name, type: container.type, stopSignal, logEndedAt: logEnd === undefined ? null : new Date(logEnd).toISOString() };
  const end = endOf(last, before);
  if (end === null) {
    const nothing = { ...base, exitCode: null, signal: null, reason: last?.state?.terminated?.reason ?? last?.state?.waiting?.reason ?? null, endedBefore: false, finishedAt: null, secondsAfterRequest: null };
    if (neverStarted(before) && neverStarted(last)) return { ...nothing, startedAt: null, verdict: 'never-started', meaning: 'never started' };
    return { ...nothing, startedAt: last?.state?.running?.startedAt ?? before?.state?.running?.startedAt ?? null, verdict: 'not-reported', meaning: 'the cluster did not report how it ended' };
  }
  const { terminated, endedBefore } = end;
  const windows = context.last.spec?.os?.name === 'windows';
  const judged = windows ? judgeWindows(terminated) : judge(container, stopSignal, terminated, endedBefore, context);
  const finishedAt = terminated.finishedAt ?? null;
  const after = finishedAt === null || context.requestedAt === null || endedBefore ? null : Math.max(0, (Date.parse(finishedAt) - context.requestedAt) / 1000);
  return {
    ...base,
    exitCode: terminated.exitCode,
    signal: windows ? null : (signalOf(terminated.exitCode)?.name ?? null),
    reason: terminated.reason ?? null,
    verdict: judged.verdict,
    meaning: judged.meaning,
    endedBefore,
    startedAt: terminated.startedAt !== undefined && Date.parse(terminated.startedAt) > 0 ? terminated.startedAt : null,
    finishedAt,
    secondsAfterRequest: after,
  };
};

/** All containers of the pod in the order of its spec, each with its end. `order` ranks the ends after the request by finishedAt. */
export const containerEnds = (context: EndingContext): readonly ContainerEnd[] => {
  const last = statusesOf(context.last);
  const before = statusesOf(context.before);
  const ends = declaredIn(context.last).map((c) => containerEnd(c, context, last.get(c.name), before.get(c.name)));
  const times = [...new Set(ends.flatMap((e) => (e.endedBefore || e.finishedAt === null ? [] : [Date.parse(e.finishedAt)])))].toSorted((a, b) => a - b);
  return ends.map((e) => ({ ...e, order: e.endedBefore || e.finishedAt === null ? null : times.indexOf(Date.parse(e.finishedAt)) + 1 }));
};

/** Some code of 137 needs the kubelet's own time of the stop to be judged; null-safe for pods without statuses. */
export const needsKillingTimes = (pod: Pod): boolean => [...statusesOf(pod).values()].some((s) => s.state?.terminated?.exitCode === 137 && s.state.terminated.reason !== 'OOMKilled');
