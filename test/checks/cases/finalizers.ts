import { marked } from '../../model/objects.ts';
import { controllerManagerLease, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const held = (...finalizers: readonly string[]) => webPod('web-a', { metadata: { finalizers } });
const workflows = { group: 'argoproj.io', version: 'v1alpha1', kind: 'Workflow', resource: 'workflows' };
const tracked = 'batch.kubernetes.io/job-tracking';

export const cases: CheckCases = {
  check: 'finalizers',
  found: [
    { says: 'no API of the cluster belongs to the finalizer', pod: held('cleanup.example.com/disk'), objects: webWorkload, codes: ['recreated', 'finalizer-controller-missing'], data: { domain: 'cleanup.example.com', setBy: null } },
    {
      says: 'the field manager that set it is named',
      pod: webPod('web-a', { metadata: { finalizers: ['cleanup.example.com/disk'], managedFields: [{ manager: 'disk-operator', fieldsV1: { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"cleanup.example.com/disk"': {} } } } }] } }),
      objects: webWorkload,
      codes: ['recreated', 'finalizer-controller-missing'],
      data: { setBy: 'disk-operator' },
    },
    { says: 'a controller manager that lost its leader an hour ago does nothing', pod: held(tracked), objects: [controllerManagerLease(3600), ...webWorkload], codes: ['recreated', 'finalizer-controller-dead'], data: { lastSeenSeconds: 3600 } },
    { says: 'an API of the same domain is there, but nothing shows that its controller runs', pod: held('workflows.argoproj.io/status'), kinds: [workflows], objects: webWorkload, codes: ['recreated', 'finalizer-controller-unknown'] },
    { says: 'of the groups below a domain no single one is its controller', pod: held('io/status'), kinds: [workflows], objects: webWorkload, codes: ['recreated', 'finalizer-controller-unknown'], data: { domain: 'io' } },
    { says: 'a finalizer without a domain tells nothing', pod: held('mine'), objects: webWorkload, codes: ['recreated', 'finalizer-controller-unknown'], data: { domain: null } },
    { says: 'names of object properties are finalizers like others', pod: held('constructor'), objects: webWorkload, codes: ['recreated', 'finalizer-controller-unknown'] },
    { says: 'a known finalizer whose controller leads is a note', pod: held(tracked), objects: [controllerManagerLease(2), ...webWorkload], codes: ['recreated', 'finalizer-known'] },
    { says: 'each finalizer has its own finding', pod: held(tracked, 'mine'), objects: [controllerManagerLease(2), ...webWorkload], codes: ['recreated', 'finalizer-known', 'finalizer-controller-unknown'] },
  ],
  clear: [
    { says: 'a pod without finalizers', pod: webPod('web-a'), objects: webWorkload, codes: ['recreated'] },
    { says: 'a domain is compared by whole labels', pod: held('x.notargoproj.io/status'), kinds: [workflows], objects: webWorkload, codes: ['recreated', 'finalizer-controller-missing'] },
    { says: 'what holds a Terminating pod is said by the terminating check', pod: webPod('web-a', { metadata: { finalizers: ['mine'], ...marked(0, 60) } }), objects: webWorkload, codes: ['already-terminating'] },
  ],
  unknown: [
    { says: 'API groups that cannot be read prove no absence', pod: held('cleanup.example.com/disk'), objects: webWorkload, troubles: [{ verb: 'raw', resource: '/apis', how: 'server-error' }], codes: ['recreated', 'finalizer-controller-unknown'], unknown: ['finalizers'] },
    { says: 'a Lease that may not be read leaves the note and makes the check unknown', pod: held(tracked), objects: webWorkload, troubles: [{ verb: 'get', resource: 'leases', how: 'forbidden' }], codes: ['recreated', 'finalizer-known'], unknown: ['finalizers', 'node-readiness'] },
  ],
};
