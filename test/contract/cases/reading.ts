import type { Case } from '../contract.ts'
import { configMap, CONFIGMAPS, idlePod, PODS } from './objects.ts'

interface Discovered {
  readonly metadata: { readonly name?: string }
  readonly versions: readonly { readonly version: string; readonly resources?: readonly { readonly resource: string }[] }[]
}

/** The resources whose discovery must be the same. */
const known = new Set([
  ...['pods', 'configmaps', 'namespaces', 'nodes', 'persistentvolumeclaims', 'persistentvolumes', 'replicationcontrollers', 'secrets', 'serviceaccounts', 'services', 'events'].map((name) => `/${name}`),
  ...['daemonsets', 'deployments', 'replicasets', 'statefulsets', 'controllerrevisions'].map((name) => `apps/${name}`),
  ...['jobs', 'cronjobs'].map((name) => `batch/${name}`),
  'policy/poddisruptionbudgets',
  'discovery.k8s.io/endpointslices',
  'coordination.k8s.io/leases',
  'storage.k8s.io/storageclasses',
  'storage.k8s.io/volumeattachments',
])

const aggregatedAccept = { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json' }

/** Without further bookmarks: they come when they come. */
const noted = (events: readonly unknown[]): unknown[] => (events as { type: string; object: { metadata: { annotations?: object } } }[]).filter(({ type, object }) => type !== 'BOOKMARK' || object.metadata.annotations !== undefined)

export const reading: readonly Case[] = [
  {
    name: 'discovery-aggregated',
    run: async (session) => {
      for (const path of ['/api', '/apis']) {
        const reply = await session.quiet('GET', path, undefined, { headers: aggregatedAccept })
        const { kind, apiVersion, items } = reply.body as { kind: string; apiVersion: string; items: readonly Discovered[] }
        session.record(`${path} head`, { code: reply.status, type: reply.headers['content-type'], kind, apiVersion })
        for (const group of items) {
          for (const { version, resources = [] } of group.versions) {
            if (version !== 'v1') continue
            for (const resource of resources) if (known.has(`${group.metadata.name ?? ''}/${resource.resource}`)) session.record(`${path} ${group.metadata.name ?? ''} ${resource.resource}`, resource)
          }
        }
      }
      session.steps.sort((a, b) => (a.label < b.label ? -1 : 1))
    },
  },
  {
    name: 'discovery-legacy',
    run: async (session) => {
      for (const [path, wanted] of [['/api/v1', ['pods', 'pods/log', 'pods/eviction', 'namespaces/finalize']], ['/apis/apps/v1', ['deployments', 'deployments/scale']]] as const) {
        const { kind, groupVersion, resources } = (await session.quiet('GET', path)).body as { kind: string; groupVersion: string; resources: readonly { name: string }[] }
        // the hash of the stored version is the server's own
        const shown = resources.filter((resource) => (wanted as readonly string[]).includes(resource.name)).map((resource) => ({ ...resource, storageVersionHash: undefined }))
        session.record(path, { kind, groupVersion, shown })
      }
    },
  },
  {
    name: 'not-found',
    run: async (session) => {
      await session.call('pod', 'GET', `${PODS}/none`)
      await session.call('deployment', 'GET', '/apis/apps/v1/namespaces/{ns}/deployments/none')
      await session.call('namespace', 'GET', '/api/v1/namespaces/none-such')
      await session.call('pod in no namespace', 'GET', '/api/v1/namespaces/none-such/pods/none')
      await session.call('list in no namespace', 'GET', '/api/v1/namespaces/none-such/pods')
      await session.call('unknown resource', 'GET', '/api/v1/namespaces/{ns}/nonsenses')
      await session.call('unknown group', 'GET', '/apis/none.example.com/v1/namespaces/{ns}/things')
      await session.call('unknown path', 'GET', '/nonsense')
      await session.call('unknown subresource', 'GET', `${PODS}/none/nonsense`)
      await session.call('delete', 'DELETE', `${PODS}/none`)
      await session.call('patch', 'PATCH', `${PODS}/none`, {})
      await session.call('status', 'GET', `${PODS}/none/status`)
      await session.call('log', 'GET', `${PODS}/none/log`)
    },
  },
  {
    name: 'rights',
    run: async (session) => {
      await session.call('unknown token', 'GET', PODS, undefined, { token: 'nonsense' })
      await session.call('no token', 'GET', PODS, undefined, { token: '' })
      const limited = { token: 'limited-token' }
      const review = async (label: string, resourceAttributes: object): Promise<void> => {
        await session.call(label, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } })
      }
      await session.call('list', 'GET', PODS, undefined, limited)
      await session.call('get', 'GET', `${PODS}/web`, undefined, limited)
      await session.call('delete', 'DELETE', `${PODS}/web`, undefined, limited)
      await session.call('deletecollection', 'DELETE', PODS, undefined, limited)
      await session.call('watch', 'GET', `${PODS}?watch=true`, undefined, limited)
      await session.call('cluster scope', 'GET', '/api/v1/nodes/node-1', undefined, limited)
      await session.call('all namespaces', 'GET', '/api/v1/pods', undefined, limited)
      await session.call('namespace', 'GET', '/api/v1/namespaces/{ns}', undefined, limited)
      await session.call('group', 'GET', '/apis/apps/v1/namespaces/{ns}/deployments', undefined, limited)
      await session.call('subresource', 'POST', `${PODS}/web/eviction`, {}, limited)
      await session.call('create', 'POST', PODS, {}, limited)
      await session.call('path', 'GET', '/metrics', undefined, limited)
      await review('may I, admin', { verb: 'delete', resource: 'pods', namespace: session.namespace })
      const rbac = '/apis/rbac.authorization.k8s.io/v1/namespaces/{ns}'
      await session.quiet('POST', `${rbac}/roles`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'reader' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }, { apiGroups: [''], resources: ['pods/log'], verbs: ['get'] }, { apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'], verbs: ['get', 'list'] }] })
      await session.quiet('POST', `${rbac}/rolebindings`, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'reader' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' }, subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'limited' }] })
      await session.sleep(1500)
      await session.call('list by role', 'GET', PODS, undefined, limited)
      await session.call('delete without role', 'DELETE', `${PODS}/web`, undefined, limited)
      await session.call('one by name', 'GET', `${CONFIGMAPS}?fieldSelector=metadata.name%3Done`, undefined, limited)
      await session.call('another by name', 'GET', `${CONFIGMAPS}?fieldSelector=metadata.name%3Dtwo`, undefined, limited)
      for (const verb of ['get', 'delete']) {
        const spec = { resourceAttributes: { verb, resource: 'pods', namespace: session.namespace } }
        const reply = await session.quiet('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec }, limited)
        session.record(`may I ${verb}`, { code: reply.status, allowed: (reply.body as { status: { allowed: boolean } }).status.allowed })
      }
      const whoami = await session.quiet('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, limited)
      const { username, groups } = (whoami.body as { status: { userInfo: { username: string; groups: readonly string[] } } }).status.userInfo
      session.record('who am I', { code: whoami.status, username, groups })
    },
  },
  {
    name: 'lists',
    run: async (session) => {
      for (const [name, tier] of [['a', 'one'], ['b', 'two'], ['c', 'one']] as const) await session.quiet('POST', PODS, idlePod(name, { labels: { tier } }))
      const page = await session.call('first page', 'GET', `${PODS}?limit=2`)
      const token = (page.body as { metadata: { continue: string } }).metadata.continue
      await session.call('second page', 'GET', `${PODS}?limit=2&continue=${encodeURIComponent(token)}`)
      const names = async (label: string, query: string): Promise<void> => {
        const reply = await session.quiet('GET', `${PODS}?${query}`)
        const { items } = reply.body as { items?: readonly { metadata: { name: string } }[] }
        session.record(label, { code: reply.status, names: items?.map((item) => item.metadata.name), body: items === undefined ? reply.body : undefined })
      }
      await names('label', 'labelSelector=tier%3Done')
      await names('label in', 'labelSelector=tier+in+(one,two)')
      await names('label not', 'labelSelector=tier!%3Done')
      await names('label absent', 'labelSelector=!tier')
      await names('label set and equal', 'labelSelector=tier%3Done,tier+notin+(two)')
      await names('label broken', 'labelSelector=tier%3D%3D%3Done')
      await names('field name', 'fieldSelector=metadata.name%3Db')
      await names('field phase', 'fieldSelector=status.phase%3DPending')
      await names('field node', 'fieldSelector=spec.nodeName!%3D')
      await names('field unknown', 'fieldSelector=spec.nonsense%3Db')
      session.record('no such continue', { code: (await session.quiet('GET', `${PODS}?limit=1&continue=nonsense`)).status })
      await names('limit with cache', 'limit=1&resourceVersion=0')
      await session.call('metadata only', 'GET', `${PODS}?fieldSelector=metadata.name%3Db`, undefined, { headers: { accept: 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json' } })
      await session.call('metadata of one', 'GET', `${PODS}/b`, undefined, { headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' } })
      const table = await session.quiet('GET', `${PODS}?fieldSelector=metadata.name%3Db`, undefined, { headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' } })
      const { kind, columnDefinitions, rows } = table.body as { kind: string; columnDefinitions: readonly { name: string; type: string; format: string; priority: number }[]; rows: readonly { cells: unknown[] }[] }
      // words of the descriptions and ages are no contract
      session.record('table', { kind, columns: columnDefinitions.map(({ name, type, format, priority }) => ({ name, type, format, priority })), cells: rows[0]?.cells.map((cell, index) => (index === 4 ? 'AGE' : cell)) })
      await session.call('protobuf only', 'GET', PODS, undefined, { headers: { accept: 'application/nonsense' } })
    },
  },
  {
    name: 'watches',
    run: async (session) => {
      const list = await session.quiet('GET', CONFIGMAPS)
      const version = (list.body as { metadata: { resourceVersion: string } }).metadata.resourceVersion
      const all = await session.watch(`${CONFIGMAPS}?watch=true&resourceVersion=${version}`)
      const labelled = await session.watch(`${CONFIGMAPS}?watch=true&resourceVersion=${version}&labelSelector=on%3Dyes`)
      await session.quiet('POST', CONFIGMAPS, configMap('a'))
      await session.quiet('PATCH', `${CONFIGMAPS}/a`, { metadata: { labels: { on: 'yes' } } })
      await session.quiet('PATCH', `${CONFIGMAPS}/a`, { data: { key: 'other' } })
      await session.quiet('PATCH', `${CONFIGMAPS}/a`, { data: { key: 'other' } })
      await session.quiet('PATCH', `${CONFIGMAPS}/a`, { metadata: { labels: { on: 'no' } } })
      await session.quiet('DELETE', `${CONFIGMAPS}/a`)
      await session.sleep(500)
      session.record('all', all.events)
      session.record('by label', labelled.events)
      all.close()
      labelled.close()
      await session.quiet('POST', CONFIGMAPS, configMap('b'))
      const synthetic = await session.watch(`${CONFIGMAPS}?watch=true&fieldSelector=metadata.name%3Db`)
      const initial = await session.watch(`${CONFIGMAPS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&fieldSelector=metadata.name%3Db`)
      const pods = await session.watch(`${PODS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true`)
      const metadata = await session.watch(`${CONFIGMAPS}?watch=true&fieldSelector=metadata.name%3Db`, { headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json' } })
      await session.sleep(800)
      session.record('without a version', synthetic.events)
      session.record('with initial events', noted(initial.events))
      session.record('bookmark of pods', noted(pods.events))
      session.record('metadata only', metadata.events)
      for (const one of [synthetic, initial, pods, metadata]) one.close()
      await session.call('initial events without a match', 'GET', `${CONFIGMAPS}?watch=true&sendInitialEvents=true`)
      await session.call('match without initial events', 'GET', `${CONFIGMAPS}?watch=true&resourceVersionMatch=NotOlderThan`)
      await session.call('version that is no number', 'GET', `${CONFIGMAPS}?watch=true&resourceVersion=nonsense`)
      const before = Date.now()
      const short = await session.quiet('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${version}&timeoutSeconds=1&fieldSelector=metadata.name%3Dnone`)
      session.record('timeoutSeconds', { code: short.status, text: short.text, about: Math.round((Date.now() - before) / 1000) })
    },
  },
]
