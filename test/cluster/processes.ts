/** Processes that outlive the command that started them: started detached, recorded by pid, never mistaken for another. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { ClusterError, pathsOf } from './state.ts'

/** The text of a /proc file, '' when the process is gone. */
function proc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}

/** The fields of /proc/PID/stat after the command name, which may itself hold spaces and brackets. */
function statFields(pid: number): readonly string[] {
  const stat = proc(pid, 'stat')
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
}

/** The arguments of a process; empty when it is gone or a zombie. */
export function argumentsOf(pid: number): readonly string[] {
  return proc(pid, 'cmdline').split('\0').slice(0, -1)
}

/** True while pid runs (a zombie does not) and one of its arguments names something below dir. */
export function isOurs(pid: number, dir: string): boolean {
  return statFields(pid)[0] !== 'Z' && argumentsOf(pid).some((argument) => argument === dir || argument.includes(`${dir}/`))
}

/** True while the process is stopped by SIGSTOP. */
export function isStopped(pid: number): boolean {
  return statFields(pid)[0] === 'T'
}

/** All pids of the machine. */
export function allPids(): readonly number[] {
  return readdirSync('/proc').filter((entry) => /^\d+$/.test(entry)).map(Number)
}

/** The parent of a process, 0 when it is gone. */
export function parentOf(pid: number): number {
  return Number(statFields(pid)[1] ?? 0)
}

/**
 * Starts a component in a session of its own (so that it outlives a CI step), its output in log/NAME.log, its pid in
 * pids/NAME. Gives the pid. Throws ClusterError when the program cannot be started at all.
 */
export async function startComponent(dir: string, name: string, argv: readonly string[]): Promise<number> {
  const paths = pathsOf(dir)
  mkdirSync(paths.pids, { recursive: true })
  mkdirSync(paths.log, { recursive: true })
  const output = openSync(join(paths.log, `${name}.log`), 'a')
  const [program = '', ...args] = argv
  const child = spawn(program, args, { detached: true, stdio: ['ignore', output, output], cwd: dir, env: componentEnvironment() })
  closeSync(output)
  const pid = await new Promise<number>((resolve, reject) => {
    child.once('spawn', () => { resolve(child.pid ?? 0) })
    child.once('error', (error) => { reject(new ClusterError(`cannot start ${program}: ${error.message}`)) })
  })
  child.unref()
  // The start time tells a recycled pid from the process that was started.
  writeFileSync(join(paths.pids, name), `${pid} ${startTime(pid)}\n`)
  return pid
}

/** Nothing of the caller's but its PATH: a proxy, for one, would come between the API server and the kubelet. */
function componentEnvironment(): NodeJS.ProcessEnv {
  // runc lies in /usr/sbin, which is not on everyone's PATH.
  return { HOME: '/root', PATH: [process.env['PATH'] ?? '', '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(':') }
}

function startTime(pid: number): string {
  return statFields(pid)[19] ?? ''
}

/** The pid of a recorded component that still runs; undefined when it does not, or the pid now belongs to another. */
export function pidOf(dir: string, name: string): number | undefined {
  let recorded: string
  try {
    recorded = readFileSync(join(pathsOf(dir).pids, name), 'utf8')
  } catch {
    return undefined
  }
  const [pid = '', started = ''] = recorded.trim().split(' ')
  return isOurs(Number(pid), dir) && startTime(Number(pid)) === started ? Number(pid) : undefined
}

/** The names of all components with a recorded pid, running or not. */
export function recordedComponents(dir: string): readonly string[] {
  try {
    return readdirSync(pathsOf(dir).pids)
  } catch {
    return []
  }
}

/** Sends a signal to a process that may be gone already. */
export function signalPid(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Ends a recorded component and waits until it is gone: the signal first, SIGKILL after graceMs. A frozen one is thawed, for
 * a stopped process acts on no signal but SIGKILL.
 */
export async function stopComponent(
  dir: string, name: string, signal: NodeJS.Signals = 'SIGTERM', graceMs = 5_000,
): Promise<void> {
  const pid = pidOf(dir, name)
  if (pid !== undefined) {
    signalPid(pid, signal)
    signalPid(pid, 'SIGCONT')
    const ended = await until(() => pidOf(dir, name) === undefined, graceMs)
    if (!ended) {
      signalPid(pid, 'SIGKILL')
      await until(() => pidOf(dir, name) === undefined, 5_000)
    }
  }
  rmSync(join(pathsOf(dir).pids, name), { force: true })
}

/** Waits until a condition holds, asking every few tens of milliseconds. False when timeoutMs passed first. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs: number, everyMs = 50): Promise<boolean> {
  const deadline = performance.now() + timeoutMs
  for (;;) {
    if (await condition()) return true
    if (performance.now() >= deadline) return false
    await sleep(everyMs)
  }
}
