/** Reads the API server's audit log: what was really asked of it, by whom, and what it wrote. */
import { randomUUID } from 'node:crypto'
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { callApi } from './api.ts'
import { until } from './processes.ts'
import { ClusterError, pathsOf, type ClusterState } from './state.ts'

/** One request as the API server saw it. */
export interface AuditEvent {
  readonly id: string
  /** ResponseStarted for a watch that is still open; otherwise ResponseComplete or Panic. */
  readonly stage: string
  /** get, list, watch, create, update, patch, delete, deletecollection; the HTTP method in small letters for other paths. */
  readonly verb: string
  readonly user: string
  readonly groups: readonly string[]
  /** Set when the request was made with --as. */
  readonly impersonatedUser?: string
  readonly userAgent: string
  readonly requestURI: string
  readonly apiGroup: string
  readonly resource?: string
  readonly subresource?: string
  readonly namespace?: string
  readonly name?: string
  /** HTTP status of the answer. */
  readonly code?: number
  /** dryRun=All in the query, in DeleteOptions or in an Eviction. */
  readonly dryRun: boolean
  /** Bodies of deletions, evictions and access reviews; nothing else is kept. */
  readonly body?: unknown
  readonly receivedAt: Date
  readonly stageAt: Date
}

/** A point in the audit log: requests received from here on count. */
export interface AuditMark {
  /** In bytes. */
  readonly position: number
  /** In milliseconds since 1970: the line of an earlier request may be written only after the mark was taken. */
  readonly at: number
}

export interface Audit {
  /** The point after the last request so far. */
  auditMark(): AuditMark
  /**
   * The requests since a mark, one event each, in the order in which they were finished. The server writes its log after it
   * has answered, so this asks for something itself and reads up to that line. Requests of the cluster's own components
   * that only read, and their leases and events, are not in the log. Throws ClusterError when the log does not get there.
   */
  auditSince(mark: AuditMark, filter?: (event: AuditEvent) => boolean): Promise<readonly AuditEvent[]>
}

/** The audit log of one cluster. */
export function auditOf(state: ClusterState): Audit {
  const { auditLog } = pathsOf(state.dir)
  return {
    auditMark: () => ({ position: statSync(auditLog).size, at: Date.now() }),
    auditSince: async (mark, filter = () => true) => {
      const fence = `audit-fence=${randomUUID()}`
      await callApi(state, 'GET', `/version?${fence}`)
      let text = ''
      const complete = await until(() => {
        text = readFrom(auditLog, mark.position)
        return text.includes(fence) && text.endsWith('\n')
      }, 10_000)
      if (!complete) throw new ClusterError(`${auditLog} does not show the latest request after 10 s`)
      const lines = text.slice(0, text.lastIndexOf('\n')).split('\n').filter((line) => line !== '' && !line.includes('audit-fence='))
      // A watch is logged when it starts and when it ends: its last line stands for it.
      const byId = new Map<string, AuditEvent>()
      for (const line of lines) {
        const event = parse(JSON.parse(line) as RawEvent)
        byId.delete(event.id)
        byId.set(event.id, event)
      }
      return [...byId.values()].filter((event) => event.receivedAt.getTime() >= mark.at && filter(event))
    },
  }
}

/** True for a request that changed something: a dry run, a refused request and a question about rights do not. */
export function isWrite(event: AuditEvent): boolean {
  const writes = ['create', 'update', 'patch', 'delete', 'deletecollection'].includes(event.verb)
  const question = ['authorization.k8s.io', 'authentication.k8s.io'].includes(event.apiGroup)
  return writes && !question && !event.dryRun && (event.code ?? 0) < 400
}

/** How many requests each User-Agent made. */
export function countByUserAgent(events: readonly AuditEvent[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const { userAgent } of events) counts.set(userAgent, (counts.get(userAgent) ?? 0) + 1)
  return counts
}

interface RawEvent {
  readonly auditID: string
  readonly stage: string
  readonly verb: string
  readonly user: { readonly username?: string; readonly groups?: readonly string[] }
  readonly impersonatedUser?: { readonly username?: string }
  readonly userAgent?: string
  readonly requestURI: string
  readonly objectRef?: {
    readonly apiGroup?: string; readonly resource?: string; readonly subresource?: string
    readonly namespace?: string; readonly name?: string
  }
  readonly responseStatus?: { readonly code?: number }
  readonly requestObject?: unknown
  readonly requestReceivedTimestamp: string
  readonly stageTimestamp: string
}

function parse(raw: RawEvent): AuditEvent {
  const { resource, subresource, namespace, name, apiGroup } = raw.objectRef ?? {}
  const code = raw.responseStatus?.code
  const impersonatedUser = raw.impersonatedUser?.username
  return {
    id: raw.auditID,
    stage: raw.stage,
    verb: raw.verb,
    user: raw.user.username ?? '',
    groups: raw.user.groups ?? [],
    ...(impersonatedUser === undefined ? {} : { impersonatedUser }),
    userAgent: raw.userAgent ?? '',
    requestURI: raw.requestURI,
    apiGroup: apiGroup ?? '',
    ...(resource === undefined ? {} : { resource }),
    ...(subresource === undefined ? {} : { subresource }),
    ...(namespace === undefined ? {} : { namespace }),
    ...(name === undefined ? {} : { name }),
    ...(code === undefined ? {} : { code }),
    dryRun: isDryRun(raw),
    ...(raw.requestObject === undefined ? {} : { body: raw.requestObject }),
    receivedAt: new Date(raw.requestReceivedTimestamp),
    stageAt: new Date(raw.stageTimestamp),
  }
}

interface Options {
  readonly dryRun?: readonly string[]
}

function isDryRun(raw: RawEvent): boolean {
  const query = new URL(raw.requestURI, 'https://api').searchParams.getAll('dryRun')
  const body = raw.requestObject as (Options & { readonly deleteOptions?: Options }) | undefined
  return [...query, ...(body?.dryRun ?? []), ...(body?.deleteOptions?.dryRun ?? [])].includes('All')
}

function readFrom(file: string, position: number): string {
  const descriptor = openSync(file, 'r')
  try {
    const bytes = Buffer.alloc(Math.max(0, fstatSync(descriptor).size - position))
    const length = readSync(descriptor, bytes, 0, bytes.length, position)
    return bytes.toString('utf8', 0, length)
  } finally {
    closeSync(descriptor)
  }
}
