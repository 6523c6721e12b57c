/** E1, E5 to E8: what a pod's end looks like, container by container. */
import assert from 'node:assert/strict';
import { endsByTerm, ignoresTerm, onTerm } from '../manifests.ts';
import { between, containerOf, ended, endsOf, phasesInOrder, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const delete1 = (name: string, ...flags: readonly string[]): readonly string[] => ['pod', name, '-y', '-o', 'json', ...flags];

export const howPodsEnd = [
  scenario({
    id: 'E7',
    name: 'three containers that end with 0, with 143 and by SIGKILL after the grace period are reported so, in their order, and the run is a success',
    run: async (t) => {
      await t.apply(
        t.make.pod('three', {
          grace: 4,
          containers: [
            { name: 'clean', command: onTerm(0) },
            { name: 'stopped', command: onTerm(143, 'sleep 2; ') },
            { name: 'stubborn', command: ignoresTerm },
          ],
        }),
      );
      await t.untilReady('three');
      const run = await t.plugin(delete1('three'));
      ended(run, 0, 'deleted', { three: 'deleted' });
      const target = targetOf(run);
      assert.deepEqual(endsOf(target), [
        ['clean', 0, 'exited-cleanly'],
        ['stopped', 143, 'ended-by-stop-signal'],
        ['stubborn', 137, 'killed-after-grace-period'],
      ]);
      const [clean, stopped, stubborn] = [containerOf(target, 'clean'), containerOf(target, 'stopped'), containerOf(target, 'stubborn')];
      assert.equal(clean.signal, null);
      assert.equal(stopped.signal, 'SIGTERM');
      assert.equal(stubborn.signal, 'SIGKILL');
      assert.deepEqual([clean.order, stopped.order, stubborn.order], [1, 2, 3]);
      // finishedAt has whole seconds; the kubelet begins a little after the request.
      between(clean.secondsAfterRequest, 0, 3, 'seconds of clean');
      between(stopped.secondsAfterRequest, 1, 5, 'seconds of stopped');
      between(stubborn.secondsAfterRequest, 3, 8, 'seconds of stubborn');
      assert.ok(target.containers.every((c) => !c.endedBefore && c.stopSignal === 'SIGTERM' && c.finishedAt !== null && c.startedAt !== null));
      between(target.seconds, 3, 12, 'seconds of the pod');
    },
  }),
  scenario({
    id: 'E6',
    name: 'a container that ignores SIGTERM is named as killed after its grace period, with the seconds that show it',
    run: async (t) => {
      await t.apply(t.make.pod('deaf', { grace: 2, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('deaf');
      const run = await t.plugin(delete1('deaf'));
      ended(run, 0, 'deleted');
      const end = containerOf(targetOf(run), 'app');
      assert.deepEqual([end.exitCode, end.verdict, end.signal], [137, 'killed-after-grace-period', 'SIGKILL']);
      assert.match(end.meaning, /2 s/);
    },
  }),
  scenario({
    id: 'E6',
    name: 'a container that kills itself with 137 long before the deadline is not called killed after the grace period',
    run: async (t) => {
      await t.apply(t.make.pod('early', { grace: 20, containers: [{ command: onTerm(137) }] }));
      await t.untilReady('early');
      const run = await t.plugin(delete1('early'));
      ended(run, 0, 'deleted');
      const end = containerOf(targetOf(run), 'app');
      assert.equal(end.exitCode, 137);
      assert.equal(end.verdict, 'killed-early');
    },
  }),
  scenario({
    id: 'E1',
    name: 'the deletion is told as accepted, with the deadline that the API server set, before any end',
    run: async (t) => {
      await t.apply(t.make.pod('marked', { grace: 7 }));
      await t.untilReady('marked');
      const run = await t.plugin(delete1('marked'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.equal(target.gracePeriodSeconds, 7);
      assert.ok(target.deadline !== null && target.requestedAt !== null);
      between((Date.parse(target.deadline) - Date.parse(target.requestedAt)) / 1000, 5, 9, 'seconds from the request to the deadline');
      phasesInOrder(target, 'accepted', 'gone');
      const accepted = target.timeline.find((e) => e.phase === 'accepted');
      assert.equal(accepted?.evidence, 'observed');
    },
  }),
  scenario({
    id: 'E5',
    name: "the pod's own grace period holds, and the plan says so",
    run: async (t) => {
      await t.apply(t.make.pod('own', { grace: 9 }));
      await t.untilReady('own');
      const run = await t.plugin(['pod', 'own', '--dry-run', '-o', 'json']);
      assert.equal(targetOf(run).gracePeriodSeconds, 9);
      assert.equal(reportOf(run).options.gracePeriodSeconds, null);
      const words = await t.plugin(['pod', 'own', '--dry-run']);
      assert.match(words.stderr + words.stdout, /SIGKILL after 9s \(the pod's own grace period\)/);
    },
  }),
  scenario({
    id: 'E5',
    name: '--grace-period replaces the own one: what the plan says is what holds',
    run: async (t) => {
      await t.apply(t.make.pod('shorter', { grace: 30, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('shorter');
      const run = await t.plugin(delete1('shorter', '--grace-period=2'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.equal(target.gracePeriodSeconds, 2);
      assert.equal(reportOf(run).options.gracePeriodSeconds, 2);
      assert.equal(containerOf(target, 'app').verdict, 'killed-after-grace-period');
      between(target.seconds, 1, 10, 'seconds of the pod');
    },
  }),
  scenario({
    id: 'E5',
    name: '--now is a grace period of one second',
    run: async (t) => {
      await t.apply(t.make.pod('hurry', { grace: 30, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('hurry');
      const run = await t.plugin(delete1('hurry', '--now'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.equal(target.gracePeriodSeconds, 1);
      assert.equal(containerOf(target, 'app').exitCode, 137);
      between(target.seconds, 0, 8, 'seconds of the pod');
    },
  }),
  scenario({
    id: 'E5',
    name: '--grace-period=0 without --force is one second, as kubectl does it',
    run: async (t) => {
      await t.apply(t.make.pod('zero', { grace: 30 }));
      await t.untilReady('zero');
      const run = await t.plugin(delete1('zero', '--grace-period=0'));
      ended(run, 0, 'deleted');
      assert.equal(targetOf(run).gracePeriodSeconds, 1);
      assert.equal(containerOf(targetOf(run), 'app').exitCode, 143);
    },
  }),
  scenario({
    id: 'E8',
    name: 'the containers end, the kubelet cleans up, then the object goes: told in that order',
    run: async (t) => {
      await t.apply(t.make.pod('phases', { grace: 5 }));
      await t.untilReady('phases');
      const run = await t.plugin(['pod', 'phases', '-y', '-o', 'ndjson']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      phasesInOrder(target, 'accepted', 'containers-exited', 'cleaning-up', 'gone');
      assert.ok(target.goneAt !== null);
      const told = run.events.map((e) => e.type);
      for (const type of ['plan', 'phase', 'container', 'outcome']) assert.ok(told.includes(type), `${type} among ${told.join(', ')}`);
      assert.ok(told.indexOf('plan') < told.indexOf('phase') && told.indexOf('phase') < told.lastIndexOf('outcome'));
    },
  }),
  scenario({
    id: 'E7',
    name: 'a container that answers SIGTERM with 3 exited with an error',
    run: async (t) => {
      await t.apply(t.make.pod('error', { containers: [{ command: onTerm(3) }] }));
      await t.untilReady('error');
      const run = await t.plugin(delete1('error'));
      ended(run, 0, 'deleted');
      assert.deepEqual(endsOf(targetOf(run)), [['app', 3, 'exited-with-error']]);
    },
  }),
  scenario({
    id: 'E7',
    name: 'init containers and sidecars are reported with their kind and codes, and the sidecar ends after the main container',
    run: async (t) => {
      await t.apply(
        t.make.pod('crew', {
          grace: 10,
          initContainers: [
            { name: 'prepare', command: ['sh', '-c', 'exit 0'] },
            { name: 'side', command: onTerm(0), restartPolicy: 'Always' },
          ],
          containers: [{ name: 'main', command: onTerm(143, 'sleep 1; ') }],
        }),
      );
      await t.untilReady('crew');
      const run = await t.plugin(delete1('crew'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const [prepare, side, main] = [containerOf(target, 'prepare'), containerOf(target, 'side'), containerOf(target, 'main')];
      assert.deepEqual([prepare.type, prepare.exitCode, prepare.endedBefore, prepare.order], ['init', 0, true, null]);
      assert.deepEqual([side.type, side.exitCode, side.verdict, side.endedBefore], ['sidecar', 0, 'exited-cleanly', false]);
      assert.deepEqual([main.type, main.exitCode, main.verdict], ['app', 143, 'ended-by-stop-signal']);
      assert.ok((main.order ?? 9) <= (side.order ?? 0), 'the main container ends first');
    },
  }),
  scenario({
    id: 'E7',
    name: 'a pod that no node can take was never started: said so, and gone at once',
    run: async (t) => {
      await t.apply(t.make.pod('homeless', { spec: { nodeSelector: { nowhere: 'such' } } }));
      await t.until('the scheduler has said no', async () => (await t.pod('homeless'))?.status?.conditions?.some((c) => c.reason === 'Unschedulable'));
      const run = await t.plugin(delete1('homeless'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.deepEqual(endsOf(target), [['app', null, 'never-started']]);
      between(target.seconds, 0, 5, 'seconds of the pod');
    },
  }),
  scenario({
    id: 'E7',
    name: 'a finished pod goes without a question, with the codes from before the deletion',
    run: async (t) => {
      await t.apply(t.make.pod('finished', { containers: [{ name: 'ok', command: ['sh', '-c', 'exit 0'] }, { name: 'bad', command: ['sh', '-c', 'exit 4'] }], spec: { restartPolicy: 'Never' } }));
      await t.untilPhase('finished', 'Failed');
      const run = await t.plugin(['pod', 'finished', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.deepEqual(endsOf(target), [
        ['ok', 0, 'exited-cleanly'],
        ['bad', 4, 'exited-with-error'],
      ]);
      assert.ok(target.containers.every((c) => c.endedBefore && c.order === null));
      assert.ok(target.findings.some((f) => f.code === 'finished-pod' && f.severity === 'note'));
    },
  }),
  scenario({
    id: 'E7',
    name: 'a container in a crash loop is reported with the code of its last run, as ended before',
    run: async (t) => {
      await t.apply(t.make.pod('looping', { containers: [{ name: 'crash', command: ['sh', '-c', 'exit 7'] }, { name: 'steady', command: endsByTerm }] }));
      await t.until('the container waits in its crash loop', async () => {
        const pod = await t.pod('looping');
        const crash = pod?.status?.containerStatuses?.find((c) => c.name === 'crash');
        // After its second restart it waits for more than 20 s: longer than any look takes. The kubelet says so late.
        return crash?.state?.running === undefined && (crash?.restartCount ?? 0) >= 2 && pod?.status?.containerStatuses?.some((c) => c.name === 'steady' && c.ready === true);
      });
      const run = await t.plugin(delete1('looping'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const crash = containerOf(target, 'crash');
      assert.deepEqual([crash.exitCode, crash.verdict, crash.endedBefore], [7, 'exited-with-error', true]);
      assert.deepEqual([containerOf(target, 'steady').exitCode, containerOf(target, 'steady').verdict], [143, 'ended-by-stop-signal']);
    },
  }),
  scenario({
    id: 'E7',
    name: "a container's own stop signal is the one that its end is judged by",
    needs: ['stop-signals'],
    run: async (t) => {
      await t.apply(
        t.make.pod('usr1', {
          containers: [{ command: ['sh', '-c', `trap 'exit 138' USR1; while true; do sleep 0.2; done`], lifecycle: { stopSignal: 'SIGUSR1' } }],
          spec: { os: { name: 'linux' } },
        }),
      );
      await t.untilReady('usr1');
      const run = await t.plugin(delete1('usr1'));
      ended(run, 0, 'deleted');
      const end = containerOf(targetOf(run), 'app');
      assert.deepEqual([end.exitCode, end.stopSignal, end.verdict], [138, 'SIGUSR1', 'ended-by-stop-signal']);
    },
  }),
  scenario({
    id: 'E9',
    name: 'a forced deletion of a bare pod does not wait for the kubelet, and its containers are not reported, never called clean',
    run: async (t) => {
      await t.apply(t.make.pod('forced', { grace: 30, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('forced');
      const run = await t.plugin(delete1('forced', '--force', '--grace-period=0'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.equal(target.gracePeriodSeconds, 0);
      assert.deepEqual(endsOf(target), [['app', null, 'not-reported']]);
      between(target.seconds, 0, 5, 'seconds of the pod');
    },
  }),
  scenario({
    id: 'E3',
    name: 'a preStop hook runs inside the grace period before the stop signal',
    run: async (t) => {
      await t.apply(t.make.pod('hooked', { grace: 10, containers: [{ command: onTerm(0), lifecycle: { preStop: { exec: { command: ['sleep', '2'] } } } }] }));
      await t.untilReady('hooked');
      const run = await t.plugin(delete1('hooked'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const end = containerOf(target, 'app');
      assert.deepEqual([end.exitCode, end.verdict], [0, 'exited-cleanly']);
      between(end.secondsAfterRequest, 1, 6, 'seconds of the container');
    },
  }),
];
