/** What the user sees of a run: one printer an output format. Printers get every event as it comes, and the report when the run is over. */
import type { Event } from '../events/event.ts';
import { unreachable } from '../model/unreachable.ts';
import type { World } from '../model/world.ts';
import type { ColorMode, OutputFormat } from '../options/options.ts';
import { humanPrinter } from './human/printer.ts';
import { jsonPrinter } from './json/json.ts';
import { ndjsonPrinter } from './json/ndjson.ts';
import { namePrinter } from './name.ts';
import type { DeletionReport, RunHeader } from './wire.ts';

export interface Printer {
  /** Never throws and never waits. */
  readonly on: (event: Event) => void;
  /** Called once, at the end, also of a run that failed: writes the result and gives the terminal back. */
  readonly finish: (report: DeletionReport) => Promise<void>;
}

export interface PrinterOptions {
  readonly output: OutputFormat;
  readonly color: ColorMode;
  readonly plain: boolean;
  readonly dryRun: 'none' | 'client' | 'server';
}

export type PrinterWorld = Pick<World, 'stdout' | 'stderr' | 'clock' | 'env'>;

/** The printer for these options. What is large (YAML, the spinner, tables) is loaded when it is needed. */
export const openPrinter = async (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Promise<Printer> => {
  switch (options.output) {
    case 'human':
      return humanPrinter(options, world, header);
    case 'json':
      return jsonPrinter(options, world, header);
    case 'ndjson':
      return ndjsonPrinter(options, world, header);
    case 'yaml':
      return (await import('./json/yaml.ts')).yamlPrinter(options, world, header);
    case 'name':
      return namePrinter(options, world, header);
    default:
      return unreachable(options.output);
  }
};
