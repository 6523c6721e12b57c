/** -l on files: the server cannot select there, so the selector is read here (apimachinery pkg/labels selector.go Parse and Requirement.Matches). */
import { fail, ok } from './result.ts';
import type { Result } from './result.ts';

type Labels = Readonly<Record<string, string>>;

/** Whether these labels are selected. */
export type Matches = (labels: Labels) => boolean;

const KEY = String.raw`[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?`;
const VALUE = String.raw`[-A-Za-z0-9_.]*`;
/** Values of a set are taken apart later: an expression that repeats around spaces takes ages to refuse them. */
const REQUIREMENT = new RegExp(
  String.raw`^\s*(?:(?<absent>!)\s*(?<absentKey>${KEY})|(?<key>${KEY})(?:\s*(?<operator>==|=|!=|<|>)\s*(?<value>${VALUE})|\s+(?<set>in|notin)\s*\((?<values>[-A-Za-z0-9_.,\s]*)\))?)\s*`,
  'u',
);

const own = (labels: Labels, key: string): string | undefined => (Object.hasOwn(labels, key) ? labels[key] : undefined);

const compared = (have: string | undefined, operator: '<' | '>', with_: string): boolean => {
  if (have === undefined || !/^[+-]?\d+$/u.test(have)) return false;
  return operator === '<' ? BigInt(have) < BigInt(with_) : BigInt(have) > BigInt(with_);
};

const matcher = (groups: Readonly<Record<string, string | undefined>>): Matches | null => {
  const { absentKey, key = '', operator, value = '', set, values = '' } = groups;
  if (absentKey !== undefined) return (labels) => own(labels, absentKey) === undefined;
  if (set !== undefined) {
    const listed = new Set(values.split(',').map((v) => v.trim()));
    if ([...listed].some((v) => /\s/u.test(v))) return null;
    return (labels) => {
      const have = own(labels, key);
      return set === 'in' ? have !== undefined && listed.has(have) : have === undefined || !listed.has(have);
    };
  }
  switch (operator) {
    case undefined:
      return (labels) => own(labels, key) !== undefined;
    case '!=':
      return (labels) => own(labels, key) !== value;
    case '<':
    case '>':
      return /^[+-]?\d+$/u.test(value) ? (labels) => compared(own(labels, key), operator, value) : null;
    default:
      return (labels) => own(labels, key) === value;
  }
};

interface Term {
  readonly matches: Matches;
  /** `!a`, `a!=b`, `a notin (b)`: selects what does not have the label at all, too. */
  readonly negates: boolean;
}

const termsOf = (text: string): Result<readonly Term[], string> => {
  const all: Term[] = [];
  let rest = text;
  while (rest.trim() !== '') {
    const found = REQUIREMENT.exec(rest);
    const matches = found?.groups === undefined ? null : matcher(found.groups);
    if (found === null || matches === null) return fail(`unable to parse requirement: "${rest.trim()}"`);
    const { absent, operator, set } = found.groups ?? {};
    all.push({ matches, negates: absent !== undefined || operator === '!=' || set === 'notin' });
    rest = rest.slice(found[0].length);
    if (rest === '') break;
    if (!rest.startsWith(',')) return fail(`unable to parse requirement: found '${rest.trim()}', expected: ',' or 'end of string'`);
    rest = rest.slice(1);
    if (rest.trim() === '') return fail("unable to parse requirement: found '', expected: identifier after ','");
  }
  return ok(all);
};

/** Reads a label selector; the error is a clause. */
export const parseLabelSelector = (text: string): Result<Matches, string> => {
  const terms = termsOf(text);
  return terms.ok ? ok((labels) => terms.value.every(({ matches }) => matches(labels))) : terms;
};

/** Whether a label selector only says what is left out. */
export const onlyNegates = (text: string): boolean => {
  const terms = termsOf(text);
  return terms.ok && terms.value.length > 0 && terms.value.every(({ negates }) => negates);
};
