/** containerd's own record of how containers ended: the truth that the kubelet's report is compared with. */
import { existsSync, readFileSync } from 'node:fs'
import { pathsOf, type ClusterState } from './state.ts'

/** The end of one container's first process. */
export interface TaskExit {
  readonly containerId: string
  readonly exitCode: number
  readonly exitedAt: Date
}

export interface Tasks {
  /** The ends that containerd has recorded, oldest first; of these containers (ids as in `containerd://ID`), or of all. */
  taskExits(containerIds?: readonly string[]): readonly TaskExit[]
}

/** The tasks of one cluster. */
export function tasksOf(state: ClusterState): Tasks {
  const { taskEvents } = pathsOf(state.dir)
  return {
    taskExits: (containerIds) => {
      const wanted = containerIds === undefined ? undefined : new Set(containerIds.map((id) => id.replace('containerd://', '')))
      const exits = existsSync(taskEvents) ? parseExits(readFileSync(taskEvents, 'utf8')) : []
      return wanted === undefined ? exits : exits.filter((exit) => wanted.has(exit.containerId))
    },
  }
}

interface RawExit {
  readonly container_id: string
  readonly id: string
  /** Left out when it is 0. */
  readonly exit_status?: number
  readonly exited_at: string
}

function parseExits(text: string): readonly TaskExit[] {
  // The last line may still be half written.
  const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').filter((line) => line.includes(' /tasks/exit {'))
  return lines
    .map((line) => JSON.parse(line.slice(line.indexOf('{'))) as RawExit)
    // An exec in a container ends with an id of its own.
    .filter((raw) => raw.id === raw.container_id)
    .map((raw) => ({ containerId: raw.container_id, exitCode: raw.exit_status ?? 0, exitedAt: new Date(raw.exited_at) }))
}
