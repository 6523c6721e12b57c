import { unlessGone, type Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import { clone } from '../clone.ts'
import type { KubeObject, Pod } from '../types.ts'
import { allKeys, controllerRef, isOwnedBy, keyOfObject, refTo, splitKey, type Controller, type Loop } from './controller.ts'

interface Claim extends KubeObject {
  spec: { accessModes?: string[]; volumeName?: string; storageClassName?: string; resources?: { requests?: { storage?: string } } }
  status: { phase?: string }
}
interface PersistentVolume extends KubeObject {
  spec: { persistentVolumeReclaimPolicy?: string; hostPath?: { path: string }; accessModes?: string[]; storageClassName?: string; capacity?: { storage?: string }; claimRef?: { kind?: string; apiVersion?: string; namespace?: string; name?: string; uid?: string; resourceVersion?: string } }
  status: { phase?: string }
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, M: 1e6, G: 1e9, T: 1e12, Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40 }

/** Bytes of a quantity such as `1Gi`. */
export function quantity(text = '0'): number {
  const match = /^([\d.]+)([A-Za-z]*)$/.exec(text)
  return Number(match?.[1] ?? 0) * (units[match?.[2] ?? ''] ?? 1)
}

/** The claims that a pod uses, by name. */
export const claimNames = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).flatMap((volume) => volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral === undefined ? [] : `${pod.metadata.name}-${volume.name}`))

/** Why a pod's claims keep it from being scheduled; nothing when they do not (scheduler plugin VolumeBinding). */
export function claimProblem(api: Api, pod: Pod): string | undefined {
  for (const name of claimNames(pod)) {
    const claim = api.store.get('persistentvolumeclaims', pod.metadata.namespace ?? '', name) as Claim | undefined
    if (claim === undefined) return `persistentvolumeclaim "${name}" not found`
    if (claim.metadata.deletionTimestamp !== undefined) return `persistentvolumeclaim "${name}" is being deleted`
    if (claim.status.phase !== 'Bound') return 'pod has unbound immediate PersistentVolumeClaims'
  }
  return undefined
}

const drop = (api: Api, resource: string, object: KubeObject, finalizer: string): void => {
  unlessGone(() => api.edit(refTo(api, resource, object), ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((other) => other !== finalizer) ?? []
  }))
}

/** The protection controllers put their finalizer back on what is not being deleted (pv_protection_controller.go addFinalizer). */
const protect = (api: Api, resource: string, object: KubeObject, finalizer: string): void => {
  if (object.metadata.finalizers?.includes(finalizer) === true) return
  unlessGone(() => api.edit(refTo(api, resource, object), ({ metadata }) => {
    metadata.finalizers = [...(metadata.finalizers ?? []), finalizer]
  }))
}

/** A claim whose volume is gone is Lost for good (pv_controller.go syncBoundClaim). */
function markLost(api: Api, claim: Claim): void {
  if (claim.status.phase !== 'Bound' || claim.spec.volumeName === undefined || api.store.get('persistentvolumes', '', claim.spec.volumeName) !== undefined) return
  api.edit(refTo(api, 'persistentvolumeclaims', claim), (object) => {
    object.status = { phase: 'Lost' }
  }, { subresource: 'status' })
}

function bind(api: Api, claim: Claim): void {
  const { namespace = '', name, uid } = claim.metadata
  const volumes = api.store.list('persistentvolumes') as PersistentVolume[]
  const volume = volumes.find(({ metadata, spec, status }) => {
    if (metadata.deletionTimestamp !== undefined) return false
    if (spec.claimRef !== undefined && (spec.claimRef.namespace !== namespace || spec.claimRef.name !== name || (spec.claimRef.uid ?? uid) !== uid)) return false
    if (status.phase === 'Released' || status.phase === 'Failed' || (status.phase === 'Bound' && spec.claimRef?.uid !== uid)) return false
    if (claim.spec.volumeName !== undefined && claim.spec.volumeName !== metadata.name) return false
    if ((spec.storageClassName ?? '') !== (claim.spec.storageClassName ?? '')) return false
    if (!(claim.spec.accessModes ?? []).every((mode) => spec.accessModes?.includes(mode) === true)) return false
    return quantity(spec.capacity?.storage) >= quantity(claim.spec.resources?.requests?.storage)
  })
  if (volume === undefined) return
  const annotations = { 'pv.kubernetes.io/bind-completed': 'yes', 'pv.kubernetes.io/bound-by-controller': 'yes' }
  const volumeRef = refTo(api, 'persistentvolumes', volume)
  api.edit(volumeRef, (object) => {
    object.metadata.annotations = { ...object.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
    ;(object as PersistentVolume).spec.claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion: claim.metadata.resourceVersion }
  })
  api.edit(volumeRef, (object) => {
    object.status = { ...(object.status as object), phase: 'Bound', lastPhaseTransitionTime: timestamp(api.clock.now()) }
  }, { subresource: 'status' })
  const ref = refTo(api, 'persistentvolumeclaims', claim)
  api.edit(ref, (object) => {
    object.metadata.annotations = { ...object.metadata.annotations, ...annotations }
    ;(object as Claim).spec.volumeName = volume.metadata.name
  })
  api.edit(ref, (object) => {
    object.status = { phase: 'Bound', accessModes: volume.spec.accessModes, capacity: volume.spec.capacity }
  }, { subresource: 'status' })
}

function reconcileClaim(key: string, { api }: Loop): void {
  const [namespace, name] = splitKey(key)
  const claim = api.store.get('persistentvolumeclaims', namespace, name) as Claim | undefined
  if (claim === undefined) return
  if (claim.metadata.deletionTimestamp === undefined) {
    protect(api, 'persistentvolumeclaims', claim, 'kubernetes.io/pvc-protection')
    if (claim.status.phase === 'Bound') markLost(api, claim)
    else if (claim.status.phase !== 'Lost') bind(api, claim)
    return
  }
  // only scheduled pods count, in whatever phase (pvc_protection_controller.go podUsesPVC)
  const used = (api.store.list('pods', namespace) as Pod[]).some((pod) => (pod.spec.nodeName ?? '') !== '' && claimNames(pod).includes(name))
  if (!used && claim.metadata.finalizers?.includes('kubernetes.io/pvc-protection') === true) drop(api, 'persistentvolumeclaims', claim, 'kubernetes.io/pvc-protection')
}

/** Binds claims to volumes that exist, and keeps deleted claims while pods use them. */
export const claims: Controller = {
  name: 'persistentvolumeclaims',
  keys: (event, api) => {
    if (event.resource === 'persistentvolumeclaims') return [keyOfObject(event.object)]
    if (event.resource === 'pods') return claimNames(event.object as Pod).map((name) => `${event.object.metadata.namespace ?? ''}/${name}`)
    return event.resource === 'persistentvolumes' ? allKeys('persistentvolumeclaims')(api) : []
  },
  all: allKeys('persistentvolumeclaims'),
  reconcile: reconcileClaim,
}

/** Deletes the data and the volume, as the plugin of hostPath does for paths below /tmp; no other plugin here can (pv_controller.go deleteVolumeOperation). */
function reclaim(api: Api, volume: PersistentVolume): void {
  const ref = refTo(api, 'persistentvolumes', volume)
  if (/^\/tmp\/.+/.test(volume.spec.hostPath?.path ?? '')) {
    unlessGone(() => api.delete(ref, { preconditions: { uid: volume.metadata.uid } }))
    return
  }
  const message = volume.spec.hostPath === undefined ? 'error getting deleter volume plugin for volume: no deletable volume plugin matched' : `host_path deleter only supports /tmp/.+ but received provided ${volume.spec.hostPath.path}`
  api.edit(ref, (object) => {
    object.status = { ...(object.status as object), phase: 'Failed', message, lastPhaseTransitionTime: timestamp(api.clock.now()) }
  }, { subresource: 'status' })
}

/** Phases of volumes: Available, Bound, Released; a deleted one goes when it is not bound. */
export const volumes: Controller = {
  name: 'persistentvolumes',
  keys: (event, api) => {
    if (event.resource === 'persistentvolumes') return [event.object.metadata.name]
    return event.resource === 'persistentvolumeclaims' && event.type === 'DELETED' ? api.store.list('persistentvolumes').map((volume) => volume.metadata.name) : []
  },
  all: (api) => api.store.list('persistentvolumes').map((volume) => volume.metadata.name),
  reconcile: (name, { api }) => {
    const volume = api.store.get('persistentvolumes', '', name) as PersistentVolume | undefined
    if (volume === undefined) return
    const { claimRef } = volume.spec
    const claim = claimRef === undefined ? undefined : api.store.get('persistentvolumeclaims', claimRef.namespace ?? '', claimRef.name ?? '')
    const bound = claim !== undefined && (claimRef?.uid === undefined || claim.metadata.uid === claimRef.uid)
    const released = claimRef?.uid !== undefined && volume.status.phase !== 'Failed'
    const phase = bound ? volume.status.phase : released ? 'Released' : claimRef?.uid === undefined ? 'Available' : volume.status.phase
    api.edit(refTo(api, 'persistentvolumes', volume), (object) => {
      if (phase !== undefined && phase !== volume.status.phase) object.status = { ...(object.status as object), phase, lastPhaseTransitionTime: timestamp(api.clock.now()) }
    }, { subresource: 'status' })
    if (phase === 'Released' && volume.metadata.deletionTimestamp === undefined && volume.spec.persistentVolumeReclaimPolicy === 'Delete') {
      reclaim(api, volume)
      return
    }
    if (volume.metadata.deletionTimestamp === undefined) protect(api, 'persistentvolumes', volume, 'kubernetes.io/pv-protection')
    else if (phase !== 'Bound') drop(api, 'persistentvolumes', volume, 'kubernetes.io/pv-protection')
  },
}

/** Makes the claims of generic ephemeral volumes, owned by their pod. */
export const ephemeralVolumes: Controller = {
  name: 'ephemeral-volume',
  keys: (event) => (event.resource === 'pods' && event.type !== 'DELETED' ? [keyOfObject(event.object)] : []),
  all: allKeys('pods'),
  reconcile: (key, { api }) => {
    const [namespace, name] = splitKey(key)
    const pod = api.store.get('pods', namespace, name) as Pod | undefined
    if (pod === undefined || pod.metadata.deletionTimestamp !== undefined) return
    for (const volume of pod.spec.volumes ?? []) {
      const template = volume.ephemeral?.volumeClaimTemplate
      const claim = `${name}-${volume.name}`
      const known = api.store.get('persistentvolumeclaims', namespace, claim)
      if (template === undefined || (known !== undefined && isOwnedBy(known, pod)) || known !== undefined) continue
      api.create(api.resources.key('persistentvolumeclaims'), namespace, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { ...template.metadata, name: claim, ownerReferences: [controllerRef(pod)] }, spec: clone(template.spec) })
    }
  },
}
