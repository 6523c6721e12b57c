import type { Controller } from './controller.ts'

/** Gives every namespace its ServiceAccount `default` and the ConfigMap with the cluster's CA. */
export const serviceAccount = (caPem: string): Controller => ({
  name: 'serviceaccount',
  keys: (event) => {
    if (event.resource === 'namespaces' && event.type !== 'DELETED') return [event.object.metadata.name]
    const made = (event.resource === 'serviceaccounts' && event.object.metadata.name === 'default') || (event.resource === 'configmaps' && event.object.metadata.name === 'kube-root-ca.crt')
    return made && event.type === 'DELETED' ? [event.object.metadata.namespace ?? ''] : []
  },
  all: (api) => api.store.list('namespaces').map((namespace) => namespace.metadata.name),
  reconcile: (name, { api }) => {
    const namespace = api.store.get('namespaces', '', name)
    if (namespace === undefined || namespace.metadata.deletionTimestamp !== undefined) return
    if (api.store.get('serviceaccounts', name, 'default') === undefined) {
      api.create(api.resources.key('serviceaccounts'), name, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'default' } })
    }
    if (api.store.get('configmaps', name, 'kube-root-ca.crt') === undefined) {
      api.create(api.resources.key('configmaps'), name, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'kube-root-ca.crt', annotations: { 'kubernetes.io/description': 'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.' } },
        data: { 'ca.crt': caPem },
      })
    }
  },
})
