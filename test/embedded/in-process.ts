import type { EmbeddedCluster } from './embedded.ts'

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** The parsed body; absent for streams. */
  readonly body: unknown
  readonly stream: AsyncIterable<string> | undefined
}

/** Sends requests to a cluster without a socket, as the administrator unless a token says otherwise. */
export const inProcess =
  (cluster: EmbeddedCluster) =>
  async (method: string, url: string, body?: unknown, options: { readonly token?: string; readonly headers?: Readonly<Record<string, string>>; readonly signal?: AbortSignal } = {}): Promise<Answer> => {
    const answer = await cluster.handle({
      method,
      url,
      headers: { authorization: `Bearer ${options.token ?? 'admin-token'}`, 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json', ...options.headers },
      body: body === undefined ? '' : JSON.stringify(body),
      signal: options.signal ?? new AbortController().signal,
    })
    if (typeof answer.body !== 'string') return { status: answer.status, headers: answer.headers, body: undefined, stream: answer.body }
    const isJson = (answer.headers['content-type'] ?? '').includes('json')
    return { status: answer.status, headers: answer.headers, body: isJson ? (JSON.parse(answer.body) as unknown) : answer.body, stream: undefined }
  }

export interface SeenEvent {
  readonly type: string
  readonly object: { readonly metadata: Record<string, unknown>; readonly [field: string]: unknown }
}

/** Collects the events of a watch into a list that grows. */
export function collect(stream: AsyncIterable<string> | undefined): SeenEvent[] {
  const seen: SeenEvent[] = []
  const read = async (): Promise<void> => {
    for await (const chunk of stream ?? []) {
      for (const line of chunk.split('\n')) if (line !== '') seen.push(JSON.parse(line) as SeenEvent)
    }
  }
  read().catch(() => undefined)
  return seen
}
