import { randomBytes } from 'node:crypto'
import { cases } from './cases/all.ts'
import { Session, Target, type Step } from './session.ts'

/** One thing that every API server does in the same way. */
export interface Case {
  readonly name: string
  readonly run: (session: Session) => Promise<void>
}

/** What a server did in each case: by case, the steps or the error that ended it. */
export type Recording = Readonly<Record<string, readonly Step[]>>

async function runCase(target: Target, one: Case): Promise<readonly Step[]> {
  const namespace = `contract-${randomBytes(4).toString('hex')}`
  const session = new Session(target, namespace)
  await target.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  try {
    await session.until('/api/v1/namespaces/{ns}/serviceaccounts/default', (reply) => reply.status === 200)
    await one.run(session)
    return session.steps
  } catch (error) {
    return [...session.steps, { label: 'ended with an error', value: error instanceof Error ? error.message : String(error) }]
  } finally {
    await target.call('DELETE', `/api/v1/namespaces/${namespace}`)
  }
}

/**
 * Runs the cases against the server of a kubeconfig, `width` at a time, and gives what it did. Every case has a
 * namespace of its own, which is deleted afterwards.
 */
export async function record(kubeconfig: string, options: { readonly only?: RegExp; readonly width?: number } = {}): Promise<Recording> {
  const target = new Target(kubeconfig)
  const chosen = cases.filter((one) => options.only?.test(one.name) ?? true)
  const found = new Map<string, readonly Step[]>()
  const queue = [...chosen]
  const work = async (): Promise<void> => {
    for (let one = queue.shift(); one !== undefined; one = queue.shift()) found.set(one.name, await runCase(target, one))
  }
  await Promise.all(Array.from({ length: options.width ?? 4 }, work))
  target.close()
  return Object.fromEntries(chosen.map((one) => [one.name, found.get(one.name) ?? []]))
}
