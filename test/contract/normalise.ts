type Json = Record<string, unknown>

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)

const UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/

/** Fields whose value differs from server to server without a meaning for clients. */
const fixed: Readonly<Record<string, string>> = {
  uid: 'UID',
  resourceVersion: 'RV',
  containerID: 'CONTAINER',
  imageID: 'IMAGE',
  podIP: 'IP',
  hostIP: 'IP',
  ip: 'IP',
  clusterIP: 'IP',
  continue: 'TOKEN',
  currentRevision: 'REVISION',
  updateRevision: 'REVISION',
  'controller-revision-hash': 'REVISION',
  'pod-template-hash': 'HASH',
  'controller.kubernetes.io/hash': 'HASH',
}

/** Fields that are not compared: bookkeeping of the API server, and what the container runtime reports beyond the pod's own. */
const dropped = new Set(['managedFields', 'selfLink', 'user', 'allocatedResources', 'hostIPs', 'podIPs', 'clusterIPs'])

/** Replaces what must differ between two servers, so that the rest can be compared exactly. */
export class Normaliser {
  readonly #namespace: string
  readonly #generated = new Map<string, string>()

  constructor(namespace: string) {
    this.#namespace = namespace
  }

  #text(text: string): string {
    if (TIME.test(text)) return 'TIME'
    let result = text.replaceAll(this.#namespace, 'NS').replaceAll(UUID, 'UID')
    for (const [name, shown] of this.#generated) result = result.replaceAll(name, shown)
    return result
      .replace(/"(\w+)-[bcdf-hj-np-tv-xz2456789]{8,10}"/g, '"$1-HASH"')
      .replace(/kube-api-access-[a-z0-9]{5}/g, 'kube-api-access-X')
      .replace(/too old resource version: \d+ \(\d+\)/, 'too old resource version: N (N)')
      .replace(/Too large resource version: \d+, current: \d+/, 'Too large resource version: N, current: N')
      .replace(/in the precondition \(\d+\)/, 'in the precondition (N)')
      .replace(/in record \(\d+\)/, 'in record (N)')
  }

  /** Learns the generated names inside a value, so that they read alike everywhere. */
  #learn(value: unknown): void {
    if (Array.isArray(value)) for (const item of value) this.#learn(item)
    if (!isObject(value)) return
    const metadata = value['metadata']
    if (isObject(metadata)) {
      const { name, generateName } = metadata
      const hash = isObject(metadata['labels']) ? metadata['labels']['pod-template-hash'] : undefined
      if (typeof hash === 'string') this.#generated.set(hash, 'HASH')
      const revision = isObject(metadata['labels']) ? metadata['labels']['controller-revision-hash'] : undefined
      if (typeof revision === 'string') this.#generated.set(revision, revision.includes('-') ? `${revision.slice(0, revision.lastIndexOf('-'))}-REVISION` : 'REVISION')
      if (typeof name === 'string' && typeof generateName === 'string' && name.startsWith(generateName)) this.#generated.set(name, `${generateName}X`)
    }
    for (const item of Object.values(value)) this.#learn(item)
  }

  value(value: unknown): unknown {
    this.#learn(value)
    return this.#value(value)
  }

  #value(value: unknown): unknown {
    if (typeof value === 'string') return this.#text(value)
    if (Array.isArray(value)) return value.map((item) => this.#value(item))
    if (!isObject(value)) return value
    const result: Json = {}
    for (const [key, item] of Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
      if (dropped.has(key)) continue
      const shown = fixed[key]
      const name = this.#text(key)
      result[name] = shown !== undefined && typeof item === 'string' && item !== '' && item !== 'None' ? shown : this.#value(item)
    }
    return result
  }
}

/** Every path at which two values differ, with both sides. */
export function differences(left: unknown, right: unknown, path = ''): string[] {
  if (Array.isArray(left) && Array.isArray(right)) {
    const found: string[] = []
    for (let index = 0; index < Math.max(left.length, right.length); index++) found.push(...differences(left[index], right[index], `${path}[${index}]`))
    return found
  }
  if (isObject(left) && isObject(right)) {
    const keys = [...new Set([...Object.keys(left), ...Object.keys(right)])].toSorted((a, b) => (a < b ? -1 : 1))
    return keys.flatMap((key) => differences(left[key], right[key], `${path}.${key}`))
  }
  return JSON.stringify(left) === JSON.stringify(right) ? [] : [`${path}: ${JSON.stringify(left)} | ${JSON.stringify(right)}`]
}
