import { unlessGone, type Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import { recordEvent } from '../events.ts'
import type { Kubelet } from '../kubelet/kubelet.ts'
import { tolerates } from '../scheduler.ts'
import type { Node, Pod, Taint } from '../types.ts'
import { refTo, type Controller, type Loop } from './controller.ts'

const UNREACHABLE = 'node.kubernetes.io/unreachable'
const NOT_READY = 'node.kubernetes.io/not-ready'

/** The conditions and taints of a node that is not heard of any more (pkg/controller/nodelifecycle). */
function markUnknown(api: Api, node: Node): void {
  const now = timestamp(api.clock.now())
  api.edit(refTo(api, 'nodes', node), (object) => {
    for (const condition of (object as Node).status.conditions ?? []) {
      if (condition.status === 'Unknown') continue
      condition.status = 'Unknown'
      condition.reason = 'NodeStatusUnknown'
      condition.message = 'Kubelet stopped posting node status.'
      condition.lastTransitionTime = now
    }
  }, { subresource: 'status' })
  recordEvent(api, node, { reason: 'NodeNotReady', message: `Node ${node.metadata.name} status is now: NodeNotReady`, component: 'node-controller' })
  for (const pod of podsOn(api, node.metadata.name)) {
    if (pod.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') !== true) continue
    api.edit(refTo(api, 'pods', pod), (object) => {
      for (const condition of (object as Pod).status.conditions ?? []) {
        if (condition.type !== 'Ready') continue
        condition.status = 'False'
        condition.lastTransitionTime = now
      }
    }, { subresource: 'status' })
    recordEvent(api, pod, { reason: 'NodeNotReady', message: 'Node is not ready', type: 'Warning', component: 'node-controller' })
  }
}

const podsOn = (api: Api, node: string): Pod[] => (api.store.list('pods') as Pod[]).filter((pod) => pod.spec.nodeName === node)

function setTaints(api: Api, node: Node): void {
  const ready = node.status.conditions?.find((condition) => condition.type === 'Ready')?.status
  const key = ready === 'Unknown' ? UNREACHABLE : ready === 'False' ? NOT_READY : undefined
  const taints = node.spec.taints ?? []
  const own = (taint: Taint): boolean => taint.key === UNREACHABLE || taint.key === NOT_READY
  const kept = taints.filter((taint) => !own(taint) || taint.key === key)
  const now = timestamp(api.clock.now())
  const wanted = key === undefined ? [] : ['NoSchedule', 'NoExecute'].filter((effect) => !kept.some((taint) => taint.key === key && taint.effect === effect)).map((effect) => ({ key, effect, timeAdded: now }))
  if (wanted.length === 0 && kept.length === taints.length) return
  api.edit(refTo(api, 'nodes', node), (object) => {
    const all = [...kept, ...wanted]
    if (all.length > 0) (object as Node).spec.taints = all
    else delete (object as Node).spec.taints
  })
}

/** Pods leave a node with NoExecute taints when their tolerations end (taint-eviction-controller). */
function evictTainted(loop: Loop, node: Node): void {
  const { api } = loop
  const taints = (node.spec.taints ?? []).filter((taint) => taint.effect === 'NoExecute')
  if (taints.length === 0) return
  for (const pod of podsOn(api, node.metadata.name)) {
    if (pod.metadata.deletionTimestamp !== undefined) continue
    const waits = taints.map((taint) => {
      const used = pod.spec.tolerations?.filter((toleration) => tolerates(toleration, taint)) ?? []
      if (used.length === 0) return 0
      const seconds = Math.min(...used.map((toleration) => toleration.tolerationSeconds ?? Number.POSITIVE_INFINITY))
      return Math.max(0, Date.parse(taint.timeAdded ?? timestamp(api.clock.now())) + seconds * 1000 - api.clock.now())
    })
    const wait = Math.min(...waits)
    if (wait === Number.POSITIVE_INFINITY) continue
    if (wait > 0) {
      loop.again(node.metadata.name, wait)
      continue
    }
    recordEvent(api, pod, { reason: 'TaintManagerEviction', message: `Marking for deletion Pod ${pod.metadata.namespace ?? ''}/${pod.metadata.name}`, component: 'taint-eviction-controller' })
    api.edit(refTo(api, 'pods', pod), (object) => {
      const { status } = object as Pod
      status.conditions = [
        ...(status.conditions ?? []).filter((condition) => condition.type !== 'DisruptionTarget'),
        { type: 'DisruptionTarget', status: 'True', reason: 'DeletionByTaintManager', message: 'Taint manager: deleting due to NoExecute taint', lastProbeTime: null, lastTransitionTime: timestamp(api.clock.now()) },
      ]
    }, { subresource: 'status' })
    unlessGone(() => api.delete(refTo(api, 'pods', pod), {}))
  }
}

/**
 * Finds nodes whose kubelets have been silent for `graceSeconds`, taints them and evicts what does not tolerate it. Nodes
 * that a test made by hand have no kubelet and keep what the test wrote.
 */
export const nodeLifecycle = (kubelets: ReadonlyMap<string, Kubelet>, graceSeconds: number): Controller => ({
  name: 'node-lifecycle',
  keys: (event) => (event.resource === 'nodes' && event.type !== 'DELETED' ? [event.object.metadata.name] : []),
  all: (api) => api.store.list('nodes').map((node) => node.metadata.name),
  reconcile: (name, loop) => {
    const { api } = loop
    const node = api.store.get('nodes', '', name) as Node | undefined
    if (node === undefined) return
    const silentSince = kubelets.get(name)?.frozenSince
    if (silentSince !== undefined) {
      const left = silentSince + graceSeconds * 1000 - api.clock.now()
      if (left > 0) loop.again(name, left)
      else if (node.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'Unknown') !== true) markUnknown(api, node)
    }
    setTaints(api, api.store.get('nodes', '', name) as Node)
    evictTainted(loop, api.store.get('nodes', '', name) as Node)
  },
})
