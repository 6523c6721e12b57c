// Bundles src/bin.ts into dist/: split ESM that runs on Node 20.19 and newer, nothing left to install.
import { build, type Plugin } from 'esbuild';
import { rm } from 'node:fs/promises';

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

const outdir = new URL('../dist/', import.meta.url).pathname;

if (import.meta.main) {
  await rm(outdir, { recursive: true, force: true });
  await build({
    entryPoints: { 'kubectl-safe_delete': 'src/bin.ts' },
    outdir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    outExtension: { '.js': '.mjs' },
    minify: true,
    legalComments: 'none',
    plugins: [ownStringWidth],
    banner: { js: "import{createRequire as __cr}from'node:module';const require=__cr(import.meta.url);" },
  });
}
