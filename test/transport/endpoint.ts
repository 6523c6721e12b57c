/** A port to a fake server, without a kubeconfig. */
import type { Endpoint } from '../../src/cluster/endpoint.ts';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { openPort } from '../../src/cluster/transport.ts';
import type { TransportLimits } from '../../src/cluster/transport.ts';
import { fixed } from '../../src/connection/credentials.ts';
import { parseServer } from '../../src/connection/server-url.ts';
import { realClock } from '../connection/world.ts';
import { closeAtEnd } from './fake-server.ts';

export const endpointTo = (url: string, changes: Partial<Endpoint> = {}): Endpoint => {
  const server = parseServer(url);
  if (!server.ok) throw new Error(server.error);
  return {
    server: server.value.address,
    tls: { ca: null, insecure: false, serverName: null },
    credentials: fixed({ authorization: 'Bearer secret-token', certificate: null }),
    headers: [],
    proxy: null,
    userAgent: 'test',
    requestTimeoutMs: null,
    compression: true,
    ...changes,
  };
};

export const portTo = (url: string, changes: Partial<Endpoint> = {}, limits: TransportLimits = {}): ClusterPort => {
  const port = openPort(endpointTo(url, changes), { clock: realClock }, limits);
  closeAtEnd(port.close);
  return port;
};

export const pods = { group: '', version: 'v1', resource: 'pods', namespace: 'default', name: null } as const;
export const podA = { ...pods, name: 'a' } as const;
