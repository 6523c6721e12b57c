import { ended, healthyNode, marked, node, nodeLease, notReady, ownedBy, pod } from '../../model/objects.ts';
import { member, statefulSet } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const three = [member(1), member(2), statefulSet(), ...healthyNode()];
const force = { force: true, grace: 0 } as const;
const outOfService = { taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] };
const r0 = (ordinal: number) => member(ordinal, { metadata: { labels: { app: 'db', 'controller-revision-hash': 'r0', 'apps.kubernetes.io/pod-index': String(ordinal) }, ...ownedBy('apps/v1', 'StatefulSet', 'db') } });

export const cases: CheckCases = {
  check: 'stateful-set',
  found: [
    { says: 'force frees an identity while the process may run', pod: member(0), objects: three, ...force, codes: ['recreated', 'forced-identity', 'margin-left'], data: { by: 'force', node: 'node-1', nodeReady: true } },
    { says: 'a silent node proves nothing', pod: member(0), objects: [member(1), member(2), statefulSet(), node('node-1', 'Unknown'), nodeLease('node-1', 300)], ...force, codes: ['recreated', 'forced-identity', 'margin-left', 'node-not-ready'], data: { nodeReady: false } },
    { says: 'the out-of-service taint on a node that still answers proves nothing', pod: member(0), objects: [member(1), member(2), statefulSet(), node('node-1', 'True', outOfService), nodeLease('node-1', 3)], ...force, codes: ['recreated', 'forced-identity', 'margin-left'] },
    { says: 'grace 0 without --force is the same', pod: member(0), objects: three, grace: 0, codes: ['recreated', 'forced-identity', 'margin-left'], data: { by: 'grace-zero' } },
    { says: 'a Terminating member whose containers still run may not be forced either', pod: member(0, { metadata: { ...member(0).metadata, ...marked(30, 60) } }), objects: three, ...force, codes: ['recreated', 'forced-identity', 'already-terminating'] },
    { says: 'a set that is scaled to zero still has identities', pod: member(0), objects: [statefulSet({ spec: { replicas: 0 } }), ...healthyNode()], ...force, codes: ['not-recreated', 'forced-identity'] },
    { says: 'one of three is down already: the majority goes', pod: member(0), objects: [member(1), member(2, { status: notReady }), statefulSet(), ...healthyNode()], codes: ['recreated', 'below-majority'], data: { readyNow: 2, readyAfter: 1, majority: 2 } },
    { says: 'a member that is Terminating does not count as ready', pod: member(0), objects: [member(1), member(2, { metadata: { ...member(2).metadata, ...marked(30, 1) } }), statefulSet(), ...healthyNode()], codes: ['recreated', 'below-majority'] },
    { says: 'two targets of one set count together', pod: member(0), also: [member(1)], objects: [member(2), statefulSet(), ...healthyNode()], codes: ['recreated', 'below-majority'], data: { readyAfter: 1 } },
    { says: 'the only member leaves nothing', pod: member(0), objects: [statefulSet({ spec: { replicas: 1 } }), ...healthyNode()], codes: ['recreated', 'below-majority'], data: { readyAfter: 0, majority: 1 } },
    { says: 'three ready members keep the majority', pod: member(0), objects: three, codes: ['recreated', 'margin-left'], data: { readyAfter: 2, majority: 2 } },
    { says: 'above the partition it comes back as the new version', pod: member(2), objects: [member(0), member(1), statefulSet({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, status: { updateRevision: 'r2' } }), ...healthyNode()], codes: ['recreated', 'margin-left', 'other-revision'], data: { from: 'r1', to: 'r2' } },
    { says: 'with OnDelete the deletion is the update', pod: member(0), objects: [member(1), member(2), statefulSet({ spec: { updateStrategy: { type: 'OnDelete' } }, status: { updateRevision: 'r2' } }), ...healthyNode()], codes: ['recreated', 'margin-left', 'other-revision'], data: { strategy: 'OnDelete' } },
    { says: 'below the partition an updated pod comes back as the old version', pod: r0(0), objects: [member(1), member(2), statefulSet({ spec: { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 1 } } } }), ...healthyNode()], codes: ['recreated', 'margin-left', 'other-revision'], data: { from: 'r0', to: 'r1' } },
    { says: 'a lower ordinal that is not Ready holds up the replacement', pod: member(2), objects: [member(0, { status: notReady }), member(1), statefulSet(), ...healthyNode()], codes: ['recreated', 'below-majority', 'lower-ordinal-unhealthy'], data: { podName: 'db-0', state: 'not Ready (Running)' } },
    { says: 'a lower ordinal that is missing holds it up too', pod: member(1), objects: [member(2), statefulSet(), ...healthyNode()], codes: ['recreated', 'below-majority', 'lower-ordinal-unhealthy'], data: { podName: 'db-0', state: 'missing', pod: null } },
    { says: 'ordinals count from the start of the set', pod: member(6), objects: [member(5, { status: notReady }), member(7), statefulSet({ spec: { ordinals: { start: 5 } } }), ...healthyNode()], codes: ['recreated', 'below-majority', 'lower-ordinal-unhealthy'], data: { podName: 'db-5' } },
  ],
  clear: [
    { says: 'a member that was never scheduled may be forced', pod: member(0, { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady, containerStatuses: [] } }), objects: three, ...force, codes: ['recreated'] },
    { says: 'a member that has failed may be forced', pod: member(0, { status: { phase: 'Failed', ...notReady } }), objects: three, ...force, codes: ['finished-pod'] },
    { says: 'a member whose node is gone may be forced', pod: member(0), objects: [member(1), member(2), statefulSet()], ...force, codes: ['recreated', 'margin-left', 'node-gone'] },
    { says: 'a member on a silent node that was declared shut down may be forced', pod: member(0), objects: [member(1), member(2), statefulSet(), node('node-1', 'Unknown', outOfService)], ...force, codes: ['recreated', 'margin-left', 'node-out-of-service'] },
    { says: 'a Terminating member whose containers have ended may be forced', pod: member(0, { metadata: { ...member(0).metadata, ...marked(30, 5) }, status: { containerStatuses: [ended('app', 143, -2)] } }), objects: three, ...force, codes: ['recreated', 'already-terminating'] },
    { says: 'deleting the member that is not Ready changes no majority', pod: member(2, { status: notReady }), objects: [member(0), member(1), statefulSet(), ...healthyNode()], codes: ['recreated'] },
    { says: 'with Parallel no ordinal waits for another', pod: member(2), objects: [member(0, { status: notReady }), member(1), statefulSet({ spec: { podManagementPolicy: 'Parallel' } }), ...healthyNode()], codes: ['recreated', 'below-majority'] },
    { says: 'a higher ordinal that is not Ready holds up nobody', pod: member(0), objects: [member(1), member(2), member(3, { status: notReady }), statefulSet({ spec: { replicas: 4 } }), ...healthyNode()], codes: ['recreated', 'below-majority'] },
    { says: 'a bare pod has no identity', pod: pod('lone'), objects: healthyNode(), ...force, codes: ['bare-pod', 'force-not-proved'] },
    { says: 'another pod with the same labels is no member', pod: member(0), objects: [pod('stray', { metadata: { labels: { app: 'db' } } }), ...three], codes: ['recreated', 'margin-left'], data: { readyAfter: 2 } },
    { says: 'a short grace period is no force', pod: member(0), objects: three, grace: 1, codes: ['recreated', 'margin-left', 'shorter-grace-with-data'] },
  ],
  unknown: [
    { says: 'members that may not be listed are unknown', pod: member(0), objects: three, troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['recreated'], unknown: ['dependents', 'stateful-set'] },
    { says: 'a node that may not be read refuses force', pod: member(0), objects: three, troubles: [{ verb: 'get', resource: 'nodes', how: 'forbidden' }], ...force, codes: ['recreated', 'forced-identity', 'margin-left'], unknown: ['node-readiness'] },
    { says: 'a set that may not be read refuses force', pod: member(0), objects: three, troubles: [{ verb: 'get', resource: 'statefulsets', how: 'forbidden' }], ...force, codes: ['forced-identity'], unknown: ['owner-controller', 'stateful-set'] },
    { says: 'a gateway without the node page does not prove that the node is gone', pod: member(0), objects: three, troubles: [{ verb: 'get', resource: 'nodes', how: 'not-found-page' }], ...force, codes: ['recreated', 'forced-identity', 'margin-left'], unknown: ['node-readiness'] },
  ],
};

