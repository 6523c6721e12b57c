import { unlessGone, type Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import { recordEvent } from '../events.ts'
import type { Condition, Pod, Workload } from '../types.ts'
import { allKeys, isOwnedBy, isReady, keysByOwner, refTo, splitKey, type Controller, type Loop } from './controller.ts'
import { createPod, podFrom } from './replicaset.ts'

const TRACKING = 'batch.kubernetes.io/job-tracking'
const INDEX = 'batch.kubernetes.io/job-completion-index'
const COMPONENT = 'job-controller'

interface Job extends Workload {
  spec: Workload['spec'] & {
    parallelism?: number
    completions?: number
    backoffLimit?: number
    suspend?: boolean
    completionMode?: string
    podReplacementPolicy?: string
    ttlSecondsAfterFinished?: number
    managedBy?: string
  }
  status: Workload['status'] & { succeeded?: number; failed?: number; active?: number; completedIndexes?: string; startTime?: string; completionTime?: string }
}

const isEnded = (pod: Pod): boolean => pod.status.phase === 'Succeeded' || pod.status.phase === 'Failed'
const isTerminating = (pod: Pod): boolean => pod.metadata.deletionTimestamp !== undefined && !isEnded(pod)
const has = (job: Job, type: string): boolean => job.status.conditions?.some((condition) => condition.type === type && condition.status === 'True') ?? false

function untrack(api: Api, pod: Pod): void {
  unlessGone(() => api.edit(refTo(api, 'pods', pod), ({ metadata }) => {
    metadata.finalizers = metadata.finalizers?.filter((finalizer) => finalizer !== TRACKING) ?? []
  }))
}

/** Counts the pods that still carry the finalizer and have ended, and takes the finalizer from them. */
function account(api: Api, job: Job, pods: readonly Pod[]): { succeeded: number; failed: number; indexes: number[] } {
  let { succeeded = 0, failed = 0 } = job.status
  const indexes = (job.status.completedIndexes ?? '').split(',').filter((index) => index !== '').map(Number)
  for (const pod of pods) {
    if (pod.metadata.finalizers?.includes(TRACKING) !== true) continue
    // without a replacement policy of its own a terminating pod has failed already (KEP-3939)
    const lost = isTerminating(pod) && job.spec.podReplacementPolicy !== 'Failed'
    if (pod.status.phase === 'Succeeded') {
      succeeded++
      const index = pod.metadata.annotations?.[INDEX]
      if (index !== undefined && !indexes.includes(Number(index))) indexes.push(Number(index))
    } else if (pod.status.phase === 'Failed' || lost) failed++
    else continue
    untrack(api, pod)
  }
  return { succeeded, failed, indexes: indexes.toSorted((a, b) => a - b) }
}

function startPod(api: Api, job: Job, pods: readonly Pod[], done: readonly number[]): void {
  const pod = podFrom(job)
  pod.metadata.finalizers = [...(pod.metadata.finalizers ?? []), TRACKING]
  if (job.spec.completionMode === 'Indexed') {
    const used = new Set([...done, ...pods.filter((other) => !isEnded(other) && !isTerminating(other)).map((other) => Number(other.metadata.annotations?.[INDEX]))])
    let index = 0
    while (used.has(index)) index++
    pod.metadata.generateName = `${job.metadata.name}-${index}-`
    pod.metadata.annotations = { ...pod.metadata.annotations, [INDEX]: String(index) }
    pod.metadata.labels = { ...pod.metadata.labels, [INDEX]: String(index) }
    const spec = pod.spec as Pod['spec']
    for (const container of spec.containers) container.env = [...(container.env ?? []), { name: 'JOB_COMPLETION_INDEX', value: String(index) }]
  }
  createPod(api, job, pod, COMPONENT)
}

/** How long to wait before the next try after failures: 10 s, doubled each time. */
function backOff(pods: readonly Pod[], now: number): number {
  const ends = pods
    .filter((pod) => pod.status.phase === 'Failed' && pod.metadata.deletionTimestamp === undefined)
    .map((pod) => Math.max(0, ...(pod.status.containerStatuses ?? []).map((status) => Date.parse(status.state.terminated?.finishedAt ?? '') || 0)))
  if (ends.length === 0) return 0
  return Math.max(0, Math.max(...ends) + Math.min(600_000, 10_000 * 2 ** (ends.length - 1)) - now)
}

function reconcile(key: string, loop: Loop): void {
  const { api } = loop
  const [namespace, name] = splitKey(key)
  const job = api.store.get('jobs.batch', namespace, name) as Job | undefined
  const orphans = (api.store.list('pods', namespace) as Pod[]).filter((pod) => pod.metadata.finalizers?.includes(TRACKING) === true && pod.metadata.ownerReferences?.some((owner) => owner.kind === 'Job' && owner.name === name) === true)
  if (job === undefined || job.metadata.deletionTimestamp !== undefined) {
    for (const pod of orphans) untrack(api, pod)
    return
  }
  if ((job.spec.managedBy ?? 'kubernetes.io/job-controller') !== 'kubernetes.io/job-controller') return
  const owned = (): Pod[] => (api.store.list('pods', namespace) as Pod[]).filter((pod) => isOwnedBy(pod, job))
  const now = timestamp(api.clock.now())
  const finished = has(job, 'Complete') || has(job, 'Failed')
  if (finished) {
    for (const pod of owned()) if (isEnded(pod)) untrack(api, pod)
    expire(loop, key, job)
    return
  }
  const { succeeded, failed, indexes } = account(api, job, owned())
  const completions = job.spec.completions ?? 1
  const reached = succeeded >= completions
  const exceeded = failed > (job.spec.backoffLimit ?? 6)
  const running = (): Pod[] => owned().filter((pod) => !isEnded(pod) && !isTerminating(pod))
  const active = running().length
  if (reached || exceeded || job.spec.suspend === true) for (const pod of running()) unlessGone(() => api.delete(refTo(api, 'pods', pod), {}))
  else {
    const waiting = job.spec.podReplacementPolicy === 'Failed' ? owned().filter(isTerminating).length : 0
    const missing = Math.min(job.spec.parallelism ?? 1, completions - succeeded) - active - waiting
    const wait = backOff(owned(), api.clock.now())
    if (missing > 0 && wait > 0) loop.again(key, wait)
    else for (let count = 0; count < missing; count++) startPod(api, job, owned(), indexes)
  }
  const terminating = owned().filter(isTerminating).length
  const left = running().length
  const ended = (reached || exceeded) && left === 0 && terminating === 0
  const condition = (type: string, reason: string, message: string): Condition => ({ type, status: 'True', lastProbeTime: now, lastTransitionTime: now, reason, message })
  const wanted: Condition[] = []
  if (reached) wanted.push(condition('SuccessCriteriaMet', 'CompletionsReached', 'Reached expected number of succeeded pods'))
  else if (exceeded) wanted.push(condition('FailureTarget', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'))
  if (ended) wanted.push(reached ? condition('Complete', 'CompletionsReached', 'Reached expected number of succeeded pods') : condition('Failed', 'BackoffLimitExceeded', 'Job has reached the specified backoff limit'))
  const before = job.status.conditions ?? []
  const conditions = [...before, ...wanted.filter((one) => !before.some((other) => other.type === one.type))]
  api.edit(refTo(api, 'jobs.batch', job), (object) => {
    object.status = {
      ...(conditions.length === 0 ? {} : { conditions }),
      ...(job.spec.suspend === true ? {} : { startTime: job.status.startTime ?? now }),
      ...(ended && reached ? { completionTime: now } : {}),
      ...(left === 0 ? {} : { active: left }),
      ...(succeeded === 0 ? {} : { succeeded }),
      ...(failed === 0 ? {} : { failed }),
      ...(indexes.length === 0 || job.spec.completionMode !== 'Indexed' ? {} : { completedIndexes: indexes.join(',') }),
      terminating,
      uncountedTerminatedPods: {},
      ready: running().filter((pod) => isReady(pod)).length,
    }
  }, { subresource: 'status' })
  if (ended) {
    recordEvent(api, job, reached
      ? { reason: 'Completed', message: 'Job completed', component: COMPONENT }
      : { reason: 'BackoffLimitExceeded', message: 'Job has reached the specified backoff limit', type: 'Warning', component: COMPONENT })
  }
}

function expire(loop: Loop, key: string, job: Job): void {
  const ttl = job.spec.ttlSecondsAfterFinished
  if (ttl === undefined) return
  const end = Date.parse(job.status.conditions?.find((condition) => condition.type === 'Complete' || condition.type === 'Failed')?.lastTransitionTime ?? '')
  const left = end + ttl * 1000 - loop.api.clock.now()
  if (left > 0) loop.again(key, left)
  else unlessGone(() => loop.api.delete(refTo(loop.api, 'jobs.batch', job), { propagationPolicy: 'Foreground' }))
}

/** Runs pods to completion and counts them by their finalizer (pkg/controller/job). */
export const jobController: Controller = {
  name: 'job',
  keys: keysByOwner('jobs.batch', 'Job', ['pods']),
  all: allKeys('jobs.batch'),
  // what happens to pods is looked at a second later, so that a quick end counts as what it was (syncJobBatchPeriod)
  delay: (event) => (event.resource === 'pods' ? 1000 : 0),
  reconcile,
}
