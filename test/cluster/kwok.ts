/** Fake nodes on request: kwok plays their kubelet, so that thousands of pods cost nothing. They get no signals. */
import { join } from 'node:path'
import { callApi, readApi } from './api.ts'
import { buildKwok } from './build.ts'
import { writeKubeconfig } from './kubeconfig.ts'
import { withLock } from './lock.ts'
import { mintCertificate } from './pki.ts'
import { pidOf, startComponent, stopComponent, until } from './processes.ts'
import { ClusterError, type ClusterState } from './state.ts'

export interface Kwok {
  /** Builds kwok once (2 minutes) and starts it, unless it runs. Its pods are Ready at once and end at once when deleted. */
  startKwok(): Promise<void>
  /** Ends kwok: its nodes become NotReady after 20 to 30 s, like frozen ones. */
  stopKwok(): Promise<void>
  /**
   * Makes sure that fake-0 to fake-(count-1) exist and are Ready; starts kwok. Pods go there only with nodeSelector
   * {type: kwok} and a toleration of the taint kwok.x-k8s.io/node. Gives their names.
   */
  fakeNodes(count: number): Promise<readonly string[]>
  /** Deletes all fake nodes; the pod garbage collector deletes their pods. */
  removeFakeNodes(): Promise<void>
}

const selector = { type: 'kwok' } as const
const annotation = 'kwok.x-k8s.io/node'

/** The nodeSelector and tolerations of a pod that is to run on a fake node. */
export const onFakeNode = {
  nodeSelector: selector,
  tolerations: [{ key: annotation, operator: 'Exists' }],
} as const

/** The fake nodes of one cluster. */
export function kwokOf(state: ClusterState): Kwok {
  const startKwok = async (): Promise<void> => {
    const directory = await buildKwok()
    await withLock(`${state.dir}.kwok.lock`, async () => {
      if (pidOf(state.dir, 'kwok') === undefined) await launch(state, directory)
    })
  }
  return {
    startKwok,
    stopKwok: async () => { await stopComponent(state.dir, 'kwok') },
    fakeNodes: async (count) => {
      await startKwok()
      const names = Array.from({ length: count }, (_, index) => `fake-${index}`)
      for (let at = 0; at < count; at += 16) await Promise.all(names.slice(at, at + 16).map(async (name) => { await createNode(state, name) }))
      const ready = await until(async () => await readyCount(state) >= count, 60_000, 200)
      if (!ready) throw new ClusterError(`the ${count} fake nodes are not Ready after 60 s: see ${join(state.dir, 'log', 'kwok.log')}`)
      return names
    },
    removeFakeNodes: async () => {
      const { status, body } = await callApi(state, 'DELETE', `/api/v1/nodes?labelSelector=${encodeURIComponent('type=kwok')}`)
      if (status !== 200) throw new ClusterError(`cannot delete the fake nodes: ${body}`)
    },
  }
}

async function launch(state: ClusterState, directory: string): Promise<void> {
  const identity = await mintCertificate(state.dir, { file: 'user-kwok', user: 'system:kwok', groups: ['system:masters'] })
  const kubeconfig = writeKubeconfig(state, join(state.dir, 'kwok.kubeconfig'), 'system:kwok', { kind: 'certificate', identity })
  const published = ['pod/fast/pod-ready', 'pod/fast/pod-complete', 'node/fast/node-initialize', 'node/heartbeat-with-lease/node-heartbeat-with-lease']
  const stages = [...published.map((stage) => join(directory, 'stages', `${stage}.yaml`)), join(import.meta.dirname, 'kwok', 'pod-delete.yaml')]
  await startComponent(state.dir, 'kwok', [
    join(directory, 'kwok'), `--kubeconfig=${kubeconfig}`, `--manage-nodes-with-annotation-selector=${annotation}=fake`,
    // Without leases the node controller would not believe in the nodes for longer than 20 s.
    '--node-lease-duration-seconds=40', ...stages.map((file) => `--config=${file}`),
  ])
}

async function createNode(state: ClusterState, name: string): Promise<void> {
  const { status, body } = await callApi(state, 'POST', '/api/v1/nodes', {
    apiVersion: 'v1', kind: 'Node',
    metadata: { name, annotations: { [annotation]: 'fake' }, labels: { ...selector, 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux' } },
    spec: { taints: [{ key: annotation, value: 'fake', effect: 'NoSchedule' }] },
  })
  if (status !== 201 && status !== 409) throw new ClusterError(`cannot create node ${name}: ${body}`)
}

interface NodeList {
  readonly items: readonly { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }[]
}

async function readyCount(state: ClusterState): Promise<number> {
  const list = await readApi<NodeList>(state, `/api/v1/nodes?labelSelector=${encodeURIComponent('type=kwok')}`)
  const ready = list?.items.filter(({ status }) => status?.conditions?.some(({ type, status: value }) => type === 'Ready' && value === 'True'))
  return ready?.length ?? 0
}
