import { isDeepStrictEqual } from 'node:util'
import { timestamp } from './clock.ts'
import { isObject } from './patch.ts'
import type { JsonObject, KubeObject } from './types.ts'

/** Who wrote, and through which part of the object. */
export interface Manager {
  readonly name: string
  readonly subresource?: string
}

interface Entry {
  readonly manager: string
  readonly operation: string
  readonly apiVersion: string
  readonly time: string
  readonly fieldsType: 'FieldsV1'
  readonly fieldsV1: JsonObject
  readonly subresource?: string
}

/** Keys of the lists whose items are owned one by one (the listMapKey tags of k8s.io/api). */
const listKeys: Readonly<Record<string, readonly string[]>> = {
  containers: ['name'],
  initContainers: ['name'],
  volumes: ['name'],
  env: ['name'],
  volumeMounts: ['mountPath'],
  conditions: ['type'],
  ownerReferences: ['uid'],
  podIPs: ['ip'],
  hostIPs: ['ip'],
  taints: ['key', 'effect'],
  imagePullSecrets: ['name'],
}

const portKeys = (item: JsonObject): readonly string[] => ('containerPort' in item ? ['containerPort', 'protocol'] : ['port', 'protocol'])

const skipped = new Set(['name', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds', 'managedFields', 'generateName'])

const SEPARATOR = '\u0000'

/** Every owned field of a value: its path, and what stands there. */
function leaves(value: unknown, path: string, field: string, found: Map<string, string>): void {
  const add = (at: string, item: unknown): void => void found.set(at, JSON.stringify(item))
  if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, item] of Object.entries(value)) leaves(item, `${path}${SEPARATOR}f:${key}`, key, found)
    return
  }
  if (Array.isArray(value)) {
    const [first] = value as unknown[]
    if (field === 'finalizers' && path.startsWith(`${SEPARATOR}f:metadata`)) {
      for (const item of value) add(`${path}${SEPARATOR}v:${JSON.stringify(item)}`, item)
      return
    }
    const keys = isObject(first) ? (field === 'ports' ? portKeys(first) : listKeys[field]) : undefined
    if (keys !== undefined) {
      for (const item of value as JsonObject[]) {
        const name = JSON.stringify(Object.fromEntries(keys.map((key) => [key, item[key]])))
        add(`${path}${SEPARATOR}k:${name}${SEPARATOR}.`, name)
        leaves(item, `${path}${SEPARATOR}k:${name}`, '', found)
      }
      return
    }
  }
  add(path, value)
}

/** The top-level fields, as `f:spec`, that an update touches at all. */
function changedSections(before: KubeObject | undefined, object: KubeObject): Set<string> {
  const keys = new Set([...Object.keys(object), ...Object.keys(before ?? {})])
  keys.delete('apiVersion')
  keys.delete('kind')
  return new Set([...keys].filter((key) => before === undefined || !isDeepStrictEqual(before[key], object[key])).map((key) => `f:${key}`))
}

function ownedFields(object: KubeObject, sections: ReadonlySet<string>): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(object)) {
    if (!sections.has(`f:${key}`)) continue
    if (key !== 'metadata') {
      leaves(value, `${SEPARATOR}f:${key}`, key, found)
      continue
    }
    for (const [field, item] of Object.entries(object.metadata)) if (!skipped.has(field)) leaves(item, `${SEPARATOR}f:metadata${SEPARATOR}f:${field}`, field, found)
  }
  return found
}

function paths(fields: JsonObject, prefix = ''): string[] {
  return Object.entries(fields).flatMap(([key, value]) => {
    const path = `${prefix}${SEPARATOR}${key}`
    return isObject(value) && Object.keys(value).length > 0 ? paths(value, path) : [path]
  })
}

function tree(list: readonly string[]): JsonObject {
  const root: JsonObject = {}
  for (const path of list) {
    let at = root
    for (const step of path.split(SEPARATOR).slice(1)) at = (at[step] ??= {}) as JsonObject
  }
  return root
}

/**
 * Writes metadata.managedFields after an update by `manager`: what it changed is now its own, and what is gone is
 * nobody's (sigs.k8s.io/structured-merge-diff, operation Update).
 */
export function trackFields(before: KubeObject | undefined, object: KubeObject, manager: Manager, now: number): void {
  const sections = changedSections(before, object)
  const was = before === undefined ? new Map<string, string>() : ownedFields(before, sections)
  const is = ownedFields(object, sections)
  // what other sections hold is as it was
  const stays = (path: string): boolean => is.has(path) || !sections.has(path.split(SEPARATOR)[1] ?? '')
  const changed = [...is].filter(([path, value]) => was.get(path) !== value).map(([path]) => path)
  const entries = (before?.metadata.managedFields ?? []) as Entry[]
  const isOwn = (entry: Entry): boolean => entry.manager === manager.name && entry.operation === 'Update' && (entry.subresource ?? '') === (manager.subresource ?? '')
  if (changed.length === 0 && [...was.keys()].every((path) => is.has(path))) {
    if (entries.length > 0) object.metadata.managedFields = entries
    return
  }
  const taken = new Set(changed)
  const kept = entries
    .filter((entry) => !isOwn(entry))
    .map((entry) => ([...sections].every((section) => entry.fieldsV1[section] === undefined) ? entry : { ...entry, fieldsV1: tree(paths(entry.fieldsV1).filter((path) => stays(path) && !taken.has(path))) }))
    .filter((entry) => Object.keys(entry.fieldsV1).length > 0)
  const own = entries.find(isOwn)
  const mine = [...new Set([...(own === undefined ? [] : paths(own.fieldsV1).filter(stays)), ...changed])]
  const entry: Entry = {
    manager: manager.name,
    operation: 'Update',
    apiVersion: object.apiVersion,
    time: timestamp(now),
    fieldsType: 'FieldsV1',
    fieldsV1: tree(mine),
    ...(manager.subresource === undefined ? {} : { subresource: manager.subresource }),
  }
  object.metadata.managedFields = mine.length === 0 ? kept : [...kept, entry]
}
