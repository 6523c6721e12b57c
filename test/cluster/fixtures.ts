/** Objects of a test: namespaces of its own, and whatever it applies. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { callApi, readApi, type Answer } from './api.ts'
import { attempt, run, type Outcome, type RunOptions } from './commands.ts'
import { until } from './processes.ts'
import { ClusterError, pathsOf, type ClusterState } from './state.ts'

export interface Fixtures {
  /** Runs the plain kubectl with the admin's kubeconfig, or another one, to its end. */
  kubectl(args: readonly string[], options?: RunOptions & { readonly kubeconfig?: string }): Promise<Outcome>
  /** `kubectl apply -f -` of YAML text or objects; throws ClusterError with kubectl's words when that fails. */
  apply(manifests: string | readonly object[], namespace?: string): Promise<void>
  /** A new namespace PREFIX-RANDOM, once its default ServiceAccount is there: before, pods are refused. */
  createNamespace(prefix?: string): Promise<string>
  /** Deletes a namespace without waiting for its end. */
  deleteNamespace(name: string): Promise<void>
  /** One request as the admin. */
  api(method: string, path: string, body?: object): Promise<Answer>
  /** GET as the admin; undefined unless the answer is 200. */
  get<T>(path: string): Promise<T | undefined>
}

/** The fixtures of one cluster. */
export function fixturesOf(state: ClusterState): Fixtures {
  const kubectl = join(state.binDir, 'kubectl')
  const { kubeconfig } = pathsOf(state.dir)
  return {
    kubectl: async (args, { kubeconfig: other, ...options } = {}) => await attempt([kubectl, ...args], {
      ...options, env: { ...(options.env ?? process.env), KUBECONFIG: other ?? kubeconfig },
    }),
    apply: async (manifests, namespace) => {
      const input = typeof manifests === 'string' ? manifests : JSON.stringify({ apiVersion: 'v1', kind: 'List', items: manifests })
      const where = namespace === undefined ? [] : ['-n', namespace]
      await run([kubectl, '--kubeconfig', kubeconfig, 'apply', ...where, '-f', '-'], { input })
    },
    createNamespace: async (prefix = 'test') => {
      const name = `${prefix}-${randomBytes(4).toString('hex')}`
      const { status, body } = await callApi(state, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
      if (status !== 201) throw new ClusterError(`cannot create namespace ${name}: ${body}`)
      const account = `/api/v1/namespaces/${name}/serviceaccounts/default`
      if (!(await until(async () => await readApi(state, account) !== undefined, 30_000))) {
        throw new ClusterError(`namespace ${name} has no default ServiceAccount after 30 s`)
      }
      return name
    },
    deleteNamespace: async (name) => {
      const { status, body } = await callApi(state, 'DELETE', `/api/v1/namespaces/${name}`)
      if (status >= 300 && status !== 404) throw new ClusterError(`cannot delete namespace ${name}: ${body}`)
    },
    api: async (method, path, body) => await callApi(state, method, path, body),
    get: async (path) => await readApi(state, path),
  }
}
