import { ApiError } from '../api-error.ts'
import type { Api, Ref } from '../api.ts'
import type { Gate } from '../gate.ts'
import type { StoreEvent } from '../store.ts'
import type { KubeObject, OwnerReference, Pod } from '../types.ts'

export interface Loop {
  readonly api: Api
  /** Looks at a key again after a while. */
  again(key: string, milliseconds: number): void
}

/** A reconciliation loop: changes name keys, and each key is brought in order for itself. */
export interface Controller {
  readonly name: string
  /** The keys that a change concerns. */
  keys(event: StoreEvent, api: Api): readonly string[]
  /** All keys there are, for a start. */
  all(api: Api): readonly string[]
  reconcile(key: string, loop: Loop): void
  /** Milliseconds for which changes of an event's kind are gathered before anything is done. */
  delay?(event: StoreEvent): number
}

/** Runs controllers while the API server is up and they are not stopped, as the kube-controller-manager does. */
export class ControllerRunner {
  readonly #api: Api
  readonly #gate: Gate
  readonly #controllers: readonly Controller[]
  readonly #due = new Map<Controller, Set<string>>()
  readonly #unsubscribe: () => void
  #planned = false

  constructor(api: Api, gate: Gate, controllers: readonly Controller[]) {
    this.#api = api
    this.#gate = gate
    this.#controllers = controllers
    this.#unsubscribe = api.store.subscribe((event) => {
      for (const controller of controllers) for (const key of controller.keys(event, api)) this.#later(controller, key, controller.delay?.(event) ?? 0)
    })
    this.resync()
  }

  #later(controller: Controller, key: string, milliseconds: number): void {
    if (milliseconds === 0) this.add(controller, key)
    else this.#api.clock.setTimer(milliseconds, () => this.add(controller, key))
  }

  /** Looks at everything again. */
  resync(): void {
    for (const controller of this.#controllers) for (const key of controller.all(this.#api)) this.add(controller, key)
  }

  stop(): void {
    this.#unsubscribe()
    this.#gate.close()
  }

  add(controller: Controller, key: string): void {
    const keys = this.#due.get(controller) ?? new Set()
    this.#due.set(controller, keys)
    keys.add(key)
    if (this.#planned) return
    this.#planned = true
    this.#api.clock.setTimer(0, () => {
      this.#gate.passed().then(() => this.#work()).catch((error: unknown) => console.error('embedded controllers:', error))
    })
  }

  #work(): void {
    this.#planned = false
    const work = [...this.#due]
    this.#due.clear()
    for (const [controller, keys] of work) {
      for (const key of keys) {
        const loop: Loop = { api: this.#api, again: (other, milliseconds) => void this.#api.clock.setTimer(milliseconds, () => this.add(controller, other)) }
        try {
          controller.reconcile(key, loop)
        } catch (error) {
          // one broken object must not stop the others
          if (!(error instanceof ApiError)) console.error(`embedded ${controller.name} controller:`, error)
          loop.again(key, 1000)
        }
      }
    }
  }
}

export const keyOfObject = (object: KubeObject): string => `${object.metadata.namespace ?? ''}/${object.metadata.name}`

export function splitKey(key: string): readonly [namespace: string, name: string] {
  const slash = key.indexOf('/')
  return [key.slice(0, slash), key.slice(slash + 1)]
}

export const controllerOf = (object: KubeObject): OwnerReference | undefined => object.metadata.ownerReferences?.find((owner) => owner.controller === true)

export const isOwnedBy = (object: KubeObject, owner: KubeObject): boolean => controllerOf(object)?.uid === owner.metadata.uid

/** The owner reference that a controller writes into what it makes. */
export const controllerRef = (owner: KubeObject): OwnerReference => ({
  apiVersion: owner.apiVersion,
  kind: owner.kind,
  name: owner.metadata.name,
  uid: owner.metadata.uid,
  controller: true,
  blockOwnerDeletion: true,
})

export const refTo = (api: Api, key: string, object: KubeObject): Ref => ({ resource: api.resources.key(key), namespace: object.metadata.namespace ?? '', name: object.metadata.name })

export const isActive = (pod: Pod): boolean => pod.status.phase !== 'Succeeded' && pod.status.phase !== 'Failed' && pod.metadata.deletionTimestamp === undefined

export const readySince = (pod: Pod): number | undefined => {
  const ready = pod.status.conditions?.find((condition) => condition.type === 'Ready')
  return ready?.status === 'True' ? Date.parse(ready.lastTransitionTime ?? '') : undefined
}

export const isReady = (pod: Pod): boolean => readySince(pod) !== undefined

/** Ready for at least `seconds`. */
export const isAvailable = (pod: Pod, seconds: number, now: number): boolean => {
  const since = readySince(pod)
  return since !== undefined && (seconds === 0 || since + seconds * 1000 <= now)
}

/** Keys for a controller of one kind: the object itself, and the owner of that kind of what it controls. */
export function keysByOwner(resource: string, kind: string, owned: readonly string[]): (event: StoreEvent) => readonly string[] {
  return (event) => {
    if (event.resource === resource) return [keyOfObject(event.object)]
    if (!owned.includes(event.resource)) return []
    const owners = [event.object, event.previous].map((object) => (object === undefined ? undefined : controllerOf(object)))
    return [...new Set(owners.filter((owner) => owner?.kind === kind).map((owner) => `${event.object.metadata.namespace ?? ''}/${owner?.name ?? ''}`))]
  }
}

export const allKeys = (resource: string) => (api: Api): readonly string[] => api.store.list(resource).map(keyOfObject)
