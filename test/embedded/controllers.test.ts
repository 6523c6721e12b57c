import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drivenClock } from './clock.ts'
import { startEmbedded, type EmbeddedOptions } from './embedded.ts'
import { inProcess } from './in-process.ts'
import type { KubeObject, NewObject, Pod, Workload } from './types.ts'

const loop = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
const template = (app: string, script = loop, spec: object = {}): object => ({
  metadata: { labels: { app } },
  spec: { containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sh', '-c', script] }], ...spec },
})
const paths: Readonly<Record<string, string>> = {
  Pod: '/api/v1/namespaces/default/pods',
  Service: '/api/v1/namespaces/default/services',
  PersistentVolumeClaim: '/api/v1/namespaces/default/persistentvolumeclaims',
  PersistentVolume: '/api/v1/persistentvolumes',
  ConfigMap: '/api/v1/namespaces/default/configmaps',
  Namespace: '/api/v1/namespaces',
  Deployment: '/apis/apps/v1/namespaces/default/deployments',
  ReplicaSet: '/apis/apps/v1/namespaces/default/replicasets',
  StatefulSet: '/apis/apps/v1/namespaces/default/statefulsets',
  DaemonSet: '/apis/apps/v1/namespaces/default/daemonsets',
  Job: '/apis/batch/v1/namespaces/default/jobs',
  PodDisruptionBudget: '/apis/policy/v1/namespaces/default/poddisruptionbudgets',
  EndpointSlice: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
}

const path = (kind: string, name = ''): string => `${paths[kind] ?? ''}${name === '' ? '' : `/${name}`}`

async function rig(options: EmbeddedOptions = {}) {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1, ...options })
  const request = inProcess(cluster)
  return {
    clock,
    cluster,
    request,
    create: async (object: NewObject): Promise<void> => {
      const answer = await request('POST', path(object.kind), object)
      assert.equal(answer.status, 201, JSON.stringify(answer.body))
    },
    get: async <T = KubeObject>(kind: string, name: string): Promise<T | undefined> => {
      const answer = await request('GET', path(kind, name))
      return answer.status === 404 ? undefined : (answer.body as T)
    },
    list: async <T = KubeObject>(kind: string, query = ''): Promise<T[]> => ((await request('GET', `${path(kind)}${query}`)).body as { items: T[] }).items,
    remove: async (kind: string, name: string, body: object = {}) => await request('DELETE', path(kind, name), body),
  }
}

const workload = (kind: string, name: string, spec: object, script = loop): NewObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name },
  spec: { ...(kind === 'Job' ? {} : { selector: { matchLabels: { app: name } } }), template: template(name, script, kind === 'Job' ? { restartPolicy: 'Never' } : {}), ...spec },
})

const names = (objects: readonly KubeObject[]): string[] => objects.map((object) => object.metadata.name)
const running = (pods: readonly Pod[]): Pod[] => pods.filter((pod) => pod.metadata.deletionTimestamp === undefined && pod.status.phase === 'Running')

test('a Deployment replaces a deleted pod at once and rolls to a new template', async () => {
  const { clock, cluster, request, create, list, get, remove } = await rig()
  await create(workload('Deployment', 'web', { replicas: 3 }))
  await clock.advance(1000)
  const before = await list<Pod>('Pod')
  assert.equal(running(before).length, 3)
  await remove('Pod', before[0]?.metadata.name ?? '')
  await clock.advance(1000)
  assert.equal(running(await list<Pod>('Pod')).length, 3)
  await request('PATCH', `${paths['Deployment'] ?? ''}/web`, { spec: { template: { metadata: { labels: { version: '2' } } } } })
  await clock.advance(10_000)
  const after = await list<Pod>('Pod')
  assert.deepEqual(after.map((pod) => pod.metadata.labels?.['version']), ['2', '2', '2'])
  assert.equal((await get<Workload>('Deployment', 'web'))?.status.availableReplicas, 3)
  await remove('Deployment', 'web', { propagationPolicy: 'Background' })
  await clock.advance(10_000)
  assert.deepEqual([...(await list('ReplicaSet')), ...(await list('Pod'))], [])
  await cluster.stop()
})

test('foreground deletion keeps the owner until its blocking dependents are gone, and orphaning leaves them', async () => {
  const { clock, cluster, create, list, get, remove } = await rig()
  await create(workload('ReplicaSet', 'a', { replicas: 2 }, "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"))
  await create(workload('ReplicaSet', 'b', { replicas: 2 }))
  await clock.advance(1000)
  await remove('ReplicaSet', 'a', { propagationPolicy: 'Foreground' })
  await clock.advance(50)
  assert.deepEqual((await get('ReplicaSet', 'a'))?.metadata.finalizers, ['foregroundDeletion'])
  await clock.advance(5000)
  assert.equal(await get('ReplicaSet', 'a'), undefined)
  await remove('ReplicaSet', 'b', { propagationPolicy: 'Orphan' })
  await clock.advance(5000)
  assert.equal(await get('ReplicaSet', 'b'), undefined)
  const left = await list('Pod')
  assert.equal(left.length, 2)
  assert.ok(left.every((pod) => pod.metadata.ownerReferences === undefined))
  await cluster.stop()
})

test('a StatefulSet brings a deleted member back under its name, and not while a lower one is not ready', async () => {
  const { clock, cluster, request, create, list, get, remove } = await rig()
  await create(workload('StatefulSet', 'db', { replicas: 3, serviceName: 'db' }))
  await clock.advance(2000)
  assert.deepEqual(names(await list('Pod')), ['db-0', 'db-1', 'db-2'])
  const uid = (await get('Pod', 'db-1'))?.metadata.uid
  await remove('Pod', 'db-1')
  await clock.advance(2000)
  assert.notEqual((await get('Pod', 'db-1'))?.metadata.uid, uid)
  await request('PATCH', `${paths['Pod'] ?? ''}/db-0/status`, { status: { conditions: [{ type: 'Ready', status: 'False' }] } })
  await remove('Pod', 'db-2')
  await clock.advance(3000)
  assert.equal(await get('Pod', 'db-2'), undefined)
  await cluster.stop()
})

test('a DaemonSet has one pod on each node and brings it back to the same node', async () => {
  const { clock, cluster, create, list, remove } = await rig({ nodes: ['node-1', 'node-2'] })
  await create(workload('DaemonSet', 'agent', {}))
  await clock.advance(1000)
  const pods = await list<Pod>('Pod')
  assert.deepEqual(pods.map((pod) => pod.spec.nodeName ?? '').toSorted((a, b) => a.localeCompare(b)), ['node-1', 'node-2'])
  const [first] = pods
  await remove('Pod', first?.metadata.name ?? '')
  await clock.advance(1000)
  assert.deepEqual(running(await list<Pod>('Pod')).map((pod) => pod.spec.nodeName ?? '').toSorted((a, b) => a.localeCompare(b)), ['node-1', 'node-2'])
  await cluster.stop()
})

test('a Job counts its pods by their finalizer, and a deleted one as failed and replaced at once', async () => {
  const { clock, cluster, create, list, get, remove } = await rig()
  await create(workload('Job', 'good', { completions: 2, parallelism: 1 }, 'sleep 1; exit 0'))
  await clock.advance(5000)
  assert.deepEqual((await get<Workload>('Job', 'good'))?.status.conditions?.map((condition) => condition.type), ['SuccessCriteriaMet', 'Complete'])
  await create(workload('Job', 'long', {}, loop))
  await clock.advance(1000)
  const [pod] = await list<Pod>('Pod', '?labelSelector=app=long')
  assert.deepEqual(pod?.metadata.finalizers, ['batch.kubernetes.io/job-tracking'])
  await remove('Pod', pod.metadata.name)
  await clock.advance(2000)
  const after = await list<Pod>('Pod', '?labelSelector=app=long')
  assert.equal(after.length, 1)
  assert.notEqual(after[0]?.metadata.name, pod.metadata.name)
  assert.equal((await get<Workload>('Job', 'long'))?.status['failed'], 1)
  await create(workload('Job', 'bad', { backoffLimit: 0 }, 'exit 3'))
  await clock.advance(5000)
  assert.deepEqual((await get<Workload>('Job', 'bad'))?.status.conditions?.map((condition) => condition.type), ['FailureTarget', 'Failed'])
  await cluster.stop()
})

test('an eviction asks the budget and is refused with 429 until it allows one', async () => {
  const { clock, cluster, request, create, list } = await rig()
  await create(workload('Deployment', 'web', { replicas: 2 }))
  await create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'pdb' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } })
  await clock.advance(1000)
  const evict = async (name: string) => await request('POST', `${paths['Pod'] ?? ''}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name } })
  const [pod] = await list('Pod')
  const refused = await evict(pod?.metadata.name ?? '')
  assert.equal(refused.status, 429)
  assert.deepEqual((refused.body as { details: object }).details, { causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget pdb needs 2 healthy pods and has 2 currently' }] })
  await request('PATCH', `${paths['PodDisruptionBudget'] ?? ''}/pdb`, { spec: { minAvailable: 1 } })
  await clock.advance(1000)
  assert.equal((await evict(pod?.metadata.name ?? '')).status, 201)
  await cluster.stop()
})

test('an endpoint stays while its pod terminates, without being ready, and goes with it', async () => {
  const { clock, cluster, create, list, remove } = await rig()
  await create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
  await create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', labels: { app: 'web' } }, spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sleep', '60'] }] } })
  await clock.advance(1000)
  const conditions = async () => (await list('EndpointSlice')).flatMap((slice) => (slice['endpoints'] as { conditions: object }[]).map((endpoint) => endpoint.conditions))
  assert.deepEqual(await conditions(), [{ ready: true, serving: true, terminating: false }])
  await remove('Pod', 'web')
  await clock.advance(1000)
  assert.deepEqual(await conditions(), [{ ready: false, serving: true, terminating: true }])
  await clock.advance(6000)
  assert.deepEqual(await conditions(), [])
  await cluster.stop()
})

test('a claim that a pod uses waits for that pod', async () => {
  const { clock, cluster, create, get, remove } = await rig()
  await create({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'pv' }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp/pv' } } })
  await create({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { storageClassName: '', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } })
  await create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'user' }, spec: { containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sh', '-c', loop] }], volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] } })
  await clock.advance(1000)
  assert.equal((await get<Pod>('Pod', 'user'))?.status.phase, 'Running')
  await remove('PersistentVolumeClaim', 'data')
  await clock.advance(1000)
  assert.ok((await get('PersistentVolumeClaim', 'data'))?.metadata.deletionTimestamp)
  await remove('Pod', 'user')
  await clock.advance(2000)
  assert.equal(await get('PersistentVolumeClaim', 'data'), undefined)
  assert.equal((await get<Pod>('PersistentVolume', 'pv'))?.status.phase, 'Released')
  await cluster.stop()
})

test('a namespace is emptied before it goes, and says what holds it', async () => {
  const { clock, cluster, request, create, get, remove } = await rig()
  await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } })
  await clock.advance(100)
  await request('POST', '/api/v1/namespaces/shop/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: ['example.com/hold'] } })
  await remove('Namespace', 'shop')
  await clock.advance(1000)
  const held = await get<Workload>('Namespace', 'shop')
  assert.equal(held?.status['phase'], 'Terminating')
  assert.equal(held.status.conditions?.find((condition) => condition.type === 'NamespaceContentRemaining')?.message, 'Some resources are remaining: configmaps. has 1 resource instances')
  const late = await request('POST', '/api/v1/namespaces/shop/configmaps', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } })
  assert.equal(late.status, 403)
  await request('PATCH', '/api/v1/namespaces/shop/configmaps/held', { metadata: { finalizers: null } })
  await clock.advance(1000)
  assert.equal(await get('Namespace', 'shop'), undefined)
  await cluster.stop()
})

test('a frozen node turns Unknown and keeps its terminating pods until it is thawed', async () => {
  const { clock, cluster, request, create, get, remove } = await rig()
  await create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sh', '-c', loop] }] } })
  await clock.advance(1000)
  cluster.freezeNode('node-1')
  await clock.advance(5000)
  const node = (await request('GET', '/api/v1/nodes/node-1')).body as Workload
  assert.equal(node.status.conditions?.find((condition) => condition.type === 'Ready')?.status, 'Unknown')
  await remove('Pod', 'web')
  await clock.advance(60_000)
  assert.ok((await get('Pod', 'web'))?.metadata.deletionTimestamp)
  cluster.thawNode('node-1')
  await clock.advance(5000)
  assert.equal(await get('Pod', 'web'), undefined)
  await cluster.stop()
})

test('pods of a node that is gone are failed and removed', async () => {
  const { clock, cluster, create, get } = await rig({ nodes: ['node-1'] })
  await create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: { containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sh', '-c', loop] }] } })
  await clock.advance(1000)
  cluster.removeNode('node-1')
  await clock.advance(5000)
  assert.equal(await get('Pod', 'web'), undefined)
  await cluster.stop()
})
