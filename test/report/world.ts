/** A world for printers: streams that are kept as text, and a clock that a test drives. */
import type { Clock, Millis, Sink } from '../../src/model/world.ts';
import type { PrinterWorld } from '../../src/report/printer.ts';

export interface Kept extends Sink {
  readonly text: () => string;
}

/** A stream that keeps what is written; a terminal when it has columns. */
export const keptSink = (columns: number | undefined, rows = 24): Kept => {
  let kept = '';
  return {
    isTTY: columns !== undefined,
    columns: () => columns,
    rows: () => (columns === undefined ? undefined : rows),
    write: (text) => {
      kept += text;
    },
    text: () => kept,
  };
};

export interface DrivenClock extends Clock {
  /** Moves the time on; everyone who sleeps until then wakes up on the way, in order. */
  readonly advanceTo: (at: Millis) => Promise<void>;
}

interface Sleeper {
  readonly until: Millis;
  readonly wake: () => void;
}

const turn = async (): Promise<void> => {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

/** A clock that stands still until it is driven. */
export const drivenClock = (start: Millis): DrivenClock => {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      }),
    advanceTo: async (at) => {
      await turn();
      for (;;) {
        const next = [...sleepers].filter((s) => s.until <= at).toSorted((a, b) => a.until - b.until)[0];
        if (next === undefined) break;
        now = Math.max(now, next.until);
        next.wake();
        await turn();
      }
      now = Math.max(now, at);
    },
  };
};

export interface FakeWorld extends PrinterWorld {
  readonly stdout: Kept;
  readonly stderr: Kept;
  readonly clock: DrivenClock;
}

/** `columns` undefined: both streams are pipes. */
export const fakeWorld = (columns: number | undefined, start: Millis, env: Readonly<Record<string, string>> = {}, rows = 24): FakeWorld => ({
  stdout: keptSink(columns, rows),
  stderr: keptSink(columns, rows),
  clock: drivenClock(start),
  env,
});
