// Bundles src/bin.ts into dist/: split ESM that runs on Node 20.19 and newer, nothing left to install.
import { build, type BuildOptions, type Plugin } from 'esbuild';
import { readdir, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { licencesOf } from './licences.ts';

const ownWidth = new URL('../src/model/string-width.ts', import.meta.url).pathname;

/** string-width 7 and 8 cost 35 to 50 ms at import; a page of our own measures widths (src/model/string-width.ts). */
export const ownStringWidth: Plugin = {
  name: 'own-string-width',
  setup(setup) {
    // cli-table3 is CommonJS and calls what it requires: it must not get a namespace object.
    setup.onResolve({ filter: /^string-width$/ }, ({ kind }) => (kind === 'require-call' ? { path: ownWidth, namespace: 'required-width' } : { path: ownWidth }));
    setup.onLoad({ filter: /.*/, namespace: 'required-width' }, () => ({ contents: `module.exports=require(${JSON.stringify(ownWidth)}).default`, resolveDir: '/' }));
  },
};

/** What every bundle of the plugin has in common. */
export const bundle = {
  absWorkingDir: new URL('../', import.meta.url).pathname,
  entryPoints: { 'kubectl-safe_delete': 'src/bin.ts' },
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  legalComments: 'none',
  // The ES module form: from the CommonJS one, which Node's condition names, import() in a split bundle gives a default and no names.
  alias: { yaml: new URL('../node_modules/yaml/browser/index.js', import.meta.url).pathname },
  plugins: [ownStringWidth],
} satisfies BuildOptions;

/** CommonJS packages inside an ES module call require. */
export const requireInEsm = { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" };

if (import.meta.main) {
  const outdir = new URL('../dist/', import.meta.url);
  const { metafile } = await build({ ...bundle, outdir: outdir.pathname, splitting: true, format: 'esm', outExtension: { '.js': '.mjs' }, metafile: true, banner: requireInEsm });
  await writeFile(new URL('THIRD-PARTY-LICENSES.txt', outdir), await licencesOf(metafile, new URL('../', import.meta.url)));
  // Old chunks go last, and only they: a run that has just begun still finds its own, and the binaries below dist/ stay.
  const written = new Set(Object.keys(metafile.outputs).map((file) => basename(file)));
  for (const name of await readdir(outdir)) {
    if (name.endsWith('.mjs') && !written.has(name)) await rm(new URL(name, outdir), { force: true });
  }
}
