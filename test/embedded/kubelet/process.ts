import { nothing, type Clock } from '../clock.ts'
import type { Container, Pod } from '../types.ts'
import { scriptOfCommand, unsupported } from './command-line.ts'
import { Shell, type Files, type Surroundings } from './shell.ts'
import { ShellError } from './shell-parse.ts'

export interface Ended {
  readonly code: number
  readonly reason?: string
}

/** A running main process of a container. */
export interface Process {
  readonly exited: Promise<Ended>
  deliver(signal: string): void
  kill(reason?: string): void
}

/** The annotation by which a pod describes, container by container, what sh cannot express here. */
export const BEHAVIOUR = 'embedded.kubectl-safe-delete/behaviour'

export interface Behaviour {
  /** Seconds after which it ends by itself, with `code` and `reason`. */
  readonly exits?: { readonly after: number; readonly code: number; readonly reason?: string }
  /** What a signal does; one that is absent is ignored. */
  readonly signals?: Readonly<Record<string, { readonly after: number; readonly code: number; readonly reason?: string }>>
}

const pauseCommand = ['/bin/sh', '-c', 'trap "exit 0" TERM INT; while :; do sleep 3600 & wait; done']

/** The commands that the images of test clusters have by themselves. */
const images: Readonly<Record<string, readonly string[]>> = {
  'localhost/busybox:1': ['/bin/sh'],
  'localhost/pause:1': pauseCommand,
}

export const isPresent = (image: string): boolean => images[image] !== undefined

/** `$(VAR)` and `$$` in a container's command, before any shell sees them (k8s.io/kubernetes third_party/forked/golang/expansion). */
const expanded = (text: string, container: Container): string =>
  text.replaceAll(/\$(\$|\(([A-Za-z_]\w*)\))/g, (whole, inner: string, name: string | undefined) => (inner === '$' ? '$' : (container.env?.find((variable) => variable.name === name)?.value ?? whole)))

/** What a container runs: its command and args, else its image's. */
export function argvOf(container: Container): readonly string[] {
  const command = (container.command ?? []).map((word) => expanded(word, container))
  const args = (container.args ?? []).map((word) => expanded(word, container))
  if (command.length > 0) return [...command, ...args]
  if (args.length > 0) return args
  return images[container.image] ?? pauseCommand
}

export function behaviourOf(pod: { readonly metadata?: Pick<Pod['metadata'], 'annotations'> }, container: string): Behaviour | undefined {
  const text = pod.metadata?.annotations?.[BEHAVIOUR]
  return text === undefined ? undefined : (JSON.parse(text) as Record<string, Behaviour>)[container]
}

/** Why a container cannot be simulated; nothing when it can. Images that no node has never run, so anything goes. */
export function cannotRun(pod: { readonly metadata?: Pick<Pod['metadata'], 'annotations'> }, container: Container): string | undefined {
  if (!isPresent(container.image) || behaviourOf(pod, container.name) !== undefined) return undefined
  return unsupported(argvOf(container))
}

/** The files of one container; volumes are shared by the pod's containers through `shared`. */
export function containerFiles(container: Container, shared: Map<string, string>): Files {
  const own = new Map<string, string>()
  const place = (path: string): readonly [Map<string, string>, string] => {
    const mount = container.volumeMounts?.find((other) => path.startsWith(`${String(other['mountPath']).replace(/\/$/, '')}/`))
    return mount === undefined ? [own, path] : [shared, `${String(mount['name'])}:${path.slice(String(mount['mountPath']).length)}`]
  }
  return {
    read: (path) => {
      const [files, key] = place(path)
      return files.get(key)
    },
    write: (path, text) => {
      const [files, key] = place(path)
      files.set(key, text)
    },
    remove: (path) => {
      const [files, key] = place(path)
      files.delete(key)
    },
  }
}

export interface ProcessOptions {
  readonly clock: Clock
  readonly pod: Pod
  readonly container: Container
  readonly files: Files
  readonly write: (line: string) => void
  readonly listen: (port: number) => void
}

/** Starts the main process of a container. */
export function startProcess(options: ProcessOptions): Process {
  const { clock, pod, container, write } = options
  const behaviour = behaviourOf(pod, container.name)
  let settle: (ended: Ended) => void = nothing
  const exited = new Promise<Ended>((resolve) => {
    settle = resolve
  })
  if (behaviour !== undefined) {
    const end = (how: { after: number; code: number; reason?: string }): void => {
      clock.setTimer(how.after * 1000, () => settle({ code: how.code, ...(how.reason === undefined ? {} : { reason: how.reason }) }))
    }
    if (behaviour.exits !== undefined) end(behaviour.exits)
    return {
      exited,
      deliver: (signal) => {
        const how = behaviour.signals?.[signal]
        if (how !== undefined) end(how)
      },
      kill: (reason) => settle({ code: 137, ...(reason === undefined ? {} : { reason }) }),
    }
  }
  const shell = new Shell({ ...surroundings(options, (signal) => shell.deliver(signal)), outOfMemory: () => kill('OOMKilled') })
  const kill = (reason?: string): void => {
    shell.kill()
    settle({ code: 137, ...(reason === undefined ? {} : { reason }) })
  }
  shell.run(scriptOfCommand(argvOf(container))).then(
    (code) => settle({ code }),
    (error: unknown) => {
      if (!(error instanceof ShellError)) throw error
      write(`embedded cluster: ${error.message}`)
      kill()
    },
  )
  return { exited, deliver: (signal) => shell.deliver(signal), kill }
}

function surroundings(options: ProcessOptions, signal: (name: string) => void): Surroundings {
  const { clock, pod, container, files, write, listen } = options
  return {
    clock,
    hostname: pod.spec.hostname ?? pod.metadata.name,
    variables: Object.fromEntries((container.env ?? []).map(({ name, value = '' }) => [name, value])),
    files,
    memoryLimit: container.resources?.limits?.['memory'] !== undefined,
    write,
    signal,
    listen,
    outOfMemory: nothing,
  }
}

/** Runs a command beside the main process, as exec hooks and probes do. The shell can be killed. */
export function runBeside(options: ProcessOptions, main: Process | undefined, command: readonly string[]): { readonly shell: Shell; readonly done: Promise<number> } {
  const shell = new Shell(surroundings(options, (signal) => main?.deliver(signal)))
  return { shell, done: shell.run(scriptOfCommand(command)) }
}
