// --report, --warnings-as-errors and CI systems, through main: which files are there after each kind of end.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Answer, ClusterPort } from '../../src/cluster/port.ts';
import { connect as connectByFlags } from '../../src/connection/connect.ts';
import { main, type Connect } from '../../src/main.ts';
import type { Sink } from '../../src/model/world.ts';
import { flagsWith, worldWith } from '../connection/world.ts';
import { startEmbedded } from '../embedded/embedded.ts';

let cluster: Awaited<ReturnType<typeof startEmbedded>>;
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-reports-'));
before(async () => {
  cluster = await startEmbedded();
});
after(async () => {
  await cluster.stop();
  rmSync(folder, { recursive: true, force: true });
});

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly file: (name: string) => string;
}

const sink = (write: (text: string) => void): Sink => ({ isTTY: false, columns: () => undefined, rows: () => undefined, write });

const warned = <T>(answer: Answer<T>): Answer<T> => (answer.ok ? { ...answer, warnings: ['pods are deprecated'] } : answer);

/** A cluster that warns of every deletion. */
const warning: Connect = async (flags, world) => {
  const connected = await connectByFlags(flags, world);
  if (!connected.ok) return connected;
  const { port, context } = connected.value;
  return { ok: true, value: { port: { ...port, delete: async (...args) => warned(await port.delete(...args)) }, context } };
};

const run = async (line: string, env: Readonly<Record<string, string>> = {}, connect: Connect = connectByFlags): Promise<Ran> => {
  let [stdout, stderr] = ['', ''];
  const world = worldWith({
    env: { KUBECONFIG: cluster.kubeconfig, KUBECACHEDIR: join(folder, 'cache'), ...env },
    workingDirectory: folder,
    stdout: sink((text) => { stdout += text; }),
    stderr: sink((text) => { stderr += text; }),
    onSignal: () => () => undefined,
  });
  const code = await main(line.split(' '), world, connect);
  return { code, stdout, stderr, file: (name) => readFileSync(join(folder, name), 'utf8') };
};

const make = async (name: string, finalizers: readonly string[] = []): Promise<void> => {
  const connected = await connectByFlags(flagsWith(), worldWith({ env: { KUBECONFIG: cluster.kubeconfig } }));
  assert.ok(connected.ok);
  const container = { name: 'app', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', "trap 'exit 0' TERM; sleep 1000 & wait"] };
  const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name, finalizers }, spec: { terminationGracePeriodSeconds: 1, containers: [container] } };
  const made = await connected.value.port.create({ group: '', version: 'v1', resource: 'pods', namespace: 'default', name: null }, pod);
  connected.value.port.close();
  assert.ok(made.ok);
};

const deletions = (): number => cluster.audit().filter(({ verb, dryRun }) => verb === 'delete' && !dryRun).length;

afterEach(() => {
  for (const name of ['j.xml', 'm.md']) rmSync(join(folder, name), { force: true });
});

describe('--report', () => {
  test('says how a deletion ended, in both formats', async () => {
    await make('a');
    const { code, file } = await run('pod a --yes --report junit=j.xml --report markdown=m.md');
    assert.equal(code, 0);
    assert.match(file('j.xml'), /<testcase classname="default\.pod\/a" name="deletion"[^]*<system-out>deleted/);
    assert.match(file('m.md'), /^### kubectl safe-delete: deleted \(exit code 0\)/);
  });

  test('says that consent is missing, and that a name was not found', async () => {
    await make('b');
    assert.equal((await run('pod b --report markdown=m.md')).code, 3);
    assert.match(readFileSync(join(folder, 'm.md'), 'utf8'), /declined \(exit code 3\)[^]*owner-controller\/bare-pod/);
    assert.equal((await run('pod nobody --report junit=j.xml')).code, 6);
    assert.match(readFileSync(join(folder, 'j.xml'), 'utf8'), /<failure message="not-found/);
  });

  test('is there after a usage error, a policy that cannot be read, and a server that does not answer', async () => {
    for (const line of ['pod x --no-such-flag --report junit=j.xml', 'pod x --force --now --report junit=j.xml', 'pod x --policy /nonexistent --report junit=j.xml', 'pod x --server https://127.0.0.1:1 --report junit=j.xml']) {
      const { code, file } = await run(line);
      assert.equal(code, 1, line);
      assert.match(file('j.xml'), /<testcase classname="kubectl safe-delete" name="run"[^]*<error message=/, line);
      rmSync(join(folder, 'j.xml'));
    }
  });

  test('that cannot be written: exit 1, nothing deleted, and the other one says why', async () => {
    await make('c');
    const sent = deletions();
    const { code, stderr, stdout, file } = await run('pod c --yes -o json --report junit=no-such-folder/j.xml --report markdown=m.md');
    assert.equal(code, 1);
    assert.equal(deletions(), sent);
    assert.match(stderr, /cannot write the report no-such-folder\/j\.xml/);
    assert.equal((JSON.parse(stdout) as { readonly error: { readonly code: string } }).error.code, 'report-file');
    assert.match(file('m.md'), /cannot write the report no-such-folder\/j/);
  });

  test('says while the run goes on that it has not ended', async () => {
    await make('d');
    let during = '';
    const watching: Connect = async (flags, world) => {
      const connected = await connectByFlags(flags, world);
      if (!connected.ok) return connected;
      const { port, context } = connected.value;
      const deleting: ClusterPort = { ...port, delete: async (...args) => {
        during = readFileSync(join(folder, 'j.xml'), 'utf8');
        return await port.delete(...args);
      } };
      return { ok: true, value: { port: deleting, context } };
    };
    assert.equal((await run('pod d --yes --report junit=j.xml', {}, watching)).code, 0);
    assert.match(during, /<error message="the run has not come to its end/);
  });

  test('replaces the file of an earlier run', async () => {
    writeFileSync(join(folder, 'j.xml'), 'old');
    chmodSync(join(folder, 'j.xml'), 0o600);
    await run('pod nobody --ignore-not-found --report junit=j.xml');
    assert.match(readFileSync(join(folder, 'j.xml'), 'utf8'), /^<\?xml/);
  });
});

describe('--warnings-as-errors', () => {
  test('makes a warning of the API server exit 1, after the deletion', async () => {
    await make('e');
    const { code, stdout, stderr } = await run('pod e --yes --warnings-as-errors', {}, warning);
    assert.equal(code, 1);
    assert.match(stdout, /pod "e" deleted/);
    assert.match(stderr, /^Warning: pods are deprecated$/m);
    assert.match(stderr, /^error: 1 warning received$/m);
  });

  test('changes nothing without a warning, and without the flag a warning changes nothing', async () => {
    await make('f');
    assert.equal((await run('pod f --yes --warnings-as-errors')).code, 0);
    await make('g');
    assert.equal((await run('pod g --yes', {}, warning)).code, 0);
  });
});

describe('CI systems', () => {
  test('GitHub gets annotations on stderr and a summary, added to what the step has written', async () => {
    await make('h');
    const summary = join(folder, 'summary.md');
    writeFileSync(summary, 'before\n');
    const { code, stdout, stderr } = await run('pod h -o json', { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary });
    assert.equal(code, 3);
    assert.doesNotMatch(stdout, /^::/m);
    assert.match(stderr, /^::error title=pod\/h%3A declined::/m);
    assert.match(readFileSync(summary, 'utf8'), /^before\n### kubectl safe-delete: declined/);
  });

  test('a summary that cannot be written is no failure', async () => {
    assert.equal((await run('pod nobody --ignore-not-found', { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: folder })).code, 0);
  });

  test('GitLab gets sections for people, and none in a report', async () => {
    await make('i');
    assert.match((await run('pod i', { GITLAB_CI: 'true' })).stderr, /section_start:\d+:safe_delete_plan_1\r/);
    const { stdout, stderr } = await run('pod i -o json', { GITLAB_CI: 'true' });
    assert.doesNotMatch(stdout + stderr, /section_start/);
    assert.ok(!existsSync(join(folder, 'j.xml')));
  });
});
