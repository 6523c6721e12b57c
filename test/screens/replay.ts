/** Inside the terminal: plays a recorded run to the real printer, in driven time, and waits at each moment until the screen was kept. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
// Loaded beforehand, so that the live view opens in driven time.
import '../../src/report/human/live.ts';
import type { Sink } from '../../src/model/world.ts';
import { openPrinter } from '../../src/report/printer.ts';
import { reportOfRun } from '../report/play.ts';
import { at } from '../report/runs/made.ts';
import { drivenClock } from '../report/world.ts';
import { runNamed, SCREENS } from './screens.ts';

const [name = '', folder = ''] = process.argv.slice(2);
const screen = SCREENS.find((s) => s.name === name);
if (screen === undefined) throw new Error(`no screen ${name}`);
const run = runNamed(screen.run);

const sinkOf = (stream: NodeJS.WriteStream): Sink => ({
  isTTY: true,
  columns: () => stream.columns,
  rows: () => stream.rows,
  write: (text) => stream.write(text),
});

const sleep = async (ms: number): Promise<void> => {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
};

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await sleep(10);
};

/** The terminal answers where its cursor is when it has taken everything that was written before. */
const taken = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    process.stdin.once('data', () => resolve());
    process.stdout.write('\u001b[6n');
  });
};

process.stdin.setRawMode(true);
process.stdin.resume();
const clock = drivenClock(run.header.startedAt);
const world = { stdout: sinkOf(process.stdout), stderr: sinkOf(process.stderr), clock, env: {} };
const printer = await openPrinter({ output: 'human', color: screen.color, plain: false, dryRun: run.dryRun }, world, run.header);

let shown = 0;
const show = async (): Promise<void> => {
  await taken();
  writeFileSync(join(folder, `shown-${shown}`), '');
  await until(() => existsSync(join(folder, `kept-${shown}`)));
  shown += 1;
};

const moments = [...screen.moments];
const reach = async (time: number): Promise<void> => {
  for (let next = moments[0]; next !== undefined && at(next) <= time; next = moments[0]) {
    await clock.advanceTo(at(next));
    await show();
    const { resize } = screen;
    if (resize !== null && resize.at === next) await until(() => process.stderr.columns === resize.columns && process.stdout.columns === resize.columns);
    moments.shift();
  }
  await clock.advanceTo(time);
};

for (const event of run.events) {
  await reach(event.at);
  printer.on(event);
}
await reach(run.finishedAt);
await printer.finish(reportOfRun(run));
await show();
process.exit(0);
