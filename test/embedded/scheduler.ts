import type { Api } from './api.ts'
import { timestamp } from './clock.ts'
import { clone } from './clone.ts'
import { claimProblem } from './controllers/volumes.ts'
import { recordEvent } from './events.ts'
import type { Gate } from './gate.ts'
import type { Node, Pod, Taint, Toleration } from './types.ts'

/** Whether a toleration covers a taint (component-helpers scheduling/corev1 ToleratesTaint). */
export function tolerates(toleration: Toleration, taint: Taint): boolean {
  if (toleration.effect !== undefined && toleration.effect !== '' && toleration.effect !== taint.effect) return false
  if (toleration.key !== undefined && toleration.key !== '' && toleration.key !== taint.key) return false
  return toleration.operator === 'Exists' || (toleration.value ?? '') === (taint.value ?? '')
}

export const toleratesAll = (pod: Pod, taints: readonly Taint[]): boolean =>
  taints.filter((taint) => taint.effect !== 'PreferNoSchedule').every((taint) => pod.spec.tolerations?.some((toleration) => tolerates(toleration, taint)) ?? false)

/** Binds pods to nodes: the first ready, schedulable one with the fewest pods whose taints are tolerated. */
class Scheduler {
  readonly #api: Api
  readonly #gate: Gate
  #due = false

  constructor(api: Api, gate: Gate) {
    this.#api = api
    this.#gate = gate
  }

  start(): void {
    this.#api.store.subscribe(({ resource }) => {
      if (resource === 'pods' || resource === 'nodes' || resource === 'persistentvolumeclaims') this.#soon()
    })
  }

  #soon(): void {
    if (this.#due) return
    this.#due = true
    this.#api.clock.setTimer(0, () => {
      this.#gate.passed().then(() => {
        this.#due = false
        for (const pod of this.#api.store.list('pods') as Pod[]) if ((pod.spec.nodeName ?? '') === '') this.#schedule(pod)
      }).catch((error: unknown) => console.error('embedded scheduler:', error))
    })
  }

  #schedule(pod: Pod): void {
    if (pod.spec['schedulerName'] !== 'default-scheduler') return
    if ((pod.spec.nodeName ?? '') !== '' || pod.metadata.deletionTimestamp !== undefined || pod.status.phase !== 'Pending') return
    if ((pod.spec.schedulingGates?.length ?? 0) > 0) return
    const { store, resources } = this.#api
    const pods = store.list('pods') as Pod[]
    const load = (node: Node): number => pods.filter((other) => other.spec.nodeName === node.metadata.name).length
    const claims = claimProblem(this.#api, pod)
    const fits = claims !== undefined ? [] : (store.list('nodes') as Node[]).filter((node) => this.#fits(pod, node)).toSorted((a, b) => load(a) - load(b))
    const [node] = fits
    const ref = { resource: resources.key('pods'), namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }
    const generation = pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }
    const at = timestamp(this.#api.clock.now())
    if (node === undefined) {
      const total = store.list('nodes').length
      const message = claims !== undefined ? `0/${total} nodes are available: ${claims}.` : `0/${total} nodes are available: ${total} node(s) didn't match Pod's node affinity/selector, were unschedulable or had untolerated taint(s).`
      if (pod.status.conditions?.some((condition) => condition.type === 'PodScheduled' && condition.message === message) === true) return
      this.#api.edit(ref, (object) => {
        ;(object as Pod).status.conditions = [{ type: 'PodScheduled', ...generation, status: 'False', lastProbeTime: null, lastTransitionTime: at, reason: 'Unschedulable', message }]
      }, { subresource: 'status' })
      recordEvent(this.#api, pod, { reason: 'FailedScheduling', message, type: 'Warning', component: 'default-scheduler' })
      return
    }
    const object = clone(store.get('pods', ref.namespace, ref.name)) as Pod | undefined
    if (object === undefined) return
    // a binding is one write of the registry: node name and condition together, and no new generation
    object.spec.nodeName = node.metadata.name
    object.status.conditions = [{ type: 'PodScheduled', ...generation, status: 'True', lastProbeTime: null, lastTransitionTime: at }]
    store.put('pods', object)
    recordEvent(this.#api, object, { reason: 'Scheduled', message: `Successfully assigned ${ref.namespace}/${ref.name} to ${node.metadata.name}`, component: 'default-scheduler' })
  }

  #fits(pod: Pod, node: Node): boolean {
    if (node.spec.unschedulable === true && pod.spec.tolerations?.some((toleration) => tolerates(toleration, { key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' })) !== true) return false
    for (const [key, value] of Object.entries(pod.spec.nodeSelector ?? {})) if (node.metadata.labels?.[key] !== value) return false
    const ready = node.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false
    return ready && toleratesAll(pod, node.spec.taints ?? []) && matchesAffinity(pod, node)
  }
}

/** Runs the scheduler while `gate` is open. */
export const startScheduler = (api: Api, gate: Gate): void => new Scheduler(api, gate).start()

/** The one form of node affinity that is used here: DaemonSet pods name their node by a field. */
function matchesAffinity(pod: Pod, node: Node): boolean {
  const affinity = pod.spec['affinity'] as
    | { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: { matchFields?: { key: string; values: string[] }[]; matchExpressions?: { key: string; operator: string; values?: string[] }[] }[] } } }
    | undefined
  const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms
  if (terms === undefined) return true
  return terms.some(
    (term) =>
      (term.matchFields ?? []).every((field) => field.key !== 'metadata.name' || field.values.includes(node.metadata.name)) &&
      (term.matchExpressions ?? []).every((expression) => expression.operator !== 'In' || (expression.values ?? []).includes(node.metadata.labels?.[expression.key] ?? '')),
  )
}
