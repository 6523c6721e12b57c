import { commands, programName } from './commands.ts'
import { literal, parseScript, scriptOf, ShellError, type Command, type Script, type Word } from './shell-parse.ts'

/** What the shell does itself. */
const own = new Set(['trap', 'exit', 'break', 'continue', 'exec', 'wait', 'sh', 'ash', 'kill'])

/** The script that a container's or hook's command line runs. */
export function scriptOfCommand(argv: readonly string[]): Script {
  const [program = '', ...args] = programName(argv[0] ?? '') === 'busybox' ? argv.slice(1) : argv
  const base = programName(program)
  if (base !== 'sh' && base !== 'ash') return scriptOf(['exec', program, ...args])
  const flag = args.findIndex((arg) => /^-e?u?x?c$/.test(arg))
  if (args.length === 0) return []
  if (flag !== 0) throw new ShellError(`${argv.join(' ')}: only sh -c SCRIPT is supported`)
  return parseScript(args[1] ?? '')
}

/** Why a command line cannot be simulated; nothing when it can. */
export function unsupported(argv: readonly string[]): string | undefined {
  try {
    check(scriptOfCommand(argv))
  } catch (error) {
    if (error instanceof ShellError) return error.message
    throw error
  }
  return undefined
}

function check(script: Script): void {
  for (const { chain } of script) for (const [, command] of chain) checkCommand(command)
}

function checkCommand(command: Command): void {
  switch (command.kind) {
    case 'simple':
      checkWords(command.words)
      return
    case 'while':
      check(command.condition)
      check(command.body)
      return
    case 'if':
      for (const [condition, body] of command.branches) check([...condition, ...body])
      check(command.otherwise)
      return
    case 'for':
    case 'group':
      check(command.body)
  }
}

function checkWords(words: readonly Word[]): void {
  for (const word of words) for (const part of word) if (part.kind === 'output') check(part.script)
  if (words.length === 0) return
  const name = literal(words[0])
  if (name === undefined) throw new ShellError('a command whose name is an expansion is not supported')
  const base = programName(name)
  if (!own.has(base) && commands[base] === undefined) throw new ShellError(`unknown command ${name}`)
  if (base === 'exec' && words.length > 1) checkWords(words.slice(1))
  if ((base === 'sh' || base === 'ash') && literal(words[1]) === '-c') check(parseScript(literal(words[2]) ?? ''))
  const action = literal(words[1])
  if (base === 'trap' && action !== undefined && action !== '-') check(parseScript(action))
}
