import { job, jobPod } from '../../model/around.ts';
import { healthyNode, marked, notReady, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const live = jobPod('import-x');
const done = jobPod('import-x', { status: { phase: 'Succeeded', ...notReady } });
const around = (parts: Parts = {}) => [job(parts), ...healthyNode()];
const indexed = { backoffLimit: 2147483647, backoffLimitPerIndex: 1, completionMode: 'Indexed' };
const ofIndex = (failures: string) => jobPod('import-3-x', { metadata: { labels: { job: 'import' }, annotations: { 'batch.kubernetes.io/job-completion-index': '3', 'batch.kubernetes.io/job-index-failure-count': failures }, ...ownedBy('batch/v1', 'Job', 'import') } });
const policy = (...rules: readonly object[]) => ({ podReplacementPolicy: 'Failed', podFailurePolicy: { rules } });
const onCodes = (action: string, values: readonly number[], operator = 'In') => ({ action, onExitCodes: { operator, values } });
const onDisruption = { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] };
const disrupted = jobPod('import-x', { status: { conditions: [{ type: 'Ready', status: 'True' }, { type: 'DisruptionTarget', status: 'True' }] } });

export const cases: CheckCases = {
  check: 'job',
  found: [
    { says: 'the failure that is one too many fails the Job', pod: live, objects: around({ spec: { backoffLimit: 2 }, status: { failed: 2 } }), codes: ['recreated', 'job-fails'], data: { because: 'backoff-limit', failed: 2, going: 1, backoffLimit: 2, unlessItSucceeds: false } },
    { says: 'with no retries at all the first one does', pod: live, objects: around({ spec: { backoffLimit: 0 } }), codes: ['recreated', 'job-fails'], data: { failed: 0 } },
    { says: 'two targets of one Job count together', pod: live, also: [jobPod('import-y')], objects: around({ spec: { backoffLimit: 2 }, status: { failed: 1 } }), codes: ['recreated', 'job-fails'], data: { going: 2 } },
    { says: 'failures that are seen and not yet added up count', pod: live, objects: around({ spec: { backoffLimit: 1 }, status: { failed: 0, uncountedTerminatedPods: { failed: ['uid-import-w'] } } }), codes: ['recreated', 'job-fails'], data: { failed: 1 } },
    { says: 'a Job that counts by the end fails unless the pod succeeds', pod: live, objects: around({ spec: { backoffLimit: 0, podReplacementPolicy: 'Failed' } }), codes: ['recreated', 'job-fails'], data: { unlessItSucceeds: true } },
    { says: 'an index that has used its retries fails, and with it the Job', pod: ofIndex('1'), objects: around({ spec: indexed }), codes: ['recreated', 'job-fails'], data: { because: 'index', index: { index: '3', failures: 1, limit: 1 }, backoffLimit: null } },
    { says: 'a limit of the whole Job holds beside the one per index', pod: ofIndex('0'), objects: around({ spec: { ...indexed, backoffLimit: 4 }, status: { failed: 4 } }), codes: ['recreated', 'job-fails'], data: { because: 'backoff-limit' } },
    { says: 'a policy that fails the Job on 143', pod: live, objects: around({ spec: policy(onCodes('FailJob', [143])) }), codes: ['recreated', 'job-fails'], data: { because: 'failure-policy' } },
    { says: 'a policy that fails the Job on all codes but some', pod: live, objects: around({ spec: policy(onCodes('FailJob', [3], 'NotIn')) }), codes: ['recreated', 'job-fails'], data: { because: 'failure-policy' } },
    { says: 'a policy that fails the index on 137', pod: ofIndex('0'), objects: around({ spec: { ...indexed, ...policy(onCodes('FailIndex', [137])) } }), codes: ['recreated', 'job-fails'], data: { because: 'index' } },
    { says: 'a pod that is Pending counts as well', pod: jobPod('import-x', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady, containerStatuses: [] } }), objects: around({ spec: { backoffLimit: 0 } }), codes: ['recreated', 'job-fails'] },
    { says: 'with retries left it is a note with the numbers', pod: live, objects: around({ status: { failed: 2 } }), codes: ['recreated', 'retries-left'], data: { failed: 2, limit: 6, left: 3, index: null } },
    { says: 'an index with retries left', pod: ofIndex('0'), objects: around({ spec: { ...indexed, backoffLimitPerIndex: 2 } }), codes: ['recreated', 'retries-left'], data: { failed: 0, limit: 2, left: 1, index: '3' } },
    { says: 'a policy that ignores both ends by signal', pod: live, objects: around({ spec: { backoffLimit: 0, ...policy(onCodes('Ignore', [137, 143])) } }), codes: ['recreated', 'failure-ignored'] },
    { says: 'a policy that ignores one of them only', pod: live, objects: around({ spec: { backoffLimit: 0, ...policy(onCodes('Ignore', [143])) } }), codes: ['recreated', 'job-fails'], data: { because: 'backoff-limit', unlessItSucceeds: true } },
    { says: 'the first rule that matches decides', pod: live, objects: around({ spec: policy(onCodes('Count', [143, 137]), onCodes('FailJob', [143])) }), codes: ['recreated', 'retries-left'] },
    { says: 'a DELETE sets no DisruptionTarget, so a rule on it does not help', pod: live, objects: around({ spec: { backoffLimit: 0, ...policy(onDisruption) } }), codes: ['recreated', 'job-fails'] },
    { says: 'a pod that is disrupted already is ignored by such a rule', pod: disrupted, objects: around({ spec: { backoffLimit: 0, ...policy(onDisruption) } }), codes: ['recreated', 'failure-ignored'] },
    { says: 'another controller decides', pod: live, objects: around({ spec: { backoffLimit: 0, managedBy: 'kueue.x-k8s.io/multikueue' } }), codes: ['recreated', 'managed-elsewhere'], data: { managedBy: 'kueue.x-k8s.io/multikueue' } },
    { says: 'a finished pod is counted already', pod: done, objects: around({ status: { succeeded: 1 } }), codes: ['finished-pod', 'counted-already'], data: { phase: 'Succeeded', jobIs: null } },
    { says: 'a finished pod of a finished Job', pod: done, objects: around({ status: { conditions: [{ type: 'Complete', status: 'True' }] } }), codes: ['finished-pod', 'counted-already'], data: { jobIs: 'Complete' } },
  ],
  clear: [
    { says: 'a live pod of a Job that is over is the owner check\'s', pod: live, objects: around({ status: { conditions: [{ type: 'Failed', status: 'True' }] } }), codes: ['not-recreated'] },
    { says: 'a Job that is failing already has no failures left to count', pod: live, objects: around({ spec: { backoffLimit: 0 }, status: { failed: 1, conditions: [{ type: 'FailureTarget', status: 'True' }] } }), codes: ['recreated'] },
    { says: 'a suspended Job takes its pods away itself', pod: live, objects: around({ spec: { suspend: true, backoffLimit: 0 } }), codes: ['not-recreated'] },
    { says: 'a Job that is being deleted', pod: live, objects: around({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' }, spec: { backoffLimit: 0 } }), codes: ['not-recreated'] },
    { says: 'a target that is Terminating already is counted already', pod: live, also: [jobPod('import-y', { metadata: { labels: { job: 'import' }, ...ownedBy('batch/v1', 'Job', 'import'), ...marked(30, 5) } })], objects: around({ spec: { backoffLimit: 1 } }), codes: ['recreated', 'retries-left'], data: { left: 0 } },
    { says: "Kubernetes' own controller by its name is no other one", pod: live, objects: around({ spec: { managedBy: 'kubernetes.io/job-controller' } }), codes: ['recreated', 'retries-left'] },
    { says: 'a pod that no Job owns', pod: pod('lone'), objects: healthyNode(), codes: ['bare-pod'] },
  ],
  unknown: [{ says: 'a Job that may not be read is unknown', pod: live, objects: around({ spec: { backoffLimit: 0 } }), troubles: [{ verb: 'get', resource: 'jobs', how: 'forbidden' }], codes: [], unknown: ['owner-controller', 'job'] }],
};
