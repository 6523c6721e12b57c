import { isDeepStrictEqual } from 'node:util'
import { ApiError, badRequest } from './api-error.ts'
import { clone } from './clone.ts'
import type { JsonObject } from './types.ts'

export const isObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value)

/** RFC 7386. Neither argument is changed. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = mergePatch(result[key], value)
  }
  return result
}

interface Operation {
  readonly op: string
  readonly path: string
  readonly from?: string
  readonly value?: unknown
}

const steps = (pointer: string): string[] =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))

/** The reason is told to nobody, as in the real server. */
const failed = (_reason: string): ApiError => new ApiError(422, 'Invalid', 'the server rejected our request due to an error in our request', {})

function parentOf(document: unknown, pointer: string): { readonly parent: JsonObject | unknown[]; readonly key: string } {
  const path = steps(pointer)
  const key = path.pop() ?? ''
  let at: unknown = document
  for (const step of path) at = Array.isArray(at) ? (at as unknown[])[Number(step)] : isObject(at) ? at[step] : undefined
  if (!Array.isArray(at) && !isObject(at)) throw failed(`doc is missing path: ${pointer}`)
  return { parent: at, key }
}

function read(document: unknown, pointer: string): unknown {
  if (pointer === '') return document
  const { parent, key } = parentOf(document, pointer)
  return Array.isArray(parent) ? parent[Number(key)] : parent[key]
}

function add(document: unknown, pointer: string, value: unknown): void {
  const { parent, key } = parentOf(document, pointer)
  if (Array.isArray(parent)) parent.splice(key === '-' ? parent.length : Number(key), 0, value)
  else parent[key] = value
}

function remove(document: unknown, pointer: string): void {
  const { parent, key } = parentOf(document, pointer)
  if (Array.isArray(parent)) {
    if (Number(key) >= parent.length) throw failed(`Unable to access invalid index: ${key}`)
    parent.splice(Number(key), 1)
  } else {
    if (!(key in parent)) throw failed(`Unable to remove nonexistent key: ${key}`)
    delete parent[key]
  }
}

/** RFC 6902. The document is not changed. */
export function jsonPatch(document: unknown, patch: unknown): unknown {
  if (!Array.isArray(patch)) throw badRequest('error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch')
  const result: unknown = clone(document)
  for (const operation of patch as Operation[]) {
    const { op, path, from = '', value } = operation
    if (op === 'add') add(result, path, value)
    else if (op === 'remove') remove(result, path)
    else if (op === 'replace') {
      if (read(result, path) === undefined) throw failed(`replace operation does not apply: doc is missing key: ${path}`)
      const { parent, key } = parentOf(result, path)
      if (Array.isArray(parent)) parent[Number(key)] = value
      else parent[key] = value
    } else if (op === 'test') {
      if (!isDeepStrictEqual(read(result, path) ?? null, value ?? null)) throw failed(`testing value ${path} failed`)
    } else if (op === 'move' || op === 'copy') {
      const moved = clone(read(result, from))
      if (op === 'move') remove(result, from)
      add(result, path, moved)
    } else throw badRequest(`error decoding patch: unknown operation ${JSON.stringify(op)}`)
  }
  return result
}

/**
 * Merge keys of lists, by the field that holds the list (the `patchMergeKey` tags of k8s.io/api for the kinds kept
 * here). A field that is absent is atomic; an empty key is a set of primitives.
 */
const mergeKeys: Readonly<Record<string, string>> = {
  containers: 'name',
  initContainers: 'name',
  ephemeralContainers: 'name',
  volumes: 'name',
  env: 'name',
  volumeMounts: 'mountPath',
  volumeDevices: 'devicePath',
  imagePullSecrets: 'name',
  hostAliases: 'ip',
  conditions: 'type',
  ownerReferences: 'uid',
  finalizers: '',
  topologySpreadConstraints: 'topologyKey',
  podIPs: 'ip',
  hostIPs: 'ip',
  taints: 'key',
  addresses: 'type',
  resourceClaims: 'name',
  readinessGates: '',
  schedulingGates: 'name',
  secrets: 'name',
  volumeClaimTemplates: '*',
}

function mergeKey(field: string, item: unknown): string | undefined {
  if (field === 'ports') return isObject(item) && 'containerPort' in item ? 'containerPort' : 'port'
  const key = mergeKeys[field]
  if (key === '*' || field === 'readinessGates') return undefined
  // only the spec's ephemeral lists and the metadata's finalizers: a Namespace's spec.finalizers are atomic
  return key
}

/** Strategic merge patch (apimachinery pkg/util/strategicpatch). Neither argument is changed. */
export function strategicMergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  if (patch['$patch'] === 'replace') {
    const { $patch: _directive, ...rest } = patch
    return rest
  }
  if (patch['$patch'] === 'delete') return {}
  const result: JsonObject = isObject(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$setElementOrder/') || key === '$patch') continue
    if (key === '$retainKeys') {
      const kept = new Set(value as string[])
      for (const other of Object.keys(result)) if (!kept.has(other)) delete result[other]
      continue
    }
    if (key.startsWith('$deleteFromPrimitiveList/')) {
      const field = key.slice('$deleteFromPrimitiveList/'.length)
      const gone = new Set(value as unknown[])
      const list = result[field]
      if (Array.isArray(list)) result[field] = list.filter((item) => !gone.has(item))
      if (Array.isArray(result[field]) && result[field].length === 0) delete result[field]
      continue
    }
    if (value === null) delete result[key]
    else if (Array.isArray(value)) result[key] = mergeList(key, result[key], value, patch[`$setElementOrder/${key}`])
    else result[key] = strategicMergePatch(result[key], value)
  }
  return result
}

function mergeList(field: string, target: unknown, patch: unknown[], order: unknown): unknown[] {
  const key = mergeKey(field, patch[0])
  if (key === undefined) return patch
  const server: unknown[] = Array.isArray(target) ? [...(target as unknown[])] : []
  const same = (a: unknown, b: unknown): boolean => (key === '' ? a === b : isObject(a) && isObject(b) && a[key] === b[key])
  if (patch.some((item) => isObject(item) && item['$patch'] === 'replace')) return patch.filter((item) => !(isObject(item) && item['$patch'] === 'replace'))
  const deleted = patch.filter((item) => isObject(item) && item['$patch'] === 'delete')
  const wanted = patch.filter((item) => !deleted.includes(item))
  const merged = wanted.map((item) => (key === '' ? item : strategicMergePatch(server.find((other) => same(other, item)) ?? {}, item)))
  const untouched = server.filter((item) => ![...wanted, ...deleted].some((other) => same(other, item)))
  const ordered = Array.isArray(order) ? merged.toSorted((a, b) => place(order, a, same) - place(order, b, same)) : merged
  return interleave(untouched, ordered, server, same)
}

type Same = (a: unknown, b: unknown) => boolean

const place = (list: readonly unknown[], item: unknown, same: Same): number => list.findIndex((other) => same(other, item))

/** The patch's items first, unless one of the server's own stood before them already (strategicpatch mergeSortedSlice). */
function interleave(own: readonly unknown[], patched: readonly unknown[], server: readonly unknown[], same: Same): unknown[] {
  const result: unknown[] = []
  let [left, right] = [0, 0]
  while (left < own.length || right < patched.length) {
    const [a, b] = [place(server, own[left], same), place(server, patched[right], same)]
    const takeLeft = right >= patched.length || (left < own.length && b >= 0 && a < b)
    result.push(takeLeft ? own[left++] : patched[right++])
  }
  return result
}

/** Applies a patch by its content type. Apply patches are not spoken here: 415, as for any unknown type. */
export function applyPatch(contentType: string, current: unknown, patch: unknown, custom: boolean): unknown {
  const type = contentType.split(';')[0]?.trim()
  if (type === 'application/json-patch+json') return jsonPatch(current, patch)
  if (type === 'application/merge-patch+json') return mergePatch(current, patch)
  if (type === 'application/strategic-merge-patch+json' && !custom) return strategicMergePatch(current, patch)
  if (custom) throw new ApiError(415, 'UnsupportedMediaType', 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml')
  throw new ApiError(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}
