import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { stringWidth } from '../../src/model/string-width.ts';

const cases: Readonly<Record<string, readonly [text: string, width: number]>> = {
  'nothing takes nothing': ['', 0],
  'a letter takes a column': ['web-1', 5],
  'a Chinese or Japanese character takes two': ['日本語', 6],
  'a Korean syllable takes two': ['한국어', 6],
  'Hangul letters that join take two together': ['\u1100\u1161\u11a8', 2],
  'a fullwidth letter takes two, a halfwidth one takes one': ['Ａｱ', 3],
  'a combining mark takes nothing': ['e\u0301', 1],
  'a spacing mark takes a column': ['\u0928\u093f', 2],
  'a zero width space takes nothing': ['a\u200bb', 2],
  'a byte order mark takes nothing': ['\ufeffa', 1],
  'controls, tabs and line ends take nothing': ['a\tb\r\nc\u0000', 3],
  'a direction mark takes nothing': ['\u202eabc', 3],
  'half a surrogate pair takes nothing': ['\ud800', 0],
  'box drawing takes one': ['│─┌', 3],
  'an emoji takes two': ['👍', 2],
  'an emoji with a skin tone takes two': ['👍🏽', 2],
  'a family takes two': ['👨‍👩‍👧‍👦', 2],
  'a joined emoji with skin tones takes two': ['🫱🏻‍🫲🏿', 2],
  'a flag takes two, and two flags four': ['🇩🇪🇫🇷', 4],
  'half a flag takes one': ['🇩', 1],
  'a flag of a region takes two': ['🏴󠁧󠁢󠁥󠁮󠁧󠁿', 2],
  'a heart in text style takes one': ['❤', 1],
  'a heart in emoji style takes two': ['❤️', 2],
  'a keycap takes two': ['1️⃣', 2],
  'a check mark takes one, the emoji of it two': ['✔✅', 3],
  'colours take nothing': ['\u001b[1;31mred\u001b[0m', 3],
  'true colours take nothing': ['\u001b[38;2;1;2;3mx\u001b[m', 1],
  'a link takes its text only': ['\u001b]8;;https://example.com\u0007link\u001b]8;;\u0007', 4],
  'a link ended by ST takes its text only': ['\u001b]8;;https://example.com\u001b\\link\u001b]8;;\u001b\\', 4],
};

describe('the width of a text on a terminal', () => {
  for (const [name, [text, width]] of Object.entries(cases)) test(name, () => assert.equal(stringWidth(text), width));

  test('escape sequences count when asked for', () => assert.equal(stringWidth('\u001b[1mx', { countAnsiEscapeCodes: true }), 4));

  test('ends in linear time on a long text of marks', () => assert.equal(stringWidth(`a${'\u0301'.repeat(200_000)}`), 1));

  test('agrees with the string-width of yargs on every single character of the first two planes', async () => {
    const ofYargs = createRequire(import.meta.resolve('yargs')).resolve('string-width');
    const theirs = (await import(pathToFileURL(ofYargs).href)) as { readonly default: (text: string) => number };
    const differ: string[] = [];
    for (let code = 0; code < 0x20000; code++) {
      const text = String.fromCodePoint(code);
      if (theirs.default(text) !== stringWidth(text)) differ.push(code.toString(16));
    }
    assert.deepEqual(differ, []);
  });
});
