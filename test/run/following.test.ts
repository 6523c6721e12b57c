import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ended, healthyNode, marked, pod } from '../model/objects.ts';
import { member, statefulSet, webPod, webWorkload } from '../model/workloads.ts';
import { lost, status } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';
import { ends, quiet, uidOf, web, webB } from './scenes.ts';

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

  test('--wait=false of a pod that is Terminating already sends nothing, and its deletion goes on', async () => {
    const ran = await play({ argv: 'pod web-a --wait=false', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length, ran.report.deletionRequested, ran.report.goesOn], [0, { 'web-a': 'accepted' }, 0, false, true]);
    assert.equal(ran.report.targets[0]?.deadline, marked(30, 5)['deletionTimestamp']);
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

  test('a pod that is replaced while its DELETE is on its way: the answer says so, not the watch', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: ({ cluster, after }) => {
        const { port } = cluster;
        const send = port.delete;
        Object.assign(port, {
          delete: async (...args: Parameters<typeof send>) => {
            if (args[1].dryRun === undefined) {
              after(200, () => {
                cluster.remove('web-a');
                cluster.put(webPod('web-a', { metadata: { uid: 'uid-2' } }));
              });
              cluster.latency = () => 500;
            }
            return await send(...args);
          },
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [5, { 'web-a': 'replaced' }, 1]);
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
