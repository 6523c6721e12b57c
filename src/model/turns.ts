/** Lets at most so many efforts run at a time; the others wait in the order of their coming. */
export interface Turns {
  /** Resolves with the way to end the turn; with null when `signal` fired before it was one's turn. */
  readonly take: (signal: AbortSignal | undefined) => Promise<(() => void) | null>;
}

export const turnsFor = (limit: number): Turns => {
  let running = 0;
  const waiting: (() => void)[] = [];
  const end = (): void => {
    const next = waiting.shift();
    // The turn goes from hand to hand, so that nobody who comes now gets in between.
    if (next === undefined) running -= 1;
    else next();
  };
  return {
    take: async (signal) => {
      if (signal?.aborted === true) return null;
      if (running < limit) {
        running += 1;
        return end;
      }
      return await new Promise((resolve) => {
        const go = (): void => {
          signal?.removeEventListener('abort', leave);
          resolve(end);
        };
        const leave = (): void => {
          waiting.splice(waiting.indexOf(go), 1);
          resolve(null);
        };
        waiting.push(go);
        signal?.addEventListener('abort', leave, { once: true });
      });
    },
  };
};
