import { daemonPod, daemonSet, job, jobPod, routed } from '../../model/around.ts';
import { healthyNode, marked, notReady, object, ownedBy, pod } from '../../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const alone = [deployment(), replicaSet(), ...healthyNode()];
/** Pods of Deployment web under its older and newer ReplicaSets, as the controller names and labels them. */
const ofHash = (name: string, hash: string) => webPod(name, { metadata: { labels: { app: 'web', 'pod-template-hash': hash }, ...ownedBy('apps/v1', 'ReplicaSet', `web-${hash}`) } });
const hashed = [deployment(), object('apps/v1', 'ReplicaSet', 'web-1a', { metadata: ownedBy('apps/v1', 'Deployment', 'web'), spec: { replicas: 1, selector: { matchLabels: { app: 'web', 'pod-template-hash': '1a' } } } }), ...healthyNode()];
const controller = object('v1', 'ReplicationController', 'old', { spec: { replicas: 1, selector: { app: 'old' } } });

export const cases: CheckCases = {
  check: 'last-replica',
  found: [
    { says: 'the only Ready pod of a Deployment', pod: web, objects: alone, codes: ['recreated', 'last-ready-pods'], data: { readyNow: 1, replicas: 2 } },
    { says: 'all Ready pods of a Deployment in one run', pod: web, also: [webPod('web-b')], objects: alone, codes: ['recreated', 'last-ready-pods'], data: { readyNow: 2 } },
    { says: 'pods that are not Ready, Terminating or finished are no replicas', pod: web, objects: [webPod('web-b', { status: notReady }), webPod('web-c', { metadata: marked(30, 5) }), webPod('web-d', { status: { phase: 'Failed' } }), ...alone], codes: ['recreated', 'last-ready-pods'] },
    { says: 'a pod with the same labels that another controls is no replica', pod: web, objects: [pod('stray', { metadata: { labels: { app: 'web' } } }), ...alone], codes: ['recreated', 'last-ready-pods'] },
    { says: 'a pod of another Deployment whose labels overlap is no replica', pod: ofHash('web-a', '1a'), objects: [pod('shop-z', { metadata: { labels: { app: 'web', 'pod-template-hash': '9f' }, ...ownedBy('apps/v1', 'ReplicaSet', 'shop-9f') } }), ...hashed], codes: ['recreated', 'last-ready-pods'] },
    { says: 'the only Ready pod of a ReplicationController', pod: pod('old-x', { metadata: { labels: { app: 'old' }, ...ownedBy('v1', 'ReplicationController', 'old') } }), objects: [controller, ...healthyNode()], codes: ['recreated', 'last-ready-pods'], data: { gentler: { how: 'scale', workload: { group: '', version: 'v1', kind: 'ReplicationController', resource: 'replicationcontrollers', namespace: 'shop', name: 'old', uid: 'uid-old' }, replicas: 1 } } },
    { says: 'the only Ready pod of a ReplicaSet of its own', pod: webPod('web-a', { metadata: { labels: { app: 'web' } } }), objects: [replicaSet({ metadata: { ownerReferences: [] } }), ...healthyNode()], codes: ['recreated', 'last-ready-pods'] },
    { says: 'Services that may not be read silence nothing', pod: web, objects: alone, troubles: [{ verb: 'list', resource: 'endpointslices', how: 'forbidden' }], codes: ['recreated', 'last-ready-pods'], unknown: ['service-endpoints'] },
  ],
  clear: [
    { says: 'an ordinary pod with a spare Ready replica', pod: web, objects: webWorkload, codes: ['recreated'] },
    { says: 'a pod of the newer ReplicaSet of the same Deployment is a replica', pod: ofHash('web-a', '1a'), objects: [ofHash('web-n', '2b'), ...hashed], codes: ['recreated'] },
    { says: 'a crash-looping single replica', pod: webPod('web-a', { status: notReady }), objects: alone, codes: ['recreated'] },
    { says: 'a fresh single replica', pod: webPod('web-a', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady, containerStatuses: [] } }), objects: alone, codes: ['recreated'] },
    { says: 'where a Service is left empty, that is what is said', pod: web, objects: [...routed('web', 'web-a'), ...alone], codes: ['recreated', 'no-endpoint-left'] },
    { says: "where a set falls below its majority, that is what is said", pod: member(0), objects: [statefulSet({ spec: { replicas: 1 } }), ...healthyNode()], codes: ['recreated', 'below-majority'] },
    { says: 'a workload that is being deleted does not stay', pod: web, objects: [deployment({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }), replicaSet(), ...healthyNode()], codes: ['not-recreated'] },
    { says: 'a workload that is scaled to zero wants none', pod: web, objects: [deployment({ spec: { replicas: 0 } }), replicaSet({ spec: { replicas: 0 } }), ...healthyNode()], codes: ['not-recreated'] },
    { says: 'a DaemonSet has one pod a node', pod: daemonPod('3', 'h3'), objects: [daemonSet(), ...healthyNode()], codes: ['recreated', 'comes-straight-back'] },
    { says: 'a Job has no replicas', pod: jobPod('import-x'), objects: [job(), ...healthyNode()], codes: ['recreated', 'retries-left'] },
    { says: 'a bare pod is no replica', pod: pod('lone'), objects: healthyNode(), codes: ['bare-pod'] },
  ],
  unknown: [
    { says: 'replicas that may not be listed are unknown', pod: web, objects: alone, troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['recreated'], unknown: ['last-replica', 'dependents'] },
    { says: 'a ReplicaSet that may not be read is unknown', pod: web, objects: alone, troubles: [{ verb: 'get', resource: 'replicasets', how: 'forbidden' }], codes: [], unknown: ['owner-controller', 'last-replica', 'rollout'] },
  ],
};
