import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { healthyNode, pod } from '../model/objects.ts';
import { manyPods } from './many-pods.ts';
import { status } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';

const name = (i: number): string => `web-${i}`;

/** What is sent before the first DELETE, without the one probe a target; pages are one request here. */
const readsBefore = ({ cluster }: Awaited<ReturnType<typeof manyPods>>): number => {
  const first = cluster.requests.findIndex((r) => r.verb === 'delete' && !r.dryRun);
  return cluster.requests.slice(0, first).filter((r) => !r.dryRun).length;
};

describe('many pods', () => {
  for (const kind of ['bare', 'owned'] as const) {
    test(`the requests before the first DELETE do not grow with the number of ${kind} pods`, async () => {
      const few = await manyPods(10, kind);
      const many = await manyPods(400, kind);
      assert.deepEqual([few.report.exitCode, many.report.exitCode], [0, 0]);
      assert.equal(many.report.summary['deleted'], kind === 'bare' ? 400 : 401);
      assert.equal(readsBefore(many), readsBefore(few));
      assert.ok(readsBefore(many) <= 20, `${readsBefore(many)} requests`);
    });

    test(`after that they grow by a DELETE a pod, and little more, for ${kind} pods`, async () => {
      const { cluster } = await manyPods(400, kind);
      const others = cluster.requests.filter((r) => r.verb !== 'delete').length;
      assert.ok(others < 60, `${others} requests besides the DELETEs`);
    });
  }
});

describe('a thousand pods of which not all go', () => {
  test('each has its own outcome, and the exit code is that of a mixed run', async () => {
    const count = 1000;
    const pods = Array.from({ length: count }, (_, i) => pod(name(i), i % 40 === 3 ? { metadata: { finalizers: ['example.com/hold'] } } : {}));
    const of = (rest: number): readonly string[] => Array.from({ length: count }, (_, i) => i).filter((i) => i % 40 === rest).map(name);
    const [denied, replaced, stuck, gone] = [of(1), of(2), of(3), of(4)];
    const never = Array.from({ length: 25 }, (_, i) => `never-${i}`);
    const ran = await play({
      argv: `pod ${[...pods.map((p) => p.metadata.name), ...never].join(' ')} -y --timeout=20s`,
      pods,
      others: healthyNode(),
      play: (scene) => {
        const { cluster } = scene;
        for (const p of pods) if (!stuck.includes(p.metadata.name)) kubelet(scene, p.metadata.name, 2000);
        let begun = false;
        cluster.fault = (request) => {
          if (request.verb !== 'delete' || request.dryRun) return null;
          if (!begun) {
            begun = true;
            // Between the plan and their DELETEs.
            for (const n of gone) cluster.remove(n);
            for (const n of replaced) cluster.put(pod(n, { metadata: { uid: `another-${n}` } }));
          }
          return denied.includes(request.what.replace('pods/', '')) ? status(403, 'Forbidden', 'admission webhook "guard.example.com" denied the request: no') : null;
        };
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.outcome, ran.report.goesOn], [7, 'mixed', true]);
    const expected = (n: string): string => (never.includes(n) ? 'not-found' : denied.includes(n) ? 'failed' : replaced.includes(n) ? 'replaced' : stuck.includes(n) ? 'still-there' : gone.includes(n) ? 'already-gone' : 'deleted');
    for (const { ref, outcome } of ran.report.targets) assert.equal(outcome, expected(ref.name), ref.name);
    const { summary } = ran.report;
    assert.deepEqual([summary['targets'], summary['deleted'], summary['failed'], summary['replaced'], summary['still-there'], summary['already-gone'], summary['not-found']], [1025, 900, 25, 25, 25, 25, 25]);
    for (const n of replaced) assert.equal(ran.cluster.pod(n).metadata.uid, `another-${n}`, 'a successor is not touched');
    assert.ok(ran.cluster.deletes.every((r) => r.body?.preconditions.uid === `uid-${r.what.replace('pods/', '')}`), 'each DELETE names the uid that was checked');
  });
});
