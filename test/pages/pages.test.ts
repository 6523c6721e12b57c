/** What holds for every page: links lead somewhere, each block with a prompt is a run that the generator played, and the pages are up to date. */
import assert from 'node:assert/strict';
import { readFileSync, globSync, existsSync } from 'node:fs';
import path from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../.ci/docs.ts';
import { drawPictures } from '../../.ci/picture.ts';

const root = path.resolve(import.meta.dirname, '../..');
const pages = [...globSync('*.md', { cwd: root }), ...globSync('docs/**/*.md', { cwd: root }), ...globSync('.github/**/*.md', { cwd: root })].toSorted();
const textOf = (page: string): string => readFileSync(path.join(root, page), 'utf8');

const withoutCode = (text: string): string => text.replaceAll(/^( *)(```|~~~)[\s\S]*?^\1\2/gmu, '').replaceAll(/`[^`\n]*`/gu, '');

/** The anchors that GitHub makes of headings. */
const anchorsOf = (text: string): ReadonlySet<string> => {
  const seen = new Map<string, number>();
  const anchors = new Set<string>();
  for (const [, heading = ''] of text.replaceAll(/^( *)(```|~~~)[\s\S]*?^\1\2/gmu, '').matchAll(/^#+ (.*)$/gmu)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/gu, '$1').toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(' ', '-');
    const before = seen.get(words) ?? 0;
    seen.set(words, before + 1);
    anchors.add(before === 0 ? words : `${words}-${before}`);
  }
  return anchors;
};

describe('every page', () => {
  for (const page of pages)
    test(page, () => {
      const text = textOf(page);
      for (const [, link = ''] of withoutCode(text).matchAll(/\]\(([^)\s]+)\)/gu)) {
        if (/^[a-z]+:/u.test(link)) {
          assert.match(link, /^https:\/\/[\w.-]+(?:\/[^\s]*)?$/u, `${page} links to ${link}`);
          continue;
        }
        const [file = '', anchor] = link.split('#');
        const target = file === '' ? page : path.join(path.dirname(page), file);
        assert.ok(existsSync(path.join(root, target)), `${page} links to ${link}, and there is no ${target}`);
        if (anchor !== undefined && target.endsWith('.md')) assert.ok(anchorsOf(textOf(target)).has(anchor), `${page} links to ${link}, and ${target} has no such heading`);
      }
    });

  test('a block with a prompt is a run that the generator played', () => {
    for (const page of pages) {
      const written = textOf(page).replaceAll(/<!-- generated: [\s\S]*?<!-- \/generated -->/gu, '');
      assert.ok(!/^ *(?:```|~~~)console/mu.test(written), `${page} has a console block that no run made: put it into test/pages/blocks.ts`);
      for (const [block] of written.matchAll(/^( *)(```|~~~)[\s\S]*?^\1\2/gmu)) assert.ok(!/^ *\$ /mu.test(block), `${page} shows a prompt that no run made:\n${block}`);
    }
  });
});

test('the pages are what the code and the runs say (npm run docs)', async () => {
  const { lines, well } = await run(new URL('../../', import.meta.url), true);
  assert.ok(well, lines.join('\n'));
});

test('the pictures are what the runs draw (npm run picture)', async () => {
  const { lines, well } = await drawPictures(true);
  assert.ok(well, lines.join('\n'));
});
