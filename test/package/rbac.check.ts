/**
 * docs/rbac.yaml on a real cluster: node --test test/package/rbac.check.ts (CLUSTER_NAME picks the cluster).
 * Whoever has these rights and no others makes every check, and deletes.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { openCluster, type PolicyRule } from '../cluster/cluster.ts';
import { documentsOf, root } from './yaml-files.ts';

interface Report {
  readonly exitCode: number;
  readonly summary: { readonly unknown: number };
  readonly targets: readonly { readonly checks: readonly { readonly id: string; readonly status: string; readonly reason: string | null }[] }[];
}

const cluster = await openCluster(process.env['CLUSTER_NAME']);
const binary = process.env['SAFE_DELETE_BIN'] ?? join(root.pathname, 'bin/kubectl-safe_delete');
const [inNamespace, everywhere] = (await documentsOf('docs/rbac.yaml')) as readonly [{ readonly rules: readonly PolicyRule[] }, { readonly rules: readonly PolicyRule[] }];
let namespace = '';
let kubeconfig = '';

const template = { terminationGracePeriodSeconds: 1, containers: [{ name: 'main', image: 'localhost/busybox:1', imagePullPolicy: 'Never', command: ['sh', '-c', "trap 'exit 0' TERM; sleep 100000 & wait"] }] };
const workload = (kind: string, name: string, spec: object): object => ({
  apiVersion: 'apps/v1',
  kind,
  metadata: { name },
  spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec: template }, ...spec },
});

const run = async (args: readonly string[]): Promise<Report> =>
  await new Promise((done, fail) => {
    const env = { ...process.env, KUBECONFIG: kubeconfig, PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}` };
    execFile(binary, [...args, '-n', namespace, '-o', 'json'], { env, timeout: 60_000 }, (_error, stdout, stderr) => {
      try {
        done(JSON.parse(stdout) as Report);
      } catch {
        fail(new Error(`no report: ${stdout}${stderr}`));
      }
    });
  });

before(async () => {
  namespace = await cluster.createNamespace('rbac');
  kubeconfig = await cluster.userKubeconfig({ namespace, rules: inNamespace.rules, clusterRules: everywhere.rules, user: 'rbac-check' });
  await cluster.apply(
    [
      workload('Deployment', 'web', { replicas: 1 }),
      workload('StatefulSet', 'db', { serviceName: 'db', replicas: 1 }),
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'bare', finalizers: ['example.com/held'] }, spec: template },
      { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { storageClassName: 'local', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } } },
      { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'claimed' }, spec: { ...template, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] } },
    ],
    namespace,
  );
  const ready = await cluster.kubectl(['wait', '-n', namespace, 'pod/bare', 'pod/db-0', '--for=condition=Ready', '--timeout=60s']);
  assert.equal(ready.code, 0, ready.stderr);
  await cluster.kubectl(['rollout', 'status', '-n', namespace, 'deployment/web', '--timeout=60s']);
});

after(async () => {
  if (namespace === '') return;
  await cluster.kubectl(['patch', 'pod', 'bare', '-n', namespace, '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
  await cluster.deleteNamespace(namespace);
});

test('with the rights of docs/rbac.yaml every check is made, for each kind of pod', async () => {
  const { stdout } = await cluster.kubectl(['get', 'pods', '-n', namespace, '-o', 'name']);
  const pods = stdout.trim().split('\n');
  assert.equal(pods.length, 4);
  const report = await run([...pods, '--dry-run']);
  const unknown = report.targets.flatMap(({ checks }) => checks.filter(({ status }) => status === 'unknown').map(({ id, reason }) => `${id}: ${reason ?? ''}`));
  assert.deepEqual(unknown, []);
});

test('with the rights of docs/rbac.yaml a pod is deleted and followed to its end', async () => {
  assert.equal((await run(['pod', 'db-0', '--yes'])).exitCode, 0);
});

test('with those rights, and the right to delete them, every check is made for other kinds too', async () => {
  const targets = [
    { group: '', resources: ['persistentvolumeclaims', 'configmaps', 'secrets', 'serviceaccounts'] },
    { group: 'apps', resources: ['deployments', 'statefulsets'] },
  ];
  const rules = [...inNamespace.rules, ...targets.map(({ group, resources }) => ({ apiGroups: [group], resources, verbs: ['get', 'delete'] }))];
  kubeconfig = await cluster.userKubeconfig({ namespace, rules, clusterRules: everywhere.rules, user: 'rbac-check-kinds' });
  await cluster.apply([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' } }, { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'keys' } }, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }], namespace);
  const report = await run(['pvc/data', 'cm/settings', 'secret/keys', 'sa/robot', 'deploy/web', 'sts/db', '--dry-run']);
  assert.equal(report.targets.length, 6);
  assert.deepEqual(report.targets.flatMap(({ checks }) => checks.filter(({ status }) => status === 'unknown').map(({ id, reason }) => `${id}: ${reason ?? ''}`)), []);
});

test('without the second role the checks of nodes and volumes are unknown, never passed', async () => {
  kubeconfig = await cluster.userKubeconfig({ namespace, rules: inNamespace.rules, user: 'rbac-check-less' });
  const report = await run(['pod', 'bare', '--dry-run']);
  assert.ok(report.summary.unknown > 0);
  assert.equal(report.targets[0]?.checks.find(({ id }) => id === 'node-readiness')?.status, 'unknown');
  assert.match(await readFile(new URL('docs/rbac.yaml', root), 'utf8'), /ClusterRoleBinding/);
});
