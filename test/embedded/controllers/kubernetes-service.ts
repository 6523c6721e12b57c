import type { Controller } from './controller.ts'

/** Keeps the Service `kubernetes` of the namespace `default`: the API server itself does, every 10 s (pkg/controlplane/controller/kubernetesservice). */
export const kubernetesService: Controller = {
  name: 'kubernetes-service',
  keys: (event) => (event.resource === 'services' && event.type === 'DELETED' && event.object.metadata.namespace === 'default' && event.object.metadata.name === 'kubernetes' ? ['kubernetes'] : []),
  all: () => ['kubernetes'],
  delay: () => 1000,
  reconcile: (name, { api }) => {
    if (api.store.get('services', 'default', name) !== undefined) return
    api.create(api.resources.key('services'), 'default', {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels: { component: 'apiserver', provider: 'kubernetes' } },
      spec: { type: 'ClusterIP', clusterIP: '10.0.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] },
    })
  },
}
