// Draws the pictures of the README: node .ci/picture.ts; with --check it writes nothing and exits 1 when one is not what the run gives.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { pictures } from '../test/pages/pictures.ts';

const folder = new URL('../docs/screens/', import.meta.url);

/** Draws or checks the pictures; gives the lines to print and whether all is well. */
export const drawPictures = async (check: boolean): Promise<{ readonly lines: readonly string[]; readonly well: boolean }> => {
  const lines: string[] = [];
  let well = true;
  await mkdir(folder, { recursive: true });
  const drawn = await pictures();
  for (const [name, svg] of drawn) {
    const file = new URL(name, folder);
    if ((await readFile(file, 'utf8').catch(() => '')) === svg) continue;
    if (check) well = false;
    else await writeFile(file, svg);
    lines.push(check ? `docs/screens/${name}: out of date; run npm run picture` : `docs/screens/${name}: written`);
  }
  for (const name of await readdir(folder)) {
    if (drawn.has(name)) continue;
    well = false;
    lines.push(`docs/screens/${name}: no run draws it`);
  }
  return { lines, well };
};

if (import.meta.main) {
  const { lines, well } = await drawPictures(process.argv.includes('--check'));
  for (const line of lines) console.log(line);
  process.exitCode = well ? 0 : 1;
}
