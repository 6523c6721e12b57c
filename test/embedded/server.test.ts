import assert from 'node:assert/strict'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'node:test'
import { Target } from '../contract/session.ts'
import { drivenClock } from './clock.ts'
import { startEmbedded } from './embedded.ts'
import { collect, inProcess } from './in-process.ts'
import type { KubeObject, Pod } from './types.ts'

const loop = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
const pod = (name: string, script = loop, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 2, containers: [{ name: 'main', image: 'localhost/busybox:1', command: ['sh', '-c', script] }], ...spec },
})
const PODS = '/api/v1/namespaces/default/pods'
const CONFIGMAPS = '/api/v1/namespaces/default/configmaps'
const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

test('a cluster starts in well under a second and serves HTTPS with a certificate that its kubeconfig trusts', async (t) => {
  const before = performance.now()
  const cluster = await startEmbedded()
  t.after(async () => await cluster.stop())
  const target = new Target(cluster.kubeconfig)
  const version = await target.call('GET', '/version')
  assert.ok(performance.now() - before < 2000)
  assert.equal((version.body as { gitVersion: string }).gitVersion, 'v1.36.3')
  target.close()
})

test('a killed API server drops its connections and refuses new ones, and comes back on its port with all data while containers run on', async (t) => {
  const cluster = await startEmbedded()
  t.after(async () => await cluster.stop())
  const target = new Target(cluster.kubeconfig)
  const held = { ...pod('web', "trap 'sleep 1; exit 7' TERM; while :; do sleep 0.1; done"), metadata: { name: 'web', finalizers: ['example.com/hold'] } }
  await target.call('POST', PODS, held)
  const until = async (from: Target, holds: (found: Pod) => boolean): Promise<void> => {
    while (!holds((await from.call('GET', `${PODS}/web`)).body as Pod)) await sleep(20)
  }
  await until(target, (found) => found.status.phase === 'Running')
  const watch = await target.watch(`${PODS}?watch=true`)
  await target.call('DELETE', `${PODS}/web`)
  await cluster.killApiserver()
  await assert.rejects(target.call('GET', PODS), /ECONNREFUSED|ECONNRESET|socket hang up/)
  // the process ends while nobody can hear of it
  await sleep(1500)
  await cluster.startApiserver()
  const later = new Target(cluster.kubeconfig)
  await until(later, (found) => found.status.containerStatuses?.[0]?.state.terminated?.exitCode === 7)
  watch.close()
  target.close()
  later.close()
})

test('a watch resumes from any revision that is still known, and answers 410 in an event or over HTTP otherwise', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  const first = (await request('POST', CONFIGMAPS, configMap('a'))).body as KubeObject
  await request('POST', CONFIGMAPS, configMap('b'))
  const resumed = collect((await request('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${first.metadata.resourceVersion}`)).stream)
  await clock.settle()
  assert.deepEqual(resumed.map(({ type, object }) => [type, object.metadata['name']]).filter(([, name]) => name !== 'kube-root-ca.crt'), [['ADDED', 'b']])
  cluster.compact()
  const expired = collect((await request('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${first.metadata.resourceVersion}`)).stream)
  await clock.settle()
  assert.deepEqual(expired.map(({ type, object }) => [type, object['code'], object['reason']]), [['ERROR', 410, 'Expired']])
  cluster.watches.expiredAsHttp = true
  const refused = await request('GET', `${CONFIGMAPS}?watch=true&resourceVersion=${first.metadata.resourceVersion}`)
  assert.equal(refused.status, 410)
})

test('bookmarks come at their interval and a watch ends after its timeoutSeconds', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  const { stream } = await request('GET', `${CONFIGMAPS}?watch=true&allowWatchBookmarks=true&timeoutSeconds=150&fieldSelector=metadata.name%3Dnone`)
  const types: string[] = []
  let ended = false
  const read = async (): Promise<void> => {
    for await (const chunk of stream ?? []) types.push(...chunk.trim().split('\n').map((line) => (JSON.parse(line) as { type: string }).type))
    ended = true
  }
  read().catch(() => undefined)
  await clock.advance(149_000)
  assert.deepEqual([types, ended], [['BOOKMARK', 'BOOKMARK'], false])
  await clock.advance(2000)
  assert.ok(ended)
})

test('a server without WatchList refuses initial events with 422', async (t) => {
  const cluster = await startEmbedded({ clock: drivenClock(), port: -1 })
  t.after(async () => await cluster.stop())
  cluster.watches.watchList = false
  const answer = await inProcess(cluster)('GET', `${PODS}?watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan`)
  assert.equal(answer.status, 422)
})

test('users have exactly the rights they were given, and a revoked token is unknown', async (t) => {
  const cluster = await startEmbedded({ clock: drivenClock(), port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  cluster.user('ann-token', [{ verbs: ['get', 'list'], apiGroups: [''], resources: ['pods'], namespaces: ['default'] }])
  const ann = { token: 'ann-token' }
  assert.equal((await request('GET', PODS, undefined, ann)).status, 200)
  assert.equal((await request('GET', '/api/v1/pods', undefined, ann)).status, 403)
  const refused = await request('DELETE', `${PODS}/web`, undefined, ann)
  assert.equal((refused.body as { message: string }).message, 'pods "web" is forbidden: User "ann" cannot delete resource "pods" in API group "" in the namespace "default"')
  const asAnn = await request('GET', '/api/v1/nodes', undefined, { headers: { 'impersonate-user': 'ann' } })
  assert.equal(asAnn.status, 403)
  cluster.revoke('ann-token')
  assert.equal((await request('GET', PODS, undefined, ann)).status, 401)
})

test('the audit log tells dry runs from writes by the options that counted', async (t) => {
  const cluster = await startEmbedded({ clock: drivenClock(), port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  await request('POST', CONFIGMAPS, configMap('a'))
  await request('DELETE', `${CONFIGMAPS}/a`, { dryRun: ['All'] })
  await request('DELETE', `${CONFIGMAPS}/a?dryRun=All`)
  await request('DELETE', `${CONFIGMAPS}/a?dryRun=All`, { gracePeriodSeconds: 0 })
  const seen = cluster.audit().map(({ verb, resource, name, code, dryRun }) => [verb, resource, name, code, dryRun])
  assert.deepEqual(seen, [
    ['create', 'configmaps', '', 201, false],
    ['delete', 'configmaps', 'a', 200, true],
    ['delete', 'configmaps', 'a', 200, true],
    ['delete', 'configmaps', 'a', 200, false],
  ])
})

test('without the controller manager nothing is replaced until it is back', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  const set = { apiVersion: 'apps/v1', kind: 'ReplicaSet', metadata: { name: 'web' }, spec: { replicas: 1, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: (pod('x') as { spec: object }).spec } } }
  await request('POST', '/apis/apps/v1/namespaces/default/replicasets', set)
  await clock.advance(1000)
  const names = async (): Promise<string[]> => ((await request('GET', PODS)).body as { items: KubeObject[] }).items.map((one) => one.metadata.name)
  const [before] = await names()
  cluster.stopControllerManager()
  await request('DELETE', `${PODS}/${before ?? ''}`)
  await clock.advance(10_000)
  assert.deepEqual(await names(), [])
  cluster.startControllerManager()
  await clock.advance(1000)
  assert.equal((await names()).length, 1)
})

test('a grace period of 30 s passes over HTTPS in a fraction of a second under a driven clock', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock })
  t.after(async () => await cluster.stop())
  const target = new Target(cluster.kubeconfig)
  const until = async (path: string, holds: (status: number, body: unknown) => boolean): Promise<void> => {
    for (;;) {
      const reply = await target.call('GET', path)
      if (holds(reply.status, reply.body)) return
    }
  }
  await clock.runUntil(target.call('POST', PODS, pod('web', "trap '' TERM; while :; do sleep 1; done", { terminationGracePeriodSeconds: 30 })), { idleMilliseconds: 1 })
  await clock.runUntil(until(`${PODS}/web`, (_status, body) => (body as Pod).status.phase === 'Running'), { idleMilliseconds: 1 })
  const [real, driven] = [performance.now(), clock.now()]
  await clock.runUntil(target.call('DELETE', `${PODS}/web`), { idleMilliseconds: 1 })
  await clock.runUntil(until(`${PODS}/web`, (status) => status === 404), { idleMilliseconds: 1 })
  assert.ok(clock.now() - driven >= 30_000)
  assert.ok(performance.now() - real < 10_000)
  target.close()
})

test('managedFields tell who put a finalizer and who wrote the status', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  await request('POST', `${PODS}?fieldManager=kubectl-create`, pod('web'))
  await clock.advance(1000)
  await request('PATCH', `${PODS}/web?fieldManager=operator`, { metadata: { finalizers: ['example.com/hold'] } })
  const { metadata } = (await request('GET', `${PODS}/web`)).body as Pod
  const entries = metadata.managedFields as { manager: string; subresource?: string; fieldsV1: Record<string, unknown> }[]
  assert.deepEqual(entries.map(({ manager, subresource = '' }) => `${manager} ${subresource}`), ['kubectl-create ', 'kubelet status', 'operator '])
  assert.deepEqual(entries.at(-1)?.fieldsV1, { 'f:metadata': { 'f:finalizers': { 'v:"example.com/hold"': {} } } })
})

test('a mirror pod that is deleted comes back with its containers untouched, and goes with its file', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  const file = join(cluster.staticPodDir('node-1'), 'web.json')
  writeFileSync(file, JSON.stringify(pod('web')))
  await clock.advance(1000)
  const mirror = async (): Promise<Pod> => (await request('GET', `${PODS}/web-node-1`)).body as Pod
  const before = await mirror()
  assert.equal(before.metadata.annotations?.['kubernetes.io/config.source'], 'file')
  assert.equal(before.status.phase, 'Running')
  await request('DELETE', `${PODS}/web-node-1`)
  await clock.advance(1000)
  const after = await mirror()
  assert.notEqual(after.metadata.uid, before.metadata.uid)
  assert.equal(after.status.containerStatuses?.[0]?.containerID, before.status.containerStatuses?.[0]?.containerID)
  rmSync(file)
  await clock.advance(3000)
  assert.equal((await request('GET', `${PODS}/web-node-1`)).status, 404)
})

test('in the same process a dead API server refuses requests and ends streams too', async (t) => {
  const clock = drivenClock()
  const cluster = await startEmbedded({ clock, port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  const { stream } = await request('GET', `${CONFIGMAPS}?watch=true`)
  const ended = (async () => {
    for await (const chunk of stream ?? []) assert.notEqual(chunk, '')
    return 'ended'
  })()
  await cluster.killApiserver()
  assert.equal(await ended, 'ended')
  await assert.rejects(request('GET', CONFIGMAPS), { code: 'ECONNREFUSED' })
  await cluster.startApiserver()
  assert.equal((await request('GET', CONFIGMAPS)).status, 200)
})

test('a request that makes no sense is refused and harms nobody', async (t) => {
  const cluster = await startEmbedded({ clock: drivenClock(), port: -1 })
  t.after(async () => await cluster.stop())
  const request = inProcess(cluster)
  for (const body of [null, 5, [], 'text', { metadata: null }, { metadata: { name: 'a' }, spec: null }, { kind: 'Pod', metadata: { name: 5 } }]) {
    const answer = await request('POST', PODS, body)
    assert.ok(answer.status >= 400 && answer.status < 500, JSON.stringify(body))
  }
  assert.equal((await request('PATCH', `${CONFIGMAPS}/none`, 'text')).status, 404)
  assert.equal((await request('GET', PODS)).status, 200)
})
