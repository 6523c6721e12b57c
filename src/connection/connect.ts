import { arch } from 'node:os';
import type { Credentials, Endpoint } from '../cluster/endpoint.ts';
import type { ClusterContext, ClusterPort } from '../cluster/port.ts';
import { openPort } from '../cluster/transport.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import type { ConnectionFlags } from '../options/connection-flags.ts';
import { toolVersion } from '../options/version.ts';
import { authenticate } from './authenticate.ts';
import type { ConnectionError } from './connection-error.ts';
import { inClusterConnection } from './in-cluster.ts';
import { loadKubeconfigs } from './load.ts';
import { loadAuthority } from './material.ts';
import { proxyFor } from './proxy-for.ts';
import { resolveConnection } from './resolve.ts';
import type { Impersonation, ResolvedConnection } from './resolve.ts';
import { parseServer } from './server-url.ts';

export type { ConnectionError } from './connection-error.ts';
export { resolveConnection } from './resolve.ts';

export interface Connected {
  readonly port: ClusterPort;
  readonly context: ClusterContext;
}

const GO_PLATFORM: Readonly<Record<string, string>> = { win32: 'windows', sunos: 'solaris' };
const GO_ARCH: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

const userAgentOf = (version: string, world: World): string =>
  `kubectl-safe_delete/${version} (${GO_PLATFORM[world.platform] ?? world.platform}/${GO_ARCH[arch()] ?? arch()})`;

/** Header names may hold RFC 7230 tokens only; the rest is percent-encoded as in client-go (round_trippers.go headerKeyEscape). */
const escapeKey = (key: string): string =>
  [...Buffer.from(key)].map((byte) => (/[!#$&'*+\-.^_`|~0-9A-Za-z]/u.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`)).join('');

/** A header value is sent as bytes of UTF-8, as Go does; Node takes one character a byte. */
const bytes = (value: string): string => Buffer.from(value, 'utf8').toString('latin1');

/** The headers of impersonation; several groups are several headers. */
export const impersonationHeaders = (impersonate: Impersonation | null): readonly (readonly [string, string])[] =>
  impersonate === null
    ? []
    : [
        ['Impersonate-User', bytes(impersonate.user)],
        ...(impersonate.uid === '' ? [] : [['Impersonate-Uid', bytes(impersonate.uid)] as const]),
        ...impersonate.groups.map((group) => ['Impersonate-Group', bytes(group)] as const),
        ...Object.entries(impersonate.extra).flatMap(([key, values]) => values.map((value) => [`Impersonate-Extra-${escapeKey(key)}`, bytes(value)] as const)),
      ];

const contextOf = (resolved: ResolvedConnection, server: string): ClusterContext => {
  const { impersonate, userName } = resolved;
  const user = impersonate === null ? userName : [userName, `as ${impersonate.user}`].filter((part) => part !== null).join(' ');
  return { name: resolved.contextName, cluster: resolved.clusterName, server, user, namespace: resolved.namespace };
};

/**
 * Finds out which cluster kubectl would talk to with these flags, as whom, and opens the port to it. Makes no request: credentials of
 * plugins and connections are made by the first call. `version` is the product's, for the User-Agent.
 */
export const connect = async (flags: ConnectionFlags, world: World, version = toolVersion): Promise<Result<Connected, ConnectionError>> => {
  const configs = await loadKubeconfigs(flags.kubeconfig, world);
  if (!configs.ok) return configs;
  const chosen = resolveConnection(configs.value, flags, world.env);
  if (!chosen.ok) return chosen;
  const inCluster = chosen.value.isDefault ? await inClusterConnection(chosen.value, flags, world) : null;
  const resolved = inCluster ?? chosen.value;
  const server = parseServer(resolved.server);
  if (!server.ok) return fail({ code: 'kubeconfig', message: server.error, remedy: null });
  const { address, userinfo, display } = server.value;
  const ca = resolved.tls.ca === null ? ok(null) : await loadAuthority(resolved.tls.ca, resolved.clusterName ?? '', world);
  if (!ca.ok) return ca;
  const proxy = proxyFor(address, resolved.proxyUrl, world.env);
  const base: Omit<Endpoint, 'credentials'> = {
    server: address,
    tls: { ca: ca.value, insecure: resolved.tls.insecure, serverName: resolved.tls.serverName },
    headers: impersonationHeaders(resolved.impersonate),
    proxy,
    userAgent: userAgentOf(version, world),
    requestTimeoutMs: flags.requestTimeoutMs === 0 ? null : flags.requestTimeoutMs,
    compression: !resolved.disableCompression,
  };
  const credentials: Result<Credentials, ConnectionError> = await authenticate(resolved, { ...base, userinfo }, world);
  if (!credentials.ok) return credentials;
  return ok({ port: openPort({ ...base, credentials: credentials.value }, world), context: contextOf(resolved, display) });
};
