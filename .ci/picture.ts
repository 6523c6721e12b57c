// Writes the pictures of the README: node .ci/picture.ts; with --check it writes nothing and exits 1 when one is not what the run gives.
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { pictures } from '../test/pages/pictures.ts';

const check = process.argv.includes('--check');
const folder = new URL('../docs/screens/', import.meta.url);
await mkdir(folder, { recursive: true });
const made = await pictures();
let well = true;
for (const [name, svg] of made) {
  const file = new URL(name, folder);
  if ((await readFile(file, 'utf8').catch(() => '')) === svg) continue;
  if (check) well = false;
  else await writeFile(file, svg);
  console.log(check ? `docs/screens/${name}: out of date; run npm run picture` : `docs/screens/${name}: written`);
}
for (const name of await readdir(folder)) {
  if (made.has(name)) continue;
  well = false;
  console.log(`docs/screens/${name}: no run makes it`);
}
process.exitCode = well ? 0 : 1;
