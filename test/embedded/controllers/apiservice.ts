import { timestamp } from '../clock.ts'
import type { Api } from '../api.ts'
import type { Condition, KubeObject } from '../types.ts'
import type { Controller, Loop } from './controller.ts'

export const API_SERVICES = 'apiservices.apiregistration.k8s.io'

interface ApiServiceSpec {
  group?: string
  version?: string
  service?: { namespace?: string; name?: string }
}

const specOf = (service: KubeObject): ApiServiceSpec => service.spec ?? {}

const conditionsOf = (service: KubeObject): readonly Condition[] => (service.status as { conditions?: Condition[] } | undefined)?.conditions ?? []

/** Groups and versions whose server does not answer. */
export const unavailable = (api: Api): readonly (readonly [group: string, version: string])[] =>
  api.store.list(API_SERVICES).flatMap((service) => {
    const { group = '', version = '' } = specOf(service)
    return conditionsOf(service).some((condition) => condition.type === 'Available' && condition.status === 'False') ? [[group, version] as const] : []
  })

/** A backend with a ready endpoint counts as an API server that answers: nothing is forwarded to it. */
function judge(api: Api, spec: ApiServiceSpec): readonly ['True' | 'False', string, string] {
  if (spec.service === undefined) return ['True', 'Local', 'Local APIServices are always available']
  const { namespace = '', name = '' } = spec.service
  if (api.store.get('services', namespace, name) === undefined) return ['False', 'ServiceNotFound', `service/${name} in ${JSON.stringify(namespace)} is not present`]
  const slices = api.store.list('endpointslices.discovery.k8s.io', namespace).filter((slice) => slice.metadata.labels?.['kubernetes.io/service-name'] === name)
  const ready = slices.some((slice) => (slice['endpoints'] as { conditions?: { ready?: boolean } }[] | undefined)?.some((endpoint) => endpoint.conditions?.ready === true) === true)
  return ready ? ['True', 'Passed', 'all checks passed'] : ['False', 'MissingEndpoints', `endpoints for service/${name} in ${JSON.stringify(namespace)} have no addresses`]
}

function reconcile(name: string, { api }: Loop): void {
  const service = api.store.get(API_SERVICES, '', name)
  if (service === undefined) return
  const [status, reason, message] = judge(api, specOf(service))
  const before = conditionsOf(service).find((condition) => condition.type === 'Available')
  if (before?.status === status && before.reason === reason) return
  const condition: Condition = { type: 'Available', status, lastTransitionTime: timestamp(api.clock.now()), reason, message }
  api.edit({ resource: api.resources.key(API_SERVICES), namespace: '', name }, (object) => {
    object.status = { conditions: [condition] }
  }, { subresource: 'status' })
}

/** Says of every APIService whether its server is there (kube-aggregator pkg/controllers/status). */
export const apiServiceController: Controller = {
  name: 'apiservice',
  keys: (event, api) => {
    if (event.resource === API_SERVICES) return event.type === 'DELETED' ? [] : [event.object.metadata.name]
    if (event.resource !== 'services' && event.resource !== 'endpointslices.discovery.k8s.io') return []
    return api.store.list(API_SERVICES).map((service) => service.metadata.name)
  },
  all: (api) => api.store.list(API_SERVICES).map((service) => service.metadata.name),
  reconcile,
}
