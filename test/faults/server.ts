/** The API server behind connections that fail: HTTP/1.1 over pipes in this process, with the troubles of a run in between. */
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { ConnectFailure } from '../../src/cluster/connect-failure.ts';
import type { Dial } from '../../src/cluster/dial.ts';
import type { Clock } from '../embedded/clock.ts';
import type { Handle } from '../embedded/http.ts';
import type { ApiResponse } from '../embedded/request.ts';
import type { Random } from '../truth/random.ts';
import { statusBody } from './fault.ts';
import type { Fault, Trouble } from './fault.ts';
import { End } from './pipe.ts';
import type { Traffic } from './pipe.ts';

/** A request that came as far as the server, and whether the server did it. */
export interface Served {
  /** When it arrived. */
  readonly at: number;
  readonly method: string;
  readonly url: string;
  readonly body: string;
  readonly fault: Fault['kind'] | null;
  /** Status of the server's own answer; null: it never saw the request. */
  readonly code: number | null;
}

interface Setting {
  readonly handle: Handle;
  readonly clock: Clock;
  readonly troubles: readonly Trouble[];
  readonly random: Random;
  readonly traffic: Traffic;
}

const isWatch = (url: string): boolean => /[?&](?:watch|follow)=(?:true|1)/u.test(url);

export class FaultyServer {
  readonly served: Served[] = [];
  readonly #setting: Setting;
  readonly #server: Server;
  readonly #ends = new Set<End>();
  readonly #startedAt: number;
  isUp = true;

  constructor(setting: Setting) {
    this.#setting = setting;
    this.#startedAt = setting.clock.now();
    this.#server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (message, response) => {
      this.#serve(message, response).catch((error: unknown) => {
        console.error('the faulty server itself failed:', error);
        process.exitCode = 1;
      });
    });
    this.#server.keepAliveTimeout = 0;
  }

  readonly dial: Dial = async () => {
    await Promise.resolve();
    const fault = this.#fault('GET', false, ['refuse']);
    if (!this.isUp || fault !== null) throw new ConnectFailure('refused', 'dial tcp 127.0.0.1:1: connect: connection refused');
    const [client, server] = End.pair(this.#setting.traffic);
    this.#ends.add(server);
    server.once('close', () => this.#ends.delete(server));
    this.#server.emit('connection', server);
    // What an agent uses of a socket is what this end has.
    return client as unknown as Socket;
  };

  /** Everything breaks, and nothing new is accepted. */
  kill(): void {
    this.isUp = false;
    for (const end of this.#ends) end.destroy();
  }

  close(): void {
    this.kill();
    this.#server.close();
  }

  #fault(method: string, stream: boolean, only: readonly Fault['kind'][] | null = null): Fault | null {
    const at = this.#setting.clock.now() - this.#startedAt;
    for (const { from, to, fault, on, probability } of this.#setting.troubles) {
      if (at < from || at >= to || !on.includes(stream ? 'WATCH' : method)) continue;
      if (only === null ? fault.kind === 'refuse' : !only.includes(fault.kind)) continue;
      if (this.#setting.random.chance(probability)) return fault;
    }
    return null;
  }

  async #serve(message: IncomingMessage, response: ServerResponse): Promise<void> {
    const { clock, handle } = this.#setting;
    const method = message.method ?? 'GET';
    const url = message.url ?? '/';
    const end = message.socket as unknown as End;
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    response.on('error', () => undefined);
    const chunks: Buffer[] = [];
    try {
      for await (const chunk of message) chunks.push(chunk as Buffer);
    } catch {
      return;
    }
    const body = Buffer.concat(chunks).toString();
    const fault = this.#fault(method, isWatch(url));
    const at = clock.now();
    const note = (code: number | null): void => {
      this.served.push({ at, method, url, body, fault: fault?.kind ?? null, code });
    };
    response.sendDate = false;
    response.setHeader('date', new Date(clock.now()).toUTCString());
    const kind = fault?.kind ?? null;
    if (fault?.kind === 'delay') await clock.sleep(fault.ms);
    if (gone.signal.aborted) return note(null);
    if (kind === 'cut-before') {
      note(null);
      end.destroy();
      return;
    }
    if (kind === 'silent-before') {
      note(null);
      end.silent = true;
      return;
    }
    if (fault?.kind === 'status') {
      note(null);
      response.writeHead(fault.code, { 'content-type': 'application/json', ...(fault.retryAfter === null ? {} : { 'retry-after': String(fault.retryAfter) }) });
      response.end(statusBody(fault.code));
      return;
    }
    if (kind === 'html') {
      note(null);
      response.writeHead(502, { 'content-type': 'text/html' });
      response.end('<html><body>Bad Gateway</body></html>');
      return;
    }
    let answer: ApiResponse;
    try {
      answer = await handle({ method, url, headers: message.headers, body, signal: gone.signal });
    } catch {
      note(null);
      end.destroy();
      return;
    }
    note(answer.status);
    await this.#answer(answer, fault, response, end, gone.signal);
  }

  async #answer(answer: ApiResponse, fault: Fault | null, response: ServerResponse, end: End, gone: AbortSignal): Promise<void> {
    if (typeof answer.body !== 'string') {
      await this.#stream(answer, fault, response, end, gone);
      return;
    }
    const text = answer.body;
    const half = text.slice(0, Math.max(1, text.length >> 1));
    // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others have been met before the server was asked
    switch (fault?.kind) {
      case 'cut-after':
        end.destroy();
        return;
      case 'silent-after':
        end.silent = true;
        return;
      case 'cut-body':
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text) });
        response.write(half);
        setImmediate(() => end.destroy());
        return;
      case 'truncated-json':
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(half) });
        response.end(half);
        return;
      case 'not-json':
        response.writeHead(answer.status, { ...answer.headers, 'content-length': 2 });
        response.end('ok');
        return;
      case 'connection-close':
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text), connection: 'close' });
        response.end(text);
        return;
      default:
        response.writeHead(answer.status, { ...answer.headers, 'content-length': Buffer.byteLength(text) });
        response.end(text);
    }
  }

  async #stream(answer: ApiResponse, fault: Fault | null, response: ServerResponse, end: End, gone: AbortSignal): Promise<void> {
    response.writeHead(answer.status, answer.headers);
    response.flushHeaders();
    const limit = fault !== null && 'afterLines' in fault ? fault.afterLines : Number.POSITIVE_INFINITY;
    let lines = 0;
    if (fault?.kind === 'stream-expired' && limit === 0) {
      response.end(`${JSON.stringify({ type: 'ERROR', object: JSON.parse(statusBody(410)) as unknown })}\n`);
      return;
    }
    for await (const chunk of answer.body as AsyncIterable<string>) {
      if (gone.aborted) return;
      for (const line of chunk.split('\n').filter((l) => l !== '')) {
        lines += 1;
        if (fault?.kind === 'stream-no-bookmarks' && line.startsWith('{"type":"BOOKMARK"') && !line.includes('initial-events-end')) continue;
        if (lines > limit) {
          // oxlint-disable-next-line typescript/switch-exhaustiveness-check -- the others are no faults of streams
          switch (fault?.kind) {
            case 'stream-cut':
              response.write(line.slice(0, line.length >> 1));
              setImmediate(() => end.destroy());
              return;
            case 'stream-end':
              response.end();
              return;
            case 'stream-silent':
              end.silent = true;
              return;
            case 'stream-expired':
              response.end(`${JSON.stringify({ type: 'ERROR', object: JSON.parse(statusBody(410)) as unknown })}\n`);
              return;
            case 'stream-twice':
              response.write(`${line}\n`);
              break;
            default:
              break;
          }
        }
        response.write(`${line}\n`);
      }
    }
    response.end();
  }
}
