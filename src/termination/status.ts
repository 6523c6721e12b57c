/**
 * What the API shows of one pod's termination, as phases. Pure: state before + object now → phases that are new.
 *
 *   (present) ── deletionTimestamp ──▶ accepted ──▶ [pre-stop] [term-signal] ──▶ containers-exited ──▶ cleaning-up ──▶ gone
 *                                                    estimates: nothing in the        all at once: one container's      └▶ waiting-for-finalizers ──▶ gone
 *                                                    API proves them                  end alone is not shown
 *
 * Sources: docs/reference/termination.md 1.3 (event order), 1.7 (what is a fact).
 */
import type { Evidence, Phase } from '../events/event.ts';
import { allContainersEnded, isFinished } from '../model/pod.ts';
import { disruptionOf, hookText, stopOf, wasCollected } from '../model/stop.ts';
import type { ContainerStop } from '../model/stop.ts';
import type { KubeObject, Pod } from '../model/wire.ts';

/** The deletion mark as it was first seen; the kubelet's own final DELETE overwrites it with grace 0. */
export interface Mark {
  /** RFC 3339; the deadline, not the request (k8s.io/apiserver BeforeDelete). */
  readonly deadline: string;
  readonly gracePeriodSeconds: number;
  /** When the deletion was requested, by the API server's clock. */
  readonly requestedAt: number;
}

export interface Progress {
  readonly mark: Mark | null;
  readonly shown: ReadonlySet<Phase>;
}

export interface NewPhase {
  readonly phase: Phase;
  readonly evidence: Evidence;
  readonly message: string;
  readonly container?: string;
}

export const atStart: Progress = { mark: null, shown: new Set() };

/** The mark that an object has; null: none. */
export const markOf = (object: KubeObject): Mark | null => {
  const { deletionTimestamp: deadline, deletionGracePeriodSeconds: grace } = object.metadata;
  if (deadline === undefined) return null;
  const gracePeriodSeconds = grace ?? 0;
  return { deadline, gracePeriodSeconds, requestedAt: Date.parse(deadline) - gracePeriodSeconds * 1000 };
};

const isRunning = (pod: Pod): boolean => (pod.status?.containerStatuses ?? []).some((s) => s.state?.running !== undefined);

const named = (containers: readonly ContainerStop[]): string => containers.map((c) => c.name).join(', ');

/** `SIGTERM to app, log; SIGUSR1 to web`. */
const signalText = (containers: readonly ContainerStop[]): string => {
  const bySignal = new Map<string, ContainerStop[]>();
  for (const c of containers) bySignal.set(c.signal ?? 'SIGTERM', [...(bySignal.get(c.signal ?? 'SIGTERM') ?? []), c]);
  return [...bySignal].map(([signal, to]) => `${signal} to ${named(to)}`).join('; ');
};

/** Nothing in the API shows a hook that runs or a signal that is sent (docs/reference/termination.md 1.7): both are estimates. */
const stopping = (pod: Pod, mark: Mark): readonly NewPhase[] => {
  const { first, last } = stopOf(pod);
  const running = first.filter((c) => c.running);
  const sidecars = last.filter((c) => c.running);
  const hooks = [...running, ...sidecars].filter((c) => c.hook !== null);
  const at = running.filter((c) => c.hook === null);
  const later = sidecars.length === 0 ? '' : `; ${sidecars.length === 1 ? 'sidecar' : 'sidecars'} ${sidecars.map((c) => c.name).join(', then ')} after ${running.length === 1 ? 'it' : 'those'}`;
  const found: NewPhase[] = [];
  if (hooks.length > 0) {
    const each = hooks.map((c) => `${c.name} (${c.hook === null ? '' : hookText(c.hook).replace('preStop ', '')})`).join(', ');
    found.push({ phase: 'pre-stop', evidence: 'estimated', message: `preStop runs about now, before the signal and inside the ${mark.gracePeriodSeconds} s: ${each}` });
  }
  if (at.length > 0) found.push({ phase: 'term-signal', evidence: 'estimated', message: `the kubelet sends ${signalText(at)} about now${later}` });
  return found;
};

/** A pod that others remove too. */
const alsoBy = (pod: Pod): string => {
  const disruption = disruptionOf(pod);
  return disruption === null ? '' : `; removed by ${disruption.by} (${disruption.reason}${disruption.message === '' ? '' : `: ${disruption.message}`})`;
};

/** Why it went, where the last state that was seen says it. */
export const goneText = (last: KubeObject, isPod: boolean): string => {
  const gone = 'gone from the API server';
  if (!isPod) return gone;
  const disruption = disruptionOf(last);
  if (disruption !== null) return `${gone}${alsoBy(last)}`;
  return wasCollected(last) ? `${gone}; its phase was set to ${(last as Pod).status?.phase ?? ''} without an end of its containers, which only the pod garbage collector does` : gone;
};

/** The signals that follow a hook, as far as anything tells when it is over: the hook failed, its sleep is over, or the grace period is. `passed`: seconds since the request. */
export const signalsAfterHooks = (pod: Pod, mark: Mark, failed: ReadonlySet<string>, ended: ReadonlySet<string>, passed: number): readonly NewPhase[] => {
  if (mark.gracePeriodSeconds === 0) return [];
  return stopOf(pod).first.flatMap((c): readonly NewPhase[] => {
    if (c.hook === null || !c.running || ended.has(c.name)) return [];
    const signal = c.signal ?? 'SIGTERM';
    const { seconds } = c.hook;
    const because = failed.has(c.name)
      ? 'its preStop hook failed'
      : seconds !== null && seconds < mark.gracePeriodSeconds && passed >= seconds
        ? `its preStop sleep of ${seconds} s is over`
        : passed >= mark.gracePeriodSeconds
          ? 'its preStop hook has used up the grace period; SIGKILL 2 s later'
          : null;
    return because === null ? [] : [{ phase: 'term-signal', evidence: 'estimated', message: `the kubelet sends ${signal} to ${c.name} about now: ${because}`, container: c.name }];
  });
};

const afterMark = (pod: Pod, mark: Mark): readonly NewPhase[] => {
  const found: NewPhase[] = [];
  const finalizers = pod.metadata.finalizers ?? [];
  const ended = allContainersEnded(pod);
  found.push({ phase: 'accepted', evidence: 'observed', message: mark.gracePeriodSeconds === 0 ? 'marked for deletion without a grace period' : `marked for deletion; ${mark.gracePeriodSeconds} s of grace, until ${mark.deadline}${alsoBy(pod)}` });
  if (isRunning(pod) && mark.gracePeriodSeconds > 0) found.push(...stopping(pod, mark));
  if (ended) found.push({ phase: 'containers-exited', evidence: 'observed', message: 'all containers have ended' });
  if (ended && isFinished(pod)) found.push({ phase: 'cleaning-up', evidence: 'observed', message: `phase ${pod.status?.phase ?? ''}; the kubelet cleans up` });
  if (finalizers.length > 0 && (pod.metadata.deletionGracePeriodSeconds ?? 0) === 0) {
    found.push({ phase: 'waiting-for-finalizers', evidence: 'observed', message: finalizers.length === 1 ? `only finalizer ${finalizers.join('')} holds it` : `only finalizers ${finalizers.join(', ')} hold it` });
  }
  return found;
};

/**
 * Kinds without a kubelet: marked, held by finalizers, gone. foregroundDeletion and orphan are the server's own words for what the garbage
 * collector does with dependents; the second is a matter of moments.
 */
const ofObject = (object: KubeObject): readonly NewPhase[] => {
  const finalizers = object.metadata.finalizers ?? [];
  const others = finalizers.filter((f) => f !== 'foregroundDeletion' && f !== 'orphan');
  const found: NewPhase[] = [{ phase: 'accepted', evidence: 'observed', message: 'marked for deletion' }];
  if (finalizers.includes('foregroundDeletion')) found.push({ phase: 'dependents-going', evidence: 'observed', message: 'its dependents go first (foreground)' });
  if (others.length > 0) found.push({ phase: 'waiting-for-finalizers', evidence: 'observed', message: others.length === 1 ? `finalizer ${others.join('')} holds it` : `finalizers ${others.join(', ')} hold it` });
  return found;
};

export interface Step {
  readonly progress: Progress;
  /** Shown for the first time. */
  readonly phases: readonly NewPhase[];
  readonly markIsNew: boolean;
}

const stepWith = <O extends KubeObject>(progress: Progress, object: O, phasesOf: (object: O, mark: Mark) => readonly NewPhase[]): Step => {
  const mark = progress.mark ?? markOf(object);
  if (mark === null) return { progress, phases: [], markIsNew: false };
  const phases = phasesOf(object, mark).filter((p) => !progress.shown.has(p.phase));
  return { progress: { mark, shown: new Set([...progress.shown, ...phases.map((p) => p.phase)]) }, phases, markIsNew: progress.mark === null };
};

/** The phases that this state of the pod shows for the first time. */
export const step = (progress: Progress, pod: Pod): Step => stepWith(progress, pod, afterMark);

/** The same for any other kind. */
export const stepObject = (progress: Progress, object: KubeObject): Step => stepWith(progress, object, ofObject);
