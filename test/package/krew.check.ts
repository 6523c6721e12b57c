/**
 * The archives of `npm run package` and krew itself: node --test test/package/krew.check.ts (CLUSTER_NAME picks the real cluster).
 * krew and its validator are built from their Go module, once.
 */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { archiveName, executableName, platforms } from '../../.ci/platforms.ts';
import { buildReleaseTools } from '../cluster/build.ts';
import { openCluster } from '../cluster/cluster.ts';
import { dist, type Ended, needsPackages, runProgram } from './release-files.ts';

const cluster = await openCluster(process.env['CLUSTER_NAME']);
const home = mkdtempSync(join(tmpdir(), 'kubectl-safe-delete-krew-'));
const manifest = new URL('safe-delete.yaml', dist).pathname;
let tools = '';

before(async () => {
  needsPackages();
  tools = await buildReleaseTools();
});
after(() => {
  rmSync(home, { recursive: true, force: true });
});

const rootOf = (os: string, arch: string): string => join(home, `${os}_${arch}`);

const install = async (os: 'linux' | 'darwin' | 'windows', arch: 'amd64' | 'arm64'): Promise<Ended> => {
  const krewRoot = rootOf(os, arch);
  const env = { HOME: home, PATH: '/usr/bin:/bin', KREW_ROOT: krewRoot, KREW_OS: os, KREW_ARCH: arch };
  return await runProgram(join(tools, 'krew'), ['install', `--manifest=${manifest}`, `--archive=${new URL(archiveName({ os, arch }), dist).pathname}`], { env });
};

/** With what krew installed and nothing else in PATH. */
const kubectl = async (...args: readonly string[]): Promise<Ended> =>
  await runProgram(cluster.kubectlPath, args, { env: { HOME: home, KUBECONFIG: cluster.kubeconfig, PATH: join(rootOf('linux', 'amd64'), 'bin') } });

describe('krew', () => {
  test('finds nothing wrong with the manifest', async () => {
    const { code, stderr } = await runProgram(join(tools, 'validate-krew-manifest'), ['-manifest', manifest, '-skip-install'], { env: { HOME: home, PATH: '/usr/bin:/bin' } });
    assert.equal(code, 0, stderr);
  });

  for (const platform of platforms) {
    const { os, arch } = platform;
    test(`installs the archive of ${os}/${arch}, with the executable, the licence and the notices`, async () => {
      const { code, stderr } = await install(os, arch);
      assert.equal(code, 0, stderr);
      assert.match(stderr, /completion/);
      const link = join(rootOf(os, arch), 'bin', executableName(platform));
      const target = os === 'windows' && !existsSync(link) ? null : readlinkSync(link);
      const [version = ''] = readdirSync(join(rootOf(os, arch), 'store/safe-delete'));
      const store = join(rootOf(os, arch), 'store/safe-delete', version);
      if (target !== null) assert.equal(target, join(store, executableName(platform)));
      const completer = os === 'windows' ? 'kubectl_complete-safe_delete.cmd' : 'kubectl_complete-safe_delete';
      assert.deepEqual(readdirSync(store).toSorted(), ['LICENSE', 'README.md', 'THIRD-PARTY-LICENSES.txt', executableName(platform), completer].toSorted());
      // The one of this machine is run below.
      if (`${os}_${arch}` !== 'linux_amd64') rmSync(rootOf(os, arch), { recursive: true, force: true });
    });
  }
});

describe('what krew installed, without a node in PATH', () => {
  let namespace = '';
  before(async () => {
    namespace = await cluster.createNamespace('krew');
  });
  after(async () => {
    if (namespace !== '') await cluster.deleteNamespace(namespace);
  });

  test('is found by kubectl', async () => {
    assert.match((await kubectl('safe-delete', '--version')).stdout, /^kubectl-safe_delete \d+\.\d+\.\d+\n$/);
  });

  test('deletes a pod', async () => {
    const container = { name: 'main', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', "trap 'exit 0' TERM; sleep 100000 & wait"] };
    await cluster.apply([{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' }, spec: { terminationGracePeriodSeconds: 3, containers: [container] } }], namespace);
    const ready = await cluster.kubectl(['wait', '-n', namespace, 'pod/x', '--for=condition=Ready', '--timeout=60s']);
    assert.equal(ready.code, 0, ready.stderr);
    const { code, stdout, stderr } = await kubectl('safe-delete', 'pod', 'x', '-n', namespace, '--yes');
    assert.equal(code, 0, stderr);
    assert.match(stdout, new RegExp(`^pod "x" deleted from ${namespace} namespace`));
    assert.equal((await cluster.kubectl(['get', 'pod', 'x', '-n', namespace])).code, 1);
  });
});
