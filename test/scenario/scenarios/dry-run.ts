/** D3: the plan of a dry run is the plan of the run, and nothing is written: the API server's audit log says so. */
import assert from 'node:assert/strict';
import type { AuditedRequest } from '../cluster-under-test.ts';
import { ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];
const questions = ['authorization.k8s.io', 'authentication.k8s.io'];

/** Requests that would have changed something. */
const writes = (requests: readonly AuditedRequest[]): readonly AuditedRequest[] => requests.filter((r) => WRITES.includes(r.verb) && !r.dryRun && !questions.includes(r.apiGroup));

const modes: readonly { readonly flag: string; readonly asksServer: boolean }[] = [
  { flag: '--dry-run', asksServer: true },
  { flag: '--dry-run=server', asksServer: true },
  { flag: '--dry-run=client', asksServer: false },
  { flag: '--dry-run=true', asksServer: true },
];

export const dryRun = [
  ...modes.map(({ flag, asksServer }) =>
    scenario({
      id: 'D3',
      name: `${flag} ${asksServer ? 'asks the server with a dry-run DELETE' : 'only reads'}, and writes nothing: the audit log shows it`,
      needs: ['audit'],
      run: async (t) => {
        await t.apply(t.make.pod('bare'), t.make.deployment('web', 2));
        await t.untilSetReady('Deployment', 'web', 2);
        await t.untilReady('bare');
        const [owned] = await t.pods('app=web');
        const name = owned?.metadata.name ?? '';
        const check = await t.untouched('bare', name);
        const requests = t.auditMark();
        const asks = await t.plugin(['pod', flag, 'bare', '-o', 'json']);
        ended(asks, 3, 'would-ask', { bare: 'would-ask' });
        const goes = await t.plugin(['pod', flag, name, '-o', 'json']);
        ended(goes, 0, 'would-delete', { [name]: 'would-delete' });
        const yes = await t.plugin(['pod', flag, 'bare', name, '-y', '-o', 'json']);
        ended(yes, 0, 'would-delete', { bare: 'would-delete', [name]: 'would-delete' });
        const people = await t.plugin(['pod', flag, 'bare']);
        assert.equal(people.code, 3);
        for (const run of [asks, goes, yes]) assert.deepEqual([reportOf(run).dryRun, reportOf(run).deletionRequested], [true, false]);
        await check();
        const seen = await requests();
        assert.deepEqual(writes(seen), [], 'nothing was written');
        assert.equal(seen.some((r) => r.verb === 'get' && r.resource === 'pods'), true, 'the log shows the runs at all');
        assert.equal(seen.some((r) => r.verb === 'delete'), asksServer);
      },
    }),
  ),
  scenario({
    id: 'D3',
    name: '--dry-run=false and --dry-run=none are no dry run',
    run: async (t) => {
      await t.apply(t.make.pod('first', { grace: 2 }), t.make.pod('second', { grace: 2 }));
      await t.untilReady('first', 'second');
      ended(await t.plugin(['pod', 'first', '--dry-run=false', '-y', '-o', 'json']), 0, 'deleted');
      ended(await t.plugin(['pod', 'second', '--dry-run=none', '-y', '-o', 'json']), 0, 'deleted');
    },
  }),
  scenario({
    id: 'D3',
    name: 'a dry run of what is refused exits 2 and names the blocker',
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const check = await t.untouched('db-0');
      const run = await t.plugin(['pod', 'db-0', '--dry-run', '--force', '--grace-period=0', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      findingOf(targetOf(run), 'forced-identity');
      await check();
    },
  }),
  scenario({
    id: 'D3',
    name: 'an unknown --dry-run value deletes nothing and exits 1',
    run: async (t) => {
      await t.apply(t.make.pod('bare'));
      await t.untilReady('bare');
      const check = await t.untouched('bare');
      const run = await t.plugin(['pod', 'bare', '-y', '--dry-run=maybe', '-o', 'json']);
      assert.equal(run.code, 1);
      assert.equal(reportOf(run).error?.code, 'invalid-value');
      await check();
    },
  }),
];
