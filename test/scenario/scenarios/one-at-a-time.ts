/** --one-at-a-time: never more than one pod down, and a stop at the first that does not come back. */
import assert from 'node:assert/strict';
import type { Live } from '../api.ts';
import { sleep } from '../context.ts';
import type { ScenarioContext } from '../context.ts';
import type { ContainerOptions } from '../manifests.ts';
import { ended, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

/** Ready two seconds after it has started. */
const slow: ContainerOptions = { command: ['sh', '-c', "trap 'exit 0' TERM; (sleep 2; touch /tmp/ready) & while true; do sleep 0.2; done"], readinessProbe: { exec: { command: ['sh', '-c', 'test -e /tmp/ready'] }, periodSeconds: 1, failureThreshold: 1 } };

const serves = (pod: Live): boolean => pod.metadata.deletionTimestamp === undefined && (pod.status?.conditions ?? []).some((c) => c.type === 'Ready' && c.status === 'True');

/** Looks at the pods all the time; gives the fewest that served at one moment. */
const fewestServing = (t: ScenarioContext, labelSelector: string): (() => Promise<number>) => {
  const over = new AbortController();
  let fewest = Number.POSITIVE_INFINITY;
  const looking = (async () => {
    while (!over.signal.aborted) {
      fewest = Math.min(fewest, (await t.pods(labelSelector)).filter(serves).length);
      await sleep(50);
    }
  })();
  return async () => {
    over.abort();
    await looking;
    return fewest;
  };
};

/** Names of the pods in the order of their DELETEs or evictions. */
const asked = async (since: ReturnType<ScenarioContext['auditMark']>): Promise<readonly string[]> =>
  (await since()).filter((r) => !r.dryRun && r.resource === 'pods' && (r.verb === 'delete' || r.subresource === 'eviction') && r.code < 300).map((r) => r.name);

const overDeployment = (flags: readonly string[]) =>
  scenario({
    id: 'D2',
    name: `--one-at-a-time ${flags.map((flag) => `${flag} `).join('')}over a Deployment: never more than one pod down`,
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.deployment('web', 3, { grace: 3, containers: [slow] }));
      if (flags.length > 0) await t.apply({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: { maxUnavailable: 1, selector: { matchLabels: { app: 'web' } } } });
      await t.untilSetReady('Deployment', 'web', 3);
      const names = (await t.pods('app=web')).map((p) => p.metadata.name);
      const fewest = fewestServing(t, 'app=web');
      const since = t.auditMark();
      const run = await t.plugin(['pod', '-l', 'app=web', '--one-at-a-time', ...flags, '-o', 'json'], { timeoutMs: 120_000 });
      ended(run, 0, 'deleted');
      assert.ok((await fewest()) >= 2, 'two of three served all the time');
      assert.deepEqual((await asked(since)).toSorted(), names.toSorted());
      for (const target of reportOf(run).targets) {
        assert.equal(target.replacement?.ready, true, `${target.ref.name} came back`);
        assert.deepEqual(target.findings.filter((f) => f.severity !== 'note').map((f) => f.code), [], 'one at a time leaves enough: nothing to warn about');
      }
      // In time order each came after the replacement of the one before was Ready.
      const inOrder = reportOf(run).targets.toSorted((a, b) => ((a.requestedAt ?? '') < (b.requestedAt ?? '') ? -1 : 1));
      for (const [i, target] of inOrder.entries()) {
        const before = inOrder[i - 1]?.timeline.find((e) => e.phase === 'replacement-ready');
        if (i > 0) assert.ok(before !== undefined && before.at <= (target.requestedAt ?? ''), `${target.ref.name} waited`);
      }
    },
  });

export const oneAtATime = [
  overDeployment([]),
  overDeployment(['--evict']),
  scenario({
    id: 'D2',
    name: '--one-at-a-time over a StatefulSet: highest ordinal first, never more than one member down',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 3, { grace: 3, containers: [slow] }));
      await t.untilSetReady('StatefulSet', 'db', 3);
      const fewest = fewestServing(t, 'app=db');
      const since = t.auditMark();
      const run = await t.plugin(['pod', 'db-0', 'db-1', 'db-2', '--one-at-a-time', '-o', 'json'], { timeoutMs: 120_000 });
      ended(run, 0, 'deleted', { 'db-0': 'deleted', 'db-1': 'deleted', 'db-2': 'deleted' });
      assert.ok((await fewest()) >= 2, 'two of three members served all the time');
      assert.deepEqual(await asked(since), ['db-2', 'db-1', 'db-0']);
      for (const target of reportOf(run).targets) {
        assert.deepEqual([target.replacement?.ref.name, target.replacement?.ready], [target.ref.name, true]);
        assert.notEqual(target.replacement?.ref.uid, target.ref.uid);
      }
    },
  }),
  scenario({
    id: 'D2',
    name: '--one-at-a-time stops when a replacement does not come up: exit 7, the others are untouched',
    run: async (t) => {
      await t.apply(t.make.statefulSet('ring', 3, { grace: 2 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'ring', 3);
      await t.api.patch({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: t.namespace }, 'ring', { spec: { template: { spec: { containers: [{ name: 'app', image: 'localhost/no-such-image:1', imagePullPolicy: 'Never' }] } } } });
      await t.until('the controller has made the new revision', async () => {
        const { status } = await t.theObject('StatefulSet', 'ring');
        return status?.updateRevision !== status?.currentRevision;
      });
      const check = await t.untouched('ring-0', 'ring-1');
      const run = await t.plugin(['pod', 'ring-0', 'ring-1', 'ring-2', '--one-at-a-time', '-y', '--timeout=10s', '-o', 'json']);
      ended(run, 7, 'mixed', { 'ring-2': 'deleted', 'ring-1': 'not-attempted', 'ring-0': 'not-attempted' });
      assert.equal(targetOf(run, 'ring-2').replacement?.ready, false);
      for (const name of ['ring-0', 'ring-1']) assert.match(targetOf(run, name).error?.message ?? '', /^stopped at pod\/ring-2: its replacement ring-2 was not Ready \(ErrImageNeverPull.*\) within 10 s$/u);
      await check();
    },
  }),
  scenario({
    id: 'D2',
    name: '--one-at-a-time of pods that nothing recreates goes on as soon as each is gone; of other kinds it is a usage error',
    run: async (t) => {
      await t.apply(t.make.pod('a', { grace: 2 }), t.make.pod('b', { grace: 2 }), t.make.deployment('web', 1));
      await t.untilReady('a', 'b');
      const wrong = await t.plugin(['deployment', 'web', '--one-at-a-time', '-y', '-o', 'json']);
      assert.deepEqual([wrong.code, wrong.report?.error?.code], [1, 'not-a-pod']);
      const run = await t.plugin(['pod', 'a', 'b', '--one-at-a-time', '-y', '-o', 'json']);
      ended(run, 0, 'deleted', { a: 'deleted', b: 'deleted' });
      assert.ok((targetOf(run, 'b').requestedAt ?? '') >= (targetOf(run, 'a').goneAt ?? ''), 'b was asked to go when a was gone');
    },
  }),
];
