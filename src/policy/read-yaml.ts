/** YAML with positions, strict: no aliases, no tags of its own, no doubled keys, one document. What is wrong is thrown as a Flaw. */
import { isMap, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Node, Scalar } from 'yaml';
import { nearest } from '../options/nearest.ts';

/** Caught where the document is read. `offset`: in characters of the file. */
export class Flaw extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

/** A value with the name that it has in messages. */
export interface Place {
  readonly node: Node;
  readonly name: string;
}

const at = (node: Node): number => node.range?.[0] ?? 0;
/** Refuses the value. */
export const refuse = (place: Place, why: string): never => {
  throw new Flaw(`${place.name} ${why}`, at(place.node));
};

/** Deeper than any policy is; the parser itself recurses. */
const DEEPEST = 100;

/** Brackets and block indentation open at once, at most: a bound before the parser begins to recurse. */
const depthFlaw = (text: string): number | null => {
  let depth = 0;
  for (let i = -1; i < text.length; i++) {
    const c = i < 0 ? '\n' : text[i];
    if (c === '[' || c === '{') depth++;
    else if (c === ']' || c === '}') depth = Math.max(0, depth - 1);
    else if (c === '\n') {
      const line = /[ ]*(?:[-?:] )*/uy;
      line.lastIndex = i + 1;
      if ((line.exec(text)?.[0].length ?? 0) > 2 * DEEPEST) return i + 1;
    }
    if (depth > DEEPEST) return i;
  }
  return null;
};

/** Where an offset is, counted from 1. */
export const positionIn = (text: string, offset: number): { readonly line: number; readonly column: number } => {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - (before.lastIndexOf('\n') + 1) + 1 };
};

/** The one document of a text. */
export const readDocument = (text: string): Place => {
  const deep = depthFlaw(text);
  if (deep !== null) throw new Flaw('it is nested too deeply', deep);
  // The library compares every key with every other: a file of 20,000 took it a minute. entriesAt refuses what is doubled.
  const doc = parseDocument(text, { version: '1.2', schema: 'core', uniqueKeys: false, prettyErrors: false, keepSourceTokens: false });
  const [problem] = [...doc.errors, ...doc.warnings];
  if (problem !== undefined) throw new Flaw(problem.message.replace(/[.:]?\s*$/u, ''), problem.pos[0]);
  if (doc.contents === null) throw new Flaw('the file is empty', 0);
  visit(doc, {
    Alias: (_key, node) => {
      throw new Flaw('aliases (*name) are not taken', at(node));
    },
    Node: (_key, node) => {
      if (node.anchor !== undefined) throw new Flaw('anchors (&name) are not taken', at(node));
      if (node.tag !== undefined) throw new Flaw('tags (!name) are not taken', at(node));
    },
  });
  return { node: doc.contents, name: 'the document' };
};

const kindOf = (node: Node): string => {
  if (isMap(node)) return 'a map';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node)) return 'something else';
  return node.value === null ? 'nothing' : typeof node.value === 'string' ? 'a text' : typeof node.value === 'number' ? 'a number' : typeof node.value === 'boolean' ? 'true or false' : 'something else';
};

/** The text of a scalar. */
export const textAt = (place: Place): string => {
  const { node } = place;
  return isScalar(node) && typeof node.value === 'string' ? node.value : refuse(place, `has to be a text, and is ${kindOf(node)}${isScalar(node) && node.value !== null ? ': put it in quotes' : ''}`);
};

/** The whole number of a scalar. */
export const numberAt = (place: Place): number => {
  const { node } = place;
  return isScalar(node) && typeof node.value === 'number' && Number.isSafeInteger(node.value) ? node.value : refuse(place, `has to be a whole number, and is ${isScalar(node) && typeof node.value === 'number' ? String(node.value) : kindOf(node)}`);
};

/** The items of a list. */
export const itemsAt = (place: Place): readonly Place[] => {
  const { node } = place;
  if (!isSeq<Node>(node)) return refuse(place, `has to be a list, and is ${kindOf(node)}`);
  return node.items.map((item, i) => ({ node: item, name: `${place.name}[${i}]` }));
};

/** A key with its value. */
export interface Entry {
  readonly key: Place & { readonly text: string };
  readonly value: Place;
}

/** The entries of a map, in their order. */
export const entriesAt = (place: Place): readonly Entry[] => {
  const { node } = place;
  if (!isMap<Scalar, Node | null>(node)) return refuse(place, `has to be a map, and is ${kindOf(node)}`);
  const before = new Set<string>();
  return node.items.map(({ key, value }) => {
    if (!isScalar(key) || typeof key.value !== 'string') return refuse({ node: isScalar(key) ? key : node, name: 'a key' }, 'has to be a text');
    if (before.has(key.value)) refuse({ node: key, name: 'the key' }, `"${key.value}" is there twice`);
    before.add(key.value);
    const name = place.name === 'the document' ? key.value : `${place.name}.${key.value}`;
    return { key: { node: key, name: 'the key', text: key.value }, value: { node: value ?? key, name } };
  });
};

/** The entries of a map that has these keys and no others; a Map, so that no key of an object's prototype is one. */
export const fieldsAt = (place: Place, known: readonly string[]): ReadonlyMap<string, Place> => {
  const fields = new Map<string, Place>();
  for (const { key, value } of entriesAt(place)) {
    if (!known.includes(key.text)) {
      const meant = nearest(key.text, known);
      refuse(key, `"${key.text}" is not known here${meant === null ? `; known are ${known.join(', ')}` : `: did you mean ${meant}?`}`);
    }
    fields.set(key.text, value);
  }
  return fields;
};

/** Refuses a map that lacks the field. */
export const neededAt = (place: Place, fields: ReadonlyMap<string, Place>, name: string): Place => fields.get(name) ?? refuse(place, `needs ${name}`);

/** Where in the file a character of a scalar's text stands, as well as the scalar's form tells. */
export const offsetWithin = (place: Place, text: string, offset: number): number => {
  const { node } = place;
  const [start, end] = [at(node), node.range?.[1] ?? at(node)];
  if (!isScalar(node) || typeof node.value !== 'string') return start;
  const raw = text.slice(start, end);
  const quote = /^["']/u.test(raw) ? 1 : 0;
  if (raw.slice(quote, raw.length - quote) === node.value) return start + quote + offset;
  if (node.type !== 'BLOCK_LITERAL') return start;
  // `|`: the same lines, each behind the block's indentation.
  const before = node.value.slice(0, offset).split('\n');
  const lines = raw.split('\n');
  const indent = (lines.find((line, i) => i > 0 && line.trim() !== '') ?? '').search(/\S/u);
  const head = lines.slice(0, before.length).reduce((sum, line) => sum + line.length + 1, 0);
  return start + head + indent + (before.at(-1)?.length ?? 0);
};
