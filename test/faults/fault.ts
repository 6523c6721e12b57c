/** What can go wrong between the plugin and the API server. */
import type { Random } from '../truth/random.ts';

export type Fault =
  /** No connection: refused. */
  | { readonly kind: 'refuse' }
  /** The connection ends before the server has read the request, or when it has done it and not answered. */
  | { readonly kind: 'cut-before' | 'cut-after' | 'cut-body' }
  /** Nobody answers, and the connection stays: before or after the server did what it was asked. */
  | { readonly kind: 'silent-before' | 'silent-after' }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'status'; readonly code: number; readonly retryAfter: number | null }
  | { readonly kind: 'html' | 'truncated-json' | 'not-json' }
  /** The server lets the connection go after this answer (what GOAWAY is to HTTP/2). */
  | { readonly kind: 'connection-close' }
  /** Of a stream: ends in the middle of a line, in order, never again a byte; each line twice; no bookmarks; 410 as an event. */
  | { readonly kind: 'stream-cut' | 'stream-end' | 'stream-silent' | 'stream-twice' | 'stream-no-bookmarks' | 'stream-expired'; readonly afterLines: number };

export type FaultKind = Fault['kind'];

/** A time in which some requests meet a fault. Milliseconds after the start of the run. */
export interface Trouble {
  readonly from: number;
  readonly to: number;
  readonly fault: Fault;
  /** HTTP methods, `WATCH` for streams. */
  readonly on: readonly string[];
  readonly probability: number;
}

const reasons: Readonly<Record<number, string>> = {
  400: 'BadRequest', 401: 'Unauthorized', 403: 'Forbidden', 404: 'NotFound', 409: 'Conflict', 410: 'Expired', 429: 'TooManyRequests', 500: 'InternalError', 503: 'ServiceUnavailable', 504: 'Timeout',
};

/** The server's words for a status that no object is the reason of. */
export const statusBody = (code: number): string =>
  JSON.stringify({
    kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code, reason: reasons[code] ?? '',
    message: code === 404 ? 'the server could not find the requested resource' : code === 409 ? 'Operation cannot be fulfilled: the object has been modified; please apply your changes to the latest version and try again' : `trouble ${code}`,
  });

const anyFault = (random: Random): Fault => {
  const kind = random.one([
    'refuse', 'cut-before', 'cut-after', 'cut-after', 'cut-body', 'silent-before', 'silent-after', 'delay', 'status', 'status', 'status', 'html', 'truncated-json', 'not-json', 'connection-close',
    'stream-cut', 'stream-end', 'stream-silent', 'stream-twice', 'stream-no-bookmarks', 'stream-expired',
  ] as const);
  switch (kind) {
    case 'delay':
      return { kind, ms: random.between(10, 4000) };
    case 'status':
      return { kind, code: random.one([401, 403, 404, 409, 410, 429, 500, 503, 504]), retryAfter: random.chance(0.4) ? random.between(0, 2) : null };
    case 'stream-cut':
    case 'stream-end':
    case 'stream-silent':
    case 'stream-twice':
    case 'stream-no-bookmarks':
    case 'stream-expired':
      return { kind, afterLines: random.between(0, 4) };
    case 'refuse':
    case 'cut-before':
    case 'cut-after':
    case 'cut-body':
    case 'silent-before':
    case 'silent-after':
    case 'html':
    case 'truncated-json':
    case 'not-json':
    case 'connection-close':
      return { kind };
  }
};

export const troublesOf = (random: Random): readonly Trouble[] =>
  Array.from({ length: random.one([0, 1, 1, 2, 3, 4]) }, () => {
    const fault = anyFault(random);
    const from = random.chance(0.3) ? 0 : random.chance(0.5) ? random.between(0, 200) : random.between(0, 6000);
    const on = fault.kind.startsWith('stream-') ? ['WATCH'] : random.one([['GET', 'DELETE', 'POST', 'WATCH'], ['DELETE'], ['DELETE'], ['GET'], ['WATCH'], ['GET', 'WATCH']]);
    return { from, to: from + random.one([random.between(1, 200), random.between(1, 8000), 100_000]), fault, on, probability: random.one([0.2, 0.6, 1]) };
  });
