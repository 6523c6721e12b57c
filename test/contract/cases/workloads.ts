import type { KubeObject, Pod, Workload } from '../../embedded/types.ts'
import type { Case } from '../contract.ts'
import type { Session } from '../session.ts'
import { apps, clean, configMap, CONFIGMAPS, idlePod, JOBS, pod, PODS, template, workload } from './objects.ts'
import { isRunning } from './pods.ts'

const status = (reply: { body: unknown }): Workload['status'] => (reply.body as Partial<Workload>).status ?? {}

async function evict(session: Session, label: string, name: string, deleteOptions: object = {}): Promise<void> {
  await session.call(label, 'POST', `${PODS}/${name}/eviction`, { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: session.namespace }, deleteOptions })
}

const items = async (session: Session, path: string): Promise<readonly KubeObject[]> => ((await session.quiet('GET', path)).body as { items: readonly KubeObject[] }).items

const budget = (name: string, minAvailable: number): object => ({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec: { minAvailable, selector: { matchLabels: { app: 'held' } } } })

async function revisions(session: Session): Promise<unknown> {
  const all = await items(session, apps('controllerrevisions'))
  return all.map((one) => ({ labels: one.metadata.labels, annotations: one.metadata.annotations, owners: one.metadata.ownerReferences, revision: one['revision'], data: Object.keys(one['data'] as object) }))
}

export const workloads: readonly Case[] = [
  {
    name: 'deployment',
    run: async (session) => {
      await session.call('create', 'POST', apps('deployments'), workload('Deployment', 'web', { replicas: 2 }))
      await session.until(`${apps('deployments')}/web`, (reply) => status(reply).availableReplicas === 2)
      await session.sleep(1000)
      await session.call('settled', 'GET', `${apps('deployments')}/web`)
      session.record('replica sets', await items(session, apps('replicasets')))
      const [first] = await items(session, PODS)
      session.record('owner of a pod', { owners: first?.metadata.ownerReferences, labels: first?.metadata.labels, generated: first?.metadata.generateName })
      await session.call('scale', 'GET', `${apps('deployments')}/web/scale`)
      await session.call('delete', 'DELETE', `${apps('deployments')}/web`, { propagationPolicy: 'Foreground' })
      await session.until(`${apps('deployments')}/web`, (reply) => reply.status === 404)
      session.record('left', { pods: (await items(session, PODS)).length, sets: (await items(session, apps('replicasets'))).length })
    },
  },
  {
    name: 'statefulset',
    run: async (session) => {
      await session.call('create', 'POST', apps('statefulsets'), workload('StatefulSet', 'db', { replicas: 2, serviceName: 'db' }))
      await session.until(`${apps('statefulsets')}/db`, (reply) => status(reply).availableReplicas === 2)
      await session.sleep(1000)
      await session.call('settled', 'GET', `${apps('statefulsets')}/db`)
      session.record('revisions', await revisions(session))
      const member = (await session.quiet('GET', `${PODS}/db-1`)).body as Pod
      session.record('member', { owners: member.metadata.ownerReferences, labels: member.metadata.labels, hostname: member.spec.hostname, subdomain: member.spec.subdomain })
      await session.quiet('DELETE', `${PODS}/db-1`)
      await session.until(`${PODS}/db-1`, (reply) => reply.status === 200 && (reply.body as Pod).metadata.uid !== member.metadata.uid && isRunning(reply))
      session.record('back', (await items(session, PODS)).map((one) => one.metadata.name))
    },
  },
  {
    name: 'daemonset',
    run: async (session) => {
      await session.call('create', 'POST', apps('daemonsets'), workload('DaemonSet', 'agent'))
      await session.until(`${apps('daemonsets')}/agent`, (reply) => status(reply)['numberAvailable'] === 1)
      await session.sleep(1000)
      await session.call('settled', 'GET', `${apps('daemonsets')}/agent`)
      session.record('revisions', await revisions(session))
      const [first] = (await items(session, PODS)) as readonly Pod[]
      session.record('pod', { owners: first?.metadata.ownerReferences, labels: first?.metadata.labels, affinity: first?.spec['affinity'], tolerations: first?.spec.tolerations })
    },
  },
  {
    name: 'job',
    run: async (session) => {
      await session.call('create', 'POST', JOBS, workload('Job', 'good', {}, 'exit 0'))
      await session.until(`${JOBS}/good`, (reply) => status(reply)['completionTime'] !== undefined)
      await session.sleep(500)
      await session.call('complete', 'GET', `${JOBS}/good`)
      await session.quiet('POST', JOBS, workload('Job', 'bad', { backoffLimit: 0 }, 'exit 3'))
      await session.until(`${JOBS}/bad`, (reply) => status(reply).conditions?.some((condition) => condition.type === 'Failed') === true)
      await session.sleep(500)
      session.record('failed', status(await session.quiet('GET', `${JOBS}/bad`)))
      await session.quiet('POST', JOBS, workload('Job', 'long', { template: template('long', "trap 'sleep 3; exit 0' TERM; while :; do sleep 0.1; done", { restartPolicy: 'Never', terminationGracePeriodSeconds: 20 }) }))
      const find = async (): Promise<readonly Pod[]> => (await items(session, `${PODS}?labelSelector=job-name%3Dlong`)) as readonly Pod[]
      await session.until(`${JOBS}/long`, (reply) => status(reply)['ready'] === 1)
      const [first] = await find()
      session.record('pod of a job', { finalizers: first?.metadata.finalizers, labels: first?.metadata.labels, owners: first?.metadata.ownerReferences })
      await session.quiet('DELETE', `${PODS}/${first?.metadata.name ?? ''}`)
      await session.until(`${JOBS}/long`, (reply) => status(reply)['failed'] === 1 && status(reply)['ready'] === 1 && status(reply)['terminating'] === 0)
      await session.sleep(500)
      session.record('after a deletion', status(await session.quiet('GET', `${JOBS}/long`)))
    },
  },
  {
    name: 'owners',
    run: async (session) => {
      const owner = (await session.quiet('POST', CONFIGMAPS, configMap('owner'))).body as KubeObject
      const reference = { apiVersion: 'v1', kind: 'ConfigMap', name: 'owner', uid: owner.metadata.uid, blockOwnerDeletion: true }
      await session.quiet('POST', CONFIGMAPS, configMap('child', { ownerReferences: [reference], finalizers: ['example.com/hold'] }))
      const watch = await session.watch(`${CONFIGMAPS}?watch=true&fieldSelector=metadata.name%3Downer`)
      await session.sleep(1000)
      await session.call('foreground', 'DELETE', `${CONFIGMAPS}/owner`, { propagationPolicy: 'Foreground' })
      await session.until(`${CONFIGMAPS}/child`, (reply) => (reply.body as KubeObject).metadata.deletionTimestamp !== undefined)
      await session.call('owner waits', 'GET', `${CONFIGMAPS}/owner`)
      await session.quiet('PATCH', `${CONFIGMAPS}/child`, { metadata: { finalizers: null } })
      await session.until(`${CONFIGMAPS}/owner`, (reply) => reply.status === 404)
      await session.sleep(300)
      watch.close()
      session.record('events of the owner', watch.events)
      const second = (await session.quiet('POST', CONFIGMAPS, configMap('second'))).body as KubeObject
      await session.quiet('POST', CONFIGMAPS, configMap('kept', { ownerReferences: [{ ...reference, name: 'second', uid: second.metadata.uid }] }))
      await session.sleep(1000)
      await session.call('orphan', 'DELETE', `${CONFIGMAPS}/second`, { propagationPolicy: 'Orphan' })
      await session.until(`${CONFIGMAPS}/second`, (reply) => reply.status === 404)
      await session.call('kept', 'GET', `${CONFIGMAPS}/kept`)
      const third = (await session.quiet('POST', CONFIGMAPS, configMap('third'))).body as KubeObject
      await session.quiet('POST', CONFIGMAPS, configMap('dropped', { ownerReferences: [{ ...reference, name: 'third', uid: third.metadata.uid }] }))
      await session.sleep(1000)
      await session.call('background', 'DELETE', `${CONFIGMAPS}/third`)
      await session.until(`${CONFIGMAPS}/dropped`, (reply) => reply.status === 404)
    },
  },
  {
    name: 'eviction',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('free'))
      await session.quiet('POST', PODS, pod('held', { main: "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done" }))
      await session.quiet('POST', PODS, idlePod('pending', { labels: { app: 'held' } }))
      await session.until(`${PODS}/held`, isRunning)
      await session.until(`${PODS}/free`, isRunning)
      const budgets = '/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets'
      await session.quiet('POST', budgets, budget('pdb', 1))
      await session.until(`${budgets}/pdb`, (reply) => status(reply)['currentHealthy'] === 1 && status(reply)['expectedPods'] === 2)
      await session.call('budget', 'GET', `${budgets}/pdb`)
      await evict(session, 'refused', 'held')
      await evict(session, 'refused dry', 'held', { dryRun: ['All'] })
      await evict(session, 'pending', 'pending')
      await evict(session, 'missing', 'none')
      await evict(session, 'free, dry', 'free', { dryRun: ['All'] })
      await evict(session, 'free, other uid', 'free', { preconditions: { uid: '11111111-1111-1111-1111-111111111111' } })
      await evict(session, 'free', 'free')
      const evicted = (await session.quiet('GET', `${PODS}/free`)).body as Pod
      session.record('condition', evicted.status.conditions?.filter((condition) => condition.type === 'DisruptionTarget'))
      await session.quiet('POST', budgets, budget('second', 0))
      await session.sleep(1000)
      await evict(session, 'two budgets', 'held')
      await session.quiet('DELETE', `${budgets}/second`)
      await session.quiet('PATCH', `${budgets}/pdb`, { spec: { minAvailable: 0 } })
      await session.until(`${budgets}/pdb`, (reply) => status(reply)['disruptionsAllowed'] === 1)
      await evict(session, 'allowed', 'held')
      // The controller may have seen the eviction by now, or not.
      const { disruptedPods: _seenOrNot, currentHealthy: _counted, ...after } = status(await session.quiet('GET', `${budgets}/pdb`))
      session.record('budget after', after)
      await evict(session, 'again', 'held')
    },
  },
  {
    name: 'endpoints',
    run: async (session) => {
      await session.quiet('POST', '/api/v1/namespaces/{ns}/services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
      await session.quiet('POST', PODS, pod('web', { main: "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done" }, { terminationGracePeriodSeconds: 5 }))
      await session.until(`${PODS}/web`, isRunning)
      const slices = '/apis/discovery.k8s.io/v1/namespaces/{ns}/endpointslices'
      interface Slice extends KubeObject {
        endpoints: { conditions: object; targetRef: object; nodeName: string }[] | null
        ports: object[]
      }
      const ready = (reply: { body: unknown }): boolean => (reply.body as { items: Slice[] }).items.some((slice) => (slice.endpoints ?? []).some((endpoint) => (endpoint.conditions as { ready: boolean }).ready))
      await session.until(slices, ready)
      const [slice] = (await items(session, slices)) as readonly Slice[]
      session.record('slice', { labels: slice?.metadata.labels, owners: slice?.metadata.ownerReferences, type: slice?.['addressType'], endpoints: slice?.endpoints?.map(({ conditions, targetRef, nodeName }) => ({ conditions, targetRef, nodeName })), ports: slice?.ports })
      const watch = await session.watch(`${slices}?watch=true&resourceVersion=0`)
      await session.quiet('DELETE', `${PODS}/web`)
      await session.until(`${PODS}/web`, (reply) => reply.status === 404)
      await session.sleep(1500)
      watch.close()
      const seen = (watch.events as readonly { type: string; object: Slice }[]).map(({ type, object }) => `${type} ${JSON.stringify((object.endpoints ?? []).map((endpoint) => endpoint.conditions))}`)
      session.record('events', seen.filter((line, index) => line !== seen[index - 1]))
    },
  },
  {
    name: 'claims',
    run: async (session) => {
      const claims = '/api/v1/namespaces/{ns}/persistentvolumeclaims'
      const volume = `pv-${session.namespace}`
      await session.call('volume', 'POST', '/api/v1/persistentvolumes', { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume }, spec: { storageClassName: volume, capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/tmp' } } })
      await session.quiet('POST', claims, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { storageClassName: volume, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } })
      await session.until(`${claims}/data`, (reply) => status(reply)['phase'] === 'Bound')
      await session.call('bound', 'GET', `${claims}/data`)
      await session.call('bound volume', 'GET', `/api/v1/persistentvolumes/${volume}`)
      await session.quiet('POST', PODS, pod('user', { main: clean }, { volumes: [{ name: 'd', persistentVolumeClaim: { claimName: 'data' } }] }))
      await session.until(`${PODS}/user`, isRunning)
      await session.call('delete', 'DELETE', `${claims}/data`)
      await session.sleep(1000)
      await session.call('held by the pod', 'GET', `${claims}/data`)
      await session.quiet('DELETE', `${PODS}/user`)
      await session.until(`${claims}/data`, (reply) => reply.status === 404)
      await session.until(`/api/v1/persistentvolumes/${volume}`, (reply) => status(reply)['phase'] === 'Released')
      await session.call('delete volume', 'DELETE', `/api/v1/persistentvolumes/${volume}`)
      await session.until(`/api/v1/persistentvolumes/${volume}`, (reply) => reply.status === 404)
    },
  },
  {
    name: 'namespace',
    run: async (session) => {
      const name = `${session.namespace}-x`
      const path = `/api/v1/namespaces/${name}`
      await session.call('create', 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      await session.until(`${path}/serviceaccounts/default`, (reply) => reply.status === 200)
      await session.quiet('POST', `${path}/configmaps`, configMap('held', { finalizers: ['example.com/hold'] }))
      await session.call('protected', 'DELETE', '/api/v1/namespaces/default')
      await session.call('dry run', 'DELETE', path, { dryRun: ['All'] })
      await session.call('delete', 'DELETE', path)
      await session.until(path, (reply) => status(reply).conditions?.some((condition) => condition.type === 'NamespaceFinalizersRemaining' && condition.status === 'True') === true)
      await session.sleep(2000)
      session.record('conditions', status(await session.quiet('GET', path)))
      await session.call('too late', 'POST', `${path}/configmaps`, configMap('late'))
      await session.call('again', 'DELETE', path, { dryRun: ['All'] })
      await session.quiet('PATCH', `${path}/configmaps/held`, { metadata: { finalizers: null } })
      await session.until(path, (reply) => reply.status === 404)
    },
  },
]
