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

/** The names of the packages inside a bundle. */
export const packagesIn = (metafile: Metafile): ReadonlySet<string> =>
  new Set(Object.keys(metafile.inputs).flatMap((input) => packageOf(input)?.replace(/^.*node_modules\//u, '') ?? []));

/** The notices at the head of a package's bundled files, each once: what a package without a file for its licence says of it. */
const notices = async (inputs: readonly string[], folder: string, root: URL): Promise<string> => {
  const texts = await Promise.all(inputs.filter((input) => packageOf(input) === folder).map(async (input) => await readFile(new URL(input, root), 'utf8')));
  const heads = texts.map((text) => (/^(?:\/\/.*\n)+/.exec(text)?.[0] ?? '').replaceAll(/^\/\/ ?/gm, '').trim());
  return [...new Set(heads)].filter((head) => /licen[cs]e/i.test(head)).join('\n\n');
};

/** One section a package: name, version, licence, and its text, or the notices in its files. Throws when a package has neither. */
export const licencesOf = async (metafile: Metafile, root: URL): Promise<string> => {
  const inputs = Object.keys(metafile.inputs);
  const folders = [...new Set(inputs.map(packageOf))].filter((folder) => folder !== undefined).toSorted();
  const sections = await Promise.all(
    folders.map(async (folder) => {
      const at = new URL(`${folder}/`, root);
      const { name, version, license } = JSON.parse(await readFile(new URL('package.json', at), 'utf8')) as Described;
      const file = (await readdir(at)).find((entry) => /^(?:licen[cs]e|copying)(?:\.|$)/i.test(entry));
      const text = file === undefined ? await notices(inputs, folder, root) : (await readFile(new URL(file, at), 'utf8')).trim();
      if (text === '') throw new Error(`${name} ${version} is bundled and says nowhere what its licence is`);
      return `${name} ${version} (${license ?? 'see below'})\n\n${text}\n`;
    }),
  );
  return ['This program contains these packages:\n', ...new Set(sections)].join(`\n${'-'.repeat(80)}\n\n`);
};
