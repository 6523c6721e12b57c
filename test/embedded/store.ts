import type { KubeObject } from './types.ts'

export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

/** One change. `object` of a DELETED event is the last stored content with the revision of the deletion. */
export interface StoreEvent {
  readonly revision: number
  readonly resource: string
  readonly type: EventType
  readonly object: KubeObject
  readonly previous: KubeObject | undefined
}

export const keyOf = (namespace: string, name: string): string => (namespace === '' ? name : `${namespace}/${name}`)

/** How many changes are kept for watches that resume: older ones answer 410. */
const HISTORY = 20_000

/**
 * What etcd and the watch cache are to the API server: objects by resource and key, one revision counter, and the
 * history from which watches resume.
 */
export class Store {
  #revision = 1
  #compacted = 0
  readonly #objects = new Map<string, Map<string, KubeObject>>()
  /** Keys in order, until one comes or goes. */
  readonly #sorted = new Map<string, readonly string[]>()
  readonly #subscribers = new Set<(event: StoreEvent) => void>()
  #history: StoreEvent[] = []

  get revision(): number {
    return this.#revision
  }

  /** The oldest revision a watch may resume from. */
  get compacted(): number {
    return this.#compacted
  }

  get(resource: string, namespace: string, name: string): KubeObject | undefined {
    return this.#objects.get(resource)?.get(keyOf(namespace, name))
  }

  /** All objects of a resource, by key; one namespace's when it is given. */
  list(resource: string, namespace = ''): KubeObject[] {
    const all = this.#objects.get(resource)
    if (all === undefined) return []
    const sorted = this.#sorted.get(resource) ?? [...all.keys()].toSorted((a, b) => (a < b ? -1 : 1))
    this.#sorted.set(resource, sorted)
    const prefix = `${namespace}/`
    const keys = namespace === '' ? sorted : sorted.filter((key) => key.startsWith(prefix))
    return keys.flatMap((key) => all.get(key) ?? [])
  }

  /** Stores `object` under a new revision, which it writes into the object's metadata, and tells everyone. */
  put(resource: string, object: KubeObject): KubeObject {
    const all = this.#objects.get(resource) ?? new Map<string, KubeObject>()
    this.#objects.set(resource, all)
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name)
    const previous = all.get(key)
    object.metadata.resourceVersion = String(++this.#revision)
    all.set(key, object)
    if (previous === undefined) this.#sorted.delete(resource)
    this.#emit({ revision: this.#revision, resource, type: previous === undefined ? 'ADDED' : 'MODIFIED', object, previous })
    return object
  }

  /** Removes an object; its last content goes out as DELETED with a new revision. */
  remove(resource: string, object: KubeObject): KubeObject {
    const all = this.#objects.get(resource)
    const key = keyOf(object.metadata.namespace ?? '', object.metadata.name)
    const previous = all?.get(key)
    if (all === undefined || previous === undefined) return object
    all.delete(key)
    this.#sorted.delete(resource)
    const last: KubeObject = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(++this.#revision) } }
    this.#emit({ revision: this.#revision, resource, type: 'DELETED', object: last, previous })
    return last
  }

  /** Changes of one resource after `revision`, or nothing when they are no longer known. */
  since(resource: string, revision: number): readonly StoreEvent[] | undefined {
    if (revision < this.#compacted) return undefined
    return this.#history.filter((event) => event.revision > revision && event.resource === resource)
  }

  /** Forgets the history up to now, as etcd's compaction does: older watches and pages get 410. */
  compact(): void {
    this.#compacted = this.#revision
    this.#history = []
  }

  /** Calls `run` after every change, in order, inside the write: it must only take notes. */
  subscribe(run: (event: StoreEvent) => void): () => void {
    this.#subscribers.add(run)
    return () => this.#subscribers.delete(run)
  }

  #emit(event: StoreEvent): void {
    this.#history.push(event)
    if (this.#history.length > HISTORY) {
      const kept = this.#history.splice(HISTORY / 2)
      this.#compacted = this.#history.at(-1)?.revision ?? this.#compacted
      this.#history = kept
    }
    for (const run of this.#subscribers) run(event)
  }
}
