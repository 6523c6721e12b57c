import { nothing, timestamp, type Clock } from '../clock.ts'
import { Log } from '../logs.ts'
import { hexOf } from '../random.ts'
import type { Container, ContainerState, ContainerStatus, Handler, Pod, Probe } from '../types.ts'
import { containerFiles, runBeside, startProcess, type Ended, type Process, type ProcessOptions } from './process.ts'
import type { Files } from './shell.ts'

export type ContainerKind = 'init' | 'sidecar' | 'main' | 'ephemeral'

/** Below this a container always gets two seconds (kuberuntime minimumGracePeriodInSeconds). */
const MINIMUM_GRACE = 2

/** One container of a pod through all its runs. */
export class ContainerRunner {
  readonly spec: Container
  readonly kind: ContainerKind
  state: ContainerState
  lastState: ContainerState = {}
  restartCount = 0
  ready = false
  started = false
  log: Log | undefined
  previousLog: Log | undefined
  /** Settles when the present run ends. */
  exited: Promise<Ended> | undefined
  readonly #clock: Clock
  readonly #pod: Pod
  readonly #files: Files
  readonly #ports = new Set<number>()
  readonly #changed: () => void
  #containerId: string | undefined
  #process: Process | undefined
  #probes: (() => void)[] = []

  constructor(options: { spec: Container; kind: ContainerKind; clock: Clock; pod: Pod; shared: Map<string, string>; changed: () => void; waiting: string }) {
    this.spec = options.spec
    this.kind = options.kind
    this.#clock = options.clock
    this.#pod = options.pod
    this.#changed = options.changed
    this.#files = containerFiles(options.spec, options.shared)
    this.state = { waiting: { reason: options.waiting } }
  }

  get isRunning(): boolean {
    return this.state.running !== undefined
  }

  #options(): ProcessOptions {
    return {
      clock: this.#clock,
      pod: this.#pod,
      container: this.spec,
      files: this.#files,
      write: (line) => this.log?.write(this.#clock.now(), line),
      listen: (port) => this.#ports.add(port),
    }
  }

  /** Starts a run; `exited` settles with its end, after the state shows it. */
  start(): void {
    if (this.state.terminated !== undefined) this.lastState = { terminated: this.state.terminated }
    if (this.#containerId !== undefined) this.restartCount++
    this.previousLog = this.log
    const log = new Log()
    this.log = log
    this.#ports.clear()
    this.#containerId = `containerd://${hexOf(32)}`
    const startedAt = timestamp(this.#clock.now())
    const process = startProcess(this.#options())
    this.#process = process
    this.state = { running: { startedAt } }
    this.started = this.spec.startupProbe === undefined
    this.ready = this.started && this.spec.readinessProbe === undefined
    this.exited = process.exited.then((ended) => {
      this.#end(ended, startedAt, log)
      return ended
    })
    this.#startProbes()
    const hook = this.spec.lifecycle?.postStart?.exec?.command
    if (hook !== undefined) runBeside(this.#options(), process, hook).done.catch(() => process.kill())
    this.#changed()
  }

  #end(ended: Ended, startedAt: string, log: Log): void {
    this.#stopProbes()
    log.end()
    const message = this.#files.read('/dev/termination-log')
    this.state = {
      terminated: {
        exitCode: ended.code,
        reason: ended.reason ?? (ended.code === 0 ? 'Completed' : 'Error'),
        ...(message === undefined || message === '' ? {} : { message }),
        startedAt,
        finishedAt: timestamp(this.#clock.now()),
        ...(this.#containerId === undefined ? {} : { containerID: this.#containerId }),
      },
    }
    this.#process = undefined
    this.ready = false
    this.started = false
    this.#changed()
  }

  /** The container is not restarted before its back-off ends. */
  backOff(seconds: number): void {
    if (this.state.terminated !== undefined) this.lastState = { terminated: this.state.terminated }
    const pod = this.#pod.metadata
    const message = `back-off ${seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`} restarting failed container=${this.spec.name} pod=${pod.name}_${pod.namespace ?? ''}(${pod.uid})`
    this.state = { waiting: { reason: 'CrashLoopBackOff', message } }
    this.#changed()
  }

  /**
   * Stops the present run: preStop, then `turn` (a sidecar's place in the order), then the stop signal, then SIGKILL
   * when the grace is over (kuberuntime_container.go killContainer). `hookFailed` is called when preStop fails.
   */
  async stop(grace: number, hookFailed: () => void, turn: (secondsLeft: number) => Promise<void> = async () => undefined): Promise<void> {
    const process = this.#process
    const exited = this.exited
    if (process === undefined || exited === undefined) return
    const before = this.#clock.now()
    const hook = this.spec.lifecycle?.preStop
    if (hook !== undefined && grace > 0) await this.#preStop(hook, grace, exited, hookFailed)
    const spent = (): number => Math.floor((this.#clock.now() - before) / 1000)
    await turn(grace - spent())
    const left = Math.max(MINIMUM_GRACE, grace - spent())
    const signal = (this.spec.lifecycle?.stopSignal ?? 'SIGTERM').replace(/^SIG/, '')
    if (signal === 'KILL') process.kill()
    else process.deliver(signal)
    const cancel = this.#clock.setTimer(left * 1000, () => process.kill())
    await exited
    cancel()
  }

  async #preStop(hook: Handler, grace: number, exited: Promise<Ended>, hookFailed: () => void): Promise<void> {
    const deadline = this.#after(grace * 1000)
    if (hook.sleep !== undefined) {
      const asleep = this.#after(hook.sleep.seconds * 1000)
      await Promise.race([asleep.done, deadline.done, exited])
      asleep.cancel()
    } else if (hook.exec !== undefined) {
      const { shell, done } = runBeside(this.#options(), this.#process, hook.exec.command ?? [])
      // a hook that overruns goes on until its container ends, and has failed only then
      const ended = Promise.race([done, exited.then(() => 137)]).then((code) => {
        shell.kill()
        if (code !== 0) hookFailed()
      })
      await Promise.race([ended, deadline.done])
    } else if (!this.#succeeds(hook)) hookFailed()
    deadline.cancel()
  }

  #after(milliseconds: number): { readonly done: Promise<void>; readonly cancel: () => void } {
    let cancel: () => void = nothing
    const done = new Promise<void>((resolve) => {
      cancel = this.#clock.setTimer(milliseconds, resolve)
    })
    return { done, cancel }
  }

  /** Whether a network probe or hook reaches a server in the container. */
  #succeeds(handler: Handler): boolean {
    const port = handler.httpGet?.port ?? handler.tcpSocket?.port ?? handler.grpc?.port
    const number = typeof port === 'string' ? this.spec.ports?.find((other) => other.name === port)?.containerPort : port
    return number !== undefined && this.#ports.has(number)
  }

  #startProbes(): void {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec
    if (readinessProbe !== undefined) {
      this.#probe(readinessProbe, (healthy) => {
        if (this.ready === (healthy && this.started)) return
        this.ready = healthy && this.started
        this.#changed()
      })
    }
    if (startupProbe !== undefined) {
      this.#probe(startupProbe, (healthy) => {
        if (!healthy || this.started) return
        this.started = true
        this.ready = readinessProbe === undefined
        this.#changed()
      })
    }
    if (livenessProbe !== undefined) {
      this.#probe(livenessProbe, (healthy) => {
        if (healthy || this.#process === undefined) return
        this.#stopProbes()
        const grace = livenessProbe.terminationGracePeriodSeconds ?? this.#pod.spec.terminationGracePeriodSeconds ?? 30
        this.stop(grace, () => undefined).catch(() => undefined)
      })
    }
  }

  /** Asks again and again; `report` hears the verdict each time a threshold is reached. */
  #probe(probe: Probe, report: (healthy: boolean) => void): void {
    let cancel: () => void = nothing
    let stopped = false
    let good = 0
    let bad = 0
    const ask = async (): Promise<void> => {
      const command = probe.exec?.command
      const healthy = command === undefined ? this.#succeeds(probe) : (await runBeside(this.#options(), this.#process, command).done) === 0
      if (stopped) return
      good = healthy ? good + 1 : 0
      bad = healthy ? 0 : bad + 1
      if (good >= (probe.successThreshold ?? 1)) report(true)
      if (bad >= (probe.failureThreshold ?? 3)) report(false)
      again((probe.periodSeconds ?? 10) * 1000)
    }
    const again = (milliseconds: number): void => {
      cancel = this.#clock.setTimer(milliseconds, () => {
        ask().catch(() => report(false))
      })
    }
    again((probe.initialDelaySeconds ?? 0) * 1000 + 20)
    this.#probes.push(() => {
      stopped = true
      cancel()
    })
  }

  #stopProbes(): void {
    for (const stop of this.#probes) stop()
    this.#probes = []
  }

  /** The status as the kubelet reports it. */
  status(): ContainerStatus {
    return {
      name: this.spec.name,
      state: this.state,
      lastState: this.lastState,
      ready: this.kind === 'init' ? this.state.terminated?.exitCode === 0 : this.ready,
      restartCount: this.restartCount,
      image: this.spec.image,
      imageID: this.#containerId === undefined ? '' : `sha256:${'5'.repeat(64)}`,
      ...(this.#containerId === undefined ? {} : { containerID: this.#containerId }),
      started: this.started,
      ...(this.spec.resources === undefined || this.#containerId === undefined ? {} : { resources: this.spec.resources }),
      ...(this.spec.volumeMounts === undefined
        ? {}
        : { volumeMounts: this.spec.volumeMounts.map((mount) => ({ ...mount, ...(mount['readOnly'] === true ? { recursiveReadOnly: 'Disabled' } : {}) })) }),
    }
  }
}
