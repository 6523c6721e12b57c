/** Users of a test: with the rights that it names, by certificate or token, and with credentials that do not work. */
import { randomBytes } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { callApi } from './api.ts'
import { writeKubeconfig, type Credential } from './kubeconfig.ts'
import { adminToken, expiredToken, limitedUser, mintCertificate, type Identity } from './pki.ts'
import { ClusterError, type ClusterState } from './state.ts'

/** A rule of a Role, as in rbac.authorization.k8s.io/v1. */
export interface PolicyRule {
  readonly apiGroups: readonly string[]
  readonly resources: readonly string[]
  readonly verbs: readonly string[]
  readonly resourceNames?: readonly string[]
}

export interface UserRequest {
  /** Where the user works: the context's namespace, and that of the Role. */
  readonly namespace: string
  /** Rights in that namespace. */
  readonly rules?: readonly PolicyRule[]
  /** Rights everywhere, by a ClusterRole. */
  readonly clusterRules?: readonly PolicyRule[]
  /** The user's name; without one, the user `limited` of the token file, whose rights are those of all its Roles. */
  readonly user?: string
  readonly groups?: readonly string[]
}

export interface Users {
  /** A kubeconfig for a user with exactly the given rights: `limited` by token, any other by client certificate. */
  userKubeconfig(request: UserRequest): Promise<string>
  /** A kubeconfig for the admin whose context is in this namespace. */
  adminKubeconfig(namespace: string): string
  /** A kubeconfig with this token. */
  tokenKubeconfig(token: string, namespace?: string): string
  /** A kubeconfig whose service-account token expired an hour ago: every request is answered with 401. */
  expiredKubeconfig(namespace?: string): string
  /** A token of a ServiceAccount by the TokenRequest API, valid for an hour. */
  serviceAccountToken(namespace: string, account?: string): Promise<string>
  /** A client certificate signed by the cluster's CA. */
  clientCertificate(user: string, groups?: readonly string[]): Promise<Identity>
}

/** The users of one cluster. */
export function usersOf(state: ClusterState): Users {
  const write = (user: string, credential: Credential, namespace?: string): string => {
    const directory = join(state.dir, 'kubeconfigs')
    mkdirSync(directory, { recursive: true, mode: 0o700 })
    return writeKubeconfig(state, join(directory, `${user.replaceAll(/[^\w.-]/g, '_')}-${suffix()}`), user, credential, namespace)
  }
  const clientCertificate = async (user: string, groups: readonly string[] = []): Promise<Identity> =>
    await mintCertificate(state.dir, { file: `client-${suffix()}`, user, groups })
  return {
    userKubeconfig: async ({ namespace, rules, clusterRules, user = limitedUser.name, groups }) => {
      if (rules !== undefined) await grant(state, user, rules, namespace)
      if (clusterRules !== undefined) await grant(state, user, clusterRules)
      const credential: Credential = user === limitedUser.name
        ? { kind: 'token', token: limitedUser.token }
        : { kind: 'certificate', identity: await clientCertificate(user, groups) }
      return write(user, credential, namespace)
    },
    adminKubeconfig: (namespace) => write('admin', { kind: 'token', token: adminToken }, namespace),
    tokenKubeconfig: (token, namespace) => write('token', { kind: 'token', token }, namespace),
    expiredKubeconfig: (namespace) => write('expired', { kind: 'token', token: expiredToken(state.dir) }, namespace),
    serviceAccountToken: async (namespace, account = 'default') => {
      const answer = await create(state, `/api/v1/namespaces/${namespace}/serviceaccounts/${account}/token`, {
        apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 },
      })
      return (JSON.parse(answer) as { readonly status: { readonly token: string } }).status.token
    },
    clientCertificate,
  }
}

const suffix = (): string => randomBytes(4).toString('hex')

/** Binds the user to a new Role, or to a new ClusterRole where there is no namespace. */
async function grant(state: ClusterState, user: string, rules: readonly PolicyRule[], namespace?: string): Promise<void> {
  const apiVersion = 'rbac.authorization.k8s.io/v1'
  const kind = namespace === undefined ? 'ClusterRole' : 'Role'
  const metadata = { name: `test-${suffix()}` }
  const path = `/apis/${apiVersion}${namespace === undefined ? '' : `/namespaces/${namespace}`}`
  await create(state, `${path}/${kind.toLowerCase()}s`, { apiVersion, kind, metadata, rules })
  await create(state, `${path}/${kind.toLowerCase()}bindings`, {
    apiVersion, kind: `${kind}Binding`, metadata,
    subjects: [{ kind: 'User', name: user, apiGroup: 'rbac.authorization.k8s.io' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name: metadata.name },
  })
}

async function create(state: ClusterState, path: string, object: object): Promise<string> {
  const { status, body } = await callApi(state, 'POST', path, object)
  if (status >= 300) throw new ClusterError(`POST ${path} was answered with ${status}: ${body}`)
  return body
}
