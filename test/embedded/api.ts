import { isDeepStrictEqual } from 'node:util'
import { alreadyExists, ApiError, badRequest, conflict, forbidden, invalid, notFound, type FieldProblem } from './api-error.ts'
import { timestamp, type Clock } from './clock.ts'
import { clone } from './clone.ts'
import { admit, applyDefaults, completeConditions, initialStatus, randomSuffix } from './defaults.ts'
import { newUuid } from './random.ts'
import { DEFINITIONS, markDefinition } from './definitions.ts'
import { checkPreconditions, decideDeletion, endsWithUpdate, validateDeleteOptions } from './delete.ts'
import { trackFields } from './managed-fields.ts'
import { apiVersionOf, customResources, storeKey, type Resource, type ResourceTable } from './resources.ts'
import { keyOf, type Store } from './store.ts'
import type { DeleteOptions, KubeObject, NewObject, ObjectMeta } from './types.ts'

/** Where an object lives; the namespace of cluster-scoped objects is empty. */
export interface Ref {
  readonly resource: Resource
  readonly namespace: string
  readonly name: string
}

export interface WriteOptions {
  readonly dryRun?: boolean
  readonly subresource?: string
  /** Who writes, for metadata.managedFields; default the controllers. */
  readonly manager?: string
}

const CONTROLLERS = 'kube-controller-manager'

const immortal = new Set(['default', 'kube-system', 'kube-public'])

const withTemplate = new Set(['ReplicaSet', 'ReplicationController', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job'])
const withSpec = new Set([...withTemplate, 'Pod', 'CronJob', 'PersistentVolumeClaim', 'PersistentVolume', 'Service'])

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

const templateOf = (set: KubeObject): unknown => (set.spec as Readonly<Record<string, unknown>> | undefined)?.['template']

/** A DaemonSet counts the changes of its template in an annotation (pkg/registry/apps/daemonset/strategy.go PrepareForUpdate). */
function countTemplates(object: KubeObject, stored: KubeObject): void {
  const before = Number(stored.metadata.annotations?.[TEMPLATE_GENERATION] ?? 1)
  const generation = isDeepStrictEqual(templateOf(object), templateOf(stored)) ? before : before + 1
  object.metadata.annotations = { ...object.metadata.annotations, [TEMPLATE_GENERATION]: String(generation) }
}

/**
 * The verbs of the API server on stored objects, with admission, defaulting and deletion as the real registry does
 * them. Everything is synchronous: one call is one transaction.
 */
export class Api {
  readonly store: Store
  readonly resources: ResourceTable
  readonly clock: Clock
  /** Refuses objects that the simulated cluster cannot act on faithfully. */
  readonly #validate: (object: KubeObject) => readonly FieldProblem[]

  constructor(store: Store, resources: ResourceTable, clock: Clock, validate: (object: KubeObject) => readonly FieldProblem[]) {
    this.store = store
    this.resources = resources
    this.clock = clock
    this.#validate = validate
  }

  get(ref: Ref): KubeObject {
    const found = this.store.get(storeKey(ref.resource), ref.namespace, ref.name)
    if (found === undefined) throw notFound(ref.resource, ref.name)
    return found
  }

  create(resource: Resource, namespace: string, input: NewObject, options: WriteOptions = {}): KubeObject {
    const object = clone(input) as KubeObject
    this.#prepare(resource, namespace, object)
    const { name } = object.metadata
    this.#admit(resource, namespace, object)
    const problems = [...nameProblems(resource, name), ...this.#validate(object)]
    if (problems.length > 0) throw invalid(resource, name, problems)
    if (this.store.get(storeKey(resource), namespace, name) !== undefined) throw alreadyExists(resource, name)
    const { status: _unowned, ...owned } = object
    trackFields(undefined, owned, { name: options.manager ?? CONTROLLERS }, this.clock.now())
    return options.dryRun === true ? object : this.store.put(storeKey(resource), object)
  }

  #prepare(resource: Resource, namespace: string, object: KubeObject): void {
    const sent: Partial<ObjectMeta> = metadataOf(object)
    if ((sent.resourceVersion ?? '') !== '') throw new ApiError(500, '', 'resourceVersion should not be set on objects to be created')
    if (resource.namespaced && sent.namespace !== undefined && sent.namespace !== namespace) {
      throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`)
    }
    const { deletionTimestamp: _at, deletionGracePeriodSeconds: _grace, ...metadata } = sent
    object.apiVersion = apiVersionOf(resource)
    object.kind = resource.kind
    object.metadata = {
      ...metadata,
      name: metadata.name ?? (metadata.generateName === undefined ? '' : `${metadata.generateName}${randomSuffix()}`),
      uid: newUuid(),
      resourceVersion: '',
      creationTimestamp: timestamp(this.clock.now()),
      ...(resource.namespaced ? { namespace } : {}),
      ...(resource.generation ? { generation: 1 } : {}),
    }
    delete (object.metadata as { resourceVersion?: string }).resourceVersion
    if (object.metadata.name === '') {
      throw invalid(resource, '', [{ reason: 'FieldValueRequired', field: 'metadata.name', message: 'Required value: name or generateName is required' }])
    }
    if (resource.custom) return
    if (object.kind === 'Namespace') {
      object.spec = { finalizers: ['kubernetes'] }
      object.metadata.labels = { ...object.metadata.labels, 'kubernetes.io/metadata.name': object.metadata.name }
    }
    this.#requireSpec(resource, object)
    admit(object)
    applyDefaults(object)
    const status = initialStatus(object, timestamp(this.clock.now()))
    if (status !== undefined) object.status = status
    else if (resource.plural === 'nodes') object.status ??= {}
    else if (resource.subresources.some((subresource) => subresource.name === 'status')) delete object.status
  }

  /** Refuses objects without the parts that everything after this reads. */
  #requireSpec(resource: Resource, object: KubeObject): void {
    const { name } = object.metadata
    if (typeof name !== 'string') throw badRequest(`${object.kind} in version "${resource.version}" cannot be handled as a ${object.kind}: json: cannot unmarshal into Go struct field ObjectMeta.metadata.name of type string`)
    if (!withSpec.has(object.kind)) return
    const spec = object.spec as { containers?: unknown; template?: { spec?: { containers?: unknown } } } | null | undefined
    const holder = object.kind === 'Pod' ? spec : withTemplate.has(object.kind) ? spec?.template?.spec : { containers: [] }
    if (spec === null || spec === undefined || !Array.isArray(holder?.containers)) {
      const field = object.kind === 'Pod' ? 'spec.containers' : 'spec.template.spec.containers'
      throw invalid(resource, name, [{ reason: 'FieldValueRequired', field, message: 'Required value' }])
    }
  }

  /** NamespaceLifecycle: only in a namespace that exists and is not going away. A custom resource only while its definition stays. */
  #admit(resource: Resource, namespace: string, object: KubeObject): void {
    if (resource.custom && this.store.get(DEFINITIONS, '', storeKey(resource))?.metadata.deletionTimestamp !== undefined) {
      throw forbidden(resource, object.metadata.name, 'create not allowed while custom resource definition is terminating')
    }
    if (!resource.namespaced) return
    const holder = this.store.get('namespaces', '', namespace)
    if (holder === undefined) throw notFound({ group: '', plural: 'namespaces' }, namespace)
    if (holder.metadata.deletionTimestamp === undefined || resource.plural === 'events') return
    throw forbidden(resource, object.metadata.name, `unable to create new content in namespace ${namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${namespace} is being terminated`, field: 'metadata.namespace' },
    ])
  }

  /** Replaces an object (PUT, or the outcome of a patch); a resourceVersion in it must be the stored one. */
  update(ref: Ref, input: KubeObject, options: WriteOptions = {}): KubeObject {
    const stored = this.get(ref)
    const { resource } = ref
    const object = clone(input)
    const sent: Partial<ObjectMeta> = object.metadata
    if ((sent.uid ?? '') !== '' && sent.uid !== stored.metadata.uid) {
      throw conflict(resource, ref.name, `StorageError: invalid object, Code: 4, Key: /registry/${resource.plural}/${keyOf(ref.namespace, ref.name)}, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${sent.uid ?? ''}, UID in object meta: ${stored.metadata.uid}`)
    }
    if ((sent.resourceVersion ?? '') !== '' && sent.resourceVersion !== stored.metadata.resourceVersion) {
      throw conflict(resource, ref.name, 'the object has been modified; please apply your changes to the latest version and try again')
    }
    this.#carryOver(resource, stored, object, options.subresource)
    if (options.subresource === undefined && !resource.custom) applyDefaults(object)
    completeConditions(object)
    this.#checkFinalizers(resource, stored, object)
    if (stored.metadata.managedFields === undefined) delete object.metadata.managedFields
    else object.metadata.managedFields = stored.metadata.managedFields
    if (resource.kind === 'DaemonSet') countTemplates(object, stored)
    if (isDeepStrictEqual(object, stored)) return stored
    trackFields(stored, object, { name: options.manager ?? CONTROLLERS, ...(options.subresource === undefined ? {} : { subresource: options.subresource }) }, this.clock.now())
    if (resource.generation && !isDeepStrictEqual(object.spec, stored.spec)) object.metadata.generation = (stored.metadata.generation ?? 0) + 1
    if (options.dryRun === true) return object
    if (endsWithUpdate(object)) {
      const last = this.#remove(resource, stored)
      return { ...object, metadata: { ...object.metadata, resourceVersion: last.metadata.resourceVersion } }
    }
    return this.store.put(storeKey(resource), object)
  }

  /** What an update cannot change: identity, deletion marks, and the half that another endpoint writes. */
  #carryOver(resource: Resource, stored: KubeObject, object: KubeObject, subresource: string | undefined): void {
    const { metadata } = object
    object.apiVersion = stored.apiVersion
    object.kind = stored.kind
    const kept = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'generation', 'resourceVersion', 'generateName'] as const
    for (const field of kept) {
      const value = stored.metadata[field]
      if (value === undefined) delete (metadata as { [K in typeof field]?: unknown })[field]
      else Object.assign(metadata, { [field]: value })
    }
    for (const list of ['finalizers', 'ownerReferences'] as const) if (metadata[list]?.length === 0) delete metadata[list]
    for (const map of ['labels', 'annotations'] as const) {
      const value = metadata[map] as object | null | undefined
      if (value === null || (value !== undefined && Object.keys(value).length === 0)) delete metadata[map]
    }
    const hasStatus = resource.subresources.some((other) => other.name === 'status')
    if (subresource === 'status') object.spec = stored.spec
    else if (hasStatus && subresource !== 'finalize') {
      if (stored.status === undefined) delete object.status
      else object.status = stored.status
    }
    if (object.spec === undefined) delete object.spec
  }

  /** Finalizers may only go once deletion has begun (ValidateObjectMetaUpdate). */
  #checkFinalizers(resource: Resource, stored: KubeObject, object: KubeObject): void {
    if (stored.metadata.deletionTimestamp === undefined) return
    const before = stored.metadata.finalizers ?? []
    const added = (object.metadata.finalizers ?? []).filter((finalizer) => !before.includes(finalizer))
    if (added.length === 0) return
    const list = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`
    const problem = { reason: 'FieldValueForbidden', field: 'metadata.finalizers', message: `Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers ${list}` } as const
    // the real validation runs twice
    throw invalid(resource, stored.metadata.name, [problem, problem])
  }

  /** Clones, changes and stores an object; without a change nothing is written. */
  edit(ref: Ref, change: (object: KubeObject) => void, options: WriteOptions = {}): KubeObject {
    const object = clone(this.get(ref))
    change(object)
    return this.update(ref, object, options)
  }

  /** DELETE of one object; `removed` tells whether it is gone now. */
  delete(ref: Ref, options: DeleteOptions = {}): { readonly object: KubeObject; readonly removed: boolean } {
    validateDeleteOptions(options)
    const stored = this.get(ref)
    const { resource } = ref
    if (resource.group === '' && resource.plural === 'namespaces') return this.#deleteNamespace(ref, stored, options)
    checkPreconditions(resource, stored, options)
    if (storeKey(resource) === DEFINITIONS && stored.metadata.deletionTimestamp === undefined) return this.#deleteDefinition(stored, options)
    const deletion = decideDeletion(resource, stored, options, this.clock.now())
    const dryRun = options.dryRun?.includes('All') === true
    if (deletion.kind === 'pending') return { object: stored, removed: false }
    const marked = deletion.object
    const written = marked === undefined || dryRun || isDeepStrictEqual(marked, stored) ? (marked ?? stored) : this.store.put(storeKey(resource), marked)
    if (deletion.kind === 'mark') return { object: written, removed: false }
    if (dryRun) return { object: written, removed: true }
    return { object: this.#remove(resource, written), removed: true }
  }

  #deleteDefinition(stored: KubeObject, options: DeleteOptions): { readonly object: KubeObject; readonly removed: boolean } {
    const object = clone(stored)
    markDefinition(object, this.clock.now())
    return { object: options.dryRun?.includes('All') === true ? object : this.store.put(DEFINITIONS, object), removed: false }
  }

  /** With a definition goes the kind that it defines. */
  #remove(resource: Resource, object: KubeObject): KubeObject {
    const last = this.store.remove(storeKey(resource), object)
    if (storeKey(resource) === DEFINITIONS) for (const custom of customResources(last)) this.resources.removeKind(custom.group, custom.plural)
    return last
  }

  #deleteNamespace(ref: Ref, stored: KubeObject, options: DeleteOptions): { readonly object: KubeObject; readonly removed: boolean } {
    if (immortal.has(ref.name)) throw forbidden(ref.resource, ref.name, 'this namespace may not be deleted')
    checkPreconditions(ref.resource, stored, options)
    const dryRun = options.dryRun?.includes('All') === true
    if (stored.metadata.deletionTimestamp === undefined) {
      const object = clone(stored)
      object.metadata.deletionTimestamp = timestamp(this.clock.now())
      object.status = { ...(object.status as object), phase: 'Terminating' }
      return { object: dryRun ? object : this.store.put('namespaces', object), removed: false }
    }
    if (!endsWithUpdate(stored)) return { object: stored, removed: false }
    return { object: dryRun ? stored : this.store.remove('namespaces', stored), removed: true }
  }
}

/** A client may send no metadata. */
const metadataOf = (object: { metadata?: Partial<ObjectMeta> }): Partial<ObjectMeta> => object.metadata ?? {}

const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/
const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function nameProblems(resource: Resource, name: string): FieldProblem[] {
  if (resource.group === 'rbac.authorization.k8s.io') return []
  const strict = resource.plural === 'namespaces' || resource.plural === 'services'
  if (strict ? label.test(name) && name.length <= 63 : subdomain.test(name) && name.length <= 253) return []
  const rule = strict
    ? `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')`
    : `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`
  return [{ reason: 'FieldValueInvalid', field: 'metadata.name', message: `Invalid value: ${JSON.stringify(name)}: ${rule}` }]
}

/** Runs `attempt`; a missing object is not an error but nothing. */
export function unlessGone<T>(attempt: () => T): T | undefined {
  try {
    return attempt()
  } catch (error) {
    if (error instanceof ApiError && error.code === 404) return undefined
    throw error
  }
}
