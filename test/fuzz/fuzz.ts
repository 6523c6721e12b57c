/** Plays random inputs to the parsers, with a limit for each: who hangs is named by a thread of its own. */
import { Worker } from 'node:worker_threads';
import { randomOf } from '../truth/random.ts';
import { subjects } from './subjects.ts';

export interface Failure {
  readonly subject: string;
  readonly seed: number;
  readonly why: string;
}

/** Longer than any input of 20 KB may take, on a machine that has much to do. */
const LIMIT_MS = 10_000;

/** Ends the process, with what hung, when the counter stands still. */
const watchdog = (): { readonly begin: (subject: number, seed: number) => void; readonly stop: () => Promise<void> } => {
  const shared = new Int32Array(new SharedArrayBuffer(12));
  const names = Object.keys(subjects);
  const worker = new Worker(
    `const { workerData: { shared, names, limit } } = require('node:worker_threads');
     let last = -1, since = Date.now();
     setInterval(() => {
       const now = Atomics.load(shared, 0);
       if (now !== last) { last = now; since = Date.now(); return; }
       if (Date.now() - since < limit) return;
       require('node:fs').writeSync(2, 'HANGS: npm run fuzz -- --seed ' + Atomics.load(shared, 2) + ' --runs 1 (' + names[Atomics.load(shared, 1)] + ')\\n');
       process.kill(process.pid, 'SIGKILL');
     }, 200);`,
    { eval: true, workerData: { shared, names, limit: LIMIT_MS } },
  );
  worker.unref();
  return {
    begin: (subject, seed) => {
      Atomics.store(shared, 1, subject);
      Atomics.store(shared, 2, seed);
      Atomics.add(shared, 0, 1);
    },
    stop: async () => {
      await worker.terminate();
    },
  };
};

const shape = (): string => JSON.stringify([Object.prototype, Array.prototype, Function.prototype].map((p) => Object.getOwnPropertyNames(p)));

/** `runs` inputs for every subject, from this seed on. */
export const fuzz = async (first: number, runs: number): Promise<{ readonly cases: number; readonly failures: readonly Failure[] }> => {
  const failures: Failure[] = [];
  const clean = shape();
  const dog = watchdog();
  let cases = 0;
  for (let seed = first; seed < first + runs; seed += 1) {
    for (const [at, [subject, play]] of Object.entries(subjects).entries()) {
      dog.begin(at, seed);
      cases += 1;
      try {
        await play(randomOf(seed * 31 + at));
        if (shape() !== clean) throw new Error('a prototype was changed');
      } catch (error) {
        failures.push({ subject, seed, why: error instanceof Error ? (error.stack ?? error.message) : String(error) });
      }
    }
  }
  await dog.stop();
  return { cases, failures };
};
