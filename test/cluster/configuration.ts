/** The configuration files of the components: what makes this node small, fast and honest. */
import { mkdirSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { authority } from './pki.ts'
import { pathsOf, type ClusterState } from './state.ts'

/** Directories of the machine that a node writes to, and what stands in their place inside the node's mount namespace. */
export const privateDirectories: Readonly<Record<string, string>> = {
  '/run/netns': 'host/netns',
  '/run/containerd': 'host/containerd',
  '/var/lib/kubelet': 'host/kubelet',
  '/var/log/containers': 'host/log-containers',
}

/** Writes every configuration file that the components read. */
export function writeConfiguration(state: ClusterState): void {
  const { dir } = state
  const paths = pathsOf(dir)
  for (const path of [paths.log, paths.staticPods, paths.volumes, join(dir, 'cni')]) mkdirSync(path, { recursive: true })
  for (const place of Object.values(privateDirectories)) mkdirSync(join(dir, place), { recursive: true })
  writeFileSync(join(dir, 'hosts'), `127.0.0.1 localhost\n::1 localhost\n127.0.0.1 ${state.nodeName}\n`)
  writeFileSync(join(dir, 'audit.yaml'), JSON.stringify(auditPolicy, undefined, 1))
  writeFileSync(join(dir, 'cni', '10-ptp.conflist'), JSON.stringify(network(state), undefined, 1))
  writeFileSync(join(dir, 'kubelet.yaml'), JSON.stringify(kubelet(state), undefined, 1))
}

/** Requests that no test asks about, because no user made them. */
const componentUsers = ['system:apiserver', 'system:kube-scheduler', 'system:kube-controller-manager', 'system:kwok'] as const
const componentGroups = ['system:nodes', 'system:serviceaccounts:kube-system'] as const
const noise = [
  { verbs: ['get', 'list', 'watch'] },
  { resources: [{ group: 'coordination.k8s.io' }, { group: '', resources: ['events'] }, { group: 'events.k8s.io' }] },
] as const

/**
 * What the API server writes down. A dry-run DELETE says so in its body, so bodies of deletions and evictions are kept;
 * of all else, the metadata (dryRun of the other verbs stands in the URI).
 */
const auditPolicy = {
  apiVersion: 'audit.k8s.io/v1',
  kind: 'Policy',
  omitStages: ['RequestReceived'],
  omitManagedFields: true,
  rules: [
    { level: 'None', nonResourceURLs: ['/readyz*', '/livez*', '/healthz*', '/metrics*'] },
    ...noise.flatMap((rule) => [
      { level: 'None', users: componentUsers, ...rule },
      ...componentGroups.map((group) => ({ level: 'None', userGroups: [group], ...rule })),
    ]),
    { level: 'Request', verbs: ['delete', 'deletecollection'] },
    { level: 'Request', verbs: ['create'], resources: [{ group: '', resources: ['pods/eviction'] }] },
    { level: 'Request', verbs: ['create'], resources: [{ group: 'authorization.k8s.io' }] },
    { level: 'Metadata' },
  ],
} as const

/** Pods are reached from the node alone; there is no route out. */
function network(state: ClusterState): object {
  const ipam = { type: 'host-local', dataDir: join(state.dir, 'ipam'), ranges: [[{ subnet: state.subnet }]] }
  return { cniVersion: '1.0.0', name: 'ptp', plugins: [{ type: 'ptp', ipam }] }
}

function kubelet(state: ClusterState): object {
  const paths = pathsOf(state.dir)
  return {
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: '127.0.0.1',
    port: state.ports.kubelet,
    healthzPort: 0,
    authentication: { anonymous: { enabled: false }, webhook: { enabled: false }, x509: { clientCAFile: authority(state.dir).certificate } },
    authorization: { mode: 'AlwaysAllow' },
    containerRuntimeEndpoint: `unix://${paths.containerdSocket}`,
    staticPodPath: paths.staticPods,
    podLogsDir: join(state.dir, 'pod-logs'),
    volumePluginDir: join(state.dir, 'volume-plugins'),
    // Works on cgroups v1 and v2, with or without systemd.
    cgroupDriver: 'cgroupfs',
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    failCgroupV1: false,
    failSwapOn: false,
    makeIPTablesUtilChains: false,
    resolvConf: '',
    // A full disk of the developer's machine must not evict pods, nor collect the images that no registry has.
    evictionHard: { 'memory.available': '10Mi' },
    imageGCHighThresholdPercent: 100,
    maxPods: 250,
    serializeImagePulls: false,
    registryPullQPS: 0,
    eventRecordQPS: 500,
    // 0 would be the client's default of 5 a second: under load Events came minutes late.
    eventBurst: 1000,
    kubeAPIQPS: 200,
    kubeAPIBurst: 400,
    nodeStatusUpdateFrequency: '5s',
  }
}

/** Writes containerd's configuration; cni is where the machine keeps its network plugins. */
export function writeContainerdConfiguration(state: ClusterState, cni: string): void {
  const { dir } = state
  // restrict_oom_score_adj: in a machine that may not lower the score, runc fails with "can't get final child's PID from
  // pipe: EOF" without it.
  writeFileSync(join(dir, 'containerd.toml'), `version = 2
root = "${dir}/containerd"
state = "${dir}/containerd-state"
[grpc]
address = "${pathsOf(dir).containerdSocket}"
[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = "localhost/pause:1"
restrict_oom_score_adj = true
[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "${snapshotterOf(dir)}"
[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "${cni}"
conf_dir = "${dir}/cni"
`)
}

/** overlayfs cannot lie on overlayfs, as in a CI container; there the images, 2 MB each, are copied. */
export function snapshotterOf(dir: string): 'overlayfs' | 'native' {
  const overlayMagic = 0x794c7630
  return statfsSync(dir).type === overlayMagic ? 'native' : 'overlayfs'
}
