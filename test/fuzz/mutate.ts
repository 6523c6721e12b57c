/** Texts that nobody would write, from texts that somebody would: a seed gives the same text again. */
import type { Random } from '../truth/random.ts';

/** Pieces that parsers trip over. */
const PIECES = [
  '"', "'", '\\', '\n', '\r\n', '\t', ' ', ':', ': ', '- ', '? ', '#', ' #', '&a ', '*a', '!a ', '!!binary ', '!!js/function ', '<<: ', '|', '>-', '%YAML 1.1\n', '---\n', '...\n', '{', '}', '[', ']', ',', '{}', '[]',
  '__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', '__proto__: {polluted: 1}\n', '"__proto__": {"polluted": 1},', 'null', '~', 'true', 'yes', 'NaN', '.inf', '0x10', '1e999', '012', '2001-01-01', '12:30',
  '\u0000', '\u001b[2J', '\u001b]0;x\u0007', '\u009b31m', '\u202e', '\u200b', '\ud800', '\udfff', '\ufeff', '\u2028', '\u0085', '\u{1f600}', '=', '==', '!=', '!', ' in (', ' notin (', ')', '--', '-', '..', '/', '%00', '%2e', 'x'.repeat(300), '['.repeat(60), '- '.repeat(60),
] as const;

const splice = (text: string, from: number, to: number, piece: string): string => text.slice(0, from) + piece + text.slice(to);

/** One to eight changes to one of the texts. */
export const mutated = (texts: readonly [string, ...string[]], random: Random, longest = 20_000): string => {
  let text = random.one(texts);
  for (let changes = random.between(1, 8); changes > 0; changes -= 1) {
    const at = random.between(0, text.length);
    const end = Math.min(text.length, at + random.between(0, 20));
    switch (random.between(1, 8)) {
      case 1:
      case 2:
      case 3:
        text = splice(text, at, at, random.one(PIECES));
        break;
      case 4:
        text = splice(text, at, end, '');
        break;
      case 5:
        text = splice(text, at, end, random.one(PIECES));
        break;
      case 6:
        text = splice(text, at, at + 1, String.fromCharCode(random.chance(0.8) ? random.between(0, 127) : random.between(0, 0xffff)));
        break;
      case 7:
        text = splice(text, at, at, text.slice(at, Math.min(text.length, at + random.between(1, 200))).repeat(random.between(1, 10)));
        break;
      default: {
        const other = random.one(texts);
        const from = random.between(0, other.length);
        text = splice(text, at, end, other.slice(from, from + random.between(1, 200)));
      }
    }
    text = text.slice(0, longest);
  }
  return text;
};

/** The bytes of a text, some of them no UTF-8. */
export const bytesOf = (text: string, random: Random): Buffer => {
  const bytes = Buffer.from(text);
  if (bytes.length > 0) for (let n = random.between(0, 3); n > 0; n -= 1) bytes[random.between(0, bytes.length - 1)] = random.between(0x80, 0xff);
  return bytes;
};
