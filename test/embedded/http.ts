import { createServer, type Server } from 'node:https'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { ServerCertificate } from './certificate.ts'
import type { ApiRequest, ApiResponse } from './request.ts'

export type Handle = (request: ApiRequest) => ApiResponse | Promise<ApiResponse>

const bodyOf = async (message: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

async function serve(handle: Handle, message: IncomingMessage, response: ServerResponse): Promise<void> {
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const body = await bodyOf(message)
  const answer = await handle({ method: message.method ?? 'GET', url: message.url ?? '/', headers: message.headers, body, signal: gone.signal })
  if (typeof answer.body === 'string') {
    response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(answer.body) })
    response.end(message.method === 'HEAD' ? '' : answer.body)
    return
  }
  response.writeHead(answer.status, answer.headers)
  response.flushHeaders()
  for await (const chunk of answer.body) {
    if (gone.signal.aborted) break
    if (!response.write(chunk)) await new Promise((resolve) => void response.once('drain', resolve).once('close', resolve))
  }
  response.end()
}

/** The HTTPS side of a server: HTTP/1.1 on 127.0.0.1. */
export class HttpsFront {
  readonly #certificate: ServerCertificate
  readonly #handle: Handle
  #server: Server | undefined
  readonly #sockets = new Set<Socket>()
  #port: number

  constructor(certificate: ServerCertificate, handle: Handle, port: number) {
    this.#certificate = certificate
    this.#handle = handle
    this.#port = port
  }

  get port(): number {
    return this.#port
  }

  /** Listens; the port chosen first is kept for later starts. */
  async listen(): Promise<void> {
    const server = createServer({ cert: this.#certificate.certificate, key: this.#certificate.key, ALPNProtocols: ['http/1.1'], keepAliveTimeout: 0 }, (message, response) => {
      serve(this.#handle, message, response).catch((error: unknown) => {
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
        response.end(error instanceof Error ? `${error.stack ?? error.message}\n` : String(error))
        if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) console.error(error)
      })
    })
    // a raw socket and its TLS socket are both counted: destroying either ends the connection
    for (const event of ['connection', 'secureConnection'] as const) {
      server.on(event, (socket: Socket) => {
        this.#sockets.add(socket)
        socket.on('error', () => socket.destroy())
        socket.on('close', () => this.#sockets.delete(socket))
      })
    }
    server.on('tlsClientError', () => undefined)
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(this.#port, '127.0.0.1', resolve)
    })
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  /** Drops every connection and refuses new ones. */
  async close(): Promise<void> {
    const server = this.#server
    this.#server = undefined
    if (server === undefined) return
    const closed = new Promise((resolve) => server.close(resolve))
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }
}
