import type { NewObject } from '../../embedded/types.ts'

/** Ends 0 on SIGTERM within a tenth of a second. */
export const clean = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
export const handled = "trap 'exit 143' TERM; while :; do sleep 0.1; done"
export const stubborn = "trap '' TERM; while :; do sleep 0.1; done"

export const container = (name: string, script: string, more: object = {}): object => ({ name, image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', script], ...more })

export const pod = (name: string, scripts: Readonly<Record<string, string>> = { main: clean }, spec: object = {}, metadata: object = {}): NewObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { app: name }, ...metadata },
  spec: { terminationGracePeriodSeconds: 2, containers: Object.entries(scripts).map(([containerName, script]) => container(containerName, script)), ...spec },
})

/** A pod that no scheduler takes: nothing happens to it that was not asked for. */
export const idlePod = (name: string, metadata: object = {}, spec: object = {}): NewObject => pod(name, { main: clean }, { schedulerName: 'nobody', ...spec }, metadata)

export const configMap = (name: string, metadata: object = {}): NewObject => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, data: { key: 'value' } })

export const template = (app: string, script = clean, spec: object = {}): object => ({ metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 2, containers: [container('main', script)], ...spec } })

export const workload = (kind: string, name: string, spec: object = {}, script = clean): NewObject => ({
  apiVersion: kind === 'Job' ? 'batch/v1' : 'apps/v1',
  kind,
  metadata: { name },
  spec: { ...(kind === 'Job' ? {} : { selector: { matchLabels: { app: name } } }), template: template(name, script, kind === 'Job' ? { restartPolicy: 'Never' } : {}), ...spec },
})

export const PODS = '/api/v1/namespaces/{ns}/pods'
export const CONFIGMAPS = '/api/v1/namespaces/{ns}/configmaps'
export const apps = (plural: string): string => `/apis/apps/v1/namespaces/{ns}/${plural}`
export const JOBS = '/apis/batch/v1/namespaces/{ns}/jobs'
