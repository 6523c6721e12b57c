/**
 * The one area on the terminal that is drawn again and again. The one file that imports ora, which is only asked to draw: the frame and
 * the time are ours (ora's own timer would run beside a driven clock), its hooks on the process's streams, its cursor hiding with a
 * signal handler, and its raw mode on standard input (`discardStdin`) stay off.
 */
import ora from 'ora';
import type { Sink } from '../../model/world.ts';
import { toned } from './color.ts';

export interface Area {
  /** Replaces what the area shows. */
  readonly draw: (text: string, frame: number) => void;
  /** Writes text that stays, above the area. */
  readonly above: (text: string) => void;
  /** Replaces the area by its last state, which stays, and gives the cursor back. */
  readonly close: (text: string) => void;
}

const FRAMES = '⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏';
const HIDE_CURSOR = '\u001b[?25l';
const SHOW_CURSOR = '\u001b[?25h';

/** What ora uses of a terminal's stream, on top of a Sink. */
const streamOf = (sink: Sink): NodeJS.WritableStream =>
  ({
    isTTY: true,
    get columns() {
      return sink.columns();
    },
    get rows() {
      return sink.rows();
    },
    write: (text: string) => {
      sink.write(text);
      return true;
    },
    cursorTo: (column: number) => sink.write(`\u001b[${column + 1}G`),
    moveCursor: (_columns: number, rows: number) => sink.write(rows < 0 ? `\u001b[${-rows}A` : `\u001b[${rows}B`),
    clearLine: () => sink.write('\u001b[2K'),
    once: () => undefined,
    removeListener: () => undefined,
  }) as unknown as NodeJS.WritableStream;

/** An area at the bottom of the terminal that the sink is. */
export const openArea = (sink: Sink, color: boolean): Area => {
  const spinner = ora({ stream: streamOf(sink), isEnabled: true, discardStdin: false, hideCursor: false, color: false, spinner: { interval: 80, frames: ['-'] } });
  sink.write(HIDE_CURSOR);
  return {
    draw: (text, frame) => {
      const symbol = FRAMES.charAt(frame % FRAMES.length);
      spinner.spinner = { interval: 80, frames: [toned(symbol, 'dim', color)] };
      spinner.text = text;
      spinner.render();
    },
    above: (text) => {
      spinner.clear();
      sink.write(text);
    },
    close: (text) => {
      if (text === '') spinner.stop();
      else spinner.stopAndPersist({ symbol: '', text });
      sink.write(SHOW_CURSOR);
    },
  };
};
