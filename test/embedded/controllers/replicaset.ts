import { unlessGone, type Api } from '../api.ts'
import { clone } from '../clone.ts'
import { recordEvent } from '../events.ts'
import { selectorMatches } from '../selectors.ts'
import type { LabelSelector, NewObject, Pod, Workload } from '../types.ts'
import { allKeys, controllerOf, controllerRef, isActive, isAvailable, isOwnedBy, isReady, keyOfObject, keysByOwner, refTo, splitKey, type Controller, type Loop } from './controller.ts'

/** A pod as a controller makes it from a template. */
export function podFrom(owner: Workload, extra: { readonly name?: string; readonly labels?: Record<string, string> } = {}): NewObject {
  const { metadata = {}, spec } = owner.spec.template
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      ...(extra.name === undefined ? { generateName: `${owner.metadata.name}-` } : { name: extra.name }),
      labels: { ...metadata.labels, ...extra.labels },
      ...(metadata.annotations === undefined ? {} : { annotations: metadata.annotations }),
      ...(metadata.finalizers === undefined ? {} : { finalizers: metadata.finalizers }),
      ownerReferences: [controllerRef(owner)],
    },
    spec: clone(spec),
  }
}

export function createPod(api: Api, owner: Workload, pod: NewObject, component: string): Pod {
  const created = api.create(api.resources.key('pods'), owner.metadata.namespace ?? '', pod) as Pod
  recordEvent(api, owner, { reason: 'SuccessfulCreate', message: `Created pod: ${created.metadata.name}`, component })
  return created
}

export function deletePod(api: Api, owner: Workload, pod: Pod, component: string): void {
  unlessGone(() => api.delete(refTo(api, 'pods', pod), { preconditions: { uid: pod.metadata.uid } }))
  recordEvent(api, owner, { reason: 'SuccessfulDelete', message: `Deleted pod: ${pod.metadata.name}`, component })
}

/** The pods that a set controls; matching orphans are adopted, and those that match no more are released. */
export function claimPods(api: Api, owner: Workload, selector: LabelSelector): Pod[] {
  const pods = api.store.list('pods', owner.metadata.namespace) as Pod[]
  const claimed: Pod[] = []
  for (const pod of pods) {
    const matches = selectorMatches(selector, pod.metadata.labels)
    if (isOwnedBy(pod, owner)) {
      if (matches) claimed.push(pod)
      else if (owner.metadata.deletionTimestamp === undefined) {
        api.edit(refTo(api, 'pods', pod), ({ metadata }) => {
          metadata.ownerReferences = metadata.ownerReferences?.filter((reference) => reference.uid !== owner.metadata.uid) ?? []
        })
      }
    } else if (matches && controllerOf(pod) === undefined && owner.metadata.deletionTimestamp === undefined && isActive(pod)) {
      claimed.push(api.edit(refTo(api, 'pods', pod), ({ metadata }) => {
        metadata.ownerReferences = [...(metadata.ownerReferences ?? []), controllerRef(owner)]
      }) as Pod)
    }
  }
  return claimed
}

const rank = (pod: Pod): number => ((pod.spec.nodeName ?? '') === '' ? 0 : pod.status.phase === 'Pending' ? 1 : isReady(pod) ? 3 : 2)

function reconcile(resource: string, component: string, key: string, loop: Loop): void {
  const { api } = loop
  const [namespace, name] = splitKey(key)
  const set = api.store.get(resource, namespace, name) as Workload | undefined
  if (set === undefined) return
  const selector = set.kind === 'ReplicaSet' ? set.spec.selector : { matchLabels: set.spec.selector as Record<string, string> }
  const claimed = claimPods(api, set, selector)
  const active = claimed.filter(isActive)
  const wanted = set.spec.replicas ?? 1
  let now = active
  if (set.metadata.deletionTimestamp === undefined) {
    for (let missing = wanted - active.length; missing > 0; missing--) now = [...now, createPod(api, set, podFrom(set), component)]
    const surplus = active.toSorted((a, b) => rank(a) - rank(b) || Date.parse(b.metadata.creationTimestamp) - Date.parse(a.metadata.creationTimestamp)).slice(0, Math.max(0, active.length - wanted))
    for (const pod of surplus) deletePod(api, set, pod, component)
    now = now.filter((pod) => !surplus.includes(pod))
  }
  const seconds = set.spec.minReadySeconds ?? 0
  const labels = set.spec.template.metadata?.labels ?? {}
  const ready = active.filter(isReady)
  const available = ready.filter((pod) => isAvailable(pod, seconds, api.clock.now()))
  if (available.length < ready.length) loop.again(key, seconds * 1000)
  const numbers: Record<string, number> = {
    fullyLabeledReplicas: active.filter((pod) => Object.entries(labels).every(([label, value]) => pod.metadata.labels?.[label] === value)).length,
    readyReplicas: ready.length,
    availableReplicas: available.length,
  }
  const terminating = claimed.filter((pod) => pod.metadata.deletionTimestamp !== undefined && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed').length
  api.edit(refTo(api, resource, set), (object) => {
    const { conditions } = (object as Workload).status
    object.status = {
      replicas: active.length,
      ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value > 0)),
      ...(set.kind === 'ReplicaSet' ? { terminatingReplicas: terminating } : {}),
      observedGeneration: set.metadata.generation,
      ...(conditions === undefined ? {} : { conditions }),
    }
  }, { subresource: 'status' })
}

const byOwner = (resource: string, kind: string): Controller['keys'] => {
  const owned = keysByOwner(resource, kind, ['pods'])
  return (event, api) => {
    const keys = owned(event)
    if (keys.length > 0 || event.resource !== 'pods' || controllerOf(event.object) !== undefined) return keys
    // an orphan may be adopted
    return (api.store.list(resource, event.object.metadata.namespace) as Workload[]).map(keyOfObject)
  }
}

/** Keeps `spec.replicas` pods of a ReplicaSet (pkg/controller/replicaset). Terminating pods do not count. */
export const replicaSet: Controller = {
  name: 'replicaset',
  keys: byOwner('replicasets.apps', 'ReplicaSet'),
  all: allKeys('replicasets.apps'),
  reconcile: (key, loop) => reconcile('replicasets.apps', 'replicaset-controller', key, loop),
}

/** The same for the older ReplicationController. */
export const replicationController: Controller = {
  name: 'replicationcontroller',
  keys: byOwner('replicationcontrollers', 'ReplicationController'),
  all: allKeys('replicationcontrollers'),
  reconcile: (key, loop) => reconcile('replicationcontrollers', 'replication-controller', key, loop),
}
