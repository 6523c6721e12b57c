/** kubectl's global flags that choose server, user and namespace (cli-runtime genericclioptions/config_flags.go, AddFlags). */
import { bool, type Flag, type FlagKind, valued } from './flag.ts';

const group = 'connection';
const given = (name: string, kind: Exclude<FlagKind, 'bool'>, value: string, describe: string, shorthand: string | null = null): Flag =>
  valued(name, kind, value, describe, { group, shorthand });

export const connectionFlagList = [
  given('namespace', 'string', 'NAMESPACE', 'namespace of the objects; else that of the context, else default', 'n'),
  given('context', 'string', 'NAME', 'context of the kubeconfig to use'),
  given('kubeconfig', 'string', 'FILE', 'this kubeconfig alone; else KUBECONFIG, else ~/.kube/config'),
  given('cluster', 'string', 'NAME', 'cluster of the kubeconfig to use'),
  given('user', 'string', 'NAME', 'user of the kubeconfig to use'),
  given('server', 'string', 'URL', 'address of the API server', 's'),
  given('token', 'string', 'TOKEN', 'bearer token for the API server'),
  given('username', 'string', 'NAME', 'user name for basic authentication'),
  given('password', 'string', 'PASSWORD', 'password for basic authentication'),
  given('as', 'string', 'USER', 'user to impersonate'),
  given('as-group', 'array', 'GROUP', 'group to impersonate; can be repeated'),
  given('as-uid', 'string', 'UID', 'unique ID of the user to impersonate'),
  given('as-user-extra', 'array', 'KEY=VALUE', 'extra user information to impersonate; can be repeated'),
  given('certificate-authority', 'string', 'FILE', 'certificate of the authority that signed the server certificate'),
  given('client-certificate', 'string', 'FILE', 'client certificate for TLS'),
  given('client-key', 'string', 'FILE', 'client key for TLS'),
  bool('insecure-skip-tls-verify', 'do not verify the server certificate', { group }),
  given('tls-server-name', 'string', 'NAME', "name to expect in the server certificate; else the server's host"),
  given('request-timeout', 'string', 'DURATION', 'longest time for one request; 0 or absent: no limit'),
  given('cache-dir', 'string', 'DIR', 'folder of the discovery cache'),
  bool('disable-compression', 'do not ask for compressed answers', { group }),
] as const;
