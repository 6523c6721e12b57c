/** Signals: the process ends at once, and the report says whether the deletion goes on. */
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ignoresTerm } from '../manifests.ts';
import { between, ended, reportOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

/** What ends at once takes no longer than this, and no longer than a start on a machine that has much to do. */
const SOON_MS = 1500;

export const signals = [
  ...([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const).map(([signal, code]) =>
    scenario({
      id: 'signals',
      name: `${signal} while it waits: exit ${code} at once, and the report says that the deletion goes on`,
      run: async (t) => {
        await t.apply(t.make.pod('waiting', { grace: 8, containers: [{ command: ignoresTerm }] }));
        await t.untilReady('waiting');
        const soon = Math.max(SOON_MS, await t.startup());
        const running = t.start(['pod', 'waiting', '-y', '-o', 'ndjson']);
        await running.shows(/"accepted"/);
        const from = performance.now();
        running.kill(signal);
        const run = await running.done;
        between(performance.now() - from, 0, soon, 'milliseconds from the signal to the end');
        ended(run, code, 'interrupted', { waiting: 'interrupted' });
        assert.deepEqual([reportOf(run).deletionRequested, reportOf(run).goesOn], [true, true]);
        assert.notEqual((await t.theObject('Pod', 'waiting')).metadata.deletionTimestamp, undefined);
      },
    }),
  ),
  scenario({
    id: 'signals',
    name: 'SIGINT before the plan: exit 130 at once, and nothing was requested',
    run: async (t) => {
      // A server that takes every request and never answers.
      const server = createServer(() => undefined);
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      t.defer(() => {
        server.closeAllConnections();
        server.close();
      });
      const soon = Math.max(SOON_MS, await t.startup());
      const asked = new Promise((resolve) => server.once('request', resolve));
      const running = t.start(['pod', 'any', '-y', '-o', 'json', '--server', `http://127.0.0.1:${(server.address() as AddressInfo).port}`]);
      await asked;
      const from = performance.now();
      running.kill('SIGINT');
      const run = await running.done;
      between(performance.now() - from, 0, soon, 'milliseconds from the signal to the end');
      assert.equal(run.code, 130);
      assert.deepEqual([reportOf(run).deletionRequested, reportOf(run).goesOn], [false, false]);
    },
  }),
  scenario({
    id: 'signals',
    name: 'a reader that goes away, as in | head -1, ends it without a word of its own, and the deletion goes on',
    run: async (t) => {
      await t.apply(t.make.pod('piped', { grace: 3, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('piped');
      const run = await t.plugin(['pod', 'piped', '-y', '-o', 'ndjson'], { closeAfterLines: 3, timeoutMs: 30_000 });
      assert.equal(run.code, 141);
      assert.doesNotMatch(run.stderr, /EPIPE|internal error/);
      await t.untilGone('piped');
    },
  }),
];
