/** Takes a cluster down: nothing of it runs, is mounted or holds a cgroup afterwards. */
import { existsSync, readdirSync, readFileSync, readlinkSync, rmdirSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import { attempt } from './commands.ts'
import { allPids, argumentsOf, isOurs, parentOf, recordedComponents, signalPid, stopComponent, until } from './processes.ts'
import { ClusterError, stateDir } from './state.ts'

/**
 * Stops every component that `up` recorded, and containers and shims, which a killed run leaves without a parent. Keeps only
 * the logs. Does nothing for a cluster that is not there. Throws ClusterError when something would not go.
 */
export async function takeDown(name: string): Promise<void> {
  const dir = stateDir(name)
  if (!existsSync(dir)) return
  // The kubelet and the controllers first, or they would start again what is killed below.
  const first = ['kwok', 'kubelet', 'controller-manager', 'scheduler', 'events']
  await Promise.all(first.map(async (component) => { await stopComponent(dir, component, 'SIGKILL') }))
  await stopContainers(dir)
  // SIGKILL for all: the API server would take seconds to say goodbye, and what they hold is thrown away.
  await Promise.all(recordedComponents(dir).map(async (component) => { await stopComponent(dir, component, 'SIGKILL') }))
  await killLeftovers(dir)
  const mounted = await unmountAll(dir)
  if (mounted.length > 0) throw new ClusterError(`still mounted: ${mounted.join(', ')}`)
  for (const entry of readdirSync(dir)) {
    if (entry !== 'log') rmSync(join(dir, entry), { recursive: true, force: true })
  }
}

/** The containers' first processes die, containerd sees it and removes their cgroups; what it does not, goes here. */
async function stopContainers(dir: string): Promise<void> {
  const shims = shimsOf(dir)
  const containers = childrenOf(shims)
  const cgroups = new Set(containers.flatMap((pid) => cgroupDirectories(pid)))
  for (const pid of containers) { signalPid(pid, 'SIGKILL'); signalPid(pid, 'SIGCONT') }
  await until(() => childrenOf(shims).length === 0, 5_000)
  for (const pid of shimsOf(dir)) signalPid(pid, 'SIGKILL')
  await until(() => shimsOf(dir).length === 0, 5_000)
  for (const cgroup of cgroups) removeCgroup(cgroup)
}

function shimsOf(dir: string): readonly number[] {
  return allPids().filter((pid) => basename(argumentsOf(pid)[0] ?? '').startsWith('containerd-shim') && isOurs(pid, dir))
}

/** The first processes of the containers, and of anything run inside them by exec. */
function childrenOf(parents: readonly number[]): readonly number[] {
  const set = new Set(parents)
  return allPids().filter((pid) => set.has(parentOf(pid)) && argumentsOf(pid).length > 0)
}

/** The cgroup directories of a container's process, in every hierarchy; only those made for one container (64 hex digits). */
function cgroupDirectories(pid: number): readonly string[] {
  let lines: readonly string[]
  try {
    lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n')
  } catch {
    return []
  }
  const roots = existsSync('/sys/fs/cgroup') ? ['/sys/fs/cgroup', ...readdirSync('/sys/fs/cgroup').map((entry) => `/sys/fs/cgroup/${entry}`)] : []
  return lines.flatMap((line) => {
    const path = line.split(':').slice(2).join(':')
    return /\/[0-9a-f]{64}$/.test(path) ? roots.map((root) => root + path).filter((directory) => existsSync(directory)) : []
  })
}

/** A cgroup goes with rmdir alone, and only when it is empty; one that containerd has removed is gone already. */
function removeCgroup(directory: string): void {
  try {
    rmdirSync(directory)
  } catch (error) {
    if (!['ENOENT', 'ENOTEMPTY', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
  }
}

/** Programs of ours that lost their pid file: those of the cluster's own binaries and containerd, never a user's kubectl. */
async function killLeftovers(dir: string): Promise<void> {
  for (const pid of leftovers(dir)) { signalPid(pid, 'SIGKILL') }
  if (!(await until(() => leftovers(dir).length === 0, 5_000))) {
    throw new ClusterError(`processes ${leftovers(dir).join(', ')} of ${dir} do not end`)
  }
}

const ownPrograms = new Set(['kube-in-one', 'containerd', 'containerd-shim-runc-v2', 'ctr', 'runc', 'kwok'])

/** The processes of a state directory that still run. */
export function leftovers(dir: string): readonly number[] {
  return allPids().filter((pid) => isOurs(pid, dir) && ownPrograms.has(programOf(pid)))
}

function programOf(pid: number): string {
  try {
    return basename(readlinkSync(`/proc/${pid}/exe`)).replace(/ \(deleted\)$/, '')
  } catch {
    return ''
  }
}

/** Mount points below the state directory in this mount namespace. */
export function mountsBelow(dir: string): readonly string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8').trim().split('\n').map((line) => line.split(' ')[4] ?? '')
  return points.filter((point) => point === dir || point.startsWith(`${dir}/`))
}

/** Unmounts what is mounted below the state directory, deepest first; gives what would not go. */
async function unmountAll(dir: string): Promise<readonly string[]> {
  for (const point of [...mountsBelow(dir)].toReversed()) await attempt(['umount', '--lazy', point])
  return mountsBelow(dir)
}
