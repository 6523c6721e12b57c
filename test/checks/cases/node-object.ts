import { node, object, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { webPod } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const localVolume = (name: string, on: readonly string[], more: Parts = {}) =>
  object('v1', 'PersistentVolume', name, {
    spec: { local: { path: '/data' }, claimRef: { namespace: 'shop', name: `claim-of-${name}` }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: on }] }] } }, ...more.spec },
    status: { phase: 'Bound', ...more.status },
  });
const daemonPod = pod('agent-1', { metadata: ownedBy('apps/v1', 'DaemonSet', 'agent') });
const mirror = pod('etcd-node-1', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
const done = pod('done', { status: { phase: 'Succeeded', conditions: [] } });
const still = [daemonPod, mirror, done];
const karpenter = object('v1', 'Node', 'node-1', { metadata: { finalizers: ['karpenter.sh/termination'] }, status: { conditions: [{ type: 'Ready', status: 'Unknown' }] } });

export const cases: CheckCases = {
  check: 'node-object',
  found: [
    {
      says: 'a Ready node with pods',
      object: node('node-1', 'True'),
      objects: [webPod('web-a'), pod('lone', { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } }), ...still],
      codes: ['node-still-ready'],
      data: { pods: 2, names: ['shop/web-a', 'shop/lone'], bare: 1, withLocalData: 1, cordoned: false },
    },
    { says: 'a Ready node that is cordoned and empty is still Ready', object: node('node-1', 'True', { unschedulable: true }), objects: still, codes: ['node-still-ready'], data: { pods: 0, cordoned: true } },
    { says: 'pods on a node that does not answer', object: node('node-1', 'Unknown'), objects: [webPod('web-a'), ...still], codes: ['pods-on-dead-node'], data: { pods: 1, status: 'Unknown' } },
    { says: 'pods of many nodes are told apart in one list', object: node('node-1', 'False'), also: ['a', 'b', 'c', 'd'].map((name) => node(name, 'False')), objects: [webPod('web-a'), webPod('web-b', { spec: { nodeName: 'a' } })], codes: ['pods-on-dead-node'], data: { pods: 1, names: ['shop/web-a'], status: 'False' } },
    { says: 'a volume that is only there', object: node('node-1', 'Unknown'), objects: [localVolume('disk', ['node-1']), ...still], codes: ['local-volumes-on-node'], data: { volumes: [{ name: 'disk', claim: 'shop/claim-of-disk' }] } },
    { says: 'a node that says nothing, with nothing on it', object: node('node-1', 'Unknown'), objects: still, codes: ['dead-and-empty'], data: { status: 'Unknown' } },
    { says: 'a node that never reported counts as silent', object: object('v1', 'Node', 'fake', {}), codes: ['dead-and-empty'] },
    { says: 'a machine that is terminated with its node', object: karpenter, codes: ['finalizer-controller-missing', 'machine-goes-with-node', 'dead-and-empty'] },
  ],
  clear: [
    { says: 'pods of other nodes', object: node('node-1', 'False'), objects: [webPod('web-a', { spec: { nodeName: 'node-2' } })], codes: ['dead-and-empty'] },
    { says: 'pods that are named in this run', object: node('node-1', 'False'), also: [webPod('web-a')], codes: ['dead-and-empty'] },
    { says: 'a volume that others reach, that nothing claims, or that was released', object: node('node-1', 'False'), objects: [localVolume('shared', ['node-1', 'node-2']), localVolume('free', ['node-1'], { spec: { claimRef: undefined } }), localVolume('old', ['node-1'], { status: { phase: 'Released' } }), localVolume('elsewhere', ['node-2'])], codes: ['dead-and-empty'] },
  ],
  unknown: [
    { says: 'pods that may not be listed: it is Ready all the same', object: node('node-1', 'True'), objects: [webPod('web-a')], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['node-still-ready'], unknown: ['node-object'] },
    { says: 'a dead node whose pods may not be listed is not said to be empty', object: node('node-1', 'False'), objects: [webPod('web-a')], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: [], unknown: ['node-object'] },
    { says: 'volumes that may not be listed', object: node('node-1', 'False'), objects: [webPod('web-a')], troubles: [{ verb: 'list', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['pods-on-dead-node'], unknown: ['node-object'] },
  ],
};
