/** The command line of every component, derived from the recorded state alone, so that a restart is the same process again. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { privateDirectories } from './configuration.ts'
import { authority, tokenIssuer, tokenKeys } from './pki.ts'
import { pidOf, startComponent } from './processes.ts'
import { ClusterError, pathsOf, type ClusterState } from './state.ts'

export type Component = 'etcd' | 'apiserver' | 'controller-manager' | 'scheduler' | 'containerd' | 'events' | 'kubelet'

/** Runs a program in a mount namespace of its own, so that what it mounts dies with it; $1 is the state directory. */
const inOwnMounts = (script: string, dir: string): readonly string[] =>
  ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', `set -e; dir=$1; shift; ${script}; exec "$@"`, 'sh', dir]

/** The API server reaches the kubelet (logs, exec) by the node's name: its own hosts file spares the machine's. */
const hostsScript = 'mount --bind "$dir/hosts" /etc/hosts'

/**
 * The node's mounts live in a namespace of their own: containers, volumes and network namespaces vanish with its processes
 * even after SIGKILL, and two clusters do not share the directories that are fixed in kubelet and containerd. Shared
 * propagation inside it, as on any node, for volumes that use mountPropagation.
 */
const nodeScript = ['mount --make-rshared /', ...Object.entries(privateDirectories).map(
  ([directory, place]) => `mkdir -p ${directory} && mount --bind "$dir/${place}" ${directory}`,
)].join('; ')

function commandLine(state: ClusterState, component: Component): readonly string[] {
  const { dir, ports } = state
  const paths = pathsOf(dir)
  const kubeInOne = join(state.binDir, 'kube-in-one')
  const kubeconfig = (user: string): string => join(dir, `${user}.kubeconfig`)
  const local = (port: number, name: string): readonly string[] =>
    ['--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${join(paths.pki, name)}`]
  const etcd = `http://127.0.0.1:${ports.etcd}`
  switch (component) {
    case 'etcd':
      return [kubeInOne, 'etcd', join(dir, 'etcd'), etcd, `http://127.0.0.1:${ports.etcdPeer}`]
    case 'apiserver':
      return [...inOwnMounts(hostsScript, dir), kubeInOne, 'kube-apiserver', ...local(ports.apiserver, 'apiserver'),
        `--etcd-servers=${etcd}`, '--advertise-address=127.0.0.1', '--endpoint-reconciler-type=none',
        '--service-cluster-ip-range=10.0.0.0/24', '--authorization-mode=Node,RBAC', '--allow-privileged=true',
        `--tls-cert-file=${join(paths.pki, 'serving.crt')}`, `--tls-private-key-file=${join(paths.pki, 'serving.key')}`,
        `--client-ca-file=${authority(dir).certificate}`, `--token-auth-file=${join(paths.pki, 'tokens.csv')}`,
        `--service-account-key-file=${tokenKeys(dir).publicKey}`, `--service-account-issuer=${tokenIssuer}`,
        `--service-account-signing-key-file=${tokenKeys(dir).privateKey}`,
        `--kubelet-client-certificate=${join(paths.pki, 'kubelet-client.crt')}`,
        `--kubelet-client-key=${join(paths.pki, 'kubelet-client.key')}`,
        `--audit-policy-file=${join(dir, 'audit.yaml')}`, `--audit-log-path=${paths.auditLog}`,
        // Without it a server that is asked to end waits a minute for its watches.
        '--shutdown-watch-termination-grace-period=2s',
        // A rotated file would break the positions that tests hold.
        '--audit-log-maxsize=100000']
    case 'controller-manager':
      return [kubeInOne, 'kube-controller-manager', ...local(ports.controllerManager, 'controller-manager'),
        `--kubeconfig=${kubeconfig('controller-manager')}`, '--leader-elect=false', '--use-service-account-credentials',
        `--service-account-private-key-file=${tokenKeys(dir).privateKey}`, `--root-ca-file=${authority(dir).certificate}`,
        '--node-monitor-grace-period=20s', '--node-monitor-period=2s', '--kube-api-qps=200', '--kube-api-burst=400']
    case 'scheduler':
      return [kubeInOne, 'kube-scheduler', ...local(ports.scheduler, 'scheduler'),
        `--kubeconfig=${kubeconfig('scheduler')}`, '--leader-elect=false']
    case 'containerd':
      return [...inOwnMounts(nodeScript, dir), 'containerd', '-c', join(dir, 'containerd.toml')]
    case 'events':
      return ['ctr', '-a', paths.containerdSocket, '-n', 'k8s.io', 'events']
    case 'kubelet': {
      const containerd = pidOf(dir, 'containerd')
      if (containerd === undefined) throw new ClusterError(`containerd of cluster ${state.name} does not run`)
      return ['nsenter', `--mount=/proc/${containerd}/ns/mnt`, kubeInOne, 'kubelet', `--config=${join(dir, 'kubelet.yaml')}`,
        `--kubeconfig=${kubeconfig('kubelet')}`, `--root-dir=${join(dir, 'kubelet')}`,
        `--cert-dir=${join(paths.pki, 'kubelet')}`, `--hostname-override=${state.nodeName}`]
    }
  }
}

/** Starts a component unless it runs. Gives its pid. */
export async function start(state: ClusterState, component: Component): Promise<number> {
  const running = pidOf(state.dir, component)
  if (running !== undefined) return running
  if (!existsSync(join(state.binDir, 'kube-in-one'))) throw new ClusterError(`${state.binDir} has gone: down, then up`)
  return await startComponent(state.dir, component, commandLine(state, component))
}
