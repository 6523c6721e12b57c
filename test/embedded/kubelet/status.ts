import { timestamp } from '../clock.ts'
import type { Condition, ContainerStatus, Pod, PodStatus } from '../types.ts'
import type { ContainerRunner } from './container.ts'

export interface PodFacts {
  readonly now: number
  readonly phase: string
  readonly startTime: string
  readonly podIp: string | undefined
  readonly hostIp: string
  readonly sandboxReady: boolean
  readonly runners: readonly ContainerRunner[]
  /** Statuses to show instead of the runners' own: during termination the kubelet publishes ends only once. */
  readonly shown: ReadonlyMap<string, ContainerStatus> | undefined
  readonly reason?: string
  readonly message?: string
}

/** The phase that the containers' states add up to (pkg/kubelet getPhase). */
export function phaseOf(pod: Pod, runners: readonly ContainerRunner[]): string {
  const init = runners.filter((runner) => runner.kind === 'init')
  const mains = runners.filter((runner) => runner.kind === 'main')
  const policy = pod.spec.restartPolicy
  const failedInit = init.some((runner) => runner.state.terminated !== undefined && runner.state.terminated.exitCode !== 0)
  if (failedInit && policy === 'Never') return 'Failed'
  const pendingInit = init.some((runner) => runner.state.terminated?.exitCode !== 0)
  const notStarted = mains.some((runner) => runner.state.waiting !== undefined && runner.lastState.terminated === undefined)
  if (pendingInit || notStarted) return 'Pending'
  if (mains.some((runner) => runner.isRunning || runner.state.waiting !== undefined)) return 'Running'
  const codes = mains.map((runner) => runner.state.terminated?.exitCode ?? 0)
  if (policy === 'Always') return 'Running'
  if (codes.every((code) => code === 0)) return 'Succeeded'
  return policy === 'Never' ? 'Failed' : 'Running'
}

const statusesOf = (facts: PodFacts, kinds: readonly string[]): ContainerStatus[] =>
  facts.runners.filter((runner) => kinds.includes(runner.kind)).map((runner) => facts.shown?.get(runner.spec.name) ?? runner.status())

/** A static pod was never scheduled and counts no generations. */
function asStatic(pod: Pod, facts: PodFacts): Pod {
  const { generation: _uncounted, ...metadata } = pod.metadata
  const scheduled: Condition = { type: 'PodScheduled', status: 'True', lastProbeTime: null, lastTransitionTime: facts.startTime }
  const others = (pod.status.conditions ?? []).filter((condition) => condition.type !== 'PodScheduled')
  return { ...pod, metadata, status: { ...pod.status, conditions: [...others, scheduled] } }
}

/** The status that the kubelet writes for a pod. */
export function podStatus(given: Pod, facts: PodFacts): PodStatus {
  const pod = given.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined ? given : asStatic(given, facts)

  const containers = statusesOf(facts, ['main']).toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const init = statusesOf(facts, ['init', 'sidecar'])
  const ephemeral = statusesOf(facts, ['ephemeral'])
  const { generation } = pod.metadata
  const ip = facts.podIp
  return {
    ...(generation === undefined ? {} : { observedGeneration: generation }),
    phase: facts.phase,
    resources: {},
    conditions: conditions(pod, facts, containers, init),
    ...(facts.message === undefined ? {} : { message: facts.message }),
    ...(facts.reason === undefined ? {} : { reason: facts.reason }),
    hostIP: facts.hostIp,
    hostIPs: [{ ip: facts.hostIp }],
    ...(ip === undefined ? {} : { podIP: ip, podIPs: [{ ip }] }),
    startTime: facts.startTime,
    ...(init.length === 0 ? {} : { initContainerStatuses: init }),
    containerStatuses: containers,
    ...(ephemeral.length === 0 ? {} : { ephemeralContainerStatuses: ephemeral }),
    ...(pod.status.qosClass === undefined ? {} : { qosClass: pod.status.qosClass }),
  }
}

interface Verdict {
  readonly status: 'True' | 'False'
  readonly reason?: string
  readonly message?: string
}

const list = (names: readonly string[]): string => `[${names.join(' ')}]`

/** Whether every container is ready (pkg/kubelet/status GenerateContainersReadyCondition). */
function containersReady(pod: Pod, facts: PodFacts, containers: readonly ContainerStatus[], init: readonly ContainerStatus[]): Verdict {
  if (facts.phase === 'Succeeded') return { status: 'False', reason: 'PodCompleted' }
  const sidecars = new Set(pod.spec.initContainers?.filter((container) => container.restartPolicy === 'Always').map((container) => container.name))
  const unready = [...init.filter((status) => sidecars.has(status.name)), ...containers].filter((status) => !status.ready).map((status) => status.name)
  if (facts.phase === 'Failed') return { status: 'False', reason: 'PodFailed' }
  if (unready.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ContainersNotReady', message: `containers with unready status: ${list(unready)}` }
}

function initialized(pod: Pod, facts: PodFacts, init: readonly ContainerStatus[]): Verdict {
  const open = init.filter((status) => {
    const sidecar = pod.spec.initContainers?.find((container) => container.name === status.name)?.restartPolicy === 'Always'
    return sidecar ? status.started !== true && status.state.terminated === undefined : status.state.terminated?.exitCode !== 0
  })
  if (facts.phase === 'Succeeded') return { status: 'True', reason: 'PodCompleted' }
  if (open.length === 0) return { status: 'True' }
  return { status: 'False', reason: 'ContainersNotInitialized', message: `containers with incomplete status: ${list(open.map((status) => status.name))}` }
}

function conditions(pod: Pod, facts: PodFacts, containers: readonly ContainerStatus[], init: readonly ContainerStatus[]): Condition[] {
  const ready = containersReady(pod, facts, containers, init)
  const own: readonly (readonly [string, Verdict])[] = [
    ['PodReadyToStartContainers', { status: facts.sandboxReady ? 'True' : 'False' }],
    ['Initialized', initialized(pod, facts, init)],
    ['Ready', readyWithGates(pod, ready)],
    ['ContainersReady', ready],
  ]
  const before = pod.status.conditions ?? []
  const written = own.map(([type, verdict]): Condition => {
    const old = before.find((condition) => condition.type === type)
    const same = old?.status === verdict.status
    return {
      type,
      ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }),
      ...verdict,
      lastProbeTime: null,
      lastTransitionTime: same ? (old.lastTransitionTime ?? null) : timestamp(facts.now),
    }
  })
  const scheduled = before
    .filter((condition) => condition.type === 'PodScheduled')
    .map((condition) => ({ ...condition, ...(pod.metadata.generation === undefined ? {} : { observedGeneration: pod.metadata.generation }) }))
  const foreign = before.filter((condition) => condition.type !== 'PodScheduled' && !own.some(([type]) => type === condition.type))
  return [...foreign, ...written, ...scheduled]
}

function readyWithGates(pod: Pod, ready: Verdict): Verdict {
  const missing = (pod.spec.readinessGates ?? []).filter((gate) => pod.status.conditions?.find((condition) => condition.type === gate.conditionType)?.status !== 'True')
  if (ready.status === 'False' || missing.length === 0) return ready
  return { status: 'False', reason: 'ReadinessGatesNotReady', message: missing.map((gate) => `corresponding condition of pod readiness gate "${gate.conditionType}" does not exist.`).join(', ') }
}
