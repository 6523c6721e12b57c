/** The exit code of a run, and the one outcome that stands for all its targets: the table of exit codes in the README, as one table and one rule. */
import type { Outcome } from '../events/event.ts';
import type { SignalName } from '../model/world.ts';

export interface TargetEnd {
  readonly outcome: Outcome;
  /** Its DELETE was sent. */
  readonly requested: boolean;
}

export interface RunEnd {
  /** The run itself failed: usage, connection, policy, a bug. */
  readonly failed: boolean;
  readonly signal: SignalName | 'SIGPIPE' | null;
  readonly targets: readonly TargetEnd[];
  readonly ignoreNotFound: boolean;
  /** --strict: a selection that matched nothing is not what was expected, and counts like a name that was not found. */
  readonly strict?: boolean;
  /** 8, 10 or a container's own code: each stands in for 0 only. null: 0 stays 0. */
  readonly insteadOfZero: number | null;
}

/** The code that an outcome has when it is the only one. null: it has none, because it is never the reason for the end. */
export const CODE_OF_OUTCOME: Readonly<Record<Outcome, number | null>> = {
  deleted: 0,
  'already-gone': 0,
  accepted: 0,
  'nothing-matched': 0,
  'would-delete': 0,
  failed: 1,
  'not-terminating': 1,
  interrupted: 1,
  blocked: 2,
  'evict-refused': 2,
  declined: 3,
  'would-ask': 3,
  'still-there': 4,
  replaced: 5,
  'plan-changed': 5,
  'not-found': 6,
  unobserved: 9,
  'not-attempted': null,
};

/** 128 plus the number of the signal, as a shell reports it. */
export const CODE_OF_SIGNAL: Readonly<Record<SignalName | 'SIGPIPE', number>> = { SIGHUP: 129, SIGINT: 130, SIGPIPE: 141, SIGTERM: 143 };

export const MIXED = 7;

/** Where nothing was requested, the first of these that a target has. */
const FIRST_OF = [1, 2, 3, 5, 6];

const codeOf = (target: TargetEnd, ignoreNotFound: boolean): number | null =>
  target.outcome === 'not-found' && ignoreNotFound ? 0 : CODE_OF_OUTCOME[target.outcome];

const combined = (end: RunEnd): number => {
  const codes = new Set(end.targets.map((t) => codeOf(t, end.ignoreNotFound)));
  if (!end.targets.some((t) => t.requested)) {
    const first = FIRST_OF.find((code) => codes.has(code));
    if (first !== undefined) return first;
    // Every target was left alone and nobody said why: that is not success.
    if (codes.size === 1 && codes.has(null)) return 1;
  }
  const [only, ...others] = codes;
  return only === undefined || only === null || others.length > 0 ? MIXED : only;
};

/** The exit code of the whole run. A signal goes before an error, because an interrupted run may fail in passing; no target at all is success. */
export const exitCodeOf = (end: RunEnd): number => {
  if (end.signal !== null) return CODE_OF_SIGNAL[end.signal];
  if (end.failed) return 1;
  const code = end.targets.length === 0 ? (end.strict === true ? 6 : 0) : combined(end);
  return code === 0 ? (end.insteadOfZero ?? 0) : code;
};

/** Outcomes that share the code 0, the one that tells most first. */
const SUCCESSES: readonly Outcome[] = ['deleted', 'accepted', 'would-delete', 'already-gone', 'not-found', 'nothing-matched'];

/** The outcome of the report: the one that the exit code stands for, so that the two never contradict each other; `mixed` is code 7. */
export const outcomeOf = (end: RunEnd): Outcome | 'mixed' => {
  if (end.signal !== null) return 'interrupted';
  if (end.failed) return 'failed';
  if (end.targets.length === 0) return 'nothing-matched';
  const code = combined(end);
  if (code === MIXED) return 'mixed';
  const of = end.targets.filter((t) => codeOf(t, end.ignoreNotFound) === code).map((t) => t.outcome);
  return (code === 0 ? SUCCESSES.find((o) => of.includes(o)) : of[0]) ?? 'not-attempted';
};
