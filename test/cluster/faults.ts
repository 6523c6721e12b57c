/** Faults of a running cluster, and their ends. Tests that use them run alone: they hit everyone on the cluster. */
import { nodeReadiness } from './api.ts'
import { start, type Component } from './components.ts'
import { isStopped, pidOf, signalPid, stopComponent, until } from './processes.ts'
import { ClusterError, type ClusterState } from './state.ts'
import { components, waitForApiserver } from './up.ts'

export interface Faults {
  /** SIGSTOP: pods on the node go on, but nobody stops them or reports on them. NotReady after 20 to 30 s. */
  freezeKubelet(): void
  thawKubelet(): void
  /** Ends the kubelet; containers go on without it. */
  stopKubelet(): Promise<void>
  startKubelet(): Promise<void>
  /** SIGKILL: connections break, watches end without a word. Resolves when the process is gone. */
  killApiserver(): Promise<void>
  /** Same port, same data; resolves when /readyz says ok. */
  startApiserver(): Promise<void>
  /** SIGTERM and start: the server says goodbye to its watches first. */
  restartApiserver(): Promise<void>
  stopControllerManager(): Promise<void>
  startControllerManager(): Promise<void>
  stopScheduler(): Promise<void>
  startScheduler(): Promise<void>
  /** SIGSTOP: the API server accepts requests and answers none that need etcd. */
  pauseEtcd(): void
  resumeEtcd(): void
  /** Waits until the node's Ready condition is True, or is not. Throws ClusterError after timeoutMs (60 s). */
  waitNodeReady(ready: boolean, timeoutMs?: number): Promise<void>
  /** Ends every fault: thaws, starts what does not run, and waits until the node is Ready. For a test's `after`. */
  heal(): Promise<void>
}

/** The faults of one cluster. */
export function faultsOf(state: ClusterState): Faults {
  const running = (component: Component): number => {
    const pid = pidOf(state.dir, component)
    if (pid === undefined) throw new ClusterError(`${component} of cluster ${state.name} does not run`)
    return pid
  }
  const stop = async (component: Component, signal?: NodeJS.Signals, graceMs?: number): Promise<void> => {
    await stopComponent(state.dir, component, signal, graceMs)
  }
  const startApiserver = async (): Promise<void> => {
    await start(state, 'apiserver')
    await waitForApiserver(state)
  }
  const waitNodeReady = async (ready: boolean, timeoutMs = 60_000): Promise<void> => {
    let last: string | undefined
    const held = await until(async () => {
      last = await nodeReadiness(state)
      return last !== undefined && (last === 'True') === ready
    }, timeoutMs, 200)
    if (!held) throw new ClusterError(`${state.nodeName}: Ready is ${last ?? 'unknown'} after ${timeoutMs} ms, not ${String(ready)}`)
  }
  return {
    freezeKubelet: () => { signalPid(running('kubelet'), 'SIGSTOP') },
    thawKubelet: () => { signalPid(running('kubelet'), 'SIGCONT') },
    stopKubelet: async () => { await stop('kubelet') },
    startKubelet: async () => { await start(state, 'kubelet') },
    killApiserver: async () => { await stop('apiserver', 'SIGKILL') },
    startApiserver,
    restartApiserver: async () => {
      await stop('apiserver', 'SIGTERM', 90_000)
      await startApiserver()
    },
    stopControllerManager: async () => { await stop('controller-manager') },
    startControllerManager: async () => { await start(state, 'controller-manager') },
    stopScheduler: async () => { await stop('scheduler') },
    startScheduler: async () => { await start(state, 'scheduler') },
    pauseEtcd: () => { signalPid(running('etcd'), 'SIGSTOP') },
    resumeEtcd: () => { signalPid(running('etcd'), 'SIGCONT') },
    waitNodeReady,
    heal: async () => {
      // A new containerd would not know the mounts of the containers that are left.
      running('containerd')
      for (const component of components) {
        const pid = pidOf(state.dir, component)
        if (pid === undefined) await start(state, component)
        else if (isStopped(pid)) signalPid(pid, 'SIGCONT')
        if (component === 'apiserver') await waitForApiserver(state)
      }
      await waitNodeReady(true)
    },
  }
}
