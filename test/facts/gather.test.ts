import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Given } from '../../src/facts/fact.ts';
import { facts } from '../../src/facts/facts.ts';
import { gather } from '../../src/facts/gather.ts';
import { judge } from '../checks/case.ts';
import { healthyNode, NOW, object, ownedBy, pod, target } from '../model/objects.ts';
import { claim, deployment, mounts, replicaSet, volume, webPod, webWorkload } from '../model/workloads.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';
import { fakeReader, forbidden } from './fake-reader.ts';
import type { Answers } from './fake-reader.ts';

const given = (targets: Given['targets']): Given => ({ targets, now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: true });
const endless = new AbortController().signal;

/** Pods of one workload with a claim each; the claims go with their pods, so that volumes and other users are looked at too. */
const workloadOf = (count: number) => {
  const pods = Array.from({ length: count }, (_, i) => webPod(`web-${i}`, { spec: mounts(`data-${i}`) }));
  const claims = pods.map((p, i) => claim(`data-${i}`, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: p.metadata.name, uid: p.metadata.uid }] } }));
  return { pods, objects: [...pods, ...claims, ...pods.map((_, i) => volume(`data-${i}`, 'Delete')), ...webWorkload] };
};

const requestsFor = async (count: number, answers: Answers = {}): Promise<readonly string[]> => {
  const { pods, objects } = workloadOf(count);
  const [first, ...rest] = pods.map((p) => target(p));
  assert.ok(first !== undefined);
  const judged = await judge([first, ...rest], fakeReader(objects, answers));
  assert.deepEqual(judged.findings.map((f) => f.code), ['recreated', 'claim-goes-with-pod', ...(count > 20 ? ['many-objects'] : [])]);
  return judged.requests.filter((r) => !r.startsWith('dry-run'));
};

/** One pod each. */
const ofWorkloads = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const name = `rs-${i}`;
    const labels = { app: name };
    return { pod: pod(`${name}-a`, { metadata: { labels, ...ownedBy('apps/v1', 'ReplicaSet', name) } }), replicaSet: object('apps/v1', 'ReplicaSet', name, { spec: { replicas: 1, selector: { matchLabels: labels } } }) };
  });

describe('reads depend on the kinds and namespaces touched, not on the number of targets', () => {
  for (const [count, expected] of [[1, 13], [4, 19], [5, 13], [200, 13]] as const) {
    test(`${count} pods of one workload with a claim each: ${expected} requests`, async () => {
      const requests = await requestsFor(count);
      assert.equal(requests.length, expected, requests.join('\n'));
      assert.equal(new Set(requests).size, requests.length, 'nothing is read twice');
    });
  }

  test('who may not list reads the names one by one', async () => {
    const requests = await requestsFor(5, { troubles: [{ verb: 'list', resource: 'persistentvolumeclaims', how: 'forbidden' }] });
    assert.equal(requests.filter((r) => r.startsWith('get persistentvolumeclaims')).length, 5);
  });

  test('a list of more than a page is read to its end', async () => {
    const strangers = Array.from({ length: 1100 }, (_, i) => pod(`stranger-${i}`, { metadata: { labels: { app: 'web' } } }));
    const reader = fakeReader([webPod('web-a'), webPod('web-b'), ...strangers, deployment(), replicaSet()]);
    const clock = drivenClock(NOW);
    const targets = [target(webPod('web-a'))];
    const seen = await gather(reader, [facts.owners, facts.members], given(targets), { clock, timeoutMs: 30_000, signal: endless });
    assert.deepEqual(targets.map((t) => facts.members.view(t, given(targets), seen).pods?.map((p) => p.metadata.name)), [['web-a', 'web-b']]);
    assert.equal(reader.requests.filter((r) => r.startsWith('list pods')).length, 3);
  });

  for (const [count, expected] of [[4, 4], [5, 1], [50, 1]] as const) {
    test(`the pods of ${count} workloads take ${expected} lists of pods, and each has its own members`, async () => {
      const workloads = ofWorkloads(count);
      const targets = workloads.map((w) => target(w.pod));
      const reader = fakeReader(workloads.flatMap((w) => [w.pod, w.replicaSet]));
      const clock = drivenClock(NOW);
      const seen = await gather(reader, [facts.owners, facts.members], given(targets), { clock, timeoutMs: 30_000, signal: endless });
      assert.equal(reader.requests.filter((r) => r.startsWith('list pods')).length, expected);
      assert.deepEqual(targets.map((t) => facts.members.view(t, given(targets), seen).pods?.map((p) => p.metadata.name)), targets.map((t) => [t.ref.name]));
    });
  }

  for (const [count, expected, denied] of [[4, 4, false], [5, 1, false], [60, 1, false], [5, 6, true]] as const) {
    test(`pods of ${count} namespaces take ${expected} lists of pods${denied ? ' where all at once are denied' : ''}, and each sees its own namespace`, async () => {
      const spaces = ofWorkloads(count).map((w, i) => ({ pod: { ...w.pod, metadata: { ...w.pod.metadata, namespace: `ns-${i}` } }, replicaSet: { ...w.replicaSet, metadata: { ...w.replicaSet.metadata, namespace: `ns-${i}` } } }));
      const targets = spaces.map((w) => target(w.pod));
      const reader = fakeReader(spaces.flatMap((w) => [w.pod, w.replicaSet]));
      const list = reader.list;
      const narrow = { ...reader, list: async (...args: Parameters<typeof list>) => {
        const answer = await list(...args);
        return denied && args[0].namespace === null ? { ok: false as const, problem: forbidden('list') } : answer;
      } };
      const clock = drivenClock(NOW);
      const seen = await gather(narrow, [facts.owners, facts.members], given(targets), { clock, timeoutMs: 30_000, signal: endless });
      assert.equal(reader.requests.filter((r) => r.startsWith('list pods')).length, expected);
      assert.deepEqual(targets.map((t) => facts.members.view(t, given(targets), seen).pods?.map((p) => `${p.metadata.namespace ?? ''}/${p.metadata.name}`)), targets.map((t) => [`${t.ref.namespace ?? ''}/${t.ref.name}`]));
    });
  }

  test('the dry runs are one for each target', async () => {
    const { pods, objects } = workloadOf(5);
    const [first, ...rest] = pods.map((p) => target(p));
    assert.ok(first !== undefined);
    const judged = await judge([first, ...rest], fakeReader(objects));
    assert.equal(judged.requests.filter((r) => r.startsWith('dry-run')).length, 5);
  });

  test('--dry-run=client sends nothing but reads', async () => {
    const { pods, objects } = workloadOf(1);
    const [first] = pods.map((p) => target(p));
    assert.ok(first !== undefined);
    const judged = await judge([first], fakeReader(objects), { readsOnly: true });
    assert.deepEqual(judged.requests.filter((r) => r.startsWith('dry-run')), []);
  });
});

describe('gather ends', () => {
  const slow: Answers = { troubles: [{ verb: 'get', resource: 'nodes', how: 'silence' }] };

  test('at its time limit, with what was open unread and the reason said', async () => {
    const clock = drivenClock(NOW);
    const targets = [target(pod('lone'))];
    const seen = await driveUntil(clock, gather(fakeReader(healthyNode(), slow), [facts.node], given(targets), { clock, timeoutMs: 3000, signal: endless }), 10_000);
    assert.equal(clock.now() - NOW, 3000);
    assert.equal(clock.pending(), 0);
    assert.deepEqual(targets.flatMap((t) => facts.node.view(t, given(targets), seen).unread.map((u) => [u.resource, u.why, u.denied])), [['nodes', 'no answer within --check-timeout', false]]);
  });

  test('when the run is interrupted', async () => {
    const clock = drivenClock(NOW);
    const interrupt = new AbortController();
    const targets = [target(pod('lone'))];
    const gathering = gather(fakeReader(healthyNode(), slow), [facts.node], given(targets), { clock, timeoutMs: 3000, signal: interrupt.signal });
    await clock.advance(10);
    interrupt.abort();
    const seen = await gathering;
    assert.equal(clock.pending(), 0, 'no timer is left');
    assert.deepEqual(targets.map((t) => facts.node.view(t, given(targets), seen).state), ['unread']);
  });

  test('when owners own each other', async () => {
    const a = object('apps/v1', 'ReplicaSet', 'a', { metadata: ownedBy('apps/v1', 'Deployment', 'b'), spec: {} });
    const b = object('apps/v1', 'Deployment', 'b', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'a'), spec: {} });
    const clock = drivenClock(NOW);
    const targets = [target(pod('p', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'a') }))];
    const seen = await gather(fakeReader([a, b]), [facts.owners], given(targets), { clock, timeoutMs: 3000, signal: endless });
    assert.deepEqual(targets.map((t) => facts.owners.view(t, given(targets), seen).chain.map((l) => l.ref.name)), [['a', 'b']]);
  });

  test('on a chain of custom owners that is longer than it follows, and says so', async () => {
    const kinds = Array.from({ length: 9 }, (_, i) => ({ group: `g${i}.example.com`, version: 'v1', kind: 'Thing', resource: 'things' }));
    const things = kinds.map((k, i) => object(`${k.group}/v1`, 'Thing', `t${i}`, { metadata: i === 8 ? {} : ownedBy(`g${i + 1}.example.com/v1`, 'Thing', `t${i + 1}`) }));
    const clock = drivenClock(NOW);
    const targets = [target(pod('p', { metadata: ownedBy('g0.example.com/v1', 'Thing', 't0') }))];
    const seen = await gather(fakeReader(things, { kinds }), [facts.owners], given(targets), { clock, timeoutMs: 3000, signal: endless });
    for (const t of targets) {
      const view = facts.owners.view(t, given(targets), seen);
      assert.equal(view.recreation.kind, 'custom');
      assert.ok(view.chain.every((l) => l.state === 'found') || view.unread.length > 0, 'what was not followed is unread');
    }
  });
});
