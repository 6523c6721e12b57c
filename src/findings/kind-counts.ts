import type { KindCount } from './codes/dependents.ts';

/** Kinds that everybody calls by a word. */
const words: Readonly<Record<string, string>> = { '/Pod': 'pod', '/PersistentVolumeClaim': 'claim', '/Service': 'service' };

const plural = (word: string): string => (word.endsWith('y') ? `${word.slice(0, -1)}ies` : /(?:s|x|ch)$/u.test(word) ? `${word}es` : `${word}s`);

/** `1 ReplicaSet, 3 pods`; with one of them open, `at least 3 pods`. */
export const kindCountsText = (counts: readonly (KindCount & { readonly atLeast?: boolean })[]): string => {
  const text = counts.map(({ group, kind, count }) => {
    const word = words[`${group}/${kind}`] ?? kind;
    return `${count} ${count === 1 ? word : plural(word)}`;
  });
  return `${counts.some((c) => c.atLeast === true) ? 'at least ' : ''}${text.join(', ')}`;
};
