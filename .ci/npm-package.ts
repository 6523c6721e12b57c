// The package for the npm registry: the bundle and two commands, nothing to install beside it. `npm run package` writes it to dist/npm/.
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';

interface Described {
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly license: string;
  readonly homepage: string;
  readonly repository: unknown;
  readonly keywords: readonly string[];
  readonly type: string;
  readonly engines: unknown;
  readonly bin: unknown;
}

const papers = ['LICENSE', 'README.md', 'CHANGELOG.md', 'bin', 'schema'];

/** package.json as it is published: without scripts and without what only builds and tests need. */
const published = ({ name, version, description, license, homepage, repository, keywords, type, engines, bin }: Described): object => ({
  name,
  version,
  description,
  license,
  homepage,
  repository,
  keywords,
  type,
  engines,
  bin,
  files: ['bin', 'dist', 'schema', 'LICENSE', 'README.md', 'CHANGELOG.md'],
  // npm signs where and from which commit it was built; needs a release workflow that may ask for an identity.
  publishConfig: { access: 'public', provenance: true },
});

/** Writes the package, from a build in dist/, to `folder`. */
export const writeNpmPackage = async (root: URL, folder: URL): Promise<void> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(new URL('dist/', folder), { recursive: true });
  const described = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as Described;
  await writeFile(new URL('package.json', folder), `${JSON.stringify(published(described), null, 2)}\n`);
  for (const name of papers) await cp(new URL(name, root), new URL(name, folder), { recursive: true });
  for (const name of await readdir(new URL('dist/', root))) {
    if (name.endsWith('.mjs') || name === 'THIRD-PARTY-LICENSES.txt') await cp(new URL(`dist/${name}`, root), new URL(`dist/${name}`, folder));
  }
};
