import { readFileSync } from 'node:fs'
import { Agent, request as httpsRequest, type RequestOptions } from 'node:https'
import { dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parse } from 'yaml'
import { Normaliser } from './normalise.ts'

/** One observation of a case: a label and what the server said, normalised. */
export interface Step {
  readonly label: string
  readonly value: unknown
}

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly text: string
  readonly body: unknown
}

export interface CallOptions {
  /** A bearer token instead of the administrator's; empty for none. */
  readonly token?: string
  readonly headers?: Readonly<Record<string, string>>
}

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: { readonly server: string; readonly 'certificate-authority'?: string; readonly 'certificate-authority-data'?: string } }[]
  readonly users: readonly { readonly user: { readonly token?: string; readonly 'client-certificate'?: string; readonly 'client-key'?: string } }[]
}

/** A server to compare: HTTPS requests with the credentials of a kubeconfig file. */
export class Target {
  readonly #agent: Agent
  readonly #server: URL
  readonly #token: string | undefined

  constructor(kubeconfig: string) {
    const config = parse(readFileSync(kubeconfig, 'utf8')) as Kubeconfig
    const cluster = config.clusters[0]?.cluster
    const user = config.users[0]?.user
    if (cluster === undefined) throw new Error(`${kubeconfig} names no cluster`)
    const file = (path: string): Buffer => readFileSync(resolve(dirname(kubeconfig), path))
    const data = cluster['certificate-authority-data']
    const path = cluster['certificate-authority']
    this.#agent = new Agent({
      keepAlive: true,
      rejectUnauthorized: true,
      ...(data === undefined ? {} : { ca: Buffer.from(data, 'base64') }),
      ...(path === undefined ? {} : { ca: file(path) }),
      ...(user?.['client-certificate'] === undefined ? {} : { cert: file(user['client-certificate']) }),
      ...(user?.['client-key'] === undefined ? {} : { key: file(user['client-key']) }),
    })
    this.#server = new URL(cluster.server)
    this.#token = user?.token
  }

  #options(method: string, path: string, options: CallOptions): RequestOptions {
    const token = options.token ?? this.#token
    return {
      agent: this.#agent,
      host: this.#server.hostname,
      port: this.#server.port,
      method,
      path,
      headers: { accept: 'application/json', 'user-agent': 'contract', ...(token === undefined || token === '' ? {} : { authorization: `Bearer ${token}` }), ...options.headers },
    }
  }

  async call(method: string, path: string, body?: unknown, options: CallOptions = {}): Promise<Reply> {
    const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    return await new Promise((settle, reject) => {
      const settings = this.#options(method, path, { ...options, headers: { ...(text === '' ? {} : { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json', 'content-length': String(Buffer.byteLength(text)) }), ...options.headers } })
      const sent = httpsRequest(settings, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('error', reject)
        response.on('end', () => {
          const answer = Buffer.concat(chunks).toString()
          const json = (response.headers['content-type'] ?? '').includes('json') && !answer.includes('}\n{')
          settle({ status: response.statusCode ?? 0, headers: response.headers, text: answer, body: json && answer !== '' ? (JSON.parse(answer) as unknown) : undefined })
        })
      })
      sent.on('error', reject)
      sent.end(text)
    })
  }

  /** Opens a watch; `events` grows until it is closed. */
  async watch(path: string, options: CallOptions = {}): Promise<{ readonly events: unknown[]; close(): void }> {
    const events: unknown[] = []
    return await new Promise((settle, reject) => {
      const sent = httpsRequest(this.#options('GET', path, options), (response) => {
        let rest = ''
        response.on('data', (chunk: Buffer) => {
          rest += chunk.toString()
          const lines = rest.split('\n')
          rest = lines.pop() ?? ''
          for (const line of lines) if (line !== '') events.push(JSON.parse(line))
        })
        response.on('error', () => undefined)
        settle({ events, close: () => void sent.destroy() })
      })
      sent.on('error', reject)
      sent.end()
    })
  }

  close(): void {
    this.#agent.destroy()
  }
}

/** What a case works with: a namespace of its own, and a record of what was seen. */
export class Session {
  readonly steps: Step[] = []
  readonly namespace: string
  readonly #target: Target
  readonly #normaliser: Normaliser

  constructor(target: Target, namespace: string) {
    this.#target = target
    this.namespace = namespace
    this.#normaliser = new Normaliser(namespace)
  }

  #path(path: string): string {
    return path.replaceAll('{ns}', this.namespace)
  }

  /** A request that is not compared. */
  async quiet(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Reply> {
    return await this.#target.call(method, this.#path(path), body, options)
  }

  /** A request whose code and body are compared. */
  async call(label: string, method: string, path: string, body?: unknown, options?: CallOptions): Promise<Reply> {
    const reply = await this.quiet(method, path, body, options)
    this.record(label, { code: reply.status, body: reply.body ?? reply.text })
    return reply
  }

  record(label: string, value: unknown): void {
    this.steps.push({ label, value: this.#normaliser.value(value) })
  }

  async watch(path: string, options?: CallOptions): Promise<{ readonly events: unknown[]; close(): void }> {
    return await this.#target.watch(this.#path(path), options)
  }

  /** Asks until `holds`, at most for `seconds`. */
  async until(path: string, holds: (reply: Reply) => boolean, seconds = 90): Promise<Reply> {
    const end = Date.now() + seconds * 1000
    for (;;) {
      const reply = await this.quiet('GET', path)
      if (holds(reply)) return reply
      if (Date.now() > end) throw new Error(`${this.#path(path)}: not as expected after ${seconds} s: ${reply.text.slice(0, 2000)}`)
      await sleep(50)
    }
  }

  async sleep(milliseconds: number): Promise<void> {
    await sleep(milliseconds)
  }
}
