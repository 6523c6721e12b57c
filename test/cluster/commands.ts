/** Runs the machine's own programs (openssl, tar, ctr, apt-get, go) and gives their words on failure. */
import { spawn } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { ClusterError } from './state.ts'

/** What a program did; code is -1 when a signal ended it. */
export interface Outcome {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

export interface RunOptions {
  readonly cwd?: string
  readonly env?: NodeJS.ProcessEnv
  readonly input?: string
  /** Ends the program with SIGKILL after this many milliseconds. */
  readonly timeoutMs?: number
  /** Shows the program's output on stderr as it comes, for those that take minutes. */
  readonly show?: boolean
}

/** Runs a program to its end and gives its outcome. Throws ClusterError only when it cannot be started. */
export async function attempt(argv: readonly string[], options: RunOptions = {}): Promise<Outcome> {
  const [program = '', ...args] = argv
  return await new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: 'pipe',
      ...(options.timeoutMs === undefined ? {} : { timeout: options.timeoutMs, killSignal: 'SIGKILL' }),
    })
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => { stdout += text })
    child.stderr.setEncoding('utf8').on('data', (text: string) => { stderr += text })
    if (options.show === true) {
      child.stdout.pipe(process.stderr, { end: false })
      child.stderr.pipe(process.stderr, { end: false })
    }
    child.once('error', (error) => { reject(new ClusterError(`cannot run ${program}: ${error.message}`)) })
    child.once('close', (code) => { resolve({ code: code ?? -1, stdout, stderr }) })
    // A program that ends without reading its input closes the pipe; its exit code says what happened.
    child.stdin.on('error', () => undefined)
    child.stdin.end(options.input ?? '')
  })
}

/** Runs a program that must succeed and gives its stdout. Throws ClusterError with the program's last words. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, stdout, stderr } = await attempt(argv, options)
  if (code !== 0) {
    const words = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n')
    throw new ClusterError(`${argv.slice(0, 4).join(' ')} failed with ${code}: ${words}`)
  }
  return stdout
}

/** The absolute path of a program on PATH or in one of the further directories; undefined when there is none. */
export function findProgram(name: string, further: readonly string[] = ['/usr/sbin', '/sbin']): string | undefined {
  const directories = [...(process.env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== ''), ...further]
  return directories.map((directory) => join(directory, name)).find((file) => isExecutable(file))
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Tells the user what goes on; stdout belongs to the answer alone. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`)
}
