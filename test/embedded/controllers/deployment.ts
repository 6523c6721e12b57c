import { createHash } from 'node:crypto'
import { timestamp } from '../clock.ts'
import { clone } from '../clone.ts'
import { recordEvent } from '../events.ts'
import type { Condition, JsonObject, Pod, Workload } from '../types.ts'
import { allKeys, controllerRef, isOwnedBy, keysByOwner, refTo, splitKey, type Controller, type Loop } from './controller.ts'

const alphabet = 'bcdfghjklmnpqrstvwxz2456789'

/** A short name for a template's content, in the alphabet of the real controllers. */
export function templateHash(template: unknown): string {
  const digest = createHash('sha256').update(JSON.stringify(template)).digest()
  return Array.from(digest.subarray(0, 10), (byte) => alphabet[byte % alphabet.length]).join('')
}

/** A number or a percentage of `total`. */
export function scaled(value: unknown, total: number, up: boolean): number {
  if (typeof value === 'number') return value
  const share = (Number(String(value).replace('%', '')) * total) / 100
  return up ? Math.ceil(share) : Math.floor(share)
}

const number = (set: Workload | undefined, field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number => set?.status[field] ?? 0
const total = (sets: readonly Workload[], field: 'replicas' | 'readyReplicas' | 'availableReplicas'): number => sets.reduce((sum, set) => sum + number(set, field), 0)
const revisionOf = (set: Workload): number => Number(set.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)

function setReplicas(loop: Loop, deployment: Workload, set: Workload, replicas: number): void {
  const before = set.spec.replicas ?? 0
  if (before === replicas) return
  loop.api.edit(refTo(loop.api, 'replicasets.apps', set), (object) => {
    ;(object as Workload).spec.replicas = replicas
  })
  recordEvent(loop.api, deployment, { reason: 'ScalingReplicaSet', message: `Scaled ${replicas > before ? 'up' : 'down'} replica set ${set.metadata.name} from ${before} to ${replicas}`, component: 'deployment-controller' })
}

function newSet(loop: Loop, deployment: Workload, sets: readonly Workload[]): Workload {
  const { api } = loop
  const hash = templateHash(deployment.spec.template)
  const found = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash)
  const revision = String(Math.max(0, ...sets.filter((set) => set !== found).map(revisionOf)) + 1)
  if (found !== undefined) {
    if (found.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision) return found
    return api.edit(refTo(api, 'replicasets.apps', found), ({ metadata }) => {
      metadata.annotations = { ...metadata.annotations, 'deployment.kubernetes.io/revision': revision }
    }) as Workload
  }
  const label = { 'pod-template-hash': hash }
  const template = clone(deployment.spec.template)
  template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...label } }
  const wanted = deployment.spec.replicas ?? 1
  const specified = sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0)
  const replicas = strategyOf(deployment).type === 'Recreate' && specified > 0 ? 0 : Math.max(0, Math.min(wanted, wanted + surge(deployment) - specified))
  const created = api.create(api.resources.key('replicasets.apps'), deployment.metadata.namespace ?? '', {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${deployment.metadata.name}-${hash}`,
      labels: { ...template.metadata.labels },
      annotations: { 'deployment.kubernetes.io/desired-replicas': String(wanted), 'deployment.kubernetes.io/max-replicas': String(wanted + surge(deployment)), 'deployment.kubernetes.io/revision': revision },
      ownerReferences: [controllerRef(deployment)],
    },
    spec: { replicas, selector: { ...deployment.spec.selector, matchLabels: { ...deployment.spec.selector.matchLabels, ...label } }, template, ...(deployment.spec.minReadySeconds === undefined ? {} : { minReadySeconds: deployment.spec.minReadySeconds }) },
  }) as Workload
  if (replicas > 0) recordEvent(api, deployment, { reason: 'ScalingReplicaSet', message: `Scaled up replica set ${created.metadata.name} from 0 to ${replicas}`, component: 'deployment-controller' })
  return created
}

interface Strategy {
  readonly type?: string
  readonly rollingUpdate?: { maxSurge?: unknown; maxUnavailable?: unknown }
}
const strategyOf = (deployment: Workload): Strategy => deployment.spec['strategy'] as Strategy
const surge = (deployment: Workload): number => (strategyOf(deployment).type === 'Recreate' ? 0 : scaled(strategyOf(deployment).rollingUpdate?.maxSurge, deployment.spec.replicas ?? 1, true))

function roll(loop: Loop, deployment: Workload, fresh: Workload, old: readonly Workload[]): void {
  const wanted = deployment.spec.replicas ?? 1
  if (strategyOf(deployment).type === 'Recreate') {
    for (const set of old) setReplicas(loop, deployment, set, 0)
    const left = (loop.api.store.list('pods', deployment.metadata.namespace) as Pod[]).some((pod) => old.some((set) => isOwnedBy(pod, set)) && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed')
    if (!left) setReplicas(loop, deployment, fresh, wanted)
    return
  }
  const sets = [fresh, ...old]
  const specified = sets.reduce((sum, set) => sum + (set.spec.replicas ?? 0), 0)
  const current = fresh.spec.replicas ?? 0
  const room = wanted + surge(deployment) - specified
  if (current > wanted) setReplicas(loop, deployment, fresh, wanted)
  else if (current < wanted && room > 0) {
    setReplicas(loop, deployment, fresh, Math.min(wanted, current + room))
    return
  }
  const unavailable = scaled(strategyOf(deployment).rollingUpdate?.maxUnavailable, wanted, false)
  const minimum = wanted - (unavailable === 0 && surge(deployment) === 0 ? 1 : unavailable)
  const notYet = Math.max(0, (fresh.spec.replicas ?? 0) - number(fresh, 'availableReplicas'))
  let spare = specified - minimum - notYet
  for (const set of old.toSorted((a, b) => revisionOf(a) - revisionOf(b))) {
    const replicas = set.spec.replicas ?? 0
    // what is broken anyway goes first and costs nothing
    const broken = replicas - number(set, 'availableReplicas')
    const down = Math.min(replicas, Math.max(0, spare), broken > 0 ? Math.max(broken, spare) : spare)
    if (down <= 0) continue
    setReplicas(loop, deployment, set, replicas - down)
    spare -= down
  }
}

function reconcile(key: string, loop: Loop): void {
  const { api } = loop
  const [namespace, name] = splitKey(key)
  const deployment = api.store.get('deployments.apps', namespace, name) as Workload | undefined
  if (deployment === undefined) return
  const owned = (): Workload[] => (api.store.list('replicasets.apps', namespace) as Workload[]).filter((set) => isOwnedBy(set, deployment))
  if (deployment.metadata.deletionTimestamp === undefined && deployment.spec['paused'] !== true) {
    const fresh = newSet(loop, deployment, owned())
    roll(loop, deployment, fresh, owned().filter((set) => set.metadata.uid !== fresh.metadata.uid && (set.spec.replicas ?? 0) > 0))
    const revision = owned().find((set) => set.metadata.uid === fresh.metadata.uid)?.metadata.annotations?.['deployment.kubernetes.io/revision']
    if (revision !== undefined && deployment.metadata.annotations?.['deployment.kubernetes.io/revision'] !== revision) {
      api.edit(refTo(api, 'deployments.apps', deployment), ({ metadata }) => {
        metadata.annotations = { ...metadata.annotations, 'deployment.kubernetes.io/revision': revision }
      })
    }
  }
  writeStatus(loop, deployment, owned())
}

function writeStatus(loop: Loop, deployment: Workload, sets: readonly Workload[]): void {
  const { api } = loop
  const hash = templateHash(deployment.spec.template)
  const fresh = sets.find((set) => set.metadata.labels?.['pod-template-hash'] === hash)
  const wanted = deployment.spec.replicas ?? 1
  const available = total(sets, 'availableReplicas')
  const unavailable = Math.max(0, total(sets, 'replicas') - available, wanted - available)
  const minimum = strategyOf(deployment).type === 'Recreate' ? wanted : wanted - scaled(strategyOf(deployment).rollingUpdate?.maxUnavailable, wanted, false)
  const done = number(fresh, 'replicas') === wanted && number(fresh, 'availableReplicas') === wanted && total(sets, 'replicas') === wanted
  const now = timestamp(api.clock.now())
  const before = deployment.status.conditions ?? []
  const condition = (type: string, status: 'True' | 'False', reason: string, message: string): Condition => {
    const old = before.find((other) => other.type === type)
    const same = old?.status === status
    const unchanged = same && old.reason === reason && old.message === message
    return { type, status, lastUpdateTime: unchanged ? (old.lastUpdateTime ?? now) : now, lastTransitionTime: same ? (old.lastTransitionTime ?? now) : now, reason, message }
  }
  const title = `ReplicaSet "${fresh?.metadata.name ?? ''}"`
  const conditions = [
    available >= minimum
      ? condition('Available', 'True', 'MinimumReplicasAvailable', 'Deployment has minimum availability.')
      : condition('Available', 'False', 'MinimumReplicasUnavailable', 'Deployment does not have minimum availability.'),
    condition('Progressing', 'True', done || before.some((other) => other.reason === 'NewReplicaSetAvailable' && other.message?.startsWith(title)) ? 'NewReplicaSetAvailable' : 'ReplicaSetUpdated', done ? `${title} has successfully progressed.` : `${title} is progressing.`),
  ]
  const numbers: JsonObject = {
    replicas: total(sets, 'replicas'),
    updatedReplicas: number(fresh, 'replicas'),
    readyReplicas: total(sets, 'readyReplicas'),
    availableReplicas: available,
    unavailableReplicas: unavailable,
  }
  const terminating = sets.reduce((sum, set) => sum + Number(set.status['terminatingReplicas'] ?? 0), 0)
  api.edit(refTo(api, 'deployments.apps', deployment), (object) => {
    object.status = {
      observedGeneration: object.metadata.generation,
      ...Object.fromEntries(Object.entries(numbers).filter(([, value]) => value !== 0)),
      terminatingReplicas: terminating,
      conditions,
    }
  }, { subresource: 'status' })
}

/** Rolls ReplicaSets from one template to the next (pkg/controller/deployment). */
export const deployment: Controller = {
  name: 'deployment',
  keys: (event, api) => {
    const keys = keysByOwner('deployments.apps', 'Deployment', ['replicasets.apps'])(event)
    // Recreate waits until the last old pod is gone
    return event.resource === 'pods' && event.type === 'DELETED' ? allKeys('deployments.apps')(api) : keys
  },
  all: allKeys('deployments.apps'),
  reconcile,
}
