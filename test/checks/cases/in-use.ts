import type { KubeObject, Pod } from '../../../src/model/wire.ts';
import { marked, notReady, object, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, deployment, mounts, replicaSet, statefulSet, webPod } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const settings = object('v1', 'ConfigMap', 'settings');
const keys = object('v1', 'Secret', 'keys');
const account = object('v1', 'ServiceAccount', 'robot');
const retained = object('v1', 'PersistentVolume', 'pv-data', { spec: { persistentVolumeReclaimPolicy: 'Retain' } });

const envFrom = (more: object = {}): object => ({ containers: [{ name: 'app', image: 'app', envFrom: [{ configMapRef: { name: 'settings', ...more } }] }] });
const template = (spec: object): { readonly template: object } => ({ template: { spec: { containers: [{ name: 'app', image: 'app' }], ...spec } } });
const holder = (name: string, parts: Parts = {}): Pod => pod(name, { ...parts, spec: { ...mounts('data'), ...parts.spec } });
const secretVolume = { volumes: [{ name: 'keys', secret: { secretName: 'keys' } }] };
const cronJob = object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: template(envFrom()) } } });
const ingress = (name: string, spec: object, metadata: object = {}): KubeObject => object('networking.k8s.io/v1', 'Ingress', name, { metadata: { ...metadata }, spec: { ...spec } });

const gateways = [
  { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway', resource: 'gateways' },
  { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'GatewayClass', resource: 'gatewayclasses' },
];
const gateway = object('gateway.networking.k8s.io/v1', 'Gateway', 'front', { spec: { gatewayClassName: 'blue', listeners: [{ name: 'https', tls: { certificateRefs: [{ name: 'keys' }] } }] } });

export const cases: CheckCases = {
  check: 'in-use',
  found: [
    { says: 'a claim that an unfinished pod mounts is refused', object: claim('data'), objects: [retained, holder('web-a')], codes: ['claim-mounted', 'volume-retained'], data: { pods: ['web-a'] } },
    { says: 'a claim that a pod of a workload mounts is one finding', object: claim('data'), objects: [retained, deployment({ spec: template(mounts('data')) }), replicaSet({ spec: template(mounts('data')) }), webPod('web-a', { spec: mounts('data') })], codes: ['claim-mounted', 'volume-retained'], data: { pods: ['web-a'], workloads: [{ group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespace: 'shop', name: 'web', uid: 'uid-web' }] } },
    { says: 'a claim that one pod of two in the run mounts is refused for the other', object: claim('data'), also: [holder('web-a')], objects: [retained, holder('web-b')], codes: ['claim-mounted', 'volume-retained'], data: { pods: ['web-b'] } },
    { says: 'the ephemeral claim of a pod is mounted by it', object: claim('web-a-scratch', { spec: { volumeName: 'pv-data' } }), objects: [retained, pod('web-a', { spec: { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: {} } } }] } })], codes: ['claim-mounted', 'volume-retained'] },
    { says: 'a claim that only a template names is used', object: claim('data'), objects: [retained, deployment({ spec: { replicas: 0, ...template(mounts('data')) } })], codes: ['used', 'volume-retained'], data: { users: [{ kind: 'Deployment', name: 'web', namespace: null, how: ['volume'], optional: false, pods: 0 }] } },
    { says: 'a claim of a pod that is on no node yet is used', object: claim('data'), objects: [retained, holder('web-a', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady } })], codes: ['used', 'volume-retained'] },
    { says: 'a claim that a set makes for a member is used by it', object: claim('data-db-0', { spec: { volumeName: 'pv-data' } }), objects: [retained, statefulSet({ spec: { replicas: 1, volumeClaimTemplates: [{ metadata: { name: 'data' } }] } })], codes: ['used', 'volume-retained'], data: { users: [{ kind: 'StatefulSet', name: 'db', namespace: null, how: ['volumeClaimTemplates'], optional: false, pods: 0 }] } },
    { says: 'a claim of a finished pod stays until that is deleted', object: claim('data'), objects: [retained, holder('done', { status: { phase: 'Succeeded', ...notReady } })], codes: ['held-by-finished-pods', 'volume-retained'], data: { pods: ['done'] } },
    { says: 'a ConfigMap of a workload is used by it, whatever stands between it and its pods', object: settings, objects: [deployment({ spec: template(envFrom()) }), replicaSet({ spec: template(envFrom()) }), webPod('web-a', { spec: envFrom() as Parts['spec'] & object }), webPod('web-b', { spec: envFrom() as Parts['spec'] & object })], codes: ['used'], data: { users: [{ kind: 'Deployment', name: 'web', namespace: null, how: ['envFrom'], optional: false, pods: 2 }], optional: false } },
    { says: 'a ConfigMap that only a suspended CronJob uses is used', object: settings, objects: [cronJob], codes: ['used'], data: { users: [{ kind: 'CronJob', name: 'nightly', namespace: null, how: ['envFrom'], optional: false, pods: 0 }] } },
    { says: 'an optional reference is said to be one', object: settings, objects: [pod('web-a', { spec: envFrom({ optional: true }) as Parts['spec'] & object })], codes: ['used'], data: { optional: true } },
    { says: 'one reference that is not optional is enough', object: settings, objects: [pod('web-a', { spec: { ...envFrom({ optional: true }), volumes: [{ name: 'v', configMap: { name: 'settings' } }] } })], codes: ['used'], data: { optional: false } },
    { says: 'an ephemeral container uses it too', object: settings, objects: [pod('web-a', { spec: { ephemeralContainers: [{ name: 'debug', image: 'sh', env: [{ name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } }] }] } })], codes: ['used'] },
    { says: 'projected volumes use it too', object: settings, objects: [pod('web-a', { spec: { volumes: [{ name: 'p', projected: { sources: [{ configMap: { name: 'settings', optional: false } }] } }] } })], codes: ['used'] },
    { says: 'old ReplicaSets of 0 replicas are history', object: settings, objects: [deployment(), replicaSet({ spec: { replicas: 0, ...template(envFrom()) } })], codes: ['used-by-old-replica-sets'], data: { replicaSets: ['web-7d'] } },
    { says: 'a Secret of a pod is used', object: keys, objects: [pod('web-a', { spec: secretVolume })], codes: ['used'], data: { users: [{ kind: 'Pod', name: 'web-a', namespace: null, how: ['volume'], optional: false, pods: 1 }] } },
    { says: 'a Secret that pulls images is used', object: keys, objects: [pod('web-a', { spec: { imagePullSecrets: [{ name: 'keys' }] } })], codes: ['used'], data: { users: [{ kind: 'Pod', name: 'web-a', namespace: null, how: ['imagePullSecrets'], optional: false, pods: 1 }] } },
    { says: 'a certificate of an Ingress is used', object: keys, objects: [ingress('front', { tls: [{ hosts: ['a.example.com'], secretName: 'keys' }] })], codes: ['used'], data: { users: [{ kind: 'Ingress', name: 'front', namespace: null, how: ['tls'], optional: false, pods: 0 }] } },
    { says: 'a Secret of a ServiceAccount is used', object: keys, objects: [object('v1', 'ServiceAccount', 'robot')].map((o) => ({ ...o, imagePullSecrets: [{ name: 'keys' }] })), codes: ['used'] },
    { says: 'a Secret of a StorageClass and of a volume is used', object: keys, objects: [{ ...object('storage.k8s.io/v1', 'StorageClass', 'fast'), parameters: { 'csi.storage.k8s.io/node-stage-secret-name': 'keys', 'csi.storage.k8s.io/node-stage-secret-namespace': 'shop' } } as KubeObject, object('v1', 'PersistentVolume', 'share', { spec: { csi: { driver: 'smb.csi.k8s.io', volumeHandle: 'x', nodeStageSecretRef: { name: 'keys', namespace: 'shop' } } } })], codes: ['used'], data: { users: [{ kind: 'StorageClass', name: 'fast', namespace: null, how: ['parameters (node-stage)'], optional: false, pods: 0 }, { kind: 'PersistentVolume', name: 'share', namespace: null, how: ['credentials'], optional: false, pods: 0 }] } },
    { says: 'a Secret whose certificate goes into a webhook is used', object: keys, objects: [object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', 'guard', { metadata: { annotations: { 'cert-manager.io/inject-ca-from-secret': 'shop/keys' } } })], codes: ['used'] },
    { says: 'a certificate of a Gateway is used', object: keys, kinds: gateways, objects: [gateway], codes: ['used'], data: { users: [{ kind: 'Gateway', name: 'front', namespace: null, how: ['tls'], optional: false, pods: 0 }] } },
    { says: 'an account that pods run as is used', object: account, objects: [pod('web-a', { spec: { serviceAccountName: 'robot' } })], codes: ['used'], data: { users: [{ kind: 'Pod', name: 'web-a', namespace: null, how: ['serviceAccountName'], optional: false, pods: 1 }] } },
    { says: 'a class of an Ingress in any namespace is used', object: object('networking.k8s.io/v1', 'IngressClass', 'nginx'), objects: [ingress('front', { ingressClassName: 'nginx' }), ingress('old', {}, { annotations: { 'kubernetes.io/ingress.class': 'nginx' }, namespace: 'other' })], codes: ['used'], data: { users: [{ kind: 'Ingress', name: 'front', namespace: 'shop', how: ['ingressClassName'], optional: false, pods: 0 }, { kind: 'Ingress', name: 'old', namespace: 'other', how: ['ingressClassName'], optional: false, pods: 0 }] } },
    { says: 'a class of a pod is used', object: object('node.k8s.io/v1', 'RuntimeClass', 'sandbox'), objects: [pod('web-a', { metadata: { namespace: 'other' }, spec: { runtimeClassName: 'sandbox' } })], codes: ['used'] },
    { says: 'a class of a Gateway is used', object: object('gateway.networking.k8s.io/v1', 'GatewayClass', 'blue', { metadata: { namespace: undefined } }), kinds: gateways, objects: [gateway], codes: ['used'] },
  ],
  clear: [
    { says: 'the root certificate comes back', object: object('v1', 'ConfigMap', 'kube-root-ca.crt'), objects: [pod('web-a', { spec: { volumes: [{ name: 'p', projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }] } }] } })], codes: ['made-again'] },
    { says: 'the default account comes back', object: object('v1', 'ServiceAccount', 'default'), objects: [pod('web-a', { spec: { serviceAccountName: 'default' } })], codes: ['made-again'] },
    { says: 'a ConfigMap that nothing names', object: settings, objects: [pod('web-a'), deployment(), cronJob].slice(0, 2), codes: [] },
    { says: 'a ConfigMap of the same name in another namespace', object: settings, objects: [pod('web-a', { metadata: { namespace: 'other' }, spec: envFrom() as Parts['spec'] & object })], codes: [] },
    { says: 'a Secret that only a finished pod used', object: keys, objects: [pod('done', { spec: secretVolume, status: { phase: 'Succeeded', ...notReady } })], codes: [] },
    { says: 'a Secret of a finished Job', object: keys, objects: [object('batch/v1', 'Job', 'once', { spec: template(secretVolume), status: { conditions: [{ type: 'Complete', status: 'True' }] } })], codes: [] },
    { says: 'a Secret whose only user is on its way out', object: keys, objects: [pod('web-a', { metadata: marked(30, 5), spec: secretVolume })], codes: [] },
    { says: 'a ConfigMap whose Deployment goes in the same run, with all that hangs on it', object: settings, also: [deployment({ spec: template(envFrom()) })], objects: [replicaSet({ spec: template(envFrom()) }), webPod('web-a', { spec: envFrom() as Parts['spec'] & object })], codes: [] },
    { says: 'a ConfigMap of a ReplicaSet whose owner is custom and goes in the same run', object: settings, kinds: [{ group: 'argoproj.io', version: 'v1', kind: 'Rollout', resource: 'rollouts' }], also: [object('argoproj.io/v1', 'Rollout', 'web')], objects: [replicaSet({ metadata: ownedBy('argoproj.io/v1', 'Rollout', 'web'), spec: template(envFrom()) })], codes: [] },
    { says: 'a claim whose pod goes in the same run', object: claim('data'), also: [holder('web-a')], objects: [retained], codes: ['volume-retained'] },
    { says: 'a claim that a set keeps for a later member', object: claim('data-db-5', { spec: { volumeName: 'pv-data' } }), objects: [retained, statefulSet({ spec: { replicas: 1, volumeClaimTemplates: [{ metadata: { name: 'data' } }] } })], codes: ['volume-retained'] },
    { says: 'a name that is made for each claim names no Secret', object: keys, objects: [{ ...object('storage.k8s.io/v1', 'StorageClass', 'fast'), parameters: { 'csi.storage.k8s.io/node-stage-secret-name': '${pvc.name}', 'csi.storage.k8s.io/node-stage-secret-namespace': 'shop' } } as KubeObject], codes: [] },
    { says: 'a class whose only user goes with its namespace', object: object('networking.k8s.io/v1', 'IngressClass', 'nginx'), also: [object('v1', 'Namespace', 'other')], objects: [ingress('old', { ingressClassName: 'nginx' }, { namespace: 'other' })], codes: [] },
    { says: 'a class that nothing names', object: object('networking.k8s.io/v1', 'IngressClass', 'nginx'), objects: [ingress('front', { ingressClassName: 'traefik' })], codes: [] },
  ],
  unknown: [
    { says: 'pods that may not be listed', object: settings, objects: [pod('web-a', { spec: envFrom() as Parts['spec'] & object })], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: [], unknown: ['in-use'] },
    { says: 'CronJobs that may not be listed, and what was found all the same', object: settings, objects: [cronJob, pod('web-a', { spec: envFrom() as Parts['spec'] & object })], troubles: [{ verb: 'list', resource: 'cronjobs', how: 'forbidden' }], codes: ['used'], unknown: ['in-use'] },
    { says: 'volumes that may not be listed may name the Secret', object: keys, troubles: [{ verb: 'list', resource: 'persistentvolumes', how: 'forbidden' }], codes: [], unknown: ['in-use'] },
  ],
};
