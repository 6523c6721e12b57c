// What the README says beside its generated tables.
import assert from 'node:assert/strict';
import { access, readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { flags } from '../../src/options/flags.ts';
import { ownLaterFlagList } from '../../src/options/later-flag-list.ts';
import { root } from './yaml-files.ts';

const readme = await readFile(new URL('README.md', root), 'utf8');
const scripts = (JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { readonly scripts: Readonly<Record<string, string>> }).scripts;

test('the README names as missing the flags of ours that are missing, and no flag that is there', () => {
  const section = /[Tt]he flags? (`--[^.]*) (?:are|is) planned/.exec(readme)?.[1] ?? '';
  const named = [...section.matchAll(/`--([a-z-]+)`/g)].map(([, name]) => name ?? '').toSorted();
  const missing = ownLaterFlagList.filter(({ absent }) => absent?.coming === true).map(({ name }): string => name);
  // --save-secrets comes with --save.
  assert.deepEqual(named, missing.filter((name) => name !== 'save-secrets').toSorted());
  assert.deepEqual(named.filter((name) => flags.some((flag) => flag.name === name)), []);
});

test('the files that the README and the docs link to are there', async () => {
  for (const page of ['README.md', 'docs/architecture.md', 'docs/testing.md', 'docs/checks.md', 'docs/ci.md', 'docs/runtime.md']) {
    const text = await readFile(new URL(page, root), 'utf8');
    for (const [, link = ''] of text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)) await access(new URL(link, new URL(page, root)));
  }
});

test('the npm commands that the README and the docs name are scripts, and their files are there', async () => {
  for (const page of ['README.md', 'docs/architecture.md', 'docs/testing.md']) {
    const text = await readFile(new URL(page, root), 'utf8');
    for (const [, name = ''] of text.matchAll(/npm run ([a-z-]+)/g)) assert.ok(name in scripts, `${page}: npm run ${name}`);
    for (const [, file = ''] of text.matchAll(/node (?:--test )?((?:test|\.ci)\/[\w./-]+\.ts)/g)) await access(new URL(file, root));
  }
  for (const command of Object.values(scripts)) {
    const file = /(?:^|\s)((?:test|\.ci)\/[\w./-]+\.ts)\b/.exec(command)?.[1];
    if (file !== undefined) await access(new URL(file, root));
  }
});
