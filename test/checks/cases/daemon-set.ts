import { daemonPod, daemonSet } from '../../model/around.ts';
import { healthyNode, notReady, ownedBy, pod } from '../../model/objects.ts';
import { webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const agent = daemonPod('3', 'h3');
const advanced = { group: 'apps.kruise.io', version: 'v1alpha1', kind: 'DaemonSet', resource: 'daemonsets' };

export const cases: CheckCases = {
  check: 'daemon-set',
  found: [
    { says: 'it comes straight back on that node', pod: agent, objects: [daemonSet(), ...healthyNode()], codes: ['recreated', 'comes-straight-back'], data: { node: 'node-1' } },
    { says: 'one that is not Ready as well', pod: daemonPod('3', 'h3', { status: notReady }), objects: [daemonSet(), ...healthyNode()], codes: ['recreated', 'comes-straight-back'] },
  ],
  clear: [
    { says: 'a pod of a Deployment comes back anywhere', pod: webPod('web-a'), objects: webWorkload, codes: ['recreated'] },
    { says: 'on a node that is gone nothing comes back', pod: agent, objects: [daemonSet()], codes: ['recreated', 'node-gone'] },
    { says: 'a DaemonSet that is being deleted brings nothing back', pod: agent, objects: [daemonSet({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }), ...healthyNode()], codes: ['not-recreated'] },
    { says: 'a DaemonSet of another group is no DaemonSet', pod: pod('agent-x', { metadata: ownedBy('apps.kruise.io/v1alpha1', 'DaemonSet', 'agent') }), kinds: [advanced], objects: healthyNode(), codes: ['owner-gone'] },
  ],
  unknown: [{ says: 'a set that may not be read is unknown', pod: agent, objects: [daemonSet(), ...healthyNode()], troubles: [{ verb: 'get', resource: 'daemonsets', how: 'forbidden' }], codes: [], unknown: ['owner-controller', 'rollout', 'daemon-set'] }],
};
