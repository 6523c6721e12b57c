/** --exit-code-from and --require-clean-exit: the ends of containers as the end of the run. */
import assert from 'node:assert/strict';
import { ended, reportOf } from '../reading.ts';
import { ignoresTerm, onTerm } from '../manifests.ts';
import { scenario } from '../scenario.ts';

export const containerCodes = [
  scenario({
    id: 'E7',
    name: "with --exit-code-from the run ends with that container's code, and the report says whose it is",
    run: async (t) => {
      await t.apply(t.make.pod('two', { grace: 5, containers: [{ name: 'job', command: onTerm(7) }, { name: 'proxy', command: onTerm(0) }] }));
      await t.untilReady('two');
      const check = await t.untouched('two');
      const unknown = await t.plugin(['pod', 'two', '-y', '--exit-code-from', 'nobody', '-o', 'json']);
      ended(unknown, 1, 'failed');
      assert.equal(reportOf(unknown).error?.code, 'unknown-container');
      await check();
      const run = await t.plugin(['pod', 'two', '-y', '--exit-code-from', 'job', '-o', 'json']);
      ended(run, 7, 'deleted');
      assert.equal(reportOf(run).exitCodeFrom, 'job');
    },
  }),
  scenario({
    id: 'E7',
    name: '--require-clean-exit is 8 when a container had to be killed, and 0 when all ended by themselves or by their stop signal',
    run: async (t) => {
      await t.apply(t.make.pod('deaf', { grace: 2, containers: [{ name: 'app', command: ignoresTerm }] }));
      await t.apply(t.make.pod('polite', { grace: 5, containers: [{ name: 'app', command: onTerm(0) }, { name: 'proxy', command: onTerm(143) }] }));
      await t.untilReady('deaf');
      await t.untilReady('polite');
      const killed = await t.plugin(['pod', 'deaf', '-y', '--require-clean-exit']);
      assert.equal(killed.code, 8);
      assert.match(killed.stdout, /Exit code 8: a container ended badly/);
      ended(await t.plugin(['pod', 'polite', '-y', '--require-clean-exit', '-o', 'json']), 0, 'deleted');
    },
  }),
];
