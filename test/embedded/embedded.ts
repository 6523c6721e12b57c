import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FieldProblem } from './api-error.ts'
import { Api } from './api.ts'
import { Access, type Rule } from './auth.ts'
import { serverCertificate } from './certificate.ts'
import { realClock, type Clock } from './clock.ts'
import { controllers } from './controllers/all.ts'
import { ControllerRunner } from './controllers/controller.ts'
import { nodeLifecycle } from './controllers/node-lifecycle.ts'
import { Gate } from './gate.ts'
import { RequestHandler, type AuditEntry } from './handler.ts'
import { HttpsFront, type Handle } from './http.ts'
import { Kubelet } from './kubelet/kubelet.ts'
import { cannotRun } from './kubelet/process.ts'
import { unsupported } from './kubelet/command-line.ts'
import { ResourceTable } from './resources.ts'
import { startScheduler } from './scheduler.ts'
import { Store } from './store.ts'
import type { Container, KubeObject, Pod, PodSpec } from './types.ts'
import type { WatchSettings } from './watch.ts'

export type { AuditEntry } from './handler.ts'
export type { Rule } from './auth.ts'
export type { ApiRequest, ApiResponse } from './request.ts'

export interface EmbeddedOptions {
  /** Default: the machine's clock. A driven one makes a grace period of 30 s take milliseconds. */
  readonly clock?: Clock
  /** Names of the nodes; default one, `node-1`. */
  readonly nodes?: readonly string[]
  /** Default: any free port. -1: no socket at all, only `handle`. */
  readonly port?: number
  /** Seconds after which a silent node counts as unreachable; default 2 (the real one takes 20 to 50). */
  readonly nodeMonitorGraceSeconds?: number
  /** Seconds before pods of a missing node are removed; default 2 (the real one takes 40 to 60). */
  readonly podGcSeconds?: number
  /** Stands before every request: answers itself, or calls `next`. For faults. */
  readonly intercept?: (next: Handle) => Handle
}

/** A running cluster in this process. */
export interface EmbeddedCluster {
  /** Path of a kubeconfig file of an administrator. */
  readonly kubeconfig: string
  readonly server: string
  readonly caPem: string
  readonly clock: Clock
  /** Answers a request without a socket; the same function that the port serves. */
  readonly handle: Handle
  /** For tests of watches: bookmark interval, 410 as HTTP error, WatchList off. */
  readonly watches: WatchSettings
  stop(): Promise<void>
  /** Requests that came through `handle`, the cluster's own ones are not among them. */
  audit(): readonly AuditEntry[]
  /** The kubelet stops answering while its containers go on. */
  freezeNode(name: string): void
  thawNode(name: string): void
  /** Takes a node away with its Node object, as when a machine is destroyed. */
  removeNode(name: string): void
  addNode(name: string): void
  /** The directory from which a node runs static pods: manifests may be put there and taken away. */
  staticPodDir(node: string): string
  stopControllerManager(): void
  startControllerManager(): void
  /** Drops all connections and refuses new ones; the data stay, and kubelets wait. */
  killApiserver(): Promise<void>
  startApiserver(): Promise<void>
  /** A further user with a token of its own; the path of its kubeconfig. */
  user(token: string, rules: readonly Rule[], groups?: readonly string[]): string
  /** Makes a token unknown, as when it has expired. */
  revoke(token: string): void
  /** Forgets the history: watches and pages from before answer 410. */
  compact(): void
}

const kubeconfigText = (server: string, caPem: string, user: string, token: string): string =>
  JSON.stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'embedded', cluster: { server, 'certificate-authority-data': Buffer.from(caPem).toString('base64') } }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: 'embedded', context: { cluster: 'embedded', user } }],
      'current-context': 'embedded',
    },
    null,
    2,
  )

/** Refuses pods whose containers could only be guessed at. */
function simulable(object: KubeObject): FieldProblem[] {
  const template = (object.spec as { template?: { metadata?: Pod['metadata']; spec: PodSpec } } | undefined)?.template
  const pod: { metadata?: Pod['metadata']; spec: PodSpec } | undefined = object.kind === 'Pod' ? (object as Pod) : template
  const path = object.kind === 'Pod' ? 'spec' : 'spec.template.spec'
  if (pod === undefined) return []
  // eslint-disable-next-line typescript/no-unnecessary-condition -- comes from a client
  if (!Array.isArray(pod.spec?.containers) || pod.spec.containers.length === 0) return [{ reason: 'FieldValueRequired', field: `${path}.containers`, message: 'Required value' }]
  const problems: FieldProblem[] = []
  for (const list of ['initContainers', 'containers'] as const) {
    for (const [index, container] of (pod.spec[list] ?? []).entries()) {
      const field = `${path}.${list}[${index}]`
      const why = [cannotRun(pod, container), ...extras(container).map((command) => unsupported(command))].find((reason) => reason !== undefined)
      if (why !== undefined) problems.push({ reason: 'FieldValueInvalid', field: `${field}.command`, message: `Invalid value: ${JSON.stringify(container.command ?? container.args ?? [])}: the embedded cluster cannot run this: ${why}` })
    }
  }
  return problems
}

const extras = (container: Container): readonly string[][] =>
  [container.lifecycle?.preStop, container.lifecycle?.postStart, container.readinessProbe, container.livenessProbe, container.startupProbe].flatMap((handler) => (handler?.exec?.command === undefined ? [] : [handler.exec.command]))

/** Starts a cluster: API server, controllers, scheduler and simulated nodes. Takes some ten milliseconds. */
export async function startEmbedded(options: EmbeddedOptions = {}): Promise<EmbeddedCluster> {
  const clock = options.clock ?? realClock()
  const store = new Store()
  const resources = new ResourceTable()
  const api = new Api(store, resources, clock, simulable)
  const access = new Access(store)
  access.addUser('admin-token', { name: 'admin', uid: 'admin', groups: ['system:masters', 'system:authenticated'] })
  const certificate = serverCertificate()
  const apiGate = new Gate()
  const kubelets = new Map<string, Kubelet>()
  const watches: WatchSettings = { bookmarkInterval: 60_000, expiredAsHttp: false, watchList: true }
  const logs = {
    log: (podUid: string, container: string, previous: boolean) => {
      for (const kubelet of kubelets.values()) {
        const found = kubelet.log(podUid, container, previous)
        if (found !== undefined) return found
      }
      return undefined
    },
  }
  const handler = new RequestHandler(api, access, logs, watches)
  const plain: Handle = (request) => {
    if (!apiGate.isOpen) throw Object.assign(new Error('connect ECONNREFUSED: the API server is down'), { code: 'ECONNREFUSED' })
    return handler.handle(request)
  }
  const handle = options.intercept?.(plain) ?? plain
  for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
    api.create(resources.key('namespaces'), '', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
  }
  const addNode = (name: string): void => {
    if (kubelets.has(name)) throw new Error(`there is a node ${name} already`)
    const kubelet = new Kubelet(api, apiGate, name)
    kubelets.set(name, kubelet)
    kubelet.start()
  }
  const lifecycle = nodeLifecycle(kubelets, options.nodeMonitorGraceSeconds ?? 2)
  const all = [...controllers(certificate.authority, options.podGcSeconds ?? 2), lifecycle]
  // one gate for the controllers: shut while they are stopped or the API server is down
  let manager: { readonly runner: ControllerRunner; readonly gate: Gate } | undefined
  const startManager = (): void => {
    const gate = new Gate()
    if (!apiGate.isOpen) gate.close()
    manager ??= { gate, runner: new ControllerRunner(api, gate, all) }
  }
  startScheduler(api, apiGate)
  startManager()
  for (const name of options.nodes ?? ['node-1']) addNode(name)

  // as after a start of the real server: what happened before is not in the watch cache
  store.compact()

  const front = options.port === -1 ? undefined : new HttpsFront(certificate, handle, options.port ?? 0)
  await front?.listen()
  const server = `https://127.0.0.1:${front?.port ?? 0}`
  let directory: string | undefined
  const writeConfig = (user: string, token: string): string => {
    directory ??= mkdtempSync(join(tmpdir(), 'embedded-cluster-'))
    // a long-lived cluster outlives cleaners of /tmp
    mkdirSync(directory, { recursive: true })
    const path = join(directory, `${user}.kubeconfig`)
    writeFileSync(path, kubeconfigText(server, certificate.authority, user, token), { mode: 0o600 })
    return path
  }
  const kubelet = (name: string): Kubelet => {
    const found = kubelets.get(name)
    if (found === undefined) throw new Error(`there is no node ${name}`)
    return found
  }
  const shut = (): void => {
    apiGate.close()
    manager?.gate.close()
    handler.dropStreams()
  }
  return {
    get kubeconfig() {
      return writeConfig('admin', 'admin-token')
    },
    server,
    caPem: certificate.authority,
    clock,
    handle,
    watches,
    stop: async () => {
      shut()
      manager?.runner.stop()
      for (const node of kubelets.values()) node.stop()
      await front?.close()
      if (directory !== undefined) rmSync(directory, { recursive: true, force: true })
    },
    audit: () => handler.audit,
    freezeNode: (name) => {
      kubelet(name).freeze()
      manager?.runner.add(lifecycle, name)
    },
    thawNode: (name) => kubelet(name).thaw(),
    removeNode: (name) => {
      kubelet(name).stop()
      kubelets.delete(name)
      api.delete({ resource: resources.key('nodes'), namespace: '', name })
    },
    addNode,
    staticPodDir: (name) => {
      directory ??= mkdtempSync(join(tmpdir(), 'embedded-cluster-'))
      const manifests = join(directory, `static-${name}`)
      mkdirSync(manifests, { recursive: true })
      kubelet(name).watchStaticPods(manifests)
      return manifests
    },
    stopControllerManager: () => {
      manager?.runner.stop()
      manager = undefined
    },
    startControllerManager: startManager,
    killApiserver: async () => {
      shut()
      await front?.close()
    },
    startApiserver: async () => {
      await front?.listen()
      apiGate.open()
      manager?.gate.open()
    },
    user: (token, rules, groups = []) => {
      const name = token.replace(/-token$/, '')
      access.addUser(token, { name, uid: name, groups: [...groups, 'system:authenticated'] }, rules)
      return writeConfig(name, token)
    },
    revoke: (token) => access.revoke(token),
    compact: () => store.compact(),
  }
}
