import { request as requestHttp } from 'node:http';
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { ConnectFailure, systemErrorOf } from './connect-failure.ts';
import type { Deadline } from './deadline.ts';
import { hostAndPort } from './dial.ts';
import type { Credential, Endpoint } from './endpoint.ts';
import type { Pool } from './pool.ts';
import type { Problem } from './port.ts';
import { proxyAuthorization } from './proxy.ts';

export interface Ask {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** With query, without the server's own prefix. */
  readonly path: string;
  readonly accept: string;
  readonly body: string | null;
  /** Of the body; application/json when not given. */
  readonly contentType?: string;
  readonly purpose: 'request' | 'stream';
}

/** `reused`: the request went over a connection that had served before, which the server may have closed meanwhile. */
export type Opened = { readonly ok: true; readonly response: IncomingMessage } | { readonly ok: false; readonly problem: Problem; readonly reused: boolean };

/** Why a connection broke after the request got it. */
export const brokenBy = (error: unknown): Problem => {
  const { code, message } = systemErrorOf(error);
  const alert = /alert ([a-z ]+)/iu.exec(message)?.[1] ?? /ALERT_(\w+)$/u.exec(code)?.[1]?.toLowerCase().replaceAll('_', ' ');
  if (alert !== undefined) return { kind: 'unreachable', cause: 'tls', message: `remote error: tls: ${alert.trim()}`, sent: true };
  if (/^HPE_|Malformed/u.test(code)) return { kind: 'not-kubernetes', httpStatus: 0, message: 'the answer is not HTTP' };
  return { kind: 'unreachable', cause: 'reset', message: 'the connection was closed before the answer was complete', sent: true };
};

const notConnected = (error: ConnectFailure): Problem =>
  error.reason === 'timed-out'
    ? { kind: 'timed-out', message: error.message, sent: false }
    : { kind: 'unreachable', cause: error.reason, message: error.message, sent: false };

/** What a fired deadline means for an effort. */
export const cutShort = (deadline: Deadline, sent: boolean, what: string): Problem =>
  deadline.reason() === 'aborted' ? { kind: 'aborted' } : { kind: 'timed-out', message: what, sent };

const headersFor = (endpoint: Endpoint, ask: Ask, credential: Credential): readonly string[] => {
  const { server, proxy } = endpoint;
  const viaProxy = proxy !== null && !server.secure && proxy.protocol !== 'socks5' ? proxyAuthorization(proxy) : null;
  const pairs: readonly (readonly [string, string] | null)[] = [
    ['Host', server.authority],
    ['User-Agent', endpoint.userAgent],
    ['Accept', ask.accept],
    endpoint.compression && ask.purpose === 'request' ? ['Accept-Encoding', 'gzip'] : null,
    credential.authorization === null ? null : ['Authorization', credential.authorization],
    viaProxy === null ? null : ['Proxy-Authorization', viaProxy],
    ...endpoint.headers,
    ask.body === null ? null : ['Content-Type', ask.contentType ?? 'application/json'],
    ask.body === null ? null : ['Content-Length', String(Buffer.byteLength(ask.body))],
  ];
  return pairs.flatMap((pair) => pair ?? []);
};

const start = (endpoint: Endpoint, pool: Pool, ask: Ask, credential: Credential): ClientRequest => {
  const { server, proxy } = endpoint;
  const path = `${server.prefix}${ask.path}`;
  const absolute = proxy !== null && !server.secure && proxy.protocol !== 'socks5';
  const options: RequestOptions = {
    agent: pool.agent(ask.purpose, credential.certificate),
    method: ask.method,
    host: server.host,
    port: server.port,
    path: absolute ? `http://${hostAndPort(server.host, server.port)}${path}` : path,
    // A flat list keeps repeated names apart: Impersonate-Group must not be merged into one header.
    headers: headersFor(endpoint, ask, credential),
  };
  return server.secure ? requestHttps(options) : requestHttp(options);
};

/**
 * Sends one request once and resolves with the head of the answer. `sent` in a problem is false only when the request never got a
 * connection. The body is the caller's to read; the deadline goes on until the caller clears it.
 */
export const exchange = async (endpoint: Endpoint, pool: Pool, ask: Ask, credential: Credential, deadline: Deadline): Promise<Opened> => {
  if (deadline.reason() !== null) return { ok: false, problem: cutShort(deadline, false, 'no time left'), reused: false };
  let request: ClientRequest;
  try {
    request = start(endpoint, pool, ask, credential);
  } catch (error) {
    const { code } = systemErrorOf(error);
    if (code !== 'ERR_INVALID_CHAR') throw error;
    // The message of the runtime names the header only, but a token may be the value: nothing of it is passed on.
    return { ok: false, problem: { kind: 'credentials', message: 'a credential or user name has characters that no HTTP header can carry' }, reused: false };
  }
  return await new Promise<Opened>((resolve) => {
    let sent = false;
    const onDeadline = (): void => {
      resolve({ ok: false, problem: cutShort(deadline, sent, sent ? 'no answer in time' : 'no connection in time'), reused: false });
      request.destroy();
    };
    deadline.signal.addEventListener('abort', onDeadline, { once: true });
    request.once('socket', () => {
      sent = true;
    });
    request.on('error', (error) => {
      deadline.signal.removeEventListener('abort', onDeadline);
      resolve({ ok: false, problem: error instanceof ConnectFailure ? notConnected(error) : brokenBy(error), reused: request.reusedSocket });
    });
    request.once('response', (response) => {
      pool.serverClock.heard(response.headers.date);
      deadline.signal.removeEventListener('abort', onDeadline);
      // Errors of the body are met by its reader; without a listener here one between two reads would end the process.
      response.on('error', () => undefined);
      const cut = (): void => {
        response.destroy();
      };
      deadline.signal.addEventListener('abort', cut, { once: true });
      response.once('close', () => {
        deadline.signal.removeEventListener('abort', cut);
      });
      resolve({ ok: true, response });
    });
    // As bytes: with a string Node writes the head in the body's encoding, and header values beyond ASCII come out wrong.
    request.end(ask.body === null ? undefined : Buffer.from(ask.body));
  });
};
