// Fills the generated blocks of README.md and docs/*.md and draws their pictures: node .ci/docs.ts; with --check it writes nothing and exits 1 when one is out of date.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { type Blocks, fill } from './docs-blocks.ts';
import { renderChecks, renderCodes } from './docs-checks.ts';
import { renderExitCodes } from './docs-exit-codes.ts';
import { renderFlags } from './docs-flags.ts';
import { drawPictures } from './picture.ts';
import { renderRooms } from './docs-rooms.ts';
import { playedBlocks } from '../test/pages/blocks.ts';

export const blocks: Blocks = new Map([
  ['flags', renderFlags],
  ['exit-codes', renderExitCodes],
  ['checks', renderChecks],
  ['codes', renderCodes],
  ['rooms', renderRooms],
  ...[...(await playedBlocks())].map(([name, text]) => [name, () => text] as const),
]);

/** Fills or checks the files of a folder; gives the lines to print and whether all is well. */
export const run = async (root: URL, check: boolean): Promise<{ readonly lines: readonly string[]; readonly well: boolean }> => {
  const top = await readdir(root);
  const docs = top.includes('docs') ? await readdir(new URL('docs/', root), { recursive: true }) : [];
  const names = [...top.filter((name) => name === 'README.md'), ...docs.filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`)];
  const lines: string[] = [];
  let well = true;
  for (const name of names) {
    const file = new URL(name, root);
    const before = await readFile(file, 'utf8');
    const { text, problems } = fill(before, blocks);
    lines.push(...problems.map((problem) => `${name}: ${problem}`));
    if (problems.length > 0) well = false;
    if (text === before) continue;
    if (check) well = false;
    else await writeFile(file, text);
    lines.push(check ? `${name}: out of date; run npm run docs` : `${name}: written`);
  }
  return { lines, well };
};

if (import.meta.main) {
  const check = process.argv.includes('--check');
  const { lines, well } = await run(new URL('../', import.meta.url), check);
  const pictured = await drawPictures(check);
  for (const line of [...lines, ...pictured.lines]) console.log(line);
  process.exitCode = well && pictured.well ? 0 : 1;
}
