import { ApiError, invalid, type FieldProblem } from './api-error.ts'
import type { Api } from './api.ts'
import { nothing } from './clock.ts'
import { Outbox } from './request.ts'
import { apiVersionOf, storeKey, type Resource } from './resources.ts'
import type { Matcher } from './selectors.ts'
import type { EventType, StoreEvent } from './store.ts'
import type { KubeObject } from './types.ts'

/** How a watch can be influenced by a test. */
export interface WatchSettings {
  /** Milliseconds between bookmarks. */
  bookmarkInterval: number
  /** Answer 410 to a watch that is too old as an HTTP error instead of an ERROR event. */
  expiredAsHttp: boolean
  /** Whether sendInitialEvents is known (gate WatchList). */
  watchList: boolean
}

export interface WatchRequest {
  readonly resource: Resource
  readonly namespace: string
  readonly query: URLSearchParams
  readonly matches: Matcher
  /** How objects leave: as they are, as metadata only, as Table rows. */
  readonly show: (object: KubeObject, first: boolean) => unknown
  readonly signal: AbortSignal
}

/** The event that a filtered watch sees, if any (pkg/storage/cacher/cache_watcher.go convertToWatchEvent). */
function filtered(event: StoreEvent, matches: Matcher, namespace: string): { readonly type: EventType; readonly object: KubeObject } | undefined {
  const inside = (object: KubeObject | undefined): boolean => object !== undefined && (namespace === '' || object.metadata.namespace === namespace) && matches(object)
  const now = event.type !== 'DELETED' && inside(event.object)
  const before = inside(event.previous)
  if (now) return { type: before ? 'MODIFIED' : 'ADDED', object: event.object }
  if (!before || event.previous === undefined) return undefined
  const { previous } = event
  return { type: 'DELETED', object: { ...previous, metadata: { ...previous.metadata, resourceVersion: String(event.revision) } } }
}

function validateOptions(query: URLSearchParams, settings: WatchSettings): void {
  const initial = query.get('sendInitialEvents')
  const match = query.get('resourceVersionMatch')
  const problems: FieldProblem[] = []
  if (initial === null) {
    if (match !== null) problems.push({ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: 'Forbidden: resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided' })
  } else if (!settings.watchList) {
    problems.push({ reason: 'FieldValueForbidden', field: 'sendInitialEvents', message: 'Forbidden: sendInitialEvents is forbidden for watch unless the WatchList feature gate is enabled' })
  } else if (match !== 'NotOlderThan') {
    problems.push({ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: 'Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan' })
  }
  if (problems.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', problems)
}

/** The object of a bookmark: nothing but a kind and a revision. */
function bookmark(resource: Resource, revision: number, last: boolean): KubeObject {
  const metadata = { resourceVersion: String(revision), ...(last ? { annotations: { 'k8s.io/initial-events-end': 'true' } } : {}) }
  const empty: Readonly<Record<string, object>> = { Pod: { spec: { containers: null }, status: {} } }
  return { kind: resource.kind, apiVersion: apiVersionOf(resource), metadata, ...empty[resource.kind] } as unknown as KubeObject
}

/**
 * Opens a watch: the past since `resourceVersion` (or the present as ADDED events), then every change, until the client
 * leaves, `timeoutSeconds` pass or the server goes down.
 */
export function openWatch(api: Api, request: WatchRequest, settings: WatchSettings): Outbox {
  const { query, resource, namespace, matches } = request
  validateOptions(query, settings)
  const { store, clock } = api
  const key = storeKey(resource)
  const out = new Outbox()
  let first = true
  const send = (type: string, object: unknown): void => out.push(`${JSON.stringify({ type, object })}\n`)
  const sendObject = (type: string, object: KubeObject): void => {
    send(type, request.show(object, first))
    first = false
  }
  const version = query.get('resourceVersion') ?? ''
  const initial = query.get('sendInitialEvents') === 'true'
  let sent = store.revision
  const present = (): void => {
    for (const object of store.list(key, namespace)) if (matches(object)) sendObject('ADDED', object)
  }
  const forward = (event: StoreEvent): void => {
    if (event.resource !== key || event.revision <= sent) return
    sent = event.revision
    const seen = filtered(event, matches, namespace)
    if (seen !== undefined) sendObject(seen.type, seen.object)
  }
  if (initial) {
    present()
    if (query.get('allowWatchBookmarks') === 'true') send('BOOKMARK', request.show(bookmark(resource, store.revision, true), false))
  } else if (version === '' || version === '0') {
    if (query.get('sendInitialEvents') !== 'false') present()
  } else {
    const from = Number(version)
    if (!Number.isInteger(from)) throw new ApiError(500, '', `resourceVersion: Invalid value: ${JSON.stringify(version)}: strconv.ParseUint: parsing ${JSON.stringify(version)}: invalid syntax`)
    const past = store.since(key, from)
    if (past === undefined) {
      const tooOld = new ApiError(410, 'Expired', `too old resource version: ${version} (${store.compacted})`)
      if (settings.expiredAsHttp) throw tooOld
      send('ERROR', tooOld.status())
      out.close()
      return out
    }
    sent = from
    for (const event of past) forward(event)
    sent = Math.max(sent, store.revision)
  }
  const unsubscribe = store.subscribe(forward)
  out.onClose(unsubscribe)
  request.signal.addEventListener('abort', () => out.close(), { once: true })
  const bookmarks = query.get('allowWatchBookmarks') === 'true'
  keepBookmarks(api, out, settings, bookmarks ? () => send('BOOKMARK', request.show(bookmark(resource, store.revision, false), false)) : undefined)
  const seconds = Number(query.get('timeoutSeconds') ?? 0)
  out.onClose(clock.setTimer(seconds > 0 ? seconds * 1000 : 45 * 60_000, () => out.close()))
  return out
}

function keepBookmarks(api: Api, out: Outbox, settings: WatchSettings, send: (() => void) | undefined): void {
  if (send === undefined) return
  let cancel: () => void = nothing
  const next = (): void => {
    cancel = api.clock.setTimer(settings.bookmarkInterval, () => {
      send()
      next()
    })
  }
  next()
  out.onClose(() => cancel())
}
