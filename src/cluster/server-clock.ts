import type { Clock, Millis } from '../model/world.ts';

export interface ServerClock {
  /** Takes the Date header of an answer. */
  readonly heard: (date: string | undefined) => void;
  /** Milliseconds to add to the local time to get the server's; 0 while nothing is known or the difference is too small to be one. */
  readonly offsetMs: () => Millis;
}

/** Date has a resolution of one second, and an answer is under way for a while: less than this proves no difference. */
const NOISE_MS = 3000;

/** The latest answer counts: clocks are set while a run waits. */
export const serverClock = (clock: Clock): ServerClock => {
  let offset = 0;
  return {
    heard: (date) => {
      const time = Date.parse(date ?? '');
      if (Number.isNaN(time)) return;
      const difference = time + 500 - clock.now();
      offset = Math.abs(difference) < NOISE_MS ? 0 : difference;
    },
    offsetMs: () => offset,
  };
};
