import { connect as connectTcp, isIP } from 'node:net';
import type { Socket } from 'node:net';
import tls, { checkServerIdentity, connect as connectTls, createSecureContext } from 'node:tls';
import type { ConnectionOptions, PeerCertificate, SecureContext, TLSSocket } from 'node:tls';
import type { Clock, Millis } from '../model/world.ts';
import { ConnectFailure, dialFailure, handshakeFailure } from './connect-failure.ts';
import { startDeadline } from './deadline.ts';

/** Go's net.Dialer and http.Transport as client-go sets them: 30 s to connect, 10 s for the handshake. */
export const DIAL_TIMEOUT_MS: Millis = 30_000;
export const HANDSHAKE_TIMEOUT_MS: Millis = 10_000;

export const hostAndPort = (host: string, port: number): string => (isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`);

/** What every step of making a connection needs: time, and the signal that the pool was closed. */
export interface Dialing {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Runs one step that ends with an event of a socket, within its own limit. The socket is destroyed when the step fails. */
export const step = async <S extends Socket>(
  { clock, signal }: Dialing,
  limit: Millis,
  socket: S,
  done: 'connect' | 'secureConnect',
  failure: (error: unknown) => ConnectFailure,
): Promise<S> => {
  const deadline = startDeadline(clock, limit, signal);
  try {
    return await new Promise<S>((resolve, reject) => {
      const fail = (error: unknown): void => {
        socket.destroy();
        reject(failure(error));
      };
      socket.once('error', fail);
      socket.once('close', () => {
        fail(Object.assign(new Error('closed'), { code: 'ECONNRESET' }));
      });
      socket.once(done, () => {
        socket.removeAllListeners('close');
        socket.removeListener('error', fail);
        resolve(socket);
      });
      const onDeadline = (): void => {
        fail(Object.assign(new Error('timed out'), { code: 'ETIMEDOUT' }));
      };
      if (deadline.signal.aborted) onDeadline();
      else deadline.signal.addEventListener('abort', onDeadline);
    });
  } finally {
    deadline.clear();
    // An error that comes after a failure was reported has nobody left to hear it.
    socket.on('error', () => undefined);
  }
};

/** Makes the connection that requests go over; rejects with a ConnectFailure. */
export type Dial = (dialing: Dialing, host: string, port: number) => Promise<Socket>;

/** A TCP connection to `host`. */
export const dialTcp = async (dialing: Dialing, host: string, port: number): Promise<Socket> => {
  // A second address is tried only after a second: the default of 250 ms fails on slow links.
  const socket = connectTcp({ host, port, autoSelectFamilyAttemptTimeout: 1000 });
  socket.setNoDelay(true);
  socket.setKeepAlive(true, 30_000);
  return await step(dialing, DIAL_TIMEOUT_MS, socket, 'connect', (error) => dialFailure(error, host, hostAndPort(host, port)));
};

const names = (certificate: PeerCertificate): readonly string[] =>
  (certificate.subjectaltname ?? '').split(', ').flatMap((entry) => /^(?:DNS|IP Address):(.+)$/u.exec(entry)?.[1] ?? []);

const nameMismatch = (message: string): Error => Object.assign(new Error(message), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });

/**
 * Like Go's x509: the name must be among the certificate's alternative names, the legacy Common Name does not count
 * (golang/go 39568). Node's own check accepts the Common Name when there is no alternative name.
 */
const identityError = (host: string, certificate: PeerCertificate): Error | undefined => {
  if ((certificate.subjectaltname ?? '') === '') return nameMismatch('certificate relies on legacy Common Name field, use SANs instead');
  if (checkServerIdentity(host, certificate) === undefined) return undefined;
  const valid = names(certificate);
  if (isIP(host) !== 0 && !valid.some((name) => isIP(name) !== 0)) return nameMismatch(`cannot validate certificate for ${host} because it doesn't contain any IP SANs`);
  return nameMismatch(`certificate is valid for ${valid.join(', ')}, not ${host}`);
};

export interface TlsAsk {
  readonly host: string;
  readonly serverName: string | null;
  readonly insecure: boolean;
  readonly context: SecureContext;
  readonly session: Buffer | undefined;
  readonly onSession: (session: Buffer) => void;
}

let machine: readonly string[] | undefined;

/**
 * Without a certificate authority of the kubeconfig kubectl trusts those of the operating system; Node would trust the list that it was
 * built with. Node before 22.15 cannot read the system's, there its own list stays. Reading takes up to 90 ms, so only when needed.
 */
const machineAuthorities = (): readonly string[] => {
  machine ??= 'getCACertificates' in tls ? tls.getCACertificates('system') : [];
  return machine;
};

export interface Trust {
  readonly ca: readonly string[] | null;
  readonly insecure: boolean;
  readonly certificate: { readonly cert: string; readonly key: string } | null;
}

/** What is trusted and shown, parsed: made once for all connections, since that takes longer than a handshake. */
export const contextFor = ({ ca, insecure, certificate }: Trust): SecureContext => {
  const trusted = insecure ? [] : (ca ?? machineAuthorities());
  return createSecureContext({
    minVersion: 'TLSv1.2',
    ...(trusted.length === 0 ? {} : { ca: [...trusted] }),
    ...(certificate === null ? {} : { cert: certificate.cert, key: certificate.key }),
  });
};

/** TLS over an open connection. Resolves after the server's certificate was accepted. */
export const secure = async (dialing: Dialing, over: Socket, ask: TlsAsk): Promise<TLSSocket> => {
  const expected = ask.serverName ?? ask.host;
  const options: ConnectionOptions = {
    socket: over,
    host: ask.host,
    servername: isIP(expected) === 0 ? expected : '',
    // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED=0 changes the default for every program of the shell.
    rejectUnauthorized: !ask.insecure,
    secureContext: ask.context,
    checkServerIdentity: ask.insecure ? () => undefined : (_host, certificate) => identityError(expected, certificate),
    ...(ask.session === undefined ? {} : { session: ask.session }),
  };
  let socket: TLSSocket;
  try {
    socket = connectTls(options);
  } catch (error) {
    over.destroy();
    throw handshakeFailure(error);
  }
  // A resumed session skips the check of the name, so only sessions of accepted connections may be kept.
  const early: Buffer[] = [];
  const hold = (session: Buffer): void => {
    early.push(session);
  };
  socket.on('session', hold);
  await step(dialing, HANDSHAKE_TIMEOUT_MS, socket, 'secureConnect', (error) =>
    error instanceof Error && Reflect.get(error, 'code') === 'ETIMEDOUT' ? new ConnectFailure('timed-out', 'net/http: TLS handshake timeout') : handshakeFailure(error),
  );
  socket.removeListener('session', hold);
  socket.on('session', ask.onSession);
  for (const session of early) ask.onSession(session);
  return socket;
};
