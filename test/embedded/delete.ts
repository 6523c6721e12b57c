import { conflict, invalid, type FieldProblem } from './api-error.ts'
import { timestamp } from './clock.ts'
import { clone } from './clone.ts'
import type { Resource } from './resources.ts'
import type { DeleteOptions, KubeObject, Pod } from './types.ts'

const FOREGROUND = 'foregroundDeletion'
const ORPHAN = 'orphan'

/** Refuses contradictory options with 422 (apimachinery meta/v1/validation ValidateDeleteOptions). */
export function validateDeleteOptions(options: DeleteOptions): void {
  const problems: FieldProblem[] = []
  if (options.orphanDependents !== undefined && options.propagationPolicy !== undefined) {
    problems.push({ reason: 'FieldValueInvalid', field: 'propagationPolicy', message: `Invalid value: ${JSON.stringify(options.propagationPolicy)}: orphanDependents and deletionPropagation cannot be both set` })
  }
  const policy = options.propagationPolicy
  if (policy !== undefined && !['Background', 'Foreground', 'Orphan'].includes(policy)) {
    problems.push({ reason: 'FieldValueNotSupported', field: 'propagationPolicy', message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Foreground", "Background", "Orphan", "nil"` })
  }
  if (options.dryRun?.some((value) => value !== 'All') === true) {
    problems.push({ reason: 'FieldValueNotSupported', field: 'dryRun', message: `Unsupported value: ${JSON.stringify(options.dryRun)}: supported values: "All"` })
  }
  if (problems.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', problems)
}

/** 409 when the stored object is not the one that was meant (registry/rest BeforeDelete). */
export function checkPreconditions(resource: Resource, object: KubeObject, options: DeleteOptions): void {
  const { uid, resourceVersion } = options.preconditions ?? {}
  // the group's kind stands where other messages have the plural
  const named = { group: resource.group, plural: resource.kind }
  const { name } = object.metadata
  if (uid !== undefined && uid !== object.metadata.uid) {
    throw conflict(named, name, `the UID in the precondition (${uid}) does not match the UID in record (${object.metadata.uid}). The object might have been deleted and then recreated`)
  }
  if (resourceVersion !== undefined && resourceVersion !== object.metadata.resourceVersion) {
    throw conflict(named, name, `the ResourceVersion in the precondition (${resourceVersion}) does not match the ResourceVersion in record (${object.metadata.resourceVersion}). The object might have been modified`)
  }
}

/** What a DELETE does to one object. */
export type Deletion =
  /** Graceful deletion is under way already and nothing shortens it. */
  | { readonly kind: 'pending' }
  /** Store `object` and leave it. */
  | { readonly kind: 'mark'; readonly object: KubeObject }
  /** Store `object` first when there is one, then remove. */
  | { readonly kind: 'remove'; readonly object?: KubeObject }

/** The grace period of a pod's deletion in seconds (pkg/registry/core/pod/strategy.go CheckGracefulDelete). */
function podGrace(pod: Pod, options: DeleteOptions): number {
  const wanted = options.gracePeriodSeconds ?? pod.spec.terminationGracePeriodSeconds ?? 30
  if ((pod.spec.nodeName ?? '') === '') return 0
  if (pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded') return 0
  return wanted < 0 ? 1 : wanted
}

/** Changes `pod` for a graceful deletion; `no` when there is nothing graceful about it any more. */
function markGraceful(pod: Pod, options: DeleteOptions, now: number): 'marked' | 'pending' | 'no' {
  const { metadata } = pod
  const wanted = options.gracePeriodSeconds === undefined || options.gracePeriodSeconds >= 0 ? options.gracePeriodSeconds : 1
  if (metadata.deletionTimestamp !== undefined) {
    const stored = metadata.deletionGracePeriodSeconds ?? 0
    if (stored === 0) return 'no'
    if (wanted === undefined || wanted >= stored) return 'pending'
    // the deadline moves back to what it would have been, but never into the past
    const deadline = Date.parse(metadata.deletionTimestamp) + (wanted - stored) * 1000
    const late = deadline < now
    metadata.deletionTimestamp = timestamp(late ? now : deadline)
    metadata.deletionGracePeriodSeconds = late && wanted !== 0 ? 1 : wanted
    return 'marked'
  }
  const grace = podGrace(pod, options)
  metadata.deletionTimestamp = timestamp(now + grace * 1000)
  metadata.deletionGracePeriodSeconds = grace
  if (metadata.generation !== undefined) metadata.generation++
  return 'marked'
}

/** Sets or removes the finalizers by which the garbage collector carries out a propagation policy. */
function propagation(object: KubeObject, options: DeleteOptions): void {
  const { metadata } = object
  const before = metadata.finalizers ?? []
  const policy = options.propagationPolicy ?? (options.orphanDependents === undefined ? undefined : options.orphanDependents ? 'Orphan' : 'Background')
  const wanted = (name: string, when: string): boolean => (policy === undefined ? before.includes(name) : policy === when)
  const after = before.filter((name) => name !== ORPHAN && name !== FOREGROUND)
  if (wanted(ORPHAN, 'Orphan')) after.push(ORPHAN)
  if (wanted(FOREGROUND, 'Foreground')) after.push(FOREGROUND)
  if (after.length === before.length && after.every((name) => before.includes(name))) return
  if (after.length > 0) metadata.finalizers = after
  else delete metadata.finalizers
}

/**
 * Decides a DELETE of `stored` at `now`, as registry/generic/registry/store.go Delete and registry/rest BeforeDelete do.
 * Only pods end gracefully; everything else goes at once or waits for its finalizers.
 */
export function decideDeletion(resource: Resource, stored: KubeObject, options: DeleteOptions, now: number): Deletion {
  const object = clone(stored)
  const { metadata } = object
  const isPod = resource.group === '' && resource.plural === 'pods'
  const graceful = isPod ? markGraceful(object as Pod, options, now) : 'no'
  if (graceful === 'pending') return { kind: 'pending' }
  if (resource.plural !== 'events') propagation(object, options)
  const held = (metadata.finalizers?.length ?? 0) > 0
  if (graceful === 'marked') {
    if (held || metadata.deletionGracePeriodSeconds !== 0) return { kind: 'mark', object }
    return { kind: 'remove', object }
  }
  if (!held) return { kind: 'remove' }
  if (metadata.deletionGracePeriodSeconds === undefined && metadata.generation !== undefined) metadata.generation++
  if (metadata.deletionTimestamp === undefined || Date.parse(metadata.deletionTimestamp) > now) metadata.deletionTimestamp = timestamp(now)
  metadata.deletionGracePeriodSeconds = 0
  return { kind: 'mark', object }
}

/** Whether an update leaves nothing to wait for (ShouldDeleteDuringUpdate; a Namespace also waits for its own list). */
export function endsWithUpdate(object: KubeObject): boolean {
  const { metadata } = object
  if (metadata.deletionTimestamp === undefined || (metadata.finalizers?.length ?? 0) > 0) return false
  if ((metadata.deletionGracePeriodSeconds ?? 0) > 0) return false
  if (object.kind === 'Namespace' && object.apiVersion === 'v1') return ((object.spec as { finalizers?: string[] } | undefined)?.finalizers?.length ?? 0) === 0
  return true
}
