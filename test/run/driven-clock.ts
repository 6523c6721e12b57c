/** A clock that stands still until a test moves it. */
import type { Clock, Millis } from '../../src/model/world.ts';

interface Sleeper {
  readonly until: Millis;
  readonly wake: () => void;
}

export interface DrivenClock extends Clock {
  /** Moves the time on by `ms`: everyone whose sleep ends on the way wakes in order, and all that follows from it happens before the next. */
  readonly advance: (ms: Millis) => Promise<void>;
  /** Moves the time on to the next end of a sleep, but not beyond `ms` from now; all that follows from it happens. */
  readonly advanceToNext: (ms: Millis) => Promise<void>;
  /** Sleeps that have not ended: timers that would keep a process alive. */
  readonly pending: () => number;
}

/** Lets all promises settle that need no time: microtasks run empty before an immediate comes. */
export const settle = async (): Promise<void> => {
  await new Promise((resolve) => {
    setImmediate(resolve);
  });
};

export const drivenClock = (start: Millis): DrivenClock => {
  let now = start;
  const sleepers = new Set<Sleeper>();
  return {
    now: () => now,
    sleep: async (ms, signal) => {
      if (signal?.aborted === true) return;
      await new Promise<void>((resolve) => {
        const sleeper: Sleeper = {
          until: now + ms,
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener('abort', sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', sleeper.wake, { once: true });
      });
    },
    advance: async (ms) => {
      const end = now + ms;
      await settle();
      for (;;) {
        const [next] = [...sleepers].filter((s) => s.until <= end).toSorted((a, b) => a.until - b.until);
        if (next === undefined) break;
        now = Math.max(now, next.until);
        next.wake();
        await settle();
      }
      now = end;
    },
    advanceToNext: async (ms) => {
      let next: Sleeper | undefined;
      for (const sleeper of sleepers) if (next === undefined || sleeper.until < next.until) next = sleeper;
      const end = now + ms;
      if (next === undefined || next.until > end) now = end;
      else {
        now = Math.max(now, next.until);
        next.wake();
      }
      await settle();
    },
    pending: () => sleepers.size,
  };
};

/** Moves the time on until the promise settles; gives its value. Fails when it takes more than `limitMs` of driven time. */
export const driveUntil = async <T>(clock: DrivenClock, promise: Promise<T>, limitMs: Millis): Promise<T> => {
  const state = { settled: false };
  const watched = promise.finally(() => {
    state.settled = true;
  });
  watched.catch(() => undefined);
  const end = clock.now() + limitMs;
  await settle();
  while (!state.settled) {
    if (clock.now() >= end) throw new Error(`not over after ${limitMs} ms of driven time; ${clock.pending()} timers wait`);
    await clock.advanceToNext(end - clock.now());
  }
  return await watched;
};
