/** Brings a cluster up: from nothing, or from whatever a killed run left behind. */
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { callApi, isReady, nodeReadiness, readApi } from './api.ts'
import { buildKubernetes } from './build.ts'
import { attempt, run, say } from './commands.ts'
import { start, type Component } from './components.ts'
import { snapshotterOf, writeConfiguration, writeContainerdConfiguration } from './configuration.ts'
import { takeDown } from './down.ts'
import { serverOf, writeKubeconfig } from './kubeconfig.ts'
import { withLock } from './lock.ts'
import { writeImages } from './images.ts'
import { cniDirectory, prepareMachine } from './machine.ts'
import { adminToken, createAuthority, mintCertificate } from './pki.ts'
import { pidOf, until } from './processes.ts'
import { ClusterError, pathsOf, readState, recordedNames, stateDir, writeState, type ClusterState } from './state.ts'

/** All components, in an order in which they can start. */
export const components: readonly Component[] = ['etcd', 'apiserver', 'controller-manager', 'scheduler', 'containerd', 'events', 'kubelet']

/**
 * Starts the cluster called name, or finds it running, and gives its state: the node is Ready and the default
 * ServiceAccount is there. Throws ClusterError with what is missing or which component failed.
 */
export async function bringUp(name: string): Promise<ClusterState> {
  const dir = stateDir(name)
  await prepareMachine()
  const binDir = await buildKubernetes()
  return await withLock(`${dir}.lock`, async () => {
    const running = readState(name)
    if (running !== undefined && await isHealthy(running)) {
      if (running.binDir !== binDir) say(`cluster ${name} runs an older build; down and up again for the new one`)
      return running
    }
    await takeDown(name)
    rmSync(dir, { recursive: true, force: true })
    const state: ClusterState = { name, dir, binDir, nodeName: 'node-1', subnet: freeSubnet(), ports: await freePorts() }
    writeState(state)
    try {
      await startAll(state)
    } catch (error) {
      await takeDown(name)
      throw error
    }
    return state
  })
}

/** Every component runs and the node is Ready. */
export async function isHealthy(state: ClusterState): Promise<boolean> {
  return components.every((component) => pidOf(state.dir, component) !== undefined)
    && await isReady(state) && await nodeReadiness(state) === 'True'
}

/** What runs and what does not, for `status`. */
export function componentPids(state: ClusterState): readonly { readonly component: string; readonly pid: number | undefined }[] {
  const extra = pidOf(state.dir, 'kwok') === undefined ? [] : ['kwok']
  return [...components, ...extra].map((component) => ({ component, pid: pidOf(state.dir, component) }))
}

/** Gives the free ports one by one from the kernel; all are held until the last is known, so that none comes twice. */
async function freePorts(): Promise<ClusterState['ports']> {
  const servers = await Promise.all(Array.from({ length: 6 }, async () => await new Promise<ReturnType<typeof createServer>>((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => { resolve(server) })
  })))
  const [apiserver = 0, etcd = 0, etcdPeer = 0, controllerManager = 0, scheduler = 0, kubelet = 0] =
    servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map(async (server) => await new Promise((resolve) => { server.close(resolve) })))
  return { apiserver, etcd, etcdPeer, controllerManager, scheduler, kubelet }
}

/** A /23 of 198.18.0.0/15 (benchmark addresses, in no real network) that no other recorded cluster uses. */
function freeSubnet(): string {
  const taken = new Set(recordedNames().map((other) => readState(other)?.subnet))
  const all = Array.from({ length: 128 }, (_, index) => `198.18.${2 * index}.0/23`)
  const free = all.find((subnet) => !taken.has(subnet))
  if (free === undefined) throw new ClusterError('128 clusters on this machine: take some down')
  return free
}

async function startAll(state: ClusterState): Promise<void> {
  const { dir } = state
  writeConfiguration(state)
  await createAuthority(dir)
  // Both to their ends, also when one fails: what is taken down after a failure must not be started meanwhile.
  const outcomes = await Promise.allSettled([startControlPlane(state), startRuntime(state)])
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason as Error
  await start(state, 'kubelet')
  await waitFor(state, 'kubelet', 'the node to be Ready', async () => await nodeReadiness(state) === 'True')
  await waitFor(state, 'controller-manager', 'the default ServiceAccount',
    async () => await readApi(state, '/api/v1/namespaces/default/serviceaccounts/default') !== undefined)
  await createStorageClass(state)
}

async function startControlPlane(state: ClusterState): Promise<void> {
  const { dir } = state
  await start(state, 'etcd')
  await mintCertificate(dir, {
    file: 'serving', user: 'kube-apiserver',
    alternativeNames: ['IP:127.0.0.1', 'IP:10.0.0.1', 'DNS:localhost', 'DNS:kubernetes.default.svc', 'DNS:kubernetes.default.svc.cluster.local'],
  })
  await mintCertificate(dir, { file: 'kubelet-client', user: 'kube-apiserver', groups: ['system:masters'] })
  await start(state, 'apiserver')
  await writeComponentKubeconfigs(state)
  await waitForApiserver(state)
  await start(state, 'controller-manager')
  await start(state, 'scheduler')
}

/** Each component is a user of its own, as in a real cluster: the audit log tells them from the tests. */
async function writeComponentKubeconfigs(state: ClusterState): Promise<void> {
  const { dir, nodeName } = state
  writeKubeconfig(state, pathsOf(dir).kubeconfig, 'admin', { kind: 'token', token: adminToken })
  const users = [
    { file: 'controller-manager', user: 'system:kube-controller-manager', groups: [] },
    { file: 'scheduler', user: 'system:kube-scheduler', groups: [] },
    { file: 'kubelet', user: `system:node:${nodeName}`, groups: ['system:nodes'] },
  ]
  for (const { file, user, groups } of users) {
    const identity = await mintCertificate(dir, { file: `user-${file}`, user, groups })
    writeKubeconfig(state, join(dir, `${file}.kubeconfig`), user, { kind: 'certificate', identity })
  }
}

/** Waits until the API server is ready; a component that died is reported with its last words. */
export async function waitForApiserver(state: ClusterState): Promise<void> {
  await waitFor(state, 'apiserver', `${serverOf(state)} to be ready`, async () => await isReady(state))
}

async function startRuntime(state: ClusterState): Promise<void> {
  const cni = cniDirectory()
  if (cni === undefined) throw new ClusterError('this machine lacks the CNI plugin ptp (Debian package containernetworking-plugins)')
  writeContainerdConfiguration(state, cni)
  await start(state, 'containerd')
  const archive = join(state.dir, 'images.tar')
  await writeImages(archive)
  const ctr = ['ctr', '-a', pathsOf(state.dir).containerdSocket]
  await waitFor(state, 'containerd', 'containerd to answer', async () => (await attempt([...ctr, 'version'], { timeoutMs: 5_000 })).code === 0)
  await run([...ctr, '-n', 'k8s.io', 'images', 'import', '--snapshotter', snapshotterOf(state.dir), archive], { timeoutMs: 120_000 })
  await start(state, 'events')
}

/** No provisioner: claims bind to the PersistentVolumes that a test makes, once a pod needs them. */
async function createStorageClass(state: ClusterState): Promise<void> {
  const { status, body } = await callApi(state, 'POST', '/apis/storage.k8s.io/v1/storageclasses', {
    apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'local' },
    provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer',
  })
  if (status !== 201 && status !== 409) throw new ClusterError(`cannot create the StorageClass: ${body}`)
}

async function waitFor(state: ClusterState, component: Component, what: string, holds: () => Promise<boolean>): Promise<void> {
  const failed = (why: string): ClusterError => new ClusterError(`waited for ${what}: ${why}\n${lastWords(state, component)}`)
  const held = await until(async () => {
    if (await holds()) return true
    if (pidOf(state.dir, component) === undefined) throw failed(`${component} ended`)
    return false
  }, 120_000, 100)
  if (!held) throw failed('nothing within 2 minutes')
}

function lastWords(state: ClusterState, component: Component): string {
  const { log } = pathsOf(state.dir)
  const file = readdirSync(log).find((entry) => entry === `${component}.log`)
  return file === undefined ? '' : `${join(log, file)}:\n${readFileSync(join(log, file), 'utf8').trim().split('\n').slice(-8).join('\n')}`
}
