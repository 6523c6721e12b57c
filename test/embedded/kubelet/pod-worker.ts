import { isDeepStrictEqual } from 'node:util'
import { ApiError } from '../api-error.ts'
import type { Api, Ref } from '../api.ts'
import { timestamp } from '../clock.ts'
import { recordEvent } from '../events.ts'
import { allOpen, type Gate } from '../gate.ts'
import type { ContainerStatus, Pod } from '../types.ts'
import { ContainerRunner } from './container.ts'
import { isPresent, type Ended } from './process.ts'
import { phaseOf, podStatus } from './status.ts'

export interface WorkerOptions {
  readonly api: Api
  readonly node: string
  readonly hostIp: string
  readonly podIp: string
  /** Shut while the API server is down or the node is frozen. */
  readonly gates: readonly Gate[]
  readonly done: () => void
}

/** The annotation of a mirror pod: what a node runs from a file. */
export const MIRROR = 'kubernetes.io/config.mirror'

/** Milliseconds that a step of the simulated runtime takes: what a real node needs a second for. */
const STEP = 10

/** What the kubelet does about one pod, from its binding to its last DELETE (pkg/kubelet/pod_workers.go). */
export class PodWorker {
  readonly runners: readonly ContainerRunner[]
  readonly #options: WorkerOptions
  readonly #startTime: string
  #uid: string
  readonly #ref: Ref
  #pod: Pod
  #stopping = false
  #finished = false
  #sandboxReady = false
  #hadSandbox = false
  #keepConditions = false
  #phase = 'Pending'
  #reason: { reason: string; message: string } | undefined
  #shown: Map<string, ContainerStatus> | undefined
  #syncing = false
  #wake: () => void = () => undefined
  readonly #stopped: Promise<void>

  constructor(pod: Pod, options: WorkerOptions) {
    this.#options = options
    this.#pod = pod
    this.#uid = pod.metadata.uid
    const { api } = options
    this.#ref = { resource: api.resources.key('pods'), namespace: pod.metadata.namespace ?? '', name: pod.metadata.name }
    this.#startTime = timestamp(api.clock.now())
    this.#stopped = new Promise((resolve) => {
      this.#wake = resolve
    })
    const shared = new Map<string, string>()
    const { spec } = pod
    const initial = (spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating'
    const make = (kind: ContainerRunner['kind'], container: Pod['spec']['containers'][number]): ContainerRunner =>
      new ContainerRunner({ spec: container, kind, clock: api.clock, pod, shared, waiting: initial, changed: () => this.#sync() })
    this.runners = [
      ...(spec.initContainers ?? []).map((container) => make(container.restartPolicy === 'Always' ? 'sidecar' : 'init', container)),
      ...spec.containers.map((container) => make('main', container)),
    ]
  }

  /** Asked again after every wait: the answer changes meanwhile. */
  #isStopping(): boolean {
    return this.#stopping
  }

  get uid(): string {
    return this.#uid
  }

  /** Begins: runs the pod until it ends or is deleted. */
  start(): void {
    this.#run().catch((error: unknown) => {
      if (!(error instanceof ApiError && error.code === 404)) console.error('embedded kubelet:', error)
    })
  }

  /** The pod changed in the API. */
  observe(pod: Pod): void {
    this.#pod = pod
    if (pod.metadata.deletionTimestamp !== undefined) this.#terminate(Math.max(1, pod.metadata.deletionGracePeriodSeconds ?? 1), true)
  }

  /** The pod is gone from the API: its processes are stopped without anybody hearing of it. */
  vanish(): void {
    this.#terminate(Math.max(1, this.#pod.metadata.deletionGracePeriodSeconds ?? 1), false)
  }

  /** The mirror of a static pod was made anew: same containers, another object. */
  rebind(pod: Pod): void {
    this.#uid = pod.metadata.uid
    this.#pod = pod
    this.#sync()
  }

  /** A static pod's file is gone. */
  end(): void {
    this.#terminate(this.#pod.spec.terminationGracePeriodSeconds ?? 30, true)
  }

  async #online(): Promise<void> {
    await allOpen(this.#options.gates)
  }

  async #run(): Promise<void> {
    await this.#online()
    if (this.#isStopping()) return
    this.#writeStatus()
    await this.#sleep(STEP)
    await this.#online()
    if (this.#isStopping()) return
    this.#sandboxReady = true
    this.#hadSandbox = true
    if (this.#missingImage()) return
    for (const runner of this.runners) {
      if (runner.kind === 'main' || this.#isStopping()) continue
      if (!(await this.#initialize(runner))) return
    }
    if (this.#isStopping()) return
    for (const runner of this.runners.filter((other) => other.kind === 'main')) this.#launch(runner)
  }

  /** A container whose image no node has waits for ever. */
  #missingImage(): boolean {
    const missing = this.runners.filter((runner) => !isPresent(runner.spec.image))
    for (const runner of missing) {
      const never = runner.spec.imagePullPolicy === 'Never'
      const message = never ? `Container image "${runner.spec.image}" is not present with pull policy of Never` : `Back-off pulling image "${runner.spec.image}"`
      runner.state = { waiting: { reason: never ? 'ErrImageNeverPull' : 'ImagePullBackOff', message } }
      this.#record('Failed', `Error: ${never ? 'ErrImageNeverPull' : 'ImagePullBackOff'}`, `spec.containers{${runner.spec.name}}`, 'Warning')
    }
    if (missing.length > 0) this.#sync()
    return missing.length > 0
  }

  /** Runs an init container to its success, or starts a sidecar; false when the pod goes no further. */
  async #initialize(runner: ContainerRunner): Promise<boolean> {
    this.#launch(runner)
    if (runner.kind === 'sidecar') {
      while (!runner.started && !this.#isStopping()) await this.#sleep(50)
      return !this.#isStopping()
    }
    while (runner.state.terminated?.exitCode !== 0) {
      if (this.#isStopping() || this.#finished) return false
      await Promise.race([runner.exited, this.#stopped])
      // its state follows in the same turn; a failed one is started again by the restart policy
      await this.#sleep(1)
    }
    return !this.#isStopping()
  }

  #launch(runner: ContainerRunner): void {
    const path = `spec.${runner.kind === 'main' ? 'containers' : 'initContainers'}{${runner.spec.name}}`
    this.#record('Pulled', `Container image "${runner.spec.image}" already present on machine and can be accessed by the pod`, path)
    this.#record('Created', 'Container created', path)
    this.#record('Started', 'Container started', path)
    runner.start()
    runner.exited?.then(
      (ended) => this.#exited(runner, ended),
      () => undefined,
    ).catch((error: unknown) => console.error('embedded kubelet:', error))
  }

  async #exited(runner: ContainerRunner, ended: Ended): Promise<void> {
    if (this.#isStopping() || this.#finished) return
    const policy = runner.kind === 'sidecar' ? 'Always' : (this.#pod.spec.restartPolicy ?? 'Always')
    const again = runner.kind === 'init' ? ended.code !== 0 && policy !== 'Never' : policy === 'Always' || (policy === 'OnFailure' && ended.code !== 0)
    if (!again) {
      await this.#perhapsFinish()
      return
    }
    await this.#sleep(STEP)
    if (runner.restartCount > 0) {
      const seconds = Math.min(300, 10 * 2 ** (runner.restartCount - 1))
      runner.backOff(seconds)
      this.#record('BackOff', `Back-off restarting failed container ${runner.spec.name} in pod ${this.#pod.metadata.name}_${this.#ref.namespace}(${this.#uid})`, `spec.containers{${runner.spec.name}}`, 'Warning')
      await Promise.race([this.#sleep(seconds * 1000), this.#stopped])
    }
    await this.#online()
    if (!this.#isStopping()) this.#launch(runner)
  }

  /** A pod that will not restart anything has ended by itself: sidecars stop, then the phase is terminal. */
  async #perhapsFinish(): Promise<void> {
    const phase = phaseOf(this.#pod, this.runners)
    if (phase !== 'Succeeded' && phase !== 'Failed') return
    const mains = this.runners.filter((runner) => runner.kind === 'main')
    if (mains.some((runner) => runner.isRunning)) return
    this.#finished = true
    await this.#stopContainers(this.#pod.spec.terminationGracePeriodSeconds ?? 30)
    await this.#online()
    if (this.#isStopping()) return
    this.#phase = phase
    this.#sandboxReady = false
    this.#sync()
  }

  /** Ends a pod that runs too long or must leave its node, without deleting it. */
  async fail(reason: string, message: string): Promise<void> {
    if (this.#isStopping() || this.#finished) return
    this.#finished = true
    this.#reason = { reason, message }
    await this.#stopContainers(this.#pod.spec.terminationGracePeriodSeconds ?? 30)
    await this.#online()
    this.#phase = 'Failed'
    this.#sandboxReady = false
    this.#sync()
  }

  #terminate(grace: number, report: boolean): void {
    if (this.#isStopping()) return
    this.#stopping = true
    this.#wake()
    for (const runner of this.runners) if (runner.restartCount === 0 && runner.state.waiting !== undefined && runner.lastState.terminated === undefined) runner.state = { waiting: { reason: this.runners.some((other) => other.kind !== 'main') ? 'PodInitializing' : 'ContainerCreating' } }
    this.#shown = new Map(this.runners.map((runner) => [runner.spec.name, runner.status()]))
    const end = async (): Promise<void> => {
      await this.#online()
      if (report) this.#writeStatus()
      await this.#stopContainers(grace)
      if (report) await this.#reportEnd()
      this.#options.done()
    }
    end().catch((error: unknown) => {
      this.#options.done()
      if (!(error instanceof ApiError && (error.code === 404 || error.code === 409))) console.error('embedded kubelet:', error)
    })
  }

  /** All containers in parallel; sidecars after the main ones, in reverse order (kuberuntime_termination_order.go). */
  async #stopContainers(grace: number): Promise<void> {
    const running = this.runners.filter((runner) => runner.isRunning)
    const sidecars = this.runners.filter((runner) => runner.kind === 'sidecar')
    const mains = running.filter((runner) => runner.kind !== 'sidecar')
    await Promise.all(
      running.map(async (runner) => {
        const path = `spec.${runner.kind === 'main' ? 'containers' : 'initContainers'}{${runner.spec.name}}`
        await this.#online()
        this.#record('Killing', `Stopping container ${runner.spec.name}`, path)
        const later = runner.kind === 'sidecar' ? [...mains, ...sidecars.slice(sidecars.indexOf(runner) + 1)] : []
        const turn = async (secondsLeft: number): Promise<void> => {
          const others = Promise.all(later.map(async (other) => await (other.exited ?? Promise.resolve())))
          await Promise.race([others, this.#sleep(Math.max(0, secondsLeft) * 1000)])
        }
        await runner.stop(grace, () => this.#record('FailedPreStopHook', 'PreStopHook failed', path, 'Warning'), later.length > 0 ? turn : undefined)
      }),
    )
  }

  /** The end states once, then the terminal phase, then the DELETE that removes the object (status_manager.go). */
  async #reportEnd(): Promise<void> {
    await this.#sleep(STEP)
    await this.#online()
    this.#sandboxReady = false
    const lost = this.runners.filter((runner) => runner.state.waiting !== undefined && runner.lastState.terminated === undefined)
    this.#shown = lost.length === 0 ? undefined : new Map(lost.map((runner) => [runner.spec.name, runner.status()]))
    if (lost.length > 0) this.#writeStatus()
    const initialized = this.runners.every((runner) => runner.kind !== 'init' || runner.state.terminated?.exitCode === 0)
    for (const runner of lost) {
      if (!initialized && runner.kind === 'main') continue
      runner.state = { terminated: { exitCode: 137, reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was terminated', startedAt: null, finishedAt: null } }
    }
    this.#shown = undefined
    // the conditions of a pod whose containers got lost are not looked at again (kubelet_pods.go TerminatePod)
    this.#keepConditions = lost.length > 0
    const codes = this.runners.filter((runner) => runner.kind === 'main').map((runner) => runner.state.terminated?.exitCode ?? runner.lastState.terminated?.exitCode ?? 137)
    const isMirror = this.#pod.metadata.annotations?.[MIRROR] !== undefined
    if (!isMirror && this.#phase !== 'Succeeded' && this.#phase !== 'Failed') this.#phase = codes.every((code) => code === 0) ? 'Succeeded' : 'Failed'
    this.#writeStatus()
    await this.#sleep(STEP)
    await this.#online()
    this.#options.api.delete(this.#ref, { gracePeriodSeconds: 0, preconditions: { uid: this.#uid } })
  }

  async #sleep(milliseconds: number): Promise<void> {
    await this.#options.api.clock.sleep(milliseconds)
  }

  #record(reason: string, message: string, fieldPath: string, type: 'Normal' | 'Warning' = 'Normal'): void {
    recordEvent(this.#options.api, this.#pod, { reason, message, type, component: 'kubelet', host: this.#options.node, fieldPath })
  }

  /** Writes the status soon, once for all changes of this moment. */
  #sync(): void {
    if (this.#syncing || this.#isStopping()) return
    this.#syncing = true
    const { clock } = this.#options.api
    clock.setTimer(0, () => {
      this.#online().then(() => {
        this.#syncing = false
        if (!this.#isStopping()) this.#writeStatus()
      }).catch((error: unknown) => console.error('embedded kubelet:', error))
    })
  }

  #writeStatus(): void {
    const { api, hostIp, podIp } = this.#options
    const current = api.store.get('pods', this.#ref.namespace, this.#ref.name) as Pod | undefined
    if (current?.metadata.uid !== this.#uid) return
    const own = this.#isStopping() || this.#finished ? this.#phase : phaseOf(current, this.runners)
    if (!this.#isStopping() && !this.#finished) this.#phase = own
    const status = podStatus(current, {
      now: api.clock.now(),
      phase: current.status.phase === 'Failed' || current.status.phase === 'Succeeded' ? current.status.phase : own,
      startTime: this.#startTime,
      podIp: this.#hadSandbox ? podIp : undefined,
      hostIp,
      sandboxReady: this.#sandboxReady,
      runners: this.runners,
      shown: this.#shown,
      ...this.#reason,
    })
    if (this.#keepConditions && current.status.conditions !== undefined) status.conditions = current.status.conditions
    if (isDeepStrictEqual(status, current.status)) return
    this.#pod = api.edit(this.#ref, (object) => {
      object.status = status
    }, { subresource: 'status', manager: 'kubelet' }) as Pod
  }
}
