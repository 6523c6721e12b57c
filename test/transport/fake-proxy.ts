/** Proxies that forward to any port of this machine, whatever host they are asked for, and remember what they were asked. */
import { createServer as createHttp } from 'node:http';
import { createServer as createHttps } from 'node:https';
import type { ServerOptions } from 'node:https';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { closeAtEnd } from './fake-server.ts';

export interface FakeProxy {
  readonly port: number;
  /** One line per connection: target, and the credentials that came with it. */
  readonly seen: string[];
}

const join = (one: Duplex, other: Socket): void => {
  one.on('error', () => other.destroy());
  other.on('error', () => one.destroy());
  one.pipe(other);
  other.pipe(one);
};

const listen = async (server: Server): Promise<number> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closeAtEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return (server.address() as AddressInfo).port;
};

/** An HTTP proxy; `answer` replaces the tunnel by another answer to CONNECT, `to` is the port that all tunnels lead to. */
export const startHttpProxy = async (tls: ServerOptions | null = null, answer: string | null = null, to: number | null = null): Promise<FakeProxy> => {
  const seen: string[] = [];
  const server = tls === null ? createHttp() : createHttps(tls);
  server.on('connect', (request, client: Duplex) => {
    seen.push(`CONNECT ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? '-'}`);
    if (answer !== null) {
      client.end(answer);
      return;
    }
    const upstream = connect(to ?? Number(/:(\d+)$/u.exec(request.url ?? '')?.[1]), '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      join(client, upstream);
    });
  });
  server.on('request', (request, response) => {
    seen.push(`${request.method ?? ''} ${request.url ?? ''} ${request.headers['proxy-authorization'] ?? '-'}`);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ kind: 'Pod', metadata: { name: 'a', uid: 'via-proxy' } }));
  });
  return { port: await listen(server), seen };
};

/** A SOCKS 5 proxy with or without a password. */
export const startSocksProxy = async (password: string | null): Promise<FakeProxy> => {
  const seen: string[] = [];
  const server = createServer((client) => {
    client.once('data', () => {
      client.write(Buffer.from([5, password === null ? 0 : 2]));
      const ask = (request: Buffer): void => {
        const length = request[4] ?? 0;
        const port = request.readUInt16BE(5 + length);
        seen.push(`${request.subarray(5, 5 + length).toString()}:${port}`);
        const upstream = connect(port, '127.0.0.1', () => {
          client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
          join(client, upstream);
        });
      };
      if (password === null) {
        client.once('data', ask);
        return;
      }
      client.once('data', (login) => {
        const right = login.subarray(3 + (login[1] ?? 0)).toString() === password;
        client.write(Buffer.from([1, right ? 0 : 1]));
        client.once('data', ask);
      });
    });
  });
  return { port: await listen(server), seen };
};
