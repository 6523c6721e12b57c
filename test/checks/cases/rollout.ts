import { daemonPod, daemonRevision, daemonSet } from '../../model/around.ts';
import { healthyNode, notReady } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const spare = webPod('web-spare');
const revision = (n: number) => ({ annotations: { 'deployment.kubernetes.io/revision': String(n) } });
const around = (parts: Parts) => [deployment(parts), replicaSet(), spare, ...healthyNode()];
const progressing = { conditions: [{ type: 'Progressing', status: 'True', reason: 'ReplicaSetUpdated' }] };
const failed = { conditions: [{ type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message: 'ReplicaSet "web-9f" has timed out progressing.' }] };
const onDelete = { spec: { updateStrategy: { type: 'OnDelete' } } };
const history = [daemonRevision('h2', 2), daemonRevision('h3', 3)];
const back = 'comes-straight-back' as const;

export const cases: CheckCases = {
  check: 'rollout',
  found: [
    { says: 'with OnDelete the deletion is the update', pod: daemonPod('2', 'h2'), objects: [daemonSet({ ...onDelete, status: { updatedNumberScheduled: 0 } }), ...history, ...healthyNode()], codes: ['recreated', back, 'comes-back-as-other-version'], data: { from: 'h2', to: 'h3', strategy: 'OnDelete' } },
    { says: 'a rolling update that has not come to this node yet', pod: daemonPod('2', 'h2'), objects: [daemonSet({ status: { updatedNumberScheduled: 1 } }), ...history, ...healthyNode()], codes: ['recreated', back, 'comes-back-as-other-version'], data: { strategy: 'RollingUpdate' } },
    { says: 'a set on its way to another template, for a pod that is there already', pod: daemonPod('3', 'h3'), objects: [daemonSet({ status: { updatedNumberScheduled: 1 } }), ...healthyNode()], codes: ['recreated', back, 'rollout-in-progress'], data: { updated: 1, wanted: 2, ofOldVersion: false } },
    { says: 'a template that the controller has not seen yet', pod: daemonPod('3', 'h3'), objects: [daemonSet({ metadata: { generation: 4, annotations: { 'deprecated.daemonset.template.generation': '3' } } }), ...healthyNode()], codes: ['recreated', back, 'rollout-in-progress'] },
    { says: 'a Deployment whose older pods are still there', pod: web, objects: around({ status: { replicas: 3, updatedReplicas: 1, ...progressing } }), codes: ['recreated', 'rollout-in-progress'], data: { updated: 1, wanted: 2, ofOldVersion: false } },
    { says: 'a pod of the older ReplicaSet comes back from that, as what it is', pod: web, objects: around({ metadata: { generation: 2, ...revision(2) }, status: { observedGeneration: 2, replicas: 3, updatedReplicas: 1, ...progressing } }), codes: ['recreated', 'rollout-in-progress'], data: { ofOldVersion: true } },
    { says: 'a change that the controller has not seen yet', pod: web, objects: around({ metadata: { generation: 2, ...revision(1) } }), codes: ['recreated', 'rollout-in-progress'] },
    { says: 'without a deadline there is no condition: the numbers decide', pod: web, objects: around({ status: { availableReplicas: 1, conditions: [] } }), codes: ['recreated', 'rollout-in-progress'], data: { updated: 2, wanted: 2, available: 1 } },
    { says: 'a paused Deployment', pod: web, objects: around({ spec: { paused: true } }), codes: ['recreated', 'rollout-paused'] },
    { says: 'a Deployment that was paused half way', pod: web, objects: around({ spec: { paused: true }, status: { replicas: 3, updatedReplicas: 1, ...progressing } }), codes: ['recreated', 'rollout-paused'], data: { updated: 1 } },
    { says: 'a rollout that gave up', pod: web, objects: around({ metadata: revision(2), status: { replicas: 3, updatedReplicas: 1, ...failed } }), codes: ['recreated', 'rollout-failed'], data: { message: 'ReplicaSet "web-9f" has timed out progressing.', ofOldVersion: true } },
    { says: 'a pod that is not Ready has a version as well', pod: webPod('web-a', { status: notReady }), objects: around({ status: { updatedReplicas: 1, ...progressing } }), codes: ['recreated', 'rollout-in-progress'] },
    { says: 'a Deployment that goes in the middle of its rollout', object: deployment({ status: { replicas: 3, updatedReplicas: 1, ...progressing } }), codes: ['rollout-in-progress'], data: { updated: 1, wanted: 2, ofOldVersion: false } },
    { says: 'a paused Deployment of no pods that goes', object: deployment({ spec: { paused: true, replicas: 0 } }), codes: ['rollout-paused'], data: { wanted: 0 } },
    { says: 'a paused Deployment that goes', object: deployment({ spec: { paused: true } }), codes: ['rollout-paused'] },
    { says: 'a DaemonSet that goes while it updates', object: daemonSet({ status: { updatedNumberScheduled: 1 } }), codes: ['rollout-in-progress'] },
    { says: 'the newest ReplicaSet of a Deployment whose rollout has failed', object: replicaSet(), objects: [deployment({ status: failed })], codes: ['recreated', 'rollout-failed'] },
    { says: 'an older ReplicaSet is a version to go back to', object: replicaSet(), objects: [deployment({ metadata: revision(2) })], codes: ['revision-lost'], data: { revision: '1' } },
  ],
  clear: [
    { says: 'a Deployment that is rolled out, and its ReplicaSet with it', object: replicaSet(), also: [deployment({ spec: { paused: true } })], codes: [] },
    { says: 'a Deployment that is complete', object: deployment(), codes: [] },
    { says: 'a ReplicaSet of its own', object: replicaSet({ metadata: { ownerReferences: [] } }), codes: [] },
    { says: 'a Deployment that is rolled out', pod: web, objects: webWorkload, codes: ['recreated'] },
    { says: 'a pod that crashes after the rollout was complete begins none', pod: web, objects: around({ status: { availableReplicas: 1 } }), codes: ['recreated'] },
    { says: 'without a deadline, all pods there and available', pod: web, objects: around({ status: { conditions: [] } }), codes: ['recreated'] },
    { says: 'a DaemonSet that is rolled out', pod: daemonPod('3', 'h3'), objects: [daemonSet(), ...healthyNode()], codes: ['recreated', back] },
    { says: 'OnDelete with the newest template', pod: daemonPod('3', 'h3'), objects: [daemonSet({ ...onDelete, status: { updatedNumberScheduled: 1 } }), ...healthyNode()], codes: ['recreated', back] },
    { says: 'a template that came back has its old hash under a new number', pod: daemonPod('1', 'h1'), objects: [daemonSet(), daemonRevision('h1', 4), daemonRevision('h2', 3), ...healthyNode()], codes: ['recreated', back] },
    { says: 'revisions of another set do not count', pod: daemonPod('2', 'h2'), objects: [daemonSet(), daemonRevision('h2', 2), daemonRevision('h9', 9, 'other'), ...healthyNode()], codes: ['recreated', back] },
    { says: "a StatefulSet's partition and OnDelete are its own check's", pod: member(0), objects: [member(1), member(2), statefulSet({ spec: { updateStrategy: { type: 'OnDelete' } }, status: { updateRevision: 'r2' } }), ...healthyNode()], codes: ['recreated', 'margin-left', 'other-revision'] },
    { says: 'a finished pod has no version', pod: webPod('web-a', { status: { phase: 'Failed', ...notReady } }), objects: around({ spec: { paused: true } }), codes: ['finished-pod'] },
  ],
  unknown: [
    { says: 'revisions that may not be listed are unknown', pod: daemonPod('2', 'h2'), objects: [daemonSet(onDelete), ...healthyNode()], troubles: [{ verb: 'list', resource: 'controllerrevisions', how: 'forbidden' }], codes: ['recreated', back], unknown: ['rollout'] },
    { says: 'nobody needs to read revisions of a pod whose generation is the newest', pod: daemonPod('3', 'h3'), objects: [daemonSet(), ...healthyNode()], troubles: [{ verb: 'list', resource: 'controllerrevisions', how: 'forbidden' }], codes: ['recreated', back] },
    { says: 'a Deployment that may not be read is unknown', pod: web, objects: around({ spec: { paused: true } }), troubles: [{ verb: 'get', resource: 'deployments', how: 'forbidden' }], codes: ['recreated'], unknown: ['owner-controller', 'last-replica', 'rollout'] },
  ],
};
