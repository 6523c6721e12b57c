/** What a person sees: recorded runs through the real printer on a real terminal, against test/golden/screens. `npm run screens` writes them again. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import { hasTmux, record } from './record.ts';
import { SCREENS } from './screens.ts';

const folder = new URL('../golden/screens/', import.meta.url);
const updating = process.env['UPDATE_GOLDEN'] === '1';
const tmux = await hasTmux();
if (!tmux) console.log(`screens: ${SCREENS.length} skipped: there is no tmux`);
if (updating) mkdirSync(folder, { recursive: true });

describe('screens', { concurrency: 2, timeout: 600_000 }, () => {
  for (const screen of SCREENS)
    test(screen.name, { skip: tmux ? false : 'there is no tmux' }, async () => {
      const file = new URL(`${screen.name}.txt`, folder);
      const now = await record(screen);
      if (updating) writeFileSync(file, now);
      else assert.equal(now, readFileSync(file, 'utf8'), 'read the difference; if it is meant: npm run screens');
    });
});

test('there is no screen without a run', () => {
  assert.deepEqual(readdirSync(folder).toSorted(), SCREENS.map((s) => `${s.name}.txt`).toSorted());
});
