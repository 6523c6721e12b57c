// What only the built bundle can show: its lazily loaded parts are found and work, on the Node that runs it.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from './yaml-files.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

const run = async (args: readonly string[], kubeconfig: string): Promise<Ended> =>
  await new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [new URL('bin/kubectl-safe_delete', root).pathname, ...args],
      { env: { PATH: process.env['PATH'] ?? '', HOME: tmpdir(), KUBECONFIG: kubeconfig }, timeout: 60_000 },
      (_error, stdout, stderr) => {
        resolve({ code: child.exitCode, stdout, stderr });
      },
    );
  });

const kubeconfigs = {
  'plain blocks': `apiVersion: v1
kind: Config
current-context: c
contexts:
- name: c
  context:
    cluster: k
    user: u
clusters:
- name: k
  cluster:
    server: http://127.0.0.1:1
users:
- name: u
  user:
    token: t
`,
  'flow collections, anchors and comments, which need the YAML library': `# made by hand
apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: &where {cluster: k, user: u}}, {name: d, context: *where}]
clusters: [{name: k, cluster: {server: "http://127.0.0.1:1"}}]
users: [{name: u, user: {token: t}}]
`,
};

for (const [what, text] of Object.entries(kubeconfigs)) {
  test(`the bundle reads a kubeconfig of ${what}`, async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'config');
    writeFileSync(file, text);
    const { code, stdout, stderr } = await run(['pod', 'a'], file);
    assert.equal(code, 1, stderr);
    assert.equal(stdout, '');
    assert.match(stderr, /The connection to the server 127\.0\.0\.1:1 was refused/);
  });
}

test('the bundle writes a report as YAML', async () => {
  const file = join(mkdtempSync(join(tmpdir(), 'bundle-')), 'config');
  writeFileSync(file, kubeconfigs['plain blocks']);
  const { code, stdout } = await run(['pod', 'a', '-o', 'yaml'], file);
  assert.equal(code, 1);
  assert.match(stdout, /^kind: DeletionReport$/m);
});

test('the bundle lays out its help', async () => {
  const { code, stdout } = await run(['--help'], '/dev/null');
  assert.equal(code, 0);
  assert.match(stdout, /kubectl safe-delete/);
});
