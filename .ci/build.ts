// Bundles src/bin.ts into dist/: split ESM that runs on Node 20.19 and newer, nothing left to install.
import { build, type Plugin } from 'esbuild';
import { rm } from 'node:fs/promises';

/** string-width 7 and 8 cost 35 to 50 ms at import; the width table that this product needs is a page (src/cli/string-width.ts). */
export const ownStringWidth: Plugin = {
  name: 'own-string-width',
  setup(setup) {
    setup.onResolve({ filter: /^string-width$/ }, () => ({ path: new URL('../src/model/string-width.ts', import.meta.url).pathname }));
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
