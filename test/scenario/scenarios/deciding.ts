/** D1 and the flags that decide: what a command line selects, a plan that is consented to by its digest, stricter and looser judgement. */
import assert from 'node:assert/strict';
import { checkOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const deciding = [
  scenario({
    id: 'consent',
    name: '--confirm-plan deletes exactly the plan that a dry run showed',
    run: async (t) => {
      await t.apply(t.make.pod('planned', { grace: 3 }));
      await t.untilReady('planned');
      const { planDigest } = reportOf(await t.plugin(['pod', 'planned', '--dry-run', '-o', 'json']));
      assert.match(planDigest ?? '', /^[0-9a-f]{64}$/);
      const run = await t.plugin(['pod', 'planned', '--confirm-plan', planDigest ?? '', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(reportOf(run).consent, { needed: 'yes', given: 'plan' });
      assert.equal(reportOf(run).planDigest, planDigest, 'a dry run and the run have the same plan');
    },
  }),
  scenario({
    id: 'consent',
    name: '50 dry runs of an unchanged cluster have one digest',
    needs: ['real-processes'],
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 2, { grace: 3 }, { podManagementPolicy: 'Parallel' }));
      await t.untilSetReady('StatefulSet', 'db', 2);
      const digests = new Set<string | null>();
      for (let i = 0; i < 10; i += 1) {
        const runs = await Promise.all(Array.from({ length: 5 }, async () => await t.plugin(['pod', 'db-0', 'db-1', '--dry-run', '-o', 'json'])));
        for (const run of runs) digests.add(reportOf(run).planDigest);
      }
      assert.equal(digests.size, 1);
      assert.match([...digests][0] ?? '', /^[0-9a-f]{64}$/);
    },
  }),
  scenario({
    id: 'consent',
    name: '--confirm-plan deletes nothing once the plan is another: a new warning, another object, another grace period',
    run: async (t) => {
      await t.apply(t.make.pod('planned', { grace: 3 }));
      await t.untilReady('planned');
      const digest = reportOf(await t.plugin(['pod', 'planned', '--dry-run', '-o', 'json'])).planDigest ?? '';
      const grace = await t.plugin(['pod', 'planned', '--confirm-plan', digest, '--grace-period=1', '-o', 'json']);
      ended(grace, 5, 'plan-changed');
      await t.patchPod('planned', { metadata: { finalizers: ['scenario.example/late'] } });
      const check = await t.untouched('planned');
      ended(await t.plugin(['pod', 'planned', '--confirm-plan', digest, '-o', 'json']), 5, 'plan-changed');
      await check();
      await t.release('planned');
      await t.deletePod('planned', { gracePeriodSeconds: 0 });
      await t.untilGone('planned');
      await t.apply(t.make.pod('planned', { grace: 3 }));
      await t.untilReady('planned');
      const successor = await t.untouched('planned');
      ended(await t.plugin(['pod', 'planned', '--confirm-plan', digest, '-o', 'json']), 5, 'plan-changed');
      await successor();
    },
  }),
  scenario({
    id: 'consent',
    name: 'with --strict a warning blocks until it is allowed by name, and then still needs consent',
    run: async (t) => {
      await t.apply(t.make.pod('bare', { grace: 3 }));
      await t.untilReady('bare');
      const check = await t.untouched('bare');
      const strict = await t.plugin(['pod', 'bare', '-y', '--strict', '-o', 'json']);
      ended(strict, 2, 'blocked');
      const found = findingOf(targetOf(strict), 'bare-pod');
      assert.deepEqual([found.severity, found.originalSeverity, found.changedBy], ['blocker', 'warning', 'strict']);
      ended(await t.plugin(['pod', 'bare', '--strict', '--allow=bare-pod', '-o', 'json']), 3, 'declined');
      await check();
      ended(await t.plugin(['pod', 'bare', '--strict', '--allow=bare-pod', '-y', '-o', 'json']), 0, 'deleted');
    },
  }),
  scenario({
    id: 'consent',
    name: 'a skipped check is named as skipped, and skipping one that can block is itself a warning',
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 3, { grace: 3 }));
      await t.untilSetReady('StatefulSet', 'db', 3);
      const run = await t.plugin(['pod', 'db-2', '--skip=stateful-set', '--dry-run=client', '-o', 'json']);
      ended(run, 3, 'would-ask');
      const target = targetOf(run);
      assert.equal(checkOf(target, 'stateful-set').status, 'skipped');
      assert.ok(target.findings.some((f) => f.severity === 'warning' && f.check === 'stateful-set' && f.changedBy === 'skip'), JSON.stringify(target.findings.map((f) => [f.check, f.code, f.severity, f.changedBy])));
      assert.equal(reportOf(run).summary['skipped'], 1);
    },
  }),
  scenario({
    id: 'consent',
    name: '--skip-blocked deletes what nothing stands in the way of and leaves the rest untouched',
    run: async (t) => {
      await t.apply(t.make.pod('free', { grace: 2 }), t.make.pod('kept', { metadata: { annotations: { 'kubectl-safe-delete/protect': 'a scenario needs it' } } }));
      await t.untilReady('free', 'kept');
      const check = await t.untouched('kept');
      const whole = await t.plugin(['pod', 'free', 'kept', '-y', '-o', 'json']);
      ended(whole, 2, 'blocked', { free: 'not-attempted', kept: 'blocked' });
      const run = await t.plugin(['pod', 'free', 'kept', '-y', '--skip-blocked', '-o', 'json']);
      ended(run, 7, 'mixed', { free: 'deleted', kept: 'blocked' });
      await check();
    },
  }),
  scenario({
    id: 'D1',
    name: 'a label selector selects what kubectl would, and a selector that matches nothing is no failure unless --strict',
    run: async (t) => {
      const labelled = (name: string, tier: string): ReturnType<typeof t.make.pod> => t.make.pod(name, { grace: 2, metadata: { labels: { tier } } });
      await t.apply(labelled('one', 'front'), labelled('two', 'front'), labelled('other', 'back'));
      await t.untilReady('one', 'two', 'other');
      const check = await t.untouched('other');
      ended(await t.plugin(['pod', '-l', 'tier=front', '-o', 'json']), 3, 'declined', { one: 'declined', two: 'declined' });
      ended(await t.plugin(['pod', '-l', 'tier=front', '--confirm', '3', '-o', 'json']), 3, 'declined');
      ended(await t.plugin(['pod', '-l', 'tier=front', '--confirm', '2', '-o', 'json']), 0, 'deleted', { one: 'deleted', two: 'deleted' });
      await check();
      ended(await t.plugin(['pod', '-l', 'tier=none', '-o', 'json']), 0, 'nothing-matched', {});
      assert.equal((await t.plugin(['pod', '-l', 'tier=none', '--strict', '-o', 'json'])).code, 6);
    },
  }),
  scenario({
    id: 'D1',
    name: '--all selects every pod of the namespace and no other',
    run: async (t) => {
      await t.apply(t.make.pod('one', { grace: 2 }), t.make.pod('two', { grace: 2 }));
      await t.untilReady('one', 'two');
      ended(await t.plugin(['pods', '--all', '-y', '-o', 'json']), 0, 'deleted', { one: 'deleted', two: 'deleted' });
      assert.deepEqual(await t.pods(), []);
    },
  }),
  scenario({
    id: 'D1',
    name: 'objects on standard input are what is deleted, each by its uid',
    run: async (t) => {
      await t.apply(t.make.pod('piped', { grace: 2 }));
      await t.untilReady('piped');
      const run = await t.plugin(['-f', '-', '-y', '-o', 'json'], { stdin: JSON.stringify(t.make.pod('piped')) });
      ended(run, 0, 'deleted', { piped: 'deleted' });
      assert.equal(await t.pod('piped'), undefined);
    },
  }),
];
