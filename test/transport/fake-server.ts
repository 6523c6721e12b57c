/** A server that answers as a test tells it to, over TLS or plain, and remembers what it was asked. */
import { createServer as createPlain } from 'node:http';
import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { ServerOptions } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { after } from 'node:test';

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
}

export interface FakeServer {
  readonly port: number;
  readonly url: string;
  readonly seen: Seen[];
  /** Connections accepted so far. */
  readonly connections: () => number;
  readonly sockets: ReadonlySet<Socket>;
  readonly close: () => Promise<void>;
}

/** What a failed test leaves open would keep its process running. */
const open = new Set<() => void>();
export const closeAtEnd = (close: () => void): void => {
  open.add(close);
};
after(() => {
  for (const close of open) close();
});

export type Respond = (request: Seen, response: ServerResponse, count: number) => void;

const readAll = async (request: AsyncIterable<Buffer>): Promise<string> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
};

export const startServer = async (respond: Respond, tls: ServerOptions | null = null): Promise<FakeServer> => {
  const seen: Seen[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const listener: RequestListener = (request, response) => {
    void readAll(request).then(
      (body) => {
        const one: Seen = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, rawHeaders: request.rawHeaders, body };
        seen.push(one);
        respond(one, response, seen.length);
      },
      () => undefined,
    );
  };
  const server: Server = tls === null ? createPlain(listener) : createSecure(tls, listener);
  server.on('connection', (socket: Socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  closeAtEnd(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    port,
    url: `${tls === null ? 'http' : 'https'}://127.0.0.1:${port}`,
    seen,
    connections: () => connections,
    sockets,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => {
          resolve();
        });
      });
    },
  };
};

export const sendJson = (response: ServerResponse, value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(JSON.stringify(value));
};

export const pod = (name: string, uid = `uid-${name}`): { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string; readonly namespace: string; readonly uid: string } } => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid },
});

/** Everything that a stream yields, until its end. */
export const collect = async <T>(stream: AsyncIterable<T>): Promise<readonly T[]> => {
  const all: T[] = [];
  for await (const one of stream) all.push(one);
  return all;
};
