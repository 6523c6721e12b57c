import { healthyNode, marked, notReady, object, ownedBy, pod } from '../../model/objects.ts';
import { deployment, replicaSet, statefulSet, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const job = (parts: Parameters<typeof object>[3]) => object('batch/v1', 'Job', 'import', { spec: { selector: { matchLabels: { job: 'import' } }, ...parts?.spec }, ...(parts?.status === undefined ? {} : { status: parts.status }) });
const jobPod = pod('import-x', { metadata: { labels: { job: 'import' }, ...ownedBy('batch/v1', 'Job', 'import') } });
const virtualMachine = { group: 'kubevirt.io', version: 'v1', kind: 'VirtualMachineInstance', resource: 'virtualmachineinstances' };
const cloneSets = { group: 'apps.kruise.io', version: 'v1beta1', kind: 'StatefulSet', resource: 'statefulsets' };
const gonePod = (uid: string) => webPod('web-a', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'web-7d', { uid }) });

export const cases: CheckCases = {
  check: 'owner-controller',
  found: [
    { says: 'a live pod without owner is bare', pod: pod('lone'), objects: healthyNode(), codes: ['bare-pod'], data: { phase: 'Running' } },
    { says: 'a bare pod that is Pending is bare as well', pod: pod('lone', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady, containerStatuses: [] } }), codes: ['bare-pod'] },
    { says: 'the owner does not exist any more', pod: webPod('web-a'), objects: healthyNode(), codes: ['owner-gone'] },
    { says: 'an owner of the same name with another uid is another owner', pod: gonePod('uid-before'), objects: webWorkload, codes: ['owner-gone'] },
    { says: 'a Deployment recreates, through its ReplicaSet', pod: webPod('web-a'), objects: webWorkload, codes: ['recreated'], data: { sameName: false, meant: 'scale', replicas: 2 } },
    { says: 'a DaemonSet recreates on the same node', pod: pod('agent-x', { metadata: ownedBy('apps/v1', 'DaemonSet', 'agent') }), objects: [object('apps/v1', 'DaemonSet', 'agent', { spec: { selector: { matchLabels: { app: 'agent' } } } }), ...healthyNode()], codes: ['recreated', 'comes-straight-back'], data: { meant: 'delete' } },
    { says: 'a ReplicationController recreates', pod: pod('old-x', { metadata: ownedBy('v1', 'ReplicationController', 'old') }), objects: [object('v1', 'ReplicationController', 'old', { spec: { replicas: 1, selector: { app: 'old' } } }), ...healthyNode()], codes: ['recreated', 'last-ready-pods'] },
    { says: 'a running Job recreates', pod: jobPod, objects: [job({}), ...healthyNode()], codes: ['recreated', 'retries-left'], data: { meant: 'suspend' } },
    { says: 'a ReplicaSet of 0 replicas creates nothing', pod: webPod('web-a'), objects: [deployment(), replicaSet({ spec: { replicas: 0 } }), ...healthyNode()], codes: ['not-recreated'], data: { because: 'scaled-to-zero' } },
    { says: 'a Deployment that is being deleted takes its ReplicaSet along', pod: webPod('web-a'), objects: [deployment({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }), replicaSet(), ...healthyNode()], codes: ['not-recreated'], data: { because: 'owner-terminating' } },
    { says: 'a finished Job creates nothing', pod: jobPod, objects: [job({ status: { conditions: [{ type: 'Complete', status: 'True' }] } }), ...healthyNode()], codes: ['not-recreated'], data: { because: 'job-finished' } },
    { says: 'a suspended Job creates nothing', pod: jobPod, objects: [job({ spec: { suspend: true } }), ...healthyNode()], codes: ['not-recreated'], data: { because: 'job-suspended' } },
    { says: 'an ordinal above the replicas does not come back', pod: pod('db-5', { metadata: { labels: { app: 'db' }, ...ownedBy('apps/v1', 'StatefulSet', 'db') } }), objects: [statefulSet(), ...healthyNode()], codes: ['not-recreated'], data: { because: 'ordinal-outside-replicas' } },
    { says: 'an ordinal below the start does not come back', pod: pod('db-0', { metadata: { labels: { app: 'db' }, ...ownedBy('apps/v1', 'StatefulSet', 'db') } }), objects: [statefulSet({ spec: { ordinals: { start: 1 } } }), ...healthyNode()], codes: ['not-recreated'], data: { because: 'ordinal-outside-replicas' } },
    { says: 'a custom controller decides for itself', pod: pod('vm-x', { metadata: ownedBy('kubevirt.io/v1', 'VirtualMachineInstance', 'vm') }), kinds: [virtualMachine], objects: [object('kubevirt.io/v1', 'VirtualMachineInstance', 'vm'), ...healthyNode()], codes: ['owned-by-unknown-kind'], data: { controller: true } },
    { says: 'a StatefulSet of another group is no StatefulSet', pod: pod('db-0', { metadata: ownedBy('apps.kruise.io/v1beta1', 'StatefulSet', 'db') }), kinds: [cloneSets], objects: [object('apps.kruise.io/v1beta1', 'StatefulSet', 'db', { spec: { replicas: 0 } }), ...healthyNode()], codes: ['owned-by-unknown-kind'] },
    { says: 'an owner without the controller flag owns, and nothing says that it recreates', pod: pod('exec-1', { metadata: ownedBy('v1', 'Pod', 'driver', { controller: false }) }), objects: [pod('driver'), ...healthyNode()], codes: ['owned-by-unknown-kind'], data: { controller: false } },
    { says: 'of several owners the controller counts', pod: pod('web-a', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'uid-x' }, { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-7d', uid: 'uid-web-7d', controller: true }] } }), objects: webWorkload, codes: ['recreated'] },
    { says: 'an owner reference of an old version finds the owner under the version that is served', pod: webPod('web-a', { metadata: ownedBy('apps/v1beta2', 'ReplicaSet', 'web-7d') }), objects: webWorkload, codes: ['recreated'] },
    { says: 'a finished pod has ended, whoever owns it', pod: jobPodDone(), objects: [job({}), ...healthyNode()], codes: ['finished-pod', 'counted-already'], data: { phase: 'Succeeded' } },
    { says: 'a pod of kubectl debug is no bare pod', pod: pod('web-a-copy', { metadata: { labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } } }), objects: healthyNode(), codes: ['debug-pod'] },
    { says: 'a node debugger of an older kubectl is told by its name and container', pod: pod('node-debugger-node-1-abcde', { spec: { containers: [{ name: 'debugger', image: 'busybox' }] } }), objects: healthyNode(), codes: ['debug-pod'] },
    { says: "a Deployment makes its newest ReplicaSet again", object: replicaSet(), objects: [deployment()], codes: ['recreated'], data: { sameName: true, meant: 'delete' } },
    { says: 'a CronJob makes another Job at its next time', object: object('batch/v1', 'Job', 'import', { metadata: ownedBy('batch/v1', 'CronJob', 'nightly') }), objects: [object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *' } })], codes: ['next-on-schedule'], data: { schedule: '0 3 * * *' } },
    { says: 'a custom resource decides about its Deployment', object: deployment({ metadata: ownedBy('example.com/v1', 'Widget', 'sprocket') }), kinds: [{ group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' }], objects: [object('example.com/v1', 'Widget', 'sprocket')], codes: ['owned-by-unknown-kind'], data: { controller: true } },
    { says: 'the API server makes its own Service again', object: object('v1', 'Service', 'kubernetes', { metadata: { namespace: 'default' } }), codes: ['made-again'], data: { by: 'The API server' } },
  ],
  clear: [
    { says: 'a Service called kubernetes elsewhere is like any other', object: object('v1', 'Service', 'kubernetes'), codes: ['nothing-behind'] },
    { says: 'an older ReplicaSet does not come back', object: replicaSet({ metadata: { annotations: { 'deployment.kubernetes.io/revision': '1' } } }), objects: [deployment({ metadata: { annotations: { 'deployment.kubernetes.io/revision': '2' } } })], codes: ['revision-lost'] },
    { says: 'a suspended CronJob makes no other Job', object: object('batch/v1', 'Job', 'import', { metadata: ownedBy('batch/v1', 'CronJob', 'nightly') }), objects: [object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *', suspend: true } })], codes: [] },
    { says: 'its owner goes in the same run and creates nothing', pod: webPod('web-a'), also: [deployment(), replicaSet()], objects: [webPod('web-spare'), ...healthyNode()], codes: [] },
    { says: 'a mirror pod has the mirror-pod finding only', pod: pod('etcd-node-1', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' }, ...ownedBy('v1', 'Node', 'node-1') } }), objects: healthyNode(), codes: ['static-pod'] },
    { says: 'a pod that is Terminating already is judged by the terminating check only', pod: pod('lone', { metadata: marked(30, 5) }), objects: healthyNode(), codes: ['already-terminating'] },
  ],
  unknown: [
    { says: 'an owner that may not be read is unknown, not gone', pod: webPod('web-a'), objects: webWorkload, troubles: [{ verb: 'get', resource: 'replicasets', how: 'forbidden' }], codes: [], unknown: ['owner-controller', 'last-replica', 'rollout'] },
    { says: 'a page of a gateway does not prove that the owner is gone', pod: webPod('web-a'), objects: webWorkload, troubles: [{ verb: 'get', resource: 'replicasets', how: 'not-found-page' }], codes: [], unknown: ['owner-controller', 'last-replica', 'rollout'] },
    { says: 'an owner whose kind the server does not serve is unknown', pod: pod('x-1', { metadata: ownedBy('gone.example.com/v1', 'Thing', 'x') }), objects: healthyNode(), codes: [], unknown: ['owner-controller'] },
    { says: 'an owner whose group serves no such kind is unknown', pod: pod('x-1', { metadata: ownedBy('kubevirt.io/v1', 'Thing', 'x') }), kinds: [virtualMachine], objects: healthyNode(), codes: [], unknown: ['owner-controller'] },
    { says: 'an owner higher up that cannot be read leaves what is known below', pod: webPod('web-a'), objects: webWorkload, troubles: [{ verb: 'get', resource: 'deployments', how: 'server-error' }], codes: ['recreated'], unknown: ['owner-controller', 'last-replica', 'rollout'] },
    { says: 'a read that does not end in time is unknown', pod: webPod('web-a'), objects: webWorkload, troubles: [{ verb: 'get', resource: 'replicasets', how: 'silence' }], codes: [], unknown: ['owner-controller', 'last-replica', 'rollout'] },
  ],
};

function jobPodDone() {
  return pod('import-x', { metadata: { labels: { job: 'import' }, ...ownedBy('batch/v1', 'Job', 'import') }, status: { phase: 'Succeeded', ...notReady } });
}
