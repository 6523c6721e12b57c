/** What scripts read: with -o stdout holds the result and nothing else. */
import assert from 'node:assert/strict';
import { ended, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const output = [
  ...(['json', 'yaml', 'ndjson'] as const).map((format) =>
    scenario({
      id: 'output',
      name: `-o ${format}: stdout holds the report and nothing else, for a deletion, a refusal and a question that nobody can answer`,
      run: async (t) => {
        // What stdout holds, and that its code is the process's, plugin() itself checks.
        await t.apply(t.make.pod('goes', { grace: 2 }), t.make.pod('stays'));
        await t.untilReady('goes', 'stays');
        ended(await t.plugin(['pod', 'stays', '-o', format]), 3, 'declined');
        ended(await t.plugin(['pod', 'goes', '-y', `--output=${format}`]), 0, 'deleted');
        ended(await t.plugin(['pod', 'goes', '-o', format]), 6, 'not-found');
        const refused = await t.plugin(['pod', 'stays', '--now', '--grace-period=3', '-o', format]);
        assert.equal(refused.code, 1);
        assert.deepEqual(reportOf(refused).targets, []);
      },
    }),
  ),
  scenario({
    id: 'output',
    name: '-o name prints the name of what is gone, of what was accepted, of what would go, and nothing else',
    run: async (t) => {
      const names = ['gone', 'accepted', 'planned', 'asked'];
      await t.apply(...names.map((name) => t.make.pod(name, { grace: 2 })));
      await t.untilReady(...names);
      const gone = await t.plugin(['pod', 'gone', '-y', '-o', 'name']);
      assert.deepEqual([gone.code, gone.stdout], [0, 'pod/gone\n']);
      const accepted = await t.plugin(['pod', 'accepted', '-y', '--wait=false', '-o', 'name']);
      assert.deepEqual([accepted.code, accepted.stdout], [0, 'pod/accepted\n']);
      const planned = await t.plugin(['pod', 'planned', '-y', '--dry-run=client', '-o', 'name']);
      assert.deepEqual([planned.code, planned.stdout], [0, 'pod/planned\n']);
      const asked = await t.plugin(['pod', 'asked', '-o', 'name']);
      assert.deepEqual([asked.code, asked.stdout], [3, '']);
      const missing = await t.plugin(['pod', 'missing', '-o', 'name']);
      assert.deepEqual([missing.code, missing.stdout], [6, '']);
    },
  }),
  scenario({
    id: 'output',
    name: 'for people the result is on stdout, the conversation on stderr',
    run: async (t) => {
      await t.apply(t.make.pod('told', { grace: 2 }));
      await t.untilReady('told');
      const asked = await t.plugin(['pod', 'told']);
      assert.equal(asked.code, 3);
      assert.match(asked.stderr, /No controller owns pod told/);
      const run = await t.plugin(['pod', 'told', '-y']);
      assert.match(run.stdout, /deleted/);
    },
  }),
  scenario({
    id: 'output',
    name: 'the report says where: context, server, user and namespace, and the plan shows them to people',
    run: async (t) => {
      await t.apply(t.make.pod('where'));
      await t.untilReady('where');
      const run = await t.plugin(['pod', 'where', '--dry-run=client', '-o', 'json']);
      const { context, serverVersion } = reportOf(run);
      assert.equal(context.namespace, t.namespace);
      assert.equal(context.server, t.api.server);
      assert.match(serverVersion ?? '', /^v1\./);
      const words = await t.plugin(['pod', 'where', '--dry-run=client']);
      const said = words.stdout + words.stderr;
      assert.ok(said.includes(t.namespace) && said.includes(new URL(t.api.server).host), 'the plan shows the namespace and the host');
      assert.equal(targetOf(run).ref.namespace, t.namespace);
    },
  }),
];
