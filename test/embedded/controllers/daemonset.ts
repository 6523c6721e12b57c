import { toleratesAll } from '../scheduler.ts'
import type { Node, Pod, PodSpec, Toleration, Workload } from '../types.ts'
import { allKeys, isActive, isAvailable, isOwnedBy, isReady, keysByOwner, refTo, splitKey, type Controller, type Loop } from './controller.ts'
import { scaled, templateHash } from './deployment.ts'
import { createPod, deletePod, podFrom } from './replicaset.ts'
import { revision } from './statefulset.ts'

const COMPONENT = 'daemonset-controller'

const tolerations: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]

const nodeOf = (pod: Pod): string => {
  const affinity = pod.spec['affinity'] as { nodeAffinity?: { requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms?: { matchFields?: { values: string[] }[] }[] } } } | undefined
  const field = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.[0]?.matchFields?.[0]
  return pod.spec.nodeName ?? field?.values[0] ?? ''
}

function podFor(set: Workload, node: string, hash: string): ReturnType<typeof podFrom> {
  const pod = podFrom(set, { labels: { 'controller-revision-hash': hash, 'pod-template-generation': set.metadata.annotations?.['deprecated.daemonset.template.generation'] ?? '1' } })
  const spec = pod.spec as PodSpec
  spec['affinity'] = { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: [node] }] }] } } }
  spec.tolerations = [...(spec.tolerations ?? []), ...tolerations]
  return pod
}

const runsOn = (set: Workload, node: Node): boolean => {
  const { spec } = set.spec.template
  const pod = { spec: { ...spec, tolerations: [...(spec.tolerations ?? []), ...tolerations] } } as unknown as Pod
  return Object.entries(spec.nodeSelector ?? {}).every(([key, value]) => node.metadata.labels?.[key] === value) && toleratesAll(pod, (node.spec.taints ?? []).filter((taint) => !taint.key.startsWith('node.kubernetes.io/un') && !taint.key.startsWith('node.kubernetes.io/not-ready')))
}

function reconcile(key: string, loop: Loop): void {
  const { api } = loop
  const [namespace, name] = splitKey(key)
  const set = api.store.get('daemonsets.apps', namespace, name) as Workload | undefined
  if (set === undefined) return
  const hash = templateHash(set.spec.template)
  const nodes = api.store.list('nodes') as Node[]
  const eligible = nodes.filter((node) => runsOn(set, node))
  const pods = (): Pod[] => (api.store.list('pods', namespace) as Pod[]).filter((pod) => isOwnedBy(pod, set))
  if (set.metadata.deletionTimestamp === undefined) {
    revision(api, set, { 'controller-revision-hash': hash })
    for (const pod of pods()) {
      if (pod.metadata.deletionTimestamp !== undefined) continue
      const ended = pod.status.phase === 'Failed' || pod.status.phase === 'Succeeded'
      if (ended || !eligible.some((node) => node.metadata.name === nodeOf(pod))) deletePod(api, set, pod, COMPONENT)
    }
    for (const node of eligible) {
      const here = pods().filter((pod) => nodeOf(pod) === node.metadata.name && isActive(pod))
      if (here.length === 0) createPod(api, set, podFor(set, node.metadata.name, hash), COMPONENT)
    }
    replaceOld(loop, set, pods(), hash, eligible.length)
  }
  const now = api.clock.now()
  const scheduled = pods().filter(isActive)
  const ready = scheduled.filter((pod) => isReady(pod))
  const available = ready.filter((pod) => isAvailable(pod, set.spec.minReadySeconds ?? 0, now))
  const updated = scheduled.filter((pod) => pod.metadata.labels?.['controller-revision-hash'] === hash)
  const missing = eligible.length - available.length
  api.edit(refTo(api, 'daemonsets.apps', set), (object) => {
    object.status = {
      currentNumberScheduled: scheduled.length,
      numberMisscheduled: 0,
      desiredNumberScheduled: eligible.length,
      numberReady: ready.length,
      observedGeneration: object.metadata.generation,
      ...(updated.length > 0 ? { updatedNumberScheduled: updated.length } : {}),
      ...(available.length > 0 ? { numberAvailable: available.length } : {}),
      ...(missing > 0 ? { numberUnavailable: missing } : {}),
    }
  }, { subresource: 'status' })
}

/** Rolling update: as many old pods go at a time as may be unavailable. */
function replaceOld(loop: Loop, set: Workload, pods: readonly Pod[], hash: string, nodes: number): void {
  const strategy = set.spec['updateStrategy'] as { type?: string; rollingUpdate?: { maxUnavailable?: unknown } }
  if (strategy.type === 'OnDelete') return
  const now = loop.api.clock.now()
  const available = pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && isAvailable(pod, set.spec.minReadySeconds ?? 0, now)).length
  let spare = scaled(strategy.rollingUpdate?.maxUnavailable ?? 1, nodes, true) - (nodes - available)
  for (const pod of pods) {
    if (spare <= 0) return
    if (pod.metadata.deletionTimestamp !== undefined || pod.metadata.labels?.['controller-revision-hash'] === hash) continue
    deletePod(loop.api, set, pod, COMPONENT)
    spare--
  }
}

/** Keeps one pod on every node that the template tolerates (pkg/controller/daemon); cordons do not matter. */
export const daemonSet: Controller = {
  name: 'daemonset',
  keys: (event, api) => (event.resource === 'nodes' ? allKeys('daemonsets.apps')(api) : keysByOwner('daemonsets.apps', 'DaemonSet', ['pods'])(event)),
  all: allKeys('daemonsets.apps'),
  reconcile,
}
