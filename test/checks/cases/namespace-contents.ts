import type { KubeObject } from '../../../src/model/wire.ts';
import { object, ownedBy, pod, time } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const namespace = (name = 'shop', parts: Parts = {}): KubeObject => object('v1', 'Namespace', name, { ...parts, metadata: { ...parts.metadata } });
/** What every namespace has by itself. */
const given = [
  object('v1', 'ConfigMap', 'kube-root-ca.crt'),
  object('v1', 'ServiceAccount', 'default'),
  object('v1', 'Secret', 'default-token-x', { metadata: { annotations: { 'kubernetes.io/service-account.name': 'default' } } }),
];
const records = [object('coordination.k8s.io/v1', 'Lease', 'leader'), object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1')];
const configs = (n: number) => Array.from({ length: n }, (_, i) => object('v1', 'ConfigMap', `settings-${i}`));
const apiService = (status: 'True' | 'False') =>
  object('apiregistration.k8s.io/v1', 'APIService', 'v1.metrics.example.com', { spec: {}, status: { conditions: [{ type: 'Available', status, reason: 'MissingEndpoints', message: 'no endpoints' }] } });
const claim = (name: string, parts: Parts = {}) => object('v1', 'PersistentVolumeClaim', name, { ...parts, spec: { volumeName: `pv-${name}`, ...parts.spec } });
const volume = (name: string, policy: string) => object('v1', 'PersistentVolume', `pv-${name}`, { spec: { persistentVolumeReclaimPolicy: policy } });
const service = (name: string, type: string, status: object = {}) => object('v1', 'Service', name, { spec: { type }, status: { ...status } });
const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };

export const cases: CheckCases = {
  check: 'namespace-contents',
  found: [
    {
      says: 'what is in it goes with it, counted by kind and workloads first',
      object: namespace(),
      objects: [...given, ...configs(2), object('apps/v1', 'Deployment', 'web')],
      codes: ['contents-go'],
      data: { kinds: [{ group: 'apps', kind: 'Deployment', count: 1, atLeast: false }, { group: '', kind: 'ConfigMap', count: 2, atLeast: false }], total: 3, atLeast: false, owned: 0, notListed: [] },
    },
    {
      says: 'what others in it own is counted with them, not as a kind of its own',
      object: namespace(),
      objects: [object('apps/v1', 'Deployment', 'web'), object('apps/v1', 'ReplicaSet', 'web-1', { metadata: ownedBy('apps/v1', 'Deployment', 'web') }), pod('web-1-a', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'web-1') }), pod('lone')],
      codes: ['contents-go'],
      data: { kinds: [{ group: 'apps', kind: 'Deployment', count: 1, atLeast: false }, { group: '', kind: 'Pod', count: 1, atLeast: false }], owned: 2 },
    },
    { says: 'an object whose owner is not in the namespace counts itself', object: namespace(), objects: [pod('lone', { metadata: ownedBy('v1', 'Node', 'node-1') })], codes: ['contents-go'], data: { total: 1, owned: 0 } },
    { says: 'custom resources count', object: namespace(), kinds: [widgets], objects: [object('example.com/v1', 'Widget', 'w')], codes: ['contents-go'], data: { kinds: [{ group: 'example.com', kind: 'Widget', count: 1, atLeast: false }] } },
    { says: 'behind the first page the server counts them', object: namespace(), objects: configs(1300), codes: ['contents-go'], data: { total: 1300, atLeast: false } },
    {
      says: 'a kind that may not be listed makes it at least so much',
      object: namespace(),
      objects: configs(1),
      troubles: [{ verb: 'list', resource: 'secrets', how: 'forbidden' }],
      codes: ['contents-go'],
      unknown: ['namespace-contents'],
      data: { total: 1, atLeast: true, notListed: ['secrets'] },
    },
    { says: 'one that could not be fully listed is not empty', object: namespace(), objects: given, troubles: [{ verb: 'list', resource: 'secrets', how: 'forbidden' }], codes: ['contents-not-known'], unknown: ['namespace-contents'], data: { notListed: ['secrets'] } },
    { says: 'with nothing but what it got by itself it is empty', object: namespace(), objects: [...given, ...records], codes: ['namespace-empty'] },
    { says: 'default is refused', object: namespace('default'), codes: ['system-namespace'], data: { why: 'default' } },
    { says: 'what begins with kube- is refused', object: namespace('kube-node-lease'), codes: ['system-namespace'], data: { why: 'kube' } },
    { says: 'a load balancer outside of the cluster goes', object: namespace(), objects: [service('front', 'LoadBalancer', { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } }), service('asked', 'LoadBalancer'), service('back', 'ClusterIP')], codes: ['contents-go', 'load-balancers-go'], data: { names: ['front'] } },
    { says: 'a claim takes the data of its volume along', object: namespace(), objects: [claim('data'), volume('data', 'Delete')], codes: ['contents-go', 'claims-go'], data: { claims: [{ name: 'data', volume: 'pv-data', reclaim: 'Delete' }], unknown: 0 } },
    { says: 'a volume that is not there counts as Delete', object: namespace(), objects: [claim('data')], codes: ['contents-go', 'claims-go'], data: { unknown: 1 } },
    { says: 'a retained volume stays', object: namespace(), objects: [claim('data'), volume('data', 'Retain')], codes: ['contents-go', 'volumes-stay'], data: { volumes: ['pv-data'] } },
    { says: 'finalizers of what is in it hold it', object: namespace(), objects: [object('v1', 'ConfigMap', 'held', { metadata: { finalizers: ['example.com/hold'] } })], codes: ['contents-go', 'contents-held'], data: { finalizers: [{ name: 'example.com/hold', count: 1 }] } },
    { says: 'an API server that does not answer keeps it Terminating', object: namespace(), objects: [apiService('False')], codes: ['namespace-empty', 'api-server-missing'], data: { services: [{ name: 'v1.metrics.example.com', reason: 'MissingEndpoints', message: 'no endpoints' }] } },
  ],
  clear: [
    { says: 'objects of other namespaces are not its own', object: namespace(), objects: [object('v1', 'ConfigMap', 'settings', { metadata: { namespace: 'other' } })], codes: ['namespace-empty'] },
    { says: 'cluster-scoped objects are not in it', object: namespace(), objects: [volume('data', 'Delete'), namespace('other')], codes: ['namespace-empty'] },
    { says: 'kube in another place of the name is an ordinary one', object: namespace('my-kube-1'), codes: ['namespace-empty'] },
    { says: 'an API server that answers is no news', object: namespace(), objects: [apiService('True')], codes: ['namespace-empty'] },
    { says: 'a claim without a volume holds no data', object: namespace(), objects: [object('v1', 'PersistentVolumeClaim', 'pending', { spec: {} })], codes: ['contents-go'] },
    { says: 'finalizers that Kubernetes itself removes are no news', object: namespace(), objects: [object('v1', 'PersistentVolumeClaim', 'pending', { metadata: { finalizers: ['kubernetes.io/pvc-protection'] }, spec: {} })], codes: ['contents-go'] },
    { says: 'an ephemeral claim lives and dies with its pod', object: namespace(), objects: [pod('web-a'), claim('web-a-scratch', { metadata: ownedBy('v1', 'Pod', 'web-a') }), volume('web-a-scratch', 'Delete')], codes: ['contents-go'] },
    { says: 'one that is Terminating already is not asked about again', object: namespace('shop', { metadata: { deletionTimestamp: time(-60) } }), objects: configs(1), codes: ['already-terminating'] },
  ],
  unknown: [
    { says: 'what the server serves could not be read', object: namespace(), objects: configs(1), troubles: [{ verb: 'raw', resource: '/apis', how: 'server-error' }], codes: ['contents-not-known'], unknown: ['namespace-contents'], data: { notListed: ['everything'] } },
    { says: 'a group whose API server does not answer may hold anything', object: namespace(), kinds: [widgets], objects: given, troubles: [{ verb: 'raw', resource: '/apis/example.com/v1', how: 'server-error' }], codes: ['contents-not-known'], unknown: ['namespace-contents'], data: { notListed: ['the kinds of example.com/v1'] } },
    { says: 'a reclaim policy that may not be read counts as Delete', object: namespace(), objects: [claim('data'), volume('data', 'Retain')], troubles: [{ verb: 'get', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['contents-go', 'claims-go'], unknown: ['namespace-contents'], data: { unknown: 1 } },
    { says: 'APIServices that may not be listed may be broken', object: namespace(), troubles: [{ verb: 'list', resource: 'apiservices', how: 'forbidden' }], codes: ['namespace-empty'], unknown: ['namespace-contents'] },
  ],
};
