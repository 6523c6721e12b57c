/** Where a cluster lives on disk, and the few facts about it that outlive the process that started it. */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

/** The ports of one cluster on 127.0.0.1, chosen free at `up` and kept for restarts. */
export interface Ports {
  readonly apiserver: number
  readonly etcd: number
  readonly etcdPeer: number
  readonly controllerManager: number
  readonly scheduler: number
  readonly kubelet: number
}

/** What `up` decided about a cluster; everything else follows from it. */
export interface ClusterState {
  readonly name: string
  /** The state directory; every process of the cluster carries it in its command line. */
  readonly dir: string
  /** Directory of kube-in-one and kubectl. */
  readonly binDir: string
  readonly ports: Ports
  /** Which /24 of 198.18.0.0/15 the pods take their addresses from: no two clusters of a machine share one. */
  readonly subnet: string
  readonly nodeName: string
}

/** A failure that the user can act on: printed as one sentence, without a stack. */
export class ClusterError extends Error {
  override readonly name = 'ClusterError'
}

export const defaultName = 'default'

/** The cache directory of this project: binaries and cluster state. */
export function cacheDir(): string {
  const xdg = process.env['XDG_CACHE_HOME']
  return join(xdg === undefined || xdg === '' ? join(homedir(), '.cache') : xdg, 'kubectl-safe-delete')
}

/** The state directory of the cluster called name. Throws ClusterError for a name or a path that cannot work. */
export function stateDir(name: string): string {
  if (!/^[a-z0-9]([a-z0-9-]{0,18}[a-z0-9])?$/.test(name)) {
    throw new ClusterError(`cluster name ${JSON.stringify(name)}: use 1 to 20 characters of a-z, 0-9 and '-'`)
  }
  const dir = join(cacheDir(), 'clusters', name)
  // The longest socket below it, kubelet/device-plugins/kubelet.sock or containerd.sock.ttrpc, must stay below 108.
  if (dir.length > 70) {
    throw new ClusterError(`${dir} is too long for the unix sockets below it: set XDG_CACHE_HOME to a shorter directory`)
  }
  return dir
}

/** The recorded state of a cluster, or undefined when there is none. */
export function readState(name: string): ClusterState | undefined {
  const file = join(stateDir(name), 'state.json')
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as ClusterState) : undefined
}

/** Writes the state whole or not at all. */
export function writeState(state: ClusterState): void {
  mkdirSync(state.dir, { recursive: true, mode: 0o700 })
  const file = join(state.dir, 'state.json')
  writeFileSync(`${file}.new`, `${JSON.stringify(state, undefined, 2)}\n`)
  renameSync(`${file}.new`, file)
}

/** The names of all clusters that have a recorded state. */
export function recordedNames(): readonly string[] {
  const root = join(cacheDir(), 'clusters')
  return existsSync(root) ? readdirSync(root).filter((name) => existsSync(join(root, name, 'state.json'))) : []
}

/** The paths below a state directory that more than one file speaks of. */
export function pathsOf(dir: string) {
  return {
    kubeconfig: join(dir, 'kubeconfig'),
    auditLog: join(dir, 'log', 'audit.log'),
    log: join(dir, 'log'),
    pids: join(dir, 'pids'),
    pki: join(dir, 'pki'),
    staticPods: join(dir, 'static'),
    volumes: join(dir, 'volumes'),
    containerdSocket: join(dir, 'containerd.sock'),
    taskEvents: join(dir, 'log', 'events.log'),
  } as const
}
