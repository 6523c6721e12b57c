/** What a policy makes of a plan: severities, names to allow, consent for rules without an answer, and the digest. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Unanswered } from '../../src/facts/site.ts';
import type { Finding, Severity } from '../../src/findings/finding.ts';
import { digestOf } from '../../src/plan/digest.ts';
import type { PlannedFinding } from '../../src/plan/plan.ts';
import { blocker, judged, note, outcome, planOf, warning } from '../plan/planned.ts';
import { policyOf } from './policy-text.ts';

const severities = async (text: string): Promise<{ readonly severities: ReadonlyMap<string, Severity> }> => ({ severities: (await policyOf(`severities: {${text}}`)).severities });
const only = (findings: readonly PlannedFinding[] | undefined): readonly [Severity, Severity, PlannedFinding['changedBy'], string | null] => {
  const [found] = findings ?? [];
  assert.ok(found !== undefined && findings?.length === 1);
  return [found.severity, found.originalSeverity, found.changedBy, found.pass];
};
const rule = (severity: Severity): Finding => ({ check: 'policy', code: 'rule', data: { name: 'no-friday', message: 'Not on Fridays', severity }, objects: [] });
const unanswered = (severity: Severity): Unanswered => ({ why: 'rule no-friday gives no answer: field not found: team', severity });
const limit: Finding = { check: 'policy', code: 'bulk-limit', data: { name: 'bulk-limit', count: 3, limit: 2 }, objects: [] };

describe('severities of the site', () => {
  test('a warning becomes a blocker that its check allows', async () => {
    const policy = await severities('bare-pod: blocker');
    const plan = planOf([judged('a', [warning])], policy);
    assert.equal(plan.verdict, 'refuse');
    assert.deepEqual(only(plan.targets[0]?.findings), ['blocker', 'warning', 'policy', '--allow owner-controller']);
    const allowed = planOf([judged('a', [warning])], { ...policy, allow: ['bare-pod'] });
    assert.deepEqual([allowed.verdict, ...only(allowed.targets[0]?.findings)], ['ask', 'warning', 'warning', 'allow', '--yes']);
  });

  test('a warning becomes a note, which asks nothing', async () => {
    const plan = planOf([judged('a', [warning])], await severities('bare-pod: note'));
    assert.deepEqual([plan.verdict, ...only(plan.targets[0]?.findings)], ['proceed', 'note', 'warning', 'policy', null]);
  });

  test('a note becomes a warning by its code, and not by its check', async () => {
    assert.deepEqual(only(planOf([judged('a', [note])], await severities('recreated: warning')).targets[0]?.findings), ['warning', 'note', 'policy', '--yes']);
    assert.deepEqual(only(planOf([judged('a', [note])], await severities('owner-controller: blocker')).targets[0]?.findings), ['note', 'note', null, null]);
  });

  test('a code counts before its check', async () => {
    const policy = await severities('owner-controller: blocker, bare-pod: note');
    assert.equal(planOf([judged('a', [warning])], policy).verdict, 'proceed');
  });

  test('the same severity changes nothing', async () => {
    assert.deepEqual(only(planOf([judged('a', [blocker])], await severities('stateful-set: blocker')).targets[0]?.findings), ['blocker', 'blocker', null, '--allow stateful-set']);
  });

  test('what the site raised is not lowered by the mark of an ephemeral object', async () => {
    const plan = planOf([{ ...judged('a', [warning]), ephemeral: true }], await severities('bare-pod: blocker'));
    assert.equal(plan.verdict, 'refuse');
  });
});

describe('a rule of the site', () => {
  test('is a blocker, a warning or a note, as it says itself', () => {
    assert.deepEqual(only(planOf([judged('a', [rule('blocker')])]).targets[0]?.findings), ['blocker', 'blocker', null, '--allow policy/no-friday']);
    assert.deepEqual(only(planOf([judged('a', [rule('warning')])]).targets[0]?.findings), ['warning', 'warning', null, '--yes']);
    assert.deepEqual(only(planOf([judged('a', [rule('note')])]).targets[0]?.findings), ['note', 'note', null, null]);
  });

  test('is allowed by its own name, and by that of the check', () => {
    const both = [judged('a', [rule('blocker'), limit])];
    const verdict = (...allow: readonly string[]): string => planOf(both, { allow }).verdict;
    assert.equal(verdict('policy/no-friday'), 'refuse');
    assert.equal(verdict('policy/no-friday', 'policy/bulk-limit'), 'ask');
    assert.equal(verdict('policy'), 'ask');
    assert.equal(verdict('policy/other'), 'refuse');
  });

  test('that blocks and gives no answer needs consent, and the check is unknown', () => {
    const [planned] = planOf([judged('a', [], [outcome('policy', [], { unanswered: [unanswered('blocker')] })])]).targets;
    assert.deepEqual([planned?.verdict, planned?.findings.map((f) => f.code)], ['ask', ['check-unknown']]);
    assert.deepEqual(planned?.checks.map((c) => [c.status, c.reason]), [['unknown', 'rule no-friday gives no answer: field not found: team']]);
    assert.match(planned.findings[0]?.message ?? '', /Check policy could not be made for a: rule no-friday gives no answer/);
  });

  test('that only warns and gives no answer is shown as unknown', () => {
    const [planned] = planOf([judged('a', [], [outcome('policy', [], { unanswered: [unanswered('warning')] })])]).targets;
    assert.deepEqual([planned?.verdict, planned?.checks[0]?.status], ['proceed', 'unknown']);
    assert.equal(planOf([judged('a', [], [outcome('policy', [], { unanswered: [unanswered('warning')] })])], { strict: true }).verdict, 'refuse');
  });
});

test('two rules of the same severity make two plans', () => {
  const scope = { server: 'https://here', user: null, gracePeriodSeconds: null, cascade: 'background', evict: false, wait: true, allow: [], strict: false, skip: [], policy: 'one' };
  const other: Finding = { check: 'policy', code: 'rule', data: { name: 'other', message: 'Not on Fridays', severity: 'warning' }, objects: [] };
  assert.notEqual(digestOf(planOf([judged('a', [rule('warning')])]), scope), digestOf(planOf([judged('a', [other])]), scope));
});

test('the digest of a plan covers the policy', () => {
  const plan = planOf([judged('a', [note])]);
  const scope = { server: 'https://here', user: null, gracePeriodSeconds: null, cascade: 'background', evict: false, wait: true, allow: [], strict: false, skip: [] };
  const digests = [null, 'one', 'two'].map((policy) => digestOf(plan, { ...scope, policy }));
  assert.equal(new Set(digests).size, 3);
  assert.equal(digestOf(plan, scope), digests[0]);
});
