/** Tables as kubectl prints them: no borders. The one file that imports cli-table3, with its colours off (they would go into pipes too). */
import Table from 'cli-table3';
import { printable } from '../printable.ts';
import { toned } from './color.ts';
import type { Look, Span } from './line.ts';
import { stringWidth } from '../../model/string-width.ts';

const NO_BORDERS = Object.fromEntries(
  ['top', 'top-mid', 'top-left', 'top-right', 'bottom', 'bottom-mid', 'bottom-left', 'bottom-right', 'left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid', 'middle'].map((name) => [name, '']),
);
const GAP = 2;
/** The last column is not made narrower than this: then the terminal wraps. */
const NARROWEST = 16;

/** Cut in the middle, where names differ least. */
const shortened = (text: string, width: number): string => {
  if (stringWidth(text) <= width) return text;
  const half = Math.floor((width - 2) / 2);
  const characters = Array.from(text);
  return `${characters.slice(0, width - 2 - half).join('')}..${characters.slice(-half).join('')}`;
};

/** The table as lines without their ends; the last column is wrapped to the terminal, the others are cut when they would take more than a third of it. */
export const tableLines = (head: readonly string[], rows: readonly (readonly Span[])[], look: Look, indent: number): readonly string[] => {
  const widest = look.columns === undefined ? Number.POSITIVE_INFINITY : Math.max(NARROWEST, Math.floor(look.columns / 3));
  const cells = rows.map((row) =>
    row.map((cell, column) => {
      const text = printable(cell.text);
      return { text: column === head.length - 1 ? text : shortened(text, widest), tone: cell.tone };
    }),
  );
  const widths = head.map((title, column) => Math.max(stringWidth(title), ...cells.map((row) => stringWidth(row[column]?.text ?? ''))) + GAP);
  const before = widths.slice(0, -1).reduce((a, b) => a + b, indent);
  const last = widths.at(-1) ?? 0;
  const room = look.columns === undefined ? last : Math.min(last, Math.max(NARROWEST, look.columns - before) + GAP);
  const table = new Table({
    head: head.map((title) => toned(title, 'dim', look.color)),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
    colWidths: [...widths.slice(0, -1), room],
    wordWrap: true,
  });
  for (const row of cells) table.push(row.map((cell) => toned(cell.text, cell.tone, look.color)));
  return table.toString().split('\n').map((text) => ' '.repeat(indent) + text.trimEnd());
};
