import type { Clock } from '../clock.ts'
import { commands, programName, signalName, type Invocation } from './commands.ts'
import { parseScript, ShellError, type Command, type Redirect, type Script, type Statement, type Word } from './shell-parse.ts'

/** What a process sees of its container. */
export interface Surroundings {
  readonly clock: Clock
  readonly hostname: string
  readonly variables: Readonly<Record<string, string>>
  readonly files: Files
  readonly memoryLimit: boolean
  /** One line of output. */
  write(line: string): void
  /** Sends a signal to process 1 of the container. */
  signal(name: string): void
  /** A server listens on this port from now on. */
  listen(port: number): void
  /** The container's memory is used up. */
  outOfMemory(): void
}

/** The files that test containers pass messages with. */
export interface Files {
  read(path: string): string | undefined
  write(path: string, text: string): void
  remove(path: string): void
}

class Exit extends Error {
  readonly status: number
  constructor(status: number) {
    super('exit')
    this.status = status
  }
}
class Loop extends Error {
  readonly again: boolean
  constructor(again: boolean) {
    super('loop')
    this.again = again
  }
}

const forever = (): Promise<never> => new Promise<never>(() => undefined)

/**
 * One process: a shell with its builtins, or a single program. As process 1 of a container it has no default actions, so
 * a signal without a trap is ignored (kernel: SIGNAL_UNKILLABLE), SIGKILL sent from inside included.
 */
export class Shell implements Invocation {
  readonly surroundings: Surroundings
  readonly variables: Record<string, string>
  readonly #traps = new Map<string, string>()
  readonly #pending: string[] = []
  readonly #jobs: { readonly shell: Shell; readonly done: Promise<number>; finished: boolean }[] = []
  readonly #timers = new Set<() => void>()
  #interruptWait: (() => void) | undefined
  #status = 0
  #dead = false
  #capture: string[] | undefined

  constructor(surroundings: Surroundings, variables: Readonly<Record<string, string>> = surroundings.variables) {
    this.surroundings = surroundings
    this.variables = { ...variables }
  }

  /** Runs a script to its end and gives its exit status; never settles once killed. */
  async run(script: Script): Promise<number> {
    let status: number
    try {
      await this.script(script)
      status = this.#status
    } catch (error) {
      if (!(error instanceof Exit)) throw error
      ;({ status } = error)
    }
    const last = this.#traps.get('EXIT')
    if (last !== undefined && last !== '') {
      this.#traps.delete('EXIT')
      try {
        await this.script(parseScript(last))
      } catch (error) {
        if (!(error instanceof Exit)) throw error
        ;({ status } = error)
      }
    }
    this.kill()
    return status
  }

  /** A signal from outside; SIGKILL is not for this. */
  deliver(signal: string): void {
    const trap = this.#traps.get(signal)
    if (this.#dead || trap === undefined || trap === '') return
    this.#pending.push(signal)
    this.#interruptWait?.()
  }

  /** Stops at once, with everything it started. */
  kill(): void {
    this.#dead = true
    for (const cancel of this.#timers) cancel()
    this.#timers.clear()
    for (const job of this.#jobs) job.shell.kill()
  }

  async script(script: Script): Promise<void> {
    for (const statement of script) await this.#statement(statement)
  }

  async #statement(statement: Statement): Promise<void> {
    if (statement.background) {
      const shell = new Shell(this.surroundings, this.variables)
      const job = { shell, done: shell.run([{ ...statement, background: false }]), finished: false }
      job.done.then(() => (job.finished = true), () => undefined)
      this.#jobs.push(job)
      this.#status = 0
      return
    }
    for (const [operator, command] of statement.chain) {
      if (operator === '&&' && this.#status !== 0) continue
      if (operator === '||' && this.#status === 0) continue
      this.#status = await this.#command(command)
      await this.#runTraps()
    }
  }

  async #runTraps(): Promise<void> {
    for (;;) {
      const signal = this.#pending.shift()
      if (signal === undefined) return
      const before = this.#status
      await this.script(parseScript(this.#traps.get(signal) ?? ''))
      this.#status = before
    }
  }

  async #command(command: Command): Promise<number> {
    switch (command.kind) {
      case 'simple':
        return await this.#simple(command)
      case 'while':
        return await this.#while(command)
      case 'if':
        for (const [condition, body] of command.branches) {
          await this.script(condition)
          if (this.#status === 0) {
            await this.script(body)
            return this.#status
          }
        }
        this.#status = 0
        await this.script(command.otherwise)
        return this.#status
      case 'for': {
        const values = (await Promise.all(command.words.map(async (word) => await this.#expand(word)))).flat()
        for (const value of values) {
          this.variables[command.name] = value
          if (await this.#iterate(command.body)) break
        }
        return this.#status
      }
      case 'group':
        if (command.subshell) return await new Shell(this.surroundings, this.variables).run(command.body)
        await this.script(command.body)
        return this.#status
    }
  }

  /** One round of a loop; true when it broke off. */
  async #iterate(body: Script): Promise<boolean> {
    try {
      await this.script(body)
    } catch (error) {
      if (!(error instanceof Loop)) throw error
      return !error.again
    }
    return false
  }

  async #while(command: Extract<Command, { kind: 'while' }>): Promise<number> {
    let status = 0
    for (;;) {
      const before = this.surroundings.clock.now()
      await this.script(command.condition)
      if ((this.#status === 0) === command.until) return status
      if (await this.#iterate(command.body)) return 0
      status = this.#status
      // a loop that does not sleep must not stop the world
      if (this.surroundings.clock.now() === before) await this.pause(20)
    }
  }

  async #simple(command: Extract<Command, { kind: 'simple' }>): Promise<number> {
    for (const [name, word] of command.assignments) this.variables[name] = (await this.#expand(word)).join(' ')
    const words: string[] = []
    for (const word of command.words) words.push(...(await this.#expand(word)))
    const output: string[] = []
    const redirected = command.redirects.filter((redirect) => redirect.operator !== '<' && redirect.descriptor === 1)
    const capture = this.#capture
    if (redirected.length > 0) this.#capture = output
    try {
      return words.length === 0 ? this.#status : await this.#call(words)
    } finally {
      this.#capture = capture
      for (const redirect of redirected) await this.#writeFile(redirect, output)
    }
  }

  async #writeFile(redirect: Redirect, output: readonly string[]): Promise<void> {
    const path = (await this.#expand(redirect.target)).join('')
    if (path === '/dev/null') return
    const { files } = this.surroundings
    if (path.startsWith('&') || path === '/dev/stdout' || path === '/dev/stderr' || path.startsWith('/proc/1/fd/')) {
      for (const line of output) this.write(line)
      return
    }
    const text = output.map((line) => `${line}\n`).join('')
    files.write(path, redirect.operator === '>>' ? (files.read(path) ?? '') + text : text)
  }

  async #call(words: readonly string[]): Promise<number> {
    const [name = '', ...args] = words
    const base = programName(name)
    switch (base) {
      case 'trap': {
        const [action = '', ...signals] = args
        for (const signal of signals) {
          if (action === '-') this.#traps.delete(signalName(signal))
          else this.#traps.set(signalName(signal), action)
        }
        return 0
      }
      case 'exit':
        throw new Exit(args[0] === undefined ? this.#status : Number(args[0]) & 255)
      case 'break':
      case 'continue':
        throw new Loop(base === 'continue')
      case 'exec': {
        if (args.length === 0) return 0
        this.#traps.clear()
        throw new Exit(await this.#call(args))
      }
      case 'wait':
        return await this.#wait()
      case 'sh':
      case 'ash': {
        const child = new Shell(this.surroundings, this.variables)
        return await child.run(args[0] === '-c' ? parseScript(args[1] ?? '') : [])
      }
      case 'kill':
        return this.#killCommand(args)
      default: {
        const run = commands[base]
        if (run === undefined) throw new ShellError(`unknown command ${name}`)
        return await run(this, args)
      }
    }
  }

  /** From inside, not even SIGKILL ends process 1. */
  #killCommand(args: readonly string[]): number {
    const named = /^-(?:s)?(\w+)$/.exec(args[0] ?? '')
    const signal = named?.[1] === undefined ? 'TERM' : signalName(named[1])
    for (const target of named === null ? args : args.slice(1)) {
      const job = /^job(\d+)$/.exec(target)
      if (target === '1') this.surroundings.signal(signal)
      else if (job?.[1] === undefined) return 1
      else this.#jobs[Number(job[1])]?.shell.kill()
    }
    return 0
  }

  /** Waits for the background jobs; a trapped signal ends it with 143. */
  async #wait(): Promise<number> {
    if (this.#pending.length > 0) return 143
    const open = this.#jobs.filter((job) => !job.finished)
    let status = 0
    const interrupted = new Promise<number>((resolve) => {
      this.#interruptWait = () => resolve(143)
    })
    status = await Promise.race([Promise.all(open.map(async (job) => await job.done)).then((all) => all.at(-1) ?? 0), interrupted])
    this.#interruptWait = undefined
    return status
  }

  /** Sleeps without hearing signals, as a shell does while its child runs. */
  async pause(milliseconds: number): Promise<void> {
    if (this.#dead) await forever()
    await new Promise<void>((resolve) => {
      const cancel = this.surroundings.clock.setTimer(milliseconds, () => {
        this.#timers.delete(cancel)
        resolve()
      })
      this.#timers.add(cancel)
    })
  }

  async rest(): Promise<never> {
    return await forever()
  }

  write(line: string): void {
    if (this.#capture === undefined) this.surroundings.write(line)
    else this.#capture.push(line)
  }

  async #expand(word: Word): Promise<string[]> {
    let text = ''
    let split = false
    for (const part of word) {
      switch (part.kind) {
        case 'text':
          text += part.text
          break
        case 'variable':
          text += this.#variable(part.name)
          split ||= !part.quoted
          break
        case 'arithmetic':
          text += String(this.#arithmetic(part.expression))
          break
        case 'output': {
          const capture = this.#capture
          this.#capture = []
          await this.script(part.script)
          text += this.#capture.join('\n')
          this.#capture = capture
          split ||= !part.quoted
          break
        }
      }
    }
    return split ? text.split(/\s+/).filter((piece) => piece !== '') : [text]
  }

  #variable(name: string): string {
    if (name === '?') return String(this.#status)
    if (name === '$') return '1'
    if (name === '!') return `job${this.#jobs.length - 1}`
    return this.variables[name] ?? (name === 'HOSTNAME' ? this.surroundings.hostname : '')
  }

  #arithmetic(expression: string): number {
    const text = expression.replaceAll('$?', String(this.#status)).replaceAll(/\$?\{?([A-Za-z_]\w*)\}?/g, (_whole, name: string) => this.variables[name] ?? '0')
    const tokens = text.match(/\d+|[-+*/%]/g) ?? []
    if (text.replaceAll(/[\d\s+*/%-]/g, '') !== '') throw new ShellError(`arithmetic ${expression} is not supported`)
    let value = Number(tokens[0] ?? 0)
    for (let index = 1; index < tokens.length; index += 2) {
      const operand = Number(tokens[index + 1] ?? 0)
      const operator = tokens[index]
      value = operator === '+' ? value + operand : operator === '-' ? value - operand : operator === '*' ? value * operand : operator === '/' ? Math.trunc(value / operand) : value % operand
    }
    return value
  }
}
