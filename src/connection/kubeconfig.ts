/** A kubeconfig as client-go holds it (tools/clientcmd/api/types.go). '' is Go's zero value: absent and empty are the same, as there. */

export interface Cluster {
  readonly server: string;
  readonly tlsServerName: string;
  readonly insecureSkipTlsVerify: boolean;
  /** Path, absolute once loaded from a file. */
  readonly certificateAuthority: string;
  /** PEM, decoded. */
  readonly certificateAuthorityData: string;
  readonly proxyUrl: string;
  readonly disableCompression: boolean;
  /** The extension `client.authentication.k8s.io/exec`, for exec plugins; undefined when there is none. */
  readonly execConfig: unknown;
}

export interface ExecConfig {
  readonly apiVersion: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value: string }[];
  readonly installHint: string;
  readonly provideClusterInfo: boolean;
  readonly interactiveMode: string;
}

export interface AuthProvider {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
}

export interface User {
  readonly clientCertificate: string;
  readonly clientCertificateData: string;
  readonly clientKey: string;
  readonly clientKeyData: string;
  readonly token: string;
  readonly tokenFile: string;
  readonly as: string;
  readonly asUid: string;
  readonly asGroups: readonly string[];
  readonly asUserExtra: Readonly<Record<string, readonly string[]>>;
  readonly username: string;
  readonly password: string;
  readonly authProvider: AuthProvider | null;
  readonly exec: ExecConfig | null;
  /** Absolute path of the file that holds this entry. */
  readonly origin: string;
}

export interface Context {
  readonly cluster: string;
  readonly user: string;
  readonly namespace: string;
}

export interface Kubeconfig {
  readonly currentContext: string;
  readonly clusters: ReadonlyMap<string, Cluster>;
  readonly users: ReadonlyMap<string, User>;
  readonly contexts: ReadonlyMap<string, Context>;
}

export const NO_CLUSTER: Cluster = {
  server: '',
  tlsServerName: '',
  insecureSkipTlsVerify: false,
  certificateAuthority: '',
  certificateAuthorityData: '',
  proxyUrl: '',
  disableCompression: false,
  execConfig: undefined,
};

export const NO_USER: User = {
  clientCertificate: '',
  clientCertificateData: '',
  clientKey: '',
  clientKeyData: '',
  token: '',
  tokenFile: '',
  as: '',
  asUid: '',
  asGroups: [],
  asUserExtra: {},
  username: '',
  password: '',
  authProvider: null,
  exec: null,
  origin: '',
};

export const NO_CONTEXT: Context = { cluster: '', user: '', namespace: '' };

const merged = <T>(maps: readonly ReadonlyMap<string, T>[]): ReadonlyMap<string, T> => {
  const all = new Map<string, T>();
  // client-go merges all maps forward and then all files backward over that, so that the first file wins (loader.go Load).
  for (const map of maps.toReversed()) for (const [name, entry] of map) all.set(name, entry);
  return all;
};

/**
 * Merges the files of a KUBECONFIG list, given in their order: the first file that has an entry of a name, and the first that sets
 * current-context, wins; entries are not merged inside (client-go tools/clientcmd/loader.go Load).
 */
export const mergeKubeconfigs = (configs: readonly Kubeconfig[]): Kubeconfig => ({
  currentContext: configs.find(({ currentContext }) => currentContext !== '')?.currentContext ?? '',
  clusters: merged(configs.map(({ clusters }) => clusters)),
  users: merged(configs.map(({ users }) => users)),
  contexts: merged(configs.map(({ contexts }) => contexts)),
});
