// The executables that Bun makes, for every platform from one Linux machine.
import { build, type Metafile } from 'esbuild';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { adHocSigned } from './ad-hoc-signature.ts';
import { bundle, requireInEsm } from './build.ts';
import { bunVersion, executableName, type Platform, platformNamed } from './platforms.ts';

const run = promisify(execFile);
const root = new URL('../', import.meta.url).pathname;

/** Where the pinned bun lies, and what is built once for the tests. */
export const cacheFolder = (): string => {
  const xdg = process.env['XDG_CACHE_HOME'] ?? '';
  return join(xdg === '' ? join(homedir(), '.cache') : xdg, 'kubectl-safe-delete');
};

/**
 * The pinned bun of a platform, from the npm registry, into the user's cache. It is not a dependency: with some 90 MB a platform it
 * would cost every `npm ci` more than all other packages, for one build.
 */
const bunOf = async (platform: Platform): Promise<string> => {
  const name = platform.os === 'windows' ? 'bun.exe' : 'bun';
  const cache = join(cacheFolder(), `bun-${bunVersion}`, `${platform.os}_${platform.arch}`);
  const program = join(cache, name);
  if ((await stat(program).catch(() => null)) !== null) return program;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'new-'));
  try {
    await run('npm', ['pack', '--silent', '--ignore-scripts', `${platform.package}@${bunVersion}`], { cwd: work });
    const archive = join(work, `${platform.package.slice(1).replace('/', '-')}-${bunVersion}.tgz`);
    const integrity = `sha512-${createHash('sha512').update(await readFile(archive)).digest('base64')}`;
    if (integrity !== platform.integrity) throw new Error(`${platform.package}@${bunVersion} has the integrity ${integrity}, expected was ${platform.integrity}`);
    await run('tar', ['-xzf', archive, '-C', work, `package/bin/${name}`]);
    await chmod(join(work, 'package/bin', name), 0o755);
    await rename(join(work, 'package/bin', name), program);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return program;
};

/** The one file that every executable holds, and what went into it. */
export const bundleForBun = async (file: string): Promise<Metafile> =>
  (await build({ ...bundle, outfile: file, entryPoints: [join(root, 'src/bin.ts')], format: 'esm', banner: requireInEsm, metafile: true })).metafile;

/**
 * Bun's own kind of executable, made of the bundle `main`, in the folder `work`. Without the two --no-compile-autoload flags it would
 * load .env and run the preloads of bunfig.toml from the folder in which a user happens to stand: a .env there could name another cluster.
 * Same input, same bytes: the name of the output is part of them, so it is always the same.
 */
export const compile = async (platform: Platform, main: string, work: string): Promise<string> => {
  const hardening = ['--no-compile-autoload-dotenv', '--no-compile-autoload-bunfig'];
  const target = [`--target=${platform.target}`, `--compile-executable-path=${await bunOf(platform)}`];
  const bun = await bunOf(platformNamed('linux_amd64'));
  // A relative path: an absolute one would be part of the bytes.
  const source = basename(main);
  if (join(work, source) !== main) await copyFile(main, join(work, source));
  await run(bun, ['build', '--compile', '--minify', '--bytecode', '--format=esm', ...hardening, ...target, source, '--outfile', executableName(platform)], { cwd: work });
  const made = join(work, executableName(platform));
  // Bun signs for arm64 alone; for Intel it leaves the signature of the bare bun, which no longer fits, and macOS kills what that is on.
  if (platform.os === 'darwin' && platform.arch === 'amd64') await writeFile(made, adHocSigned(await readFile(made), 'kubectl-safe_delete'), { mode: 0o755 });
  return made;
};
