import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Problem } from '../../src/cluster/port.ts';
import { budget } from '../model/around.ts';
import { notReady } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import { lost, status } from './memory-cluster.ts';
import { play } from './running.ts';
import { bare, ends, quiet, web, webB } from './scenes.ts';

const byBudget = (message: string, retryAfterSeconds: number | null = null): Problem => ({
  kind: 'status',
  httpStatus: 429,
  reason: 'TooManyRequests',
  message: "Cannot evict pod as it would violate the pod's disruption budget.",
  details: { causes: [{ reason: 'DisruptionBudget', message }] },
  retryAfterSeconds,
});
const full = byBudget('The disruption budget b needs 2 healthy pods and has 2 currently');
const unprocessed = byBudget('The disruption budget b is still being processed by the server.', 10);
const several = status(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.');
const none = budget('b', { status: { disruptionsAllowed: 0, currentHealthy: 2, desiredHealthy: 2 } });
const guarded = { pods: [web, webB], others: [...webWorkload, none] } as const;

describe('--evict', () => {
  test('a pod without a budget is evicted with its uid, and no DELETE is sent', async () => {
    const ran = await play({ argv: 'pod web-a --evict --grace-period=5', ...quiet, play: ends('web-a') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [0, { 'web-a': 'deleted' }, 0]);
    const [eviction] = ran.cluster.requests.filter((r) => r.verb === 'evict' && !r.dryRun);
    assert.deepEqual([eviction?.body?.preconditions, eviction?.body?.gracePeriodSeconds], [{ uid: 'uid-web-a' }, 5]);
    assert.deepEqual(ran.report.targets[0]?.eviction, { attempts: 1, budgets: [], lastMessage: null });
    assert.equal(ran.report.targets[0].timeline[0]?.phase, 'evicting');
    assert.equal(ran.report.planDigest?.length, 64);
  });

  test('a budget that refuses is named with its numbers, asked again, and let go when it has room', async () => {
    const ran = await play({
      argv: 'pod web-a --evict',
      ...guarded,
      play: (scene) => {
        ends('web-a')(scene);
        scene.cluster.budget = () => (scene.clock.now() < Date.parse('2026-03-01T12:01:00Z') ? full : null);
      },
    });
    const [target] = ran.report.targets;
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    assert.ok((target?.eviction?.attempts ?? 0) > 2, 'asked again');
    assert.deepEqual(target?.eviction?.budgets.map((b) => [b.ref.name, b.needs, b.has]), [['b', 2, 2]]);
    assert.match(target.eviction.lastMessage ?? '', /needs 2 healthy pods and has 2/u);
    assert.deepEqual(target.timeline.slice(0, 2).map((e) => e.phase), ['evicting', 'eviction-refused']);
    assert.deepEqual(target.waitingOn, []);
    const waits = ran.events.flatMap((e) => (e.type === 'waiting' ? e.on : []));
    assert.deepEqual(waits.map((w) => [w.kind, w.name, w.message])[0], ['budget', 'b', 'budget b needs 2 healthy pods and has 2']);
  });

  test('until --timeout: evict-refused, exit 2, nothing requested, and it never becomes a DELETE', async () => {
    const ran = await play({ argv: 'pod web-a web-b --evict --timeout=30s', ...guarded, play: ({ cluster }) => (cluster.budget = () => full) });
    assert.deepEqual([ran.report.exitCode, ran.report.outcome, ran.outcomes, ran.report.deletionRequested, ran.report.goesOn], [2, 'evict-refused', { 'web-a': 'evict-refused', 'web-b': 'evict-refused' }, false, false]);
    assert.equal(ran.cluster.deletes.length, 0);
    assert.deepEqual(ran.report.targets.map((t) => t.error?.message), ['budget b needs 2 healthy pods and has 2', 'budget b needs 2 healthy pods and has 2']);
    assert.deepEqual(ran.report.targets.map((t) => t.waitingOn.map((w) => w.kind)), [['budget'], ['budget']]);
    const asked = ran.cluster.requests.filter((r) => r.verb === 'evict' && !r.dryRun).length;
    assert.ok(asked >= 6 && asked <= 20, `${asked} requests for two pods of one budget in 30 s`);
  });

  test('a budget that is being processed is waited for as long as the server asks', async () => {
    const at: number[] = [];
    const ran = await play({
      argv: 'pod web-a --evict',
      ...guarded,
      play: (scene) => {
        ends('web-a')(scene);
        scene.cluster.budget = () => (at.push(scene.clock.now()) <= 2 ? unprocessed : null);
      },
    });
    assert.deepEqual(ran.outcomes, { 'web-a': 'deleted' });
    // The first was the dry run.
    const waited = (at[2] ?? 0) - (at[1] ?? 0);
    assert.ok(waited >= 9000, `${waited} ms`);
    assert.deepEqual(ran.report.targets[0]?.eviction?.budgets.map((b) => [b.ref.name, b.needs, b.has]), [['b', 2, 2]], 'read from the budget itself');
  });

  test('two budgets on one pod: refused at once, both named, exit 2', async () => {
    const ran = await play({ argv: 'pod web-a --evict -y', pods: [web], others: [...webWorkload, none, budget('c')], play: ({ cluster }) => (cluster.budget = () => several) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.took < 2000], [2, { 'web-a': 'evict-refused' }, true]);
    assert.deepEqual(ran.report.targets[0]?.eviction?.budgets.map((b) => b.ref.name), ['b', 'c']);
    assert.match(ran.report.targets[0].error?.message ?? '', /^budgets b and c select it together/u);
  });

  test('one that is refused holds up no other, and the answer is mixed', async () => {
    const ran = await play({
      argv: 'pod web-a web-b --evict --timeout=20s',
      ...guarded,
      play: (scene) => {
        ends('web-b')(scene);
        scene.cluster.budget = (name) => (name === 'web-a' ? full : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [7, { 'web-a': 'evict-refused', 'web-b': 'deleted' }]);
  });

  test('a pod that is not Ready is asked for even while a Ready one waits', async () => {
    const sick = webPod('web-b', { status: notReady });
    const ran = await play({
      argv: 'pod web-a web-b --evict --timeout=20s',
      pods: [web, sick],
      others: [...webWorkload, none],
      play: (scene) => {
        ends('web-b')(scene);
        scene.cluster.budget = (name) => (name === 'web-a' ? full : null);
      },
    });
    assert.equal(ran.outcomes['web-b'], 'deleted');
  });

  test('a pod that goes or is replaced while its budget refuses is not evicted again', async () => {
    const replaced = await play({
      argv: 'pod lone --evict -y',
      ...bare,
      play: (scene) => {
        scene.cluster.budget = () => full;
        scene.after(3000, () => {
          scene.cluster.remove('lone');
          scene.cluster.put({ ...web, metadata: { ...web.metadata, name: 'lone', uid: 'another' } });
        });
      },
    });
    assert.deepEqual([replaced.report.exitCode, replaced.outcomes], [5, { lone: 'replaced' }]);
    const gone = await play({
      argv: 'pod lone --evict -y',
      ...bare,
      play: (scene) => {
        scene.cluster.budget = () => full;
        scene.after(3000, () => {
          scene.cluster.remove('lone');
        });
      },
    });
    assert.deepEqual([gone.report.exitCode, gone.outcomes], [0, { lone: 'already-gone' }]);
  });

  test('a lost answer is decided by GET and uid', async () => {
    let tries = 0;
    const ran = await play({
      argv: 'pod web-a --evict',
      ...quiet,
      play: (scene) => {
        ends('web-a')(scene);
        // It worked, and its answer got lost.
        scene.cluster.fault = (r) => {
          if (r.verb !== 'evict' || r.dryRun || (tries += 1) > 1) return null;
          scene.cluster.change('web-a', { metadata: { deletionTimestamp: scene.cluster.now(), deletionGracePeriodSeconds: 30 } });
          return lost;
        };
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, tries], [0, { 'web-a': 'deleted' }, 1]);
  });

  test('an interrupt while a budget refuses: nothing goes on', async () => {
    const ran = await play({
      argv: 'pod web-a --evict',
      ...guarded,
      play: (scene) => {
        scene.cluster.budget = () => full;
        scene.after(5000, scene.interrupt);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [130, { 'web-a': 'interrupted' }, false]);
  });

  test('--wait=false returns when the eviction is accepted, or refused until --timeout', async () => {
    const accepted = await play({ argv: 'pod web-a --evict --wait=false', ...quiet });
    assert.deepEqual([accepted.report.exitCode, accepted.outcomes], [0, { 'web-a': 'accepted' }]);
    const refused = await play({ argv: 'pod web-a --evict --wait=false --timeout=10s', ...guarded, play: ({ cluster }) => (cluster.budget = () => full) });
    assert.deepEqual([refused.report.exitCode, refused.outcomes, refused.took <= 10_500], [2, { 'web-a': 'evict-refused' }, true]);
  });

  test('only the right to evict is needed; without it, exit 2', async () => {
    const denied = status(403, 'Forbidden', 'pods "web-a" is forbidden: User "jane" cannot create resource "pods/eviction" in API group "" in the namespace "shop"');
    const ran = await play({ argv: 'pod web-a --evict', ...quiet, play: ({ cluster }) => (cluster.budget = () => denied) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [1, { 'web-a': 'failed' }]);
  });

  test('other kinds than pods are a usage error', async () => {
    const ran = await play({ argv: 'deployment web --evict', others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.report.error?.code], [1, 'not-a-pod']);
    assert.match(ran.report.error?.message ?? '', /^--evict takes pods: the API server evicts pods only, and deployments\/web is none/u);
  });

  test('the default time is ten minutes', async () => {
    const ran = await play({ argv: 'pod web-a --evict', ...quiet, play: ends('web-a') });
    assert.equal(ran.report.options.timeoutSeconds, 600);
  });
});
