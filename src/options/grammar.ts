/**
 * pflag's grammar, for kubectl's users: which arguments are flags, which are their values, which are words. Source: spf13/pflag v1.0.9
 * flag.go parseArgs, parseLongArg, parseSingleShortArg; kubectl's underscore rule from component-base cli/flag WordSepNormalizeFunc.
 * Reads to the end even after an error, so that -o is known for the report of that error.
 */
import type { Flag } from './flag.ts';
import { goQuote } from './go-values.ts';
import { nearest } from './nearest.ts';

export interface Assignment {
  readonly flag: Flag;
  /** As typed, or what the bare flag means. */
  readonly value: string;
  /** Index of the argument that sets it. */
  readonly at: number;
}

export interface GrammarProblem {
  readonly code: 'unknown-flag' | 'flag-needs-value' | 'bad-flag-syntax';
  readonly message: string;
  readonly remedy: string | null;
  /** Index of the argument that is wrong. */
  readonly at: number;
}

export interface Reading {
  /** In the order typed; the last one wins, except in lists. */
  readonly assignments: readonly Assignment[];
  readonly words: readonly string[];
  /** How many of the words stand before `--`; all of them without it. */
  readonly wordsBeforeDash: number;
  readonly problems: readonly GrammarProblem[];
}

const seeHelp = 'see kubectl safe-delete --help';

const unknownFlagRemedy = (name: string, flags: readonly Flag[]): string => {
  const works = flags.filter((flag) => flag.absent === null);
  const negated = name.startsWith('no-') ? works.find((flag) => flag.kind === 'bool' && flag.name === name.slice(3)) : undefined;
  if (negated !== undefined) return `write --${negated.name}=false`;
  const meant = nearest(name, works.map((flag) => flag.name));
  return meant === null ? seeHelp : `did you mean --${meant}? ${seeHelp}`;
};

const unknownShorthandRemedy = (cluster: string, flags: readonly Flag[]): string => {
  const [name = ''] = cluster.split('=', 1);
  const long = name.length > 1 ? flags.find((flag) => flag.absent === null && flag.name === name) : undefined;
  return long === undefined ? seeHelp : `did you mean --${cluster}? Long flags start with two dashes`;
};

/** Reads a command line by kubectl's grammar. Pure; `flags` are all flags that the grammar knows. */
export const read = (argv: readonly string[], flags: readonly Flag[]): Reading => {
  const byName = new Map(flags.map((flag) => [flag.name, flag]));
  const byShorthand = new Map(flags.flatMap((flag) => (flag.shorthand === null ? [] : [[flag.shorthand, flag] as const])));
  const assignments: Assignment[] = [];
  const words: string[] = [];
  const problems: GrammarProblem[] = [];
  let wordsBeforeDash: number | null = null;
  /** The argument being read, and the one after it. */
  let at = 0;
  let here = 0;

  const problem = (code: GrammarProblem['code'], message: string, remedy: string | null): void => {
    problems.push({ code, message, remedy, at: here });
  };

  const assign = (flag: Flag, value: string): void => {
    assignments.push({ flag, value, at: here });
  };
  const needsValue = (flag: Flag, shown: string): void =>
    problem('flag-needs-value', `flag needs an argument: ${shown}`, `write --${flag.name}=${flag.value === '' ? 'VALUE' : flag.value}`);

  const readLong = (argument: string): void => {
    const body = argument.slice(2);
    if (body.startsWith('-') || body.startsWith('=')) return problem('bad-flag-syntax', `bad flag syntax: ${argument}`, seeHelp);
    const equals = body.indexOf('=');
    const typed = equals < 0 ? body : body.slice(0, equals);
    const flag = byName.get(typed.replaceAll('_', '-'));
    if (flag === undefined) return problem('unknown-flag', `unknown flag: --${typed}`, unknownFlagRemedy(typed.replaceAll('_', '-'), flags));
    const next = argv[at];
    if (equals >= 0) assign(flag, body.slice(equals + 1));
    else if (flag.bare !== null) assign(flag, flag.bare);
    else if (next === undefined) needsValue(flag, `--${typed}`);
    else {
      assign(flag, next);
      at++;
    }
  };

  const readShorts = (argument: string): void => {
    let cluster = argument.slice(1);
    while (cluster !== '') {
      const letter = String.fromCodePoint(cluster.codePointAt(0) ?? 0);
      const rest = cluster.slice(letter.length);
      const flag = byShorthand.get(letter);
      if (flag === undefined) {
        return problem('unknown-flag', `unknown shorthand flag: '${goQuote(letter).slice(1, -1)}' in -${cluster}`, unknownShorthandRemedy(argument.slice(1), flags));
      }
      const next = argv[at];
      // As pflag: `-n=x` is x, but `-n=` is the value "=".
      if (rest.length > 1 && rest.startsWith('=')) {
        assign(flag, rest.slice(1));
        return;
      }
      if (flag.bare !== null) {
        assign(flag, flag.bare);
        cluster = rest;
        continue;
      }
      if (rest !== '') assign(flag, rest);
      else if (next === undefined) needsValue(flag, `'${letter}' in -${cluster}`);
      else {
        assign(flag, next);
        at++;
      }
      return;
    }
  };

  while (at < argv.length) {
    const argument = argv[at] ?? '';
    here = at++;
    if (!argument.startsWith('-') || argument === '-') words.push(argument);
    else if (argument === '--') {
      wordsBeforeDash = words.length;
      words.push(...argv.slice(at));
      break;
    } else if (argument.startsWith('--')) readLong(argument);
    else readShorts(argument);
  }
  return { assignments, words, wordsBeforeDash: wordsBeforeDash ?? words.length, problems };
};
