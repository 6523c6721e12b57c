/** What a pod's own object says. All of it is data in, data out. */
import type { KubeObject, Pod } from './wire.ts';

/** Whether the reference or object is a core Pod: the one kind with a grace period, containers and a kubelet. */
export const isPodKind = (ref: { readonly group: string; readonly kind: string }): boolean => ref.group === '' && ref.kind === 'Pod';

/** Succeeded and Failed are final: no process of the pod runs any more (KEP-3329). */
export const isFinished = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';

export const isTerminating = (pod: { readonly metadata: Pod['metadata'] }): boolean => pod.metadata.deletionTimestamp !== undefined;

export const isReady = (pod: Pod): boolean =>
  (pod.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True');

/** Serves now: counts towards majorities, budgets and endpoints. */
export const isServing = (pod: Pod): boolean => isReady(pod) && !isTerminating(pod) && !isFinished(pod);

/** Mirror pods stand for static pods; only their kubelet's manifest file stops them (docs/reference/termination.md 4.5). */
export const isMirror = (pod: Pod): boolean => pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined;

/** Pods that `kubectl debug` made: its label since 1.30, its fixed names for node debuggers before (kubectl pkg/cmd/debug/debug.go). */
export const isDebugPod = (pod: Pod): boolean =>
  pod.metadata.labels?.['app.kubernetes.io/managed-by'] === 'kubectl-debug' ||
  (pod.metadata.name.startsWith('node-debugger-') && pod.spec?.containers[0]?.name === 'debugger');

/**
 * The grace period that the API server will choose (k8s.io/kubernetes pkg/registry/core/pod/strategy.go CheckGracefulDelete): the
 * requested one, else the pod's own; 0 for a pod that is not scheduled or has finished; negative is 1. Seconds.
 */
export const effectiveGrace = (pod: Pod, requested: number | null): number => {
  if ((pod.spec?.nodeName ?? '') === '' || isFinished(pod)) return 0;
  const period = requested ?? pod.spec?.terminationGracePeriodSeconds ?? 30;
  return period < 0 ? 1 : period;
};

/** The last reported state of every container shows an end, after the kubelet was told to stop the pod. */
export const allContainersEnded = (pod: Pod): boolean => {
  const statuses = [...(pod.status?.containerStatuses ?? []), ...(pod.status?.initContainerStatuses ?? [])];
  return statuses.length > 0 && statuses.every((s) => s.state?.terminated !== undefined);
};

/**
 * Whether a DELETE would still change something. An object that is Terminating already keeps its grace period unless a shorter one is asked
 * for (k8s.io/apiserver pkg/registry/rest/delete.go BeforeDelete): without that, a run sends nothing and follows.
 */
export const deletionChangesSomething = (object: KubeObject, requested: number | null): boolean => {
  if (!isTerminating(object)) return true;
  const stored = object.metadata.deletionGracePeriodSeconds ?? 0;
  return stored > 0 && requested !== null && requested < stored;
};
