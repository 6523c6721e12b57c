import { intBetween } from './random.ts'
import type { Container, JsonObject, KubeObject, Pod, PodSpec, Probe, Volume, Workload } from './types.ts'

/** Sets a field that is absent, as the defaulting functions of k8s.io/kubernetes/pkg/apis do. */
function absent<T extends object, K extends keyof T>(target: T, field: K, value: NonNullable<T[K]>): void {
  if (target[field] === undefined || target[field] === null) target[field] = value
}

const letters = 'bcdfghjklmnpqrstvwxz2456789'

/** A generated name's ending (apimachinery pkg/util/rand.String). */
export const randomSuffix = (size = 5): string => Array.from({ length: size }, () => letters[intBetween(0, letters.length)]).join('')

function defaultProbe(probe: Probe | undefined): void {
  if (probe === undefined) return
  absent(probe, 'timeoutSeconds', 1)
  absent(probe, 'periodSeconds', 10)
  absent(probe, 'successThreshold', 1)
  absent(probe, 'failureThreshold', 3)
  const http = probe.httpGet as JsonObject | undefined
  if (http !== undefined) {
    absent(http, 'path', '/')
    absent(http, 'scheme', 'HTTP')
  }
}

function defaultContainer(container: Container): void {
  absent(container, 'terminationMessagePath', '/dev/termination-log')
  absent(container, 'terminationMessagePolicy', 'File')
  absent(container, 'resources', {})
  absent(container, 'imagePullPolicy', /:[^/]+$/.test(container.image) && !container.image.endsWith(':latest') ? 'IfNotPresent' : 'Always')
  for (const port of container.ports ?? []) absent(port, 'protocol', 'TCP')
  defaultProbe(container.readinessProbe)
  defaultProbe(container.livenessProbe)
  defaultProbe(container.startupProbe)
  for (const handler of [container.lifecycle?.preStop, container.lifecycle?.postStart]) {
    const http = handler?.httpGet as JsonObject | undefined
    if (http !== undefined) {
      absent(http, 'path', '/')
      absent(http, 'scheme', 'HTTP')
    }
  }
  const resources = container.resources
  if (resources?.limits !== undefined) resources.requests = { ...resources.limits, ...resources.requests }
}

const defaultModes: Readonly<Record<string, JsonObject>> = {
  configMap: { defaultMode: 420 },
  secret: { defaultMode: 420 },
  projected: { defaultMode: 420 },
  downwardAPI: { defaultMode: 420 },
  hostPath: { type: '' },
}

export function defaultPodSpec(spec: PodSpec): void {
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) defaultContainer(container)
  for (const volume of spec.volumes ?? []) {
    for (const [kind, fields] of Object.entries(defaultModes)) {
      const source = volume[kind]
      if (typeof source === 'object' && source !== null) volume[kind] = { ...fields, ...source }
    }
    const template = volume.ephemeral?.volumeClaimTemplate
    if (template !== undefined) absent(template.spec, 'volumeMode', 'Filesystem')
  }
  absent(spec, 'restartPolicy', 'Always')
  absent(spec, 'terminationGracePeriodSeconds', 30)
  absent(spec, 'dnsPolicy', 'ClusterFirst')
  if (spec.serviceAccountName !== undefined) absent(spec, 'serviceAccount', spec.serviceAccountName)
  absent(spec, 'securityContext', {})
  absent(spec, 'schedulerName', 'default-scheduler')
}

const protection: Readonly<Record<string, string>> = { PersistentVolumeClaim: 'kubernetes.io/pvc-protection', PersistentVolume: 'kubernetes.io/pv-protection' }

/** What admission adds to a new object (plugins ServiceAccount, DefaultTolerationSeconds, Priority, StorageObjectInUseProtection). */
export function admit(object: KubeObject): void {
  const finalizer = protection[object.kind]
  if (finalizer !== undefined) object.metadata.finalizers = [...new Set([...(object.metadata.finalizers ?? []), finalizer])]
  if (object.kind === 'Pod') admitPod(object as Pod)
}

function admitPod(pod: Pod): void {
  const { spec } = pod
  absent(spec, 'priority', 0)
  absent(spec, 'preemptionPolicy', 'PreemptLowerPriority')
  absent(spec, 'enableServiceLinks', true)
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return
  absent(spec, 'serviceAccountName', 'default')
  absent(spec, 'serviceAccount', spec.serviceAccountName ?? 'default')
  if (spec.automountServiceAccountToken !== false) addTokenVolume(spec)
  const tolerations = (spec.tolerations ??= [])
  for (const key of ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']) {
    const tolerated = tolerations.some((toleration) => (toleration.key === key || toleration.key === undefined) && (toleration.effect === 'NoExecute' || toleration.effect === undefined))
    if (!tolerated) tolerations.push({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
  }
}

function addTokenVolume(spec: PodSpec): void {
  const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
  const name = `kube-api-access-${randomSuffix()}`
  let used = false
  for (const container of [...(spec.initContainers ?? []), ...spec.containers]) {
    const mounts = (container.volumeMounts ??= [])
    if (mounts.some((mount) => mount['mountPath'] === mountPath)) continue
    mounts.push({ name, readOnly: true, mountPath })
    used = true
  }
  if (!used) return
  const volume: Volume = {
    name,
    projected: {
      sources: [
        { serviceAccountToken: { expirationSeconds: 3607, path: 'token' } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
      defaultMode: 420,
    },
  }
  spec.volumes = [...(spec.volumes ?? []), volume]
}

/** Guaranteed, Burstable or BestEffort (pkg/apis/core/v1/helper/qos). */
export function qosClass(spec: PodSpec): string {
  const all = [...spec.containers, ...(spec.initContainers ?? [])]
  const some = all.some((container) => Object.keys(container.resources?.limits ?? {}).length + Object.keys(container.resources?.requests ?? {}).length > 0)
  if (!some) return 'BestEffort'
  const guaranteed = all.every((container) =>
    ['cpu', 'memory'].every((resource) => {
      const limit = container.resources?.limits?.[resource]
      return limit !== undefined && (container.resources?.requests?.[resource] ?? limit) === limit
    }),
  )
  return guaranteed ? 'Guaranteed' : 'Burstable'
}

const rolling = (spec: JsonObject, field: string, value: JsonObject): void => {
  absent(spec, field, { type: 'RollingUpdate' })
  const strategy = spec[field] as JsonObject
  absent(strategy, 'type', 'RollingUpdate')
  if (strategy['type'] === 'RollingUpdate') strategy['rollingUpdate'] = { ...value, ...(strategy['rollingUpdate'] as JsonObject | undefined) }
}

type Defaulter = (object: KubeObject) => void

const workload = (extra: (spec: JsonObject, object: Workload) => void): Defaulter => (object) => {
  const typed = object as Workload
  defaultTemplate(typed)
  extra(typed.spec, typed)
}

function defaultTemplate(object: Workload): void {
  const template = object.spec.template as { metadata?: JsonObject; spec: PodSpec } | undefined
  if (template === undefined) return
  template.metadata ??= {}
  if (!('creationTimestamp' in template.metadata)) template.metadata = { ...template.metadata }
  defaultPodSpec(template.spec)
}

function claimDefaults(spec: JsonObject): void {
  absent(spec, 'volumeMode', 'Filesystem')
  absent(spec, 'resources', {})
}

const defaulters: Readonly<Record<string, Defaulter>> = {
  Pod: (object) => defaultPodSpec((object as Pod).spec),
  ReplicaSet: workload((spec) => absent(spec, 'replicas', 1)),
  ReplicationController: workload((spec, object) => {
    absent(spec, 'replicas', 1)
    absent(spec, 'selector', { ...object.spec.template.metadata?.labels })
    object.metadata.labels ??= { ...object.spec.template.metadata?.labels }
  }),
  Deployment: workload((spec) => {
    absent(spec, 'replicas', 1)
    absent(spec, 'revisionHistoryLimit', 10)
    absent(spec, 'progressDeadlineSeconds', 600)
    rolling(spec, 'strategy', { maxUnavailable: '25%', maxSurge: '25%' })
  }),
  StatefulSet: workload((spec) => {
    absent(spec, 'replicas', 1)
    absent(spec, 'revisionHistoryLimit', 10)
    absent(spec, 'podManagementPolicy', 'OrderedReady')
    spec['persistentVolumeClaimRetentionPolicy'] = { whenDeleted: 'Retain', whenScaled: 'Retain', ...(spec['persistentVolumeClaimRetentionPolicy'] as JsonObject | undefined) }
    rolling(spec, 'updateStrategy', { partition: 0 })
    for (const template of (spec['volumeClaimTemplates'] ?? []) as KubeObject[]) {
      template.apiVersion = 'v1'
      template.kind = 'PersistentVolumeClaim'
      claimDefaults(template.spec as JsonObject)
      template.status ??= { phase: 'Pending' }
    }
  }),
  DaemonSet: workload((spec, object) => {
    absent(spec, 'revisionHistoryLimit', 10)
    rolling(spec, 'updateStrategy', { maxUnavailable: 1, maxSurge: 0 })
    object.metadata.annotations = { 'deprecated.daemonset.template.generation': '1', ...object.metadata.annotations }
  }),
  Job: (object) => {
    const job = object as Workload
    const spec: JsonObject = job.spec
    absent(spec, 'parallelism', 1)
    absent(spec, 'completions', 1)
    absent(spec, 'backoffLimit', 6)
    absent(spec, 'completionMode', 'NonIndexed')
    absent(spec, 'suspend', false)
    absent(spec, 'podReplacementPolicy', spec['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed')
    if (spec['manualSelector'] !== true) {
      spec['manualSelector'] = false
      const { selector: made } = spec
      if (made !== undefined) {
        defaultTemplate(job)
        return
      }
      const labels = {
        'batch.kubernetes.io/controller-uid': job.metadata.uid,
        'batch.kubernetes.io/job-name': job.metadata.name,
        'controller-uid': job.metadata.uid,
        'job-name': job.metadata.name,
      }
      const template = job.spec.template
      template.metadata = { ...template.metadata, labels: { ...template.metadata?.labels, ...labels } }
      spec['selector'] = { matchLabels: { 'batch.kubernetes.io/controller-uid': job.metadata.uid } }
    }
    if (job.metadata.labels === undefined) job.metadata.labels = { ...job.spec.template.metadata?.labels }
    defaultTemplate(job)
  },
  CronJob: (object) => {
    const spec = object.spec as JsonObject
    absent(spec, 'concurrencyPolicy', 'Allow')
    absent(spec, 'suspend', false)
    absent(spec, 'successfulJobsHistoryLimit', 3)
    absent(spec, 'failedJobsHistoryLimit', 1)
  },
  PersistentVolumeClaim: (object) => claimDefaults(object.spec as JsonObject),
  PersistentVolume: (object) => {
    const spec = object.spec as JsonObject
    absent(spec, 'volumeMode', 'Filesystem')
    absent(spec, 'persistentVolumeReclaimPolicy', 'Retain')
    const path = spec['hostPath'] as JsonObject | undefined
    if (path !== undefined) absent(path, 'type', '')
  },
  Service: (object) => {
    const spec = object.spec as JsonObject
    absent(spec, 'type', 'ClusterIP')
    absent(spec, 'sessionAffinity', 'None')
    if (spec['type'] === 'ExternalName') return
    absent(spec, 'clusterIP', `10.0.0.${intBetween(2, 255)}`)
    absent(spec, 'clusterIPs', [String(spec['clusterIP'])])
    absent(spec, 'ipFamilies', ['IPv4'])
    absent(spec, 'ipFamilyPolicy', 'SingleStack')
    absent(spec, 'internalTrafficPolicy', 'Cluster')
    for (const port of (spec['ports'] ?? []) as JsonObject[]) {
      absent(port, 'protocol', 'TCP')
      if (spec['type'] === 'NodePort' || spec['type'] === 'LoadBalancer') absent(port, 'nodePort', intBetween(30_000, 32_767))
      if (port['targetPort'] === undefined) port['targetPort'] = port['port']
    }
  },
  Node: (object) => {
    absent(object, 'spec', {})
    absent(object, 'status', {})
  },
  StorageClass: (object) => {
    absent(object, 'reclaimPolicy', 'Delete')
    absent(object, 'volumeBindingMode', 'Immediate')
  },
  Secret: (object) => {
    absent(object, 'type', 'Opaque')
    const plain = object['stringData'] as Record<string, string> | undefined
    if (plain === undefined) return
    object['data'] = { ...(object['data'] as JsonObject | undefined), ...Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, Buffer.from(value).toString('base64')])) }
    delete object['stringData']
  },
}

/** Times without a value are written as null by the typed conditions of pods. */
export function completeConditions(object: KubeObject): void {
  if (object.kind !== 'Pod') return
  for (const condition of (object as Pod).status.conditions ?? []) {
    condition.lastProbeTime ??= null
    condition.lastTransitionTime ??= null
  }
}

/** Fills in what the API server's defaulting would, in place. */
export function applyDefaults(object: KubeObject): void {
  defaulters[object.kind]?.(object)
}

/** The status with which a new object starts: what a client sends there is dropped. */
export function initialStatus(object: KubeObject, now: string): unknown {
  switch (object.kind) {
    case 'Pod':
      return { phase: 'Pending', qosClass: qosClass((object as Pod).spec) }
    case 'Namespace':
      return { phase: 'Active' }
    case 'PersistentVolumeClaim':
      return { phase: 'Pending' }
    case 'PersistentVolume':
      return { phase: 'Pending', lastPhaseTransitionTime: now }
    case 'Service':
    case 'Ingress':
      return { loadBalancer: {} }
    case 'Deployment':
    case 'Job':
    case 'CronJob':
    case 'ResourceQuota':
      return {}
    case 'ReplicaSet':
    case 'ReplicationController':
      return { replicas: 0 }
    case 'StatefulSet':
      return { replicas: 0, availableReplicas: 0 }
    case 'DaemonSet':
      return { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 }
    case 'PodDisruptionBudget':
      return { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 }
    default:
      return undefined
  }
}
