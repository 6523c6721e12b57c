import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'yaml';
import { reportAsYaml } from '../../src/report/json/yaml.ts';
import { printable, safeJson } from '../../src/report/printable.ts';
import { play, reportOfRun } from './play.ts';
import { RUNS } from './runs/all.ts';
import { HOSTILE, hostile } from './runs/hostile.ts';

const CASES: readonly (readonly [string, string, string])[] = [
  ['plain text stays', 'pod "wéb-1" 容器 🚀 → 日本', 'pod "wéb-1" 容器 🚀 → 日本'],
  ['colours go', 'a\u001b[31mb\u001b[0mc', 'abc'],
  ['the 8-bit introducer too', 'a\u009b31mb', 'ab'],
  ['cursor moves and clears go', '\u001b[2J\u001b[1;1Hx\u001b[1A\u001b[2Ky', 'xy'],
  ['a window title goes', '\u001b]0;title\u0007x', 'x'],
  ['a link leaves its text', '\u001b]8;;http://evil\u001b\\text\u001b]8;;\u001b\\', 'text'],
  ['an unterminated string sequence hides nothing after it', '\u001b]0;visible', '0;visible'],
  ['device control strings go', '\u001bP1;2|payload\u001b\\x', 'x'],
  ['single escapes go', '\u001bcx\u001b7y', 'xy'],
  ['a lone escape at the end goes', 'x\u001b', 'x'],
  ['line ends and tabs become one space', 'a\r\nb\tc\n\n\nd\u2028e\u0085f', 'a b c d e f'],
  ['bells, nulls and deletes go', 'a\u0000b\u0007c\u0008d\u007fe', 'abcde'],
  ['bidi controls go', '\u202Eevil\u202C \u2066x\u2069 \u200Fy', 'evil x y'],
  ['zero-width characters go', 'z\u200Be\u200Dr\uFEFFo\u2060\u00AD', 'zero'],
  ['tag characters and half pairs go', 'x\u{E0041}\ud800y', 'xy'],
  ['spaces stay as they are', 'a  b', 'a  b'],
];

for (const [name, from, to] of CASES) test(name, () => assert.equal(printable(from), to));

test('a text of 256 KiB is cut, a sequence at the cut does no harm', () => {
  const long = printable(`${'x'.repeat(3999)}\u001b[31m${'y'.repeat(256 * 1024)}`);
  assert.equal(long.length, 2003);
  assert(long.endsWith('...'));
});

// oxlint-disable-next-line no-control-regex -- the characters that must not appear
const HARMFUL = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Cf}]/u;

test('JSON keeps every character and shows none that a terminal acts on', () => {
  const json = safeJson({ text: HOSTILE }, 2);
  assert.doesNotMatch(json, HARMFUL);
  assert.deepEqual(JSON.parse(json), { text: HOSTILE });
});

/** YAML has no way to write half a surrogate pair; everything else comes back. */
const withoutHalves = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replaceAll(/\\ud800/gu, ''));

test('YAML keeps every character and shows none that a terminal acts on', () => {
  const report = reportOfRun(hostile);
  const yaml = reportAsYaml(report);
  assert.doesNotMatch(yaml, HARMFUL);
  assert.deepEqual(withoutHalves(parse(yaml)), withoutHalves(report));
  // Many readers of YAML are of version 1.1, to which a bare yes is true, and a bare time no string.
  assert.deepEqual(withoutHalves(parse(yaml, { version: '1.1' })), withoutHalves(report));
});

for (const output of ['human', 'json', 'ndjson', 'yaml', 'name'] as const)
  for (const columns of [undefined, 40, 80]) {
    test(`${output} prints no control character of the cluster, ${columns === undefined ? 'into a pipe' : `at ${columns} columns`}`, async () => {
      const { world } = await play(hostile, { output, color: 'never', plain: true, columns });
      assert.doesNotMatch(world.stdout.text(), HARMFUL);
      assert.doesNotMatch(world.stderr.text(), HARMFUL);
    });
  }

test('with colour, the only sequences are our own, and each is closed on its line', async () => {
  for (const run of RUNS) {
    const { world } = await play(run, { output: 'human', color: 'always', plain: true, columns: 80 });
    for (const line of `${world.stdout.text()}${world.stderr.text()}`.split('\n')) {
      // oxlint-disable-next-line no-control-regex -- our own colours
      const codes = [...line.matchAll(/\u001b\[(\d+)m/gu)].map((m) => Number(m[1]));
      assert.equal(codes.filter((c) => [1, 2, 31, 32, 33, 34, 35, 36].includes(c)).length, codes.filter((c) => [22, 39].includes(c)).length, JSON.stringify(line));
      // oxlint-disable-next-line no-control-regex -- our own colours
      assert.doesNotMatch(line.replaceAll(/\u001b\[\d+m/gu, ''), HARMFUL);
    }
  }
});
