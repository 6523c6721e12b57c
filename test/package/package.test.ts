// What is published, and what a clone installs.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { access, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { promisify } from 'node:util';
import { root } from './yaml-files.ts';

const run = promisify(execFile);
const text = async (path: string): Promise<string> => await readFile(new URL(path, root), 'utf8');

interface Package {
  readonly private?: boolean;
  readonly type: string;
  readonly version: string;
  readonly license: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly dependencies?: unknown;
  readonly scripts: Readonly<Record<string, string>>;
  readonly allowScripts: Readonly<Record<string, boolean>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}
interface Locked {
  readonly version?: string;
  readonly resolved?: string;
  readonly link?: boolean;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly devOptional?: boolean;
  readonly peer?: boolean;
  readonly hasInstallScript?: boolean;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}
const described = JSON.parse(await text('package.json')) as Package;
const lock = JSON.parse(await text('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };

describe('package.json', () => {
  test('installs the two commands under whose names kubectl finds the plugin and its completion', () => {
    // kubectl-safe-delete would answer to `kubectl safe delete`, which belongs to another plugin.
    assert.deepEqual(described.bin, { 'kubectl-safe_delete': 'bin/kubectl-safe_delete', 'kubectl_complete-safe_delete': 'bin/kubectl_complete-safe_delete' });
  });

  test('cannot be published: npm run package writes the one that is', () => {
    assert.equal(described.private, true);
  });

  test('brings no packages to its users, and pins every package of its own', () => {
    assert.equal(described.dependencies, undefined);
    for (const [name, version] of Object.entries(described.devDependencies)) assert.match(version, /^(?:\d+\.\d+\.\d+(?:-[\w.]+)?|file:.+)$/, name);
  });

  test('asks for the oldest Node that the bundle is made for', async () => {
    assert.equal(described.engines.node, '>=20.19');
    assert.match(await text('.ci/build.ts'), /target: 'node20'/);
  });

  test('has the version of the sources', async () => {
    assert.match(await text('src/options/version.ts'), new RegExp(`'${described.version.replaceAll('.', String.raw`\.`)}'`));
  });

  test('stands under the licence in LICENSE', async () => {
    assert.equal(described.license, 'Apache-2.0');
    assert.match(await text('LICENSE'), /Apache License\s+Version 2\.0, January 2004/);
  });
});

describe('package-lock.json', () => {
  test('names no registry, so that any mirror serves, and the hash of every package', () => {
    for (const [path, { resolved, integrity, link }] of Object.entries(lock.packages)) {
      if (resolved !== undefined) assert.ok(link === true && !resolved.includes(':'), `${path}: ${resolved}`);
      if (path.startsWith('node_modules/') && link !== true) assert.match(integrity ?? '', /^sha512-/, path);
    }
  });

  test('runs no script of a package: the one that has one may not', () => {
    const scripted = Object.entries(lock.packages).filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([path]) => path.slice('node_modules/'.length));
    assert.deepEqual(scripted, Object.keys(described.allowScripts));
    assert.deepEqual(Object.values(described.allowScripts), scripted.map(() => false));
  });

  test('holds nothing that a user would install', () => {
    for (const [path, { dev, devOptional, optional, link, peer }] of Object.entries(lock.packages)) {
      if (path.startsWith('node_modules/') && link !== true) assert.ok(dev === true || devOptional === true || optional === true || peer === true, path);
    }
    for (const name of ['preinstall', 'install', 'postinstall']) assert.equal(described.scripts[name], undefined, name);
  });

  test('names few packages, and few are inside the bundle', async () => {
    const chosen = Object.keys(described.devDependencies);
    assert.ok(chosen.length <= 15, chosen.join(', '));
    const bundled = await text('dist/THIRD-PARTY-LICENSES.txt');
    const inside = [...bundled.matchAll(/^(@?[\w./-]+) \d+\.\d+/gmu)].length;
    assert.ok(inside > 0 && inside < 40, `${inside} packages inside the bundle`);
  });

  test('holds the packages of every platform, not only of the one that wrote it', () => {
    const optional = Object.entries(lock.packages).flatMap(([path, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).map((name) => ({ path, name })));
    assert.ok(optional.length > 20);
    for (const { path, name } of optional) {
      assert.ok(`node_modules/${name}` in lock.packages || `${path}/node_modules/${name}` in lock.packages, `${name}, wanted by ${path}`);
    }
  });
});

describe('the bundle', () => {
  test('goes with the licences of the packages inside it', async () => {
    const licences = await text('dist/THIRD-PARTY-LICENSES.txt');
    for (const name of ['cli-table3', 'ora', 'yaml', 'yargs']) assert.match(licences, new RegExp(`^${name} \\d`, 'm'));
    assert.doesNotMatch(licences, /^(?:@kubernetes\/client-node|undici|string-width) \d/m);
  });
});

describe('the launcher', () => {
  test('is two lines that may be executed, and starts the bundle', async () => {
    const launcher = new URL('bin/kubectl-safe_delete', root);
    assert.equal(await text('bin/kubectl-safe_delete'), "#!/usr/bin/env node\nimport '../dist/kubectl-safe_delete.mjs';\n");
    if (process.platform !== 'win32') assert.equal((await stat(launcher)).mode & 0o111, 0o111);
  });
});

describe('the npm package', () => {
  test('holds the bundle, the schemas and the papers, and runs in an empty folder', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'kubectl-safe-delete-pack-'));
    try {
      // Without scripts: the bundle is there already, made before the tests.
      const packed = await run('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], { cwd: root.pathname });
      const [{ filename, files }] = JSON.parse(packed.stdout) as readonly [{ readonly filename: string; readonly files: readonly { readonly path: string }[] }];
      const paths = files.map(({ path }) => path);
      for (const path of ['LICENSE', 'README.md', 'CHANGELOG.md', 'package.json', 'bin/kubectl-safe_delete', 'dist/kubectl-safe_delete.mjs', 'schema/report.v1.json', 'schema/event.v1.json']) {
        assert.ok(paths.includes(path), path);
      }
      assert.deepEqual(paths.filter((path) => !/^(?:bin\/|dist\/[^/]+\.(?:mjs|txt)$|schema\/|[^/]+$)/.test(path)), []);
      await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', '--prefix', folder, join(folder, filename)], { cwd: folder });
      const command = join(folder, 'node_modules/.bin/kubectl-safe_delete');
      await access(command);
      const { stdout } = await run(command, ['--version']);
      assert.equal(stdout, `kubectl-safe_delete ${described.version}\n`);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
