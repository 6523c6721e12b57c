import type { IncomingMessage } from 'node:http';
import type { Clock, Millis } from '../model/world.ts';
import { refusalOf, retryAfterOf, warningsOf } from './answer.ts';
import { bodyOf } from './body.ts';
import { startDeadline } from './deadline.ts';
import type { Deadline } from './deadline.ts';
import type { Credential, Endpoint } from './endpoint.ts';
import { exchange } from './exchange.ts';
import type { Ask } from './exchange.ts';
import type { Pool } from './pool.ts';
import type { CallOptions, Problem } from './port.ts';

/** For a whole call, retries included. */
export const CALL_TIMEOUT_MS: Millis = 30_000;
/** client-go: rest/request.go maxRetries. */
const MAX_RETRIES = 10;
/** A connection that broke although it was new is tried again a second later, as in client-go, but not for ever. */
const MAX_FRESH_BREAKS = 3;

export interface Line {
  readonly endpoint: Endpoint;
  readonly pool: Pool;
  readonly clock: Clock;
}

export type Fetched = { readonly ok: true; readonly text: string; readonly status: number; readonly warnings: readonly string[] } | { readonly ok: false; readonly problem: Problem };

interface Attempt {
  readonly problem: Problem;
  /** Milliseconds to wait before another try; null: the problem is final. */
  readonly retryIn: Millis | null;
  readonly freshBreak: boolean;
}

const spread = (ms: Millis): Millis => ms * (1 + Math.random() * 0.2);

/** 429 and 5xx with Retry-After, any verb (client-go rest/with_retry.go checkWait): the server said that it did not do it. */
const askedToWait = (response: IncomingMessage): Millis | null => {
  const code = response.statusCode ?? 0;
  const seconds = retryAfterOf(response);
  return seconds !== null && (code === 429 || code >= 500) ? spread(seconds * 1000) : null;
};

/** After a broken connection: only a GET may be sent again, what was written may have worked. */
const afterBreak = (ask: Ask, problem: Problem, reused: boolean): Attempt => {
  const again = ask.method === 'GET' && problem.kind === 'unreachable' && problem.cause === 'reset';
  return { problem, retryIn: again ? (reused ? 0 : spread(1000)) : null, freshBreak: again && !reused };
};

type Tried<T> = { readonly ok: true; readonly value: T } | ({ readonly ok: false } & Attempt);

type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

/** Waits for `effort` as long as the caller does. */
const unlessAborted = async <T>(effort: Promise<T>, signal: AbortSignal | undefined): Promise<T | null> => {
  if (signal === undefined) return await effort;
  if (signal.aborted) return null;
  let stop: (() => void) | undefined;
  const aborted = new Promise<null>((resolve) => {
    stop = () => {
      resolve(null);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([effort, aborted]);
  } finally {
    if (stop !== undefined) signal.removeEventListener('abort', stop);
  }
};

interface Effort<T> {
  readonly limitMs: Millis | null;
  readonly signal: AbortSignal | undefined;
  /** Makes a value of the answer to one exchange. */
  readonly read: (response: IncomingMessage, deadline: Deadline) => Promise<Tried<T>>;
}

/** The exchanges with one credential, within one limit. */
const withCredential = async <T>(line: Line, ask: Ask, credential: Credential, { limitMs, signal, read }: Effort<T>): Promise<Outcome<T>> => {
  const { endpoint, pool, clock } = line;
  const deadline = startDeadline(clock, limitMs, signal);
  let freshBreaks = 0;
  try {
    for (let attempt = 0; ; attempt += 1) {
      const opened = await exchange(endpoint, pool, ask, credential, deadline);
      const tried: Tried<T> = opened.ok ? await read(opened.response, deadline) : { ok: false, ...afterBreak(ask, opened.problem, opened.reused) };
      if (tried.ok) return tried;
      const { problem, retryIn } = tried;
      if (tried.freshBreak) freshBreaks += 1;
      if (retryIn === null || attempt >= MAX_RETRIES || freshBreaks > MAX_FRESH_BREAKS || retryIn >= deadline.remaining()) return { ok: false, problem };
      await clock.sleep(retryIn, deadline.signal);
      if (deadline.reason() === 'aborted') return { ok: false, problem: { kind: 'aborted' } };
    }
  } finally {
    deadline.clear();
  }
};

const isUnauthorized = (outcome: Outcome<unknown>): boolean => !outcome.ok && outcome.problem.kind === 'status' && outcome.problem.httpStatus === 401;

/**
 * One effort, and after a 401 another one with a renewed credential: the server did nothing, so that any verb may be repeated. The time
 * that a plugin takes to make a credential (a person may have to log in) does not count against the limit.
 */
const repeat = async <T>(line: Line, ask: Ask, effort: Effort<T>): Promise<Outcome<T>> => {
  const { credentials } = line.endpoint;
  const first = await unlessAborted(credentials.current(), effort.signal);
  if (first === null) return { ok: false, problem: { kind: 'aborted' } };
  if (!first.ok) return { ok: false, problem: { kind: 'credentials', message: first.message } };
  const outcome = await withCredential(line, ask, first.credential, effort);
  if (!isUnauthorized(outcome)) return outcome;
  const second = await unlessAborted(credentials.renewed(first.credential), effort.signal);
  if (second === null) return effort.signal?.aborted === true ? { ok: false, problem: { kind: 'aborted' } } : outcome;
  if (!second.ok) return { ok: false, problem: { kind: 'credentials', message: second.message } };
  return await withCredential(line, ask, second.credential, effort);
};

/** The time that a call may take. */
export const limitOf = (endpoint: Endpoint, options: CallOptions): Millis => Math.min(options.timeoutMs ?? CALL_TIMEOUT_MS, endpoint.requestTimeoutMs ?? Number.POSITIVE_INFINITY);

/** One call with its retries: resolves with the body of a 2xx answer or with why there is none. */
export const call = async (line: Line, ask: Ask, options: CallOptions): Promise<Fetched> => {
  const endTurn = await line.pool.turns.take(options.signal);
  if (endTurn === null) return { ok: false, problem: { kind: 'aborted' } };
  const done = await repeat(line, ask, {
    limitMs: limitOf(line.endpoint, options),
    signal: options.signal,
    read: async (response, deadline) => {
      const body = await bodyOf(response, deadline);
      if (!body.ok) return { ok: false, ...afterBreak(ask, body.problem, false) };
      const refusal = refusalOf(response, body.text);
      if (refusal !== null) return { ok: false, problem: refusal, retryIn: options.once === true ? null : askedToWait(response), freshBreak: false };
      return { ok: true, value: { text: body.text, status: response.statusCode ?? 0, warnings: warningsOf(response) } };
    },
  }).finally(endTurn);
  return done.ok ? { ok: true, ...done.value } : done;
};

export interface OpenStream {
  readonly response: IncomingMessage;
  /** Ends the connection; safe to call twice. */
  readonly close: () => void;
}

/**
 * Opens a stream: the limit counts until the head of the answer is there, the signal ends it at any time. `limitMs` null: as long as it
 * takes, which is right for a log, whose head some kubelets send with the first line only.
 */
export const openStream = async (line: Line, ask: Ask, signal: AbortSignal, limitMs: Millis | null): Promise<({ readonly ok: true } & OpenStream) | { readonly ok: false; readonly problem: Problem }> => {
  const done = await repeat<IncomingMessage>(line, ask, {
    limitMs,
    signal,
    read: async (response, deadline) => {
      if (response.statusCode === 200 && !/^\s*text\/html/iu.test(response.headers['content-type'] ?? '')) return { ok: true, value: response };
      const body = await bodyOf(response, deadline);
      if (!body.ok) return { ok: false, ...afterBreak(ask, body.problem, false) };
      const problem = refusalOf(response, body.text) ?? { kind: 'not-kubernetes', httpStatus: response.statusCode ?? 0, message: 'it did not open a stream' };
      return { ok: false, problem, retryIn: askedToWait(response), freshBreak: false };
    },
  });
  if (!done.ok) return done;
  const response = done.value;
  const close = (): void => {
    signal.removeEventListener('abort', close);
    response.destroy();
  };
  signal.addEventListener('abort', close, { once: true });
  if (signal.aborted) close();
  return { ok: true, response, close };
};
