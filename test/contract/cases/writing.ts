import type { Case } from '../contract.ts'
import { configMap, CONFIGMAPS, idlePod, pod, PODS } from './objects.ts'
import { isRunning } from './pods.ts'

const options = (more: object): object => ({ kind: 'DeleteOptions', apiVersion: 'v1', ...more })

/** The grace that an answer shows, and the seconds that are left, to the next ten. */
const shown = (reply: { status: number; body: unknown }): unknown => {
  const { metadata } = reply.body as { metadata?: { deletionTimestamp?: string; deletionGracePeriodSeconds?: number } }
  const left = metadata?.deletionTimestamp === undefined ? undefined : Math.round((Date.parse(metadata.deletionTimestamp) - Date.now()) / 10_000) * 10
  return { code: reply.status, grace: metadata?.deletionGracePeriodSeconds, left }
}

export const writing: readonly Case[] = [
  {
    name: 'create',
    run: async (session) => {
      await session.call('pod', 'POST', PODS, pod('web', { main: 'sleep 3600', second: 'sleep 1' }, { schedulerName: 'nobody' }))
      await session.call('again', 'POST', PODS, idlePod('web'))
      await session.call('dry run', 'POST', `${PODS}?dryRun=All`, idlePod('dry'))
      await session.call('after the dry run', 'GET', `${PODS}/dry`)
      await session.call('dry run of nonsense', 'POST', `${PODS}?dryRun=nonsense`, idlePod('dry'))
      await session.call('bad name', 'POST', CONFIGMAPS, configMap('Bad_Name'))
      await session.call('no name', 'POST', CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} })
      await session.call('generated name', 'POST', CONFIGMAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'gen-' } })
      await session.call('with a version', 'POST', CONFIGMAPS, configMap('versioned', { resourceVersion: '5' }))
      await session.call('other namespace', 'POST', CONFIGMAPS, configMap('elsewhere', { namespace: 'default' }))
      await session.call('no such namespace', 'POST', '/api/v1/namespaces/none-such/configmaps', configMap('a'))
      await session.call('no containers', 'POST', PODS, { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'empty' }, spec: { containers: [] } })
      await session.call('service', 'POST', '/api/v1/namespaces/{ns}/services', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } })
      await session.call('claim', 'POST', '/api/v1/namespaces/{ns}/persistentvolumeclaims', { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { storageClassName: 'none', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } })
      await session.call('secret', 'POST', '/api/v1/namespaces/{ns}/secrets', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'token' }, stringData: { a: 'b' } })
      await session.call('budget', 'POST', '/apis/policy/v1/namespaces/{ns}/poddisruptionbudgets', { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'pdb' }, spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } } })
    },
  },
  {
    name: 'update',
    run: async (session) => {
      const created = await session.quiet('POST', CONFIGMAPS, configMap('a', { finalizers: ['example.com/hold'] }))
      const object = created.body as { metadata: Record<string, unknown>; data: Record<string, string> }
      await session.call('put', 'PUT', `${CONFIGMAPS}/a`, { ...object, data: { key: 'new' } })
      await session.call('put of an old version', 'PUT', `${CONFIGMAPS}/a`, { ...object, data: { key: 'newer' } })
      await session.call('put with another uid', 'PUT', `${CONFIGMAPS}/a`, { ...object, metadata: { ...object.metadata, resourceVersion: undefined, uid: '11111111-1111-1111-1111-111111111111' } })
      await session.call('merge patch', 'PATCH', `${CONFIGMAPS}/a`, { data: { more: 'x', key: null } })
      await session.call('json patch', 'PATCH', `${CONFIGMAPS}/a`, [{ op: 'add', path: '/data/third', value: 'y' }, { op: 'test', path: '/data/more', value: 'x' }], { headers: { 'content-type': 'application/json-patch+json' } })
      await session.call('json patch that fails', 'PATCH', `${CONFIGMAPS}/a`, [{ op: 'test', path: '/data/more', value: 'z' }], { headers: { 'content-type': 'application/json-patch+json' } })
      await session.call('strategic patch', 'PATCH', `${CONFIGMAPS}/a`, { metadata: { finalizers: ['example.com/second'] } }, { headers: { 'content-type': 'application/strategic-merge-patch+json' } })
      await session.call('strategic patch that removes', 'PATCH', `${CONFIGMAPS}/a`, { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/hold'] } }, { headers: { 'content-type': 'application/strategic-merge-patch+json' } })
      await session.call('patch with an old version', 'PATCH', `${CONFIGMAPS}/a`, { metadata: { resourceVersion: '1' } })
      await session.call('patch of an unknown type', 'PATCH', `${CONFIGMAPS}/a`, {}, { headers: { 'content-type': 'application/nonsense' } })
      await session.call('dry run', 'PATCH', `${CONFIGMAPS}/a?dryRun=All`, { data: { key: 'dry' } })
      await session.call('after the dry run', 'GET', `${CONFIGMAPS}/a`)
      await session.quiet('POST', PODS, idlePod('web'))
      await session.call('status by strategic patch', 'PATCH', `${PODS}/web/status`, { status: { conditions: [{ type: 'example.com/Own', status: 'True' }] } }, { headers: { 'content-type': 'application/strategic-merge-patch+json' } })
      await session.call('pod labels', 'PATCH', `${PODS}/web`, { metadata: { labels: { x: 'y' } } })
      await session.quiet('PATCH', `${CONFIGMAPS}/a`, { metadata: { finalizers: null } })
    },
  },
  {
    name: 'delete-plain',
    run: async (session) => {
      const create = async (name: string, metadata: object = {}): Promise<{ uid: string; resourceVersion: string }> => {
        const reply = await session.quiet('POST', CONFIGMAPS, configMap(name, metadata))
        return (reply.body as { metadata: { uid: string; resourceVersion: string } }).metadata
      }
      await create('a')
      await session.call('status', 'DELETE', `${CONFIGMAPS}/a`)
      const b = await create('b')
      const path = `${CONFIGMAPS}/b`
      await session.call('other uid', 'DELETE', path, options({ preconditions: { uid: '11111111-1111-1111-1111-111111111111' } }))
      await session.call('other version', 'DELETE', path, options({ preconditions: { resourceVersion: '1' } }))
      await session.call('dry run', 'DELETE', path, options({ dryRun: ['All'] }))
      await session.call('dry run in the query', 'DELETE', `${path}?dryRun=All`)
      await session.call('dry run of nonsense', 'DELETE', path, options({ dryRun: ['nonsense'] }))
      await session.call('orphan twice', 'DELETE', path, options({ orphanDependents: true, propagationPolicy: 'Orphan' }))
      await session.call('unknown policy', 'DELETE', path, options({ propagationPolicy: 'Nonsense' }))
      await session.call('still there', 'GET', path)
      await session.call('query beside a body is ignored', 'DELETE', `${path}?dryRun=All`, options({ preconditions: { uid: b.uid } }))
      await session.call('gone', 'GET', path)
      await create('held', { finalizers: ['example.com/hold'] })
      const watch = await session.watch(`${CONFIGMAPS}?watch=true&fieldSelector=metadata.name%3Dheld`)
      await session.call('held', 'DELETE', `${CONFIGMAPS}/held`)
      await session.call('held again', 'DELETE', `${CONFIGMAPS}/held`)
      await session.call('new finalizer', 'PATCH', `${CONFIGMAPS}/held`, { metadata: { finalizers: ['example.com/hold', 'example.com/new'] } })
      await session.call('last finalizer', 'PATCH', `${CONFIGMAPS}/held`, { metadata: { finalizers: null } })
      await session.sleep(500)
      session.record('events', watch.events)
      watch.close()
      await create('c', { labels: { on: 'yes' } })
      await create('d', { labels: { on: 'yes' } })
      await session.call('collection', 'DELETE', `${CONFIGMAPS}?labelSelector=on%3Dyes`)
      await session.quiet('POST', '/apis/apps/v1/namespaces/{ns}/controllerrevisions', { apiVersion: 'apps/v1', kind: 'ControllerRevision', metadata: { name: 'r' }, revision: 1, data: {} })
      await session.call('in a group', 'DELETE', '/apis/apps/v1/namespaces/{ns}/controllerrevisions/r')
      for (const [plural, object] of [
        ['services', { kind: 'Service', spec: { ports: [{ port: 80 }] } }],
        ['serviceaccounts', { kind: 'ServiceAccount' }],
        ['secrets', { kind: 'Secret' }],
        ['podtemplates', { kind: 'PodTemplate', template: { spec: { containers: [{ name: 'c', image: 'localhost/busybox:1' }] } } }],
        ['resourcequotas', { kind: 'ResourceQuota', spec: {} }],
        ['limitranges', { kind: 'LimitRange', spec: { limits: [] } }],
      ] as const) {
        await session.quiet('POST', `/api/v1/namespaces/{ns}/${plural}`, { apiVersion: 'v1', metadata: { name: 'x' }, ...object })
        const reply = await session.quiet('DELETE', `/api/v1/namespaces/{ns}/${plural}/x`)
        session.record(`kind of the answer for ${plural}`, { code: reply.status, kind: (reply.body as { kind: string }).kind })
      }
    },
  },
  {
    name: 'delete-unscheduled-pod',
    run: async (session) => {
      await session.quiet('POST', PODS, idlePod('a'))
      const watch = await session.watch(`${PODS}?watch=true`)
      await session.call('delete', 'DELETE', `${PODS}/a`)
      await session.call('gone', 'GET', `${PODS}/a`)
      await session.quiet('POST', PODS, idlePod('held', { finalizers: ['example.com/hold'] }))
      await session.call('held', 'DELETE', `${PODS}/held`)
      await session.call('held again', 'DELETE', `${PODS}/held`, options({ gracePeriodSeconds: 5 }))
      await session.call('free', 'PATCH', `${PODS}/held`, { metadata: { finalizers: null } })
      await session.sleep(500)
      session.record('events', watch.events)
      watch.close()
    },
  },
  {
    name: 'delete-grace',
    run: async (session) => {
      const a = `${PODS}/a`
      await session.quiet('POST', PODS, pod('a', { main: "trap 'sleep 4; exit 0' TERM; while :; do sleep 0.1; done" }, { terminationGracePeriodSeconds: 300 }))
      await session.until(a, isRunning)
      session.record('own grace, dry run', shown(await session.quiet('DELETE', a, options({ dryRun: ['All'] }))))
      session.record('given grace, dry run', shown(await session.quiet('DELETE', a, options({ dryRun: ['All'], gracePeriodSeconds: 60 }))))
      session.record('negative grace, dry run', shown(await session.quiet('DELETE', a, options({ dryRun: ['All'], gracePeriodSeconds: -5 }))))
      session.record('zero grace, dry run', shown(await session.quiet('DELETE', a, options({ dryRun: ['All'], gracePeriodSeconds: 0 }))))
      session.record('zero grace in the query beside a body', shown(await session.quiet('DELETE', `${a}?gracePeriodSeconds=0`, options({ dryRun: ['All'] }))))
      session.record('grace in the query', shown(await session.quiet('DELETE', `${a}?gracePeriodSeconds=60&dryRun=All`)))
      await session.quiet('PATCH', a, { metadata: { finalizers: ['example.com/hold'] } })
      // the process is slow to end, so that what the API does can be seen
      session.record('own grace', shown(await session.quiet('DELETE', a)))
      session.record('a longer one', shown(await session.quiet('DELETE', a, options({ gracePeriodSeconds: 400 }))))
      session.record('a shorter one', shown(await session.quiet('DELETE', a, options({ gracePeriodSeconds: 100 }))))
      session.record('none', shown(await session.quiet('DELETE', a)))
      session.record('zero with a finalizer', shown(await session.quiet('DELETE', a, options({ gracePeriodSeconds: 0 }))))
      session.record('zero again', shown(await session.quiet('DELETE', a, options({ gracePeriodSeconds: 0 }))))
      await session.quiet('PATCH', a, { metadata: { finalizers: null } })
    },
  },
]
