/** Writes kubeconfig files, one cluster and one user each. JSON is YAML, so no library is needed. */
import { writeFileSync } from 'node:fs'
import { authority, type Identity } from './pki.ts'
import type { ClusterState } from './state.ts'

export type Credential =
  | { readonly kind: 'token'; readonly token: string }
  | { readonly kind: 'certificate'; readonly identity: Identity }

/** The API server's address. */
export function serverOf(state: ClusterState): string {
  return `https://127.0.0.1:${state.ports.apiserver}`
}

/** Writes a kubeconfig whose only context has the cluster's name, this user and this namespace; gives its path. */
export function writeKubeconfig(
  state: ClusterState, file: string, user: string, credential: Credential, namespace?: string,
): string {
  const secret = credential.kind === 'token'
    ? { token: credential.token }
    : { 'client-certificate': credential.identity.certificate, 'client-key': credential.identity.key }
  const context = { cluster: state.name, user, ...(namespace === undefined ? {} : { namespace }) }
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: state.name, cluster: { server: serverOf(state), 'certificate-authority': authority(state.dir).certificate } }],
    users: [{ name: user, user: secret }],
    contexts: [{ name: state.name, context }],
    'current-context': state.name,
  }
  writeFileSync(file, `${JSON.stringify(config, undefined, 2)}\n`, { mode: 0o600 })
  return file
}
