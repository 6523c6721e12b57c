import type { Api } from '../api.ts'
import { microTimestamp, timestamp } from '../clock.ts'
import { recordEvent } from '../events.ts'
import { allOpen, Gate } from '../gate.ts'
import type { Log } from '../logs.ts'
import type { StoreEvent } from '../store.ts'
import type { Condition, Node, Pod } from '../types.ts'
import { MIRROR, PodWorker } from './pod-worker.ts'
import { StaticPods } from './static-pods.ts'

const LEASE_INTERVAL = 10_000

let addresses = 1

const conditionWords: readonly (readonly [string, Condition['status'], string, string])[] = [
  ['MemoryPressure', 'False', 'KubeletHasSufficientMemory', 'kubelet has sufficient memory available'],
  ['DiskPressure', 'False', 'KubeletHasNoDiskPressure', 'kubelet has no disk pressure'],
  ['PIDPressure', 'False', 'KubeletHasSufficientPID', 'kubelet has sufficient PID available'],
  ['Ready', 'True', 'KubeletReady', 'kubelet is posting ready status'],
]

/** One node: it registers itself, renews its Lease and runs the pods that are bound to it. */
export class Kubelet {
  readonly name: string
  readonly #api: Api
  readonly #apiGate: Gate
  readonly #ownGate = new Gate()
  readonly #workers = new Map<string, PodWorker>()
  #unsubscribe: () => void = () => undefined
  #cancelLease: () => void = () => undefined
  #missed = false
  #staticPods: StaticPods | undefined
  /** Since when the kubelet has been silent, in milliseconds. */
  frozenSince: number | undefined

  constructor(api: Api, apiGate: Gate, name: string) {
    this.#api = api
    this.#apiGate = apiGate
    this.name = name
  }

  /** Registers the node and begins to work. */
  start(): void {
    this.#register()
    this.#unsubscribe = this.#api.store.subscribe((event) => this.#observe(event))
    this.#renew()
    for (const pod of this.#api.store.list('pods') as Pod[]) this.#seen(pod)
  }

  /** Stops for good; running processes are forgotten. */
  stop(): void {
    this.#unsubscribe()
    this.#cancelLease()
    this.#staticPods?.stop()
    this.#ownGate.close()
  }

  /** The kubelet stops answering; the containers go on. */
  freeze(): void {
    this.frozenSince ??= this.#api.clock.now()
    this.#ownGate.close()
  }

  thaw(): void {
    if (this.#ownGate.isOpen) return
    this.#ownGate.open()
    this.frozenSince = undefined
    this.#apiGate.passed().then(() => {
      this.#register()
      this.#cancelLease()
      this.#renew()
      this.#catchUp()
    }).catch((error: unknown) => console.error('embedded kubelet:', error))
  }

  log(podUid: string, container: string, previous: boolean): Log | undefined {
    // the uid of a mirror pod changes under its worker
    const runner = [...this.#workers.values()].find((worker) => worker.uid === podUid)?.runners.find((other) => other.spec.name === container)
    return previous ? runner?.previousLog : runner?.log
  }

  #register(): void {
    const { store, resources, clock } = this.#api
    const resource = resources.key('nodes')
    const known = store.get('nodes', '', this.name)
    if (known === undefined) {
      const node = this.#api.create(resource, '', {
        apiVersion: 'v1',
        kind: 'Node',
        metadata: {
          name: this.name,
          labels: { 'beta.kubernetes.io/arch': 'amd64', 'beta.kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64', 'kubernetes.io/hostname': this.name, 'kubernetes.io/os': 'linux' },
          annotations: { 'node.alpha.kubernetes.io/ttl': '0', 'volumes.kubernetes.io/controller-managed-attach-detach': 'true' },
        },
        spec: {},
      })
      recordEvent(this.#api, { ...node, metadata: { ...node.metadata, uid: '' } }, { reason: 'Starting', message: 'Starting kubelet.', component: 'kubelet', host: this.name })
    }
    const now = timestamp(clock.now())
    this.#api.edit({ resource, namespace: '', name: this.name }, (object) => {
      const node = object as Node
      const before = (node.status as Node['status'] | undefined)?.conditions ?? []
      const capacity = { cpu: '2', 'ephemeral-storage': '100Gi', 'hugepages-1Gi': '0', 'hugepages-2Mi': '0', memory: '16Gi', pods: '110' }
      node.status = {
        capacity,
        allocatable: capacity,
        conditions: conditionWords.map(([type, status, reason, message]) => {
          const old = before.find((condition) => condition.type === type)
          return { type, status, lastHeartbeatTime: now, lastTransitionTime: old?.status === status ? (old.lastTransitionTime ?? now) : now, reason, message }
        }),
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }, { type: 'Hostname', address: this.name }],
        daemonEndpoints: { kubeletEndpoint: { Port: 10_250 } },
        nodeInfo: {
          machineID: '', systemUUID: '', bootID: '', kernelVersion: 'embedded', osImage: 'embedded', containerRuntimeVersion: 'embedded://1', kubeletVersion: 'v1.36.3', kubeProxyVersion: '', operatingSystem: 'linux', architecture: 'amd64',
        },
      }
    }, { subresource: 'status', manager: 'kubelet' })
  }

  #renew(): void {
    if (this.#ownGate.isOpen && this.#apiGate.isOpen) this.#writeLease()
    this.#cancelLease = this.#api.clock.setTimer(LEASE_INTERVAL, () => this.#renew())
  }

  #writeLease(): void {
    const { store, resources, clock } = this.#api
    const resource = resources.key('leases.coordination.k8s.io')
    const namespace = 'kube-node-lease'
    const node = store.get('nodes', '', this.name)
    if (node === undefined || store.get('namespaces', '', namespace) === undefined) return
    const spec = { holderIdentity: this.name, leaseDurationSeconds: 40, renewTime: microTimestamp(clock.now()) }
    if (store.get('leases.coordination.k8s.io', namespace, this.name) === undefined) {
      const owner = { apiVersion: 'v1', kind: 'Node', name: this.name, uid: node.metadata.uid }
      this.#api.create(resource, namespace, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: this.name, ownerReferences: [owner] }, spec })
    } else {
      this.#api.edit({ resource, namespace, name: this.name }, (lease) => {
        lease.spec = spec
      })
    }
  }

  #observe(event: StoreEvent): void {
    if (event.resource !== 'pods') return
    const pod = event.object as Pod
    if (pod.spec.nodeName !== this.name || pod.metadata.annotations?.[MIRROR] !== undefined) return
    if (!this.#ownGate.isOpen || !this.#apiGate.isOpen) {
      this.#missed = true
      allOpen([this.#apiGate, this.#ownGate]).then(() => this.#catchUp()).catch((error: unknown) => console.error('embedded kubelet:', error))
      return
    }
    const { clock } = this.#api
    if (event.type === 'DELETED') clock.setTimer(0, () => this.#workers.get(pod.metadata.uid)?.vanish())
    else clock.setTimer(0, () => this.#seen(pod))
  }

  /** Compares all workers with the API, after a time without it. */
  #catchUp(): void {
    if (!this.#missed || !this.#ownGate.isOpen || !this.#apiGate.isOpen) return
    this.#missed = false
    const pods = (this.#api.store.list('pods') as Pod[]).filter((pod) => pod.spec.nodeName === this.name)
    const known = new Set(pods.map((pod) => pod.metadata.uid))
    for (const pod of pods) this.#seen(pod)
    for (const [uid, worker] of this.#workers) if (!known.has(uid)) worker.vanish()
  }

  #seen(pod: Pod): void {
    const { uid } = pod.metadata
    if (pod.spec.nodeName !== this.name || pod.metadata.annotations?.[MIRROR] !== undefined) return
    const worker = this.#workers.get(uid)
    if (worker !== undefined) {
      worker.observe(pod)
      return
    }
    const current = this.#api.store.get('pods', pod.metadata.namespace ?? '', pod.metadata.name) as Pod | undefined
    if (current?.metadata.uid !== uid) return
    const { phase } = current.status
    if (phase === 'Succeeded' || phase === 'Failed') return
    const started = this.#work(current)
    if (current.metadata.deletionTimestamp !== undefined) started.observe(current)
  }

  #work(pod: Pod): PodWorker {
    const { uid } = pod.metadata
    const node = this.#api.store.get('nodes', '', this.name) as Node | undefined
    const octet = addresses++
    const worker = new PodWorker(pod, {
      api: this.#api,
      node: this.name,
      hostIp: node?.status.addresses?.[0]?.address ?? '127.0.0.1',
      podIp: `192.0.2.${(octet % 250) + 2}`,
      gates: [this.#apiGate, this.#ownGate],
      // a short while longer, so that a log that is being read can end
      done: () => void this.#api.clock.setTimer(2000, () => this.#workers.delete(uid)),
    })
    this.#workers.set(uid, worker)
    worker.start()
    return worker
  }

  /** Runs the static pods of a directory from now on. */
  watchStaticPods(directory: string): void {
    this.#staticPods ??= new StaticPods({ api: this.#api, node: this.name, directory, gates: [this.#apiGate, this.#ownGate], work: (pod) => this.#work(pod) })
  }
}
