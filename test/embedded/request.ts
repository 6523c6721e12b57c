import type { IncomingHttpHeaders } from 'node:http'

/** One HTTP request, from a socket or from the same process. */
export interface ApiRequest {
  readonly method: string
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal
}

/** The answer; a stream for watches and followed logs. */
export interface ApiResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | AsyncIterable<string>
}

/** What a request is about (apiserver pkg/endpoints/request RequestInfo). */
export interface RequestInfo {
  readonly path: string
  readonly query: URLSearchParams
  readonly verb: string
  /** Absent for paths outside the resources. */
  readonly target?: {
    readonly group: string
    readonly version: string
    readonly plural: string
    readonly namespace: string
    readonly name: string
    readonly subresource: string
  }
}

const verbs: Readonly<Record<string, string>> = { GET: 'get', HEAD: 'get', POST: 'create', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }

/** Reads the verb and the resource from a method and URL. */
export function requestInfo(method: string, url: string): RequestInfo {
  const { pathname: path, searchParams: query } = new URL(url, 'https://localhost')
  const verb = verbs[method] ?? method.toLowerCase()
  const parts = path.split('/').filter((part) => part !== '').map(decodeURIComponent)
  const root = parts.shift()
  const group = root === 'apis' ? parts.shift() : ''
  const version = parts.shift()
  if ((root !== 'api' && root !== 'apis') || group === undefined || version === undefined || parts.length === 0) return { path, query, verb }
  let namespace = ''
  if (parts[0] === 'namespaces' && parts.length > 2 && !(parts.length === 3 && (parts[2] === 'status' || parts[2] === 'finalize'))) {
    parts.shift()
    namespace = parts.shift() ?? ''
  }
  const [plural = '', name = '', subresource = ''] = parts
  const watching = ['true', '1'].includes(query.get('watch') ?? '')
  const collection = name === ''
  const actual = verb === 'get' && watching ? 'watch' : verb === 'get' && collection ? 'list' : verb === 'delete' && collection ? 'deletecollection' : verb
  // an access rule for one name also covers lists and watches that select this name
  const selected = collection ? /(?:^|,)metadata\.name==?([^,]+)/.exec(query.get('fieldSelector') ?? '')?.[1] : undefined
  const shown = name === '' && actual !== 'create' ? (selected ?? '') : name
  return { path, query, verb: actual, target: { group, version, plural, namespace: namespace === '' && plural === 'namespaces' ? name : namespace, name: shown, subresource } }
}

/** A stream of text chunks that a handler pushes into and a socket drains. */
export class Outbox implements AsyncIterable<string> {
  readonly #waiting: string[] = []
  #wake: (() => void) | undefined
  #closed = false
  readonly #onClose: (() => void)[] = []

  push(text: string): void {
    if (this.#closed) return
    this.#waiting.push(text)
    this.#wake?.()
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Ends the stream after what was pushed. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    for (const run of this.#onClose) run()
    this.#wake?.()
  }

  onClose(run: () => void): void {
    if (this.#closed) run()
    else this.#onClose.push(run)
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      if (this.#waiting.length > 0) yield this.#waiting.splice(0).join('')
      else if (this.#closed) return
      else {
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
        this.#wake = undefined
      }
    }
  }
}
