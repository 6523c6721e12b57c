/** One resource of the API: what discovery says of it and how its objects are stored. */
export interface Resource {
  readonly group: string
  readonly version: string
  readonly plural: string
  readonly singular: string
  readonly kind: string
  readonly namespaced: boolean
  readonly shortNames: readonly string[]
  readonly categories: readonly string[]
  readonly verbs: readonly string[]
  readonly subresources: readonly Subresource[]
  /** Whether metadata.generation counts changes of the spec. */
  readonly generation: boolean
  /** Whether DELETE answers with the object instead of a Status (registry store ReturnDeletedObject). */
  readonly returnsDeleted: boolean
  /** Whether an update may come without a resourceVersion (AllowUnconditionalUpdate). */
  readonly custom: boolean
}

export interface Subresource {
  readonly name: string
  readonly kind: string
  readonly verbs: readonly string[]
  readonly group?: string
  readonly version?: string
}

/** The key under which the store keeps a resource's objects: `pods`, `deployments.apps`. */
export const storeKey = (resource: { readonly group: string; readonly plural: string }): string =>
  resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`

export const apiVersionOf = (resource: { readonly group: string; readonly version: string }): string =>
  resource.group === '' ? resource.version : `${resource.group}/${resource.version}`

const standard = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']
const readWrite = ['get', 'patch', 'update']

interface Row {
  readonly kind: string
  readonly plural: string
  readonly short?: string
  readonly cluster?: true
  readonly all?: true
  readonly verbs?: readonly string[]
  readonly status?: true
  readonly scale?: true
  readonly more?: readonly Subresource[]
  readonly plain?: true
  readonly returns?: true
}

const proxyVerbs = ['create', 'delete', 'get', 'patch', 'update']

const podSubresources: readonly Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: ['create', 'get'] },
  { name: 'binding', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', kind: 'Pod', verbs: readWrite },
  { name: 'eviction', kind: 'Eviction', verbs: ['create'], group: 'policy', version: 'v1' },
  { name: 'exec', kind: 'PodExecOptions', verbs: ['create', 'get'] },
  { name: 'log', kind: 'Pod', verbs: ['get'] },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: ['create', 'get'] },
  { name: 'proxy', kind: 'PodProxyOptions', verbs: proxyVerbs },
  { name: 'resize', kind: 'Pod', verbs: readWrite },
]

/** `plain`: no metadata.generation; `returns`: DELETE answers with the object. */
const table: readonly (readonly [groupVersion: string, rows: readonly Row[]])[] = [
  ['v1', [
    { kind: 'ConfigMap', plural: 'configmaps', short: 'cm', plain: true },
    { kind: 'Endpoints', plural: 'endpoints', short: 'ep', plain: true },
    { kind: 'Event', plural: 'events', short: 'ev', plain: true },
    { kind: 'LimitRange', plural: 'limitranges', short: 'limits', plain: true },
    { kind: 'Namespace', plural: 'namespaces', short: 'ns', cluster: true, status: true, plain: true, returns: true, verbs: standard.filter((verb) => verb !== 'deletecollection'), more: [{ name: 'finalize', kind: 'Namespace', verbs: ['update'] }] },
    { kind: 'Node', plural: 'nodes', short: 'no', cluster: true, status: true, plain: true, more: [{ name: 'proxy', kind: 'NodeProxyOptions', verbs: proxyVerbs }] },
    { kind: 'PersistentVolumeClaim', plural: 'persistentvolumeclaims', short: 'pvc', status: true, plain: true, returns: true },
    { kind: 'PersistentVolume', plural: 'persistentvolumes', short: 'pv', cluster: true, status: true, plain: true, returns: true },
    { kind: 'Pod', plural: 'pods', short: 'po', all: true, status: true, more: podSubresources, returns: true },
    { kind: 'PodTemplate', plural: 'podtemplates', returns: true },
    { kind: 'ReplicationController', plural: 'replicationcontrollers', short: 'rc', all: true, status: true, scale: true },
    { kind: 'ResourceQuota', plural: 'resourcequotas', short: 'quota', status: true, plain: true, returns: true },
    { kind: 'Secret', plural: 'secrets', plain: true },
    { kind: 'ServiceAccount', plural: 'serviceaccounts', short: 'sa', plain: true, returns: true, more: [{ name: 'token', kind: 'TokenRequest', verbs: ['create'], group: 'authentication.k8s.io', version: 'v1' }] },
    { kind: 'Service', plural: 'services', short: 'svc', all: true, status: true, plain: true, returns: true, more: [{ name: 'proxy', kind: 'ServiceProxyOptions', verbs: proxyVerbs }] },
  ]],
  ['apiregistration.k8s.io/v1', [{ kind: 'APIService', plural: 'apiservices', cluster: true, status: true, plain: true }]],
  ['apps/v1', [
    { kind: 'ControllerRevision', plural: 'controllerrevisions', plain: true },
    { kind: 'DaemonSet', plural: 'daemonsets', short: 'ds', all: true, status: true },
    { kind: 'Deployment', plural: 'deployments', short: 'deploy', all: true, status: true, scale: true },
    { kind: 'ReplicaSet', plural: 'replicasets', short: 'rs', all: true, status: true, scale: true },
    { kind: 'StatefulSet', plural: 'statefulsets', short: 'sts', all: true, status: true, scale: true },
  ]],
  ['events.k8s.io/v1', []],
  ['authentication.k8s.io/v1', [
    { kind: 'SelfSubjectReview', plural: 'selfsubjectreviews', cluster: true, verbs: ['create'], plain: true },
    { kind: 'TokenReview', plural: 'tokenreviews', cluster: true, verbs: ['create'], plain: true },
  ]],
  ['authorization.k8s.io/v1', [
    { kind: 'LocalSubjectAccessReview', plural: 'localsubjectaccessreviews', verbs: ['create'], plain: true },
    { kind: 'SelfSubjectAccessReview', plural: 'selfsubjectaccessreviews', cluster: true, verbs: ['create'], plain: true },
    { kind: 'SelfSubjectRulesReview', plural: 'selfsubjectrulesreviews', cluster: true, verbs: ['create'], plain: true },
    { kind: 'SubjectAccessReview', plural: 'subjectaccessreviews', cluster: true, verbs: ['create'], plain: true },
  ]],
  ['autoscaling/v2', [{ kind: 'HorizontalPodAutoscaler', plural: 'horizontalpodautoscalers', short: 'hpa', all: true, status: true, plain: true }]],
  ['batch/v1', [
    { kind: 'CronJob', plural: 'cronjobs', short: 'cj', all: true, status: true },
    { kind: 'Job', plural: 'jobs', all: true, status: true },
  ]],
  ['networking.k8s.io/v1', [
    { kind: 'IngressClass', plural: 'ingressclasses', cluster: true },
    { kind: 'Ingress', plural: 'ingresses', short: 'ing', status: true },
    { kind: 'NetworkPolicy', plural: 'networkpolicies', short: 'netpol' },
  ]],
  ['node.k8s.io/v1', [{ kind: 'RuntimeClass', plural: 'runtimeclasses', cluster: true, plain: true }]],
  ['policy/v1', [{ kind: 'PodDisruptionBudget', plural: 'poddisruptionbudgets', short: 'pdb', status: true }]],
  ['rbac.authorization.k8s.io/v1', [
    { kind: 'ClusterRoleBinding', plural: 'clusterrolebindings', cluster: true, plain: true },
    { kind: 'ClusterRole', plural: 'clusterroles', cluster: true, plain: true },
    { kind: 'RoleBinding', plural: 'rolebindings', plain: true },
    { kind: 'Role', plural: 'roles', plain: true },
  ]],
  ['storage.k8s.io/v1', [
    { kind: 'CSIDriver', plural: 'csidrivers', cluster: true, returns: true },
    { kind: 'CSINode', plural: 'csinodes', cluster: true, plain: true, returns: true },
    { kind: 'StorageClass', plural: 'storageclasses', short: 'sc', cluster: true, plain: true, returns: true },
    { kind: 'VolumeAttachment', plural: 'volumeattachments', cluster: true, status: true, plain: true, returns: true },
  ]],
  ['admissionregistration.k8s.io/v1', [
    { kind: 'MutatingWebhookConfiguration', plural: 'mutatingwebhookconfigurations', cluster: true },
    { kind: 'ValidatingAdmissionPolicy', plural: 'validatingadmissionpolicies', cluster: true, status: true },
    { kind: 'ValidatingAdmissionPolicyBinding', plural: 'validatingadmissionpolicybindings', cluster: true },
    { kind: 'ValidatingWebhookConfiguration', plural: 'validatingwebhookconfigurations', cluster: true },
  ]],
  ['apiextensions.k8s.io/v1', [{ kind: 'CustomResourceDefinition', plural: 'customresourcedefinitions', short: 'crd,crds', cluster: true, status: true }]],
  ['scheduling.k8s.io/v1', [{ kind: 'PriorityClass', plural: 'priorityclasses', short: 'pc', cluster: true }]],
  ['coordination.k8s.io/v1', [{ kind: 'Lease', plural: 'leases', plain: true }]],
  ['discovery.k8s.io/v1', [{ kind: 'EndpointSlice', plural: 'endpointslices' }]],
]

const split = (groupVersion: string): readonly [string, string] => {
  const [first = '', second] = groupVersion.split('/')
  return second === undefined ? ['', first] : [first, second]
}

function fromRow(groupVersion: string, row: Row): Resource {
  const [group, version] = split(groupVersion)
  return {
    group,
    version,
    plural: row.plural,
    singular: row.kind.toLowerCase(),
    kind: row.kind,
    namespaced: row.cluster !== true,
    shortNames: row.short?.split(',') ?? [],
    categories: row.all === true ? ['all'] : group === 'admissionregistration.k8s.io' || group === 'apiregistration.k8s.io' || group === 'apiextensions.k8s.io' ? ['api-extensions'] : [],
    verbs: row.verbs ?? standard,
    subresources: [
      ...(row.more ?? []),
      ...(row.scale === true ? [{ name: 'scale', kind: 'Scale', verbs: readWrite, group: 'autoscaling', version: 'v1' }] : []),
      ...(row.status === true ? [{ name: 'status', kind: row.kind, verbs: readWrite }] : []),
    ].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    generation: row.plain !== true,
    returnsDeleted: row.returns === true,
    custom: false,
  }
}

/** The resources a server knows: the built-in ones, and those that CustomResourceDefinitions add. */
export class ResourceTable {
  readonly #all: Resource[] = table.flatMap(([groupVersion, rows]) => rows.map((row) => fromRow(groupVersion, row)))

  all(): readonly Resource[] {
    return this.#all
  }

  /** The resource of a URL path: group, version and plural name. */
  find(group: string, version: string, plural: string): Resource | undefined {
    return this.#all.find((resource) => resource.group === group && resource.version === version && resource.plural === plural)
  }

  byKind(apiVersion: string, kind: string): Resource | undefined {
    return this.#all.find((resource) => resource.kind === kind && apiVersionOf(resource) === apiVersion)
  }

  /** The resource of a store key or its plain plural name: `pods`, `deployments.apps`. */
  key(key: string): Resource {
    const found = this.#all.find((resource) => storeKey(resource) === key)
    if (found === undefined) throw new Error(`no resource ${key}`)
    return found
  }

  /** Groups and versions in the order of discovery. */
  groupVersions(): readonly (readonly [group: string, version: string])[] {
    const seen = new Map<string, readonly [string, string]>()
    for (const { group, version } of this.#all) seen.set(`${group}/${version}`, [group, version])
    return [...seen.values()]
  }

  add(resource: Resource): void {
    this.removeKind(resource.group, resource.plural)
    this.#all.push(resource)
  }

  removeKind(group: string, plural: string): void {
    for (let index = this.#all.length - 1; index >= 0; index--) {
      const resource = this.#all[index]
      if (resource?.custom === true && resource.group === group && resource.plural === plural) this.#all.splice(index, 1)
    }
  }
}

/** The resources that one CustomResourceDefinition adds, one a served version. */
export function customResources(definition: { readonly spec?: unknown }): readonly Resource[] {
  const spec = definition.spec as {
    group: string
    scope: string
    names: { plural: string; singular?: string; kind: string; shortNames?: string[]; categories?: string[] }
    versions: { name: string; served: boolean; subresources?: { status?: unknown } }[]
  }
  return spec.versions
    .filter((version) => version.served)
    .map((version) => ({
      group: spec.group,
      version: version.name,
      plural: spec.names.plural,
      singular: spec.names.singular ?? spec.names.kind.toLowerCase(),
      kind: spec.names.kind,
      namespaced: spec.scope === 'Namespaced',
      shortNames: spec.names.shortNames ?? [],
      categories: spec.names.categories ?? [],
      verbs: standard,
      subresources: version.subresources?.status === undefined ? [] : [{ name: 'status', kind: spec.names.kind, verbs: readWrite }],
      generation: true,
      returnsDeleted: false,
      custom: true,
    }))
}
