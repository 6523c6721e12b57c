import { storeKey, type Resource } from './resources.ts'
import type { ContainerStatus, JsonObject, KubeObject, Node, Pod, Workload } from './types.ts'

type Column = readonly [name: string, type: string, description: string, priority?: number, format?: string]
interface Printer {
  readonly columns: readonly Column[]
  readonly cells: (object: KubeObject, now: number) => readonly unknown[]
}

/** An age as kubectl prints it (apimachinery pkg/util/duration.HumanDuration). */
export function age(since: string | undefined | null, now: number): string {
  if (since === undefined || since === null) return '<unknown>'
  const seconds = Math.max(0, Math.floor((now - Date.parse(since)) / 1000))
  if (seconds < 120) return `${seconds}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return seconds % 60 === 0 ? `${minutes}m` : `${minutes}m${seconds % 60}s`
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return minutes % 60 === 0 ? `${hours}h` : `${hours}h${minutes % 60}m`
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  return days < 8 && hours % 24 !== 0 ? `${days}d${hours % 24}h` : `${days}d`
}

const created: Column = ['Age', 'string', 'CreationTimestamp is a timestamp representing the server time when this object was created.']
const nameColumn: Column = ['Name', 'string', 'Name must be unique within a namespace.', 0, 'name']

/** The STATUS column of a pod (pkg/printers/internalversion printPod). */
export function podReason(pod: Pod): { readonly reason: string; readonly restarts: number; readonly ready: number } {
  const { status, spec } = pod
  const isSidecar = (name: string): boolean => spec.initContainers?.find((container) => container.name === name)?.restartPolicy === 'Always'
  let reason = status.reason ?? status.phase ?? ''
  let restarts = 0
  let ready = 0
  let initializing = false
  for (const [index, container] of (status.initContainerStatuses ?? []).entries()) {
    restarts += container.restartCount
    const { terminated, waiting } = container.state
    if (terminated?.exitCode === 0) continue
    if (isSidecar(container.name) && container.started === true) {
      if (container.ready) ready++
      continue
    }
    if (terminated !== undefined) reason = `Init:${terminated.reason ?? `ExitCode:${terminated.exitCode}`}`
    else if (waiting?.reason !== undefined && waiting.reason !== 'PodInitializing') reason = `Init:${waiting.reason}`
    else reason = `Init:${index}/${spec.initContainers?.length ?? 0}`
    initializing = true
    break
  }
  if (!initializing) {
    let running = false
    for (const container of (status.containerStatuses ?? []).toReversed()) {
      restarts += container.restartCount
      reason = containerReason(container) ?? reason
      if (container.state.running !== undefined && container.ready) {
        running = true
        ready++
      }
    }
    if (reason === 'Completed' && running) reason = status.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true ? 'Running' : 'NotReady'
  }
  if (pod.metadata.deletionTimestamp !== undefined) reason = status.reason === 'NodeLost' ? 'Unknown' : status.phase === 'Succeeded' || status.phase === 'Failed' ? reason : 'Terminating'
  return { reason, restarts, ready }
}

function containerReason(container: ContainerStatus): string | undefined {
  const { waiting, terminated } = container.state
  if (waiting?.reason !== undefined) return waiting.reason
  return terminated === undefined ? undefined : (terminated.reason ?? `ExitCode:${terminated.exitCode}`)
}

const podPrinter: Printer = {
  columns: [
    nameColumn,
    ['Ready', 'string', 'The aggregate readiness state of this pod for accepting traffic.'],
    ['Status', 'string', 'The aggregate status of the containers in this pod.'],
    ['Restarts', 'string', 'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.'],
    created,
    ['IP', 'string', 'IP address allocated to the pod.', 1],
    ['Node', 'string', 'Name of the node this pod is on.', 1],
    ['Nominated Node', 'string', 'Name of the node where this pod is nominated to run.', 1],
    ['Readiness Gates', 'string', 'Status of the readiness gates.', 1],
  ],
  cells: (object, now) => {
    const pod = object as Pod
    const { reason, restarts, ready } = podReason(pod)
    const total = pod.spec.containers.length + (pod.spec.initContainers?.filter((container) => container.restartPolicy === 'Always').length ?? 0)
    return [pod.metadata.name, `${ready}/${total}`, reason, String(restarts), age(pod.metadata.creationTimestamp, now), pod.status.podIP ?? '<none>', pod.spec.nodeName ?? '<none>', '<none>', '<none>']
  },
}

const count = (object: KubeObject, field: string): number => {
  const value = ((object.status ?? {}) as JsonObject)[field]
  return typeof value === 'number' ? value : 0
}
const wanted = (object: KubeObject): number => (object as Workload).spec.replicas ?? 1
const text = (holder: unknown, field: string, otherwise = '<none>'): string => {
  const value = ((holder ?? {}) as JsonObject)[field]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : otherwise
}

const numbers = (...names: readonly string[]): Column[] => names.map((name) => [name, 'integer', name])

const printers: Readonly<Record<string, Printer>> = {
  pods: podPrinter,
  'deployments.apps': {
    columns: [nameColumn, ['Ready', 'string', 'Number of the pod with ready state'], ['Up-to-date', 'string', ''], ['Available', 'string', ''], created],
    cells: (object, now) => [object.metadata.name, `${count(object, 'readyReplicas')}/${wanted(object)}`, count(object, 'updatedReplicas'), count(object, 'availableReplicas'), age(object.metadata.creationTimestamp, now)],
  },
  'replicasets.apps': {
    columns: [nameColumn, ...numbers('Desired', 'Current', 'Ready'), created],
    cells: (object, now) => [object.metadata.name, wanted(object), count(object, 'replicas'), count(object, 'readyReplicas'), age(object.metadata.creationTimestamp, now)],
  },
  'statefulsets.apps': {
    columns: [nameColumn, ['Ready', 'string', 'Number of the pod with ready state'], created],
    cells: (object, now) => [object.metadata.name, `${count(object, 'readyReplicas')}/${wanted(object)}`, age(object.metadata.creationTimestamp, now)],
  },
  'daemonsets.apps': {
    columns: [nameColumn, ...numbers('Desired', 'Current', 'Ready', 'Up-to-date', 'Available'), created],
    cells: (object, now) => [
      object.metadata.name,
      ...['desiredNumberScheduled', 'currentNumberScheduled', 'numberReady', 'updatedNumberScheduled', 'numberAvailable'].map((field) => count(object, field)),
      age(object.metadata.creationTimestamp, now),
    ],
  },
  'jobs.batch': {
    columns: [nameColumn, ['Status', 'string', ''], ['Completions', 'string', ''], created],
    cells: (object, now) => {
      const conditions = (object.status as { conditions?: { type: string; status: string }[] } | undefined)?.conditions ?? []
      const ended = conditions.find((condition) => condition.status === 'True' && (condition.type === 'Complete' || condition.type === 'Failed'))
      return [object.metadata.name, ended?.type ?? 'Running', `${count(object, 'succeeded')}/${text(object.spec, 'completions', '1')}`, age(object.metadata.creationTimestamp, now)]
    },
  },
  nodes: {
    columns: [nameColumn, ['Status', 'string', ''], ['Roles', 'string', ''], created, ['Version', 'string', '']],
    cells: (object, now) => {
      const ready = (object as Node).status.conditions?.find((condition) => condition.type === 'Ready')
      const version = text((object as Node).status['nodeInfo'], 'kubeletVersion')
      return [object.metadata.name, ready?.status === 'True' ? 'Ready' : ready === undefined ? 'Unknown' : 'NotReady', '<none>', age(object.metadata.creationTimestamp, now), version]
    },
  },
  namespaces: {
    columns: [nameColumn, ['Status', 'string', 'The status of the namespace'], created],
    cells: (object, now) => [object.metadata.name, text(object.status, 'phase'), age(object.metadata.creationTimestamp, now)],
  },
  persistentvolumeclaims: {
    columns: [nameColumn, ['Status', 'string', ''], ['Volume', 'string', ''], ['StorageClass', 'string', ''], created],
    cells: (object, now) => [
      object.metadata.name,
      object.metadata.deletionTimestamp === undefined ? text(object.status, 'phase') : 'Terminating',
      text(object.spec, 'volumeName', ''),
      text(object.spec, 'storageClassName', ''),
      age(object.metadata.creationTimestamp, now),
    ],
  },
  events: {
    columns: [['Last Seen', 'string', ''], ['Type', 'string', ''], ['Reason', 'string', ''], ['Object', 'string', ''], ['Message', 'string', '']],
    cells: (object, now) => {
      const involved = object['involvedObject']
      return [age(text(object, 'lastTimestamp', object.metadata.creationTimestamp), now), text(object, 'type'), text(object, 'reason'), `${text(involved, 'kind').toLowerCase()}/${text(involved, 'name')}`, text(object, 'message')]
    },
  },
}

const plain: Printer = {
  columns: [nameColumn, ['Created At', 'date', 'CreationTimestamp is a timestamp representing the server time when this object was created.']],
  cells: (object) => [object.metadata.name, object.metadata.creationTimestamp],
}

/** An object without spec and status (meta/v1 PartialObjectMetadata). */
export const partial = (object: KubeObject): JsonObject => ({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: object.metadata })

/** Objects as a meta/v1 Table; `headers` is false for all but the first event of a watch. */
export function asTable(resource: Resource, objects: readonly KubeObject[], metadata: JsonObject, now: number, headers = true, include = 'Metadata'): JsonObject {
  const printer = printers[storeKey(resource)] ?? plain
  return {
    kind: 'Table',
    apiVersion: 'meta.k8s.io/v1',
    metadata,
    columnDefinitions: headers
      ? printer.columns.map(([name, type, description, priority = 0, format = '']) => ({ name, type, format, description, priority }))
      : null,
    rows: objects.map((object) => ({
      cells: isBookmark(object) ? printer.columns.map(() => '') : printer.cells(object, now),
      ...(include === 'None' ? {} : { object: include === 'Object' ? object : partial(object) }),
    })),
  }
}

// eslint-disable-next-line typescript/no-unnecessary-condition -- a bookmark carries nothing but a revision
const isBookmark = (object: KubeObject): boolean => object.metadata.name === undefined
