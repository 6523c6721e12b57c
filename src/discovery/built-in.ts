/** Kinds that every API server serves under these names: they are resolved without asking for discovery. */
import type { ResourceKind } from '../model/ref.ts';

const kind = (
  group: string,
  version: string,
  name: string,
  resource: string,
  shortNames: readonly string[] = [],
  namespaced = true,
  categories: readonly string[] = [],
): ResourceKind => ({ group, version, kind: name, resource, singular: name.toLowerCase(), shortNames, categories, namespaced });

export const builtInKinds: readonly ResourceKind[] = [
  kind('', 'v1', 'Pod', 'pods', ['po'], true, ['all']),
  kind('', 'v1', 'ReplicationController', 'replicationcontrollers', ['rc'], true, ['all']),
  kind('', 'v1', 'Service', 'services', ['svc'], true, ['all']),
  kind('', 'v1', 'PersistentVolumeClaim', 'persistentvolumeclaims', ['pvc']),
  kind('', 'v1', 'PersistentVolume', 'persistentvolumes', ['pv'], false),
  kind('', 'v1', 'ConfigMap', 'configmaps', ['cm']),
  kind('', 'v1', 'Secret', 'secrets'),
  kind('', 'v1', 'ServiceAccount', 'serviceaccounts', ['sa']),
  kind('', 'v1', 'Namespace', 'namespaces', ['ns'], false),
  kind('', 'v1', 'Node', 'nodes', ['no'], false),
  kind('', 'v1', 'ResourceQuota', 'resourcequotas', ['quota']),
  kind('', 'v1', 'LimitRange', 'limitranges', ['limits']),
  kind('apps', 'v1', 'Deployment', 'deployments', ['deploy'], true, ['all']),
  kind('apps', 'v1', 'ReplicaSet', 'replicasets', ['rs'], true, ['all']),
  kind('apps', 'v1', 'StatefulSet', 'statefulsets', ['sts'], true, ['all']),
  kind('apps', 'v1', 'DaemonSet', 'daemonsets', ['ds'], true, ['all']),
  kind('batch', 'v1', 'Job', 'jobs', [], true, ['all']),
  kind('batch', 'v1', 'CronJob', 'cronjobs', ['cj'], true, ['all']),
  kind('coordination.k8s.io', 'v1', 'Lease', 'leases'),
  kind('apps', 'v1', 'ControllerRevision', 'controllerrevisions'),
  kind('networking.k8s.io', 'v1', 'IngressClass', 'ingressclasses', [], false),
  kind('node.k8s.io', 'v1', 'RuntimeClass', 'runtimeclasses', [], false),
  kind('policy', 'v1', 'PodDisruptionBudget', 'poddisruptionbudgets', ['pdb']),
  kind('discovery.k8s.io', 'v1', 'EndpointSlice', 'endpointslices'),
  kind('autoscaling', 'v2', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', ['hpa'], true, ['all']),
  kind('networking.k8s.io', 'v1', 'Ingress', 'ingresses', ['ing']),
  kind('networking.k8s.io', 'v1', 'NetworkPolicy', 'networkpolicies', ['netpol']),
  kind('rbac.authorization.k8s.io', 'v1', 'Role', 'roles'),
  kind('rbac.authorization.k8s.io', 'v1', 'RoleBinding', 'rolebindings'),
  kind('rbac.authorization.k8s.io', 'v1', 'ClusterRole', 'clusterroles', [], false),
  kind('rbac.authorization.k8s.io', 'v1', 'ClusterRoleBinding', 'clusterrolebindings', [], false),
  kind('scheduling.k8s.io', 'v1', 'PriorityClass', 'priorityclasses', ['pc'], false),
  kind('storage.k8s.io', 'v1', 'StorageClass', 'storageclasses', ['sc'], false),
  kind('storage.k8s.io', 'v1', 'CSIDriver', 'csidrivers', [], false),
  kind('storage.k8s.io', 'v1', 'CSINode', 'csinodes', [], false),
  kind('admissionregistration.k8s.io', 'v1', 'ValidatingWebhookConfiguration', 'validatingwebhookconfigurations', [], false, ['api-extensions']),
  kind('admissionregistration.k8s.io', 'v1', 'MutatingWebhookConfiguration', 'mutatingwebhookconfigurations', [], false, ['api-extensions']),
  kind('apiextensions.k8s.io', 'v1', 'CustomResourceDefinition', 'customresourcedefinitions', ['crd', 'crds'], false, ['api-extensions']),
  kind('apiregistration.k8s.io', 'v1', 'APIService', 'apiservices', [], false, ['api-extensions']),
  kind('storage.k8s.io', 'v1', 'VolumeAttachment', 'volumeattachments', [], false),
];

const find = (group: string, name: string): ResourceKind => {
  const found = builtInKinds.find((k) => k.group === group && k.kind === name);
  if (found === undefined) throw new Error(`no built-in kind ${group}/${name}`);
  return found;
};

export const podKind = find('', 'Pod');
export const claimKind = find('', 'PersistentVolumeClaim');
export const volumeKind = find('', 'PersistentVolume');
export const nodeKind = find('', 'Node');
export const namespaceKind = find('', 'Namespace');
export const leaseKind = find('coordination.k8s.io', 'Lease');
export const serviceKind = find('', 'Service');
export const controllerRevisionKind = find('apps', 'ControllerRevision');
export const ingressKind = find('networking.k8s.io', 'Ingress');
export const storageClassKind = find('storage.k8s.io', 'StorageClass');
/** Everything that has a template of pods, by the kind that people know. */
export const templateKinds: readonly ResourceKind[] = [
  find('apps', 'Deployment'),
  find('apps', 'StatefulSet'),
  find('apps', 'DaemonSet'),
  find('apps', 'ReplicaSet'),
  find('', 'ReplicationController'),
  find('batch', 'Job'),
  find('batch', 'CronJob'),
];
export const budgetKind = find('policy', 'PodDisruptionBudget');
export const endpointSliceKind = find('discovery.k8s.io', 'EndpointSlice');
export const validatingWebhooksKind = find('admissionregistration.k8s.io', 'ValidatingWebhookConfiguration');
export const mutatingWebhooksKind = find('admissionregistration.k8s.io', 'MutatingWebhookConfiguration');
export const volumeAttachmentKind = find('storage.k8s.io', 'VolumeAttachment');
export const definitionKind = find('apiextensions.k8s.io', 'CustomResourceDefinition');
export const apiServiceKind = find('apiregistration.k8s.io', 'APIService');
export const serviceAccountKind = find('', 'ServiceAccount');
export const statefulSetKind = find('apps', 'StatefulSet');
export const networkPolicyKind = find('networking.k8s.io', 'NetworkPolicy');
export const roleBindingKind = find('rbac.authorization.k8s.io', 'RoleBinding');
export const clusterRoleKind = find('rbac.authorization.k8s.io', 'ClusterRole');
export const clusterRoleBindingKind = find('rbac.authorization.k8s.io', 'ClusterRoleBinding');
export const csiNodeKind = find('storage.k8s.io', 'CSINode');

/** Groups of Kubernetes' own API server that look like those of definitions (kubernetes v1.36 pkg/controlplane/apiserver). */
const dotted = new Set(
  ['admissionregistration', 'apiextensions', 'apiregistration', 'authentication', 'authorization', 'certificates', 'coordination', 'discovery', 'events', 'flowcontrol.apiserver', 'internal.apiserver', 'networking', 'node', 'rbac.authorization', 'resource', 'scheduling', 'storage', 'storagemigration'].map(
    (name) => `${name}.k8s.io`,
  ),
);

/** Kubernetes' own group, and not one of a definition or an aggregated API: these have a dot, `gateway.networking.k8s.io` too. */
export const isBuiltInGroup = (group: string): boolean => !group.includes('.') || dotted.has(group);

/** The built-in kind that an owner reference or object names; null for custom ones. Versions do not matter: the stored one is served. */
export const builtInKind = (group: string, kindName: string): ResourceKind | null =>
  builtInKinds.find((k) => k.group === group && k.kind === kindName) ?? null;

/** The built-in kind for a word: plural, singular, kind, short name or `TYPE.GROUP`. Short names count as typed, as in kubectl (shortcut.go). */
export const builtInWord = (word: string): ResourceKind | null => {
  const lower = word.toLowerCase();
  const isNamed = (k: ResourceKind): boolean => k.resource === lower || k.singular === lower || k.shortNames.includes(word);
  const inGroup = (k: ResourceKind): boolean => k.group !== '' && [k.resource, k.singular].some((name) => `${name}.${k.group}` === lower);
  return builtInKinds.find((k) => isNamed(k) || inGroup(k)) ?? null;
};
