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
}

export const atStart: Progress = { mark: null, shown: new Set() };

const markOf = (object: KubeObject): Mark | null => {
  const { deletionTimestamp: deadline, deletionGracePeriodSeconds: grace } = object.metadata;
  if (deadline === undefined) return null;
  const gracePeriodSeconds = grace ?? 0;
  return { deadline, gracePeriodSeconds, requestedAt: Date.parse(deadline) - gracePeriodSeconds * 1000 };
};

const stopSignals = (pod: Pod): string => {
  const effective = (pod.status?.containerStatuses ?? []).map((s) => s.stopSignal ?? pod.spec?.containers.find((c) => c.name === s.name)?.lifecycle?.stopSignal ?? 'SIGTERM');
  const names = [...new Set(effective.length === 0 ? ['SIGTERM'] : effective)];
  return names.join(', ');
};

const preStopIn = (pod: Pod): readonly string[] => (pod.spec?.containers ?? []).filter((c) => c.lifecycle?.preStop !== undefined).map((c) => c.name);

const isRunning = (pod: Pod): boolean => (pod.status?.containerStatuses ?? []).some((s) => s.state?.running !== undefined);

const afterMark = (pod: Pod, mark: Mark): readonly NewPhase[] => {
  const found: NewPhase[] = [];
  const finalizers = pod.metadata.finalizers ?? [];
  const ended = allContainersEnded(pod);
  found.push({ phase: 'accepted', evidence: 'observed', message: mark.gracePeriodSeconds === 0 ? 'marked for deletion without a grace period' : `marked for deletion; ${mark.gracePeriodSeconds} s of grace, until ${mark.deadline}` });
  if (isRunning(pod) && mark.gracePeriodSeconds > 0) {
    const hooks = preStopIn(pod);
    if (hooks.length > 0) found.push({ phase: 'pre-stop', evidence: 'estimated', message: `preStop of ${hooks.join(', ')} runs first, inside the grace period` });
    else found.push({ phase: 'term-signal', evidence: 'estimated', message: `the kubelet sends ${stopSignals(pod)} about now` });
  }
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
