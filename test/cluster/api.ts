/** Plain requests to a cluster's API server, for what must be known before, or beside, kubectl. */
import { readFileSync } from 'node:fs'
import { request } from 'node:https'
import { adminToken, authority } from './pki.ts'
import type { ClusterState } from './state.ts'

export interface Answer {
  readonly status: number
  readonly body: string
}

/** One request with the admin's token. Rejects when the server does not answer within 10 s. */
export async function callApi(state: ClusterState, method: string, path: string, body?: object): Promise<Answer> {
  return await new Promise((resolve, reject) => {
    const call = request({
      host: '127.0.0.1', port: state.ports.apiserver, method, path, agent: false, timeout: 10_000,
      ca: readFileSync(authority(state.dir).certificate),
      headers: { authorization: `Bearer ${adminToken}`, 'content-type': 'application/json', 'user-agent': 'test-cluster' },
    }, (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => { text += part })
      response.once('end', () => { resolve({ status: response.statusCode ?? 0, body: text }) })
      response.once('error', reject)
    })
    call.once('timeout', () => { call.destroy(new Error(`${method} ${path}: no answer within 10 s`)) })
    call.once('error', reject)
    call.end(body === undefined ? undefined : JSON.stringify(body))
  })
}

/** GET that gives undefined for anything but 200, also while the server is away. */
export async function readApi<T>(state: ClusterState, path: string): Promise<T | undefined> {
  try {
    const { status, body } = await callApi(state, 'GET', path)
    return status === 200 ? (JSON.parse(body) as T) : undefined
  } catch {
    return undefined
  }
}

/** True when the API server says that it is ready. */
export async function isReady(state: ClusterState): Promise<boolean> {
  try {
    return (await callApi(state, 'GET', '/readyz')).status === 200
  } catch {
    return false
  }
}

interface NodeStatus {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] }
}

/** The Ready condition of a node: 'True', 'False', 'Unknown'; undefined when there is no such node or no answer. */
export async function nodeReadiness(state: ClusterState, node = state.nodeName): Promise<string | undefined> {
  const answer = await readApi<NodeStatus>(state, `/api/v1/nodes/${node}`)
  return answer?.status?.conditions?.find((condition) => condition.type === 'Ready')?.status
}
