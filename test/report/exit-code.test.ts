import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Outcome } from '../../src/events/event.ts';
import { exitCodes } from '../../src/options/exit-codes.ts';
import { CODE_OF_OUTCOME, CODE_OF_SIGNAL, exitCodeOf, outcomeOf, type RunEnd } from '../../src/report/exit-code.ts';

interface Row {
  /** What ended how; `*` marks a target whose DELETE was sent. */
  readonly targets: string;
  readonly code: number;
  readonly outcome: Outcome | 'mixed';
  readonly more?: Partial<RunEnd>;
}

const endOf = (targets: string, more: Partial<RunEnd> = {}): RunEnd => ({
  failed: false,
  signal: null,
  ignoreNotFound: false,
  insteadOfZero: null,
  targets: targets
    .split(' ')
    .filter((t) => t !== '')
    .map((t) => ({ outcome: t.replace('*', '') as Outcome, requested: t.endsWith('*') })),
  ...more,
});

const ONE: readonly Row[] = [
  { targets: 'deleted*', code: 0, outcome: 'deleted' },
  { targets: 'already-gone*', code: 0, outcome: 'already-gone' },
  { targets: 'accepted*', code: 0, outcome: 'accepted' },
  { targets: '', code: 0, outcome: 'nothing-matched' },
  { targets: '', code: 6, outcome: 'nothing-matched', more: { strict: true } },
  { targets: 'deleted*', code: 0, outcome: 'deleted', more: { strict: true } },
  { targets: 'nothing-matched', code: 0, outcome: 'nothing-matched' },
  { targets: 'would-delete', code: 0, outcome: 'would-delete' },
  { targets: 'failed', code: 1, outcome: 'failed' },
  { targets: 'failed*', code: 1, outcome: 'failed' },
  { targets: 'not-terminating', code: 1, outcome: 'not-terminating' },
  { targets: '', code: 1, outcome: 'failed', more: { failed: true } },
  { targets: 'blocked', code: 2, outcome: 'blocked' },
  { targets: 'evict-refused', code: 2, outcome: 'evict-refused' },
  { targets: 'declined', code: 3, outcome: 'declined' },
  { targets: 'would-ask', code: 3, outcome: 'would-ask' },
  { targets: 'still-there*', code: 4, outcome: 'still-there' },
  { targets: 'replaced*', code: 5, outcome: 'replaced' },
  { targets: 'plan-changed', code: 5, outcome: 'plan-changed' },
  { targets: 'not-found', code: 6, outcome: 'not-found' },
  { targets: 'not-found', code: 0, outcome: 'not-found', more: { ignoreNotFound: true } },
  { targets: 'unobserved*', code: 9, outcome: 'unobserved' },
  { targets: 'deleted*', code: 8, outcome: 'deleted', more: { insteadOfZero: 8 } },
  { targets: 'deleted*', code: 10, outcome: 'deleted', more: { insteadOfZero: 10 } },
  { targets: 'deleted*', code: 143, outcome: 'deleted', more: { insteadOfZero: 143 } },
  { targets: 'deleted*', code: 0, outcome: 'deleted', more: { insteadOfZero: 0 } },
];

const SIGNALS: readonly Row[] = [
  { targets: 'interrupted*', code: 129, outcome: 'interrupted', more: { signal: 'SIGHUP' } },
  { targets: 'interrupted*', code: 130, outcome: 'interrupted', more: { signal: 'SIGINT' } },
  { targets: 'deleted*', code: 141, outcome: 'interrupted', more: { signal: 'SIGPIPE' } },
  { targets: 'interrupted*', code: 143, outcome: 'interrupted', more: { signal: 'SIGTERM' } },
  { targets: 'not-attempted', code: 130, outcome: 'interrupted', more: { signal: 'SIGINT' } },
  { targets: 'declined', code: 130, outcome: 'interrupted', more: { signal: 'SIGINT', failed: true } },
];

const SEVERAL: readonly Row[] = [
  // Nothing requested: the first of 1, 2, 3, 5, 6 that occurs.
  { targets: 'not-found blocked not-attempted', code: 2, outcome: 'blocked' },
  { targets: 'declined not-attempted', code: 3, outcome: 'declined' },
  { targets: 'not-found declined', code: 3, outcome: 'declined' },
  { targets: 'not-found plan-changed', code: 5, outcome: 'plan-changed' },
  { targets: 'blocked declined failed', code: 1, outcome: 'failed' },
  { targets: 'would-delete not-found', code: 6, outcome: 'not-found' },
  { targets: 'would-delete would-ask', code: 3, outcome: 'would-ask' },
  { targets: 'would-ask blocked', code: 2, outcome: 'blocked' },
  { targets: 'would-delete would-delete', code: 0, outcome: 'would-delete' },
  { targets: 'would-delete not-found', code: 0, outcome: 'would-delete', more: { ignoreNotFound: true } },
  // Nobody says why: no success.
  { targets: 'not-attempted not-attempted', code: 1, outcome: 'not-attempted' },
  // Something requested: the common code.
  { targets: 'deleted* deleted*', code: 0, outcome: 'deleted' },
  { targets: 'already-gone* deleted*', code: 0, outcome: 'deleted' },
  { targets: 'deleted* not-found', code: 0, outcome: 'deleted', more: { ignoreNotFound: true } },
  { targets: 'already-gone* not-found', code: 0, outcome: 'already-gone', more: { ignoreNotFound: true } },
  { targets: 'still-there* still-there*', code: 4, outcome: 'still-there' },
  { targets: 'unobserved* unobserved*', code: 9, outcome: 'unobserved' },
  // ... else 7.
  { targets: 'deleted* not-found', code: 7, outcome: 'mixed' },
  { targets: 'deleted* still-there*', code: 7, outcome: 'mixed' },
  { targets: 'deleted* failed*', code: 7, outcome: 'mixed' },
  { targets: 'deleted* replaced*', code: 7, outcome: 'mixed' },
  { targets: 'deleted* not-attempted', code: 7, outcome: 'mixed' },
  { targets: 'still-there* unobserved*', code: 7, outcome: 'mixed' },
  // 8, 10 and a container's code only replace 0.
  { targets: 'deleted* still-there*', code: 7, outcome: 'mixed', more: { insteadOfZero: 8 } },
  { targets: 'still-there*', code: 4, outcome: 'still-there', more: { insteadOfZero: 10 } },
  { targets: 'deleted*', code: 1, outcome: 'failed', more: { failed: true, insteadOfZero: 8 } },
];

for (const { targets, code, outcome, more } of [...ONE, ...SIGNALS, ...SEVERAL]) {
  test(`[${targets}]${more === undefined ? '' : ` with ${JSON.stringify(more)}`} is ${code}, ${outcome}`, () => {
    const end = endOf(targets, more);
    assert.equal(exitCodeOf(end), code);
    assert.equal(outcomeOf(end), outcome);
  });
}

test('two targets always agree on their common code, whatever their order', () => {
  const outcomes = Object.keys(CODE_OF_OUTCOME) as readonly Outcome[];
  for (const a of outcomes)
    for (const b of outcomes)
      for (const sent of ['', '*']) {
        const one = endOf(`${a}${sent} ${b}`);
        const other = endOf(`${b} ${a}${sent}`);
        assert.equal(exitCodeOf(one), exitCodeOf(other), `${a} ${b}`);
        if (exitCodeOf(one) === 0) assert.deepEqual([CODE_OF_OUTCOME[a], CODE_OF_OUTCOME[b]], [0, 0], 'success only if both are');
        assert.equal(outcomeOf(one) === 'mixed', exitCodeOf(one) === 7, 'mixed is code 7');
      }
});

test('the table of the docs and this one say the same', () => {
  const documented = new Map(exitCodes.flatMap((row) => row.codes.map((code) => [code, row.outcomes] as const)));
  for (const [outcome, code] of Object.entries(CODE_OF_OUTCOME)) {
    if (code === null) continue;
    const words = outcome === 'interrupted' ? 'internal error' : outcome;
    assert.match(documented.get(code) ?? '', new RegExp(`(^|[\\s,;])${words}($|[\\s,;(])`, 'u'), `${outcome} stands at ${code}`);
  }
  for (const code of [7, 8, 9, 10, ...Object.values(CODE_OF_SIGNAL)]) assert(documented.has(code), `${code} is documented`);
});
