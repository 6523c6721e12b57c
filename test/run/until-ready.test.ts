import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/model/wire.ts';
import { ended, healthyNode, marked, pod, running } from '../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webPod, webWorkload } from '../model/workloads.ts';
import { kubelet, play } from './running.ts';
import type { Scene } from './running.ts';
import { quiet } from './scenes.ts';

const notYet = { phase: 'Pending', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ ...running('app'), ready: false, state: { waiting: { reason: 'ContainerCreating' } } }] };
const fresh = (scene: Scene, name: string, status: object) => webPod(name, { metadata: { uid: `uid-${name}`, creationTimestamp: scene.cluster.now() }, status: status as Record<string, unknown> });
const comes = (scene: Scene, afterMs: number, name: string, status: object = {}): void => scene.after(afterMs, () => void scene.cluster.put(fresh(scene, name, status)));
const ready = { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: '2026-03-01T12:00:09Z' }], containerStatuses: [running('app')] } };

describe('--until=ready', () => {
  test('waits until the replacement is Ready', async () => {
    const ran = await play({
      argv: 'pod web-a --until=ready',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 1000);
        comes(scene, 200, 'web-new', notYet);
        scene.after(8000, () => scene.cluster.change('web-new', ready));
      },
    });
    const [target] = ran.report.targets;
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.options.until], [0, { 'web-a': 'deleted' }, 'ready']);
    assert.deepEqual([target?.replacement?.ref.name, target?.replacement?.ready, target?.replacement?.readyAt], ['web-new', true, '2026-03-01T12:00:09Z']);
    assert.deepEqual(target?.timeline.map((t) => t.phase).slice(-1), ['replacement-ready']);
    assert.deepEqual(target.waitingOn, []);
    assert.ok(ran.took >= 8000 && ran.took < 10_000, `${ran.took} ms`);
  });

  test('its own end is told when it is there, not when the replacement is Ready', async () => {
    const ran = await play({ argv: 'pod web-a --until=ready --timeout=20s', ...quiet, play: (scene) => { kubelet(scene, 'web-a', 1000); comes(scene, 200, 'web-new', notYet); } });
    const outcome = ran.events.find((e) => e.type === 'outcome');
    assert.ok(outcome !== undefined && outcome.at - Date.parse(ran.report.startedAt) < 3000);
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.targets[0]?.replacement?.ready], [10, { 'web-a': 'deleted' }, false]);
  });

  for (const [says, status, reason] of [
    ['an image that cannot be pulled', { ...notYet, containerStatuses: [{ ...running('app'), ready: false, state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] }, /image app of container app cannot be pulled \(ImagePullBackOff: no such image\)/u],
    ['a crash loop', { ...notYet, phase: 'Running', containerStatuses: [{ ...running('app'), restartCount: 4, ready: false, state: { waiting: { reason: 'CrashLoopBackOff' } }, lastState: { terminated: { exitCode: 3, reason: 'Error' } } }] }, /crashes again and again \(4 restarts\); it ended last with 3/u],
    ['no node for it', { phase: 'Pending', conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: '0/1 nodes are available' }], containerStatuses: [] }, /no node takes web-new: 0\/1 nodes are available/u],
    ['readiness that fails', { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ ...running('app'), ready: false }] }, /container app runs and is not ready/u],
  ] as const) {
    test(`not Ready in time because of ${says}`, async () => {
      const ran = await play({ argv: 'pod web-a --until=ready --timeout=15s', ...quiet, play: (scene) => { kubelet(scene, 'web-a', 1000); comes(scene, 200, 'web-new', status); } });
      const [target] = ran.report.targets;
      assert.deepEqual([ran.report.exitCode, ran.report.goesOn], [10, false]);
      assert.match(target?.replacement?.reason ?? '', reason);
      assert.match(target?.waitingOn[0]?.message ?? '', reason);
    });
  }

  test('a lower ordinal that is not Ready holds the replacement up', async () => {
    const ran = await play({
      argv: 'pod db-1 --until=ready --timeout=15s --yes',
      pods: [member(0, { status: { conditions: [{ type: 'Ready', status: 'False' }] } }), member(1), member(2)],
      others: [statefulSet(), ...healthyNode()],
      play: (scene) => kubelet(scene, 'db-1', 1000),
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets[0]?.replacement], [10, null]);
    assert.deepEqual(ran.report.targets[0]?.waitingOn.map((w) => [w.kind, w.name]), [['dependents', 'pod/db-0']]);
    assert.match(ran.report.targets[0].waitingOn[0]?.message ?? '', /OrderedReady.*db-0.*not Ready/u);
  });

  test('a set member under its own name, by uid', async () => {
    const ran = await play({
      argv: 'pod db-0 --until=ready',
      pods: [member(0), member(1), member(2)],
      others: [statefulSet(), ...healthyNode()],
      play: (scene) => {
        kubelet(scene, 'db-0', 1000);
        scene.after(1500, () => void scene.cluster.put(member(0, { metadata: { ...member(0).metadata, uid: 'uid-2' }, status: notYet })));
        scene.after(6000, () => scene.cluster.change('db-0', ready));
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets[0]?.replacement?.ref.uid, ran.report.targets[0]?.replacement?.ready], [0, 'uid-2', true]);
  });

  test('each of several has its own replacement', async () => {
    const ran = await play({
      argv: 'pod web-a web-b --until=ready --yes',
      pods: [webPod('web-a'), webPod('web-b')],
      others: [deployment(), replicaSet({ spec: { replicas: 3 } }), webPod('web-spare'), ...healthyNode()],
      play: (scene) => {
        kubelet(scene, 'web-a', 1000);
        kubelet(scene, 'web-b', 1000);
        comes(scene, 200, 'web-1');
        comes(scene, 4000, 'web-2');
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets.map((t) => t.replacement?.ref.name ?? '').toSorted((a, b) => (a < b ? -1 : 1))], [0, ['web-1', 'web-2']]);
    assert.ok(ran.took >= 4000);
  });

  test('a replacement that dies is not the end: the next one counts', async () => {
    const ran = await play({
      argv: 'pod web-a --until=ready',
      ...quiet,
      play: (scene) => {
        kubelet(scene, 'web-a', 1000);
        comes(scene, 200, 'web-1', notYet);
        scene.after(3000, () => scene.cluster.remove('web-1'));
        comes(scene, 3500, 'web-2');
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets[0]?.replacement?.ref.name], [0, 'web-2']);
  });

  test('an owner that wants no more pods by then: nothing comes, and it is said at once', async () => {
    const others: KubeObject[] = [deployment(), replicaSet({ spec: { replicas: 1 } }), webPod('web-spare'), ...healthyNode()];
    const ran = await play({ argv: 'pod web-a --until=ready --yes', pods: [webPod('web-a')], others, play: (scene) => kubelet(scene, 'web-a', 1000) });
    assert.equal(ran.report.exitCode, 10);
    assert.match(ran.report.targets[0]?.waitingOn[0]?.message ?? '', /wants 1 pods and has 1: it creates none for this one/u);
    assert.ok(ran.took < 10_000, `${ran.took} ms`);
  });

  test('what nothing recreates is as with gone', async () => {
    const ran = await play({ argv: 'pod solo --until=ready --yes', pods: [pod('solo')], others: healthyNode(), play: (scene) => kubelet(scene, 'solo', 1000) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { solo: 'deleted' }]);
    assert.ok(ran.took < 4000);
  });

  test('with --attach: what was created before counts too', async () => {
    const ran = await play({
      argv: 'pod web-a --attach --until=ready',
      pods: [webPod('web-a', { metadata: marked(30, 5) }), webPod('web-new', { metadata: { creationTimestamp: '2026-03-01T11:59:56Z' }, status: notYet })],
      others: webWorkload,
      play: (scene) => {
        kubelet(scene, 'web-a', 1000);
        scene.after(5000, () => scene.cluster.change('web-new', ready));
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets[0]?.replacement?.ref.name, ran.cluster.deletes.length], [0, 'web-new', 0]);
  });

  test('the default time leaves room for it', async () => {
    const ran = await play({ argv: 'pod web-a --until=ready --dry-run', ...quiet });
    assert.equal(ran.report.options.timeoutSeconds, 600);
  });

  test('without --require-clean-exit a container that ended badly does not hide a replacement that is not Ready', async () => {
    const ran = await play({
      argv: 'pod web-a --until=ready --timeout=10s',
      ...quiet,
      play: (scene) => {
        scene.cluster.onMarked('web-a', () => {
          scene.after(1000, () => {
            scene.cluster.change('web-a', { status: { phase: 'Failed', containerStatuses: [ended('app', 3, 1)] } });
            scene.cluster.remove('web-a');
          });
        });
        comes(scene, 200, 'web-new', notYet);
      },
    });
    assert.equal(ran.report.exitCode, 10);
  });
});
