/** Many objects in one run: an exact account of each, and few requests besides their DELETEs. */
import assert from 'node:assert/strict';
import { inParallel } from '../../../src/model/in-parallel.ts';
import { ended, reportOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const COUNT = 1000;

export const many = [
  scenario({
    id: 'D2',
    name: 'a thousand objects of which some are held and some never existed: exit 7, and an outcome for each',
    needs: ['audit'],
    serial: true,
    run: async (t) => {
      const where = { apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace };
      const names = Array.from({ length: COUNT }, (_, i) => `c-${i}`);
      const held = names.filter((_, i) => i % 40 === 7);
      const never = Array.from({ length: 25 }, (_, i) => `never-${i}`);
      await inParallel(names, 32, async (name) => {
        await t.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...(held.includes(name) ? { finalizers: ['scenario.example/hold'] } : {}) } });
      });
      t.defer(async () => {
        await inParallel(held, 16, async (name) => {
          await t.api.patch(where, name, { metadata: { finalizers: null } });
        });
      });
      const since = t.auditMark();
      const run = await t.plugin(['configmap', ...names, ...never, '-y', '--timeout=15s', '-o', 'json'], { timeoutMs: 240_000 });
      ended(run, 7, 'mixed');
      const { summary, targets } = reportOf(run);
      assert.deepEqual([summary['targets'], summary['deleted'], summary['still-there'], summary['not-found']], [COUNT + never.length, COUNT - held.length, held.length, never.length]);
      for (const { ref, outcome } of targets) assert.equal(outcome, never.includes(ref.name) ? 'not-found' : held.includes(ref.name) ? 'still-there' : 'deleted', ref.name);
      const requests = await since();
      const deletes = requests.filter((r) => r.verb === 'delete' && !r.dryRun);
      assert.equal(new Set(deletes.map((r) => r.name)).size, COUNT, 'one DELETE each');
      assert.ok(deletes.every((r) => (r.body as { readonly preconditions?: { readonly uid?: string } } | null)?.preconditions?.uid !== undefined), 'each with its uid');
      const first = requests.findIndex((r) => r.verb === 'delete' && !r.dryRun);
      const before = requests.slice(0, first).filter((r) => !r.dryRun && !/[?&]continue=/u.test(r.requestURI));
      const kinds = new Map<string, number>();
      for (const r of before) kinds.set(`${r.verb} ${r.resource}`, (kinds.get(`${r.verb} ${r.resource}`) ?? 0) + 1);
      assert.ok(before.length <= COUNT / 10, `${before.length} requests before the first DELETE, pages and dry runs aside: ${[...kinds].map(([what, count]) => `${count} ${what}`).join(', ')}`);
    },
  }),
];
