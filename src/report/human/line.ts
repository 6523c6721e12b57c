/** Lines for people: spans of data and words in a tone, wrapped to the terminal. The only way to the screen, so every text passes `printable`. */
import { stringWidth } from '../../model/string-width.ts';
import type { Sink } from '../../model/world.ts';
import { printable } from '../printable.ts';
import { toned, type Tone } from './color.ts';

export interface Span {
  readonly text: string;
  readonly tone: Tone;
}

export interface Line {
  /** Columns before the line. */
  readonly indent: number;
  /** A short word in a column of its own before the text (`warning`); the text hangs beside it. null: no such column. */
  readonly lead: Span | null;
  /** Columns that the lead takes; on a narrow terminal only as many as it is long. */
  readonly leadWidth: number;
  readonly body: readonly Span[];
  /** false: a command that a person may copy; it is not cut into lines. */
  readonly wrap: boolean;
}

/** How a stream shows lines. `columns` undefined: no terminal, or its width is unknown; then nothing is wrapped, so that lines can be searched. */
export interface Look {
  readonly color: boolean;
  readonly columns: number | undefined;
}

const LEAD_WIDTH = 9;
/** Narrower terminals give the lead no column: the text goes on below it. */
const NARROW = 60;
const HANG = 2;

export const span = (text: string, tone: Tone = 'plain'): Span => ({ text, tone });

const spans = (parts: readonly (string | Span)[]): readonly Span[] => parts.map((p) => (typeof p === 'string' ? span(p) : p));

/** A line of text at the left edge. */
export const line = (...parts: readonly (string | Span)[]): Line => ({ indent: 0, lead: null, leadWidth: 0, body: spans(parts), wrap: true });

/** A line below another one. */
export const indented = (...parts: readonly (string | Span)[]): Line => ({ ...line(...parts), indent: 2 });

/** An indented line with a word before it; an empty word goes on with the line above. */
export const leading = (lead: Span, ...parts: readonly (string | Span)[]): Line => ({ ...indented(...parts), lead, leadWidth: LEAD_WIDTH });

/** A line of a log: a time and a mark, then the text beside them. */
export const stamped = (lead: Span, ...parts: readonly (string | Span)[]): Line => ({ ...line(...parts), lead, leadWidth: stringWidth(lead.text) });

/** A command to copy, with the reason as a shell comment. */
export const command = (argv: readonly string[], why: string): Line => ({
  ...leading(span(''), span(argv.map(shellWord).join(' '), 'bold'), ...(why === '' ? [] : [span(`  # ${why}`, 'dim')])),
  wrap: false,
});

/** As a POSIX shell reads it back as one word. */
export const shellWord = (word: string): string => (/^[\w@%+=:,./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);

/** Pieces that stay together: a word may change its tone in the middle. The first piece of a word has the spaces before it. */
type Word = readonly Span[];

const wordsOf = (body: readonly Span[]): readonly Word[] => {
  const words: Span[][] = [];
  for (const { text, tone } of body)
    for (const piece of printable(text).match(/ *[^ ]+| +$/gu) ?? []) {
      const last = words.at(-1);
      if (last === undefined || piece.startsWith(' ')) words.push([{ text: piece, tone }]);
      else last.push({ text: piece, tone });
    }
  return words;
};

const paintWords = (words: readonly Span[], color: boolean): string => {
  const runs: Span[] = [];
  for (const word of words) {
    const last = runs.at(-1);
    if (last?.tone === word.tone) runs[runs.length - 1] = { text: last.text + word.text, tone: last.tone };
    else runs.push(word);
  }
  return runs.map((run) => toned(run.text, run.tone, color)).join('');
};

/** Greedy; a word that is longer than the line stands alone and is cut by nothing. */
const wrapped = (words: readonly Word[], start: number, hang: number, columns: number): readonly (readonly Span[])[] => {
  const lines: Span[][] = [[]];
  let used = start;
  for (const word of words) {
    const width = stringWidth(word.map((s) => s.text).join(''));
    if (lines.at(-1)?.length !== 0 && used + width > columns) {
      lines.push(word.map((s, i) => (i === 0 ? { text: s.text.trimStart(), tone: s.tone } : s)));
      used = hang + stringWidth(word.map((s) => s.text).join('').trimStart());
    } else {
      lines.at(-1)?.push(...word);
      used += width;
    }
  }
  return lines;
};

/** The line as text without its end, with line ends inside where it was wrapped. */
export const paint = (l: Line, look: Look): string => {
  const narrow = look.columns !== undefined && look.columns < NARROW;
  const lead = l.lead === null ? '' : printable(l.lead.text);
  const hang = l.indent + (l.lead === null || narrow ? HANG : l.leadWidth);
  const first = l.lead === null ? '' : narrow ? (lead === '' ? ' '.repeat(HANG) : `${lead.trimEnd()} `) : lead.padEnd(l.leadWidth);
  const start = l.indent + stringWidth(first);
  const words = wordsOf(l.body);
  const rows = wrapped(words, start, hang, l.wrap ? (look.columns ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY);
  const head = ' '.repeat(l.indent) + (l.lead === null ? first : toned(first.trimEnd(), l.lead.tone, look.color) + ' '.repeat(first.length - first.trimEnd().length));
  return rows.map((row, i) => ((i === 0 ? head : ' '.repeat(hang)) + paintWords(row, look.color)).trimEnd()).join('\n');
};

/** Writes lines to a stream, each with its end. */
export const writeLines = (sink: Sink, lines: readonly Line[], color: boolean): void => {
  if (lines.length === 0) return;
  const look: Look = { color, columns: sink.isTTY ? sink.columns() : undefined };
  sink.write(lines.map((l) => `${paint(l, look)}\n`).join(''));
};
