import assert from 'node:assert/strict';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { blocks, run } from '../../.ci/docs.ts';
import { fill, table } from '../../.ci/docs-blocks.ts';
import { checksCatalogue } from '../../src/findings/catalogue.ts';
import { flags, knownFlags } from '../../src/options/flags.ts';

const greeting = new Map([['greeting', () => 'hello']]);
const rendered = (name: string): string => blocks.get(name)?.() ?? '';

describe('generated blocks', () => {
  test('are filled between their markers, and nothing else changes', () => {
    const text = '# Title\n<!-- generated: greeting -->\nold\n<!-- /generated -->\nrest $& $1\n';
    assert.deepEqual(fill(text, greeting), { text: text.replace('old', 'hello'), problems: [] });
  });
  test('stay the same when filled twice', () => {
    const once = fill('<!-- generated: greeting --><!-- /generated -->', greeting).text;
    assert.equal(once, '<!-- generated: greeting -->\nhello\n<!-- /generated -->');
    assert.equal(fill(once, greeting).text, once);
  });
  test('may be several', () => {
    const one = '<!-- generated: greeting -->\n<!-- /generated -->';
    assert.equal(fill(`${one}\n${one}`, greeting).text.split('hello').length, 3);
  });
  test('a block that nobody fills is a problem', () => {
    assert.match(fill('<!-- generated: nothing -->\n<!-- /generated -->', greeting).problems.join(), /no block is called "nothing"; there are greeting/);
  });
  test('a block without an end is a problem, and is left alone', () => {
    const text = '<!-- generated: greeting -->\nold\n<!-- generated: greeting -->\n<!-- /generated -->';
    const result = fill(text, greeting);
    assert.match(result.problems.join(), /block "greeting" has no/);
    assert.ok(result.text.includes('old'));
  });
});

describe('tables', () => {
  test('escape bars in cells', () => assert.equal(table(['a'], [['x|y']]), '| a |\n| --- |\n| x\\|y |'));

  test('every row of every block has as many cells as its head', () => {
    for (const render of blocks.values()) {
      let cells = 0;
      for (const line of render().split('\n')) {
        const bars = line.replaceAll(String.raw`\|`, '').split('|').length;
        if (line.startsWith('| ') && cells !== 0) assert.equal(bars, cells, line);
        cells = line.startsWith('| ') ? bars : 0;
      }
    }
  });
  test('flags: all of this version, none that is refused', () => {
    const text = rendered('flags');
    for (const flag of knownFlags) assert.equal(new RegExp(`--${flag.name}(?![\\w-])`).test(text), flags.includes(flag), flag.name);
    assert.match(text, /\| `-o`, `--output json\\\|ndjson\\\|yaml\\\|name` \| {2}\|/);
  });
  test('exit codes: one row each', () => {
    assert.match(rendered('exit-codes'), /^\| 4 \| still-there at `--timeout` \| yes, going on \|$/m);
    assert.equal(rendered('exit-codes').split('\n').length, 2 + 12);
  });
  test('checks and codes: every id of the catalogue', () => {
    for (const [id, words] of Object.entries(checksCatalogue)) {
      assert.ok(rendered('checks').includes(`| \`${id}\` |`), id);
      for (const code of Object.keys(words.codes)) assert.ok(rendered('codes').includes(`| \`${id}\` | \`${code}\` |`), code);
    }
  });
});

describe('the generator', () => {
  test('finds what is out of date, writes it, and is content then', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      const root = pathToFileURL(`${folder}/`);
      await mkdir(join(folder, 'docs'));
      await writeFile(join(folder, 'README.md'), 'Text.\n<!-- generated: exit-codes -->\n<!-- /generated -->\n');
      await writeFile(join(folder, 'docs', 'checks.md'), 'No block.\n');
      assert.deepEqual(await run(root, true), { lines: ['README.md: out of date; run npm run docs'], well: false });
      assert.deepEqual(await run(root, false), { lines: ['README.md: written'], well: true });
      assert.match(await readFile(join(folder, 'README.md'), 'utf8'), /still-there/);
      assert.deepEqual(await run(root, true), { lines: [], well: true });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
