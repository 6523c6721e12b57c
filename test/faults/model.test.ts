/** Some random runs with a fresh seed each time; a broken promise names its seed. More: npm run faults -- --runs 10000. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { playSeed } from './model.ts';

const RUNS = 120;
const first = Number(process.env['SEED'] ?? randomInt(1_000_000_000));

test(`${RUNS} random runs from seed ${first} keep every promise (npm run faults -- --seed N replays one)`, async (t) => {
  let met = 0;
  for (let seed = first; seed < first + RUNS; seed += 1) {
    const run = await playSeed(seed);
    if (run.met > 0) met += 1;
    assert.deepEqual(run.broken, [], `seed ${seed}: kubectl safe-delete ${run.argv.join(' ')}\n${run.script.join('\n')}`);
  }
  t.diagnostic(`${met} of them met a fault`);
  assert.ok(met > RUNS / 20, `only ${met} met a fault`);
});
