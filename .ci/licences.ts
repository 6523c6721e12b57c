// The licences of what the bundle holds of others: their texts have to go with it.
import type { Metafile } from 'esbuild';
import { readdir, readFile } from 'node:fs/promises';

interface Described {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
}

/** The directory of the package that a bundled file belongs to; undefined for our own sources. */
const packageOf = (input: string): string | undefined => /^(?:.*:)?(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1];

/** One section a package: name, version, licence, and its text. Throws when a package has none. */
export const licencesOf = async (metafile: Metafile, root: URL): Promise<string> => {
  const folders = [...new Set(Object.keys(metafile.inputs).map(packageOf))].filter((folder) => folder !== undefined).toSorted();
  const sections = await Promise.all(
    folders.map(async (folder) => {
      const at = new URL(`${folder}/`, root);
      const { name, version, license } = JSON.parse(await readFile(new URL('package.json', at), 'utf8')) as Described;
      const file = (await readdir(at)).find((entry) => /^(?:licen[cs]e|copying)(?:\.|$)/i.test(entry));
      if (file === undefined) throw new Error(`${name} ${version} is bundled and has no file with its licence`);
      return `${name} ${version} (${license ?? 'see below'})\n\n${(await readFile(new URL(file, at), 'utf8')).trim()}\n`;
    }),
  );
  return ['This program contains these packages:\n', ...new Set(sections)].join(`\n${'-'.repeat(80)}\n\n`);
};
