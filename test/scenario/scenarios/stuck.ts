/** S1 and S3, and an API server that goes away while a pod ends. */
import assert from 'node:assert/strict';
import { sleep } from '../context.ts';
import { ignoresTerm, onTerm } from '../manifests.ts';
import { between, endsOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const HOLD = 'scenario.example/hold';

export const stuck = [
  scenario({
    id: 'S1',
    name: 'a finalizer that nobody removes: exit 4 within a second of --timeout, with the finalizer named, and the deletion goes on',
    serial: 'measured',
    run: async (t) => {
      await t.apply(t.make.pod('held', { grace: 2, metadata: { finalizers: [HOLD] } }));
      await t.untilReady('held');
      const startup = await t.startup();
      const run = await t.plugin(['pod', 'held', '-y', '--timeout=5s', '-o', 'json']);
      ended(run, 4, 'still-there', { held: 'still-there' });
      between(run.ms - startup, 4500, 6000, 'real milliseconds beside those of a start');
      const target = targetOf(run);
      between((Date.parse(reportOf(run).finishedAt) - Date.parse(target.requestedAt ?? '')) / 1000, 5, 6, 'seconds from the request to the end');
      const [reason] = target.waitingOn;
      assert.deepEqual([reason?.kind, reason?.name], ['finalizer', HOLD]);
      assert.ok(target.findings.some((f) => f.check === 'finalizers' && f.severity === 'warning' && f.data['finalizer'] === HOLD), 'warned before');
      assert.equal(reportOf(run).goesOn, true);
      assert.equal(reportOf(run).deletionRequested, true);
      assert.deepEqual((await t.theObject('Pod', 'held')).metadata.finalizers, [HOLD], 'the finalizer was not touched');
    },
  }),
  scenario({
    id: 'S1',
    name: 'once its controller has removed the finalizer the pod goes, and the run that waited sees it, with the codes from before',
    run: async (t) => {
      await t.apply(t.make.pod('held', { grace: 2, metadata: { finalizers: [HOLD] } }));
      await t.untilReady('held');
      const running = t.start(['pod', 'held', '-y', '-o', 'ndjson']);
      await running.shows(/"waiting-for-finalizers"/);
      await t.release('held');
      const run = await running.done;
      ended(run, 0, 'deleted');
      assert.deepEqual(endsOf(targetOf(run)), [['app', 143, 'ended-by-stop-signal']]);
    },
  }),
  scenario({
    id: 'S3',
    name: 'a pod on a node that does not answer: warned before, exit 4 at --timeout, with the node named',
    needs: ['kubelet-fault'],
    serial: true,
    run: async (t) => {
      await t.apply(t.make.pod('cut-off', { grace: 2 }));
      await t.untilReady('cut-off');
      const node = (await t.theObject('Pod', 'cut-off')).spec?.nodeName;
      t.defer(t.faults.thawNode);
      await t.faults.freezeNode();
      const check = await t.untouched('cut-off');
      const asks = await t.plugin(['pod', 'cut-off', '-o', 'json']);
      ended(asks, 3, 'declined');
      const found = findingOf(targetOf(asks), 'node-not-ready');
      assert.deepEqual([found.check, found.severity, found.data['node']], ['node-readiness', 'warning', node]);
      await check();
      const run = await t.plugin(['pod', 'cut-off', '-y', '--timeout=4s', '-o', 'json']);
      ended(run, 4, 'still-there');
      const target = targetOf(run);
      assert.ok(target.waitingOn.some((w) => w.kind === 'node' && w.name === node), `the node is named: ${JSON.stringify(target.waitingOn)}`);
      assert.ok(target.containers.every((c) => c.exitCode === null), 'no code is guessed');
    },
  }),
  scenario({
    id: 'S3',
    name: "a StatefulSet's pod on a node that does not answer is not forced away: refused, because nothing proves that its process has ended",
    needs: ['kubelet-fault'],
    serial: true,
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1));
      await t.untilSetReady('StatefulSet', 'db', 1);
      t.defer(t.faults.thawNode);
      await t.faults.freezeNode();
      const run = await t.plugin(['pod', 'db-0', '--force', '--grace-period=0', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      assert.equal(findingOf(targetOf(run), 'forced-identity').severity, 'blocker');
    },
  }),
  ...[
    { what: 'while the containers still stop', killAfterMs: 500, awayMs: 1500 },
    { what: 'and stays away until after the containers have ended', killAfterMs: 500, awayMs: 6000 },
    { what: 'as soon as the DELETE was accepted', killAfterMs: 0, awayMs: 500 },
  ].map(({ what, killAfterMs, awayMs }) =>
    scenario({
      id: 'E7',
      name: `the API server is killed ${what}, and started again: the right end, with the right codes`,
      needs: ['apiserver-fault'],
      serial: true,
      run: async (t) => {
        await t.apply(
          t.make.pod('through', {
            grace: 5,
            containers: [
              { name: 'clean', command: onTerm(0, 'sleep 3; ') },
              { name: 'stubborn', command: ignoresTerm },
            ],
          }),
        );
        await t.untilReady('through');
        const running = t.start(['pod', 'through', '-y', '-o', 'ndjson', '--timeout=60s'], { timeoutMs: 90_000 });
        await running.shows(/"accepted"/);
        await sleep(killAfterMs);
        t.defer(t.faults.startApiserver);
        await t.faults.killApiserver();
        await sleep(awayMs);
        await t.faults.startApiserver();
        const run = await running.done;
        ended(run, 0, 'deleted');
        assert.deepEqual(endsOf(targetOf(run)), [
          ['clean', 0, 'exited-cleanly'],
          ['stubborn', 137, 'killed-after-grace-period'],
        ]);
      },
    }),
  ),
];
