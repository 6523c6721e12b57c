/** What the word under the cursor could be: pure, from the words of the line by the same grammar that reads it later. */
import type { Flag } from '../options/flag.ts';
import { read } from '../options/grammar.ts';

export type Wanted =
  | { readonly kind: 'flag' }
  | { readonly kind: 'value'; readonly flag: Flag }
  /** The name of a check or code, or of the shell, after `explain` and `completion`. */
  | { readonly kind: 'topic' }
  | { readonly kind: 'shell' }
  /** `first`: nothing stands before it, so it may be a subcommand too. `several`: pods,services may be meant. */
  | { readonly kind: 'type'; readonly first: boolean }
  | { readonly kind: 'name'; readonly types: readonly string[] }
  /** TYPE/NAME, where a TYPE/NAME stands before or a slash is typed already. */
  | { readonly kind: 'type-and-name'; readonly type: string | null }
  | { readonly kind: 'nothing' };

export interface Line {
  /** The words before the one that is completed, without flags and their values. */
  readonly words: readonly string[];
  readonly assignments: ReturnType<typeof read>['assignments'];
  readonly wanted: Wanted;
  /** What has been typed of the choice; of `--flag=va` only `va`. */
  readonly typed: string;
}

const valueOf = (flag: Flag | undefined): Wanted => (flag === undefined ? { kind: 'nothing' } : { kind: 'value', flag });

/** Where names stand on the command line, nothing else chooses the objects. */
const selects = new Set(['selector', 'field-selector', 'all', 'filename', 'kustomize']);

const wantedWord = (words: readonly string[], selected: boolean, typed: string): Wanted => {
  const [first] = words;
  if (first === 'explain' || first === 'completion') return words.length > 1 ? { kind: 'nothing' } : { kind: first === 'explain' ? 'topic' : 'shell' };
  if (first === undefined) return typed.includes('/') ? { kind: 'type-and-name', type: typed.slice(0, typed.indexOf('/')) } : { kind: 'type', first: true };
  if (first.includes('/')) return { kind: 'type-and-name', type: typed.includes('/') ? typed.slice(0, typed.indexOf('/')) : null };
  return selected ? { kind: 'nothing' } : { kind: 'name', types: first.split(',') };
};

/** Reads the words of a line; the last one, possibly empty, is the one to complete. */
export const readLine = (argv: readonly string[], flags: readonly Flag[]): Line => {
  const before = argv.slice(0, -1);
  const typed = argv.at(-1) ?? '';
  const reading = read(before, flags);
  const line = (wanted: Wanted, text: string): Line => ({ words: reading.words, assignments: reading.assignments, wanted, typed: text });
  const pending = reading.problems.find(({ code, at }) => code === 'flag-needs-value' && at === before.length - 1);
  if (pending !== undefined) {
    const last = before.at(-1) ?? '';
    const flag = last.startsWith('--') ? flags.find(({ name }) => name === last.slice(2).replaceAll('_', '-')) : flags.find(({ shorthand }) => shorthand === last.at(-1));
    return line(valueOf(flag), typed);
  }
  if (typed.startsWith('-') && typed !== '-' && !before.includes('--')) {
    const equals = typed.indexOf('=');
    if (equals < 0) return line({ kind: 'flag' }, typed);
    const name = typed.slice(0, equals);
    const flag = name.startsWith('--') ? flags.find((known) => known.name === name.slice(2).replaceAll('_', '-')) : flags.find(({ shorthand }) => `-${shorthand ?? ''}` === name);
    return line(valueOf(flag), typed.slice(equals + 1));
  }
  if (typed === '-' && !before.includes('--')) return line({ kind: 'flag' }, typed);
  return line(wantedWord(reading.words, reading.assignments.some(({ flag }) => selects.has(flag.name)), typed), typed);
};
