import { badRequest } from './api-error.ts'
import { Outbox } from './request.ts'
import type { Container, Pod } from './types.ts'

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number
  readonly text: string
}

/** The output of one run of a container: what was written, and what is still to come until it ends. */
export class Log {
  readonly lines: LogLine[] = []
  readonly #followers = new Set<{ readonly line: (line: LogLine) => void; readonly end: () => void }>()
  #ended = false

  write(at: number, text: string): void {
    const line = { at, text }
    this.lines.push(line)
    for (const follower of this.#followers) follower.line(line)
  }

  end(): void {
    this.#ended = true
    for (const follower of this.#followers) follower.end()
    this.#followers.clear()
  }

  /** Calls `line` for every further line and `end` when there are no more; the answer stops following. */
  follow(line: (line: LogLine) => void, end: () => void): () => void {
    if (this.#ended) {
      end()
      return () => undefined
    }
    const follower = { line, end }
    this.#followers.add(follower)
    return () => this.#followers.delete(follower)
  }
}

/** Where logs come from: the kubelets. */
export interface LogSource {
  /** The log of a container's present or previous run; nothing when it never ran. */
  log(podUid: string, container: string, previous: boolean): Log | undefined
}

/** GET .../pods/NAME/log (pkg/registry/core/pod/rest/log.go and the kubelet's side of it). */
export function openLog(source: LogSource, pod: Pod, query: URLSearchParams, now: number, signal: AbortSignal): Outbox {
  const container = containerName(pod, query.get('container') ?? '')
  const previous = query.get('previous') === 'true'
  const log = source.log(pod.metadata.uid, container, previous)
  if (log === undefined) {
    const title = `container ${JSON.stringify(container)} in pod ${JSON.stringify(pod.metadata.name)}`
    if ((pod.spec.nodeName ?? '') === '') return closed()
    if (previous) throw badRequest(`previous terminated ${title} not found`)
    const statuses = [...(pod.status.initContainerStatuses ?? []), ...(pod.status.containerStatuses ?? [])]
    const reason = statuses.find((status) => status.name === container)?.state.waiting?.reason
    throw badRequest(`${title} is ${reason === undefined ? 'not available' : `waiting to start: ${reason}`}`)
  }
  const out = new Outbox()
  const since = query.get('sinceSeconds')
  const tail = query.get('tailLines')
  const render = (line: LogLine): string => (query.get('timestamps') === 'true' ? `${new Date(line.at).toISOString().replace('Z', '000000Z')} ${line.text}\n` : `${line.text}\n`)
  let past = since === null ? log.lines : log.lines.filter((line) => line.at >= now - Number(since) * 1000)
  if (tail !== null) past = Number(tail) === 0 ? [] : past.slice(-Number(tail))
  let left = Number(query.get('limitBytes') ?? Number.POSITIVE_INFINITY)
  const write = (line: LogLine): void => {
    const text = render(line).slice(0, left)
    left -= text.length
    if (text !== '') out.push(text)
    if (left <= 0) out.close()
  }
  for (const line of past) write(line)
  if (query.get('follow') === 'true') {
    const stop = log.follow(write, () => out.close())
    out.onClose(stop)
    signal.addEventListener('abort', () => out.close(), { once: true })
  } else out.close()
  return out
}

const closed = (): Outbox => {
  const out = new Outbox()
  out.close()
  return out
}

const names = (containers: readonly Container[] = []): string => `[${containers.map((container) => container.name).join(' ')}]`

function containerName(pod: Pod, asked: string): string {
  const { spec, metadata } = pod
  const all: Container[] = [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])]
  if (asked !== '') {
    if (!all.some((container) => container.name === asked)) throw badRequest(`container ${asked} is not valid for pod ${metadata.name}`)
    return asked
  }
  const [only] = spec.containers
  if (only !== undefined && all.length === 1) return only.name
  const init = (spec.initContainers?.length ?? 0) > 0 ? ` or one of the init containers: ${names(spec.initContainers)}` : ''
  throw badRequest(`a container name must be specified for pod ${metadata.name}, choose one of: ${names(spec.containers)}${init}`)
}
