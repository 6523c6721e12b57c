/** Rules of the Job controller (kubernetes v1.36 pkg/controller/job), as functions of the objects. */
import { isFinished, isTerminating } from './pod.ts';
import type { Job, Pod } from './wire.ts';

const MANAGER = 'kubernetes.io/job-controller';

/** The controller that decides instead of Kubernetes' own (`spec.managedBy`); null: its own. */
export const managedElsewhere = (job: Job): string | null => {
  const by = job.spec?.managedBy;
  return by === undefined || by === MANAGER ? null : by;
};

const holds = (job: Job, types: readonly string[]): boolean => (job.status?.conditions ?? []).some((c) => types.includes(c.type) && c.status === 'True');

/** Complete, Failed, or on the way there: its other pods are being deleted then, and no failure counts any more. */
export const isEnding = (job: Job): boolean => holds(job, ['Complete', 'Failed', 'SuccessCriteriaMet', 'FailureTarget']);

/** A pod whose deletion the Job has yet to count: Pending or Running, and not being deleted. */
export const isLiveForJob = (pod: Pod): boolean => !isFinished(pod) && !isTerminating(pod);

/**
 * Whether a deleted pod is counted by how it ends; otherwise it counts as failed as soon as it is Terminating, even if it ends with 0
 * (job_controller.go isPodFailed, onlyReplaceFailedPods; KEP-3939).
 */
export const countsByItsEnd = (job: Job): boolean => job.spec?.podReplacementPolicy === 'Failed' || job.spec?.podFailurePolicy !== undefined;

/** Failures so far, those included that the controller has seen and not yet added up. */
export const failuresOf = (job: Job): number => (job.status?.failed ?? 0) + (job.status?.uncountedTerminatedPods?.failed ?? []).length;

/** More failures than this fail the Job (core: 6; with a limit per index no number does, pkg/apis/batch/v1/defaults.go). */
export const backoffLimitOf = (job: Job): number | null => {
  const limit = job.spec?.backoffLimit ?? (job.spec?.backoffLimitPerIndex === undefined ? 6 : null);
  return limit === null || (job.spec?.backoffLimitPerIndex !== undefined && limit >= 2 ** 31 - 1) ? null : limit;
};

const INDEX = 'batch.kubernetes.io/job-completion-index';
const INDEX_FAILURES = 'batch.kubernetes.io/job-index-failure-count';

export interface IndexOfPod {
  readonly index: string;
  readonly failures: number;
  /** A failure at this many fails the index (indexed_job_utils.go isIndexFailed), and with it in the end the Job. */
  readonly limit: number;
}

/** null: failures do not count per index. */
export const indexOf = (job: Job, pod: Pod): IndexOfPod | null => {
  const limit = job.spec?.backoffLimitPerIndex;
  const index = pod.metadata.annotations?.[INDEX];
  return limit === undefined || index === undefined ? null : { index, failures: Number(pod.metadata.annotations?.[INDEX_FAILURES] ?? 0), limit };
};

export type Counted = 'Count' | 'Ignore' | 'FailIndex' | 'FailJob';

/**
 * What the first rule of the pod failure policy that matches makes of an end with this code; `Count` where none does
 * (pod_failure_policy.go matchPodFailurePolicy). A DELETE sets no condition, so only those that the pod has already can match.
 */
export const countedAs = (job: Job, pod: Pod, exitCode: number): Counted => {
  for (const rule of job.spec?.podFailurePolicy?.rules ?? []) {
    const codes = rule.onExitCodes;
    const byCode = codes !== undefined && exitCode !== 0 && (codes.operator === 'In') === codes.values.includes(exitCode);
    const byCondition = codes === undefined && (rule.onPodConditions ?? []).some((p) => (pod.status?.conditions ?? []).some((c) => c.type === p.type && c.status === (p.status ?? 'True')));
    if (byCode || byCondition) return rule.action as Counted;
  }
  return 'Count';
};
