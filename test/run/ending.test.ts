import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ended, healthyNode, marked, pod } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import { lost, refused, status } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';
import { quiet, uidOf } from './scenes.ts';

describe('the ways it can end early', () => {
  test('at --timeout it is still there: exit 4, and why', async () => {
    const ran = await play({ argv: 'pod web-a --timeout=5s', ...quiet });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [4, { 'web-a': 'still-there' }, true]);
    assert.ok(ran.took >= 5000 && ran.took <= 6000, `${ran.took} ms`);
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => w.kind), ['grace']);
  });

  test('a pod that goes at the last moment is deleted, not still there', async () => {
    const ran = await play({
      argv: 'pod web-a --timeout=5s',
      ...quiet,
      play: (scene) => {
        // Its events get lost: only the last look shows it.
        scene.after(4000, () => {
          scene.cluster.fault = (r) => (r.verb === 'watch' ? refused : null);
          scene.cluster.endWatches(lost);
          scene.cluster.remove('web-a');
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
  });

  test('the server is away at the end: unobserved, exit 9', async () => {
    const ran = await play({
      argv: 'pod web-a --timeout=5s',
      ...quiet,
      play: (scene) => {
        scene.after(2000, () => {
          scene.cluster.fault = () => refused;
          scene.cluster.endWatches(lost);
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [9, { 'web-a': 'unobserved' }, true]);
  });

  test('the server is silent at the end: the run ends within a second of its time', async () => {
    const ran = await play({
      argv: 'pod web-a --timeout=5s',
      ...quiet,
      play: (scene) => {
        scene.after(2000, () => {
          scene.cluster.fault = () => 'silence';
          scene.cluster.endWatches(lost);
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [9, { 'web-a': 'unobserved' }]);
    assert.ok(ran.took <= 6000, `${ran.took} ms`);
  });

  for (const code of [401, 403] as const) {
    test(`${code} for everything while it waits: unobserved, exit 9, never success`, async () => {
      const ran = await play({
        argv: 'pod web-a',
        ...quiet,
        play: (scene) => {
          scene.after(2000, () => {
            scene.cluster.fault = () => status(code, 'No');
            scene.cluster.endWatches(status(code, 'No'));
          });
        },
      });
      assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.targets[0]?.error?.httpStatus], [9, { 'web-a': 'unobserved' }, code]);
      assert.ok(ran.took < 20_000);
    });
  }

  test('no watch stands within fifteen seconds: nothing is deleted', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: ({ cluster }) => {
        cluster.fault = (r) => (r.verb === 'watch' ? refused : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length, ran.report.error?.code], [1, { 'web-a': 'not-attempted' }, 0, 'watch-not-accepted']);
  });

  test('who may not watch is served by polling', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 2000);
        scene.cluster.fault = (r) => (r.verb === 'watch' ? status(403, 'Forbidden') : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    assert.ok(ran.took < 5000);
  });

  test('interrupted while it waits: 130, and the deletion goes on', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        scene.after(2000, scene.interrupt);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn, ran.took], [130, { 'web-a': 'interrupted' }, true, 2000]);
  });

  test('interrupted while the DELETE is retried: nothing more is sent', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        scene.cluster.fault = (r) => (r.verb === 'delete' && !r.dryRun ? refused : null);
        scene.after(1000, scene.interrupt);
      },
    });
    assert.equal(ran.report.exitCode, 130);
    assert.ok(ran.cluster.deletes.every((d) => d.at <= Date.parse(ran.report.startedAt) + 1000));
  });

  test('the server is away when the DELETE is due, and comes back', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 1000);
        scene.cluster.fault = (r) => (r.verb === 'delete' && !r.dryRun ? refused : null);
        scene.after(4000, () => {
          scene.cluster.fault = () => null;
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
  });

  test('the API server restarts while it waits', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 3000);
        scene.after(1000, () => {
          scene.cluster.fault = () => refused;
          scene.cluster.endWatches(lost);
        });
        scene.after(8000, () => {
          scene.cluster.compact();
          scene.cluster.fault = () => null;
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    assert.ok(ran.took < 11_000, `${ran.took} ms`);
  });

  test('a finalizer holds it: said soon, and still there after ten minutes', async () => {
    const ran = await play({
      argv: 'pod web-a --yes',
      pods: [webPod('web-a', { metadata: { finalizers: ['cleanup.example.com/x'] } })],
      others: webWorkload,
      play: (scene) => {
        scene.after(2000, () => {
          scene.cluster.change('web-a', { metadata: marked(0, 0), status: { phase: 'Failed', containerStatuses: [ended('app', 143, 2)] } });
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.options.timeoutSeconds], [4, { 'web-a': 'still-there' }, 600]);
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => [w.kind, w.name]), [['finalizer', 'cleanup.example.com/x']]);
    const first = ran.events.find((e) => e.type === 'waiting');
    assert.ok(first !== undefined && first.at - Date.parse(ran.report.startedAt) < 4000);
    const perMinute = ran.cluster.requests.length / 10;
    assert.ok(perMinute < 40, `${perMinute} requests a minute`);
  });

  test('owners go first, and nothing is sent after the time is over', async () => {
    const driver = pod('driver');
    const executor = pod('executor', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid: 'uid-driver' }] } });
    const ran = await play({ argv: 'pod executor driver --yes --timeout=300ms', pods: [executor, driver], others: healthyNode() });
    assert.deepEqual(ran.cluster.deletes.map((d) => uidOf(d.body)), ['uid-driver']);
    assert.deepEqual(ran.outcomes, { executor: 'not-attempted', driver: 'still-there' });
  });
});
