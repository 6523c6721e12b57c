import { isDeepStrictEqual } from 'node:util'
import { unlessGone, type Api, type Ref } from '../api.ts'
import { storeKey, type Resource } from '../resources.ts'
import type { StoreEvent } from '../store.ts'
import type { KubeObject, OwnerReference } from '../types.ts'
import type { Controller, Loop } from './controller.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

type OwnerState = 'solid' | 'dangling' | 'waiting' | 'unknown'

/** What has become of an owner, as one of its dependents sees it (garbagecollector.go classifyReferences). */
function stateOf(api: Api, dependent: KubeObject, reference: OwnerReference): OwnerState {
  const resource = api.resources.byKind(reference.apiVersion, reference.kind)
  if (resource === undefined) return 'unknown'
  if (resource.namespaced && dependent.metadata.namespace === undefined) return 'unknown'
  const owner = api.store.get(storeKey(resource), resource.namespaced ? (dependent.metadata.namespace ?? '') : '', reference.name)
  if (owner?.metadata.uid !== reference.uid) return 'dangling'
  const waiting = owner.metadata.deletionTimestamp !== undefined && owner.metadata.finalizers?.includes(FOREGROUND) === true
  return waiting ? 'waiting' : 'solid'
}

interface Held {
  readonly ref: Ref
  readonly object: KubeObject
}

const heldBy = (resource: Resource, object: KubeObject): Held => ({ ref: { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name }, object })

const everything = (api: Api): Held[] => api.resources.all().flatMap((resource) => api.store.list(storeKey(resource)).map((object) => heldBy(resource, object)))

/** Who refers to an owner, by its uid: the graph of the real collector. References that are gone are found out when read. */
const graphs = new WeakMap<Api, Map<string, Map<string, { readonly resource: string; readonly namespace: string; readonly name: string }>>>()

function note(api: Api, resource: string, object: KubeObject): void {
  const graph = graphs.get(api) ?? new Map<string, Map<string, { resource: string; namespace: string; name: string }>>()
  graphs.set(api, graph)
  for (const owner of object.metadata.ownerReferences ?? []) {
    const dependents = graph.get(owner.uid) ?? new Map<string, { resource: string; namespace: string; name: string }>()
    graph.set(owner.uid, dependents)
    dependents.set(keyFor(resource, object), { resource, namespace: object.metadata.namespace ?? '', name: object.metadata.name })
  }
}

function dependentsOf(api: Api, uid: string): Held[] {
  return [...(graphs.get(api)?.get(uid)?.values() ?? [])].flatMap(({ resource, namespace, name }) => {
    const object = api.store.get(resource, namespace, name)
    const refers = object?.metadata.ownerReferences?.some((owner) => owner.uid === uid) ?? false
    return object !== undefined && refers ? [heldBy(api.resources.key(resource), object)] : []
  })
}

/** Deletes a dependent whose owners are gone, or drops the references that lead nowhere. */
function attemptToDelete(api: Api, { ref, object }: Held): void {
  const owners = object.metadata.ownerReferences ?? []
  if (owners.length === 0) return
  if (object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.includes(FOREGROUND) !== true) return
  const states = owners.map((owner) => ({ owner, state: stateOf(api, object, owner) }))
  if (states.some(({ state }) => state === 'unknown')) return
  const solid = states.filter(({ state }) => state === 'solid')
  const waiting = states.filter(({ state }) => state === 'waiting')
  const preconditions = { uid: object.metadata.uid }
  if (solid.length > 0) {
    if (solid.length < states.length) {
      api.edit(ref, ({ metadata }) => {
        metadata.ownerReferences = solid.map(({ owner }) => owner)
      })
    }
    return
  }
  if (object.metadata.deletionTimestamp !== undefined) return
  const own = object.metadata.finalizers ?? []
  const foreground = own.includes(FOREGROUND) || (waiting.length > 0 && dependentsOf(api, object.metadata.uid).length > 0)
  const propagationPolicy = own.includes(ORPHAN) ? 'Orphan' : foreground ? 'Foreground' : 'Background'
  unlessGone(() => api.delete(ref, { preconditions, propagationPolicy }))
}

function dropFinalizer(api: Api, ref: Ref, finalizer: string): void {
  unlessGone(() => api.edit(ref, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((other) => other !== finalizer) ?? []
  }))
}

/** What the garbage collector owes an object that waits with one of its finalizers. */
function finalize(api: Api, held: Held): void {
  const { metadata } = held.object
  if (metadata.deletionTimestamp === undefined) return
  const dependents = dependentsOf(api, metadata.uid)
  if (metadata.finalizers?.includes(ORPHAN) === true) {
    for (const { ref } of dependents) {
      unlessGone(() => api.edit(ref, (object) => {
        object.metadata.ownerReferences = object.metadata.ownerReferences?.filter((owner) => owner.uid !== metadata.uid) ?? []
      }))
    }
    dropFinalizer(api, held.ref, ORPHAN)
    return
  }
  if (metadata.finalizers?.includes(FOREGROUND) !== true) return
  const blocking = dependents.filter(({ object }) => object.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid && owner.blockOwnerDeletion === true) === true)
  if (blocking.length === 0) dropFinalizer(api, held.ref, FOREGROUND)
  else for (const dependent of blocking) attemptToDelete(api, dependent)
}

function reconcile(key: string, { api }: Loop): void {
  const [kind = '', resourceKey = '', namespace = '', name = ''] = key.split('|')
  if (kind === 'gone') {
    for (const dependent of dependentsOf(api, resourceKey)) attemptToDelete(api, dependent)
    return
  }
  const resource = api.resources.all().find((other) => storeKey(other) === resourceKey)
  const object = api.store.get(resourceKey, namespace, name)
  if (resource === undefined || object === undefined) return
  const held = { ref: { resource, namespace, name }, object }
  finalize(api, held)
  const left = api.store.get(resourceKey, namespace, name)
  if (left !== undefined) attemptToDelete(api, { ...held, object: left })
}

const keyFor = (resource: string, object: KubeObject): string => `object|${resource}|${object.metadata.namespace ?? ''}|${object.metadata.name}`

const concerns = ({ metadata }: KubeObject): boolean =>
  (metadata.ownerReferences?.length ?? 0) > 0 || (metadata.deletionTimestamp !== undefined && metadata.finalizers?.some((finalizer) => finalizer === ORPHAN || finalizer === FOREGROUND) === true)

const relevant = ({ metadata }: KubeObject): unknown => [metadata.ownerReferences, metadata.deletionTimestamp === undefined, metadata.finalizers]

/** Whether a change is one that the collector acts on. */
function isNews({ object, previous }: StoreEvent): boolean {
  return previous === undefined || !isDeepStrictEqual(relevant(object), relevant(previous))
}

/** Removes dependents whose owners are gone, and serves the propagation policies (pkg/controller/garbagecollector). */
export const garbageCollector: Controller = {
  name: 'garbage-collector',
  keys: (event, api) => {
    const { object } = event
    if (event.resource === 'events' || event.resource === 'leases.coordination.k8s.io') return []
    if (event.type !== 'DELETED') {
      note(api, event.resource, object)
      return concerns(object) && isNews(event) ? [keyFor(event.resource, object)] : []
    }
    const waiting = (object.metadata.ownerReferences ?? []).flatMap((owner) => {
      const resource = api.resources.byKind(owner.apiVersion, owner.kind)
      return resource === undefined ? [] : [`object|${storeKey(resource)}|${resource.namespaced ? (object.metadata.namespace ?? '') : ''}|${owner.name}`]
    })
    return [`gone|${object.metadata.uid}`, ...waiting]
  },
  all: (api) => everything(api).filter(({ ref, object }) => {
    note(api, storeKey(ref.resource), object)
    return concerns(object)
  }).map(({ ref, object }) => keyFor(storeKey(ref.resource), object)),
  reconcile,
}
