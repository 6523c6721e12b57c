import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { facts } from '../../src/facts/facts.ts';
import type { Given } from '../../src/facts/fact.ts';
import { gather } from '../../src/facts/gather.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { KubeObject, Pod } from '../../src/model/wire.ts';
import { decide } from '../../src/plan/decide.ts';
import { fakeReader } from '../facts/fake-reader.ts';
import type { Trouble } from '../facts/fake-reader.ts';
import { NOW, object, pod, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';

const KEY = 'kubectl-safe-delete/ephemeral';
const namespace = (metadata: object = {}): KubeObject => object('v1', 'Namespace', 'shop', { metadata: { ...metadata } });
const marked = { annotations: { [KEY]: 'true' } };

const isMarked = async (pods: readonly [Pod, ...Pod[]], objects: readonly KubeObject[], troubles: readonly Trouble[] = []) => {
  const reader = fakeReader([...pods, ...objects], { troubles });
  const clock = drivenClock(NOW);
  const targets = pods.map((p) => target(p));
  const given: Given = { targets, now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
  const seen = await driveUntil(clock, gather(reader, [facts.ephemeral], given, { clock, timeoutMs: 30_000, signal: new AbortController().signal }), 60_000);
  const [first] = targets;
  assert.ok(first !== undefined);
  return { ...facts.ephemeral.view(first, given, seen), requests: reader.requests };
};

const bare: Finding = { check: 'owner-controller', code: 'bare-pod', data: { phase: 'Running' }, objects: [] };
const forced: Finding = { check: 'grace-period', code: 'zero-grace-with-data', data: { set: 'db', claims: [], node: null }, objects: [] };
const skipped: Finding = { check: 'grace-period', code: 'check-skipped', data: { id: 'grace-period' }, objects: [] };

const contents: Finding = { check: 'namespace-contents', code: 'contents-go', data: { kinds: [{ group: '', kind: 'ConfigMap', count: 1, atLeast: false }], total: 1, atLeast: false, owned: 0, notListed: [] }, objects: [] };
const system: Finding = { check: 'namespace-contents', code: 'system-namespace', data: { why: 'kube' }, objects: [] };

/** Findings of a namespace that is deleted itself. */
const plannedNamespace = (findings: readonly Finding[], ephemeral: boolean) => {
  const outcomes = findings.map((f) => ({ id: f.check, notApplicable: null, skipped: false, findings: [f], unread: [] }));
  const flags = { allow: [], strict: false, skipBlocked: false, force: false, interactive: false, gracePeriodSeconds: null, cascade: 'background' } as const;
  return decide([{ target: target(namespace()), outcomes, owners: [], recreatedBy: null, ephemeral }], [], flags, null);
};

const planned = (findings: readonly Finding[], ephemeral: boolean, flags: { readonly allow?: readonly string[]; readonly strict?: boolean } = {}) => {
  const outcomes = findings.map((f) => ({ id: f.check, notApplicable: null, skipped: false, findings: [f], unread: [] }));
  const judged = [{ target: target(pod('web-a')), outcomes, owners: [], recreatedBy: null, ephemeral }];
  return decide(judged, [], { allow: [], strict: false, skipBlocked: false, force: false, interactive: false, gracePeriodSeconds: null, cascade: 'background', ...flags }, null);
};
const severities = (...args: Parameters<typeof planned>) => planned(...args).targets.flatMap((t) => t.findings.map((f) => [f.code, f.severity, f.originalSeverity, f.changedBy]));

describe('an object is meant to go', () => {
  test('when it says so itself, as an annotation or a label, and its namespace is not read then', async () => {
    for (const metadata of [marked, { labels: { [KEY]: 'true' } }]) {
      assert.deepEqual(await isMarked([pod('web-a', { metadata })], [namespace()]), { marked: true, unread: [], requests: [] });
    }
  });
  test('when its namespace says so, read once for all of its pods', async () => {
    const { marked: is, requests } = await isMarked([pod('web-a'), pod('web-b')], [namespace(marked)]);
    assert.deepEqual([is, requests], [true, ['get namespaces shop']]);
  });
  test('not when nobody says so, or the value is another', async () => {
    for (const value of [undefined, 'false', 'True', '']) {
      const metadata = value === undefined ? {} : { annotations: { [KEY]: value } };
      assert.equal((await isMarked([pod('web-a', { metadata })], [namespace(metadata)])).marked, false, String(value));
    }
  });
  test('not when its namespace may not be read; that is no unknown either', async () => {
    const looked = await isMarked([pod('web-a')], [namespace(marked)], [{ verb: 'get', resource: 'namespaces', how: 'forbidden' }]);
    assert.deepEqual([looked.marked, looked.unread], [false, []]);
  });
});

describe('the ephemeral marker', () => {
  test('turns warnings into notes, and no question is left', () => {
    assert.deepEqual(severities([bare], true), [['bare-pod', 'note', 'warning', 'marker']]);
    assert.equal(planned([bare], true).verdict, 'proceed');
  });
  test('changes nothing where it is not', () => {
    assert.deepEqual(severities([bare], false), [['bare-pod', 'warning', 'warning', null]]);
    assert.equal(planned([bare], false).verdict, 'ask');
  });
  test('leaves blockers, and those that --allow lowered', () => {
    assert.deepEqual(severities([forced], true), [['zero-grace-with-data', 'blocker', 'blocker', null]]);
    assert.deepEqual(severities([forced], true, { allow: ['grace-period'] }), [['zero-grace-with-data', 'warning', 'blocker', 'allow']]);
  });
  test('leaves nothing that --strict could raise', () => {
    assert.deepEqual(severities([bare], true, { strict: true }), [['bare-pod', 'note', 'warning', 'marker']]);
  });
  test('lets a namespace with what is in it go with --yes, but not without', () => {
    const plan = plannedNamespace([contents], true);
    const [found] = plan.targets.flatMap((t) => t.findings);
    assert.deepEqual([plan.verdict, found?.severity, found?.irreversible, found?.pass, found?.changedBy], ['ask', 'warning', false, '--yes', 'marker']);
  });
  test('is what makes that so', () => {
    const plan = plannedNamespace([contents], false);
    const [found] = plan.targets.flatMap((t) => t.findings);
    assert.deepEqual([plan.verdict, found?.irreversible, found?.pass, found?.changedBy], ['confirm', true, '--confirm shop', null]);
  });
  test('does not let the namespaces of the cluster go', () => {
    assert.equal(plannedNamespace([system, contents], true).verdict, 'refuse');
  });
  test('does not excuse a check that was left out', () => {
    assert.deepEqual(severities([skipped], true), [['check-skipped', 'warning', 'warning', 'skip']]);
  });
});
