/** What needs consent, what does not, and that a run is decided as a whole. */
import assert from 'node:assert/strict';
import { endsOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const consent = [
  scenario({
    id: 'consent',
    name: 'a bare pod without a terminal and without --yes: exit 3, and the pod is untouched',
    run: async (t) => {
      await t.apply(t.make.pod('bare'));
      await t.untilReady('bare');
      const check = await t.untouched('bare');
      const words = await t.plugin(['pod', 'bare']);
      assert.equal(words.code, 3);
      assert.match(words.stderr, /--yes/);
      const run = await t.plugin(['pod', 'bare', '-o', 'json']);
      ended(run, 3, 'declined', { bare: 'declined' });
      assert.deepEqual(reportOf(run).consent, { needed: 'yes', given: 'none' });
      assert.equal(reportOf(run).deletionRequested, false);
      const found = findingOf(targetOf(run), 'bare-pod');
      assert.deepEqual([found.check, found.severity, found.pass], ['owner-controller', 'warning', '--yes']);
      await check();
    },
  }),
  scenario({
    id: 'consent',
    name: 'a bare pod with -y is deleted, and the report says that the flag was the consent',
    run: async (t) => {
      await t.apply(t.make.pod('bare'));
      await t.untilReady('bare');
      const run = await t.plugin(['pod/bare', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(reportOf(run).consent, { needed: 'yes', given: 'yes' });
      assert.equal(await t.pod('bare'), undefined);
    },
  }),
  scenario({
    id: 'D6',
    name: "a Deployment's pod with a spare replica goes without a question, and its replacement is named, with another uid",
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 5 }));
      await t.untilSetReady('Deployment', 'web', 2);
      const [victim] = await t.pods('app=web');
      assert.ok(victim !== undefined);
      const known = (await t.pods('app=web')).map((p) => p.metadata.uid);
      const run = await t.plugin(['po', victim.metadata.name, '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(reportOf(run).consent, { needed: 'none', given: 'none' });
      const target = targetOf(run);
      const { replacement } = target;
      assert.ok(replacement !== null, 'the replacement is named');
      assert.notEqual(replacement.ref.uid, victim.metadata.uid);
      assert.ok(!known.includes(replacement.ref.uid ?? ''), 'the replacement is a new pod');
      assert.ok((await t.pods('app=web')).some((p) => p.metadata.uid === replacement.ref.uid), 'the replacement is there');
      assert.deepEqual(target.owners.map((o) => o.kind), ['ReplicaSet', 'Deployment']);
      assert.deepEqual(endsOf(target), [['app', 143, 'ended-by-stop-signal']]);
    },
  }),
  scenario({
    id: 'D6',
    name: 'the owner chain is followed to its top, and the finding has the command that would do what may have been meant',
    run: async (t) => {
      await t.apply(t.make.deployment('shop', 2));
      await t.untilSetReady('Deployment', 'shop', 2);
      const [victim] = await t.pods('app=shop');
      const run = await t.plugin(['pod', victim?.metadata.name ?? '', '--dry-run=client', '-o', 'json']);
      ended(run, 0, 'would-delete');
      const found = findingOf(targetOf(run), 'recreated');
      assert.equal(found.severity, 'note');
      assert.deepEqual(found.objects.map((o) => o.kind), ['ReplicaSet', 'Deployment']);
      const [command] = found.commands;
      assert.deepEqual(command?.argv, ['kubectl', 'scale', 'deployment.apps/shop', '-n', t.namespace, '--replicas=1']);
    },
  }),
  scenario({
    id: 'D6',
    name: "a Job's pod: the command suspends the Job",
    run: async (t) => {
      await t.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'batch' }, spec: { backoffLimit: 3, template: { spec: { ...t.make.podSpec({ grace: 3 }), restartPolicy: 'Never' } } } });
      const pod = await t.until("the Job's pod is there", async () => (await t.pods('job-name=batch'))[0]);
      await t.untilReady(pod.metadata.name);
      const run = await t.plugin(['pod', pod.metadata.name, '--dry-run=client', '-o', 'json']);
      const found = findingOf(targetOf(run), 'recreated');
      assert.deepEqual(found.commands[0]?.argv.slice(0, 3), ['kubectl', 'patch', 'job.batch/batch']);
    },
  }),
  scenario({
    id: 'consent',
    name: 'two pods of which one needs consent: nothing is deleted, and the other is not-attempted',
    run: async (t) => {
      await t.apply(t.make.pod('bare'), t.make.deployment('web', 2));
      await t.untilSetReady('Deployment', 'web', 2);
      await t.untilReady('bare');
      const [owned] = await t.pods('app=web');
      const name = owned?.metadata.name ?? '';
      const check = await t.untouched('bare', name);
      const run = await t.plugin(['pod', 'bare', name, '-o', 'json']);
      ended(run, 3, 'declined', { bare: 'declined', [name]: 'not-attempted' });
      assert.equal(reportOf(run).deletionRequested, false);
      await check();
    },
  }),
  scenario({
    id: 'consent',
    name: 'a missing name does not stop the others: the existing pod is deleted, and the run is mixed',
    run: async (t) => {
      await t.apply(t.make.pod('here', { grace: 3 }));
      await t.untilReady('here');
      const run = await t.plugin(['pod', 'here', 'missing', '-y', '-o', 'json']);
      ended(run, 7, 'mixed', { here: 'deleted', missing: 'not-found' });
      assert.equal(await t.pod('here'), undefined);
    },
  }),
  scenario({
    id: 'consent',
    name: 'with --ignore-not-found a missing name is no failure',
    run: async (t) => {
      await t.apply(t.make.pod('here', { grace: 3 }));
      await t.untilReady('here');
      const run = await t.plugin(['pod', 'here', 'missing', '-y', '--ignore-not-found', '-o', 'json']);
      assert.equal(run.code, 0);
      assert.equal(targetOf(run, 'here').outcome, 'deleted');
      const alone = await t.plugin(['pod', 'missing', '--ignore-not-found']);
      assert.equal(alone.code, 0);
    },
  }),
  scenario({
    id: 'consent',
    name: '--confirm with the name is consent, with another word it is none',
    run: async (t) => {
      await t.apply(t.make.pod('named', { grace: 3 }));
      await t.untilReady('named');
      const check = await t.untouched('named');
      const wrong = await t.plugin(['pod', 'named', '--confirm', 'other', '-o', 'json']);
      ended(wrong, 3, 'declined');
      await check();
      const right = await t.plugin(['pod', 'named', '--confirm', 'named', '-o', 'json']);
      ended(right, 0, 'deleted');
      assert.equal(reportOf(right).consent.given, 'confirm');
    },
  }),
  scenario({
    id: 'consent',
    name: 'a y on a pipe is no consent',
    run: async (t) => {
      await t.apply(t.make.pod('piped'));
      await t.untilReady('piped');
      const check = await t.untouched('piped');
      const run = await t.plugin(['pod', 'piped'], { stdin: 'y\n' });
      assert.equal(run.code, 3);
      await check();
    },
  }),
];
