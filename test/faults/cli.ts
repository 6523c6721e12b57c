/** npm run faults -- [--runs N] [--seed S]: N random runs from seed S (default: one that is printed). Exit 1 when a promise was broken. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { playSeed } from './model.ts';

const { values } = parseArgs({ options: { runs: { type: 'string' }, seed: { type: 'string' }, verbose: { type: 'boolean', default: false } } });
const first = Number(values.seed ?? randomInt(1_000_000_000));
const runs = Number(values.runs ?? (values.seed === undefined ? 1000 : 1));
const begun = performance.now();
const codes = new Map<number | null, number>();
const outcomes = new Map<string, number>();
let violations = 0;
let met = 0;
console.log(`${runs} runs from seed ${first}`);
for (let seed = first; seed < first + runs; seed += 1) {
  const run = await playSeed(seed);
  codes.set(run.exitCode, (codes.get(run.exitCode) ?? 0) + 1);
  if (run.broken.length > 0) violations += 1;
  if (run.met > 0) met += 1;
  for (const { outcome } of run.report?.targets ?? []) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (run.broken.length > 0 || values.verbose) {
    console.log(`seed ${seed}: kubectl safe-delete ${run.argv.join(' ')} → ${String(run.exitCode)} after ${Math.round(run.took)} ms`);
    for (const line of run.script) console.log(`    ${line}`);
    for (const line of run.broken) console.log(`  BROKEN ${line}`);
    if (values.verbose) console.log(run.stderr, run.report === null ? '' : JSON.stringify(run.report.targets.map((t) => [t.ref.name, t.outcome, t.error?.message])), run.report?.error ?? '');
  }
}
const seconds = (performance.now() - begun) / 1000;
console.log(`exit codes: ${[...codes].toSorted(([a], [b]) => (a ?? -1) - (b ?? -1)).map(([code, n]) => `${String(code)}: ${n}`).join(', ')}`);
console.log(`outcomes: ${[...outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([outcome, n]) => `${outcome}: ${n}`).join(', ')}`);
console.log(`${runs} runs from seed ${first}: ${violations} with a broken promise; ${met} met a fault; ${seconds.toFixed(1)} s`);
process.exitCode = violations === 0 ? 0 : 1;
