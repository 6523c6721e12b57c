import { Agent as HttpAgent } from 'node:http';
import type { ClientRequestArgs } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import type { Clock, Millis } from '../model/world.ts';
import { ConnectFailure, handshakeFailure } from './connect-failure.ts';
import { contextFor, dialTcp, secure } from './dial.ts';
import type { Dial, Dialing } from './dial.ts';
import type { ClientCertificate, Endpoint } from './endpoint.ts';
import { dialThrough } from './proxy.ts';
import { serverClock } from './server-clock.ts';
import type { ServerClock } from './server-clock.ts';
import { turnsFor } from '../model/turns.ts';
import type { Turns } from '../model/turns.ts';

/** Lets an agent finish what it does, and keep nothing. */
const retire = (agent: HttpAgent): void => {
  agent.maxFreeSockets = 0;
  for (const idle of Object.values(agent.freeSockets)) for (const socket of idle ?? []) socket.destroy();
};

type Give = (error: Error | null, stream: Duplex) => void;

/** Requests at a time, and so connections: room for a deletion of hundreds of objects. */
const MAX_REQUESTS = 64;

/**
 * A connection that was idle for longer is not used again: load balancers drop idle connections silently (HAProxy after 50 s), and a
 * DELETE that is written into such a connection gets no answer.
 */
export const IDLE_LIMIT_MS: Millis = 45_000;

/** The connections to one server as one user. */
export interface Pool {
  readonly agent: (purpose: 'request' | 'stream', certificate: ClientCertificate | null) => HttpAgent;
  /** A turn to send a request; streams need none. */
  readonly turns: Turns;
  /** How far the server's clock is from this one, from the Date headers of its answers. */
  readonly serverClock: ServerClock;
  readonly close: () => void;
}

/**
 * Keeps connections alive and gives one to a request only after its TLS handshake, so that a request that got none was provably not
 * sent. Streams have connections of their own: sixty watches must not keep a DELETE waiting.
 */
export const openPool = (endpoint: Endpoint, clock: Clock, dial: Dial = dialTcp): Pool => {
  let session: Buffer | undefined;
  let held: { readonly certificate: ClientCertificate | null; readonly request: HttpAgent; readonly stream: HttpAgent } | null = null;
  const sockets = new Set<Socket>();
  const freeSince = new WeakMap<Duplex, Millis>();
  const closing = new AbortController();
  const dialing: Dialing = { clock, signal: closing.signal };

  let parsed: { readonly certificate: ClientCertificate | null; readonly context: SecureContext } | null = null;
  const contextOf = (certificate: ClientCertificate | null): SecureContext => {
    if (parsed === null || parsed.certificate !== certificate) parsed = { certificate, context: contextFor({ ...endpoint.tls, certificate }) };
    return parsed.context;
  };

  const open = async (certificate: ClientCertificate | null): Promise<Socket> => {
    const { server, tls, proxy } = endpoint;
    const raw = proxy === null ? await dial(dialing, server.host, server.port) : await dialThrough(dialing, proxy, server);
    if (!server.secure) return raw;
    return await secure(dialing, raw, {
      host: server.host,
      serverName: tls.serverName,
      insecure: tls.insecure,
      context: contextOf(certificate),
      session,
      onSession: (next) => {
        session = next;
      },
    });
  };

  const provide = (certificate: ClientCertificate | null, give: Give): undefined => {
    open(certificate).then(
      (socket) => {
        if (closing.signal.aborted) socket.destroy();
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        give(null, socket);
      },
      (error: unknown) => {
        // The types ask for a stream beside the error; the runtimes do not look at it.
        (give as (error: Error) => void)(error instanceof ConnectFailure ? error : handshakeFailure(error));
      },
    );
    return undefined;
  };

  const make = (certificate: ClientCertificate | null): HttpAgent => {
    // An agent's own maxSockets does not count connections that are being made, so turns limit them.
    const options = { keepAlive: true, maxFreeSockets: MAX_REQUESTS, scheduling: 'lifo' } as const;
    const agent = endpoint.server.secure ? new HttpsAgent(options) : new HttpAgent(options);
    agent.on('free', (socket: Socket) => {
      freeSince.set(socket, clock.now());
    });
    agent.createConnection = (_ask: ClientRequestArgs, give?: Give) => provide(certificate, give ?? (() => undefined));
    return agent;
  };

  const dropIdle = (agent: HttpAgent): void => {
    for (const idle of Object.values(agent.freeSockets)) {
      for (const socket of idle ?? []) if (clock.now() - (freeSince.get(socket) ?? clock.now()) > IDLE_LIMIT_MS) socket.destroy();
    }
  };

  return {
    agent: (purpose, certificate) => {
      if (held === null || held.certificate !== certificate) {
        // client-go closes all connections when a plugin gives another certificate (exec.go refreshCredsLocked); what runs may end here.
        session = undefined;
        if (held !== null) retire(held.request);
        if (held !== null) retire(held.stream);
        held = { certificate, request: make(certificate), stream: make(certificate) };
      }
      dropIdle(held[purpose]);
      return held[purpose];
    },
    turns: turnsFor(MAX_REQUESTS),
    serverClock: serverClock(clock),
    close: () => {
      closing.abort();
      for (const socket of sockets) socket.destroy();
      held?.request.destroy();
      held?.stream.destroy();
    },
  };
};
