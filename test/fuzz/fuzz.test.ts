/** Some random inputs with a fresh seed each time. More: npm run fuzz -- --runs 10000. */
import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { test } from 'node:test';
import { fuzz } from './fuzz.ts';

const RUNS = 60;
const seed = Number(process.env['SEED'] ?? randomInt(1_000_000_000));

test(`${RUNS} random inputs for each parser from seed ${seed} end in a result or a sentence (npm run fuzz -- --seed N replays one)`, async () => {
  const { failures } = await fuzz(seed, RUNS);
  assert.deepEqual(failures, []);
});
