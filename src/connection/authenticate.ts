import type { ClientCertificate, Credentials, Endpoint } from '../cluster/endpoint.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { resolve } from 'node:path';
import type { ConnectionError } from './connection-error.ts';
import { fixed, tokenFromFile } from './credentials.ts';
import { execCredentials, execVersionFlaw } from './exec-plugin.ts';
import type { ExecCluster } from './exec-plugin.ts';
import { loadCertificate } from './material.ts';
import type { ResolvedConnection } from './resolve.ts';

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

/**
 * How the user proves who they are, in client-go's order (transport/round_trippers.go, exec.go UpdateTransportConfig): a token or basic
 * auth, then a certificate; a plugin only when there is none of these.
 */
export const authenticate = async (resolved: ResolvedConnection, about: About, world: World): Promise<Result<Credentials, ConnectionError>> => {
  const { auth } = resolved;
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
  if (auth.authProvider !== null) return fail({ code: 'credentials', message: `no Auth Provider found for name ${JSON.stringify(auth.authProvider.name)}`, remedy: null });
  return ok(fixed({ authorization: about.userinfo === null ? null : basic(about.userinfo), certificate }));
};
