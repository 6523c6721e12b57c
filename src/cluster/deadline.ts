import type { Clock, Millis } from '../model/world.ts';

/** One limit in time for one effort, joined with the caller's signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Why `signal` fired; null while it has not. */
  readonly reason: () => 'timed-out' | 'aborted' | null;
  readonly remaining: () => Millis;
  /** Must be called when the effort is over: a pending timer keeps the process alive. */
  readonly clear: () => void;
}

/**
 * Starts a limit of `ms` milliseconds (null: only the caller's signal ends it). Own timers, because those of sockets do not run
 * while a name is looked up.
 */
export const startDeadline = (clock: Clock, ms: Millis | null, outer: AbortSignal | undefined): Deadline => {
  const controller = new AbortController();
  const timer = new AbortController();
  let reason: 'timed-out' | 'aborted' | null = null;
  const fire = (why: 'timed-out' | 'aborted'): void => {
    if (reason !== null) return;
    reason = why;
    controller.abort();
    timer.abort();
  };
  const onOuter = (): void => {
    fire('aborted');
  };
  if (outer?.aborted === true) onOuter();
  outer?.addEventListener('abort', onOuter, { once: true });
  const end = ms === null ? Number.POSITIVE_INFINITY : clock.now() + ms;
  if (ms !== null && !controller.signal.aborted) {
    void clock.sleep(ms, timer.signal).then(() => {
      if (!timer.signal.aborted) fire('timed-out');
    });
  }
  return {
    signal: controller.signal,
    reason: () => reason,
    remaining: () => Math.max(0, end - clock.now()),
    clear: () => {
      outer?.removeEventListener('abort', onOuter);
      timer.abort();
    },
  };
};
