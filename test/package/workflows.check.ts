/** The workflows, by their linter (built from its Go module, once), and the action: node --test test/package/workflows.check.ts */
import assert from 'node:assert/strict';
import { copyFileSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { parse } from 'yaml';
import { buildReleaseTools } from '../cluster/build.ts';
import { dist, type Ended, needsPackages, runProgram } from './release-files.ts';
import { root } from './yaml-files.ts';

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, { readonly permissions?: Readonly<Record<string, string>>; readonly steps?: readonly { readonly uses?: string; readonly with?: Readonly<Record<string, unknown>> }[] }>>;
}

const files = globSync('.github/workflows/*.yml', { cwd: root.pathname });
const workflow = (file: string): Workflow => parse(readFileSync(new URL(file, root), 'utf8')) as Workflow;
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-action-'));
after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const act = async (name: string, env: Readonly<Record<string, string>>): Promise<Ended & { readonly path: string; readonly output: string }> => {
  const temp = join(folder, name);
  mkdirSync(temp);
  const [path, output] = [join(temp, 'path'), join(temp, 'output')];
  for (const file of [path, output]) writeFileSync(file, '');
  const ended = await runProgram(new URL('.github/run-action', root).pathname, [], {
    env: { PATH: '/usr/bin:/bin', HOME: temp, RUNNER_OS: 'Linux', RUNNER_ARCH: 'X64', RUNNER_TEMP: temp, GITHUB_PATH: path, GITHUB_OUTPUT: output, SAFE_DELETE_RELEASES: `file://${folder}/releases`, SAFE_DELETE_VERSION: 'v0.1.0', ...env },
    cwd: temp,
  });
  return { ...ended, path: readFileSync(path, 'utf8'), output: readFileSync(output, 'utf8') };
};

/** A release like the one that npm run package made, in a folder. */
const publish = (): string => {
  needsPackages();
  const release = join(folder, 'releases/v0.1.0');
  mkdirSync(release, { recursive: true });
  for (const file of ['safe-delete_linux_amd64.tar.gz', 'checksums.txt']) copyFileSync(new URL(file, dist), join(release, file));
  return release;
};

describe('the workflows', () => {
  test('have nothing that their linter minds', async () => {
    assert.equal(files.length, 2);
    const { code, stdout, stderr } = await runProgram(join(await buildReleaseTools(), 'actionlint'), ['-no-color', '-shellcheck=', '-pyflakes=', ...files], { env: { PATH: '/usr/bin:/bin', HOME: folder }, cwd: root.pathname });
    assert.equal(code, 0, `${stdout}${stderr}`);
  });

  for (const file of files) {
    const { permissions, jobs } = workflow(file);
    const steps = Object.values(jobs).flatMap((job) => job.steps ?? []);
    test(`${file} may read, and only the jobs that publish may write`, () => {
      assert.deepEqual(permissions, { contents: 'read' });
      const writing = Object.entries(jobs).filter(([, job]) => Object.values(job.permissions ?? {}).includes('write')).map(([name]) => name);
      assert.deepEqual(writing, file.endsWith('release.yml') ? ['publish', 'npm'] : []);
    });
    test(`${file} pins every action by its commit, and says which version that is`, () => {
      const text = readFileSync(new URL(file, root), 'utf8');
      for (const { uses } of steps) if (uses !== undefined && !uses.startsWith('./')) assert.match(text, new RegExp(`uses: ${uses.replace(/[/.]/g, String.raw`\$&`)} # v\\d`), uses);
      for (const { uses } of steps) assert.match(uses ?? './', /^\.\/|@[0-9a-f]{40}$/);
    });
    test(`${file} leaves no credential in the checkout`, () => {
      for (const step of steps) if (step.uses?.startsWith('actions/checkout@') === true) assert.equal(step.with?.['persist-credentials'], false);
    });
  }
});

describe('the action', () => {
  test('downloads, compares, and runs what it is told, as words', async () => {
    publish();
    const { code, stdout, stderr, output, path } = await act('good', { SAFE_DELETE_ARGS: 'explain finalizers\n$(touch pwned) ; *' });
    assert.equal(code, 1, stderr);
    assert.match(stderr, /explain takes one check or code, and got 5/);
    assert.equal(output, 'exit-code=1\n');
    assert.match(path, /\/safe-delete-v0\.1\.0\/bin\n$/);
    assert.match(stdout, /safe-delete_linux_amd64\.tar\.gz: OK/);
    assert.equal((await act('version', { SAFE_DELETE_ARGS: '--version' })).code, 0);
  });

  test('runs nothing whose sum is another one, or has none', async () => {
    const release = publish();
    writeFileSync(join(release, 'safe-delete_linux_amd64.tar.gz'), 'something else');
    const { code, path, output } = await act('bad', { SAFE_DELETE_ARGS: '--version' });
    assert.notEqual(code, 0);
    assert.equal(path + output, '');
    writeFileSync(join(release, 'checksums.txt'), '');
    assert.notEqual((await act('none', { SAFE_DELETE_ARGS: '--version' })).code, 0);
  });

  test('takes no version that is a path', async () => {
    assert.match((await act('path', { SAFE_DELETE_VERSION: '../../x' })).stdout, /::error::version is a release/);
  });
});
