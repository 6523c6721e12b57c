/** One run as it is told: its events folded, shown to the printer, and ended with the report, in whatever form somebody wants it. */
import { isAbsolute, join } from 'node:path';
import type { Event } from '../events/event.ts';
import type { World } from '../model/world.ts';
import type { ReportFile } from '../options/options.ts';
import { annotationLines } from '../report/ci/github.ts';
import { emptyRun, step } from '../report/fold.ts';
import type { Printer } from '../report/printer.ts';
import { reportOf } from '../report/report.ts';
import type { DeletionReport, RunHeader } from '../report/wire.ts';

/** In characters: GitHub takes 1 MiB a step. */
const LONGEST_SUMMARY = 250_000;

export interface Told {
  readonly reports: readonly ReportFile[];
  readonly warningsAsErrors: boolean;
}

export class Session {
  #state;
  #reports: readonly ReportFile[];
  readonly #printer: Printer;
  readonly #world: World;
  readonly #told: Told;

  constructor(printer: Printer, header: RunHeader, world: World, told: Told) {
    this.#state = emptyRun(header);
    this.#reports = told.reports;
    this.#printer = printer;
    this.#world = world;
    this.#told = told;
  }

  readonly emit = (event: Event): void => {
    this.#state = step(this.#state, event);
    this.#printer.on(event);
  };

  #report(): DeletionReport {
    return reportOf(this.#state, this.#world.clock.now());
  }

  #fail(code: string, message: string, remedy: string | null): void {
    this.emit({ type: 'error', at: this.#world.clock.now(), code, message, remedy });
  }

  async #write(): Promise<string | null> {
    if (this.#reports.length === 0) return null;
    const { writeReports } = await import('../report/ci/files.ts');
    const { problem, written } = await writeReports(this.#reports, this.#report(), this.#world.files, (path) => (isAbsolute(path) ? path : join(this.#world.workingDirectory, path)));
    this.#reports = written;
    return problem;
  }

  /**
   * Opens the files of --report. They then say of the run that it ended before its end, which stays so when the process is killed. False:
   * one cannot be written, and nothing may be deleted.
   */
  async open(): Promise<boolean> {
    const problem = await this.#write();
    if (problem === null) return true;
    this.#fail('report-file', problem, 'Nothing was deleted. Name a file in a folder that exists and that you may write to.');
    return false;
  }

  /** Prints the report in every form, and gives its exit code. */
  async end(): Promise<number> {
    // In kubectl's words (pkg/cmd/cmd.go). Only where the run would have succeeded: its own reason tells more.
    const { length } = this.#state.apiWarnings;
    if (this.#told.warningsAsErrors && length > 0 && this.#report().exitCode === 0) this.#fail('warnings-as-errors', `${length} warning${length === 1 ? '' : 's'} received`, null);
    const problem = await this.#write();
    if (problem !== null) this.#fail('report-file', problem, null);
    const report = this.#report();
    await this.#printer.finish(report);
    if (this.#world.env['GITHUB_ACTIONS'] === 'true') await this.#tellGitHub(report);
    return report.exitCode;
  }

  /** On stderr, whatever -o says: standard output holds the result and nothing else, and the runner reads both. */
  async #tellGitHub(report: DeletionReport): Promise<void> {
    for (const line of annotationLines(report)) this.#world.stderr.write(`${line}\n`);
    const summary = this.#world.env['GITHUB_STEP_SUMMARY'] ?? '';
    if (summary === '') return;
    try {
      const { markdownOf } = await import('../report/ci/markdown.ts');
      await this.#world.files.append(summary, markdownOf(report).slice(0, LONGEST_SUMMARY));
    } catch {
      // A summary is a courtesy: its failure is none of the run's.
    }
  }
}
