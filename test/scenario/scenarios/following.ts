/** D4 and what else happens between the DELETE and the end: no wait, a second run, others who act on the same name. */
import assert from 'node:assert/strict';
import type { AuditedRequest } from '../cluster-under-test.ts';
import { ignoresTerm, onTerm } from '../manifests.ts';
import { between, codesOf, endsOf, ended, findingOf, phasesInOrder, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const deletes = (r: AuditedRequest): boolean => r.verb === 'delete' && !r.dryRun;

export const following = [
  scenario({
    id: 'D4',
    name: '--wait=false returns once the deletion is accepted, and says that it goes on',
    run: async (t) => {
      await t.apply(t.make.pod('slow', { grace: 4, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('slow');
      const run = await t.plugin(['pod', 'slow', '-y', '--wait=false', '-o', 'json']);
      ended(run, 0, 'accepted', { slow: 'accepted' });
      assert.deepEqual([reportOf(run).deletionRequested, reportOf(run).goesOn, reportOf(run).options.wait], [true, true, false]);
      assert.notEqual((await t.theObject('Pod', 'slow')).metadata.deletionTimestamp, undefined, 'it is Terminating');
      await t.untilGone('slow');
    },
  }),
  scenario({
    id: 'D4',
    name: 'one live view instead of three commands: without a terminal each change is one line, to the end with the codes',
    run: async (t) => {
      await t.apply(t.make.pod('told', { grace: 5, containers: [{ name: 'a', command: onTerm(0) }, { name: 'b', command: onTerm(3) }] }));
      await t.untilReady('told');
      const run = await t.plugin(['pod', 'told', '-y']);
      assert.equal(run.code, 0);
      const said = run.stdout + run.stderr;
      assert.match(said, /a\b.*\b0\b/);
      assert.match(said, /b\b.*\b3\b/);
      assert.match(run.stdout, /pod "told" .*deleted/);
      assert.ok(!said.includes('\u001B'), 'no control sequences without a terminal');
    },
  }),
  scenario({
    id: 'D4',
    name: 'a pod that is Terminating already is followed to its end: no question, and no second DELETE is sent',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.pod('going', { grace: 8, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('going');
      await t.deletePod('going');
      const requests = t.auditMark();
      const run = await t.plugin(['pod', 'going', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.equal(findingOf(target, 'already-terminating').severity, 'note');
      assert.deepEqual(endsOf(target), [['app', 137, 'killed-after-grace-period']]);
      const seen = await requests();
      assert.ok(seen.length > 0, 'the log shows the run');
      assert.deepEqual(seen.filter(deletes), []);
    },
  }),
  scenario({
    id: 'D4',
    name: 'a shorter grace period for a pod that is Terminating already is sent once, and asked for first',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.pod('going', { grace: 60, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('going');
      await t.deletePod('going');
      const requests = t.auditMark();
      const run = await t.plugin(['pod', 'going', '-y', '--grace-period=2', '--timeout=3s', '-o', 'json']);
      assert.ok([0, 4].includes(run.code), `exit code ${run.code}: the kubelet may go on with the longer time`);
      assert.equal((await requests()).filter(deletes).length, 1);
    },
  }),
  scenario({
    id: 'D4',
    name: 'every DELETE carries the uid of what was checked, and its options in the body',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.pod('exact', { grace: 9 }));
      await t.untilReady('exact');
      const { uid } = (await t.theObject('Pod', 'exact')).metadata;
      const requests = t.auditMark();
      ended(await t.plugin(['pod', 'exact', '-y', '--grace-period=3', '-o', 'json']), 0, 'deleted');
      const sent = (await requests()).filter(deletes);
      assert.equal(sent.length, 1);
      const body = sent[0]?.body as { readonly preconditions?: { readonly uid?: string }; readonly gracePeriodSeconds?: number; readonly propagationPolicy?: string };
      assert.deepEqual([body.preconditions?.uid, body.gracePeriodSeconds, body.propagationPolicy], [uid, 3, 'Background']);
      assert.doesNotMatch(sent[0]?.requestURI ?? '', /gracePeriodSeconds|propagationPolicy/);
    },
  }),
  scenario({
    id: 'D4',
    name: 'a pod of the same name that someone creates as soon as the old one is gone is another object: the run ends, and the new pod is untouched',
    run: async (t) => {
      await t.apply(t.make.pod('again', { grace: 3 }));
      await t.untilReady('again');
      const before = await t.theObject('Pod', 'again');
      const running = t.start(['pod', 'again', '-y', '-o', 'json']);
      const created = t.until('the name is free', async () => {
        const answer = await t.api.call('POST', `/api/v1/namespaces/${t.namespace}/pods`, t.make.pod('again'));
        return answer.status === 201;
      });
      await created;
      const run = await running.done;
      ended(run, 0, 'deleted');
      assert.equal(targetOf(run).ref.uid, before.metadata.uid);
      assert.deepEqual(endsOf(targetOf(run)), [['app', 143, 'ended-by-stop-signal']]);
      const now = await t.theObject('Pod', 'again');
      assert.notEqual(now.metadata.uid, before.metadata.uid);
      assert.equal(now.metadata.deletionTimestamp, undefined);
    },
  }),
  scenario({
    id: 'D4',
    name: 'several pods are followed side by side, each to its own end',
    run: async (t) => {
      const names = ['one', 'two', 'three', 'four'];
      await t.apply(...names.map((name, code) => t.make.pod(name, { grace: 5, containers: [{ command: onTerm(code) }] })));
      await t.untilReady(...names);
      const run = await t.plugin(['pod', ...names, '-y', '-o', 'json']);
      ended(run, 0, 'deleted', Object.fromEntries(names.map((name) => [name, 'deleted'])));
      for (const [code, name] of names.entries()) {
        const target = targetOf(run, name);
        assert.equal(target.containers[0]?.exitCode, code);
        phasesInOrder(target, 'accepted', 'gone');
      }
    },
  }),
  scenario({
    id: 'D4',
    name: '--timeout while a container still has its grace period: exit 4, and the grace period is the reason',
    run: async (t) => {
      await t.apply(t.make.pod('long', { grace: 20, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('long');
      const run = await t.plugin(['pod', 'long', '-y', '--timeout=2s', '-o', 'json']);
      ended(run, 4, 'still-there');
      const target = targetOf(run);
      assert.equal(target.waitingOn[0]?.kind, 'grace');
      between(target.seconds ?? 2, 0, 4, 'seconds');
      assert.ok(target.containers.every((c) => c.exitCode === null));
      assert.ok(codesOf(target).includes('bare-pod'));
    },
  }),
];
