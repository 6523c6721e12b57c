import { ApiError, badRequest, invalid, methodNotAllowed, unknownResource } from './api-error.ts'
import type { Api, Ref, WriteOptions } from './api.ts'
import type { Access } from './auth.ts'
import { evict } from './eviction.ts'
import { asList, Lists, requireKnown } from './list.ts'
import { openLog, type LogSource } from './logs.ts'
import { applyPatch, isObject } from './patch.ts'
import type { ApiRequest, ApiResponse, RequestInfo } from './request.ts'
import { customResources, storeKey, type Resource } from './resources.ts'
import { review } from './reviews.ts'
import { matcher } from './selectors.ts'
import { asTable, partial } from './table.ts'
import type { DeleteOptions, JsonObject, KubeObject, Pod, User, Workload } from './types.ts'
import { openWatch, type WatchSettings } from './watch.ts'

interface Context {
  readonly request: ApiRequest
  readonly info: RequestInfo
  readonly target: NonNullable<RequestInfo['target']>
  readonly resource: Resource
  readonly user: User
}

type Shape = { readonly as: 'object' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList'; readonly type: string }

/** What the Accept header asks for, by the client's order; 406 when nothing of it is JSON. */
export function shapeOf(accept: string | undefined): Shape {
  for (const part of (accept ?? '*/*').split(',')) {
    const [media = '', ...parameters] = part.trim().split(';').map((piece) => piece.trim())
    if (media !== 'application/json' && media !== '*/*' && media !== 'application/*') continue
    const as = parameters.find((parameter) => parameter.startsWith('as='))?.slice(3)
    if (as === undefined) return { as: 'object', type: 'application/json' }
    if (as === 'Table' || as === 'PartialObjectMetadata' || as === 'PartialObjectMetadataList') return { as, type: 'application/json' }
  }
  throw new ApiError(406, 'NotAcceptable', '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf, application/json;stream=watch, application/vnd.kubernetes.protobuf;stream=watch', {})
}

export const json = (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): ApiResponse => ({
  status,
  headers: { 'content-type': 'application/json', ...headers },
  body: `${JSON.stringify(body)}\n`,
})

/** Requests on resources: what comes after routing, authentication and authorization. */
export class Verbs {
  readonly #api: Api
  readonly #access: Access
  readonly #lists: Lists
  readonly #logs: LogSource
  readonly #watches: WatchSettings

  constructor(api: Api, access: Access, logs: LogSource, watches: WatchSettings) {
    this.#api = api
    this.#access = access
    this.#lists = new Lists(api)
    this.#logs = logs
    this.#watches = watches
  }

  answer(request: ApiRequest, info: RequestInfo, user: User): ApiResponse {
    const { target } = info
    if (target === undefined) throw unknownResource()
    const resource = this.#api.resources.find(target.group, target.version, target.plural)
    if (resource === undefined) throw unknownResource()
    const context: Context = { request, info, target, resource, user }
    if (target.subresource !== '') return this.#subresource(context)
    if (!resource.verbs.includes(info.verb)) throw methodNotAllowed()
    switch (info.verb) {
      case 'get':
        requireKnown(this.#api.store, Number(info.query.get('resourceVersion') ?? 0))
        return this.#one(context, 200, this.#api.get(refOf(context)))
      case 'list':
        return this.#list(context)
      case 'watch':
        return this.#watch(context)
      case 'create':
        return this.#create(context)
      case 'update':
        return this.#one(context, 200, this.#api.update(refOf(context), this.#object(context), this.#writing(context)))
      case 'patch':
        return this.#patch(context)
      case 'delete':
        return this.#delete(context)
      case 'deletecollection':
        return this.#deleteCollection(context)
      default:
        throw methodNotAllowed()
    }
  }

  /** One object in the shape that was asked for. */
  #one(context: Context, status: number, object: KubeObject): ApiResponse {
    const { as } = shapeOf(context.request.headers.accept)
    if (as === 'Table') return json(status, asTable(context.resource, [object], { resourceVersion: object.metadata.resourceVersion }, this.#api.clock.now(), true, context.info.query.get('includeObject') ?? 'Metadata'))
    return json(status, as === 'PartialObjectMetadata' ? partial(object) : object)
  }

  #list(context: Context): ApiResponse {
    const { info, target, resource } = context
    const { query } = info
    const [labels, fields] = selectors(query)
    const page = this.#lists.page(resource, target.namespace, query, matcher(labels, fields, storeKey(resource)), labels !== undefined || fields !== undefined)
    const { as } = shapeOf(context.request.headers.accept)
    if (as === 'Table') return json(200, asTable(resource, page.items, page.metadata, this.#api.clock.now(), true, query.get('includeObject') ?? 'Metadata'))
    if (as === 'object') return json(200, asList(resource, page))
    return json(200, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata: page.metadata, items: page.items.map(partial) })
  }

  #watch(context: Context): ApiResponse {
    const { request, info, target, resource } = context
    const { as } = shapeOf(request.headers.accept)
    const [labels, fields] = selectors(info.query)
    const named = target.name === '' || info.path.endsWith(`/${resource.plural}`) ? fields : `metadata.name=${target.name}`
    const out = openWatch(
      this.#api,
      {
        resource,
        namespace: target.namespace,
        query: info.query,
        matches: matcher(labels, named, storeKey(resource)),
        signal: request.signal,
        show: (object, first) => {
          if (as === 'Table') return asTable(resource, [object], { resourceVersion: object.metadata.resourceVersion }, this.#api.clock.now(), first, info.query.get('includeObject') ?? 'Metadata')
          return as === 'object' ? object : partial(object)
        },
      },
      this.#watches,
    )
    return { status: 200, headers: { 'content-type': 'application/json' }, body: out }
  }

  #create(context: Context): ApiResponse {
    const { resource, target, info, user } = context
    const object = this.#object(context)
    const answer = review(resource, object, user, target.namespace, this.#access)
    if (answer !== undefined) return json(201, answer)
    const created = this.#api.create(resource, target.namespace, object, this.#writing(context))
    if (created.kind === 'CustomResourceDefinition' && !dryRun(info)) this.#define(created)
    return this.#one(context, 201, created)
  }

  /** A CustomResourceDefinition is served at once. */
  #define(definition: KubeObject): void {
    for (const resource of customResources(definition)) this.#api.resources.add(resource)
    const ref = { resource: this.#api.resources.key('customresourcedefinitions.apiextensions.k8s.io'), namespace: '', name: definition.metadata.name }
    this.#api.edit(ref, (object) => {
      object.status = { conditions: ['NamesAccepted', 'Established'].map((type) => ({ type, status: 'True', reason: 'NoConflicts' })) }
    }, { subresource: 'status' })
  }

  #patch(context: Context, subresource?: string): ApiResponse {
    const { request, resource } = context
    const ref = refOf(context)
    const type = request.headers['content-type'] ?? ''
    const patched = (): KubeObject => applyPatch(type, this.#api.get(ref), parse(request.body), resource.custom) as KubeObject
    if (type.startsWith('application/apply-patch')) applyPatch(type, {}, {}, resource.custom)
    const result = this.#api.update(ref, patched(), { ...this.#writing(context), ...(subresource === undefined ? {} : { subresource }) })
    return this.#one(context, 200, result)
  }

  /** The options of a DELETE: those of the body when there is one, else those of the query, never both. */
  #deleteOptions({ request, info }: Context): DeleteOptions {
    if (request.body !== '') {
      const body = parse(request.body)
      if (!isObject(body)) throw badRequest('the object provided is unrecognized (must be of type DeleteOptions)')
      const { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun: dry } = body
      const options = { gracePeriodSeconds, propagationPolicy, orphanDependents, preconditions, dryRun: dry }
      return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined && value !== null))
    }
    const { query } = info
    const grace = query.get('gracePeriodSeconds')
    const policy = query.get('propagationPolicy')
    const orphan = query.get('orphanDependents')
    const dry = query.getAll('dryRun')
    return {
      ...(grace === null ? {} : { gracePeriodSeconds: Number(grace) }),
      ...(policy === null ? {} : { propagationPolicy: policy }),
      ...(orphan === null ? {} : { orphanDependents: orphan === 'true' }),
      ...(dry.length === 0 ? {} : { dryRun: dry }),
    }
  }

  #delete(context: Context): ApiResponse {
    const { resource } = context
    const options = this.#deleteOptions(context)
    const { object, removed } = this.#api.delete(refOf(context), options)
    const code = !removed && options.orphanDependents === false ? 202 : 200
    if (!removed || resource.returnsDeleted) return this.#one(context, code, object)
    return json(code, {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: object.metadata.name, ...(resource.group === '' ? {} : { group: resource.group }), kind: resource.plural, uid: object.metadata.uid },
    })
  }

  #deleteCollection(context: Context): ApiResponse {
    const { info, resource, target } = context
    const options = this.#deleteOptions(context)
    const [labels, fields] = selectors(info.query)
    const page = this.#lists.page(resource, target.namespace, info.query, matcher(labels, fields, storeKey(resource)), true)
    for (const { metadata } of page.items) this.#api.delete({ resource, namespace: metadata.namespace ?? '', name: metadata.name }, options)
    return json(200, asList(resource, page))
  }

  #subresource(context: Context): ApiResponse {
    const { info, target, resource, request } = context
    const known = resource.subresources.find((subresource) => subresource.name === target.subresource)
    if (known === undefined) throw unknownResource()
    if (!known.verbs.includes(info.verb)) throw methodNotAllowed()
    const ref = refOf(context)
    switch (target.subresource) {
      case 'status':
      case 'ephemeralcontainers':
      case 'finalize': {
        if (info.verb === 'get') return this.#one(context, 200, this.#api.get(ref))
        const { subresource } = target
        if (info.verb === 'patch') return this.#patch(context, subresource)
        return this.#one(context, 200, this.#api.update(ref, this.#object(context), { ...this.#writing(context), subresource }))
      }
      case 'eviction':
        return json(201, evict(this.#api, ref, this.#object(context)))
      case 'log': {
        const out = openLog(this.#logs, this.#api.get(ref) as Pod, info.query, this.#api.clock.now(), request.signal)
        return { status: 200, headers: { 'content-type': 'text/plain' }, body: out }
      }
      case 'scale':
        return this.#scale(context, ref)
      default:
        throw new ApiError(501, 'NotImplemented', `${resource.plural}/${target.subresource} is not served by this cluster`, {})
    }
  }

  #scale(context: Context, ref: Ref): ApiResponse {
    const current = scaleOf(this.#api.get(ref))
    const { info, request } = context
    if (info.verb === 'get') return json(200, current)
    const wanted = info.verb === 'patch' ? applyPatch(request.headers['content-type'] ?? '', current, parse(request.body), false) : parse(request.body)
    const replicas = ((wanted as JsonObject)['spec'] as { replicas?: number } | undefined)?.replicas
    return json(200, scaleOf(this.#api.edit(ref, (object) => {
      if (replicas !== undefined) (object as Workload).spec.replicas = replicas
    }, this.#writing(context))))
  }

  #writing({ info, request }: Context): WriteOptions {
    return { dryRun: dryRun(info), manager: info.query.get('fieldManager') ?? request.headers['user-agent']?.split('/')[0] ?? 'unknown' }
  }

  #object(context: Context): KubeObject {
    const { headers, body } = context.request
    const type = headers['content-type']?.split(';')[0] ?? 'application/json'
    if (type !== 'application/json') {
      throw new ApiError(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json', {})
    }
    const object = parse(body)
    if (!isObject(object)) throw badRequest('the object provided is unrecognized (must be of type object)')
    return object as unknown as KubeObject
  }
}

function scaleOf(object: KubeObject): JsonObject {
  const { metadata, spec, status } = object as Workload
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadata
  const selector = Object.entries(spec.selector.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`).join(',')
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: { name, namespace, uid, resourceVersion, creationTimestamp },
    spec: { replicas: spec.replicas },
    status: { replicas: status.replicas ?? 0, selector },
  }
}

const refOf = ({ resource, target }: Context): Ref => ({ resource, namespace: resource.namespaced ? target.namespace : '', name: target.name })

const selectors = (query: URLSearchParams): readonly [string | undefined, string | undefined] => [
  query.get('labelSelector') === '' ? undefined : (query.get('labelSelector') ?? undefined),
  query.get('fieldSelector') === '' ? undefined : (query.get('fieldSelector') ?? undefined),
]

function dryRun(info: RequestInfo): boolean {
  const values = info.query.getAll('dryRun')
  if (values.some((value) => value !== 'All')) {
    const kind = info.verb === 'create' ? 'CreateOptions' : info.verb === 'patch' ? 'PatchOptions' : 'UpdateOptions'
    throw invalid({ group: 'meta.k8s.io', kind }, '', [{ reason: 'FieldValueNotSupported', field: 'dryRun', message: `Unsupported value: ${JSON.stringify(values)}: supported values: "All"` }])
  }
  return values.length > 0
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch (error) {
    throw badRequest(`the object provided is unrecognized (must be of type object): ${error instanceof Error ? error.message : String(error)}`)
  }
}

