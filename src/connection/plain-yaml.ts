/**
 * Reads the plain block YAML that kubectl and most tools write, without the YAML library, whose loading costs 30 ms of every start.
 * Gives undefined for anything that it does not know with certainty: quotes with escapes, numbers, flow collections, anchors, texts of
 * several lines, characters beyond ASCII. The library decides then. A test compares both on thousands of texts.
 */

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** Thrown inside this file only: the text is not plain enough. */
class NotPlain extends Error {}

const KEY = /^([A-Za-z_][A-Za-z0-9_./-]*):(?: +(\S.*))?$/u;
const PLAIN = /^[A-Za-z/][A-Za-z0-9/+=_.:@~-]*$/u;
const QUOTED = /^(?:"([^"\\]*)"|'([^']*)')$/u;
/** Words that YAML 1.1 takes for something else than text, in some spelling. */
const RESERVED = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

const linesOf = (text: string): readonly Line[] => {
  const lines: Line[] = [];
  for (const whole of text.split('\n')) {
    const line = whole.trimEnd();
    if (line === '' || /^ *#/u.test(line)) continue;
    const indent = line.search(/\S/u);
    lines.push({ indent, text: line.slice(indent) });
  }
  return lines;
};

const scalarOf = (text: string): unknown => {
  const quoted = QUOTED.exec(text);
  if (quoted !== null) return quoted[1] ?? quoted[2] ?? '';
  if (text === 'true') return true;
  if (text === 'false') return false;
  if (text === 'null') return null;
  if (text === '{}') return {};
  if (text === '[]') return [];
  if (!PLAIN.test(text) || text.endsWith(':') || RESERVED.has(text.toLowerCase())) throw new NotPlain();
  return text;
};

const isItem = (line: Line): boolean => line.text === '-' || line.text.startsWith('- ');

/** Walks over the lines; every reader leaves `at` behind what it read. */
class Reader {
  private readonly lines: readonly Line[];
  private at = 0;

  constructor(lines: readonly Line[]) {
    this.lines = lines;
  }

  whole(): unknown {
    const first = this.lines[0];
    if (first === undefined) return null;
    const value = isItem(first) ? this.list(first.indent) : this.map(first.indent);
    if (this.at < this.lines.length) throw new NotPlain();
    return value;
  }

  /** What follows a key without a value: a deeper block, or a list at the key's own depth. */
  private nested(indent: number): unknown {
    const next = this.lines[this.at];
    if (next === undefined || next.indent < indent) return null;
    if (isItem(next)) return this.list(next.indent);
    return next.indent > indent ? this.map(next.indent) : null;
  }

  private map(indent: number): unknown {
    const entries = new Map<string, unknown>();
    for (let line = this.lines[this.at]; line !== undefined && line.indent >= indent; line = this.lines[this.at]) {
      const match = line.indent === indent ? KEY.exec(line.text) : null;
      const key = match?.[1] ?? '';
      if (match === null || entries.has(key) || RESERVED.has(key.toLowerCase()) || key === '__proto__') throw new NotPlain();
      this.at += 1;
      entries.set(key, match[2] === undefined ? this.nested(indent) : scalarOf(match[2]));
    }
    return Object.fromEntries(entries);
  }

  private list(indent: number): unknown {
    const items: unknown[] = [];
    for (let line = this.lines[this.at]; line !== undefined && line.indent >= indent; line = this.lines[this.at]) {
      if (line.indent > indent) throw new NotPlain();
      // A list at the depth of its key ends where the next key comes.
      if (!isItem(line)) return items;
      const rest = line.text.slice(1).trimStart();
      if (rest === '' || isItem({ indent: 0, text: rest })) throw new NotPlain();
      if (KEY.test(rest)) {
        const inner = indent + line.text.length - rest.length;
        (this.lines as Line[])[this.at] = { indent: inner, text: rest };
        items.push(this.map(inner));
      } else {
        this.at += 1;
        items.push(scalarOf(rest));
      }
    }
    return items;
  }
}

/** The value of a plain text; undefined when it is not plain. */
export const readPlainYaml = (text: string): unknown => {
  if (/[^\n\x20-\x7E]/u.test(text) || /^(?:---|\.\.\.|%)/mu.test(text)) return undefined;
  try {
    return new Reader([...linesOf(text)]).whole();
  } catch (error) {
    if (error instanceof NotPlain) return undefined;
    throw error;
  }
};
