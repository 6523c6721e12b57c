/** The typed values of a command line: last one wins, lists grow, and a value that its kind cannot hold is pflag's error. */
import { ok, type Result } from '../model/result.ts';
import type { Flag } from './flag.ts';
import { goQuote, parseBool, parseDuration, parseInt64, parseLevel } from './go-values.ts';
import type { Assignment } from './grammar.ts';

type Value = string | number | boolean | readonly string[];

export interface InvalidValue {
  /** pflag's words. */
  readonly message: string;
  readonly flag: Flag;
  readonly at: number;
}

/** Values by flag name; null where the flag was not given. Asking for a flag that does not exist, or as another kind, is a bug. */
export interface Values {
  readonly text: (name: string) => string | null;
  readonly truth: (name: string) => boolean | null;
  readonly number: (name: string) => number | null;
  readonly list: (name: string) => readonly string[];
}

const typed = (flag: Flag, text: string, before: Value | undefined): Result<Value, string> => {
  const listed = Array.isArray(before) ? (before as readonly string[]) : [];
  switch (flag.kind) {
    case 'bool':
      return parseBool(text);
    case 'int':
      return parseInt64(text);
    case 'level':
      return parseLevel(text);
    case 'duration':
      return parseDuration(text);
    case 'string':
    case 'optional':
      return ok(text);
    case 'array':
      return ok([...listed, text]);
    case 'slice':
      return ok([...listed, ...text.split(',').map((part) => part.trim()).filter((part) => part !== '')]);
  }
};

const shownName = (flag: Flag): string => (flag.shorthand === null ? `--${flag.name}` : `-${flag.shorthand}, --${flag.name}`);

/** The values of all assignments, with every one that could not be read. Durations in milliseconds. */
export const valuesOf = (assignments: readonly Assignment[], flags: readonly Flag[]): { readonly values: Values; readonly invalid: readonly InvalidValue[] } => {
  const kinds = new Map(flags.map((flag) => [flag.name, flag.kind]));
  const values = new Map<string, Value>();
  const invalid: InvalidValue[] = [];
  for (const { flag, value, at } of assignments) {
    const result = typed(flag, value, values.get(flag.name));
    if (result.ok) values.set(flag.name, result.value);
    else invalid.push({ message: `invalid argument ${goQuote(value)} for "${shownName(flag)}" flag: ${result.error}`, flag, at });
  }
  const get = (name: string, expected: readonly Flag['kind'][]): Value | undefined => {
    const kind = kinds.get(name);
    if (kind === undefined || !expected.includes(kind)) throw new Error(`flag --${name} is not declared as ${expected.join(' or ')}`);
    return values.get(name);
  };
  return {
    invalid,
    values: {
      text: (name) => (get(name, ['string', 'optional']) as string | undefined) ?? null,
      truth: (name) => (get(name, ['bool']) as boolean | undefined) ?? null,
      number: (name) => (get(name, ['int', 'level', 'duration']) as number | undefined) ?? null,
      list: (name) => (get(name, ['array', 'slice']) as readonly string[] | undefined) ?? [],
    },
  };
};
