// Why objects of any kind are still there: each cause, and the quiet neighbour that is not the cause.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WaitingKind } from '../../src/diagnosis/waiting-on.ts';
import type { CustomKind } from '../facts/fake-reader.ts';
import { ended, healthyNode, marked, object, ownedBy, pod, time } from '../model/objects.ts';
import { claim, mounts } from '../model/workloads.ts';
import { reasonsFor } from './reasons-for.ts';
import type { Held } from './reasons-for.ts';

const going = marked(0, 60);
const held = (...finalizers: readonly string[]) => ({ metadata: { ...going, finalizers } });
const manager = (ageSeconds: number, holderIdentity = 'one') =>
  object('coordination.k8s.io/v1', 'Lease', 'kube-controller-manager', { metadata: { namespace: 'kube-system' }, spec: { renewTime: time(-ageSeconds), holderIdentity } });
const event = (of: string, reason: string, message: string, ago = 5, where = 'shop') =>
  ({ ...object('v1', 'Event', `${of}-${reason}`, { metadata: { namespace: where } }), involvedObject: { uid: `uid-${of}` }, reason, message, type: 'Warning', lastTimestamp: time(-ago) });
const widget: CustomKind = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };
const definition = object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com', {
  ...held('customresourcecleanup.apiextensions.k8s.io'),
  spec: { group: 'example.com', names: { kind: 'Widget', plural: 'widgets' }, versions: [{ name: 'v1', served: true }] },
});
const namespace = (conditions: readonly object[] = []) => object('v1', 'Namespace', 'shop', { metadata: going, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Terminating', conditions } });
const remaining = { type: 'NamespaceContentRemaining', status: 'True', reason: 'SomeResourcesRemain', message: 'Some resources are remaining: configmaps. has 1 resource instances, widgets.example.com has 2 resource instances' };
const undiscovered = { type: 'NamespaceDeletionDiscoveryFailure', status: 'True', reason: 'DiscoveryFailed', message: 'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.example.com/v1: stale' };
const apiService = (status: 'True' | 'False') =>
  object('apiregistration.k8s.io/v1', 'APIService', 'v1.metrics.example.com', { spec: { service: { namespace: 'ops', name: 'metrics' } }, status: { conditions: [{ type: 'Available', status, reason: 'ServiceNotFound', message: 'service/metrics in "ops" is not present' }] } });
const withWebhooks = (more: object = {}) => {
  const base = object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'guard');
  return { ...base, webhooks: [{ name: 'guard.example.com', failurePolicy: 'Fail', clientConfig: { service: { namespace: 'ops', name: 'guard' } }, rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['UPDATE'] }], ...more }] };
};
const guardService = object('v1', 'Service', 'guard', { metadata: { namespace: 'ops' } });
const slice = (ready: boolean) => ({ ...object('discovery.k8s.io/v1', 'EndpointSlice', 'guard-1', { metadata: { namespace: 'ops', labels: { 'kubernetes.io/service-name': 'guard' } } }), endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready } }] });
const shop = object('v1', 'Namespace', 'shop', { metadata: { labels: { team: 'a' } } });
const attachment = (name: string, status: object = { attached: true }) =>
  object('storage.k8s.io/v1', 'VolumeAttachment', name, { metadata: { ...going, finalizers: ['external-attacher/csi-example-com'] }, spec: { attacher: 'csi.example.com', nodeName: 'node-9', source: { persistentVolumeName: 'pv-data' } }, status: status as Record<string, unknown> });
const settings = object('v1', 'ConfigMap', 'settings', held('example.com/hold'));

interface Case extends Held {
  readonly says: string;
  readonly waits: readonly (readonly [WaitingKind, name: string])[];
  readonly message?: RegExp;
  readonly patch?: boolean;
}

const cases: readonly Case[] = [
  { says: 'an object that is not being deleted waits for nothing', object: object('v1', 'ConfigMap', 'settings', { metadata: { finalizers: ['x'] } }), waits: [] },
  { says: 'a finalizer of a controller that is not installed', object: settings, waits: [['finalizer', 'example.com/hold']], message: /no API of example\.com: its controller seems not to be installed/u, patch: true },
  { says: 'a finalizer whose API is there', object: settings, kinds: [widget], waits: [['finalizer', 'example.com/hold']], message: /^the controller of example\.com has not removed it/u, patch: true },
  { says: 'two finalizers, each a reason', object: object('v1', 'ConfigMap', 'settings', held('a', 'b')), waits: [['finalizer', 'a'], ['finalizer', 'b']] },
  { says: 'orphan while nobody leads: the manager first', object: object('apps/v1', 'ReplicaSet', 'web', held('orphan')), objects: [manager(40)], waits: [['controller', 'kube-controller-manager'], ['finalizer', 'orphan']], message: /no sign of life for 40 seconds.*the garbage collector, which removes finalizer orphan, does not run/u },
  { says: 'orphan while somebody leads', object: object('apps/v1', 'ReplicaSet', 'web', held('orphan')), objects: [manager(3)], waits: [['finalizer', 'orphan']], message: /the garbage collector waits for owner references/u },
  { says: 'a leader that gave its lease back', object: object('apps/v1', 'ReplicaSet', 'web', held('orphan')), objects: [manager(2, '')], waits: [['controller', 'kube-controller-manager'], ['finalizer', 'orphan']] },

  { says: 'a claim that a pod uses', object: claim('data', held('kubernetes.io/pvc-protection')), objects: [pod('db-0', { spec: mounts('data') }), pod('other', { spec: mounts('logs') })], waits: [['claim', 'db-0']], message: /^pod db-0 uses it$/u },
  { says: 'a claim that only a finished pod names', object: claim('data', held('kubernetes.io/pvc-protection')), objects: [pod('job-1', { spec: mounts('data'), status: { phase: 'Succeeded' } })], waits: [['claim', 'job-1']], message: /^only finished pod job-1 names it, which holds it too$/u },
  { says: 'both: those that still run come first', object: claim('data', held('kubernetes.io/pvc-protection')), objects: [pod('a-job', { spec: mounts('data'), status: { phase: 'Failed' } }), pod('db-0', { spec: mounts('data'), metadata: going })], waits: [['claim', 'db-0']], message: /pod db-0 \(Terminating\) uses it, and finished pod a-job/u },
  { says: 'a pod that is on no node does not hold a claim', object: claim('data', held('kubernetes.io/pvc-protection')), objects: [pod('db-0', { spec: { ...mounts('data'), nodeName: '' } }), manager(3)], waits: [['finalizer', 'kubernetes.io/pvc-protection']] },
  { says: 'a volume that is bound to its claim', object: object('v1', 'PersistentVolume', 'pv-data', { ...held('kubernetes.io/pv-protection'), spec: { claimRef: { namespace: 'shop', name: 'data', uid: 'uid-data' } }, status: { phase: 'Bound' } }), objects: [claim('data')], waits: [['claim', 'data']], message: /bound to claim data in namespace shop/u },
  { says: 'a volume whose storage cannot be deleted', object: object('v1', 'PersistentVolume', 'pv-data', { ...held('external-provisioner.volume.kubernetes.io/finalizer'), status: { phase: 'Released' } }), objects: [event('pv-data', 'VolumeFailedDelete', 'rpc error: in use', 5, 'default')], waits: [['finalizer', 'external-provisioner.volume.kubernetes.io/finalizer']], message: /storage behind the volume.*it reports: rpc error: in use/u, patch: true },
  { says: 'a volume that is attached', object: object('v1', 'PersistentVolume', 'pv-data', held('external-attacher/csi-example-com')), objects: [attachment('va-1')], waits: [['volume', 'pv-data']], message: /attached to node node-9 \(VolumeAttachment va-1, being detached\)/u },
  { says: 'an attachment that cannot be detached', object: attachment('va-1', { attached: true, detachError: { message: 'node is busy' } }), objects: [], waits: [['volume', 'pv-data']], message: /detaching it failed: node is busy$/u },
  { says: 'a load balancer outside', object: object('v1', 'Service', 'web', { ...held('service.kubernetes.io/load-balancer-cleanup'), status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }), waits: [['load-balancer', 'web']], message: /has not deleted the load balancer at 203\.0\.113\.7 yet/u, patch: true },
  { says: 'a load balancer that the cloud does not give up', object: object('v1', 'Service', 'web', held('service.kubernetes.io/load-balancer-cleanup')), objects: [event('web', 'DeleteLoadBalancerFailed', 'quota of calls used up')], waits: [['load-balancer', 'web']], message: /failed: quota of calls used up/u, patch: true },

  { says: 'foreground: a dependent that is held', object: object('apps/v1', 'ReplicaSet', 'web', held('foregroundDeletion')), objects: [manager(3), pod('web-1', { metadata: { ...going, ...ownedBy('apps/v1', 'ReplicaSet', 'web', { blockOwnerDeletion: true }), finalizers: ['x/y'] } }), pod('web-2', { metadata: { ...going, ...ownedBy('apps/v1', 'ReplicaSet', 'web', { blockOwnerDeletion: true }) } })], waits: [['dependents', 'pod/web-1']], message: /^2 dependents that block its end are left, 1 object of them held by finalizers: pod\/web-1 \(finalizer x\/y\), pod\/web-2$/u },
  { says: 'foreground: what does not block does not count', object: object('apps/v1', 'ReplicaSet', 'web', held('foregroundDeletion')), objects: [manager(3), pod('web-1', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'web') })], waits: [['dependents', 'foregroundDeletion']], message: /none is seen any more/u },
  { says: 'foreground: a dependent of a custom kind', object: object('apps/v1', 'Deployment', 'web', held('foregroundDeletion')), kinds: [widget], objects: [manager(3), object('example.com/v1', 'Widget', 'w', { metadata: ownedBy('apps/v1', 'Deployment', 'web', { blockOwnerDeletion: true }) })], waits: [['dependents', 'widget.example.com/w']] },
  { says: 'foreground while nobody leads', object: object('apps/v1', 'ReplicaSet', 'web', held('foregroundDeletion')), objects: [manager(60), pod('web-1', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'web', { blockOwnerDeletion: true }) })], waits: [['controller', 'kube-controller-manager'], ['dependents', 'pod/web-1']] },

  { says: 'a namespace that has just been asked to go', object: namespace(), objects: [manager(2)], waits: [['namespace-content', 'shop']] },
  { says: 'a namespace that holds a held object', object: namespace([remaining]), kinds: [widget], objects: [manager(2), settings, object('example.com/v1', 'Widget', 'w1'), object('example.com/v1', 'Widget', 'w2')], waits: [['namespace-content', 'configmap/settings'], ['namespace-content', 'widget.example.com/w1']], message: /^1 configmaps left, held by a finalizer: configmap\/settings \(finalizer example\.com\/hold\)$/u },
  { says: 'a namespace and an API that does not answer', object: namespace([undiscovered]), objects: [manager(2), apiService('False')], waits: [['api-service', 'v1.metrics.example.com']], message: /does not answer \(ServiceNotFound: service\/metrics/u },
  { says: 'a namespace while nobody leads', object: namespace(), objects: [manager(99)], waits: [['controller', 'kube-controller-manager']], message: /namespace controller/u },
  { says: 'a namespace whose objects a webhook refuses to delete', object: namespace([{ type: 'NamespaceDeletionContentFailure', status: 'True', message: 'Failed to delete all resource types, 1 remaining: Internal error occurred: failed calling webhook "guard.example.com": no endpoints available' }]), objects: [manager(2)], waits: [['webhook', 'guard.example.com']] },
  { says: 'a namespace whose content may not be listed', object: namespace([remaining]), troubles: [{ verb: 'list', resource: 'configmaps', how: 'forbidden' }], kinds: [widget], objects: [manager(2)], waits: [['namespace-content', 'configmaps'], ['namespace-content', 'widgets.example.com']], message: /1 object of configmaps was left, which could not be listed/u },

  { says: 'a definition with instances', object: definition, kinds: [widget], objects: [object('example.com/v1', 'Widget', 'w1', held('x/y'))], waits: [['dependents', 'widgets.example.com']], message: /^1 instance is left, held by a finalizer: widget\.example\.com\/shop\/w1 \(finalizer x\/y\)$/u },
  { says: 'a definition whose instances may not be listed', object: definition, kinds: [widget], troubles: [{ verb: 'list', resource: 'widgets', how: 'forbidden' }], waits: [['dependents', 'widgets.example.com']], message: /could not be listed/u },

  { says: 'a webhook without a Service', object: settings, objects: [withWebhooks(), shop], waits: [['webhook', 'guard.example.com'], ['finalizer', 'example.com/hold']], message: /its Service ops\/guard does not exist: it refuses every update of this ConfigMap/u },
  { says: 'a webhook without an endpoint', object: settings, objects: [withWebhooks(), guardService, slice(false), shop], waits: [['webhook', 'guard.example.com'], ['finalizer', 'example.com/hold']] },
  { says: 'a webhook that answers', object: settings, objects: [withWebhooks(), guardService, slice(true), shop], waits: [['finalizer', 'example.com/hold']] },
  { says: 'a webhook that is left out when it does not answer', object: settings, objects: [withWebhooks({ failurePolicy: 'Ignore' }), shop], waits: [['finalizer', 'example.com/hold']] },
  { says: 'a webhook for other operations', object: settings, objects: [withWebhooks({ rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'] }] }), shop], waits: [['finalizer', 'example.com/hold']] },
  { says: 'a webhook for a subresource', object: settings, objects: [withWebhooks({ rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps/status'], operations: ['*'] }] }), shop], waits: [['finalizer', 'example.com/hold']] },
  { says: 'a webhook for other namespaces', object: settings, objects: [withWebhooks({ namespaceSelector: { matchLabels: { team: 'b' } } }), shop], waits: [['finalizer', 'example.com/hold']] },
  { says: 'a webhook for this namespace', object: settings, objects: [withWebhooks({ namespaceSelector: { matchLabels: { team: 'a' } } }), shop], waits: [['webhook', 'guard.example.com'], ['finalizer', 'example.com/hold']] },
  { says: 'a webhook with conditions says nothing for sure', object: settings, objects: [withWebhooks({ matchConditions: [{ name: 'x', expression: 'false' }] }), shop], waits: [['finalizer', 'example.com/hold']] },
  {
    says: "a webhook that refuses the kubelet's own DELETE",
    object: pod('a', { metadata: marked(30, 90), status: { phase: 'Failed', containerStatuses: [ended('app', 143, -60)] } }),
    objects: [...healthyNode(), shop, withWebhooks({ rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['DELETE'] }] })],
    waits: [['webhook', 'guard.example.com'], ['volume', 'a']],
    message: /the kubelet's own DELETE/u,
  },
  {
    says: 'a grace period that was made shorter after the kubelet began',
    object: pod('a', { metadata: marked(2, 12) }),
    before: pod('a', { metadata: marked(60, 5) }),
    objects: [...healthyNode(), { ...event('a', 'Killing', 'Stopping container app', 14) }],
    waits: [['container', 'app']],
    message: /began to stop it with a grace period of 60 s and does not take the shorter one up: about 46 s are left/u,
  },
  { says: 'a runtime that cannot stop it', object: pod('a', { metadata: marked(30, 90) }), objects: [...healthyNode(), event('a', 'FailedKillPod', 'error killing pod: deadline exceeded')], waits: [['container', 'app']], message: /its kubelet reports FailedKillPod: error killing pod/u },
  { says: 'a pod on a node that is gone while nobody leads', object: pod('a', { metadata: marked(30, 90) }), objects: [manager(50)], waits: [['controller', 'kube-controller-manager'], ['controller', 'pod-garbage-collector']] },
  { says: "a Job's pod while nobody leads", object: pod('a', { metadata: { ...going, finalizers: ['batch.kubernetes.io/job-tracking'] }, status: { phase: 'Failed', containerStatuses: [ended('app', 143, -60)] } }), objects: [...healthyNode(), manager(50)], waits: [['controller', 'kube-controller-manager'], ['finalizer', 'batch.kubernetes.io/job-tracking']] },
];

describe('why an object is still there', () => {
  for (const c of cases) {
    test(c.says, async () => {
      const reasons = await reasonsFor(c);
      assert.deepEqual(reasons.map((r) => [r.kind, r.name]), c.waits);
      if (c.message !== undefined) assert.match(reasons[0]?.message ?? '', c.message);
      if (c.patch !== undefined) assert.equal(reasons[0]?.lastResort !== null, c.patch);
    });
  }

  test('the patch that a person gets is guarded by uid, place and name', async () => {
    const [, reason] = await reasonsFor({ object: object('v1', 'ConfigMap', 'settings', held('a', 'b')) });
    assert.deepEqual(reason?.lastResort?.argv.slice(0, -1), ['kubectl', 'patch', 'configmaps', 'settings', '-n', 'shop', '--type=json', '-p']);
    assert.deepEqual(JSON.parse(reason.lastResort.argv.at(-1) ?? ''), [
      { op: 'test', path: '/metadata/uid', value: 'uid-settings' },
      { op: 'test', path: '/metadata/finalizers/1', value: 'b' },
      { op: 'remove', path: '/metadata/finalizers/1' },
    ]);
  });

  test('nothing offers a patch where data or objects would be lost under their users', async () => {
    const [claimed] = await reasonsFor({ object: claim('data', held('kubernetes.io/pvc-protection')), objects: [pod('db-0', { spec: mounts('data') })] });
    const [defined] = await reasonsFor({ object: definition, kinds: [widget], objects: [object('example.com/v1', 'Widget', 'w1')] });
    const [emptied] = await reasonsFor({ object: namespace([remaining]), kinds: [widget], objects: [manager(2), settings] });
    assert.deepEqual([claimed?.lastResort, defined?.lastResort, emptied?.lastResort], [null, null, null]);
    assert.match(emptied?.danger ?? '', /\/finalize/u);
  });
});
