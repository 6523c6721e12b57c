import type { ConnectionFlags } from '../options/connection-flags.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { ConnectionError } from './connection-error.ts';
import { mergeKubeconfigs, NO_CLUSTER, NO_CONTEXT, NO_USER } from './kubeconfig.ts';
import type { AuthProvider, Cluster, Context, ExecConfig, Kubeconfig, User } from './kubeconfig.ts';
import { parseServer } from './server-url.ts';
import { clusterErrors, userErrors } from './validate.ts';

/** A PEM text: in the kubeconfig itself, or in a file. */
export type Pem = { readonly data: string } | { readonly file: string };

export interface Impersonation {
  readonly user: string;
  readonly uid: string;
  readonly groups: readonly string[];
  readonly extra: Readonly<Record<string, readonly string[]>>;
}

/** Which cluster, as who, how: what kubectl would use. Nothing was read from files of keys or tokens yet. */
export interface ResolvedConnection {
  /** As written in the kubeconfig or flag, scheme and credentials as they are. */
  readonly server: string;
  readonly namespace: string;
  readonly contextName: string | null;
  readonly clusterName: string | null;
  readonly userName: string | null;
  readonly tls: { readonly insecure: boolean; readonly serverName: string | null; readonly ca: Pem | null };
  readonly auth: {
    readonly token: string | null;
    readonly tokenFile: string | null;
    readonly basic: { readonly username: string; readonly password: string } | null;
    readonly certificate: { readonly cert: Pem; readonly key: Pem } | null;
    readonly exec: ExecConfig | null;
    readonly authProvider: (AuthProvider & { readonly origin: string }) | null;
  };
  readonly impersonate: Impersonation | null;
  /** proxy-url of the cluster. */
  readonly proxyUrl: string | null;
  readonly disableCompression: boolean;
  /** Extension for an exec plugin that asks for cluster information. */
  readonly execConfig: unknown;
  /** Nothing chose a cluster: in a pod, kubectl uses the pod's own (client-go IsDefaultConfig). */
  readonly isDefault: boolean;
  /** The context or -n names the namespace. */
  readonly namespaceIsExplicit: boolean;
}

type Resolved<T> = Result<T, ConnectionError>;

const or = (first: string | null, second: string): string => (first === null || first === '' ? second : first);
const orNull = (text: string): string | null => (text === '' ? null : text);
const given = (flag: string | null): boolean => flag !== null && flag !== '';

const missing = (code: ConnectionError['code'], message: string, remedy: string): { readonly ok: false; readonly error: ConnectionError } => fail({ code, message, remedy });

const extraOf = (pairs: readonly string[]): Readonly<Record<string, readonly string[]>> => {
  const extra: Record<string, string[]> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at < 0) continue;
    (extra[pair.slice(0, at)] ??= []).push(pair.slice(at + 1));
  }
  return extra;
};

/** client_config.go getAuthInfo: flags win per field; a certificate or key of a flag also drops the data of the kubeconfig. */
const userWith = (user: User, flags: ConnectionFlags): User => ({
  ...user,
  token: or(flags.token, user.token),
  username: or(flags.username, user.username),
  password: or(flags.password, user.password),
  as: or(flags.as, user.as),
  asUid: or(flags.asUid, user.asUid),
  asGroups: flags.asGroup.length > 0 ? flags.asGroup : user.asGroups,
  asUserExtra: { ...user.asUserExtra, ...extraOf(flags.asUserExtra) },
  ...(given(flags.clientCertificate) ? { clientCertificate: flags.clientCertificate ?? '', clientCertificateData: '' } : {}),
  ...(given(flags.clientKey) ? { clientKey: flags.clientKey ?? '', clientKeyData: '' } : {}),
});

/** client_config.go getCluster: --certificate-authority or --insecure-skip-tls-verify replace both, --server drops tls-server-name. */
const clusterWith = (cluster: Cluster, flags: ConnectionFlags): Cluster => {
  const insecure = flags.insecureSkipTlsVerify === true;
  const ca = flags.certificateAuthority ?? '';
  return {
    ...cluster,
    server: or(flags.server, cluster.server),
    disableCompression: flags.disableCompression === true || cluster.disableCompression,
    ...(insecure || ca !== '' ? { insecureSkipTlsVerify: insecure, certificateAuthority: ca, certificateAuthorityData: '' } : {}),
    ...(given(flags.tlsServerName) || given(flags.server) ? { tlsServerName: flags.tlsServerName ?? '' } : {}),
  };
};

const pemOf = (data: string, file: string): Pem | null => (data !== '' ? { data } : file !== '' ? { file } : null);

const certificateOf = (user: User): { readonly cert: Pem; readonly key: Pem } | null => {
  const cert = pemOf(user.clientCertificateData, user.clientCertificate);
  const key = pemOf(user.clientKeyData, user.clientKey);
  return cert === null || key === null ? null : { cert, key };
};

const NO_AUTH: ResolvedConnection['auth'] = { token: null, tokenFile: null, basic: null, certificate: null, exec: null, authProvider: null };

const authOf = (user: User): ResolvedConnection['auth'] => ({
  token: orNull(user.token),
  tokenFile: orNull(user.tokenFile),
  basic: user.username === '' && user.password === '' ? null : { username: user.username, password: user.password },
  certificate: certificateOf(user),
  exec: user.exec,
  authProvider: user.authProvider === null ? null : { ...user.authProvider, origin: user.origin },
});

interface Chosen {
  readonly contextName: string;
  readonly context: Context;
  readonly cluster: Cluster;
  readonly user: User;
}

const choose = (config: Kubeconfig, flags: ConnectionFlags, defaultServer: string): Resolved<Chosen> => {
  const contextName = or(flags.context, config.currentContext);
  const found = config.contexts.get(contextName);
  const own = found ?? NO_CONTEXT;
  const context: Context = { cluster: or(flags.cluster, own.cluster), user: or(flags.user, own.user), namespace: or(flags.namespace, own.namespace) };
  const user = config.users.get(context.user);
  if (user === undefined && given(flags.user)) return missing('user-not-found', `auth info ${JSON.stringify(context.user)} does not exist`, 'Choose one of `kubectl config get-users`.');
  if (found === undefined && given(flags.context)) return missing('context-not-found', `context ${JSON.stringify(contextName)} does not exist`, 'Choose one of `kubectl config get-contexts`.');
  const cluster = config.clusters.get(context.cluster);
  if (cluster === undefined && given(flags.cluster)) return missing('cluster-not-found', `cluster ${JSON.stringify(context.cluster)} does not exist`, 'Choose one of `kubectl config get-clusters`.');
  if (found === undefined && contextName !== '') {
    return missing('context-not-found', `Error in configuration: context was not found for specified context: ${contextName}`, 'Choose a context with `kubectl config use-context`, or with --context.');
  }
  const merged = cluster ?? NO_CLUSTER;
  return ok({
    contextName,
    context,
    cluster: clusterWith({ ...merged, server: or(merged.server, defaultServer) }, flags),
    user: userWith(user ?? NO_USER, flags),
  });
};

const impersonationOf = (user: User): Impersonation | null => (user.as === '' ? null : { user: user.as, uid: user.asUid, groups: user.asGroups, extra: user.asUserExtra });

/**
 * Chooses cluster, user and namespace by kubectl's rules (client-go tools/clientcmd/client_config.go): flag over kubeconfig over
 * default. `configs` are the loaded files in their order; `env` gives KUBERNETES_MASTER, the default server.
 */
export const resolveConnection = (configs: readonly Kubeconfig[], flags: ConnectionFlags, env: Readonly<Record<string, string | undefined>>): Resolved<ResolvedConnection> => {
  const defaultServer = or(env['KUBERNETES_MASTER'] ?? null, 'http://localhost:8080');
  const chosen = choose(mergeKubeconfigs(configs), flags, defaultServer);
  if (!chosen.ok) return chosen;
  const { contextName, context, cluster, user } = chosen.value;
  const wrong = [...userErrors(context.user, user), ...clusterErrors(context.cluster, cluster)];
  const [first, ...others] = wrong;
  if (first !== undefined) {
    const message = others.length === 0 ? first.message : `Error in configuration: ${wrong.map((one) => one.message).join('; ')}`;
    return fail({ code: first.code, message, remedy: null });
  }
  const server = parseServer(cluster.server);
  if (!server.ok) return fail({ code: given(flags.server) ? 'flags' : 'kubeconfig', message: server.error, remedy: null });
  const secure = server.value.address.secure;
  // Without TLS kubectl sends no credential at all, only whom to impersonate.
  const auth = secure ? authOf(user) : NO_AUTH;
  const tls = secure
    ? { insecure: cluster.insecureSkipTlsVerify, serverName: orNull(cluster.tlsServerName), ca: pemOf(cluster.certificateAuthorityData, cluster.certificateAuthority) }
    : { insecure: false, serverName: null, ca: null };
  if (tls.insecure && tls.ca !== null) {
    return fail({ code: 'certificate', message: 'specifying a root certificates file with the insecure flag is not allowed', remedy: 'Remove insecure-skip-tls-verify, or the certificate authority.' });
  }
  if (auth.basic !== null && (auth.token !== null || auth.tokenFile !== null)) {
    return fail({ code: 'credentials', message: 'username/password or bearer token may be set, but not both', remedy: null });
  }
  const impersonate = impersonationOf(user);
  const anonymous = Object.values(auth).every((value) => value === null);
  return ok({
    server: cluster.server,
    namespace: or(context.namespace, 'default'),
    contextName: orNull(contextName),
    clusterName: orNull(context.cluster),
    userName: orNull(context.user),
    tls,
    auth,
    impersonate,
    proxyUrl: orNull(cluster.proxyUrl),
    disableCompression: cluster.disableCompression,
    execConfig: cluster.execConfig,
    // client-go compares the whole configuration with the default one, so --as or --request-timeout alone rule the pod's cluster out.
    isDefault:
      cluster.server === defaultServer && anonymous && impersonate === null && cluster.proxyUrl === '' && !cluster.disableCompression && (flags.requestTimeoutMs ?? 0) === 0 && tls.ca === null && !tls.insecure && tls.serverName === null,
    namespaceIsExplicit: context.namespace !== '',
  });
};
