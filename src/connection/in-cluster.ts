import { isIP } from 'node:net';
import type { World } from '../model/world.ts';
import type { ConnectionFlags } from '../options/connection-flags.ts';
import type { ResolvedConnection } from './resolve.ts';

const DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

const textOf = async (world: World, name: string): Promise<string | null> => {
  try {
    return Buffer.from(await world.files.read(`${DIRECTORY}/${name}`)).toString('utf8');
  } catch {
    return null;
  }
};

const given = (flag: string | null): boolean => flag !== null && flag !== '';

const namespaceOf = async (chosen: ResolvedConnection, world: World): Promise<string> => {
  if (chosen.namespaceIsExplicit) return chosen.namespace;
  const fromEnv = world.env['POD_NAMESPACE'] ?? '';
  if (fromEnv !== '') return fromEnv;
  const fromFile = ((await textOf(world, 'namespace')) ?? '').trim();
  return fromFile === '' ? 'default' : fromFile;
};

/**
 * The cluster of the pod that this runs in, when nothing else was chosen; null outside of a pod. Of the flags only --server, --token
 * and --certificate-authority count (client-go client_config.go inClusterClientConfig).
 */
export const inClusterConnection = async (chosen: ResolvedConnection, flags: ConnectionFlags, world: World): Promise<ResolvedConnection | null> => {
  const host = world.env['KUBERNETES_SERVICE_HOST'] ?? '';
  const port = world.env['KUBERNETES_SERVICE_PORT'] ?? '';
  const token = host === '' || port === '' ? null : await textOf(world, 'token');
  if (token === null) return null;
  const hasAuthority = /-----BEGIN CERTIFICATE-----/u.test((await textOf(world, 'ca.crt')) ?? '');
  const caFile = given(flags.certificateAuthority) ? (flags.certificateAuthority ?? '') : hasAuthority ? `${DIRECTORY}/ca.crt` : '';
  return {
    ...chosen,
    server: given(flags.server) ? (flags.server ?? '') : `https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`,
    namespace: await namespaceOf(chosen, world),
    contextName: null,
    clusterName: null,
    userName: null,
    tls: { insecure: false, serverName: null, ca: caFile === '' ? null : { file: caFile } },
    auth: { ...chosen.auth, token: given(flags.token) ? flags.token : null, tokenFile: given(flags.token) ? null : `${DIRECTORY}/token` },
    impersonate: null,
    proxyUrl: null,
    isDefault: false,
  };
};
