/** How far an update of a Deployment or DaemonSet is (kubernetes v1.36 pkg/controller/deployment, kubectl rollout status). */
import type { DaemonSet, Deployment } from './wire.ts';

export interface Rollout {
  readonly state: 'complete' | 'in-progress' | 'failed';
  readonly paused: boolean;
  /** Pods of the newest template, and how many there are to be. */
  readonly updated: number;
  readonly wanted: number;
  /** Pods of any template that are Ready for long enough. */
  readonly available: number;
  /** The controller's own words, where it gives up. */
  readonly message: string | null;
}

const observed = (o: Deployment | DaemonSet): boolean => (o.status?.observedGeneration ?? 0) >= (o.metadata.generation ?? 0);

/**
 * A pod that crashes after its rollout was complete does not begin it again: the condition keeps its reason until the next one
 * (pkg/controller/deployment/progress.go syncRolloutStatus). Without a progress deadline there is no condition, and the numbers decide.
 */
export const rolloutOfDeployment = (deployment: Deployment): Rollout => {
  const { spec, status } = deployment;
  const wanted = spec?.replicas ?? 1;
  const updated = status?.updatedReplicas ?? 0;
  const all = status?.replicas ?? 0;
  const progressing = (status?.conditions ?? []).find((c) => c.type === 'Progressing');
  const available = status?.availableReplicas ?? 0;
  const rest = { paused: spec?.paused === true, updated, wanted, available };
  if (progressing?.status === 'False' && observed(deployment)) return { state: 'failed', ...rest, message: progressing.message ?? progressing.reason ?? null };
  const wasComplete = progressing?.reason === 'NewReplicaSetAvailable' && all === updated;
  const isComplete = updated === wanted && all === wanted && available === wanted;
  return { state: observed(deployment) && (wasComplete || isComplete) ? 'complete' : 'in-progress', ...rest, message: null };
};

/** With OnDelete nothing rolls out by itself. */
export const rolloutOfDaemonSet = (set: DaemonSet): Rollout => {
  const wanted = set.status?.desiredNumberScheduled ?? 0;
  const updated = set.status?.updatedNumberScheduled ?? 0;
  const goesOn = set.spec?.updateStrategy?.type !== 'OnDelete' && (!observed(set) || updated < wanted);
  return { state: goesOn ? 'in-progress' : 'complete', paused: false, updated, wanted, available: set.status?.numberAvailable ?? 0, message: null };
};
