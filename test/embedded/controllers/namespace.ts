import { unlessGone, type Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import { storeKey, type Resource } from '../resources.ts'
import type { Condition, KubeObject } from '../types.ts'
import { API_SERVICES, unavailable } from './apiservice.ts'
import type { Controller, Loop } from './controller.ts'

/** Resources whose objects a namespace can hold and that can be deleted. */
const contents = (api: Api): Resource[] => api.resources.all().filter((resource) => resource.namespaced && resource.verbs.includes('delete') && resource.verbs.includes('list'))

const instances = (resource: Resource, count: number): string => `${resource.plural}.${resource.group} has ${count} resource instances`

function conditionsOf(api: Api, namespace: KubeObject, left: readonly (readonly [Resource, readonly KubeObject[]])[]): Condition[] {
  const finalizers = new Map<string, number>()
  for (const [, objects] of left) for (const object of objects) for (const finalizer of object.metadata.finalizers ?? []) finalizers.set(finalizer, (finalizers.get(finalizer) ?? 0) + 1)
  const remaining = left.map(([resource, objects]) => instances(resource, objects.length)).toSorted()
  const held = [...finalizers].map(([finalizer, count]) => `${finalizer} in ${count} resource instances`).toSorted()
  const stale = unavailable(api).map(([group, version]) => `${group}/${version}`)
  const now = timestamp(api.clock.now())
  const before = (namespace.status as { conditions?: Condition[] } | undefined)?.conditions ?? []
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => {
    const old = before.find((other) => other.type === type)
    return { type, status, lastTransitionTime: old?.status === status && old.reason === reason && old.message === message ? (old.lastTransitionTime ?? now) : now, reason, message }
  }
  return [
    stale.length > 0
      ? condition('NamespaceDeletionDiscoveryFailure', 'True', 'DiscoveryFailed', `Discovery failed for some groups, ${stale.length} failing: unable to retrieve the complete list of server APIs: ${stale.map((gv) => `${gv}: stale GroupVersion discovery: ${gv}`).join(', ')}`)
      : condition('NamespaceDeletionDiscoveryFailure', 'False', 'ResourcesDiscovered', 'All resources successfully discovered'),
    condition('NamespaceDeletionGroupVersionParsingFailure', 'False', 'ParsedGroupVersions', 'All legacy kube types successfully parsed'),
    condition('NamespaceDeletionContentFailure', 'False', 'ContentDeleted', 'All content successfully deleted, may be waiting on finalization'),
    remaining.length > 0
      ? condition('NamespaceContentRemaining', 'True', 'SomeResourcesRemain', `Some resources are remaining: ${remaining.join(', ')}`)
      : condition('NamespaceContentRemaining', 'False', 'ContentRemoved', 'All content successfully removed'),
    held.length > 0
      ? condition('NamespaceFinalizersRemaining', 'True', 'SomeFinalizersRemain', `Some content in the namespace has finalizers remaining: ${held.join(', ')}`)
      : condition('NamespaceFinalizersRemaining', 'False', 'ContentHasNoFinalizers', 'All content-preserving finalizers finished'),
  ]
}

function reconcile(name: string, loop: Loop): void {
  const { api } = loop
  const namespace = api.store.get('namespaces', '', name)
  if (namespace?.metadata.deletionTimestamp === undefined) return
  const remove = (resource: Resource): void => {
    for (const object of api.store.list(storeKey(resource), name)) {
      if (object.metadata.deletionTimestamp !== undefined) continue
      unlessGone(() => api.delete({ resource, namespace: name, name: object.metadata.name }, { propagationPolicy: 'Background' }))
    }
  }
  // pods first, and nothing else before they are gone (KEP-5080)
  const pods = api.resources.key('pods')
  remove(pods)
  if (api.store.list('pods', name).length === 0) for (const resource of contents(api)) remove(resource)
  const left = contents(api).map((resource) => [resource, api.store.list(storeKey(resource), name)] as const).filter(([, objects]) => objects.length > 0)
  const ref = { resource: api.resources.key('namespaces'), namespace: '', name }
  unlessGone(() => api.edit(ref, (object) => {
    object.status = { phase: 'Terminating', conditions: conditionsOf(api, namespace, left) }
  }, { subresource: 'status' }))
  if (left.length > 0 || unavailable(api).length > 0) return
  unlessGone(() => api.edit(ref, (object) => {
    const spec = object.spec as { finalizers?: string[] }
    const others = spec.finalizers?.filter((finalizer) => finalizer !== 'kubernetes') ?? []
    object.spec = others.length === 0 ? {} : { finalizers: others }
  }, { subresource: 'finalize' }))
  unlessGone(() => api.delete(ref, {}))
}

/** Empties a namespace that is being deleted, then lets it go (pkg/controller/namespace). */
export const namespaceController: Controller = {
  name: 'namespace',
  keys: (event, api) => {
    if (event.resource === 'namespaces') return event.type === 'DELETED' || event.object.metadata.deletionTimestamp === undefined ? [] : [event.object.metadata.name]
    if (event.resource === API_SERVICES) return api.store.list('namespaces').filter(({ metadata }) => metadata.deletionTimestamp !== undefined).map(({ metadata }) => metadata.name)
    const holder = event.object.metadata.namespace
    if (holder === undefined || event.resource === 'events') return []
    return api.store.get('namespaces', '', holder)?.metadata.deletionTimestamp === undefined ? [] : [holder]
  },
  all: (api) => api.store.list('namespaces').map((namespace) => namespace.metadata.name),
  reconcile,
}
