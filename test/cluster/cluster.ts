/** The handle of a running real cluster for tests: `npm run cluster -- up` first, then openCluster(). */
import { join } from 'node:path'
import { isReady } from './api.ts'
import { auditOf, type Audit } from './audit.ts'
import { faultsOf, type Faults } from './faults.ts'
import { fixturesOf, type Fixtures } from './fixtures.ts'
import { serverOf } from './kubeconfig.ts'
import { kwokOf, type Kwok } from './kwok.ts'
import { authority } from './pki.ts'
import { ClusterError, defaultName, pathsOf, readState } from './state.ts'
import { tasksOf, type Tasks } from './tasks.ts'
import { usersOf, type Users } from './users.ts'

export { countByUserAgent, isWrite, type AuditEvent, type AuditMark } from './audit.ts'
export { ClusterError } from './state.ts'
export { onFakeNode } from './kwok.ts'
export type { TaskExit } from './tasks.ts'
export type { PolicyRule, UserRequest } from './users.ts'

/** A running cluster: where it is, and what a test can do with it. */
export interface RealCluster extends Faults, Audit, Users, Fixtures, Tasks, Kwok {
  readonly name: string
  /** The admin's kubeconfig (user admin, group system:masters, namespace default). */
  readonly kubeconfig: string
  /** https://127.0.0.1:PORT; the same after every restart. */
  readonly server: string
  /** The plain kubectl of the cluster's version, a file called kubectl. */
  readonly kubectlPath: string
  /** The directory to put first on PATH. */
  readonly binDir: string
  readonly auditLog: string
  /** The CA that signed the API server's certificate. */
  readonly caFile: string
  readonly nodeName: string
  /** A Pod manifest put here becomes a static pod, shown by a mirror pod NAME-NODE. */
  readonly staticPodDir: string
  /** A directory for hostPath volumes; StorageClass `local` has no provisioner. */
  readonly volumeDir: string
}

/** Opens the cluster called name. Throws ClusterError when it does not run. */
export async function openCluster(name = defaultName): Promise<RealCluster> {
  const state = readState(name)
  const hint = `npm run cluster -- up${name === defaultName ? '' : ` --name ${name}`}`
  if (state === undefined) throw new ClusterError(`there is no cluster ${name}: ${hint}`)
  if (!(await isReady(state))) throw new ClusterError(`cluster ${name} does not answer at ${serverOf(state)}: ${hint}`)
  const paths = pathsOf(state.dir)
  return {
    name,
    kubeconfig: paths.kubeconfig,
    server: serverOf(state),
    kubectlPath: join(state.binDir, 'kubectl'),
    binDir: state.binDir,
    auditLog: paths.auditLog,
    caFile: authority(state.dir).certificate,
    nodeName: state.nodeName,
    staticPodDir: paths.staticPods,
    volumeDir: paths.volumes,
    ...faultsOf(state),
    ...auditOf(state),
    ...usersOf(state),
    ...fixturesOf(state),
    ...tasksOf(state),
    ...kwokOf(state),
  }
}
