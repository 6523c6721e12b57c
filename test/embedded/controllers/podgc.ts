import { unlessGone, type Api } from '../api.ts'
import { timestamp } from '../clock.ts'
import type { Node, Pod } from '../types.ts'
import { refTo, type Controller, type Loop } from './controller.ts'

const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'

/** Marks a pod failed and removes it without asking the kubelet. */
function collect(api: Api, pod: Pod, message: string): void {
  const ref = refTo(api, 'pods', pod)
  if (pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed') {
    unlessGone(() => api.edit(ref, (object) => {
      const { status, metadata } = object as Pod
      status.phase = 'Failed'
      if (metadata.generation !== undefined) status.observedGeneration = metadata.generation
      if (message === '') return
      status.conditions = [
        ...(status.conditions ?? []).filter((condition) => condition.type !== 'DisruptionTarget'),
        {
          type: 'DisruptionTarget',
          ...(metadata.generation === undefined ? {} : { observedGeneration: metadata.generation }),
          status: 'True',
          reason: 'DeletionByPodGC',
          message,
          lastProbeTime: null,
          lastTransitionTime: timestamp(api.clock.now()),
        },
      ]
    }, { subresource: 'status' }))
  }
  unlessGone(() => api.delete(ref, { gracePeriodSeconds: 0 }))
}

const isReady = (node: Node): boolean => node.status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') ?? false

/**
 * Removes pods that no kubelet will finish: on nodes that are gone for `seconds`, on nodes declared out of service, and
 * terminating ones that never had a node (pkg/controller/podgc; there a round every 20 s, and 40 s for a missing node).
 */
export function podGc(seconds: number): Controller {
  const missingSince = new Map<string, number>()
  const reconcile = (key: string, loop: Loop): void => {
    const { api } = loop
    for (const pod of api.store.list('pods') as Pod[]) {
      const name = pod.spec.nodeName ?? ''
      const terminating = pod.metadata.deletionTimestamp !== undefined
      if (name === '') {
        if (terminating && (pod.metadata.finalizers?.length ?? 0) === 0) collect(api, pod, '')
        continue
      }
      const node = api.store.get('nodes', '', name) as Node | undefined
      if (node === undefined) {
        const since = missingSince.get(name) ?? api.clock.now()
        missingSince.set(name, since)
        const left = since + seconds * 1000 - api.clock.now()
        if (left > 0) loop.again(key, left)
        else if (pod.metadata.deletionGracePeriodSeconds !== 0) collect(api, pod, 'PodGC: node no longer exists')
        continue
      }
      missingSince.delete(name)
      const out = node.spec.taints?.some((taint) => taint.key === OUT_OF_SERVICE) ?? false
      if (terminating && out && !isReady(node) && pod.metadata.deletionGracePeriodSeconds !== 0) collect(api, pod, '')
    }
  }
  return {
    name: 'podgc',
    keys: ({ resource }) => (resource === 'pods' || resource === 'nodes' ? ['all'] : []),
    all: () => ['all'],
    reconcile,
  }
}
