import { healthyNode, node, nodeLease, notReady } from '../../model/objects.ts';
import { webController, webPod } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const workload = webController;
const outOfService = { taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] };

export const cases: CheckCases = {
  check: 'node-readiness',
  found: [
    { says: 'a silent node', pod: web, objects: [node('node-1', 'Unknown'), nodeLease('node-1', 300), ...workload], codes: ['recreated', 'node-not-ready'], data: { status: 'Unknown', node: 'node-1' } },
    { says: 'a node that says it is not ready', pod: web, objects: [node('node-1', 'False'), nodeLease('node-1', 3), ...workload], codes: ['recreated', 'node-not-ready'], data: { status: 'False' } },
    { says: 'a node that is gone', pod: web, objects: workload, codes: ['recreated', 'node-gone'] },
    { says: 'a silent node that was declared shut down', pod: web, objects: [node('node-1', 'Unknown', outOfService), nodeLease('node-1', 300), ...workload], codes: ['recreated', 'node-out-of-service'] },
    { says: 'a Ready node whose Lease is stale has just died', pod: web, objects: [node('node-1', 'True'), nodeLease('node-1', 45), ...workload], codes: ['recreated', 'node-lease-stale'], data: { ageSeconds: 45 } },
    { says: 'a finished pod on a lost node is a note', pod: webPod('web-a', { status: { phase: 'Failed', ...notReady } }), objects: workload, codes: ['finished-pod', 'finished-pod-on-lost-node'] },
  ],
  clear: [
    { says: 'a healthy node', pod: web, objects: [...healthyNode(), ...workload], codes: ['recreated'] },
    { says: 'a Lease that is 39 s old is fresh enough', pod: web, objects: [node('node-1', 'True'), nodeLease('node-1', 39), ...workload], codes: ['recreated'] },
    { says: 'a Lease of the future (clocks differ) is fresh', pod: web, objects: [node('node-1', 'True'), nodeLease('node-1', -20), ...workload], codes: ['recreated'] },
    { says: 'a pod on no node', pod: webPod('web-a', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady } }), objects: workload, codes: ['recreated'] },
    { says: 'another node does not matter', pod: web, objects: [...healthyNode(), node('node-2', 'Unknown'), ...workload], codes: ['recreated'] },
  ],
  unknown: [
    { says: 'a node that may not be read is unknown', pod: web, objects: [...healthyNode(), ...workload], troubles: [{ verb: 'get', resource: 'nodes', how: 'forbidden' }], codes: ['recreated'], unknown: ['node-readiness'] },
    { says: 'a Lease that may not be read leaves what the Node says', pod: web, objects: [node('node-1', 'False'), ...workload], troubles: [{ verb: 'get', resource: 'leases', how: 'forbidden' }], codes: ['recreated', 'node-not-ready'], unknown: ['node-readiness'] },
    { says: 'a node that is not answered for in time is unknown', pod: web, objects: [...healthyNode(), ...workload], troubles: [{ verb: 'get', resource: 'nodes', how: 'silence' }], codes: ['recreated'], unknown: ['node-readiness', 'owner-controller', 'last-replica', 'rollout'] },
  ],
};
