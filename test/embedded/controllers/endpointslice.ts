import { isDeepStrictEqual } from 'node:util'
import { randomSuffix } from '../defaults.ts'
import { selectorMatches } from '../selectors.ts'
import type { JsonObject, KubeObject, Pod } from '../types.ts'
import { allKeys, controllerRef, isReady, keyOfObject, refTo, splitKey, type Controller, type Loop } from './controller.ts'

interface Service extends KubeObject {
  spec: { selector?: Record<string, string>; ports?: { name?: string; port: number; targetPort?: number | string; protocol?: string }[]; clusterIP?: string; type?: string; publishNotReadyAddresses?: boolean }
}

const MANAGER = 'endpointslice-controller.k8s.io'

/** One pod as an endpoint (k8s.io/endpointslice podToEndpoint). */
function endpoint(pod: Pod, service: Service): JsonObject {
  const serving = isReady(pod)
  const terminating = pod.metadata.deletionTimestamp !== undefined
  const { name, namespace, uid } = pod.metadata
  return {
    addresses: [pod.status.podIP],
    conditions: { ready: service.spec.publishNotReadyAddresses === true || (serving && !terminating), serving, terminating },
    ...(pod.spec.hostname !== undefined && pod.spec.subdomain === service.metadata.name ? { hostname: pod.spec.hostname } : {}),
    targetRef: { kind: 'Pod', namespace, name, uid },
    nodeName: pod.spec.nodeName,
  }
}

const isEndpoint = (pod: Pod): boolean => pod.status.podIP !== undefined && pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed'

function reconcile(key: string, { api }: Loop): void {
  const [namespace, name] = splitKey(key)
  const service = api.store.get('services', namespace, name) as Service | undefined
  if (service?.spec.selector === undefined || service.spec.type === 'ExternalName' || service.metadata.deletionTimestamp !== undefined) return
  const { selector } = service.spec
  const pods = (api.store.list('pods', namespace) as Pod[]).filter((pod) => isEndpoint(pod) && selectorMatches({ matchLabels: selector }, pod.metadata.labels))
  const endpoints = pods.map((pod) => endpoint(pod, service))
  const numbers = (target: number | string | undefined, port: number): number | undefined => {
    if (typeof target !== 'string') return target ?? port
    return pods.flatMap((pod) => pod.spec.containers.flatMap((container) => container.ports ?? [])).find((other) => other.name === target)?.containerPort
  }
  const ports = (service.spec.ports ?? []).map((port) => ({ name: port.name ?? '', port: numbers(port.targetPort, port.port), protocol: port.protocol ?? 'TCP' }))
  const slice = api.store
    .list('endpointslices.discovery.k8s.io', namespace)
    .find(({ metadata }) => metadata.labels?.['kubernetes.io/service-name'] === name && metadata.labels['endpointslice.kubernetes.io/managed-by'] === MANAGER)
  if (slice === undefined) {
    const suffix = randomSuffix()
    api.create(api.resources.key('endpointslices.discovery.k8s.io'), namespace, {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: {
        name: `${name}-${suffix}`,
        generateName: `${name}-`,
        labels: {
          ...service.metadata.labels,
          'endpointslice.kubernetes.io/managed-by': MANAGER,
          'kubernetes.io/service-name': name,
          ...(service.spec.clusterIP === 'None' ? { 'service.kubernetes.io/headless': '' } : {}),
        },
        ownerReferences: [controllerRef(service)],
      },
      addressType: 'IPv4',
      endpoints,
      ports,
    })
    return
  }
  if (isDeepStrictEqual(slice['endpoints'], endpoints) && isDeepStrictEqual(slice['ports'], ports)) return
  const ref = refTo(api, 'endpointslices.discovery.k8s.io', slice)
  api.edit(ref, (object) => {
    object['endpoints'] = endpoints
    object['ports'] = ports
    object.metadata.generation = (object.metadata.generation ?? 0) + 1
  })
}

/** Keeps one EndpointSlice for each Service with a selector (pkg/controller/endpointslice). */
export const endpointSlice: Controller = {
  name: 'endpointslice',
  keys: (event, api) => {
    if (event.resource === 'services') return [keyOfObject(event.object)]
    return event.resource === 'pods' ? api.store.list('services', event.object.metadata.namespace).map(keyOfObject) : []
  },
  all: allKeys('services'),
  reconcile,
}
