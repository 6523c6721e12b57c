import { unlessGone, type Api } from '../api.ts'
import { clone } from '../clone.ts'
import type { JsonObject, KubeObject, Pod, Volume, Workload } from '../types.ts'
import { allKeys, controllerRef, isAvailable, isOwnedBy, isReady, keysByOwner, refTo, splitKey, type Controller, type Loop } from './controller.ts'
import { templateHash } from './deployment.ts'
import { createPod, deletePod, podFrom } from './replicaset.ts'

const COMPONENT = 'statefulset-controller'

interface Set extends Workload {
  spec: Workload['spec'] & {
    podManagementPolicy?: string
    ordinals?: { start?: number }
    updateStrategy?: { type?: string; rollingUpdate?: { partition?: number } }
    volumeClaimTemplates?: KubeObject[]
    persistentVolumeClaimRetentionPolicy?: { whenDeleted?: string; whenScaled?: string }
    serviceName?: string
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')
const ordinalOf = (set: Set, pod: Pod): number => {
  const suffix = pod.metadata.name.slice(set.metadata.name.length + 1)
  return /^\d+$/.test(suffix) ? Number(suffix) : -1
}
const hashOf = (pod: Pod): string => pod.metadata.labels?.['controller-revision-hash'] ?? ''

/** Stores a template as a ControllerRevision and gives its name; a DaemonSet's carry the hash as a label too. */
export function revision(api: Api, set: Workload, labels: Readonly<Record<string, string>> = {}): string {
  const hash = templateHash(set.spec.template)
  const name = `${set.metadata.name}-${hash}`
  const namespace = set.metadata.namespace ?? ''
  const resource = api.resources.key('controllerrevisions.apps')
  if (api.store.get('controllerrevisions.apps', namespace, name) !== undefined) return name
  const others = api.store.list('controllerrevisions.apps', namespace).filter((other) => isOwnedBy(other, set))
  api.create(resource, namespace, {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name,
      labels: { ...set.spec.template.metadata?.labels, ...(set.kind === 'StatefulSet' ? { 'controller.kubernetes.io/hash': hash } : {}), ...labels },
      ...(set.metadata.annotations === undefined ? {} : { annotations: set.metadata.annotations }),
      ownerReferences: [controllerRef(set)],
    },
    data: { spec: { template: set.spec.template } },
    revision: 1 + Math.max(0, ...others.map((other) => Number(other['revision']))),
  })
  return name
}

function templateOf(api: Api, set: Set, name: string): Set {
  const stored = api.store.get('controllerrevisions.apps', set.metadata.namespace ?? '', name)
  const data = stored?.['data'] as { spec: { template: Workload['spec']['template'] } } | undefined
  return data === undefined ? set : { ...set, spec: { ...set.spec, template: data.spec.template } }
}

function createMember(api: Api, set: Set, ordinal: number, revisionName: string): Pod {
  const name = `${set.metadata.name}-${ordinal}`
  const namespace = set.metadata.namespace ?? ''
  const claims = set.spec.volumeClaimTemplates ?? []
  for (const template of claims) {
    const claim = `${template.metadata.name}-${name}`
    if (api.store.get('persistentvolumeclaims', namespace, claim) !== undefined) continue
    api.create(api.resources.key('persistentvolumeclaims'), namespace, {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim, labels: { ...set.spec.selector.matchLabels, ...template.metadata.labels } },
      spec: clone(template.spec),
    })
  }
  const pod = podFrom(templateOf(api, set, revisionName), {
    name,
    labels: { 'controller-revision-hash': revisionName, 'statefulset.kubernetes.io/pod-name': name, 'apps.kubernetes.io/pod-index': String(ordinal) },
  })
  const spec = pod.spec as Pod['spec']
  spec.hostname = name
  if (set.spec.serviceName !== undefined) spec.subdomain = set.spec.serviceName
  const volumes = claims.map((template): Volume => ({ name: template.metadata.name, persistentVolumeClaim: { claimName: `${template.metadata.name}-${name}` } }))
  spec.volumes = [...volumes, ...(spec.volumes ?? []).filter((volume) => !volumes.some((other) => other.name === volume.name))]
  if (spec.volumes.length === 0) delete spec.volumes
  return createPod(api, set, pod, COMPONENT)
}

/** Owners of the claims, which decide whether they go with the set or with a member (KEP-1847). */
function claimOwners(api: Api, set: Set, pods: readonly Pod[], condemned: readonly Pod[]): void {
  const policy = set.spec.persistentVolumeClaimRetentionPolicy ?? {}
  for (const pod of pods) {
    for (const template of set.spec.volumeClaimTemplates ?? []) {
      const claim = api.store.get('persistentvolumeclaims', set.metadata.namespace ?? '', `${template.metadata.name}-${pod.metadata.name}`)
      if (claim === undefined) continue
      const others = (claim.metadata.ownerReferences ?? []).filter((owner) => owner.uid !== set.metadata.uid && owner.kind !== 'Pod')
      const own = condemned.includes(pod) && policy.whenScaled === 'Delete' ? [pod] : policy.whenDeleted === 'Delete' ? [set] : []
      const wanted = [...others, ...own.map((owner) => ({ apiVersion: owner.apiVersion, kind: owner.kind, name: owner.metadata.name, uid: owner.metadata.uid, ...(owner === set ? { controller: true } : {}), blockOwnerDeletion: true }))]
      if (own.length === 0 && others.length === (claim.metadata.ownerReferences?.length ?? 0)) continue
      api.edit(refTo(api, 'persistentvolumeclaims', claim), ({ metadata }) => {
        metadata.ownerReferences = wanted
      })
    }
  }
}

/** One pass over the ordinals; it stops at the first member that is not yet as it must be, unless all go in parallel. */
function bringInOrder(loop: Loop, set: Set, key: string, current: string, update: string): void {
  const { api } = loop
  const ordered = set.spec.podManagementPolicy !== 'Parallel'
  const start = set.spec.ordinals?.start ?? 0
  const end = start + (set.spec.replicas ?? 1)
  const partition = set.spec.updateStrategy?.type === 'OnDelete' ? Number.POSITIVE_INFINITY : (set.spec.updateStrategy?.rollingUpdate?.partition ?? 0)
  const members = membersOf(api, set)
  const condemned = members.filter((pod) => ordinalOf(set, pod) < start || ordinalOf(set, pod) >= end)
  claimOwners(api, set, members, condemned)
  const seconds = set.spec.minReadySeconds ?? 0
  const healthy = (pod: Pod): boolean => pod.metadata.deletionTimestamp === undefined && pod.status.phase === 'Running' && isAvailable(pod, seconds, api.clock.now())
  for (let ordinal = start; ordinal < end; ordinal++) {
    const pod = members.find((other) => ordinalOf(set, other) === ordinal)
    if (pod === undefined) {
      const wanted = ordinal < partition && current !== '' && set.spec.updateStrategy?.type !== 'OnDelete' ? current : update
      if (api.store.get('pods', set.metadata.namespace ?? '', `${set.metadata.name}-${ordinal}`) === undefined) createMember(api, set, ordinal, wanted)
      if (ordered) return
      continue
    }
    if ((pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') && pod.metadata.deletionTimestamp === undefined) {
      deletePod(api, set, pod, COMPONENT)
      if (ordered) return
      continue
    }
    if (!healthy(pod)) {
      if (isReady(pod) && pod.metadata.deletionTimestamp === undefined) loop.again(key, seconds * 1000)
      if (ordered) return
    }
  }
  const last = condemned.toSorted((a, b) => ordinalOf(set, b) - ordinalOf(set, a))
  for (const pod of last) {
    if (pod.metadata.deletionTimestamp === undefined) deletePod(api, set, pod, COMPONENT)
    if (ordered) return
  }
  if (set.spec.updateStrategy?.type === 'OnDelete') return
  for (let ordinal = end - 1; ordinal >= Math.max(start, partition); ordinal--) {
    const pod = members.find((other) => ordinalOf(set, other) === ordinal)
    if (pod === undefined) return
    if (hashOf(pod) !== update && pod.metadata.deletionTimestamp === undefined) {
      deletePod(api, set, pod, COMPONENT)
      return
    }
    if (!healthy(pod)) return
  }
}

const membersOf = (api: Api, set: Set): Pod[] =>
  (api.store.list('pods', set.metadata.namespace) as Pod[]).filter((pod) => isOwnedBy(pod, set)).toSorted((a, b) => ordinalOf(set, a) - ordinalOf(set, b))

function adopt(api: Api, set: Set): void {
  for (const pod of api.store.list('pods', set.metadata.namespace) as Pod[]) {
    const mine = pod.metadata.name.startsWith(`${set.metadata.name}-`) && ordinalOf(set, pod) >= 0 && (pod.metadata.ownerReferences?.length ?? 0) === 0
    const matches = Object.entries(set.spec.selector.matchLabels ?? {}).every(([label, value]) => pod.metadata.labels?.[label] === value)
    if (!mine || !matches || pod.metadata.deletionTimestamp !== undefined) continue
    unlessGone(() => api.edit(refTo(api, 'pods', pod), ({ metadata }) => {
      metadata.ownerReferences = [controllerRef(set)]
    }))
  }
}

function reconcile(key: string, loop: Loop): void {
  const { api } = loop
  const [namespace, name] = splitKey(key)
  const set = api.store.get('statefulsets.apps', namespace, name) as Set | undefined
  if (set === undefined) return
  let update = textOf(set.status['updateRevision'])
  let current = textOf(set.status['currentRevision'])
  if (set.metadata.deletionTimestamp === undefined) {
    update = revision(api, set)
    if (current === '') current = update
    adopt(api, set)
    bringInOrder(loop, set, key, current, update)
  }
  const pods = membersOf(api, set).filter((pod) => pod.status.phase !== undefined)
  const present = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined || pod.status.phase === 'Running')
  const seconds = set.spec.minReadySeconds ?? 0
  const live = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined)
  const updated = live.filter((pod) => hashOf(pod) === update)
  const wanted = set.spec.replicas ?? 1
  if (updated.length === wanted && live.length === wanted && updated.every((pod) => isReady(pod))) current = update
  const numbers: JsonObject = {
    readyReplicas: present.filter((pod) => isReady(pod)).length,
    currentReplicas: live.filter((pod) => hashOf(pod) === current).length,
    updatedReplicas: updated.length,
  }
  api.edit(refTo(api, 'statefulsets.apps', set), (object) => {
    object.status = {
      observedGeneration: set.metadata.generation,
      replicas: present.length,
      ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0)),
      currentRevision: current,
      updateRevision: update,
      collisionCount: 0,
      availableReplicas: present.filter((pod) => isAvailable(pod, seconds, api.clock.now())).length,
    }
  }, { subresource: 'status' })
}

/** Keeps the members of a StatefulSet under their names and in their order (pkg/controller/statefulset/stateful_set_control.go). */
export const statefulSet: Controller = {
  name: 'statefulset',
  keys: keysByOwner('statefulsets.apps', 'StatefulSet', ['pods']),
  all: allKeys('statefulsets.apps'),
  reconcile,
}
