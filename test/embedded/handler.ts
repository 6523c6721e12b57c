import { randomUUID } from 'node:crypto'
import { ApiError } from './api-error.ts'
import type { Api } from './api.ts'
import { attributesOf, type Access } from './auth.ts'
import { unavailable } from './controllers/apiservice.ts'
import { timestamp } from './clock.ts'
import { aggregated, legacy } from './discovery.ts'
import type { LogSource } from './logs.ts'
import { openapiDocument, openapiIndex } from './openapi.ts'
import { Outbox, requestInfo, type ApiRequest, type ApiResponse, type RequestInfo } from './request.ts'
import type { User } from './types.ts'
import { json, Verbs } from './verbs.ts'
import type { WatchSettings } from './watch.ts'

/** One request as the audit log keeps it. */
export interface AuditEntry {
  readonly at: string
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  readonly user: string
  readonly userAgent: string
  readonly requestURI: string
  readonly code: number
  /** Whether the options that counted asked for a dry run. */
  readonly dryRun: boolean
  readonly body?: string
}

const versionInfo = {
  major: '1',
  minor: '36',
  emulationMajor: '1',
  emulationMinor: '36',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '35',
  gitVersion: 'v1.36.3',
  gitCommit: '',
  gitTreeState: '',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: '',
  compiler: 'gc',
  platform: 'linux/amd64',
}

const text = (status: number, body: string): ApiResponse => ({ status, headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }, body })

/** A fault of this server itself, told as the real one tells a panic, and on standard error. */
function internal(error: unknown): ApiError {
  console.error('embedded API server:', error)
  return new ApiError(500, 'InternalError', `Internal error occurred: ${error instanceof Error ? error.message : String(error)}`, { causes: [] })
}

const isUnavailable = (api: Api, group: string, version: string): boolean => unavailable(api).some(([g, v]) => g === group && v === version)

/** Everything between a request and its answer, without a socket. */
export class RequestHandler {
  readonly audit: AuditEntry[] = []
  readonly #api: Api
  readonly #access: Access
  readonly #verbs: Verbs
  readonly #streams = new Set<Outbox>()

  constructor(api: Api, access: Access, logs: LogSource, watches: WatchSettings) {
    this.#api = api
    this.#access = access
    this.#verbs = new Verbs(api, access, logs, watches)
  }

  /** Answers one request; refusals come as answers too. */
  handle(request: ApiRequest): ApiResponse {
    const info = requestInfo(request.method, request.url)
    let user: User | undefined
    let response: ApiResponse
    try {
      user = this.#access.authenticate(request.headers)
      this.#access.require(user, attributesOf(info))
      response = this.#outside(request, info) ?? this.#verbs.answer(request, info, user)
    } catch (error) {
      const refusal = error instanceof ApiError ? error : internal(error)
      response = json(refusal.code, refusal.status(), refusal.headers)
    }
    const { body } = response
    if (body instanceof Outbox) {
      this.#streams.add(body)
      body.onClose(() => this.#streams.delete(body))
    }
    this.#record(request, info, user, response.status)
    return { ...response, headers: { 'audit-id': randomUUID(), 'cache-control': 'no-cache, private', ...response.headers } }
  }

  /** Ends every watch and followed log, as when the server dies. */
  dropStreams(): void {
    for (const stream of this.#streams) stream.close()
  }

  /** Paths that are no resources; nothing when the path is one. */
  #outside(request: ApiRequest, info: RequestInfo): ApiResponse | undefined {
    const { path } = info
    const { resources } = this.#api
    if (info.target !== undefined) {
      const { group, version } = info.target
      if (isUnavailable(this.#api, group, version)) return text(503, 'service unavailable\n')
      const known = resources.groupVersions().some(([otherGroup, otherVersion]) => group === otherGroup && version === otherVersion)
      return known ? undefined : text(404, '404 page not found\n')
    }
    if (path === '/readyz' || path === '/livez' || path === '/healthz') return text(200, 'ok')
    if (path === '/version' || path === '/version/') return json(200, versionInfo)
    if (path === '/openapi/v3') return json(200, openapiIndex(resources))
    if (path.startsWith('/openapi/v3/')) {
      const document = openapiDocument(resources, path.slice('/openapi/v3/'.length))
      return document === undefined ? text(404, '404 page not found\n') : json(200, document)
    }
    if ((path === '/api' || path === '/apis') && /g=apidiscovery\.k8s\.io/.test(request.headers.accept ?? '') && /v=v2(;|,|$)/.test(request.headers.accept ?? '')) {
      return json(200, aggregated(resources, path === '/api', unavailable(this.#api)), { 'content-type': 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' })
    }
    const [root, group = '', version = ''] = path.split('/').slice(1)
    if (root === 'apis' && isUnavailable(this.#api, group, version)) return text(503, 'service unavailable\n')
    const list = legacy(resources, path.replace(/\/$/, ''), unavailable(this.#api))
    return list === undefined ? text(404, '404 page not found\n') : json(200, list)
  }

  #record(request: ApiRequest, info: RequestInfo, user: User | undefined, code: number): void {
    const { target } = info
    this.audit.push({
      at: timestamp(this.#api.clock.now()),
      verb: info.verb,
      group: target?.group ?? '',
      resource: target?.plural ?? '',
      subresource: target?.subresource ?? '',
      namespace: target?.namespace ?? '',
      name: target?.name ?? '',
      user: user?.name ?? '',
      userAgent: request.headers['user-agent'] ?? '',
      requestURI: request.url,
      code,
      dryRun: wasDryRun(request, info),
      ...(request.body === '' ? {} : { body: request.body }),
    })
  }
}

const asks = (value: unknown): boolean => Array.isArray(value) && value.includes('All')

function wasDryRun(request: ApiRequest, info: RequestInfo): boolean {
  const deleting = info.verb === 'delete' || info.verb === 'deletecollection'
  const evicting = info.target?.subresource === 'eviction'
  if ((!deleting && !evicting) || request.body === '') return info.query.getAll('dryRun').includes('All')
  try {
    const body = JSON.parse(request.body) as { dryRun?: unknown; deleteOptions?: { dryRun?: unknown } }
    return asks(evicting ? body.deleteOptions?.dryRun : body.dryRun)
  } catch {
    return false
  }
}
