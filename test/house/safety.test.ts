/** The promises of docs/safety.md name tests: each is there, under that name. */
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/safety.md', root), 'utf8');
const named = [...page.matchAll(/^ {2}- `(test\/[\w./-]+)`: (.+)$/gmu)].map(([, file = '', title = '']) => ({ file, title }));

test('every test that docs/safety.md names is there', () => {
  assert.ok(named.length > 40, `only ${named.length}`);
  for (const { file, title } of named) {
    assert.ok(existsSync(new URL(file, root)), file);
    const lines = readFileSync(new URL(file, root), 'utf8').replaceAll("\\'", "'").split('\n');
    assert.ok(lines.some((line) => line.includes(title) && /\b(?:test|it|push)\(|\bname: /u.test(line)), `${file}: ${title}`);
  }
});

test('every promise of docs/safety.md names a test', () => {
  const lines = page.slice(page.indexOf('## Nothing is deleted that was not checked')).split('\n');
  for (const [at, line] of lines.entries()) if (line.startsWith('- ')) assert.match(lines[at + 1] ?? '', /^ {2}- `test\//u, line);
});
