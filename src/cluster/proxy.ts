import type { Socket } from 'node:net';
import { ConnectFailure } from './connect-failure.ts';
import { startDeadline } from './deadline.ts';
import { contextFor, DIAL_TIMEOUT_MS, dialTcp, hostAndPort, secure } from './dial.ts';
import type { Dialing } from './dial.ts';
import type { ProxyAddress, ServerAddress } from './endpoint.ts';

/** Longest answer to CONNECT that is read, in bytes; Node's own limit for a head. */
const HEAD_LIMIT = 16_384;

/** Reads from `socket` until `enough` finds its end in what came so far; what came after it is put back. */
const readUntil = async (dialing: Dialing, socket: Socket, enough: (bytes: Buffer) => number): Promise<Buffer> => {
  const deadline = startDeadline(dialing.clock, DIAL_TIMEOUT_MS, dialing.signal);
  try {
    return await new Promise<Buffer>((resolve, reject) => {
      let seen = Buffer.alloc(0);
      const stop = (): void => {
        socket.removeListener('data', onData);
        socket.removeListener('close', onClose);
        socket.pause();
      };
      const onClose = (): void => {
        stop();
        reject(new ConnectFailure('proxy', 'the proxy closed the connection'));
      };
      const onData = (chunk: Buffer): void => {
        seen = Buffer.concat([seen, chunk]);
        const end = enough(seen);
        if (end < 0 && seen.length < HEAD_LIMIT) return;
        stop();
        if (end < 0) {
          reject(new ConnectFailure('proxy', 'the proxy sent no answer that ends'));
          return;
        }
        if (end < seen.length) socket.unshift(seen.subarray(end));
        resolve(seen.subarray(0, end));
      };
      socket.on('data', onData);
      socket.once('close', onClose);
      const onDeadline = (): void => {
        stop();
        reject(new ConnectFailure('timed-out', 'the proxy did not answer'));
      };
      if (deadline.signal.aborted) onDeadline();
      else deadline.signal.addEventListener('abort', onDeadline);
      socket.resume();
    });
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    deadline.clear();
  }
};

/** Value of Proxy-Authorization; null without credentials in the proxy's URL. */
export const proxyAuthorization = (proxy: ProxyAddress): string | null =>
  proxy.username === null ? null : `Basic ${Buffer.from(`${proxy.username}:${proxy.password ?? ''}`).toString('base64')}`;

const connectTunnel = async (dialing: Dialing, socket: Socket, proxy: ProxyAddress, target: string): Promise<void> => {
  const authorization = proxyAuthorization(proxy);
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, ...(authorization === null ? [] : [`Proxy-Authorization: ${authorization}`])];
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const head = await readUntil(dialing, socket, (bytes) => {
    const at = bytes.indexOf('\r\n\r\n');
    return at < 0 ? -1 : at + 4;
  });
  const status = /^HTTP\/1\.[01] (\d{3})(?: ([^\r\n]*))?/u.exec(head.toString('latin1'));
  if (status?.[1] === '200') return;
  socket.destroy();
  throw new ConnectFailure('proxy', status === null ? 'the proxy did not answer in HTTP' : `the proxy refused the connection: ${status[1]} ${status[2] ?? ''}`.trim());
};

const SOCKS_REPLIES = [
  'succeeded',
  'general SOCKS server failure',
  'connection not allowed by ruleset',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'TTL expired',
  'command not supported',
  'address type not supported',
];

const exactly = (count: number) => (bytes: Buffer) => (bytes.length >= count ? count : -1);

/** RFC 1928 and 1929. The name is sent to the proxy, which looks it up, as in Go. */
const connectSocks = async (dialing: Dialing, socket: Socket, proxy: ProxyAddress, server: ServerAddress): Promise<void> => {
  const refuse = (message: string): never => {
    socket.destroy();
    throw new ConnectFailure('proxy', `socks connect: ${message}`);
  };
  socket.write(proxy.username === null ? Buffer.from([5, 1, 0]) : Buffer.from([5, 2, 0, 2]));
  const method = await readUntil(dialing, socket, exactly(2));
  if (method[0] !== 5) refuse('the proxy does not speak SOCKS 5');
  if (method[1] === 2 && proxy.username !== null) {
    const user = Buffer.from(proxy.username);
    const password = Buffer.from(proxy.password ?? '');
    socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
    const granted = await readUntil(dialing, socket, exactly(2));
    if (granted[1] !== 0) refuse('username/password authentication failed');
  } else if (method[1] !== 0) {
    refuse('no acceptable authentication methods');
  }
  const name = Buffer.from(server.host);
  const port = Buffer.from([Math.floor(server.port / 256), server.port % 256]);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, port]));
  const reply = await readUntil(dialing, socket, (bytes) => {
    const kind = bytes[3];
    const length = kind === 1 ? 10 : kind === 4 ? 22 : kind === 3 && bytes[4] !== undefined ? 7 + bytes[4] : kind === undefined || kind === 3 ? 1e9 : 10;
    return bytes.length >= length ? length : -1;
  });
  if (reply[1] !== 0) refuse(SOCKS_REPLIES[reply[1] ?? 1] ?? `unknown code ${reply[1]}`);
};

const throughProxy = (error: unknown, proxy: ProxyAddress): ConnectFailure => {
  if (error instanceof ConnectFailure && error.reason === 'timed-out') return error;
  const why = error instanceof Error ? error.message : 'unknown failure';
  return new ConnectFailure('proxy', `proxyconnect tcp: ${hostAndPort(proxy.host, proxy.port)}: ${why}`);
};

/**
 * A connection to the server through the proxy: a tunnel for https servers, the proxy itself for http ones (Go's net/http sends
 * those requests with an absolute URL), SOCKS for both.
 */
export const dialThrough = async (dialing: Dialing, proxy: ProxyAddress, server: ServerAddress): Promise<Socket> => {
  try {
    const raw = await dialTcp(dialing, proxy.host, proxy.port);
    if (proxy.protocol === 'socks5') {
      await connectSocks(dialing, raw, proxy, server);
      return raw;
    }
    const socket =
      proxy.protocol === 'http'
        ? raw
        : await secure(dialing, raw, {
            host: proxy.host,
            serverName: null,
            insecure: false,
            context: contextFor({ ca: null, insecure: false, certificate: null }),
            session: undefined,
            onSession: () => undefined,
          });
    if (server.secure) await connectTunnel(dialing, socket, proxy, hostAndPort(server.host, server.port));
    return socket;
  } catch (error) {
    throw throughProxy(error, proxy);
  }
};
