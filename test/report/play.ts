/** Plays a recorded run to a printer, in driven time. */
import type { ColorMode, OutputFormat } from '../../src/options/options.ts';
// Loaded beforehand, so that the live view opens in driven time.
import '../../src/report/human/live.ts';
import { emptyRun, step } from '../../src/report/fold.ts';
import { openPrinter } from '../../src/report/printer.ts';
import { reportOf } from '../../src/report/report.ts';
import type { DeletionReport } from '../../src/report/wire.ts';
import type { RecordedRun } from './runs/made.ts';
import { fakeWorld, type FakeWorld } from './world.ts';

export interface Played {
  readonly report: DeletionReport;
  readonly world: FakeWorld;
}

export interface Stage {
  readonly output: OutputFormat;
  readonly color: ColorMode;
  readonly plain: boolean;
  /** undefined: no terminal. */
  readonly columns: number | undefined;
  readonly rows?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Times at which `look` is called. */
  readonly moments?: readonly number[];
  readonly look?: (at: number, world: FakeWorld) => void;
}

/** The report of a recorded run, by the one fold. */
export const reportOfRun = (run: RecordedRun): DeletionReport => reportOf(run.events.reduce(step, emptyRun(run.header)), run.finishedAt);

export const play = async (run: RecordedRun, stage: Stage): Promise<Played> => {
  const world = fakeWorld(stage.columns, run.header.startedAt, stage.env ?? {}, stage.rows);
  const printer = await openPrinter({ output: stage.output, color: stage.color, plain: stage.plain, dryRun: run.dryRun }, world, run.header);
  const moments = [...(stage.moments ?? [])];
  const reach = async (until: number): Promise<void> => {
    for (let next = moments[0]; next !== undefined && next <= until; next = moments[0]) {
      await world.clock.advanceTo(next);
      stage.look?.(next, world);
      moments.shift();
    }
    await world.clock.advanceTo(until);
  };
  for (const event of run.events) {
    await reach(event.at);
    printer.on(event);
  }
  await reach(run.finishedAt);
  const report = reportOfRun(run);
  await printer.finish(report);
  return { report, world };
};
