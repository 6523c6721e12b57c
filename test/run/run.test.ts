import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ended, healthyNode, marked, pod } from '../model/objects.ts';
import { member, statefulSet, webPod, webWorkload } from '../model/workloads.ts';
import { lost, refused, status } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';
import type { Scene } from './running.ts';

const web = webPod('web-a');
const webB = webPod('web-b');
const lone = pod('lone');
const quiet = { pods: [web], others: webWorkload } as const;
const bare = { pods: [lone], others: healthyNode() } as const;
const ends = (...names: readonly string[]) => (scene: Scene): void => {
  for (const name of names) kubelet(scene, name, 2000);
};
const uidOf = (body: { readonly preconditions: { readonly uid: string } } | null): string | undefined => body?.preconditions.uid;

describe('following', () => {
  test('the watch stands before the DELETE is sent', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ends('web-a') });
    const verbs = ran.cluster.requests.filter((r) => !r.dryRun && (r.verb === 'watch' || r.verb === 'delete')).map((r) => r.verb);
    assert.deepEqual(verbs, ['watch', 'delete']);
  });

  test('the end of each container is in the report', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ends('web-a') });
    const [target] = ran.report.targets;
    assert.deepEqual(target?.containers.map((c) => [c.name, c.verdict, c.exitCode]), [['app', 'ended-by-stop-signal', 143]]);
    assert.deepEqual(target.timeline.map((t) => t.phase).filter((p) => p !== 'replacement-created'), ['accepted', 'term-signal', 'containers-exited', 'cleaning-up', 'gone']);
  });

  test('--wait=false returns when it is accepted', async () => {
    const ran = await play({ argv: 'pod web-a --wait=false', ...quiet });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn, ran.took < 100, ran.cluster.count('watch')], [0, { 'web-a': 'accepted' }, true, true, 0]);
  });

  test('--wait=false of a pod that goes at once is deleted', async () => {
    const pending = pod('lone', { spec: { nodeName: '' }, status: { phase: 'Pending', containerStatuses: [] } });
    const ran = await play({ argv: 'pod lone --wait=false --yes', pods: [pending] });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [0, { lone: 'deleted' }, false]);
  });

  test('a pod that is Terminating already is followed, and no DELETE is sent', async () => {
    const ran = await play({ argv: 'pod web-a', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: webWorkload, play: ends('web-a') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [0, { 'web-a': 'deleted' }, 0]);
  });

  test('a pod that is Terminating already and goes while the watch is opened is not waited for', async () => {
    const ran = await play({
      argv: 'pod web-a',
      pods: [webPod('web-a', { metadata: marked(30, 5) })],
      others: webWorkload,
      play: ({ cluster }) => {
        cluster.fault = (r) => {
          if (r.verb === 'watch' && cluster.has('web-a')) cluster.remove('web-a');
          return null;
        };
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    assert.ok(ran.took < 3000, `${ran.took} ms`);
  });

  test('a successor under the same name is the replacement, never a target', async () => {
    const ran = await play({
      argv: 'pod db-0',
      pods: [member(0), member(1), member(2)],
      others: [statefulSet(), ...healthyNode()],
      play: (scene) => {
        kubelet(scene, 'db-0', 2000);
        scene.after(2500, () => {
          scene.cluster.put(member(0, { metadata: { ...member(0).metadata, uid: 'uid-2' } }));
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.targets[0]?.replacement?.ref.uid], [0, { 'db-0': 'deleted' }, 'uid-2']);
    assert.deepEqual(ran.cluster.deletes.map((d) => uidOf(d.body)), ['uid-db-0']);
  });

  test('two targets: both are deleted at once', async () => {
    const ran = await play({ argv: 'pod web-a web-b', pods: [web, webB], others: webWorkload, play: ends('web-a', 'web-b') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted', 'web-b': 'deleted' }]);
    assert.ok(ran.took < 4000, `${ran.took} ms`);
  });

  test('a name that does not exist stops nobody else', async () => {
    const ran = await play({ argv: 'pod web-a nobody', ...quiet, play: ends('web-a') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [7, { 'web-a': 'deleted', nobody: 'not-found' }]);
    const alone = await play({ argv: 'pod nobody', ...quiet });
    assert.equal(alone.report.exitCode, 6);
    const ignored = await play({ argv: 'pod web-a nobody --ignore-not-found', ...quiet, play: ends('web-a') });
    assert.equal(ignored.report.exitCode, 0);
  });

  test('a lost answer to the DELETE is made up for', async () => {
    let once = true;
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 2000);
        scene.cluster.faultOnAnswer = (r) => {
          if (r.dryRun || !once) return null;
          once = false;
          return lost;
        };
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [0, { 'web-a': 'deleted' }, 1]);
  });

  test('an answer that comes late does not undo what the watch has shown', async () => {
    const ran = await play({
      argv: 'pod web-a --yes',
      pods: [webPod('web-a', { metadata: { finalizers: ['mine'] } })],
      others: webWorkload,
      play: ({ cluster, after }) => {
        cluster.answerTakes = 3000;
        after(1000, () => {
          cluster.change('web-a', { metadata: marked(0, -1), status: { phase: 'Failed', containerStatuses: [ended('app', 143, 1)] } });
        });
        after(5000, () => {
          cluster.endWatches(lost);
          cluster.remove('web-a');
          cluster.compact();
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    assert.deepEqual(ran.report.targets[0]?.containers.map((c) => [c.verdict, c.exitCode]), [['ended-by-stop-signal', 143]]);
  });

  test('a DELETE that is refused fails that target alone', async () => {
    const ran = await play({
      argv: 'pod web-a web-b',
      pods: [web, webB],
      others: webWorkload,
      play: (scene) => {
        kubelet(scene, 'web-b', 2000);
        scene.cluster.fault = (r) => (r.verb === 'delete' && !r.dryRun && r.what === 'pods/web-a' ? status(403, 'Forbidden', 'no') : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [7, { 'web-a': 'failed', 'web-b': 'deleted' }]);
  });
});

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

describe('a dry run', () => {
  for (const [mode, probes] of [['client', 0], ['server', 1]] as const) {
    test(`--dry-run=${mode} deletes nothing and says what would be`, async () => {
      const ran = await play({ argv: `pod web-a --dry-run=${mode}`, ...quiet });
      assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length, ran.cluster.requests.filter((r) => r.dryRun).length], [0, { 'web-a': 'would-delete' }, 0, probes]);
      assert.match(ran.report.planDigest ?? '', /^[0-9a-f]{64}$/u);
    });
  }

  test('what would be asked is 3, with the flags given 0, and no terminal is asked', async () => {
    assert.equal((await play({ argv: 'pod lone --dry-run', ...bare, answers: [] })).report.exitCode, 3);
    assert.equal((await play({ argv: 'pod lone --dry-run --yes', ...bare, answers: [] })).report.exitCode, 0);
  });

  test('what is blocked is 2', async () => {
    const mirror = pod('etcd', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    const ran = await play({ argv: 'pod etcd --dry-run --yes', pods: [mirror], others: healthyNode() });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [2, { etcd: 'blocked' }]);
  });

  test('what is not there is 6', async () => {
    assert.equal((await play({ argv: 'pod nobody --dry-run' })).report.exitCode, 6);
  });
});

describe('before the plan', () => {
  test('a server that refuses the read: exit 1, the error, no target', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: ({ cluster }) => {
        cluster.fault = (r) => (r.verb === 'get' ? status(403, 'Forbidden', 'pods "web-a" is forbidden') : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.error?.code, ran.report.targets.length], [1, 'forbidden', 0]);
  });

  test('interrupted while the facts are read: 130, nothing deleted', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        scene.cluster.fault = (r) => (r.verb === 'list' ? 'silence' : null);
        scene.after(500, scene.interrupt);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.took], [130, 0, 500]);
  });
});
