/**
 * What kubectl's own completion offers for the plugin: node --test test/completion/kubectl.check.ts
 * On the real cluster (CLUSTER_NAME), with the executable of SAFE_DELETE_BIN; the transcript goes to standard output.
 */
import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { openCluster } from '../cluster/cluster.ts';
import { runProgram } from '../package/release-files.ts';
import { root } from '../package/yaml-files.ts';

const cluster = await openCluster(process.env['CLUSTER_NAME']);
const folder = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-completion-'));
const executable = resolve(process.env['SAFE_DELETE_BIN'] ?? join(root.pathname, 'bin/kubectl-safe_delete'));
let namespace = '';

before(async () => {
  // As krew does it for the first, and as the archives bring the second.
  symlinkSync(executable, join(folder, 'kubectl-safe_delete'));
  writeFileSync(join(folder, 'kubectl_complete-safe_delete'), '#!/bin/sh\nexec kubectl-safe_delete __complete "$@"\n', { mode: 0o755 });
  copyFileSync(cluster.kubeconfig, join(folder, 'kubeconfig'));
  namespace = await cluster.createNamespace('completion');
  const container = { image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sleep', '1000'] };
  const spec = { terminationGracePeriodSeconds: 0, containers: [{ ...container, name: 'app' }, { ...container, name: 'proxy' }] };
  await cluster.apply(
    [
      ...['web-1', 'web-2'].map((name) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec })),
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } },
    ],
    namespace,
  );
});
after(async () => {
  if (namespace !== '') await cluster.deleteNamespace(namespace);
  rmSync(folder, { recursive: true, force: true });
});

/** The prefix of a line, and what kubectl gives the shell for it, without what is behind the tabs. NS is the namespace. */
const transcript: readonly (readonly [line: string, offered: readonly string[]])[] = [
  ['pods', ['pods', ':4']],
  ['statefulsets.', ['statefulsets.apps', ':4']],
  ['pod -n NS |', ['web-1', 'web-2', ':4']],
  ['pod -n NS web-1 |', ['web-2', ':4']],
  ['-n NS pod/w', ['pod/web-1', 'pod/web-2', ':4']],
  ['-n NS pod/web-1 configmap', ['configmaps/', ':6']],
  ['-n NS pod/web-1 cm/s', ['cm/settings', ':4']],
  ['pod x -n NS', ['NS', ':4']],
  ['pod x --namespace=NS', ['NS', ':4']],
  ['pod x --exit-code-from p', [':4']],
  ['pod web-1 -n NS --exit-code-from |', ['app', 'proxy', ':4']],
  ['node |', ['node-1', ':4']],
  ['pod x --skip finaliz', ['finalizers', ':4']],
  ['pod x --allow mirror-pod,static', ['mirror-pod,static-pod', ':4']],
  ['pod x --dry-run=', ['none', 'client', 'server', ':4']],
  ['pod x -o nd', ['ndjson', ':4']],
  ['pod x --grace', ['--grace-period', ':4']],
  ['explain mirror', ['mirror-pod', ':4']],
  ['completion |', ['bash', 'zsh', 'fish', ':4']],
  ['-f |', [':0']],
];

for (const [line, offered] of transcript) {
  test(`kubectl safe-delete ${line}`, async (t) => {
    const words = line.split(' ').map((word) => (word === '|' ? '' : word.replace('NS', namespace)));
    const env = { HOME: folder, KUBECONFIG: join(folder, 'kubeconfig'), KUBECACHEDIR: join(folder, 'cache'), PATH: `${folder}:${dirname(cluster.kubectlPath)}:${dirname(process.execPath)}:/usr/bin:/bin` };
    const { code, stdout, stderr } = await runProgram(cluster.kubectlPath, ['__complete', 'safe-delete', ...words], { env });
    assert.equal(code, 0, stderr);
    const lines = stdout.trimEnd().split('\n').map((text) => text.replace(/\t.*/, ''));
    t.diagnostic(`${words.join(' ')} -> ${lines.join(' ')}`);
    assert.deepEqual(lines, offered.map((text) => text.replace('NS', namespace)));
  });
}
