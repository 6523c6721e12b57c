import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { unlessGone, type Api } from '../api.ts'
import { allOpen, type Gate } from '../gate.ts'
import type { NewObject, Pod } from '../types.ts'
import { MIRROR, type PodWorker } from './pod-worker.ts'

const INTERVAL = 100

interface Options {
  readonly api: Api
  readonly node: string
  readonly directory: string
  readonly gates: readonly Gate[]
  /** Runs the containers of a mirror pod. */
  readonly work: (pod: Pod) => PodWorker
}

/**
 * The pods that a node runs from files, and their mirrors in the API: deleting a mirror stops nothing, the kubelet makes
 * it anew; taking the file away stops the containers (pkg/kubelet/pod/mirror_client.go, config/file.go).
 */
export class StaticPods {
  readonly #options: Options
  readonly #running = new Map<string, PodWorker>()
  #cancel: () => void
  #stopped = false

  constructor(options: Options) {
    this.#options = options
    this.#cancel = options.api.clock.setTimer(0, () => this.#round())
  }

  stop(): void {
    this.#stopped = true
    this.#cancel()
  }

  #round(): void {
    allOpen(this.#options.gates)
      .then(() => {
        if (this.#stopped) return
        this.#sync()
        this.#cancel = this.#options.api.clock.setTimer(INTERVAL, () => this.#round())
      })
      .catch((error: unknown) => console.error('embedded kubelet:', error))
  }

  #sync(): void {
    const { api, directory } = this.#options
    const files = readdirSync(directory).filter((file) => /\.(json|ya?ml)$/.test(file))
    for (const [file, worker] of this.#running) {
      if (files.includes(file)) continue
      this.#running.delete(file)
      worker.end()
    }
    for (const file of files) {
      const mirror = this.#mirrorOf(file)
      if (mirror === undefined) continue
      const { namespace = 'default', name = '' } = mirror.metadata
      const worker = this.#running.get(file)
      const found = api.store.get('pods', namespace, name) as Pod | undefined
      if (found?.metadata.deletionTimestamp !== undefined) {
        // a mirror that somebody deletes goes at once, whatever its containers do
        unlessGone(() => api.delete({ resource: api.resources.key('pods'), namespace, name }, { gracePeriodSeconds: 0, preconditions: { uid: found.metadata.uid } }))
      } else if (found === undefined && api.store.get('namespaces', '', namespace)?.metadata.deletionTimestamp === undefined) {
        const created = unlessGone(() => api.create(api.resources.key('pods'), namespace, mirror, { manager: 'kubelet' })) as Pod | undefined
        if (created === undefined) continue
        if (worker === undefined) this.#running.set(file, this.#options.work(created))
        else worker.rebind(created)
      }
    }
  }

  #mirrorOf(file: string): NewObject | undefined {
    const { api, node, directory } = this.#options
    let manifest: Pod
    try {
      manifest = parse(readFileSync(join(directory, file), 'utf8')) as Pod
    } catch {
      // a file that is just being written
      return undefined
    }
    const owner = api.store.get('nodes', '', node)
    // eslint-disable-next-line typescript/no-unnecessary-condition -- comes from a file
    if (owner === undefined || manifest?.metadata?.name === undefined || manifest.spec === undefined) return undefined
    const hash = createHash('md5').update(JSON.stringify(manifest)).digest('hex')
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        ...manifest.metadata,
        name: `${manifest.metadata.name}-${node}`,
        namespace: manifest.metadata.namespace ?? 'default',
        annotations: {
          ...manifest.metadata.annotations,
          'kubernetes.io/config.hash': hash,
          [MIRROR]: hash,
          'kubernetes.io/config.seen': new Date(api.clock.now()).toISOString(),
          'kubernetes.io/config.source': 'file',
        },
        ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: node, uid: owner.metadata.uid, controller: true }],
      },
      spec: { ...manifest.spec, nodeName: node, tolerations: [...(manifest.spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }] },
    }
  }
}
