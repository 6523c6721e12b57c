/** How the changes of a run are shown to people. */
import type { Event } from '../../events/event.ts';
import type { RunState } from '../fold.ts';
import type { PrinterWorld } from '../printer.ts';
import { writeLines, type Line } from './line.ts';
import { changeLines } from './progress.ts';

export interface ProgressView {
  /** There is a plan: changes may follow. */
  readonly prepare: () => void;
  /** Lines that stay. */
  readonly say: (lines: readonly Line[]) => void;
  readonly change: (before: RunState, event: Event, after: RunState) => void;
  /** The last state; gives the terminal back. */
  readonly close: (after: RunState) => Promise<void>;
}

/** A line a change, for logs and for terminals that cannot redraw. */
export const plainView = (world: PrinterWorld, color: boolean): ProgressView => {
  const say = (lines: readonly Line[]): void => writeLines(world.stderr, lines, color);
  return { prepare: () => undefined, say, change: (before, event, after) => say(changeLines(before, event, after)), close: () => Promise.resolve() };
};
