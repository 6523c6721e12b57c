/** What a policy may make of a severity: anything graver; of a warning a note, unless it speaks of what cannot be undone or was not looked at. */
import { checkIds, checksCatalogue, generalWords } from '../findings/catalogue.ts';
import type { Severity } from '../findings/finding.ts';
import type { CodeWords } from '../findings/words.ts';

export const severities: readonly Severity[] = ['blocker', 'warning', 'note'];
const rank: { readonly [S in Severity]: number } = { note: 0, warning: 1, blocker: 2 };

type Words = Pick<CodeWords<never>, 'severity' | 'irreversible'>;
type Coded = readonly [code: string, words: Words];

const wordsOfCheck = new Map<string, readonly Coded[]>(checkIds.map((id) => [id, Object.entries(checksCatalogue[id].codes)]));

/** The codes that an id stands for: the code itself, or of a check the codes that ask or block; notes are named one by one. */
export const codesOf = (id: string): readonly Coded[] => {
  const ofCheck = wordsOfCheck.get(id);
  if (ofCheck !== undefined) return ofCheck.filter(([, words]) => words.severity !== 'note');
  return [...[...wordsOfCheck.values()].flat(), ...Object.entries(generalWords)].filter(([code]) => code === id);
};

/** Why the code may not have this severity, as a clause; null: it may. */
export const loweringFlaw = (code: string, words: Words, severity: Severity): string | null => {
  if (rank[severity] >= rank[words.severity]) return null;
  if (words.severity === 'blocker') return 'cannot lower a blocker';
  if (words.irreversible === true) return 'cannot lower what cannot be undone';
  return Object.hasOwn(generalWords, code) ? 'cannot lower that nobody has looked' : null;
};
