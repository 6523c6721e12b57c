// `npm run new-check`: what it writes compiles, is registered everywhere, and its cases pass.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { newCheck } from '../../.ci/new-check.ts';
import { root } from '../package/yaml-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-new-check-'));
before(async () => {
  for (const name of ['src', 'test', '.ci', 'tsconfig.json', 'package.json']) cpSync(join(root.pathname, name), join(folder, name), { recursive: true });
  symlinkSync(join(root.pathname, 'node_modules'), join(folder, 'node_modules'));
  await newCheck('warp-core', pathToFileURL(`${folder}/`));
});
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const run = async (program: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> =>
  await new Promise((done) => {
    // A test runner inside a test runner would report to the outer one.
    const { NODE_TEST_CONTEXT: _, ...env } = process.env;
    execFile(program, args, { cwd: folder, env, timeout: 100_000, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      done({ code: error === null ? 0 : 1, output: stdout + stderr });
    });
  });

test('compiles', async () => {
  const { code, output } = await run(process.execPath, [join(root.pathname, 'node_modules/typescript/bin/tsc'), '-p', 'tsconfig.json']);
  assert.equal(code, 0, output);
});

test('is registered, has words and cases, and its cases pass', async () => {
  const { code, output } = await run(process.execPath, ['--test', '--test-reporter=tap', '--test-name-pattern=warp-core', 'test/house/registry.test.ts', 'test/checks/checks.test.ts']);
  assert.equal(code, 0, output);
  assert.match(output, /# pass [1-9]/);
});

test('does not write over what is there, nor take an id that is none', async () => {
  const there = readFileSync(join(folder, 'src/checks/warp-core.ts'), 'utf8');
  await assert.rejects(newCheck('warp-core', pathToFileURL(`${folder}/`)), /is there already/);
  await assert.rejects(newCheck('Warp Core', pathToFileURL(`${folder}/`)), /is no id/);
  await assert.rejects(newCheck('', pathToFileURL(`${folder}/`)), /is no id/);
  assert.equal(readFileSync(join(folder, 'src/checks/warp-core.ts'), 'utf8'), there);
});
