/** A terminal with colours: the cells that are on the screen after all that was written. */
import { stringWidth } from '../../src/model/string-width.ts';

export interface Cell {
  readonly char: string;
  readonly bold: boolean;
  readonly dim: boolean;
  /** The number of the foreground colour, 31 to 36; null: the default. */
  readonly color: number | null;
}

// oxlint-disable-next-line no-control-regex -- a terminal reads escape sequences
const TOKEN = /\u001b\[(\??[\d;]*)([A-Za-z])|\r\n|\n|\r|[^\u001b\r\n]/gu;

const blank: Cell = { char: ' ', bold: false, dim: false, color: null };

/** The lines of a terminal that is `columns` wide, from the top. Fails for what the printers do not send. */
export const cellsOf = (text: string, columns: number): readonly (readonly Cell[])[] => {
  const grid: Cell[][] = [[]];
  let row = 0;
  let column = 0;
  let style: Omit<Cell, 'char'> = blank;
  const rowAt = (y: number): Cell[] => {
    while (grid.length <= y) grid.push([]);
    return grid[y] ?? [];
  };
  const put = (char: string): void => {
    const width = Math.max(1, stringWidth(char));
    if (column + width > columns) {
      row += 1;
      column = 0;
    }
    const cells = rowAt(row);
    while (cells.length < column) cells.push(blank);
    cells[column] = { ...style, char };
    for (let i = 1; i < width; i += 1) cells[column + i] = { ...style, char: '' };
    column += width;
  };
  const styled = (code: number): void => {
    if (code === 0) style = blank;
    else if (code === 1) style = { ...style, bold: true };
    else if (code === 2) style = { ...style, dim: true };
    else if (code === 22) style = { ...style, bold: false, dim: false };
    else if (code === 39) style = { ...style, color: null };
    else if (code >= 31 && code <= 36) style = { ...style, color: code };
    else throw new Error(`unknown style ${code}`);
  };
  for (const [whole, parameter = '', final] of text.matchAll(TOKEN)) {
    const count = Number(parameter === '' ? 1 : parameter);
    if (final === undefined) {
      if (whole.endsWith('\n')) {
        row += 1;
        column = 0;
        rowAt(row);
      } else if (whole === '\r') column = 0;
      else put(whole);
    } else if (final === 'A') row = Math.max(0, row - count);
    else if (final === 'G') column = count - 1;
    else if (final === 'K') grid[row] = [];
    else if (final === 'm') for (const code of parameter.split(';')) styled(Number(code));
    else if (!((final === 'l' || final === 'h') && parameter.startsWith('?'))) throw new Error(`unknown sequence ${whole.slice(1)}`);
  }
  return grid;
};
