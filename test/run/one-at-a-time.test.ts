import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { decide } from '../../src/plan/decide.ts';
import { inTurn } from '../../src/run/one-at-a-time.ts';
import type { Pod } from '../../src/model/wire.ts';
import { budget } from '../model/around.ts';
import { healthyNode, notReady } from '../model/objects.ts';
import { member, statefulSet, webPod, webWorkload } from '../model/workloads.ts';
import { judged, plainFlags } from '../plan/planned.ts';
import { kubelet, play } from './running.ts';
import type { Scene } from './running.ts';
import { ends } from './scenes.ts';

const three = ['web-a', 'web-b', 'web-c'].map((name) => webPod(name));

/** The ReplicaSet's controller: a pod that is gone gets a successor a second later, which is Ready after `readyMs`; null: never. */
const recreates = (scene: Scene, name: string, readyMs: number | null, successor: Pod = webPod(`new-${name}`, { metadata: { uid: `uid-new-${name}` } })): void => {
  const { cluster, after } = scene;
  cluster.onMarked(name, () => {
    after(2500, () => {
      const fresh = { ...successor, metadata: { ...successor.metadata, creationTimestamp: cluster.now() } };
      cluster.put({ ...fresh, status: { ...notReady, containerStatuses: [{ name: 'app', ready: false, restartCount: 0, image: 'app', imageID: '', state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] } } as Pod);
      if (readyMs !== null) after(readyMs, () => cluster.put(fresh));
    });
  });
};

const backAll =
  (readyMs: (name: string) => number | null) =>
  (scene: Scene): void => {
    for (const { metadata } of three) {
      kubelet(scene, metadata.name, 2000);
      recreates(scene, metadata.name, readyMs(metadata.name));
    }
  };

const sentAt = (ran: Awaited<ReturnType<typeof play>>): readonly (readonly [string, number])[] => ran.cluster.deletes.map((r) => [r.what, Math.round((r.at - (ran.cluster.deletes[0]?.at ?? 0)) / 1000)]);

describe('--one-at-a-time', () => {
  test('the next goes when the replacement of the last is Ready', async () => {
    const ran = await play({ argv: 'pod web-a web-b web-c --one-at-a-time', pods: three, others: webWorkload, play: backAll(() => 5000) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted', 'web-b': 'deleted', 'web-c': 'deleted' }]);
    const times = sentAt(ran);
    assert.deepEqual(times.map(([what]) => what), ['pods/web-a', 'pods/web-b', 'pods/web-c']);
    assert.ok(times.every(([, at], i) => i === 0 || at - (times[i - 1]?.[1] ?? 0) >= 7), JSON.stringify(times));
    assert.deepEqual(ran.report.targets.map((t) => [t.replacement?.ref.name, t.replacement?.ready]), [['new-web-a', true], ['new-web-b', true], ['new-web-c', true]]);
    assert.deepEqual([ran.report.options.timeoutSeconds, ran.report.options.until], [600, 'ready']);
  });

  test('it stops at the first whose replacement is not Ready in time: mixed, and the others say why they were left', async () => {
    const ran = await play({ argv: 'pod web-a web-b web-c --one-at-a-time --timeout=20s', pods: three, others: webWorkload, play: backAll((name) => (name === 'web-b' ? null : 1000)) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [7, { 'web-a': 'deleted', 'web-b': 'deleted', 'web-c': 'not-attempted' }]);
    const left = ran.report.targets[2];
    assert.match(left?.error?.message ?? '', /^stopped at pod\/web-b: its replacement new-web-b was not Ready \(ImagePullBackOff: no such image\) within 20 s$/u);
    assert.equal(ran.report.targets[1]?.replacement?.ready, false);
    assert.equal(ran.cluster.deletes.length, 2);
  });

  test('the last one has to come back as well: exit 10', async () => {
    const ran = await play({ argv: 'pod web-a web-b --one-at-a-time --timeout=20s', pods: three, others: webWorkload, play: backAll((name) => (name === 'web-b' ? null : 1000)) });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [10, { 'web-a': 'deleted', 'web-b': 'deleted' }]);
  });

  test('a pod that does not go in its time is still there, and the others were not attempted', async () => {
    const ran = await play({ argv: 'pod web-a web-b --one-at-a-time --timeout=20s', pods: three, others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.goesOn], [7, { 'web-a': 'still-there', 'web-b': 'not-attempted' }, true]);
    assert.match(ran.report.targets[1]?.error?.message ?? '', /^stopped at pod\/web-a: it did not go within 20 s$/u);
  });

  test('the time counts for each pod', async () => {
    const ran = await play({ argv: 'pod web-a web-b web-c --one-at-a-time --timeout=10s', pods: three, others: webWorkload, play: backAll(() => 5000) });
    assert.deepEqual([ran.report.exitCode, ran.took > 20_000], [0, true]);
  });

  test('what nothing recreates is not waited for', async () => {
    const pods = ['a', 'b'].map((name) => webPod(name, { metadata: { ownerReferences: [] } }));
    const ran = await play({ argv: 'pod a b --one-at-a-time -y', pods, others: healthyNode(), play: ends('a', 'b') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { a: 'deleted', b: 'deleted' }]);
    assert.deepEqual(sentAt(ran).map(([, at]) => at), [0, 2]);
  });

  test('a budget without room is waited for before the next, though a DELETE would go past it', async () => {
    const room = budget('b');
    const ran = await play({
      argv: 'pod web-a web-b --one-at-a-time --timeout=30s',
      pods: three,
      others: [...webWorkload, room],
      play: backAll(() => 1000),
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { 'web-a': 'deleted', 'web-b': 'deleted' }], 'a budget that spares one does not block two in turn');
  });

  test('with --evict: refused by a budget until its time, the others were not attempted: exit 2', async () => {
    const ran = await play({
      argv: 'pod web-a web-b --one-at-a-time --evict --timeout=10s',
      pods: three,
      others: webWorkload,
      play: ({ cluster }) =>
        (cluster.budget = () => ({ kind: 'status', httpStatus: 429, reason: 'TooManyRequests', message: 'x', details: { causes: [{ reason: 'DisruptionBudget', message: 'The disruption budget b needs 3 healthy pods and has 3 currently' }] }, retryAfterSeconds: null })),
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.report.deletionRequested], [2, { 'web-a': 'evict-refused', 'web-b': 'not-attempted' }, false]);
  });

  test('an interrupt between two: what was not sent was not attempted', async () => {
    const ran = await play({
      argv: 'pod web-a web-b --one-at-a-time',
      pods: three,
      others: webWorkload,
      play: (scene) => {
        backAll(() => null)(scene);
        scene.after(10_000, scene.interrupt);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [130, { 'web-a': 'deleted', 'web-b': 'not-attempted' }]);
  });

  test('a StatefulSet goes from its highest ordinal; other pods keep their places', () => {
    const owner = { group: 'apps', version: 'v1', kind: 'StatefulSet', resource: 'statefulsets', namespace: 'shop', name: 'db', uid: 'uid-db' };
    const of = (pod: Pod, sameName: boolean) => ({ ...judged(pod), recreatedBy: { owner, sameName } });
    const { targets } = decide([of(member(0), true), of(webPod('web-a'), false), of(member(2), true), of(member(1), true)], [], plainFlags, null);
    assert.deepEqual(inTurn(targets).map((t) => t.target.ref.name), ['db-2', 'web-a', 'db-1', 'db-0']);
  });

  test('members of a StatefulSet in turn leave a majority: nothing asks', async () => {
    const ran = await play({ argv: 'pod db-0 db-1 db-2 --one-at-a-time --dry-run', pods: [member(0), member(1), member(2)], others: [statefulSet(), ...healthyNode()] });
    assert.deepEqual([ran.report.exitCode, new Set(ran.report.targets.flatMap((t) => t.findings.map((f) => f.severity)))], [0, new Set(['note'])]);
  });
});
