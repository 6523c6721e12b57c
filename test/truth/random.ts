/** Numbers that a seed decides (mulberry32): a run that went wrong can be played again. */
export interface Random {
  /** From 0 up to 1. */
  readonly next: () => number;
  readonly one: <T>(of: readonly [T, ...T[]]) => T;
  /** A whole number from `low` to `high`. */
  readonly between: (low: number, high: number) => number;
  readonly chance: (probability: number) => boolean;
}

export const randomOf = (seed: number): Random => {
  let state = seed | 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return {
    next,
    one: (of) => of[Math.floor(next() * of.length)] ?? of[0],
    between: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
  };
};
