/** A site's own policy: what it protects is refused, what is not is not, each rule can be allowed by name, and a broken file deletes nothing. */
import assert from 'node:assert/strict';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { checkOf, codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const HEAD = 'apiVersion: kubectl-safe-delete/v1\nkind: Policy\n';
const policy = (t: ScenarioContext, rest: string): string => t.file('policy.yaml', `${HEAD}${rest}\n`);

const rules = `rules:
- name: keep-gold
  message: Gold stays
  when: "has(object.metadata.labels) && 'tier' in object.metadata.labels && object.metadata.labels.tier == 'gold'"
- name: our-namespace
  message: The namespace is ours
  severity: note
  when: namespaceObject.metadata.name == object.metadata.namespace && targets == 1`;

/** A pod that no scheduler looks at: nothing has to run, and nobody else writes to it. */
const idle = (t: ScenarioContext, name: string, labels: Readonly<Record<string, string>> = {}): Manifest => t.make.pod(name, { metadata: { labels }, spec: { schedulerName: 'nobody' } });

export const policies = [
  scenario({
    id: 'policy',
    name: "a site's rule refuses the pod, names itself, and changes nothing; with --allow policy/NAME and consent the pod goes",
    run: async (t) => {
      await t.apply(idle(t, 'golden', { tier: 'gold' }));
      const check = await t.untouched('golden');
      const file = policy(t, rules);
      const words = await t.plugin(['pod', 'golden', '-y', '--policy', file]);
      assert.equal(words.code, 2);
      assert.match(words.stderr, /Gold stays\./);
      assert.match(words.stderr, /policy\/keep-gold; --allow policy\/keep-gold accepts it/);
      assert.ok(words.stderr.includes(`policy ${file}`), 'the plan names the file');
      const run = await t.plugin(['pod', 'golden', '-y', '-o', 'json'], { env: { KUBECTL_SAFE_DELETE_POLICY: file } });
      ended(run, 2, 'blocked');
      const report = reportOf(run);
      assert.equal(report.policy?.file, file);
      assert.match(report.policy.digest, /^[0-9a-f]{64}$/);
      const found = findingOf(targetOf(run), 'rule');
      assert.deepEqual([found.check, found.severity, found.pass, found.data['name']], ['policy', 'blocker', '--allow policy/keep-gold', 'keep-gold']);
      assert.equal(targetOf(run).findings.filter((f) => f.check === 'policy').length, 2, 'and the note over its namespace');
      await check();
      const allowed = await t.plugin(['pod', 'golden', '-y', '--policy', file, '--allow', 'policy/keep-gold', '-o', 'json']);
      ended(allowed, 0, 'deleted');
      assert.equal(findingOf(targetOf(allowed), 'rule').changedBy, 'allow');
    },
  }),
  scenario({
    id: 'policy',
    name: 'a policy of which nothing holds stays in the way of nothing, and without one the check does not apply',
    run: async (t) => {
      await t.apply(idle(t, 'plain'));
      const without = await t.plugin(['pod', 'plain', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([reportOf(without).policy, checkOf(targetOf(without), 'policy').status], [null, 'not-applicable']);
      const file = policy(t, `severities: {bare-pod: note}\nprotected: {namespaces: [kube-system], labels: [tier=gold], contexts: [nowhere]}\nbulkLimit: 1\n${rules.split('- name: our')[0] ?? ''}`);
      const run = await t.plugin(['pod', 'plain', '--policy', file, '-o', 'json']);
      ended(run, 0, 'deleted');
      const lowered = findingOf(targetOf(run), 'bare-pod');
      assert.deepEqual([lowered.severity, lowered.originalSeverity, lowered.changedBy], ['note', 'warning', 'policy']);
      assert.equal(checkOf(targetOf(run), 'policy').status, 'passed');
    },
  }),
  scenario({
    id: 'policy',
    name: 'protected namespaces and labels, and a limit of targets, are refused for every target, with --skip-blocked too',
    run: async (t) => {
      await t.apply(idle(t, 'one', { tier: 'gold' }), idle(t, 'two'));
      const check = await t.untouched('one', 'two');
      const file = policy(t, `protected: {namespaces: ["${t.namespace.slice(0, -2)}*"], labels: [tier=gold]}\nbulkLimit: 1`);
      const run = await t.plugin(['pod', 'one', 'two', '-y', '--skip-blocked', '--policy', file, '-o', 'json']);
      ended(run, 2, 'blocked', { one: 'blocked', two: 'blocked' });
      assert.deepEqual(codesOf(targetOf(run, 'one')).filter((c) => c !== 'bare-pod').toSorted(), ['bulk-limit', 'protected-namespace', 'protected-object']);
      assert.deepEqual(codesOf(targetOf(run, 'two')).filter((c) => c !== 'bare-pod').toSorted(), ['bulk-limit', 'protected-namespace']);
      await check();
    },
  }),
  scenario({
    id: 'policy',
    name: 'a broken policy: one sentence with line and column, exit 1, and nothing is deleted',
    run: async (t) => {
      await t.apply(idle(t, 'bystander'));
      const check = await t.untouched('bystander');
      const file = policy(t, 'rules:\n- name: late\n  message: m\n  when: |\n    targets > 1 &&\n      obect.kind == "Pod"');
      const words = await t.plugin(['pod', 'bystander', '-y', '--policy', file]);
      assert.deepEqual([words.code, words.stdout], [1, '']);
      assert.ok(words.stderr.includes(`${file}:8:7: `), words.stderr);
      assert.match(words.stderr, /there is no obect: did you mean object\?/);
      const run = await t.plugin(['pod', 'bystander', '-y', '--policy', `${file}.missing`, '-o', 'json']);
      ended(run, 1, 'failed');
      assert.deepEqual([reportOf(run).error?.code, reportOf(run).targets], ['policy', []]);
      await check();
    },
  }),
  scenario({
    id: 'policy',
    name: 'a rule that blocks and gives no answer is unknown, and needs consent',
    run: async (t) => {
      await t.apply(idle(t, 'unlabelled'));
      const check = await t.untouched('unlabelled');
      const file = policy(t, 'severities: {bare-pod: note}\nrules: [{name: team, message: m, when: "object.metadata.annotations.team != \'blue\'"}]');
      const run = await t.plugin(['pod', 'unlabelled', '--policy', file, '-o', 'json']);
      ended(run, 3, 'declined');
      const { status, reason } = checkOf(targetOf(run), 'policy');
      assert.equal(status, 'unknown');
      assert.match(reason ?? '', /^rule team gives no answer: field not found: annotations/);
      await check();
    },
  }),
  scenario({
    id: 'policy',
    name: 'a plan that was made under another policy is not carried out',
    run: async (t) => {
      await t.apply(idle(t, 'planned'));
      const check = await t.untouched('planned');
      const digestUnder = async (rest: string): Promise<string> => reportOf(await t.plugin(['pod', 'planned', '--dry-run=client', '--policy', policy(t, rest), '-o', 'json'])).planDigest ?? '';
      const before = await digestUnder('bulkLimit: 5');
      const after = await digestUnder('bulkLimit: 6');
      assert.notEqual(before, after);
      const file = policy(t, 'bulkLimit: 6');
      ended(await t.plugin(['pod', 'planned', '--confirm-plan', before, '--policy', file, '-o', 'json']), 5, 'plan-changed');
      await check();
      ended(await t.plugin(['pod', 'planned', '--confirm-plan', after, '--policy', file, '-o', 'json']), 0, 'deleted');
    },
  }),
];
