import type { KubeObject, Pod, Workload } from '../../embedded/types.ts'
import type { Case } from '../contract.ts'
import type { Reply, Session } from '../session.ts'
import { apps, clean, configMap, CONFIGMAPS, idlePod, JOBS, pod, PODS, template, workload } from './objects.ts'
import { isRunning } from './pods.ts'

const status = (reply: { body: unknown }): Workload['status'] => (reply.body as Partial<Workload>).status ?? {}
const items = async (session: Session, path: string): Promise<readonly KubeObject[]> => ((await session.quiet('GET', path)).body as { items: readonly KubeObject[] }).items
const names = async (session: Session, path: string): Promise<readonly string[]> => (await items(session, path)).map((one) => one.metadata.name)

export const more: readonly Case[] = [
  {
    name: 'versions',
    run: async (session) => {
      await session.quiet('POST', CONFIGMAPS, configMap('a'))
      const watch = await session.watch(`${CONFIGMAPS}?watch=true&resourceVersion=1`)
      await session.sleep(500)
      watch.close()
      session.record('watch from the past', watch.events)
      await session.call('list from the future', 'GET', `${CONFIGMAPS}?resourceVersion=999999999999`)
      await session.call('get from the future', 'GET', `${CONFIGMAPS}/a?resourceVersion=999999999999`)
      await session.call('exact without a version', 'GET', `${CONFIGMAPS}?resourceVersionMatch=Exact`)
      await session.call('exact zero', 'GET', `${CONFIGMAPS}?resourceVersionMatch=Exact&resourceVersion=0`)
      const list = await session.quiet('GET', `${CONFIGMAPS}?resourceVersion=0&resourceVersionMatch=NotOlderThan`)
      session.record('not older', { code: list.status })
    },
  },
  {
    name: 'delete-collection-of-pods',
    run: async (session) => {
      for (const name of ['a', 'b']) await session.quiet('POST', PODS, idlePod(name, { labels: { on: 'yes' } }))
      await session.quiet('POST', PODS, idlePod('c'))
      const reply = await session.quiet('DELETE', `${PODS}?labelSelector=on%3Dyes`, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] })
      session.record('dry run', { code: reply.status, kind: (reply.body as { kind: string }).kind, names: await names(session, PODS) })
      await session.call('collection', 'DELETE', `${PODS}?labelSelector=on%3Dyes`)
      session.record('left', await names(session, PODS))
    },
  },
  {
    name: 'custom-resources',
    run: async (session) => {
      const group = `${session.namespace}.example.com`
      const crd = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/widgets.${group}`
      await session.quiet('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `widgets.${group}` },
        spec: { group, scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget', shortNames: ['wd'] }, versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
      })
      await session.until(crd, (reply) => status(reply).conditions?.some((condition) => condition.type === 'Established' && condition.status === 'True') === true)
      const path = `/apis/${group}/v1/namespaces/{ns}/widgets`
      await session.until(path, (reply) => reply.status === 200)
      await session.sleep(1000)
      const widget = (name: string, metadata: object = {}): object => ({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name, ...metadata }, spec: { size: 1 } })
      await session.call('create', 'POST', path, widget('a'))
      await session.call('list', 'GET', path)
      await session.call('merge patch', 'PATCH', `${path}/a`, { spec: { size: 2 } })
      await session.call('strategic patch', 'PATCH', `${path}/a`, { spec: { size: 3 } }, { headers: { 'content-type': 'application/strategic-merge-patch+json' } })
      await session.call('status', 'PATCH', `${path}/a/status`, { status: { ok: true } })
      await session.call('missing', 'GET', `${path}/none`)
      await session.call('delete', 'DELETE', `${path}/a`)
      await session.quiet('POST', path, widget('held', { finalizers: ['example.com/hold'] }))
      await session.call('held', 'DELETE', `${path}/held`)
      await session.quiet('PATCH', `${path}/held`, { metadata: { finalizers: null } })
      await session.quiet('DELETE', crd)
    },
  },
  {
    name: 'definition-with-instances',
    run: async (session) => {
      const group = `${session.namespace}.example.com`
      const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
      const crd = `${definitions}/gears.${group}`
      await session.quiet('POST', definitions, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `gears.${group}` },
        spec: { group, scope: 'Namespaced', names: { plural: 'gears', kind: 'Gear' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
      })
      const path = `/apis/${group}/v1/namespaces/{ns}/gears`
      await session.until(path, (reply) => reply.status === 200)
      const gear = (name: string, metadata: object = {}): object => ({ apiVersion: `${group}/v1`, kind: 'Gear', metadata: { name, ...metadata } })
      await session.sleep(1000)
      await session.quiet('POST', path, gear('held', { finalizers: ['example.com/hold'] }))
      await session.quiet('POST', path, gear('free'))
      const told = (label: string, reply: Reply): void => {
        const { metadata, status: of } = reply.body as { metadata: { finalizers?: readonly string[]; deletionTimestamp?: string; deletionGracePeriodSeconds?: number }; status?: { conditions?: readonly { type: string; status: string; reason: string; message: string }[] } }
        const terminating = of?.conditions?.find((condition) => condition.type === 'Terminating')
        session.record(label, { code: reply.status, finalizers: metadata.finalizers ?? [], marked: metadata.deletionTimestamp !== undefined, grace: metadata.deletionGracePeriodSeconds ?? null, terminating: terminating === undefined ? null : [terminating.status, terminating.reason, terminating.message] })
      }
      told('dry run', await session.quiet('DELETE', crd, { kind: 'DeleteOptions', apiVersion: 'v1', dryRun: ['All'] }))
      told('after the dry run', await session.quiet('GET', crd))
      told('delete', await session.quiet('DELETE', crd))
      await session.until(`${path}/free`, (reply) => reply.status === 404)
      told('while one is held', await session.quiet('GET', crd))
      await session.call('create while terminating', 'POST', path, gear('late'))
      await session.quiet('PATCH', `${path}/held`, { metadata: { finalizers: null } })
      await session.until(crd, (reply) => reply.status === 404)
      await session.until(path, (reply) => reply.status === 404)
      session.record('gone', true)
    },
  },
  {
    name: 'replication-controller',
    run: async (session) => {
      const path = '/api/v1/namespaces/{ns}/replicationcontrollers'
      await session.call('create', 'POST', path, { apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'old' }, spec: { replicas: 1, selector: { app: 'old' }, template: template('old') } })
      await session.until(`${path}/old`, (reply) => status(reply).availableReplicas === 1)
      await session.sleep(500)
      await session.call('settled', 'GET', `${path}/old`)
      const [first] = await items(session, PODS)
      session.record('owner', first?.metadata.ownerReferences)
    },
  },
  {
    name: 'statefulset-order',
    run: async (session) => {
      const probe = { readinessProbe: { exec: { command: ['sh', '-c', '[ ! -f /tmp/sick ]'] }, periodSeconds: 1, failureThreshold: 1 } }
      const spec = { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', "trap 'exit 0' TERM; if [ $HOSTNAME = db-0 ]; then sleep 4; touch /tmp/sick; fi; while :; do sleep 0.1; done"], ...probe }] }
      await session.quiet('POST', apps('statefulsets'), workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db', template: { metadata: { labels: { app: 'db' } }, spec } }))
      await session.until(`${PODS}/db-1`, isRunning)
      await session.until(`${PODS}/db-0`, (reply) => !isRunning(reply))
      await session.quiet('DELETE', `${PODS}/db-1`)
      await session.until(`${PODS}/db-1`, (reply) => reply.status === 404)
      await session.sleep(3000)
      session.record('not back while db-0 is not ready', await names(session, PODS))
      await session.quiet('PATCH', `${apps('statefulsets')}/db`, { spec: { replicas: 1 } })
      await session.quiet('DELETE', `${PODS}/db-0`)
      await session.until(`${PODS}/db-0`, isRunning)
      session.record('scaled', await names(session, PODS))
    },
  },
  {
    name: 'statefulset-claims',
    run: async (session) => {
      const volumeClaimTemplates = [{ metadata: { name: 'data' }, spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } }]
      await session.call('create', 'POST', apps('statefulsets'), workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db', podManagementPolicy: 'Parallel', volumeClaimTemplates, persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete', whenScaled: 'Delete' } }))
      await session.until(`${PODS}/db-1`, (reply) => reply.status === 200)
      await session.sleep(1500)
      const claims = '/api/v1/namespaces/{ns}/persistentvolumeclaims'
      session.record('claims', (await items(session, claims)).map(({ metadata, spec }) => ({ name: metadata.name, labels: metadata.labels, owners: metadata.ownerReferences, spec })))
      const [first] = (await items(session, PODS)) as readonly Pod[]
      session.record('volumes', first?.spec.volumes)
      session.record('pending', { phase: first?.status.phase, reason: first?.status.conditions?.find((condition) => condition.type === 'PodScheduled')?.reason })
      await session.quiet('PATCH', `${apps('statefulsets')}/db`, { spec: { replicas: 1 } })
      await session.until(`${claims}/data-db-1`, (reply) => reply.status === 404)
      await session.quiet('DELETE', `${apps('statefulsets')}/db`)
      await session.until(`${claims}/data-db-0`, (reply) => reply.status === 404)
    },
  },
  {
    name: 'rollout',
    run: async (session) => {
      await session.quiet('POST', apps('deployments'), workload('Deployment', 'web', { replicas: 3, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } } }))
      await session.until(`${apps('deployments')}/web`, (reply) => status(reply).availableReplicas === 3)
      await session.quiet('PATCH', `${apps('deployments')}/web`, { spec: { template: { metadata: { labels: { version: 'two' } } } } })
      await session.until(`${apps('deployments')}/web`, (reply) => status(reply).observedGeneration === 2 && status(reply)['updatedReplicas'] === 3 && status(reply).availableReplicas === 3 && status(reply).replicas === 3, 90)
      await session.sleep(3000)
      const sets = (await items(session, apps('replicasets'))) as readonly Workload[]
      session.record('sets', sets.map(({ metadata, spec }) => ({ revision: metadata.annotations?.['deployment.kubernetes.io/revision'], replicas: spec.replicas })).toSorted((a, b) => Number(a.revision) - Number(b.revision)))
      session.record('versions', (await items(session, PODS)).filter((one) => one.metadata.deletionTimestamp === undefined).map((one) => one.metadata.labels?.['version']))
      const settled = (await session.quiet('GET', `${apps('deployments')}/web`)).body as Workload
      session.record('settled', { revision: settled.metadata.annotations, status: { ...settled.status, terminatingReplicas: undefined } })
    },
  },
  {
    name: 'jobs',
    run: async (session) => {
      await session.quiet('POST', JOBS, workload('Job', 'indexed', { completions: 2, parallelism: 2, completionMode: 'Indexed' }, 'exit 0'))
      const done = await session.until(`${JOBS}/indexed`, (reply) => status(reply)['completionTime'] !== undefined)
      session.record('indexed', { indexes: status(done)['completedIndexes'], succeeded: status(done)['succeeded'] })
      const pods = (await items(session, `${PODS}?labelSelector=job-name%3Dindexed`)) as readonly Pod[]
      session.record('indexes', pods.map(({ metadata }) => metadata.annotations?.['batch.kubernetes.io/job-completion-index']).toSorted((a, b) => Number(a) - Number(b)))
      await session.quiet('POST', JOBS, workload('Job', 'suspended', { suspend: true }))
      await session.sleep(2500)
      session.record('suspended', { active: status(await session.quiet('GET', `${JOBS}/suspended`))['active'], pods: (await names(session, `${PODS}?labelSelector=job-name%3Dsuspended`)).length })
      await session.quiet('POST', JOBS, workload('Job', 'gone'))
      await session.until(`${JOBS}/gone`, (reply) => status(reply)['ready'] === 1)
      await session.call('delete', 'DELETE', `${JOBS}/gone`, { propagationPolicy: 'Background' })
      await session.until(`${PODS}?labelSelector=job-name%3Dgone`, (reply) => (reply.body as { items: unknown[] }).items.length === 0)
    },
  },
  {
    name: 'adoption',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('loose', { main: clean }, {}, { labels: { app: 'web' } }))
      await session.until(`${PODS}/loose`, isRunning)
      await session.quiet('POST', apps('replicasets'), workload('ReplicaSet', 'web', { replicas: 1 }))
      await session.until(`${PODS}/loose`, (reply) => (reply.body as Pod).metadata.ownerReferences !== undefined)
      session.record('adopted', { names: await names(session, PODS), owners: ((await session.quiet('GET', `${PODS}/loose`)).body as Pod).metadata.ownerReferences })
      await session.quiet('PATCH', `${PODS}/loose`, { metadata: { labels: { app: 'other' } } })
      await session.until(`${PODS}/loose`, (reply) => (reply.body as Pod).metadata.ownerReferences === undefined)
      await session.until(`${apps('replicasets')}/web`, (reply) => status(reply).availableReplicas === 1)
      session.record('released', (await names(session, PODS)).length)
      const dangling = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'none', uid: '11111111-1111-1111-1111-111111111111' }
      await session.quiet('POST', CONFIGMAPS, configMap('dangling', { ownerReferences: [dangling] }))
      await session.until(`${CONFIGMAPS}/dangling`, (reply) => reply.status === 404)
    },
  },
  {
    name: 'pod-on-missing-node',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('lost', { main: clean }, { nodeName: 'no-such-node' }))
      const watch = await session.watch(`${PODS}?watch=true&fieldSelector=metadata.name%3Dlost`)
      await session.until(`${PODS}/lost`, (reply) => reply.status === 404, 120)
      await session.sleep(300)
      watch.close()
      session.record('events', watch.events)
    },
  },
  {
    name: 'tainted-out-of-service',
    run: async (session) => {
      const node = `node-${session.namespace}`
      await session.quiet('POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name: node }, spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] } })
      await session.quiet('POST', PODS, pod('lost', { main: clean }, { nodeName: node, terminationGracePeriodSeconds: 600, tolerations: [{ operator: 'Exists' }] }))
      await session.sleep(500)
      await session.quiet('DELETE', `${PODS}/lost`)
      const gone = await session.until(`${PODS}/lost`, (reply) => reply.status === 404)
      session.record('gone', gone.status)
      await session.quiet('DELETE', `/api/v1/nodes/${node}`)
    },
  },
]
