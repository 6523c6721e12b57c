import type { Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import type { Budget } from '../eviction.ts'
import { selectorMatches } from '../selectors.ts'
import type { Pod, Workload } from '../types.ts'
import { allKeys, controllerOf, isReady, keyOfObject, refTo, splitKey, type Controller, type Loop } from './controller.ts'
import { scaled } from './deployment.ts'

const scales: Readonly<Record<string, string>> = { ReplicaSet: 'replicasets.apps', StatefulSet: 'statefulsets.apps', ReplicationController: 'replicationcontrollers' }

/** How many pods the controllers of these pods want; nothing when one has no controller with a scale. */
function expectedScale(api: Api, pods: readonly Pod[]): number | string {
  const wanted = new Map<string, number>()
  for (const pod of pods) {
    const owner = controllerOf(pod)
    const resource = owner === undefined ? undefined : scales[owner.kind]
    if (owner === undefined || resource === undefined) return `found no controller ref for pod "${pod.metadata.name}"`
    const set = api.store.get(resource, pod.metadata.namespace ?? '', owner.name) as Workload | undefined
    if (set === undefined) continue
    const above = controllerOf(set)
    const deployment = above?.kind === 'Deployment' ? (api.store.get('deployments.apps', pod.metadata.namespace ?? '', above.name) as Workload | undefined) : undefined
    const scale = deployment ?? set
    wanted.set(scale.metadata.uid, scale.spec.replicas ?? 1)
  }
  return [...wanted.values()].reduce((sum, replicas) => sum + replicas, 0)
}

interface Expectation {
  readonly expected: number
  readonly desired: number
  readonly problem?: string
}

function expectation(api: Api, budget: Budget, pods: readonly Pod[]): Expectation {
  const { minAvailable, maxUnavailable } = budget.spec
  if (maxUnavailable === undefined && typeof minAvailable === 'number') return { expected: pods.length, desired: minAvailable }
  const expected = expectedScale(api, pods)
  if (typeof expected === 'string') return { expected: 0, desired: 0, problem: expected }
  if (maxUnavailable !== undefined) return { expected, desired: Math.max(0, expected - scaled(maxUnavailable, expected, true)) }
  return { expected, desired: minAvailable === undefined ? 0 : scaled(minAvailable, expected, true) }
}

function reconcile(key: string, { api }: Loop): void {
  const [namespace, name] = splitKey(key)
  const budget = api.store.get('poddisruptionbudgets.policy', namespace, name) as Budget | undefined
  if (budget === undefined) return
  const pods = (api.store.list('pods', namespace) as Pod[]).filter((pod) => selectorMatches(budget.spec.selector, pod.metadata.labels))
  const { expected, desired, problem } = expectation(api, budget, pods)
  const now = api.clock.now()
  const disrupted = Object.fromEntries(
    Object.entries(budget.status.disruptedPods ?? {}).filter(([pod, at]) => {
      const found = pods.find((other) => other.metadata.name === pod)
      return found !== undefined && found.metadata.deletionTimestamp === undefined && now - Date.parse(at) < 120_000
    }),
  )
  const healthy = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && disrupted[pod.metadata.name] === undefined && isReady(pod)).length
  const allowed = expected <= 0 || problem !== undefined ? 0 : Math.max(0, healthy - desired)
  const status = allowed > 0 ? 'True' : 'False'
  const reason = problem === undefined ? (allowed > 0 ? 'SufficientPods' : 'InsufficientPods') : 'SyncFailed'
  const before = budget.status.conditions?.[0]
  api.edit(refTo(api, 'poddisruptionbudgets.policy', budget), (object) => {
    object.status = {
      observedGeneration: object.metadata.generation,
      ...(Object.keys(disrupted).length === 0 ? {} : { disruptedPods: disrupted }),
      disruptionsAllowed: allowed,
      currentHealthy: healthy,
      desiredHealthy: desired,
      expectedPods: expected,
      conditions: [
        {
          type: 'DisruptionAllowed',
          status,
          observedGeneration: object.metadata.generation,
          lastTransitionTime: before?.['status'] === status ? before['lastTransitionTime'] : timestamp(now),
          reason,
          message: problem ?? '',
        },
      ],
    }
  }, { subresource: 'status' })
}

/** Counts what PodDisruptionBudgets allow (pkg/controller/disruption). */
export const disruption: Controller = {
  name: 'disruption',
  keys: (event, api) => {
    if (event.resource === 'poddisruptionbudgets.policy') return [keyOfObject(event.object)]
    const relevant = event.resource === 'pods' || event.resource === 'deployments.apps' || Object.values(scales).includes(event.resource)
    return relevant ? api.store.list('poddisruptionbudgets.policy', event.object.metadata.namespace).map(keyOfObject) : []
  },
  all: allKeys('poddisruptionbudgets.policy'),
  reconcile,
}
