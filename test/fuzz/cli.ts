/** npm run fuzz -- [--runs N] [--seed S]: N random inputs for every parser from seed S (default: one that is printed). Exit 1 when one failed. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { fuzz } from './fuzz.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' } } });
const seed = Number(values.seed ?? randomInt(1_000_000_000));
const runs = Number(values.runs ?? (values.seed === undefined ? 2000 : 1));
const begun = performance.now();
console.log(`${runs} inputs for each parser from seed ${seed}`);
const { cases, failures } = await fuzz(seed, runs);
for (const { subject, seed: at, why } of failures.slice(0, 20)) console.log(`${subject}: npm run fuzz -- --seed ${at} --runs 1\n${why}`);
console.log(`${cases} inputs from seed ${seed}: ${failures.length} failed; ${((performance.now() - begun) / 1000).toFixed(1)} s`);
process.exitCode = failures.length === 0 ? 0 : 1;
