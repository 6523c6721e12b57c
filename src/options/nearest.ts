/** How many letters have to be typed, removed, changed or swapped with their neighbour to get from one word to the other. */
export const editDistance = (from: string, to: string): number => {
  let before: number[] = [];
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (let i = 1; i <= from.length; i++) {
    const next = [i];
    for (let j = 1; j <= to.length; j++) {
      const same = from[i - 1] === to[j - 1];
      let best = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && from[i - 1] === to[j - 2] && from[i - 2] === to[j - 1]) best = Math.min(best, (before[j - 2] ?? 0) + 1);
      next.push(best);
    }
    before = row;
    row = next;
  }
  return row[to.length] ?? 0;
};

/** The candidate that was probably meant, or null: at most one typing error for short words, two for longer ones, or a clear beginning. */
export const nearest = (typed: string, candidates: Iterable<string>): string | null => {
  const word = typed.toLowerCase();
  let best: { readonly name: string; readonly distance: number } | null = null;
  for (const name of candidates) {
    const begins = word.length >= 3 && (name.startsWith(word) || word.startsWith(name));
    const distance = begins ? Math.min(1, editDistance(word, name)) : editDistance(word, name);
    if (distance <= (word.length <= 4 ? 1 : 2) && (best === null || distance < best.distance)) best = { name, distance };
  }
  return best?.name ?? null;
};
