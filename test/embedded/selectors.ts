import { badRequest } from './api-error.ts'
import type { KubeObject, LabelSelector, Pod } from './types.ts'

type Labels = Readonly<Record<string, string>>
export type Matcher = (object: KubeObject) => boolean

/** Whether labels match a LabelSelector object; an empty selector matches everything (meta/v1 LabelSelectorAsSelector). */
export function selectorMatches(selector: LabelSelector | undefined, labels: Labels = {}): boolean {
  if (selector === undefined) return false
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false
  for (const { key, operator, values = [] } of selector.matchExpressions ?? []) {
    const value = labels[key]
    if (operator === 'In' && (value === undefined || !values.includes(value))) return false
    if (operator === 'NotIn' && value !== undefined && values.includes(value)) return false
    if (operator === 'Exists' && value === undefined) return false
    if (operator === 'DoesNotExist' && value !== undefined) return false
  }
  return true
}

/** Parses a labelSelector query: `a=b,c!=d,e in (f,g),h notin (i),j,!k`. */
export function parseLabelSelector(text: string): (labels: Labels) => boolean {
  const requirements = text.match(/[^,(]+(\([^)]*\))?/g)?.map((part) => part.trim()) ?? []
  const tests = requirements.filter((part) => part !== '').map(requirement)
  return (labels) => tests.every((holds) => holds(labels))
}

function requirement(part: string): (labels: Labels) => boolean {
  const set = /^(\S+)\s+(in|notin)\s*\(([^)]*)\)$/.exec(part)
  if (set !== null) {
    const [, key = '', operator, list = ''] = set
    const values = list.split(',').map((value) => value.trim())
    return (labels) => {
      const value = labels[key]
      return operator === 'in' ? value !== undefined && values.includes(value) : value === undefined || !values.includes(value)
    }
  }
  if (/^[^\s=!]+\s*(==|!=|=)\s*[=!]/.test(part)) throw badRequest("unable to parse requirement: found '=', expected: identifier")
  const equality = /^([^\s=!]+)\s*(==|=|!=)\s*(\S*)$/.exec(part)
  if (equality !== null) {
    const [, key = '', operator, value] = equality
    return (labels) => (labels[key] === value) === (operator !== '!=')
  }
  const not = /^!\s*([^\s=!]+)$/.exec(part)
  if (not?.[1] !== undefined) {
    const key = not[1]
    return (labels) => labels[key] === undefined
  }
  if (/^[A-Za-z0-9._/-]+$/.test(part)) return (labels) => labels[part] !== undefined
  throw badRequest(`unable to parse requirement: found '${part}', expected: !, identifier, or 'end of string'`)
}

type FieldReader = (object: KubeObject) => string

const common: Readonly<Record<string, FieldReader>> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
}

const involved = (field: string): FieldReader => (object) => {
  const reference = (object['involvedObject'] ?? {}) as Record<string, string | undefined>
  return reference[field] ?? ''
}

const text = (object: Readonly<Record<string, unknown>>, field: string): string => {
  const value = object[field]
  return typeof value === 'string' ? value : ''
}

const perResource: Readonly<Record<string, Readonly<Record<string, FieldReader>>>> = {
  pods: {
    'spec.nodeName': (pod) => (pod as Pod).spec.nodeName ?? '',
    'spec.restartPolicy': (pod) => (pod as Pod).spec.restartPolicy ?? '',
    'spec.schedulerName': (pod) => text((pod as Pod).spec, 'schedulerName'),
    'spec.serviceAccountName': (pod) => (pod as Pod).spec.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String((pod as Pod).spec.hostNetwork ?? false),
    'status.phase': (pod) => (pod as Pod).status.phase ?? '',
    'status.podIP': (pod) => (pod as Pod).status.podIP ?? '',
    'status.nominatedNodeName': () => '',
  },
  nodes: { 'spec.unschedulable': (node) => String((node.spec as { unschedulable?: boolean } | undefined)?.unschedulable ?? false) },
  namespaces: { 'status.phase': (namespace) => (namespace.status as { phase?: string } | undefined)?.phase ?? '' },
  secrets: { type: (secret) => text(secret, 'type') },
  'replicasets.apps': { 'status.replicas': (set) => String((set.status as { replicas?: number } | undefined)?.replicas ?? 0) },
  'jobs.batch': { 'status.successful': (job) => String((job.status as { succeeded?: number } | undefined)?.succeeded ?? 0) },
  events: {
    ...Object.fromEntries(['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map((field) => [`involvedObject.${field}`, involved(field)])),
    reason: (event) => text(event, 'reason'),
    type: (event) => text(event, 'type'),
    reportingComponent: (event) => text(event, 'reportingComponent'),
    source: (event) => (event['source'] as { component?: string } | undefined)?.component ?? '',
  },
}

/** Parses a fieldSelector query for a resource; only the fields that the real server indexes are known. */
export function parseFieldSelector(query: string, resource: string): Matcher {
  const readers = { ...common, ...perResource[resource] }
  const tests = query
    .split(',')
    .filter((part) => part !== '')
    .map((part) => {
      const match = /^([^=!]+)(==|=|!=)(.*)$/.exec(part)
      if (match === null) throw badRequest(`invalid selector: '${query}'; can't understand '${part}'`)
      const [, field = '', operator, value] = match
      const read = readers[field]
      if (read === undefined) throw badRequest(`field label not supported: ${field}`)
      return (object: KubeObject) => (read(object) === value) === (operator !== '!=')
    })
  return (object) => tests.every((holds) => holds(object))
}

/** Both selectors of a list, watch or deletecollection as one test. */
export function matcher(labelSelector: string | undefined, fieldSelector: string | undefined, resource: string): Matcher {
  const labels = labelSelector === undefined || labelSelector === '' ? undefined : parseLabelSelector(labelSelector)
  const fields = fieldSelector === undefined || fieldSelector === '' ? undefined : parseFieldSelector(fieldSelector, resource)
  return (object) => (labels?.(object.metadata.labels ?? {}) ?? true) && (fields?.(object) ?? true)
}
