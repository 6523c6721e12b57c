import type { Api } from './api.ts'
import { timestamp } from './clock.ts'
import type { KubeObject } from './types.ts'

export interface EventWords {
  readonly reason: string
  readonly message: string
  readonly type?: 'Normal' | 'Warning'
  readonly component: string
  readonly host?: string
  readonly fieldPath?: string
}

/** The names of events by what they say, to count repetitions. */
const recorded = new WeakMap<Api, Map<string, string>>()

let sequence = 0

/** Records a core/v1 Event about an object; the same words about the same object are counted up (client-go tools/record). */
export function recordEvent(api: Api, object: KubeObject, words: EventWords): void {
  const { metadata } = object
  const namespace = metadata.namespace ?? 'default'
  const resource = api.resources.key('events')
  const now = timestamp(api.clock.now())
  const names = recorded.get(api) ?? new Map<string, string>()
  recorded.set(api, names)
  const key = [metadata.uid, words.reason, words.message, words.fieldPath].join('|')
  const known = names.get(key)
  if (known !== undefined && api.store.get('events', namespace, known) !== undefined) {
    api.edit({ resource, namespace, name: known }, (event) => {
      event['count'] = Number(event['count']) + 1
      event['lastTimestamp'] = now
    })
    return
  }
  // an event in a namespace that is gone cannot be stored, and nobody could read it
  if (api.store.get('namespaces', '', namespace) === undefined) return
  const { metadata: { name } } = api.create(resource, namespace, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: `${metadata.name}.${(0x18000000000 + sequence++).toString(16)}`, namespace },
    involvedObject: {
      kind: object.kind,
      ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      name: metadata.name,
      ...(metadata.uid === '' ? {} : { uid: metadata.uid }),
      apiVersion: object.apiVersion,
      resourceVersion: metadata.resourceVersion,
      ...(words.fieldPath === undefined ? {} : { fieldPath: words.fieldPath }),
    },
    reason: words.reason,
    message: words.message,
    source: { component: words.component, ...(words.host === undefined ? {} : { host: words.host }) },
    firstTimestamp: now,
    lastTimestamp: now,
    count: 1,
    type: words.type ?? 'Normal',
    eventTime: null,
    reportingComponent: words.component,
    reportingInstance: words.host ?? '',
  })
  names.set(key, name)
}
