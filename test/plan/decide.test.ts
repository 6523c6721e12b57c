import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { CheckId } from '../../src/findings/finding.ts';
import type { PlanFlags } from '../../src/plan/decide.ts';
import { confirmWordOf, goingTargets, sendsDelete } from '../../src/plan/decide.ts';
import type { Plan, Verdict } from '../../src/plan/plan.ts';
import { marked, object, pod, target } from '../model/objects.ts';
import { blocker, final, judged, note, outcome, planOf, unread, warning, wholeRun } from './planned.ts';

const verdictsOf = (plan: Plan): readonly [Verdict, ...Verdict[]] => [plan.verdict, ...plan.targets.map((t) => t.verdict)];
const severities = (plan: Plan) => plan.targets.flatMap((t) => t.findings.map((f) => [f.code, f.severity, f.changedBy, f.pass]));

const statusOf = (plan: Plan, id: CheckId) => plan.targets.flatMap((t) => t.checks.filter((c) => c.id === id).map((c) => [c.status, c.reason, c.missingRights.length]));

const verdictOf = (made: ReturnType<typeof object> | string, check: 'stateful-set' | 'terminating'): string => planOf([judged(made, [], [unread(check)])]).verdict;

describe('the run is decided as a whole', () => {
  const cases: readonly (readonly [says: string, plan: Plan, verdicts: readonly Verdict[], going: number])[] = [
    ['nothing found: it goes', planOf([judged('a')]), ['proceed', 'proceed'], 1],
    ['notes never ask', planOf([judged('a', [note])]), ['proceed', 'proceed'], 1],
    ['a warning asks', planOf([judged('a', [note, warning])]), ['ask', 'ask'], 1],
    ['a warning for one asks for all', planOf([judged('a'), judged('b', [warning])]), ['ask', 'proceed', 'ask'], 2],
    ['a blocker refuses', planOf([judged('a', [warning, blocker])]), ['refuse', 'refuse'], 0],
    ['a blocker for one refuses all', planOf([judged('a'), judged('b', [blocker])]), ['refuse', 'proceed', 'refuse'], 0],
    ['--skip-blocked leaves the blocked one out', planOf([judged('a'), judged('b', [blocker])], { skipBlocked: true }), ['proceed', 'proceed', 'refuse'], 1],
    ['--skip-blocked does not leave out what is blocked for the run as a whole', planOf([judged('a', [wholeRun]), judged('b')], { skipBlocked: true }), ['refuse', 'refuse', 'proceed'], 0],
    ['--skip-blocked with nothing left refuses', planOf([judged('a', [blocker])], { skipBlocked: true }), ['refuse', 'refuse'], 0],
    ['--interactive asks although nothing warns', planOf([judged('a')], { interactive: true }), ['ask', 'proceed'], 1],
    ['--interactive does not ask where nothing is sent', planOf([judged(pod('a', { metadata: marked(30, 5) }))], { interactive: true }), ['proceed', 'proceed'], 1],
    ['no target at all proceeds', planOf([]), ['proceed'], 0],
  ];
  for (const [says, plan, verdicts, going] of cases) {
    test(says, () => {
      assert.deepEqual(verdictsOf(plan), verdicts);
      assert.equal(goingTargets(plan).length, going);
    });
  }

  test('the word of --confirm is the name of the one that goes, or their number', () => {
    assert.equal(planOf([judged('a')]).confirmWord, 'a');
    assert.equal(planOf([judged('a'), judged('b')]).confirmWord, '2');
    assert.equal(planOf([judged('a'), judged('b', [blocker])], { skipBlocked: true }).confirmWord, 'a');
    assert.equal(confirmWordOf([]), '0');
  });
});

describe('flags change severities, and the plan says so', () => {
  const cases: readonly (readonly [says: string, flags: Partial<PlanFlags>, found: ReturnType<typeof severities>])[] = [
    ['nothing allowed', {}, [['forced-identity', 'blocker', null, '--allow stateful-set'], ['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['recreated', 'note', null, null]]],
    ['--allow by check', { allow: ['stateful-set'] }, [['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['forced-identity', 'warning', 'allow', '--yes'], ['recreated', 'note', null, null]]],
    ['--allow by code', { allow: ['forced-identity'] }, [['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['forced-identity', 'warning', 'allow', '--yes'], ['recreated', 'note', null, null]]],
    ['--allow of something else', { allow: ['mirror-pod'] }, [['forced-identity', 'blocker', null, '--allow stateful-set'], ['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['recreated', 'note', null, null]]],
    ['what the server refuses cannot be allowed', { allow: ['admission', 'denied', 'stateful-set'] }, [['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['forced-identity', 'warning', 'allow', '--yes'], ['recreated', 'note', null, null]]],
    ['--strict blocks warnings, never notes', { strict: true }, [['bare-pod', 'blocker', 'strict', '--allow owner-controller'], ['forced-identity', 'blocker', null, '--allow stateful-set'], ['denied', 'blocker', null, null], ['recreated', 'note', null, null]]],
    ['--strict until it is allowed', { strict: true, allow: ['owner-controller'] }, [['forced-identity', 'blocker', null, '--allow stateful-set'], ['denied', 'blocker', null, null], ['bare-pod', 'warning', null, '--yes'], ['recreated', 'note', null, null]]],
  ];
  for (const [says, flags, found] of cases) {
    test(says, () => {
      const plan = planOf([judged('a', [note, warning, blocker, final])], flags);
      const weights = ['blocker', 'warning', 'note'];
      const order = (a: readonly unknown[], b: readonly unknown[]): number => weights.indexOf(String(a[1])) - weights.indexOf(String(b[1])) || String(a[0]).localeCompare(String(b[0]));
      assert.deepEqual(severities(plan).toSorted(order), found.toSorted(order));
      assert.deepEqual(severities(plan).map((f) => f[1]), severities(plan).toSorted(order).map((f) => f[1]), 'the gravest first');
    });
  }

  test('an allowed blocker still needs consent', () => {
    assert.equal(planOf([judged('a', [blocker])], { allow: ['stateful-set'] }).verdict, 'ask');
  });
});

describe('what could not be looked at', () => {
  test('is unknown with its reason and the missing right, and never passed', () => {
    assert.deepEqual(statusOf(planOf([judged('a', [], [unread('stateful-set')])]), 'stateful-set'), [['unknown', 'no right', 1]]);
    assert.deepEqual(statusOf(planOf([judged('a', [], [unread('stateful-set', 'no answer', false)])]), 'stateful-set'), [['unknown', 'no answer', 0]]);
  });

  test('needs consent where it could have found a loss, and the target holds data, identities or other objects', () => {
    for (const made of [object('v1', 'Namespace', 'shop'), object('v1', 'PersistentVolumeClaim', 'data'), object('apps/v1', 'StatefulSet', 'db'), object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'widgets.example.com')]) {
      assert.deepEqual([verdictOf(made, 'stateful-set'), verdictOf(made, 'terminating')], ['ask', 'proceed'], made.kind);
    }
    assert.equal(verdictOf('web-a', 'stateful-set'), 'proceed');
  });
  test('stays unknown beside what was found', () => {
    const both = outcome('stateful-set', [blocker], { unread: unread('stateful-set').unread });
    const plan = planOf([judged('a', [], [both])]);
    assert.deepEqual([statusOf(plan, 'stateful-set')[0]?.[0], plan.verdict], ['unknown', 'refuse']);
  });

  const rows: readonly (readonly [says: string, id: CheckId, flags: Partial<PlanFlags>, verdict: Verdict])[] = [
    ['asks nobody for a pod that goes gracefully', 'stateful-set', {}, 'proceed'],
    ['asks with --force where it could have found a blocker', 'stateful-set', { force: true, gracePeriodSeconds: 0 }, 'ask'],
    ['asks nobody with --force where it could not', 'node-readiness', { force: true, gracePeriodSeconds: 0 }, 'proceed'],
    ['blocks with --strict', 'node-readiness', { strict: true }, 'refuse'],
    ['asks with --strict when the check is allowed', 'node-readiness', { strict: true, allow: ['node-readiness'] }, 'ask'],
  ];
  for (const [says, id, flags, verdict] of rows) {
    test(says, () => {
      assert.equal(planOf([judged('a', [], [unread(id)])], flags).verdict, verdict);
    });
  }

  test('skipped and not applicable are neither passed nor unknown', () => {
    const plan = planOf([judged('a', [], [outcome('job', [], { skipped: true }), outcome('mirror-pod', [], { notApplicable: 'speaks of pods' }), outcome('rollout', [])])]);
    assert.deepEqual(plan.targets.flatMap((t) => t.checks.map((c) => [c.id, c.status])), [['job', 'skipped'], ['mirror-pod', 'not-applicable'], ['rollout', 'passed']]);
  });
});

describe('the default time limit', () => {
  const held = { finalizers: ['x'] };
  const service = { ...judged(object('v1', 'Service', 'lb', { spec: { type: 'LoadBalancer' } })), target: { ...target(object('v1', 'Service', 'lb', { spec: { type: 'LoadBalancer' } })), ref: { ...target(pod('lb')).ref, kind: 'Service', resource: 'services' } } };
  const cases: readonly (readonly [says: string, plan: Plan, seconds: number])[] = [
    ['the pod its own grace period and a minute', planOf([judged('a')]), 90],
    ['the longest of several', planOf([judged('a'), judged(pod('b', { spec: { terminationGracePeriodSeconds: 300 } }))]), 360],
    ['the requested one', planOf([judged('a')], { gracePeriodSeconds: 5 }), 65],
    ['none for a pod that is on no node', planOf([judged(pod('a', { spec: { nodeName: '' } }))]), 60],
    ['none for a pod that has finished', planOf([judged(pod('a', { status: { phase: 'Succeeded' } }))]), 60],
    ['what a pod that is Terminating already has', planOf([judged(pod('a', { metadata: marked(600, 5) }))]), 660],
    ['ten minutes with a finalizer', planOf([judged(pod('a', { metadata: held }))]), 600],
    ['more where the grace period is longer', planOf([judged(pod('a', { metadata: held, spec: { terminationGracePeriodSeconds: 900 } }))]), 960],
    ['ten minutes with foreground cascade', planOf([judged('a')], { cascade: 'foreground' }), 600],
    ['ten minutes for a load balancer', planOf([service]), 600],
    ['as asked for', planOf([judged(pod('a', { metadata: held }))], {}, 7), 7],
    ['no limit when asked for', planOf([judged('a')], {}, 0), 0],
    ['of those that go only', planOf([judged('a'), judged(pod('b', { metadata: held }), [blocker])], { skipBlocked: true }), 90],
  ];
  for (const [says, plan, seconds] of cases) {
    test(says, () => {
      assert.equal(plan.timeoutSeconds, seconds);
    });
  }
});

describe('whether a DELETE is sent', () => {
  const rows: readonly (readonly [says: string, object: ReturnType<typeof pod>, grace: number | null, sends: boolean])[] = [
    ['to what lives', pod('a'), null, true],
    ['not to what is Terminating', pod('a', { metadata: marked(30, 5) }), null, false],
    ['with a shorter grace period', pod('a', { metadata: marked(30, 5) }), 5, true],
    ['not with the same one', pod('a', { metadata: marked(30, 5) }), 30, false],
    ['not with a longer one', pod('a', { metadata: marked(30, 5) }), 60, false],
    ['by force', pod('a', { metadata: marked(30, 5) }), 0, true],
    ['not by force to what only finalizers hold', pod('a', { metadata: marked(0, 5) }), 0, false],
  ];
  for (const [says, of, grace, sends] of rows) {
    test(says, () => {
      const [planned] = planOf([judged(of)], { gracePeriodSeconds: grace }).targets;
      assert.ok(planned !== undefined);
      assert.equal(sendsDelete(planned, { gracePeriodSeconds: grace }), sends);
    });
  }
});
