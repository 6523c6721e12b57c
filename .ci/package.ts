// Everything that a release publishes, in dist/: npm run package [-- --platform OS_ARCH]... [--out DIR]
//
// One archive a platform, checksums.txt, the krew manifest with the real sums, a bill of materials, and the npm package. The same
// sources give the same bytes.
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { type Entry, tarGz, zip } from './archive.ts';
import { bundleForBun, compile } from './bun.ts';
import { licencesOf, packagesIn } from './licences.ts';
import { writeNpmPackage } from './npm-package.ts';
import { archiveName, executableName, type Platform, platformNamed, platforms } from './platforms.ts';
import { billOfMaterials } from './sbom.ts';

const root = new URL('../', import.meta.url);

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** What kubectl's completion runs: https://kubernetes.io/docs/reference/kubectl/generated/kubectl_completion */
const completer = ({ os }: Platform): Entry =>
  os === 'windows'
    ? { name: 'kubectl_complete-safe_delete.cmd', data: Buffer.from('@"%~dp0kubectl-safe_delete.exe" __complete %*\r\n'), executable: false }
    : { name: 'kubectl_complete-safe_delete', data: Buffer.from('#!/bin/sh\nexec kubectl-safe_delete __complete "$@"\n'), executable: true };

const paper = async (name: string): Promise<Entry> => ({ name, data: await readFile(new URL(name, root)), executable: false });

const noticesFor = async (work: string): Promise<{ readonly entry: Entry; readonly inside: ReadonlySet<string> }> => {
  const metafile = await bundleForBun(join(work, 'main.mjs'));
  const text = `${await readFile(new URL('.ci/notices/bun.md', root), 'utf8')}\n${'-'.repeat(80)}\n\n${await licencesOf(metafile, root)}`;
  return { entry: { name: 'THIRD-PARTY-LICENSES.txt', data: Buffer.from(text), executable: false }, inside: packagesIn(metafile) };
};

const archiveOf = async (platform: Platform, notices: Entry, work: string): Promise<Buffer> => {
  const folder = join(work, `${platform.os}_${platform.arch}`);
  await mkdir(folder);
  const program = await readFile(await compile(platform, join(work, 'main.mjs'), folder));
  await rm(folder, { recursive: true });
  const entries = [{ name: executableName(platform), data: program, executable: true }, completer(platform), await paper('LICENSE'), notices, await paper('README.md')];
  return await (platform.os === 'windows' ? zip(entries) : tarGz(entries));
};

/** The manifest of the repository with the sums of the archives that were made; the others keep their zeros. */
const manifestWith = (template: string, sums: ReadonlyMap<string, string>): string => {
  let text = template.replace(/^(?:#.*\n)+/u, '');
  for (const [archive, sum] of sums) {
    const before = text;
    text = text.replace(new RegExp(`(/${archive.replaceAll('.', String.raw`\.`)}\\n\\s+sha256: )"0{64}"`, 'u'), `$1"${sum}"`);
    if (text === before) throw new Error(`krew-manifest.yaml has no place for the sum of ${archive}`);
  }
  return text;
};

const { values } = parseArgs({ options: { platform: { type: 'string', multiple: true }, out: { type: 'string', default: new URL('dist', root).pathname } } });
const chosen = values.platform?.map(platformNamed) ?? platforms;
if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`every platform is packaged on Linux x64; this is ${process.platform} ${process.arch}`);

const started = performance.now();
const out = pathToFileURL(`${resolve(values.out)}/`);
await mkdir(out, { recursive: true });
const work = await mkdtemp(join(tmpdir(), 'kubectl-safe-delete-package-'));
try {
  const { version } = JSON.parse(await readFile(new URL('package.json', root), 'utf8')) as { readonly version: string };
  const notices = await noticesFor(work);
  const sums = new Map<string, string>();
  // Two at a time: each holds its executable and its archive in memory.
  const queue = [...chosen];
  const worker = async (): Promise<void> => {
    for (let platform = queue.shift(); platform !== undefined; platform = queue.shift()) {
      const archive = await archiveOf(platform, notices.entry, work);
      await writeFile(new URL(archiveName(platform), out), archive);
      sums.set(archiveName(platform), sha256(archive));
      console.log(`${archiveName(platform)}: ${(archive.length / 1e6).toFixed(1)} MB`);
    }
  };
  await Promise.all([worker(), worker()]);
  const bill = Buffer.from(`${JSON.stringify(await billOfMaterials(root, version, notices.inside), null, 2)}\n`);
  await writeFile(new URL('sbom.cdx.json', out), bill);
  const manifest = Buffer.from(manifestWith(await readFile(new URL('krew-manifest.yaml', root), 'utf8'), sums));
  await writeFile(new URL('safe-delete.yaml', out), manifest);
  const lines = [...sums, ['safe-delete.yaml', sha256(manifest)] as const, ['sbom.cdx.json', sha256(bill)] as const].toSorted(([a], [b]) => (a < b ? -1 : 1));
  await writeFile(new URL('checksums.txt', out), lines.map(([name, sum]) => `${sum}  ${name}\n`).join(''));
  await writeNpmPackage(root, new URL('npm/', out));
  console.log(`${out.pathname}: version ${version}, ${chosen.length} platforms, in ${((performance.now() - started) / 1000).toFixed(0)} s`);
} finally {
  await rm(work, { recursive: true, force: true });
}
