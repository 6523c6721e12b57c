/**
 * The only file that imports the CEL library; loaded when a policy has rules. An expression sees data and nothing else: it cannot read
 * files, call out, or keep anything, and how long it takes is bounded in steps, so that the same data always gives the same answer.
 */
import { CelScalar, celEnv, celFunc, isCelError, parse, plan } from '@bufbuild/cel';
import { strings } from '@bufbuild/cel/ext';
import { nearest } from '../options/nearest.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Millis } from '../model/world.ts';

/** What an expression can speak of. `namespaceObject` is null for what is in no namespace; the name `namespace` is reserved in CEL. */
export interface Scope {
  readonly object: unknown;
  readonly namespaceObject: unknown;
  readonly user: string;
  readonly context: string;
  readonly now: Millis;
  readonly targets: number;
  readonly dryRun: boolean;
}

/** Steps that all evaluations of a run still have together. */
export interface Budget {
  left: number;
}

/** The answer for one target, which takes its steps from the budget; the error is a clause. */
export type Evaluate = (scope: Scope, budget: Budget) => Result<boolean, string>;

export interface Compiled {
  readonly readsNamespace: boolean;
  readonly evaluate: Evaluate;
}

/** `offset`: where in the expression, in characters from its start. */
export interface CompileError {
  readonly message: string;
  readonly offset: number;
}

const variables = ['object', 'namespaceObject', 'user', 'context', 'now', 'targets', 'dryRun'] as const;
/** Names of types, and of the package that two of them are in. */
const types = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'list', 'map', 'null_type', 'type', 'google']);

export const LONGEST_EXPRESSION = 4_096;
/** Turns of all loops of one evaluation. */
const STEPS = 20_000;
/** One step of matching is worth so many of pattern × text. */
const MATCH_UNIT = 500;

/** Counts what an evaluation costs; the library itself has no limit. */
const meter: { left: number; run: Budget; spent: boolean } = { left: 0, run: { left: 0 }, spent: false };
const charge = (steps: number): void => {
  meter.left -= steps;
  meter.run.left -= steps;
  if (meter.left >= 0 && meter.run.left >= 0) return;
  meter.spent = true;
  throw new Error('it takes too many steps');
};

const wasCutOff = (): boolean => meter.spent;

/** RE2 takes time in proportion to program × text; counted repetition multiplies the program. */
const matchCost = (pattern: string, text: string): number => {
  let size = pattern.length;
  for (const [, low = '0', high = ''] of pattern.matchAll(/\{(\d{1,4})(?:,(\d{0,4}))?\}/gu)) size *= Math.max(1, Number(low), Number(high));
  return Math.ceil((size * (text.length + 1)) / MATCH_UNIT);
};

const plainEnv = celEnv({});
const re2 = plan(plainEnv, parse('text.matches(pattern)'));
const timestamp = plan(plainEnv, parse('timestamp(text)'));
/** The library's own RE2, behind the meter. */
const matches = (pattern: string, text: string): boolean => {
  const answer = re2({ text, pattern });
  if (typeof answer === 'boolean') return answer;
  throw isCelError(answer) ? answer : new Error('matches gives no boolean');
};

const TICK = '@tick';
/** Of the strings extension, what makes no text longer than it was. */
const taken = new Set(['charAt', 'indexOf', 'lastIndexOf', 'lowerAscii', 'upperAscii', 'split', 'substring', 'trim']);
const env = celEnv({
  re2: {
    compile: (pattern) => ({
      test: (text) => {
        charge(matchCost(pattern, text));
        return matches(pattern, text);
      },
    }),
  },
  funcs: [
    ...strings.filter((f) => taken.has(f.name)),
    celFunc(TICK, [CelScalar.DYN], CelScalar.DYN, (goesOn) => {
      charge(1);
      return goesOn;
    }),
  ],
});

type Expr = ReturnType<typeof parse>['expr'];

/** Thrown inside this file only. */
class Flaw extends Error {
  readonly id: bigint;
  constructor(message: string, id: bigint) {
    super(message);
    this.id = id;
  }
}

interface Found {
  readsNamespace: boolean;
}

const didYouMean = (name: string, candidates: Iterable<string>): string => {
  const byLowerCase = new Map([...candidates].map((candidate) => [candidate.toLowerCase(), candidate]));
  const meant = byLowerCase.get(nearest(name, byLowerCase.keys()) ?? '') ?? null;
  return meant === null ? '' : `: did you mean ${meant}?`;
};

const functionNames = (): readonly string[] => [...new Set([...env.funcs].map((f) => f.name))].filter((name) => /^[A-Za-z]/u.test(name));

const literalPattern = (expr: Expr | undefined): string | null =>
  expr?.exprKind.case === 'constExpr' && expr.exprKind.value.constantKind.case === 'stringValue' ? expr.exprKind.value.constantKind.value : null;

const examineCall = (name: string, args: readonly Expr[], id: bigint): void => {
  if (/^[A-Za-z]/u.test(name) && env.funcs.find(name) === undefined) throw new Flaw(`there is no function ${name}${didYouMean(name, functionNames())}`, id);
  const pattern = name === 'matches' ? literalPattern(args.at(-1)) : null;
  if (pattern === null) return;
  try {
    matches(pattern, '');
  } catch (error) {
    throw new Flaw(error instanceof Error ? error.message : 'no regular expression', args.at(-1)?.id ?? id);
  }
};

/** Refuses names that nothing has, before any target is looked at; gives the expression with its loops metered. */
const examined = (expr: Expr, bound: ReadonlySet<string>, found: Found): Expr => {
  const inner = (e: Expr | undefined, names = bound): Expr | undefined => (e === undefined ? undefined : examined(e, names, found));
  const all = (list: readonly Expr[]): Expr[] => list.map((e) => examined(e, bound, found));
  const kind = expr.exprKind;
  switch (kind.case) {
    case 'identExpr': {
      const name = kind.value.name.replace(/^\./u, '');
      if (name === 'namespaceObject') found.readsNamespace = true;
      if (!bound.has(name) && !types.has(name)) throw new Flaw(`there is no ${name}${didYouMean(name, variables)}`, expr.id);
      return expr;
    }
    case 'selectExpr': {
      const operand = inner(kind.value.operand);
      return { ...expr, exprKind: { case: 'selectExpr', value: { ...kind.value, ...(operand === undefined ? {} : { operand }) } } };
    }
    case 'callExpr': {
      examineCall(kind.value.function, kind.value.args, expr.id);
      const target = inner(kind.value.target);
      return { ...expr, exprKind: { case: 'callExpr', value: { ...kind.value, ...(target === undefined ? {} : { target }), args: all(kind.value.args) } } };
    }
    case 'listExpr':
      return { ...expr, exprKind: { case: 'listExpr', value: { ...kind.value, elements: all(kind.value.elements) } } };
    case 'structExpr': {
      if (kind.value.messageName !== '') throw new Flaw(`no message of type ${kind.value.messageName} can be made here`, expr.id);
      const entries = kind.value.entries.map((entry) => {
        const value = inner(entry.value);
        const keyKind = entry.keyKind.case === 'mapKey' ? { case: 'mapKey' as const, value: examined(entry.keyKind.value, bound, found) } : entry.keyKind;
        return { ...entry, keyKind, ...(value === undefined ? {} : { value }) };
      });
      return { ...expr, exprKind: { case: 'structExpr', value: { ...kind.value, entries } } };
    }
    case 'comprehensionExpr': {
      const fold = kind.value;
      const within = new Set([...bound, fold.accuVar, fold.iterVar, fold.iterVar2].filter((name) => name !== ''));
      const [iterRange, accuInit, condition, loopStep, result] = [inner(fold.iterRange), inner(fold.accuInit), inner(fold.loopCondition, within), inner(fold.loopStep, within), inner(fold.result, within)];
      if (iterRange === undefined || accuInit === undefined || condition === undefined || loopStep === undefined || result === undefined) throw new Flaw('an incomplete loop', expr.id);
      const ticking: Expr = { ...condition, exprKind: { case: 'callExpr', value: { $typeName: 'cel.expr.Expr.Call', function: TICK, args: [condition] } } };
      return { ...expr, exprKind: { case: 'comprehensionExpr', value: { ...fold, iterRange, accuInit, loopCondition: ticking, loopStep, result } } };
    }
    case 'constExpr':
    case undefined:
      return expr;
  }
};

/** JSON as CEL has it: whole numbers are ints, so that they compare and add with ints. */
const toCel = (value: unknown): unknown => {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(toCel);
  if (typeof value === 'object' && value !== null) return new Map(Object.entries(value).map(([key, inner]) => [key, toCel(inner)]));
  return value ?? null;
};

/** Objects are asked by every rule, and turned once. */
const turned = new WeakMap<object, unknown>();
const turnedOnce = (value: unknown): unknown => {
  if (typeof value !== 'object' || value === null) return null;
  const known = turned.get(value) ?? toCel(value);
  turned.set(value, known);
  return known;
};

const LONGEST_REASON = 200;
const clause = (message: string): string => {
  const hint = message.startsWith('field not found') ? '; has() tells whether it is there' : '';
  return `${message.slice(0, LONGEST_REASON)}${hint}`;
};

const messageOf = (error: unknown): string => (error instanceof RangeError ? 'it is nested too deeply' : error instanceof Error ? error.message : String(error));

/** Where the parser stopped; of errors that say it. */
const offsetOf = (error: unknown): number => {
  const at = (error as { readonly location?: { readonly start?: { readonly offset?: unknown } } }).location?.start?.offset;
  return typeof at === 'number' ? at : 0;
};

/** The library's list of everything that could have followed is too long for a sentence. */
const shortened = (message: string): string => message.replace(/^<input>:\d+:\d+: /u, '').replace(/ but expecting .{60,}$/su, ', which cannot stand here');

/** Reads an expression, and refuses one that can never be evaluated. */
export const compile = (text: string): Result<Compiled, CompileError> => {
  if (text.length > LONGEST_EXPRESSION) return fail({ message: `an expression has at most ${LONGEST_EXPRESSION} characters, and this one ${text.length}`, offset: 0 });
  const found: Found = { readsNamespace: false };
  let parsed;
  try {
    parsed = parse(text);
  } catch (error) {
    const offset = offsetOf(error);
    const reserved = /^namespace\b/u.test(text.slice(offset)) ? 'namespace is a reserved word of CEL: did you mean namespaceObject?' : null;
    return fail({ message: reserved ?? shortened(messageOf(error)), offset });
  }
  try {
    const { case: kind, value } = parsed.expr.exprKind;
    if (kind === 'constExpr' && value.constantKind.case !== 'boolValue') return fail({ message: 'the expression gives no boolean', offset: 0 });
    const ask = plan(env, examined(parsed.expr, new Set(variables), found));
    return ok({ readsNamespace: found.readsNamespace, evaluate: (scope, budget) => evaluated(ask, scope, budget) });
  } catch (error) {
    const offset = error instanceof Flaw ? parsed.sourceInfo?.positions[String(error.id)] : undefined;
    return fail({ message: messageOf(error), offset: offset ?? 0 });
  }
};

const evaluated = (ask: (scope: Readonly<Record<string, never>>) => unknown, scope: Scope, budget: Budget): Result<boolean, string> => {
  meter.left = STEPS;
  meter.run = budget;
  meter.spent = false;
  const { user, context, dryRun } = scope;
  const now = timestamp({ text: new Date(scope.now).toISOString() });
  try {
    const answer = ask({ object: turnedOnce(scope.object), namespaceObject: turnedOnce(scope.namespaceObject), user, context, now, targets: BigInt(scope.targets), dryRun } as never);
    // A loop that was cut off proves nothing, even where the rest of the expression would.
    if (wasCutOff()) return fail('it takes too many steps');
    if (isCelError(answer)) return fail(clause(answer.message));
    return typeof answer === 'boolean' ? ok(answer) : fail('it gives no boolean');
  } catch (error) {
    return fail(clause(messageOf(error)));
  }
};
