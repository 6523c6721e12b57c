import type { KubeObject } from '../../../src/model/wire.ts';
import { apiService, endpoint, slice, webhooks } from '../../model/around.ts';
import { healthyNode, object, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, deployment } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const ADMISSION = 'admissionregistration.k8s.io/v1';
const admissionKind = (kind: string, resource: string) => ({ group: 'admissionregistration.k8s.io', version: 'v1', kind, resource });
const policyKind = admissionKind('ValidatingAdmissionPolicy', 'validatingadmissionpolicies');
const bindingKind = admissionKind('ValidatingAdmissionPolicyBinding', 'validatingadmissionpolicybindings');
const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };
const kinds = [policyKind, bindingKind];

const guard = webhooks('ValidatingWebhookConfiguration', 'guard', 'hook');
const hook = slice('hook', [endpoint('hook-1')]);
const policy = object(ADMISSION, 'ValidatingAdmissionPolicy', 'no-latest', { metadata: { namespace: undefined }, spec: {} });
const bound = object(ADMISSION, 'ValidatingAdmissionPolicyBinding', 'everywhere', { metadata: { namespace: undefined }, spec: { policyName: 'no-latest' } });
const api = (available: boolean) => {
  const made = apiService('v1.example.com', 'api');
  return { ...made, status: { conditions: [{ type: 'Available', status: available ? 'True' : 'False' }] } } as KubeObject;
};
const role = (name: string, metadata: Parts['metadata'] = {}, more: object = {}): KubeObject => ({ ...object(RBAC, 'ClusterRole', name, { metadata }), ...more });
const gives = (kind: 'RoleBinding' | 'ClusterRoleBinding', name: string, to: string, subjects: readonly object[] = [{ kind: 'Group', name: 'developers' }]): KubeObject =>
  ({ ...object(RBAC, kind, name), subjects, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: to } }) as KubeObject;
const aggregate = role('view', {}, { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } }] } });
const part = role('widgets-view', { labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } });
const storage = (metadata: Parts['metadata'] = {}): KubeObject => ({ ...object('storage.k8s.io/v1', 'StorageClass', 'fast', { metadata }), provisioner: 'disk.example.com' }) as KubeObject;
const priority = (more: object = {}): KubeObject => ({ ...object('scheduling.k8s.io/v1', 'PriorityClass', 'high'), value: 10, ...more }) as KubeObject;
const urgent = (name: string, more: Parts = {}) => pod(name, { ...more, spec: { priorityClassName: 'high' } });
const driver = object('storage.k8s.io/v1', 'CSIDriver', 'disk.example.com', { spec: {} });
const ofDriver = object('v1', 'PersistentVolume', 'disk', { spec: { csi: { driver: 'disk.example.com', volumeHandle: '1' } } });
const csiNode = object('storage.k8s.io/v1', 'CSINode', 'node-1', { spec: { drivers: [{ name: 'disk.example.com', nodeID: 'n' }] } });
const forbidden = (resource: string) => [{ verb: 'list' as const, resource, how: 'forbidden' as const }];

export const cases: CheckCases = {
  check: 'cluster-wide',
  found: [
    { says: 'webhooks whose backend answers', object: guard, objects: [hook], codes: ['admission-ends'], data: { webhooks: ['guard.example.com'], resources: ['configmaps'], mutates: false } },
    { says: 'a webhook with a URL is taken to answer, and a mutating one changes', object: webhooks('MutatingWebhookConfiguration', 'far', 'x', { clientConfig: { url: 'https://example.com' } }), codes: ['admission-ends'], data: { mutates: true } },
    { says: 'webhooks whose backend is dead check nothing', object: guard, objects: [slice('hook', [endpoint('hook-1', { ready: false })])], codes: ['not-in-use'], data: { because: 'no-webhook-answers' } },
    { says: 'an admission policy that is bound', object: policy, objects: [bound], kinds, codes: ['admission-policy-ends'], data: { policy: 'no-latest', bindings: ['everywhere'] } },
    { says: 'and its binding', object: bound, objects: [policy], kinds, codes: ['admission-policy-ends'], data: { policy: 'no-latest', bindings: ['everywhere'] } },
    { says: 'a policy that is not bound', object: policy, kinds, codes: ['not-in-use'], data: { because: 'no-binding' } },
    { says: 'a binding without its policy', object: bound, kinds, codes: ['not-in-use'], data: { because: 'no-policy' } },
    { says: 'an API that is served', object: api(true), kinds: [widgets], codes: ['api-ends'], data: { group: 'example.com', version: 'v1', kinds: ['Widget'] } },
    { says: 'an API that is not available serves nothing', object: api(false), codes: ['not-in-use'], data: { because: 'api-unavailable' } },
    { says: 'an API that the API server serves itself is registered again', object: apiService('v1.apps', null), codes: ['api-registered-again'] },
    { says: 'a ClusterRole that bindings give', object: role('deployer'), objects: [gives('ClusterRoleBinding', 'all', 'deployer'), gives('RoleBinding', 'here', 'deployer', [{ kind: 'ServiceAccount', name: 'ci' }])], codes: ['cluster-role-given'], data: { bindings: ['ClusterRoleBinding all', 'RoleBinding shop/here'], subjects: ['Group developers', 'ServiceAccount shop/ci'], aggregatedBy: [], restored: false } },
    { says: 'one that is a part of a role that bindings give', object: part, objects: [aggregate, gives('RoleBinding', 'viewers', 'view')], codes: ['cluster-role-given'], data: { aggregatedBy: ['view'] } },
    { says: "one of Kubernetes' own, which comes back at a start", object: role('system:node-proxier', { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } }), objects: [gives('ClusterRoleBinding', 'proxies', 'system:node-proxier')], codes: ['cluster-role-given'], data: { restored: true } },
    { says: 'a StorageClass that a claim names', object: storage(), objects: [claim('data', { spec: { storageClassName: 'fast' } }), claim('other')], codes: ['storage-class-used'], data: { claims: 1, volumes: 0, names: ['shop/data'], isDefault: false } },
    { says: 'one that a volume names, and the old annotation of a claim', object: storage(), objects: [object('v1', 'PersistentVolume', 'disk', { spec: { storageClassName: 'fast' } }), claim('data', { metadata: { annotations: { 'volume.beta.kubernetes.io/storage-class': 'fast' } } })], codes: ['storage-class-used'], data: { claims: 1, volumes: 1 } },
    { says: 'the default class', object: storage({ annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } }), codes: ['storage-class-used'], data: { claims: 0, isDefault: true } },
    { says: 'a PriorityClass that pods have', object: priority(), objects: [urgent('a'), pod('b')], codes: ['priority-class-used'], data: { pods: 1, names: ['shop/a'] } },
    { says: 'the default PriorityClass', object: priority({ globalDefault: true }), codes: ['priority-class-used'], data: { pods: 0, isDefault: true } },
    { says: 'a driver that has volumes', object: driver, objects: [ofDriver], codes: ['csi-driver-used'], data: { volumes: 1, nodes: [] } },
    { says: 'a driver that runs on nodes', object: driver, objects: [csiNode], codes: ['csi-driver-used'], data: { volumes: 0, nodes: ['node-1'] } },
  ],
  clear: [
    { says: 'webhooks without rules check nothing', object: webhooks('ValidatingWebhookConfiguration', 'guard', 'hook', { rules: [] }), objects: [hook], codes: ['not-in-use'] },
    { says: 'a policy whose binding goes in the same run', object: policy, also: [bound], kinds, codes: ['not-in-use'] },
    { says: 'a ClusterRole that nobody is bound to', object: role('deployer'), objects: [gives('ClusterRoleBinding', 'empty', 'deployer', []), gives('ClusterRoleBinding', 'other', 'view')], codes: ['not-in-use'], data: { because: 'nobody-bound' } },
    { says: 'one whose binding goes in the same run', object: role('deployer'), also: [gives('ClusterRoleBinding', 'all', 'deployer')], codes: ['not-in-use'] },
    { says: 'a part of a role that nobody is bound to', object: part, objects: [aggregate], codes: ['not-in-use'] },
    { says: 'a StorageClass that nothing names', object: storage(), objects: [claim('data', { spec: { storageClassName: 'slow' } })], codes: ['not-in-use'], data: { because: 'nothing-names-it' } },
    { says: 'a PriorityClass that only finished pods had', object: priority(), objects: [urgent('done', { status: { phase: 'Succeeded', conditions: [] } })], codes: ['not-in-use'] },
    { says: 'one whose workload goes in the same run', object: priority(), also: [deployment({ spec: { selector: { matchLabels: { app: 'web' } } } })], objects: [urgent('web-a', { metadata: { labels: { app: 'web' } } }), ...healthyNode()], codes: ['not-in-use'] },
    { says: 'a driver of other volumes', object: object('storage.k8s.io/v1', 'CSIDriver', 'old.example.com', { spec: {} }), objects: [ofDriver, csiNode, object('storage.k8s.io/v1', 'CSINode', 'bare', { spec: { drivers: null } })], codes: ['not-in-use'] },
  ],
  unknown: [
    { says: 'a backend that may not be looked at counts as there', object: guard, troubles: forbidden('endpointslices'), codes: ['admission-ends'], unknown: ['cluster-wide'] },
    { says: 'bindings that may not be listed: nothing is said to be unused', object: role('deployer'), troubles: forbidden('rolebindings'), codes: [], unknown: ['cluster-wide'] },
    { says: 'claims that may not be listed', object: storage(), objects: [claim('data', { spec: { storageClassName: 'fast' } })], troubles: forbidden('persistentvolumeclaims'), codes: [], unknown: ['cluster-wide'] },
    { says: 'pods that may not be listed', object: priority(), objects: [urgent('a')], troubles: forbidden('pods'), codes: [], unknown: ['cluster-wide'] },
    { says: 'an API whose kinds are not told is served all the same', object: api(true), troubles: [{ verb: 'raw', resource: '/apis/example.com/v1', how: 'server-error' }], codes: ['api-ends'], unknown: ['cluster-wide'], data: { kinds: [] } },
    { says: 'policies that may not be read', object: bound, objects: [policy], kinds, troubles: [{ verb: 'get', resource: 'validatingadmissionpolicies', how: 'forbidden' }], codes: [], unknown: ['cluster-wide'] },
  ],
};
