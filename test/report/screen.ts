/** A terminal as far as the live view needs one: what is on the screen after all that was written, and whether the cursor shows. */
import { stringWidth } from '../../src/model/string-width.ts';

export interface Screen {
  /** Lines from the top, without trailing spaces. */
  readonly lines: readonly string[];
  readonly cursorShown: boolean;
}

// oxlint-disable-next-line no-control-regex -- a terminal reads escape sequences
const TOKEN = /\u001b\[(\??[\d;]*)([A-Za-z])|\r\n|\n|\r|[^\u001b\r\n]/gu;

/** Plays the text. A sequence that this terminal does not know fails the test. */
export const screenOf = (text: string, columns: number): Screen => {
  const grid: string[][] = [[]];
  let row = 0;
  let column = 0;
  let cursorShown = true;
  const rowAt = (y: number): string[] => {
    while (grid.length <= y) grid.push([]);
    return grid[y] ?? [];
  };
  for (const token of text.matchAll(TOKEN)) {
    const [whole, parameter = '', final] = token;
    const count = Number(parameter === '' ? 1 : parameter);
    if (final === undefined) {
      if (whole === '\n' || whole === '\r\n') {
        row += 1;
        column = 0;
      } else if (whole === '\r') column = 0;
      else {
        const width = Math.max(1, stringWidth(whole));
        if (column + width > columns) {
          row += 1;
          column = 0;
        }
        const cells = rowAt(row);
        while (cells.length < column) cells.push(' ');
        cells[column] = whole;
        for (let i = 1; i < width; i++) cells[column + i] = '';
        column += width;
      }
    } else if (final === 'A') row = Math.max(0, row - count);
    else if (final === 'G') column = count - 1;
    else if (final === 'K') grid[row] = [];
    else if (final === 'l' || final === 'h') {
      if (parameter === '?25') cursorShown = final === 'h';
      else if (parameter !== '?2026') throw new Error(`unknown mode ${whole.slice(1)}`);
    } else if (final !== 'm') throw new Error(`unknown sequence ${whole.slice(1)}`);
  }
  return { lines: Array.from(grid, (cells) => Array.from(cells, (c) => c).join('').trimEnd()), cursorShown };
};
