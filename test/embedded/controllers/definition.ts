import { unlessGone, type Api } from '../api.ts'
import { CLEANUP, DEFINITIONS, terminatingCondition } from '../definitions.ts'
import { customResources, storeKey, type Resource } from '../resources.ts'
import type { KubeObject } from '../types.ts'
import type { Controller, Loop } from './controller.ts'

const resourceOf = (definition: KubeObject): Resource | undefined => customResources(definition)[0]

const isTerminating = (definition: KubeObject): boolean => definition.metadata.deletionTimestamp !== undefined

const held = (api: Api, definition: KubeObject): boolean => {
  const resource = resourceOf(definition)
  return resource !== undefined && api.store.list(storeKey(resource)).length > 0
}

function reconcile(name: string, { api }: Loop): void {
  const definition = api.store.get(DEFINITIONS, '', name)
  if (definition === undefined || !isTerminating(definition) || definition.metadata.finalizers?.includes(CLEANUP) !== true) return
  const resource = resourceOf(definition)
  const ref = { resource: api.resources.key(DEFINITIONS), namespace: '', name }
  api.edit(ref, (object) => terminatingCondition(object, api.clock.now(), 'InstanceDeletionInProgress', 'CustomResource deletion is in progress'), { subresource: 'status' })
  if (resource !== undefined) {
    for (const { metadata } of api.store.list(storeKey(resource))) {
      if (metadata.deletionTimestamp === undefined) unlessGone(() => api.delete({ resource, namespace: metadata.namespace ?? '', name: metadata.name }, {}))
    }
  }
  if (held(api, definition)) return
  unlessGone(() => api.edit(ref, ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((finalizer) => finalizer !== CLEANUP) ?? []
  }))
}

/** Empties a kind whose definition is being deleted, then lets the definition go (apiextensions-apiserver pkg/controller/finalizer). */
export const definitionController: Controller = {
  name: 'definition',
  keys: (event, api) => {
    if (event.resource === DEFINITIONS) {
      return event.type !== 'DELETED' && isTerminating(event.object) ? [event.object.metadata.name] : []
    }
    if (event.type !== 'DELETED' || !event.resource.includes('.')) return []
    const definition = api.store.get(DEFINITIONS, '', event.resource)
    return definition !== undefined && isTerminating(definition) ? [event.resource] : []
  },
  all: (api) => api.store.list(DEFINITIONS).map((definition) => definition.metadata.name),
  reconcile,
}
