import type { ClientCertificate, Credentials, Endpoint } from '../cluster/endpoint.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { resolve } from 'node:path';
import type { ConnectionError } from './connection-error.ts';
import { fixed, tokenFromFile } from './credentials.ts';
import { execCredentials, execVersionFlaw } from './exec-plugin.ts';
import type { ExecCluster } from './exec-plugin.ts';
import type { AuthProvider } from './kubeconfig.ts';
import { loadCertificate } from './material.ts';
import { oidcCredentials, oidcFlaw } from './oidc.ts';
import type { ResolvedConnection } from './resolve.ts';
import { storeTokens } from './store-tokens.ts';

export interface About extends Omit<Endpoint, 'credentials'> {
  /** Credentials in the server's URL, which Go's net/http sends when nothing else is sent. */
  readonly userinfo: { readonly username: string; readonly password: string } | null;
}

const basic = ({ username, password }: { readonly username: string; readonly password: string }): string => `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;

const EXEC_V1 = 'client.authentication.k8s.io/v1';

const execClusterOf = (resolved: ResolvedConnection, { tls }: About): ExecCluster => ({
  server: resolved.server,
  tlsServerName: tls.serverName,
  insecure: tls.insecure,
  ca: tls.ca,
  proxyUrl: resolved.proxyUrl,
  disableCompression: resolved.disableCompression,
  config: resolved.execConfig,
});

const refused = (message: string, remedy: string | null): { readonly ok: false; readonly error: ConnectionError } => fail({ code: 'credentials', message, remedy });

/** client-go plugin/pkg/client/auth: oidc is the only provider that is left. */
const providerOf = (provider: AuthProvider & { readonly origin: string }, user: { readonly name: string; readonly certificate: ClientCertificate | null }, world: World): Result<Credentials, ConnectionError> => {
  switch (provider.name) {
    case 'oidc': {
      const flaw = oidcFlaw(provider.config);
      if (flaw !== null) return refused(flaw, null);
      const persist = async (changes: AuthProvider['config']): Promise<Result<null, string>> => await storeTokens(provider.origin, user.name, changes, world.files);
      return ok(oidcCredentials(provider.config, user.certificate, persist, world));
    }
    case 'gcp':
      return refused('The gcp auth plugin has been removed.', 'Use the "gke-gcloud-auth-plugin" kubectl/client-go credential plugin instead.');
    case 'azure':
      return refused('The azure auth plugin has been removed.', 'Use the https://github.com/Azure/kubelogin kubectl/client-go credential plugin instead.');
    default:
      return refused(`no Auth Provider found for name ${JSON.stringify(provider.name)}`, null);
  }
};

/**
 * How the user proves who they are, in client-go's order (transport/round_trippers.go, exec.go UpdateTransportConfig): a token or basic
 * auth, then a certificate; a plugin only when there is none of these.
 */
export const authenticate = async (resolved: ResolvedConnection, about: About, world: World): Promise<Result<Credentials, ConnectionError>> => {
  const { auth } = resolved;
  if (about.server.secure && Object.values(auth).every((value) => value === null)) {
    return fail({
      code: 'credentials',
      message: resolved.userName === null ? 'the context names no user, so there is no credential for the server' : `user ${JSON.stringify(resolved.userName)} has no credential in the kubeconfig`,
      remedy: 'Log in to the cluster, or choose another context or --user. kubectl would ask for a user name and a password here; this program never acts as an anonymous user.',
    });
  }
  const owner = resolved.userName ?? '';
  let certificate: ClientCertificate | null = null;
  if (auth.certificate !== null) {
    const loaded = await loadCertificate(auth.certificate, owner, world);
    if (!loaded.ok) return loaded;
    certificate = loaded.value;
  }
  if (auth.tokenFile !== null) {
    const credentials = tokenFromFile(resolve(world.workingDirectory, auth.tokenFile), auth.token, certificate, world.files, world.clock);
    const first = await credentials.current();
    return first.ok ? ok(credentials) : fail({ code: 'credentials', message: first.message, remedy: null });
  }
  if (auth.token !== null) return ok(fixed({ authorization: `Bearer ${auth.token}`, certificate }));
  if (auth.basic !== null) return ok(fixed({ authorization: basic(auth.basic), certificate }));
  if (auth.exec !== null && certificate === null) {
    const flaw = execVersionFlaw(auth.exec);
    if (flaw !== null) return fail({ code: 'credentials', message: flaw, remedy: `Use ${EXEC_V1} in the kubeconfig, and a plugin that speaks it.` });
    return ok(execCredentials(auth.exec, execClusterOf(resolved, about), world));
  }
  if (auth.authProvider !== null) return providerOf(auth.authProvider, { name: owner, certificate }, world);
  return ok(fixed({ authorization: about.userinfo === null ? null : basic(about.userinfo), certificate }));
};
