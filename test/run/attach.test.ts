import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { healthyNode, marked, pod, running } from '../model/objects.ts';
import { member, statefulSet, webPod, webWorkload } from '../model/workloads.ts';
import { kubelet, play } from './running.ts';

const writes = ['delete', 'create'];
const held = (name: string) => webPod(name, { metadata: { ...marked(0, 60), finalizers: ['example.com/hold'] } });

describe('--attach', () => {
  test('follows what is Terminating to its end, and sends nothing but reads', async () => {
    const ran = await play({ argv: 'pod web-a --attach', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: webWorkload, play: (scene) => kubelet(scene, 'web-a', 3000) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.deletionRequested, ran.report.goesOn], [0, { 'web-a': 'deleted' }, false, false]);
    assert.deepEqual(ran.report.targets[0]?.containers.map((c) => [c.name, c.exitCode]), [['app', 143]]);
    assert.deepEqual(ran.cluster.requests.filter((r) => writes.includes(r.verb)), []);
  });

  test('tells at once what it waits for, and is still there at --timeout', async () => {
    const ran = await play({ argv: 'pod web-a --attach --timeout=5s', pods: [held('web-a')], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [4, { 'web-a': 'still-there' }, true]);
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => [w.kind, w.name]), [['finalizer', 'example.com/hold']]);
    const first = ran.events.find((e) => e.type === 'waiting');
    assert.ok(first !== undefined && first.at - Date.parse(ran.report.startedAt) < 1500);
    assert.deepEqual(ran.cluster.requests.filter((r) => writes.includes(r.verb)), []);
  });

  test('within the grace period that is the reason, at once', async () => {
    const ran = await play({ argv: 'pod web-a --attach --timeout=3s', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: webWorkload });
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => w.kind), ['grace']);
    assert.equal(ran.events.filter((e) => e.type === 'waiting').length, 1);
  });

  test('a plain run on what is Terminating explains at once too', async () => {
    const ran = await play({ argv: 'pod web-a --timeout=3s --yes', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.report.goesOn], [4, 0, true]);
    const first = ran.events.find((e) => e.type === 'waiting');
    assert.ok(first !== undefined && first.at - Date.parse(ran.report.startedAt) < 1500);
  });

  test('what is not Terminating is not followed: exit 1, and it is untouched', async () => {
    const ran = await play({ argv: 'pod web-a --attach', pods: [webPod('web-a')], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.count('watch')], [1, { 'web-a': 'not-terminating' }, 0]);
  });

  test('one that is and one that is not', async () => {
    const ran = await play({ argv: 'pod web-a web-b --attach', pods: [webPod('web-a', { metadata: marked(30, 5) }), webPod('web-b')], others: webWorkload, play: (scene) => kubelet(scene, 'web-a', 1000) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [1, { 'web-a': 'deleted', 'web-b': 'not-terminating' }]);
  });

  test('a selection is narrowed to what is Terminating', async () => {
    const ran = await play({ argv: 'pod --all --attach', pods: [webPod('web-a', { metadata: marked(30, 5) }), webPod('web-b')], others: webWorkload, play: (scene) => kubelet(scene, 'web-a', 1000) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted' }]);
    const none = await play({ argv: 'pod --all --attach', pods: [webPod('web-b')], others: webWorkload });
    assert.deepEqual([none.report.exitCode, none.report.outcome], [0, 'nothing-matched']);
  });

  test('a name that does not exist', async () => {
    const ran = await play({ argv: 'pod nobody --attach' });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [6, { nobody: 'not-found' }]);
  });

  test('--wait=false tells the reasons once: still there is 4', async () => {
    const ran = await play({ argv: 'pod web-a --attach --wait=false', pods: [held('web-a')], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn, ran.cluster.count('watch'), ran.took < 1000], [4, { 'web-a': 'still-there' }, true, 0, true]);
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => [w.kind, w.name]), [['finalizer', 'example.com/hold']]);
    assert.deepEqual(ran.report.targets[0].timeline.map((t) => t.phase), ['accepted', 'waiting-for-finalizers']);
  });

  test('a shorter grace period that its kubelet does not take up is told as that', async () => {
    const late = pod('solo', { metadata: marked(60, 70), status: { containerStatuses: [running('app')] } });
    const ran = await play({ argv: 'pod solo --attach --timeout=8s', pods: [late], others: healthyNode() });
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => [w.kind, w.name]), [['container', 'app']]);
  });

  test('a replacement that is there already is named', async () => {
    const ran = await play({
      argv: 'pod web-a --attach',
      pods: [webPod('web-a', { metadata: marked(30, 5) }), webPod('web-new', { metadata: { creationTimestamp: new Date(Date.parse('2026-03-01T11:59:56Z')).toISOString() } })],
      others: webWorkload,
      play: (scene) => kubelet(scene, 'web-a', 1000),
    });
    assert.equal(ran.report.targets[0]?.replacement?.ref.name, 'web-new');
  });

  test('a set member that comes back under its name', async () => {
    const ran = await play({
      argv: 'pod db-0 --attach',
      pods: [member(0, { metadata: { ...member(0).metadata, ...marked(30, 5) } }), member(1), member(2)],
      others: [statefulSet(), ...healthyNode()],
      play: (scene) => {
        kubelet(scene, 'db-0', 1000);
        scene.after(1200, () => {
          scene.cluster.put(member(0, { metadata: { ...member(0).metadata, uid: 'uid-2' } }));
        });
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.targets[0]?.replacement?.ref.uid], [0, { 'db-0': 'deleted' }, 'uid-2']);
  });
});
