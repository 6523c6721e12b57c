import { ApiError, badRequest, expired, invalid } from './api-error.ts'
import type { Api } from './api.ts'
import { apiVersionOf, storeKey, type Resource } from './resources.ts'
import type { Matcher } from './selectors.ts'
import { keyOf, type Store } from './store.ts'
import type { JsonObject, KubeObject } from './types.ts'

export interface Page {
  readonly metadata: JsonObject
  readonly items: readonly KubeObject[]
}

interface Token {
  readonly v: string
  readonly rv: number
  readonly start: string
}

/** How many unfinished paged lists keep their snapshot. */
const SNAPSHOTS = 50

/** LIST, with pages from one snapshot as etcd gives them. */
export class Lists {
  readonly #api: Api
  readonly #snapshots = new Map<string, readonly KubeObject[]>()

  constructor(api: Api) {
    this.#api = api
  }

  /** One page: `limit` and `continue` from the query, what matches from `matches`. */
  page(resource: Resource, namespace: string, query: URLSearchParams, matches: Matcher, selected: boolean): Page {
    const { store } = this.#api
    const limit = Number(query.get('limit') ?? 0)
    const token = query.get('continue') ?? ''
    const key = storeKey(resource)
    if (token !== '') return this.#next(key, namespace, decode(token), limit, matches, selected, query)
    this.#checkVersion(query)
    const revision = store.revision
    const all = store.list(key, namespace)
    // a list at "any" revision comes from the watch cache, which knows no pages
    const paged = query.get('resourceVersion') === '0' ? 0 : limit
    return this.#cut(key, namespace, all, 0, paged, revision, matches, selected)
  }

  #checkVersion(query: URLSearchParams): void {
    const version = query.get('resourceVersion') ?? ''
    const match = query.get('resourceVersionMatch')
    if (match !== null && version === '') throw matchProblem('resourceVersionMatch is forbidden unless resourceVersion is provided')
    if (match === 'Exact' && version === '0') throw matchProblem('resourceVersionMatch "exact" is forbidden for resourceVersion "0"')
    if (version === '' || version === '0') return
    const { store } = this.#api
    const wanted = Number(version)
    if (!Number.isInteger(wanted)) throw badRequest(`Invalid value: ${JSON.stringify(version)}`)
    requireKnown(store, wanted)
    if (match === 'Exact' && wanted < store.compacted) throw expired('The provided resource version is too old.')
  }

  #next(key: string, namespace: string, token: Token, limit: number, matches: Matcher, selected: boolean, query: URLSearchParams): Page {
    if ((query.get('resourceVersion') ?? '') !== '') throw badRequest('specifying resource version is not allowed when using continue')
    const all = this.#snapshots.get(`${token.rv}/${key}/${namespace}`)
    if (all === undefined || token.rv < this.#api.store.compacted) {
      throw new ApiError(410, 'Expired', 'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.')
    }
    const start = all.findIndex((object) => keyOf(object.metadata.namespace ?? '', object.metadata.name) >= token.start)
    return this.#cut(key, namespace, all, start < 0 ? all.length : start, limit, token.rv, matches, selected)
  }

  #cut(key: string, namespace: string, all: readonly KubeObject[], start: number, limit: number, revision: number, matches: Matcher, selected: boolean): Page {
    const items: KubeObject[] = []
    let index = start
    for (; index < all.length; index++) {
      if (limit > 0 && items.length === limit) break
      const object = all[index]
      if (object !== undefined && matches(object)) items.push(object)
    }
    const next = all[index]
    if (next === undefined) return { metadata: { resourceVersion: String(revision) }, items }
    const name = `${revision}/${key}/${namespace}`
    this.#snapshots.set(name, all)
    const [oldest] = this.#snapshots.keys()
    if (this.#snapshots.size > SNAPSHOTS && oldest !== undefined) this.#snapshots.delete(oldest)
    return {
      metadata: {
        resourceVersion: String(revision),
        continue: encode({ v: 'meta.k8s.io/v1', rv: revision, start: keyOf(next.metadata.namespace ?? '', next.metadata.name) }),
        ...(selected ? {} : { remainingItemCount: all.length - index }),
      },
      items,
    }
  }
}

const matchProblem = (why: string): ApiError =>
  invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', [{ reason: 'FieldValueForbidden', field: 'resourceVersionMatch', message: `Forbidden: ${why}` }])

/** 504 for a revision that this server has not reached, as after a switch between servers. */
export function requireKnown(store: Store, revision: number): void {
  if (revision <= store.revision) return
  throw new ApiError(504, 'Timeout', `Timeout: Too large resource version: ${revision}, current: ${store.revision}`, {
    causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
    retryAfterSeconds: 1,
  }, { 'retry-after': '1' })
}

const encode = (token: Token): string => Buffer.from(JSON.stringify(token)).toString('base64url')

function decode(text: string): Token {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString()) as Token
  } catch {
    throw badRequest('invalid continue token: continue key is not valid')
  }
}

/** A list object; items of built-in kinds come without kind and apiVersion, as the real server's typed lists do. */
export function asList(resource: Resource, page: Page): JsonObject {
  const metadata = resource.custom ? { continue: '', ...page.metadata } : page.metadata
  const items = resource.custom ? page.items : page.items.map(({ kind: _kind, apiVersion: _version, ...rest }) => rest)
  return { kind: `${resource.kind}List`, apiVersion: apiVersionOf(resource), metadata, items }
}
