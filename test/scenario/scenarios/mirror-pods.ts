/** D6: a mirror pod is not what a deletion of it would stop. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ended, findingOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const mirrorPods = [
  scenario({
    id: 'D6',
    name: 'the mirror pod of a static pod is refused, whatever consent is given, with the way to stop it',
    needs: ['static-pod'],
    run: async (t) => {
      const folder = t.cluster.staticPodDir;
      assert.ok(folder !== null);
      const file = join(folder, `${t.namespace}.json`);
      const manifest = t.make.pod('static', { grace: 1 });
      writeFileSync(file, JSON.stringify({ ...manifest, metadata: { ...manifest.metadata, namespace: t.namespace } }));
      t.defer(async () => {
        rmSync(file, { force: true });
        await t.until('the mirror pod is gone', async () => (await t.pods()).length === 0);
      });
      const name = await t.until('the mirror pod is there', async () => (await t.pods())[0]?.metadata.name);
      await t.untilReady(name);
      const check = await t.untouched(name);
      for (const flags of [['-y'], ['--force', '--grace-period=0', '-y']]) {
        const run = await t.plugin(['pod', name, ...flags, '-o', 'json']);
        ended(run, 2, 'blocked');
        const found = findingOf(targetOf(run), 'static-pod');
        assert.deepEqual([found.check, found.severity], ['mirror-pod', 'blocker']);
        assert.match(found.remedy, /manifest/);
      }
      await check();
    },
  }),
];
