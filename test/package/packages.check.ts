/** What `npm run package` wrote to dist/: node --test test/package/packages.check.ts */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { signatureProblem } from '../../.ci/ad-hoc-signature.ts';
import { archiveName, platforms } from '../../.ci/platforms.ts';
import { dist, needsPackages } from './release-files.ts';
import { documentsOf, root } from './yaml-files.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-packages-'));
before(needsPackages);
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const sum = (file: URL): string => createHash('sha256').update(readFileSync(file)).digest('hex');

test('checksums.txt has the sum of every file, as sha256sum reads it', async () => {
  const { stdout } = await run('sha256sum', ['--check', '--strict', 'checksums.txt'], { cwd: dist.pathname });
  assert.equal(stdout.trim().split('\n').length, platforms.length + 2);
});

test('the krew manifest has the sums of the archives, and no placeholder', async () => {
  const [{ spec }] = (await documentsOf('dist/safe-delete.yaml')) as readonly [{ readonly spec: { readonly platforms: readonly { readonly uri: string; readonly sha256: string }[] } }];
  assert.deepEqual(spec.platforms.map(({ uri, sha256 }) => [uri.split('/').at(-1), sha256]), platforms.map((platform) => [archiveName(platform), sum(new URL(archiveName(platform), dist))]));
  assert.doesNotMatch(readFileSync(new URL('safe-delete.yaml', dist), 'utf8'), /0{64}|placeholder/);
});

test('the archive for Linux holds the executable that the suites ran', { skip: existsSync(new URL('bin/kubectl-safe_delete', dist)) ? false : 'no dist/bin; npm run binary makes it' }, async () => {
  const { stdout } = await run('tar', ['-xzOf', new URL('safe-delete_linux_amd64.tar.gz', dist).pathname, 'kubectl-safe_delete'], { encoding: 'buffer', maxBuffer: 1 << 28 });
  assert.equal(createHash('sha256').update(stdout).digest('hex'), sum(new URL('bin/kubectl-safe_delete', dist)));
});

test('no archive is larger than 45 MB', () => {
  for (const platform of platforms) {
    const megabytes = statSync(new URL(archiveName(platform), dist)).size / 1e6;
    assert.ok(megabytes <= 45, `${archiveName(platform)}: ${megabytes.toFixed(1)} MB`);
  }
});

test('the bill of materials names what is inside, with version, licence and hash', () => {
  const bill = JSON.parse(readFileSync(new URL('sbom.cdx.json', dist), 'utf8')) as {
    readonly specVersion: string;
    readonly serialNumber: string;
    readonly components: readonly { readonly name: string; readonly scope: string; readonly licenses?: unknown; readonly hashes?: unknown; readonly purl: string }[];
  };
  assert.equal(bill.specVersion, '1.6');
  assert.match(bill.serialNumber, /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  const inside = bill.components.filter(({ scope }) => scope === 'required');
  for (const name of ['yargs', 'ora', 'cli-table3', 'yaml', '@oven/bun-darwin-aarch64']) assert.ok(inside.some((component) => component.name === name), name);
  assert.ok(!inside.some(({ name }) => name === '@kubernetes/client-node'));
  for (const { name, licenses, hashes } of inside) assert.ok(licenses !== undefined && hashes !== undefined, name);
});

describe('macOS', () => {
  for (const arch of ['amd64', 'arm64'] as const) {
    test(`the executable for ${arch} has an ad-hoc signature that fits every page`, async () => {
      const into = mkdtempSync(join(folder, 'darwin-'));
      await run('tar', ['-xzf', new URL(archiveName({ os: 'darwin', arch }), dist).pathname, '-C', into]);
      const file = readFileSync(join(into, 'kubectl-safe_delete'));
      assert.equal(signatureProblem(file), null);
      const changed = Buffer.from(file);
      changed[5000] = (changed[5000] ?? 0) ^ 1;
      assert.equal(signatureProblem(changed), '1 pages are not what was signed');
    });
  }
});

test('the same sources give the same bytes, from another folder and at another time', async () => {
  const again = join(folder, 'again');
  const only = ['darwin_amd64', 'windows_arm64'];
  await run(process.execPath, [new URL('.ci/package.ts', root).pathname, ...only.flatMap((name) => ['--platform', name]), '--out', again], { cwd: folder, env: { ...process.env, TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8' } });
  const archives = readdirSync(again).filter((name) => name.startsWith('safe-delete_'));
  assert.equal(archives.length, only.length);
  for (const name of [...archives, 'sbom.cdx.json']) assert.equal(sum(new URL(`file://${again}/${name}`)), sum(new URL(name, dist)), name);
});
