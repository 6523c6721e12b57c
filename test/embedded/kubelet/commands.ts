import { ShellError } from './shell-parse.ts'
import type { Surroundings } from './shell.ts'

/** The process on whose behalf a command runs. */
export interface Invocation {
  readonly surroundings: Surroundings
  pause(milliseconds: number): Promise<void>
  rest(): Promise<never>
  write(line: string): void
}

type Run = (shell: Invocation, args: readonly string[]) => number | Promise<number>

const numbers: Readonly<Record<string, string>> = { 0: 'EXIT', 1: 'HUP', 2: 'INT', 3: 'QUIT', 6: 'ABRT', 9: 'KILL', 10: 'USR1', 12: 'USR2', 14: 'ALRM', 15: 'TERM', 28: 'WINCH' }

/** `sleep` for /bin/sleep. */
export const programName = (name: string): string => name.replace(/^\/(usr\/)?bin\//, '')

/** TERM for TERM, SIGTERM and 15. */
export const signalName = (text: string): string => numbers[text] ?? text.toUpperCase().replace(/^SIG/, '')

/** Milliseconds of a sleep(1) argument. */
function duration(text: string): number {
  if (text === 'infinity' || text === 'inf') return Number.POSITIVE_INFINITY
  const match = /^(\d+(?:\.\d+)?|\.\d+)([smhd]?)$/.exec(text)
  if (match === null) throw new ShellError(`sleep ${text} is not supported`)
  const unit = { s: 1, m: 60, h: 3600, d: 86_400 }[match[2] ?? ''] ?? 1
  return Number(match[1]) * unit * 1000
}

const test = (shell: Invocation, words: readonly string[]): boolean => {
  const [a = '', b = '', c = ''] = words
  if (words.length === 0) return false
  if (a === '!') return !test(shell, words.slice(1))
  if (words.length === 1) return a !== ''
  if (words.length === 2) {
    if (a === '-n') return b !== ''
    if (a === '-z') return b === ''
    if (['-f', '-e', '-s', '-r'].includes(a)) return shell.surroundings.files.read(b) !== undefined
    throw new ShellError(`test ${a} is not supported`)
  }
  const [left, right] = [Number(a), Number(c)]
  switch (b) {
    case '=':
    case '==':
      return a === c
    case '!=':
      return a !== c
    case '-eq':
      return left === right
    case '-ne':
      return left !== right
    case '-lt':
      return left < right
    case '-le':
      return left <= right
    case '-gt':
      return left > right
    case '-ge':
      return left >= right
    default:
      throw new ShellError(`test ${b} is not supported`)
  }
}

const bracket = (shell: Invocation, args: readonly string[]): number => (test(shell, args.at(-1) === ']' ? args.slice(0, -1) : args) ? 0 : 1)

const printed = (format: string, args: readonly string[]): string => {
  let index = 0
  return format.replaceAll(/\\n|\\t|%[sd]/g, (piece) => (piece === '\\n' ? '\n' : piece === '\\t' ? '\t' : (args[index++] ?? '')))
}

const names = (args: readonly string[]): string[] => args.filter((arg) => !arg.startsWith('-'))

/** The programs that test containers may run; what is not here is refused when the pod is created. */
export const commands: Readonly<Record<string, Run>> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  sync: () => 0,
  set: () => 0,
  export: () => 0,
  mkdir: () => 0,
  cd: () => 0,
  chmod: () => 0,
  test: (shell, args) => (test(shell, args) ? 0 : 1),
  '[': bracket,
  sleep: async (shell, args) => {
    const total = args.reduce((sum, arg) => sum + duration(arg), 0)
    if (total === Number.POSITIVE_INFINITY) await shell.rest()
    // setTimeout wraps beyond 2^31 ms
    for (let left = total; left > 0; left -= 2_000_000_000) await shell.pause(Math.min(left, 2_000_000_000))
    return 0
  },
  echo: (shell, args) => {
    const escapes = args[0] === '-e'
    const text = (escapes || args[0] === '-n' ? args.slice(1) : args).join(' ')
    for (const line of (escapes ? text.replaceAll('\\n', '\n') : text).split('\n')) shell.write(line)
    return 0
  },
  printf: (shell, args) => {
    const [format = '', ...rest] = args
    for (const line of printed(format, rest).replace(/\n$/, '').split('\n')) shell.write(line)
    return 0
  },
  date: (shell, args) => {
    const now = shell.surroundings.clock.now()
    const [format] = args.filter((arg) => arg.startsWith('+'))
    if (format === '+%s') shell.write(String(Math.floor(now / 1000)))
    else if (format === undefined) shell.write(new Date(now).toUTCString())
    else throw new ShellError(`date ${format} is not supported`)
    return 0
  },
  hostname: (shell) => {
    shell.write(shell.surroundings.hostname)
    return 0
  },
  touch: (shell, args) => {
    for (const path of names(args)) shell.surroundings.files.write(path, shell.surroundings.files.read(path) ?? '')
    return 0
  },
  rm: (shell, args) => {
    for (const path of names(args)) shell.surroundings.files.remove(path)
    return 0
  },
  cat: (shell, args) => {
    let status = 0
    for (const path of names(args)) {
      const text = shell.surroundings.files.read(path)
      if (text === undefined) status = 1
      else for (const line of text.replace(/\n$/, '').split('\n')) shell.write(line)
    }
    return status
  },
  /** A server: with -f in the foreground, and without a handler for any signal. */
  httpd: async (shell, args) => {
    const flag = args.indexOf('-p')
    shell.surroundings.listen(Number((args[flag + 1] ?? '80').split(':').at(-1)))
    return args.includes('-f') || args.includes('-vf') ? await shell.rest() : 0
  },
  /** `tail /dev/zero` keeps all of its input: the plainest way to use up the memory limit. */
  tail: async (shell, args) => {
    if (args.includes('-f') || args.includes('-F')) return await shell.rest()
    if (!args.includes('/dev/zero')) throw new ShellError('only tail -f and tail /dev/zero are supported')
    if (!shell.surroundings.memoryLimit) throw new ShellError('tail /dev/zero is only supported with a memory limit')
    await shell.pause(100)
    shell.surroundings.outOfMemory()
    return await shell.rest()
  },
}
