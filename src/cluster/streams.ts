import type { IncomingMessage } from 'node:http';
import type { Clock, Millis } from '../model/world.ts';
import type { KubeObject } from '../model/wire.ts';
import { eventProblem, isRecord, parsed } from './answer.ts';
import { limitOf, openStream } from './call.ts';
import type { Line, OpenStream } from './call.ts';
import { brokenBy } from './exchange.ts';
import { linesOf } from './lines.ts';
import { logPath, watchPath } from './paths.ts';
import type { LogOptions, LogSignal, Problem, ResourcePath, WatchOptions, WatchSignal } from './port.ts';

/** A watch is silent for at most about a minute, then a bookmark comes (apiserver cacher bookmarkFrequency); longer: half open. */
export const WATCH_IDLE_MS: Millis = 75_000;

interface Watchdog {
  readonly note: () => void;
  /** Time that the reader of the events takes does not count. */
  readonly pause: () => void;
  readonly barked: () => boolean;
  readonly stop: () => void;
}

/** Calls `onIdle` when nothing was noted for `limit`. */
const watchdog = (clock: Clock, limit: Millis, onIdle: () => void): Watchdog => {
  let barked = false;
  let paused = false;
  const stop = new AbortController();
  let last = clock.now();
  const run = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const left = paused ? limit : last + limit - clock.now();
      if (left <= 0) {
        barked = true;
        onIdle();
        return;
      }
      await clock.sleep(left, stop.signal);
    }
  };
  void run();
  return {
    note: () => {
      paused = false;
      last = clock.now();
    },
    pause: () => {
      paused = true;
    },
    barked: () => barked,
    stop: () => {
      stop.abort();
    },
  };
};

async function* noted(response: IncomingMessage, note: () => void): AsyncGenerator<Buffer> {
  for await (const chunk of response as AsyncIterable<Buffer>) {
    note();
    yield chunk;
  }
}

type Event = { readonly ok: true; readonly signal: WatchSignal } | { readonly ok: false; readonly problem: Problem };

const notAnEvent: Problem = { kind: 'not-kubernetes', httpStatus: 200, message: 'the watch sent a line that is not an event' };

const eventOf = (line: string): Event => {
  const value = parsed(line);
  if (!isRecord(value)) return { ok: false, problem: notAnEvent };
  const { type, object } = value;
  if (type === 'ERROR') return { ok: false, problem: eventProblem(object) };
  if (!isRecord(object) || !isRecord(object['metadata'])) return { ok: false, problem: notAnEvent };
  if (type === 'BOOKMARK') {
    const { resourceVersion } = object['metadata'];
    return { ok: true, signal: { type, resourceVersion: typeof resourceVersion === 'string' ? resourceVersion : '' } };
  }
  if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return { ok: false, problem: notAnEvent };
  return { ok: true, signal: { type, object: object as unknown as KubeObject } };
};

/** How a stream that stopped without a verdict of its own ended. */
const endOf = (response: IncomingMessage, signal: AbortSignal, error: unknown): Problem | null => {
  if (signal.aborted) return { kind: 'aborted' };
  return error === undefined && response.complete ? null : brokenBy(error);
};

async function* watchEvents(line: Line, open: OpenStream, signal: AbortSignal, idleMs: Millis): AsyncGenerator<WatchSignal, Problem | null> {
  const dog = watchdog(line.clock, idleMs, open.close);
  const silent: Problem = { kind: 'timed-out', message: `nothing came for ${Math.round(idleMs / 1000)} s, not even a bookmark`, sent: true };
  try {
    for await (const { text, complete } of linesOf(noted(open.response, dog.note))) {
      if (text === '') continue;
      // The last line of a connection that broke may be the beginning of an event.
      const event = eventOf(text);
      if (!event.ok) return complete ? event.problem : endOf(open.response, signal, null);
      dog.pause();
      yield event.signal;
      dog.note();
    }
    return dog.barked() ? silent : endOf(open.response, signal, undefined);
  } catch (error) {
    return dog.barked() ? silent : endOf(open.response, signal, error);
  } finally {
    dog.stop();
    open.close();
  }
}

/** One watch connection. See WatchSignal; resuming is the caller's. */
export async function* watch(line: Line, at: ResourcePath, options: WatchOptions, idleMs: Millis): AsyncGenerator<WatchSignal> {
  const ask = { method: 'GET', path: watchPath(at, options), accept: 'application/json', body: null, purpose: 'stream' } as const;
  const open = await openStream(line, ask, options.signal, limitOf(line.endpoint, {}));
  if (!open.ok) {
    yield { type: 'ended', problem: open.problem };
    return;
  }
  yield { type: 'opened' };
  yield { type: 'ended', problem: yield* watchEvents(line, open, options.signal, idleMs) };
}

async function* logLines(open: OpenStream, signal: AbortSignal, longest: number | undefined): AsyncGenerator<LogSignal, Problem | null> {
  try {
    for await (const { text } of linesOf(open.response as AsyncIterable<Buffer>, longest)) yield { type: 'line', text };
    return endOf(open.response, signal, undefined);
  } catch (error) {
    return endOf(open.response, signal, error);
  } finally {
    open.close();
  }
}

/** The log of one container. A silent log is normal, so nothing but the signal limits it. */
export async function* logs(line: Line, at: ResourcePath, options: LogOptions): AsyncGenerator<LogSignal> {
  const ask = { method: 'GET', path: logPath(at, options), accept: '*/*', body: null, purpose: 'stream' } as const;
  const open = await openStream(line, ask, options.signal, options.follow ? null : limitOf(line.endpoint, {}));
  if (!open.ok) {
    yield { type: 'ended', problem: open.problem };
    return;
  }
  yield { type: 'opened' };
  yield { type: 'ended', problem: yield* logLines(open, options.signal, options.longestLine) };
}
