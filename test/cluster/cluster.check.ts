/**
 * The cluster's own test, for machines that can carry one (root, Linux, Go): node --test test/cluster/cluster.check.ts
 * It is not called *.test.ts, so `npm test` does not pick it up. The tests run in order, on one cluster of their own.
 */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { networkInterfaces, tmpdir } from 'node:os'
import { basename, delimiter, join } from 'node:path'
import { after, test } from 'node:test'
import { attempt, type Outcome } from './commands.ts'
import { isWrite, onFakeNode, openCluster, type RealCluster } from './cluster.ts'
import { mountsBelow } from './down.ts'
import { allPids, isOurs, pidOf, recordedComponents, until } from './processes.ts'
import { pathsOf, readState, stateDir } from './state.ts'

const name = 'check'
const dir = stateDir(name)
const cli = async (...args: readonly string[]): Promise<Outcome> =>
  await attempt([process.execPath, join(import.meta.dirname, 'cli.ts'), ...args, '--name', name])

interface Pod {
  readonly metadata: { readonly deletionTimestamp?: string }
  readonly status: {
    readonly containerStatuses?: readonly {
      readonly name: string
      readonly containerID?: string
      readonly state: { readonly terminated?: { readonly exitCode: number; readonly reason?: string } }
    }[]
  }
}

const container = (containerName: string, script: string) =>
  ({ name: containerName, image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', script] })
const pod = (podName: string, spec: object, metadata: object = {}) =>
  ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: podName, ...metadata }, spec })
const waiting = 'while :; do sleep 0.2; done'
const sleeper = { terminationGracePeriodSeconds: 1, containers: [container('main', waiting)] }

/** Links that carry the gateway of the cluster's pods. They go with the pods' network namespaces, a moment later. */
const links = (subnet: string): readonly string[] => Object.entries(networkInterfaces())
  .filter(([, addresses]) => addresses?.some(({ address }) => address === subnet.replace(/0\/\d+$/, '1')))
  .map(([link]) => link)

/** The cgroups of all containers that containerd has made, in every hierarchy, that are still there. */
function cgroups(ids: readonly string[]): readonly string[] {
  const wanted = new Set(ids)
  return foldersBelow('/sys/fs/cgroup').filter((path) => wanted.has(basename(path)))
}

/** Folders come and go while they are read, those of other clusters too: one that is gone has nothing below it. */
function foldersBelow(folder: string): readonly string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((entry) => [join(folder, entry.name), ...foldersBelow(join(folder, entry.name))])
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

function containerIds(): readonly string[] {
  const events = readFileSync(pathsOf(dir).taskEvents, 'utf8')
  return [...events.matchAll(/ \/tasks\/create \{"container_id":"([0-9a-f]{64})"/g)].map(([, id]) => id ?? '')
}

async function readyPod(cluster: RealCluster, namespace: string, podName: string): Promise<void> {
  const outcome = await cluster.kubectl(['wait', '-n', namespace, '--for=condition=Ready', `pod/${podName}`, '--timeout=60s'])
  assert.equal(outcome.code, 0, outcome.stderr)
}

after(async () => { await cli('down') })

test('status of a cluster that is not there says so and fails', async () => {
  await cli('down')
  const outcome = await cli('status')
  assert.equal(outcome.code, 1)
  assert.match(outcome.stdout, /^cluster check: not there$/m)
  await assert.rejects(openCluster(name), /there is no cluster check: npm run cluster -- up --name check/)
})

test('up prints the kubeconfig alone on stdout, and a second up finds the cluster running', async (context) => {
  const started = performance.now()
  const first = await cli('up')
  assert.equal(first.code, 0, first.stderr)
  assert.equal(first.stdout, `${pathsOf(dir).kubeconfig}\n`)
  context.diagnostic(`up took ${Math.round(performance.now() - started)} ms`)
  const pid = pidOf(dir, 'apiserver')
  const second = await cli('up')
  assert.equal(second.stdout, first.stdout)
  assert.equal(pidOf(dir, 'apiserver'), pid)
  assert.equal((await cli('status')).code, 0)
})

test('kubectl is v1.36.3 and runs plugins from PATH', async () => {
  const cluster = await openCluster(name)
  assert.match((await cluster.kubectl(['version', '--client'])).stdout, /^Client Version: v1\.36\.3$/m)
  const plugins = mkdtempSync(join(tmpdir(), 'plugins-'))
  try {
    writeFileSync(join(plugins, 'kubectl-safe_delete'), '#!/bin/sh\necho "plugin: $*"\n')
    chmodSync(join(plugins, 'kubectl-safe_delete'), 0o755)
    const env = { ...process.env, PATH: [plugins, cluster.binDir, process.env['PATH']].join(delimiter), KUBECONFIG: cluster.kubeconfig }
    const outcome = await attempt(['sh', '-c', 'kubectl safe-delete pod x -n y'], { env })
    assert.equal(outcome.stdout, 'plugin: pod x -n y\n', outcome.stderr)
  } finally {
    rmSync(plugins, { recursive: true })
  }
})

test('containers end with 0, with 143, and with 137 after the grace period; containerd and the kubelet agree', async () => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  const containers = [
    container('zero', `trap "exit 0" TERM; ${waiting}`),
    container('term', `trap "exit 143" TERM; ${waiting}`),
    container('kill', `trap "" TERM; ${waiting}`),
  ]
  // The finalizer keeps the pod, so that its last status can be read.
  await cluster.apply([pod('codes', { terminationGracePeriodSeconds: 2, containers }, { finalizers: ['example.com/hold'] })], namespace)
  await readyPod(cluster, namespace, 'codes')
  await cluster.kubectl(['delete', 'pod', 'codes', '-n', namespace, '--wait=false'])
  let last: Pod | undefined
  const ended = await until(async () => {
    last = await cluster.get<Pod>(`/api/v1/namespaces/${namespace}/pods/codes`)
    return last?.status.containerStatuses?.every(({ state }) => state.terminated !== undefined) === true
  }, 30_000)
  assert.ok(ended, JSON.stringify(last?.status))
  const statuses = last?.status.containerStatuses ?? []
  const reported = Object.fromEntries(statuses.map((status) => [status.name, status.state.terminated?.exitCode]))
  assert.deepEqual(reported, { kill: 137, term: 143, zero: 0 })
  for (const { containerID = '', state } of statuses) {
    assert.deepEqual(cluster.taskExits([containerID]).map(({ exitCode }) => exitCode), [state.terminated?.exitCode])
  }
  await cluster.kubectl(['patch', 'pod', 'codes', '-n', namespace, '--type=merge', '-p', '{"metadata":{"finalizers":null}}'])
  assert.ok(await until(async () => await cluster.get(`/api/v1/namespaces/${namespace}/pods/codes`) === undefined, 10_000))
})

test('the audit log tells a dry run, a refused request and a deletion apart', async () => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  await cluster.apply([pod('p', sleeper)], namespace)
  await readyPod(cluster, namespace, 'p')
  const limited = await cluster.userKubeconfig({ namespace, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }] })
  const deletions = async (args: readonly string[], kubeconfig = cluster.adminKubeconfig(namespace)) => {
    const mark = cluster.auditMark()
    const outcome = await cluster.kubectl(['delete', 'pod', 'p', '--wait=false', ...args], { kubeconfig })
    const events = await cluster.auditSince(mark, ({ verb, namespace: where }) => verb === 'delete' && where === namespace)
    return { outcome, events, writes: events.filter((event) => isWrite(event)).length }
  }
  const dry = await deletions(['--dry-run=server'])
  assert.deepEqual([dry.events.length, dry.events[0]?.dryRun, dry.writes], [1, true, 0])
  const refused = await deletions([], limited)
  assert.match(refused.outcome.stderr, /User "limited" cannot delete/)
  assert.deepEqual([refused.events[0]?.user, refused.events[0]?.code, refused.writes], ['limited', 403, 0])
  const real = await deletions([])
  assert.equal(real.writes, 1)
  assert.match(real.events[0]?.userAgent ?? '', /^kubectl\/v1\.36\.3 /)
})

test('users by certificate and by service-account token are who they say; an expired token is refused', async () => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  const whoami = async (kubeconfig: string): Promise<Outcome> => await cluster.kubectl(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'], { kubeconfig })
  const jane = await cluster.userKubeconfig({ namespace, user: 'jane', groups: ['dev'], rules: [] })
  assert.equal((await whoami(jane)).stdout, 'jane')
  const account = cluster.tokenKubeconfig(await cluster.serviceAccountToken(namespace), namespace)
  assert.equal((await whoami(account)).stdout, `system:serviceaccount:${namespace}:default`)
  assert.match((await whoami(cluster.expiredKubeconfig())).stderr, /You must be logged in to the server|Unauthorized/)
})

test('kwok gives fake nodes; a pod on one keeps its finalizer when it is deleted', async () => {
  const cluster = await openCluster(name)
  assert.deepEqual(await cluster.fakeNodes(3), ['fake-0', 'fake-1', 'fake-2'])
  const namespace = await cluster.createNamespace()
  await cluster.apply([pod('held', { ...onFakeNode, ...sleeper }, { finalizers: ['example.com/hold'] })], namespace)
  await readyPod(cluster, namespace, 'held')
  await cluster.kubectl(['delete', 'pod', 'held', '-n', namespace, '--wait=false'])
  const path = `/api/v1/namespaces/${namespace}/pods/held`
  assert.ok(await until(async () => (await cluster.get<Pod>(path))?.metadata.deletionTimestamp !== undefined, 5_000))
  await cluster.kubectl(['patch', 'pod', 'held', '-n', namespace, '--type=merge', '-p', '{"metadata":{"finalizers":null}}'])
  assert.ok(await until(async () => await cluster.get(path) === undefined, 5_000))
  await cluster.removeFakeNodes()
  await cluster.stopKwok()
})

test('a killed API server comes back at the same address with the same data', async (context) => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  await cluster.killApiserver()
  await assert.rejects(openCluster(name), /cluster check does not answer at https:\/\/127\.0\.0\.1:\d+/)
  await cluster.startApiserver()
  assert.equal((await openCluster(name)).server, cluster.server)
  assert.notEqual(await cluster.get(`/api/v1/namespaces/${namespace}`), undefined)
  const started = performance.now()
  await cluster.restartApiserver()
  context.diagnostic(`restart took ${Math.round(performance.now() - started)} ms`)
  assert.notEqual(await cluster.get(`/api/v1/namespaces/${namespace}`), undefined)
})

test('a paused etcd keeps answers back until it is resumed', async () => {
  const cluster = await openCluster(name)
  const create = async (): Promise<number> => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'c-' } }
    return (await cluster.api('POST', '/api/v1/namespaces/default/configmaps', object)).status
  }
  cluster.pauseEtcd()
  let status: number | undefined
  const created = create().then((answer) => { status = answer })
  assert.equal(await until(() => status !== undefined, 1_500), false)
  cluster.resumeEtcd()
  await created
  assert.equal(status, 201)
})

test('without the controller-manager a Deployment gets no pods; with it again, it does', async () => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  await cluster.stopControllerManager()
  const labels = { app: 'web' }
  await cluster.apply([{
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' },
    spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: sleeper } },
  }], namespace)
  const pods = async (): Promise<number> =>
    (await cluster.get<{ readonly items: readonly unknown[] }>(`/api/v1/namespaces/${namespace}/pods`))?.items.length ?? 0
  assert.equal(await until(async () => await pods() > 0, 1_500), false)
  await cluster.startControllerManager()
  assert.ok(await until(async () => await pods() > 0, 30_000))
})

test('a frozen kubelet makes the node NotReady, and heal makes it Ready again', async (context) => {
  const cluster = await openCluster(name)
  cluster.freezeKubelet()
  const frozen = performance.now()
  await cluster.waitNodeReady(false)
  context.diagnostic(`NotReady after ${Math.round(performance.now() - frozen)} ms`)
  cluster.thawKubelet()
  await cluster.waitNodeReady(true)
  await cluster.stopKubelet()
  await cluster.stopScheduler()
  await cluster.heal()
  assert.notEqual(pidOf(dir, 'kubelet'), undefined)
  assert.notEqual(pidOf(dir, 'scheduler'), undefined)
})

test('up starts afresh after everything was killed, and never kills the process that got a recorded pid', async () => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  await cluster.apply([pod('left', sleeper)], namespace)
  await readyPod(cluster, namespace, 'left')
  const ids = containerIds()
  assert.equal(cgroups(ids).length > 0, true)
  for (const component of recordedComponents(dir)) {
    const pid = pidOf(dir, component)
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
  }
  const stranger = spawn('sleep', ['600'], { stdio: 'ignore' })
  try {
    writeFileSync(join(pathsOf(dir).pids, 'kubelet'), `${stranger.pid} 1\n`)
    const outcome = await cli('up')
    assert.equal(outcome.code, 0, outcome.stderr)
    assert.deepEqual(cgroups(ids), [])
    assert.equal(stranger.exitCode ?? stranger.signalCode, null)
    assert.equal(await (await openCluster(name)).get(`/api/v1/namespaces/${namespace}`), undefined)
  } finally {
    stranger.kill()
  }
})

test('down leaves no process, no mount, no network namespace and no link', async (context) => {
  const cluster = await openCluster(name)
  const namespace = await cluster.createNamespace()
  await cluster.apply([pod('left', sleeper)], namespace)
  await readyPod(cluster, namespace, 'left')
  const subnet = readState(name)?.subnet ?? ''
  assert.equal(links(subnet).length, 1)
  const ids = containerIds()
  assert.equal(cgroups(ids).length > 0, true)
  const started = performance.now()
  const outcome = await cli('down')
  assert.equal(outcome.code, 0, outcome.stderr)
  context.diagnostic(`down took ${Math.round(performance.now() - started)} ms`)
  assert.deepEqual(allPids().filter((pid) => isOurs(pid, dir)), [])
  assert.deepEqual(mountsBelow(dir), [])
  assert.ok(await until(() => links(subnet).length === 0, 10_000), links(subnet).join())
  assert.deepEqual(cgroups(ids), [])
  assert.deepEqual(readdirSync(dir), ['log'])
})
