// The part of POSIX sh that test containers are written in. Anything else is an error: a guess about what a container
// does would make every scenario worthless.

export type WordPart =
  | { readonly kind: 'text'; readonly text: string; readonly quoted: boolean }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  | { readonly kind: 'arithmetic'; readonly expression: string }
  | { readonly kind: 'output'; readonly script: Script; readonly quoted: boolean }

export type Word = readonly WordPart[]

export interface Redirect {
  readonly operator: '>' | '>>' | '<'
  readonly descriptor: number
  readonly target: Word
}

export type Command =
  | { readonly kind: 'simple'; readonly assignments: readonly (readonly [string, Word])[]; readonly words: readonly Word[]; readonly redirects: readonly Redirect[] }
  | { readonly kind: 'while'; readonly until: boolean; readonly condition: Script; readonly body: Script }
  | { readonly kind: 'if'; readonly branches: readonly (readonly [Script, Script])[]; readonly otherwise: Script }
  | { readonly kind: 'for'; readonly name: string; readonly words: readonly Word[]; readonly body: Script }
  | { readonly kind: 'group'; readonly body: Script; readonly subshell: boolean }

export interface Statement {
  readonly chain: readonly (readonly ['' | '&&' | '||', Command])[]
  readonly background: boolean
}

export type Script = readonly Statement[]

/** A script that this shell does not speak. */
export class ShellError extends Error {}

const reserved = new Set(['do', 'done', 'then', 'elif', 'else', 'fi', '}'])

class Parser {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  fail(what: string): never {
    throw new ShellError(`${what} at character ${this.#at} of ${JSON.stringify(this.#text)}`)
  }

  #starts(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  #blank(newlines: boolean): void {
    for (;;) {
      const char = this.#text[this.#at]
      if (char === ' ' || char === '\t' || (newlines && char === '\n')) this.#at++
      else if (this.#starts('\\\n')) this.#at += 2
      else if (char === '#') while (this.#at < this.#text.length && this.#text[this.#at] !== '\n') this.#at++
      else return
    }
  }

  #peekWord(): string {
    this.#blank(true)
    return /^[^\s;&|<>()'"$`\\]+/.exec(this.#text.slice(this.#at))?.[0] ?? ''
  }

  #expect(word: string): void {
    if (this.#peekWord() !== word) this.fail(`expected ${word}`)
    this.#at += word.length
  }

  script(end: ReadonlySet<string> = new Set(), close = ''): Script {
    const statements: Statement[] = []
    for (;;) {
      this.#blank(true)
      if (this.#at >= this.#text.length) {
        if (close !== '') this.fail(`expected ${close}`)
        return statements
      }
      if (close !== '' && this.#starts(close)) return statements
      const word = this.#peekWord()
      if (end.has(word)) return statements
      if (reserved.has(word)) this.fail(`unexpected ${word}`)
      statements.push(this.#statement())
    }
  }

  #statement(): Statement {
    const chain: ['' | '&&' | '||', Command][] = [['', this.#command()]]
    for (;;) {
      this.#blank(false)
      const operator = this.#starts('&&') ? '&&' : this.#starts('||') ? '||' : undefined
      if (operator === undefined) break
      this.#at += 2
      this.#blank(true)
      chain.push([operator, this.#command()])
    }
    const char = this.#text[this.#at]
    if (char === '|') this.fail('a pipe is not supported')
    if (char === ';' || char === '&' || char === '\n') this.#at++
    return { chain, background: char === '&' }
  }

  #command(): Command {
    const word = this.#peekWord()
    switch (word) {
      case 'while':
      case 'until': {
        this.#at += word.length
        const condition = this.script(new Set(['do']))
        return { kind: 'while', until: word === 'until', condition, body: this.#body() }
      }
      case 'for': {
        this.#at += word.length
        const name = this.#peekWord()
        this.#at += name.length
        this.#expect('in')
        const words: Word[] = []
        for (;;) {
          this.#blank(false)
          const next = this.#word()
          if (next === undefined) break
          words.push(next)
        }
        this.#blank(true)
        if (this.#starts(';')) this.#at++
        return { kind: 'for', name, words, body: this.#body() }
      }
      case 'if':
        return this.#if()
      case '{': {
        this.#at++
        const body = this.script(new Set(['}']))
        this.#expect('}')
        return { kind: 'group', body, subshell: false }
      }
      default:
        if (this.#starts('(')) {
          this.#at++
          const body = this.script(new Set(), ')')
          this.#at++
          return { kind: 'group', body, subshell: true }
        }
        return this.#simple()
    }
  }

  #body(): Script {
    this.#expect('do')
    const body = this.script(new Set(['done']))
    this.#expect('done')
    return body
  }

  #if(): Command {
    const branches: [Script, Script][] = []
    let otherwise: Script = []
    let word = 'if'
    while (word === 'if' || word === 'elif') {
      this.#at += word.length
      const condition = this.script(new Set(['then']))
      this.#expect('then')
      branches.push([condition, this.script(new Set(['elif', 'else', 'fi']))])
      word = this.#peekWord()
    }
    if (word === 'else') {
      this.#at += word.length
      otherwise = this.script(new Set(['fi']))
    }
    this.#expect('fi')
    return { kind: 'if', branches, otherwise }
  }

  #simple(): Command {
    const assignments: [string, Word][] = []
    const words: Word[] = []
    const redirects: Redirect[] = []
    for (;;) {
      this.#blank(false)
      const redirect = this.#redirect()
      if (redirect !== undefined) {
        redirects.push(redirect)
        continue
      }
      const assignment = words.length === 0 ? /^([A-Za-z_]\w*)=/.exec(this.#text.slice(this.#at)) : null
      if (assignment?.[1] !== undefined) {
        this.#at += assignment[0].length
        assignments.push([assignment[1], this.#word() ?? []])
        continue
      }
      const word = this.#word()
      if (word === undefined) break
      words.push(word)
    }
    if (words.length === 0 && assignments.length === 0 && redirects.length === 0) this.fail('expected a command')
    return { kind: 'simple', assignments, words, redirects }
  }

  #redirect(): Redirect | undefined {
    const match = /^(\d?)(>>|>|<)(&\d)?/.exec(this.#text.slice(this.#at))
    if (match === null) return undefined
    this.#at += match[0].length
    const operator = match[2] as '>' | '>>' | '<'
    const descriptor = match[1] === '' ? (operator === '<' ? 0 : 1) : Number(match[1])
    if (match[3] !== undefined) return { operator, descriptor, target: [{ kind: 'text', text: match[3], quoted: true }] }
    this.#blank(false)
    return { operator, descriptor, target: this.#word() ?? this.fail('expected a file') }
  }

  /** One word, or nothing where there is none. */
  #word(): Word | undefined {
    const parts: WordPart[] = []
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined || /[\s;&|<>()]/.test(char)) break
      if (char === "'") {
        const end = this.#text.indexOf("'", this.#at + 1)
        if (end < 0) this.fail('unterminated quote')
        parts.push({ kind: 'text', text: this.#text.slice(this.#at + 1, end), quoted: true })
        this.#at = end + 1
      } else if (char === '"') this.#doubleQuoted(parts)
      else if (char === '$') parts.push(this.#dollar(false))
      else if (char === '`') this.fail('backquotes are not supported')
      else if (char === '\\') {
        parts.push({ kind: 'text', text: this.#text[this.#at + 1] ?? '', quoted: true })
        this.#at += 2
      } else {
        const plain = /^[^\s;&|<>()'"$`\\]+/.exec(this.#text.slice(this.#at))?.[0] ?? char
        parts.push({ kind: 'text', text: plain, quoted: false })
        this.#at += plain.length
      }
    }
    return parts.length === 0 ? undefined : parts
  }

  #doubleQuoted(parts: WordPart[]): void {
    this.#at++
    let text = ''
    for (;;) {
      const char = this.#text[this.#at]
      if (char === undefined) this.fail('unterminated quote')
      if (char === '"') break
      if (char === '$') {
        parts.push({ kind: 'text', text, quoted: true })
        text = ''
        parts.push(this.#dollar(true))
      } else if (char === '\\' && /["\\$`]/.test(this.#text[this.#at + 1] ?? '')) {
        text += this.#text[this.#at + 1] ?? ''
        this.#at += 2
      } else {
        text += char
        this.#at++
      }
    }
    this.#at++
    parts.push({ kind: 'text', text, quoted: true })
  }

  #dollar(quoted: boolean): WordPart {
    const rest = this.#text.slice(this.#at)
    const arithmetic = /^\$\(\(((?:[^()]|\([^()]*\))*)\)\)/.exec(rest)
    if (arithmetic?.[1] !== undefined) {
      this.#at += arithmetic[0].length
      return { kind: 'arithmetic', expression: arithmetic[1] }
    }
    if (rest.startsWith('$(')) {
      this.#at += 2
      const script = this.script(new Set(), ')')
      this.#at++
      return { kind: 'output', script, quoted }
    }
    const variable = /^\$(?:([A-Za-z_]\w*|[?$!#@*\d])|\{([A-Za-z_]\w*)\})/.exec(rest)
    const name = variable?.[1] ?? variable?.[2]
    if (variable === null || name === undefined) {
      if (/^\$(?:[\s;&|)"]|$)/.test(rest)) {
        this.#at++
        return { kind: 'text', text: '$', quoted: true }
      }
      return this.fail('this expansion is not supported')
    }
    this.#at += variable[0].length
    return { kind: 'variable', name, quoted }
  }
}

/** Parses a script; throws ShellError for what is not understood. */
export const parseScript = (text: string): Script => new Parser(text).script()

/** A word without expansions, as it stands. */
export function literal(word: Word | undefined): string | undefined {
  if (word === undefined) return undefined
  let text = ''
  for (const part of word) {
    if (part.kind !== 'text') return undefined
    text += part.text
  }
  return text
}

/** A program with its arguments as a script of one command. */
export const scriptOf = (argv: readonly string[]): Script => [
  { chain: [['', { kind: 'simple', assignments: [], words: argv.map((text) => [{ kind: 'text', text, quoted: true }]), redirects: [] }]], background: false },
]
