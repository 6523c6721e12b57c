import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { consentFor } from '../../src/plan/consent.ts';
import type { Consent, ConsentInput } from '../../src/plan/consent.ts';
import type { Plan, Verdict } from '../../src/plan/plan.ts';
import { judged, planOf } from './planned.ts';

const none: ConsentInput = { yes: false, confirm: null, confirmPlan: null, mayAsk: false };
const planWith = (verdict: Verdict): Plan => ({ ...planOf([judged('web-a')]), verdict, digest: verdict === 'refuse' ? null : 'd1' });

/** `go none`, `go yes by terminal`, `ask confirm`, `stop blocked`. */
const short = (consent: Consent): string => {
  if (consent.go === 'ask') return `ask ${consent.needed}`;
  return consent.go ? `go ${consent.consent.needed} by ${consent.consent.given}` : `stop ${consent.why}`;
};

/** One column a verdict: proceed, ask, confirm, refuse. */
const verdicts: readonly Verdict[] = ['proceed', 'ask', 'confirm', 'refuse'];
const rows: readonly (readonly [flags: string, input: Partial<ConsentInput>, withoutTerminal: readonly string[], withTerminal: readonly string[]])[] = [
  ['no flag', {}, ['go none by none', 'stop declined', 'stop declined', 'stop blocked'], ['go none by none', 'ask yes', 'ask confirm', 'stop blocked']],
  ['--yes', { yes: true }, ['go none by none', 'go yes by yes', 'stop declined', 'stop blocked'], ['go none by none', 'go yes by yes', 'ask confirm', 'stop blocked']],
  ['--confirm of the word', { yes: true, confirm: 'web-a' }, ['go none by none', 'go yes by confirm', 'go confirm by confirm', 'stop blocked'], ['go none by none', 'go yes by confirm', 'go confirm by confirm', 'stop blocked']],
  ['--confirm of another word', { yes: true, confirm: 'web-b' }, ['stop declined', 'stop declined', 'stop declined', 'stop blocked'], ['stop declined', 'stop declined', 'stop declined', 'stop blocked']],
  ['--confirm of nothing', { yes: true, confirm: '' }, ['stop declined', 'stop declined', 'stop declined', 'stop blocked'], ['stop declined', 'stop declined', 'stop declined', 'stop blocked']],
  ['--confirm-plan of this plan', { confirmPlan: 'd1' }, ['go none by plan', 'go yes by plan', 'go confirm by plan', 'stop blocked'], ['go none by plan', 'go yes by plan', 'go confirm by plan', 'stop blocked']],
  ['--confirm-plan of another plan', { confirmPlan: 'd2', yes: true }, ['stop plan-changed', 'stop plan-changed', 'stop plan-changed', 'stop blocked'], ['stop plan-changed', 'stop plan-changed', 'stop plan-changed', 'stop blocked']],
];

for (const [flags, input, withoutTerminal, withTerminal] of rows) {
  describe(flags, () => {
    for (const [mayAsk, expected] of [[false, withoutTerminal], [true, withTerminal]] as const) {
      for (const [index, verdict] of verdicts.entries()) {
        test(`${mayAsk ? 'on a terminal' : 'without a terminal'}, for a plan that says ${verdict}: ${expected[index] ?? ''}`, () => {
          assert.equal(short(consentFor(planWith(verdict), { ...none, ...input, mayAsk })), expected[index]);
        });
      }
    }
  });
}

test('a --confirm that does not match says what would', () => {
  const consent = consentFor(planWith('confirm'), { ...none, confirm: 'web-b' });
  assert.ok(consent.go === false && consent.message !== null);
  assert.match(consent.message, /web-b.*web-a/u);
});

test('a plan without a digest is no plan that --confirm-plan could name', () => {
  const consent = consentFor({ ...planWith('ask'), digest: null }, { ...none, confirmPlan: '' });
  assert.equal(short(consent), 'stop plan-changed');
});
