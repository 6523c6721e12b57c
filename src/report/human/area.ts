/**
 * The one area on the terminal that is drawn again and again. The one file that imports ora, which is only asked to draw: the frame and
 * the time are ours (ora's own timer would run beside a driven clock), its hooks on the process's streams, its cursor hiding with a
 * signal handler, and its raw mode on standard input (`discardStdin`) stay off.
 */
import ora from 'ora';
import { stringWidth } from '../../model/string-width.ts';
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

// oxlint-disable-next-line no-control-regex -- our own colours
const SEQUENCES = /\u001b\[[\d;]*m/gu;

/** Rows of the terminal that a text takes. */
const rowsOf = (text: string, columns: number): number =>
  text.replaceAll(SEQUENCES, '').split('\n').reduce((rows, line) => rows + Math.max(1, Math.ceil(stringWidth(line) / columns)), 0);

/** An area at the bottom of the terminal that the sink is. */
export const openArea = (sink: Sink, color: boolean): Area => {
  const spinner = ora({ stream: streamOf(sink), isEnabled: true, discardStdin: false, hideCursor: false, color: false, spinner: { interval: 80, frames: ['-'] } });
  let drawn: { readonly text: string; readonly columns: number } | null = null;
  /**
   * A terminal that changes its width wraps what stands on it anew, so the area takes other rows than ora remembers: it would leave some, or
   * take away lines above. So the area is taken away here, and the cursor put where ora expects it.
   */
  const followResize = (): void => {
    const columns = sink.columns();
    if (drawn === null || columns === undefined || columns === drawn.columns) return;
    const [remembered, taken] = [rowsOf(drawn.text, drawn.columns), rowsOf(drawn.text, columns)];
    if (remembered !== taken) sink.write(`\r${taken > 1 ? `\u001b[${taken - 1}A` : ''}\u001b[J${'\n'.repeat(remembered - 1)}`);
    drawn = { text: drawn.text, columns };
  };
  sink.write(HIDE_CURSOR);
  return {
    draw: (text, frame) => {
      followResize();
      const symbol = FRAMES.charAt(frame % FRAMES.length);
      spinner.spinner = { interval: 80, frames: [toned(symbol, 'dim', color)] };
      spinner.text = text;
      spinner.render();
      const columns = sink.columns();
      drawn = columns === undefined ? null : { text: `- ${text}`, columns };
    },
    above: (text) => {
      followResize();
      drawn = null;
      spinner.clear();
      sink.write(text);
    },
    close: (text) => {
      followResize();
      if (text === '') spinner.stop();
      else spinner.stopAndPersist({ symbol: '', text });
      sink.write(SHOW_CURSOR);
    },
  };
};
