import { timestamp } from './clock.ts'
import type { Condition, KubeObject } from './types.ts'

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'
export const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'

/** The condition that tells how far a deletion is; sets it in the object. */
export function terminatingCondition(object: KubeObject, now: number, reason: string, message: string): void {
  const status = (object.status ?? {}) as { conditions?: Condition[] }
  const others = (status.conditions ?? []).filter((condition) => condition.type !== 'Terminating')
  const before = status.conditions?.find((condition) => condition.type === 'Terminating')
  const lastTransitionTime = before?.lastTransitionTime ?? timestamp(now)
  object.status = { ...status, conditions: [...others, { type: 'Terminating', status: 'True', lastTransitionTime, reason, message }] }
}

/** What a DELETE makes of a definition: its instances go first (apiextensions-apiserver registry/customresourcedefinition/etcd.go Delete). */
export function markDefinition(object: KubeObject, now: number): void {
  const { metadata } = object
  metadata.deletionTimestamp ??= timestamp(now)
  if (metadata.finalizers?.includes(CLEANUP) !== true) metadata.finalizers = [...(metadata.finalizers ?? []), CLEANUP]
  terminatingCondition(object, now, 'InstanceDeletionPending', 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon')
}
