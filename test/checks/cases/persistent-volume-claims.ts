import { marked, notReady } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, mounts, volume, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const uses = (name: string, parts: Parts = {}) => webPod(name, { ...parts, spec: { ...mounts('data'), ...parts.spec } });
const ofPod = { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-a', uid: 'uid-web-a' }] };
const going = claim('data', { metadata: marked(0, 60) });
const ephemeral = { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: {} } } }] };

export const cases: CheckCases = {
  check: 'persistent-volume-claims',
  found: [
    { says: 'a claim stays when its pod goes', pod: uses('web-a'), objects: [claim('data'), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claims-stay'], data: { claims: [{ name: 'data', accessModes: ['ReadWriteOnce'] }] } },
    { says: 'a claim that the pod owns goes with it, and the data', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claim-goes-with-pod'], data: { volume: 'pv-data', reclaim: 'Delete' } },
    { says: 'Recycle wipes the data and counts as Delete', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Recycle'), ...webWorkload], codes: ['recreated', 'claim-goes-with-pod'], data: { reclaim: 'Delete' } },
    { says: 'the last user of a claim that is Terminating takes it along', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a finished pod holds a claim as well', pod: uses('web-a', { status: { phase: 'Succeeded', ...notReady } }), objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['finished-pod', 'last-user-of-terminating-claim'] },
    { says: 'two targets that are the last users together are the last users', pod: uses('web-a'), also: [uses('web-b')], objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a user that is not scheduled holds no claim', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady } }), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a user that is Terminating itself does not hold it for long', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b', { metadata: marked(30, 5) }), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'Retain keeps volume and data', pod: uses('web-a'), objects: [going, volume('data', 'Retain'), ...webWorkload], codes: ['recreated', 'volume-retained'] },
    { says: 'a generic ephemeral volume is meant to go', pod: webPod('web-a', { spec: ephemeral }), objects: [claim('web-a-scratch', { metadata: ofPod }), volume('web-a-scratch', 'Delete'), ...webWorkload], codes: ['recreated', 'ephemeral-volume'] },
    { says: 'a claim that does not exist is missing', pod: uses('web-a'), objects: webWorkload, codes: ['recreated', 'claim-missing'] },
  ],
  clear: [
    { says: 'a pod without claims', pod: webPod('web-a', { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } }), objects: webWorkload, codes: ['recreated', 'local-data-lost'] },
    { says: 'another running user holds a claim that is Terminating', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b'), ...webWorkload], codes: ['recreated', 'claims-stay'] },
    { says: 'a claim that another object owns stays', pod: uses('web-a'), objects: [claim('data', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-a', uid: 'uid-of-a-predecessor' }] } }), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claims-stay'] },
    { says: 'a claim that goes and never had a volume has no data to lose, and is not said to stay', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod, spec: { volumeName: undefined }, status: { phase: 'Pending' } }), ...webWorkload], codes: ['recreated'] },
  ],
  unknown: [
    { says: 'a claim that may not be read is unknown', pod: uses('web-a'), objects: [claim('data'), ...webWorkload], troubles: [{ verb: 'get', resource: 'persistentvolumeclaims', how: 'forbidden' }], codes: ['recreated'], unknown: ['persistent-volume-claims'] },
    { says: 'a reclaim policy that may not be read counts as Delete', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Retain'), ...webWorkload], troubles: [{ verb: 'get', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['recreated', 'claim-goes-with-pod'], unknown: ['persistent-volume-claims'], data: { reclaim: 'unknown' } },
    { says: 'users that may not be listed count as none', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b'), ...webWorkload], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['recreated', 'last-user-of-terminating-claim'], unknown: ['dependents', 'persistent-volume-claims', 'last-replica'] },
  ],
};
