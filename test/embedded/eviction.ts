import { ApiError, badRequest, forbidden } from './api-error.ts'
import type { Api, Ref } from './api.ts'
import { validateDeleteOptions } from './delete.ts'
import { timestamp } from './clock.ts'
import { selectorMatches } from './selectors.ts'
import type { DeleteOptions, JsonObject, KubeObject, LabelSelector, Pod } from './types.ts'

export interface Budget extends KubeObject {
  spec: { selector?: LabelSelector; minAvailable?: number | string; maxUnavailable?: number | string; unhealthyPodEvictionPolicy?: string }
  status: {
    disruptionsAllowed: number
    currentHealthy: number
    desiredHealthy: number
    expectedPods: number
    observedGeneration?: number
    disruptedPods?: Record<string, string>
    conditions?: JsonObject[]
  }
}

const success: JsonObject = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 }

const isReady = (pod: Pod): boolean => pod.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false

/** POST .../pods/NAME/eviction (pkg/registry/core/pod/storage/eviction.go): a deletion that asks the budgets first. */
export function evict(api: Api, ref: Ref, body: KubeObject): JsonObject {
  // eslint-disable-next-line typescript/no-unnecessary-condition -- a client may send no metadata
  if ((body.metadata?.name ?? ref.name) !== ref.name) throw badRequest('name in URL does not match name in Eviction object')
  const options = (body['deleteOptions'] ?? {}) as DeleteOptions
  validateDeleteOptions(options)
  const pod = api.get(ref) as Pod
  const namespace = api.store.get('namespaces', '', ref.namespace)
  if (namespace?.metadata.deletionTimestamp !== undefined && pod.metadata.deletionTimestamp === undefined) {
    throw forbidden(ref.resource, ref.name, `unable to evict in namespace ${ref.namespace} because it is being terminated`, [
      { reason: 'NamespaceTerminating', message: `namespace ${ref.namespace} is being terminated`, field: 'metadata.namespace' },
    ])
  }
  const dryRun = options.dryRun?.includes('All') === true
  const { phase } = pod.status
  const free = phase === 'Succeeded' || phase === 'Failed' || phase === 'Pending' || pod.metadata.deletionTimestamp !== undefined
  if (!free) askBudget(api, pod, dryRun)
  if (!dryRun) {
    api.edit(ref, (object) => {
      const { status } = object as Pod
      status.conditions = [
        ...(status.conditions ?? []).filter((condition) => condition.type !== 'DisruptionTarget'),
        {
          type: 'DisruptionTarget',
          status: 'True',
          reason: 'EvictionByEvictionAPI',
          message: 'Eviction API: evicting',
          lastProbeTime: null,
          lastTransitionTime: timestamp(api.clock.now()),
        },
      ]
    }, { subresource: 'status' })
  }
  api.delete(ref, options)
  return success
}

function askBudget(api: Api, pod: Pod, dryRun: boolean): void {
  const budgets = (api.store.list('poddisruptionbudgets.policy', pod.metadata.namespace) as Budget[]).filter(
    (budget) => selectorMatches(budget.spec.selector, pod.metadata.labels),
  )
  const [budget] = budgets
  if (budget === undefined) return
  if (budgets.length > 1) {
    throw new ApiError(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
  }
  const { status, metadata } = budget
  if (!isReady(pod)) {
    const enough = status.currentHealthy >= status.desiredHealthy && status.desiredHealthy > 0
    if (budget.spec.unhealthyPodEvictionPolicy === 'AlwaysAllow' || enough) return
  }
  if ((status.observedGeneration ?? 0) < (metadata.generation ?? 0)) {
    throw tooMany(`The disruption budget ${metadata.name} is still being processed by the server.`, 10)
  }
  if (status.disruptionsAllowed <= 0) {
    throw tooMany(`The disruption budget ${metadata.name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`)
  }
  if (dryRun) return
  const ref = { resource: api.resources.key('poddisruptionbudgets.policy'), namespace: metadata.namespace ?? '', name: metadata.name }
  api.edit(ref, (object) => {
    const written = (object as Budget).status
    written.disruptionsAllowed--
    written.disruptedPods = { ...written.disruptedPods, [pod.metadata.name]: timestamp(api.clock.now()) }
  }, { subresource: 'status' })
}

function tooMany(why: string, retryAfterSeconds?: number): ApiError {
  return new ApiError(
    429,
    'TooManyRequests',
    "Cannot evict pod as it would violate the pod's disruption budget.",
    { causes: [{ reason: 'DisruptionBudget', message: why }], ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }) },
    retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
  )
}
