import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parse } from 'yaml';
import { applyReady } from '../../src/save/apply-ready.ts';
import { manifestYaml } from '../../src/save/manifest-yaml.ts';
import { FileNames, manifestName, safeName } from '../../src/save/names.ts';

const written = { uid: 'u', resourceVersion: '5', generation: 3, creationTimestamp: '2026-03-01T12:00:00Z', managedFields: [{}], selfLink: '/x', generateName: 'web-' };
const ready = (group: string, version: string, kind: string, metadata: object, more: object, goes: readonly string[] = []): Record<string, unknown> =>
  applyReady({ metadata: { name: 'web', namespace: 'shop', ...written, ...metadata }, ...more }, { apiVersion: group === '' ? version : `${group}/${version}`, group, kind }, (uid) => goes.includes(uid));

const owner = (uid: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', name: uid, uid });
const spec = (kind: string, given: object, metadata: object = {}, group = ''): unknown => ready(group, 'v1', kind, metadata, { spec: given })['spec'];

describe('what apply gets', () => {
  test('what only the server writes is gone, all else stays, and a list item gets its kind', () => {
    assert.deepEqual(ready('apps', 'v1', 'Deployment', { labels: { app: 'web' }, annotations: { team: 'a', 'deployment.kubernetes.io/revision': '4', 'kubectl.kubernetes.io/last-applied-configuration': '{}' } }, { spec: { replicas: 2 }, status: { replicas: 2 } }), {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', annotations: { team: 'a' }, labels: { app: 'web' } },
      spec: { replicas: 2 },
    });
  });

  test('owners that stay are kept, those that go are not: their successors have other uids', () => {
    const { metadata } = ready('', 'v1', 'ConfigMap', { ownerReferences: [owner('goes'), owner('stays')] }, { data: {} }, ['goes']) as { readonly metadata: { readonly ownerReferences: readonly { readonly uid: string }[] } };
    assert.deepEqual(metadata.ownerReferences.map((o) => o.uid), ['stays']);
  });

  test("Kubernetes' own finalizers are put on again by their controllers, others are not", () => {
    const { metadata } = ready('', 'v1', 'PersistentVolumeClaim', { finalizers: ['kubernetes.io/pvc-protection', 'foregroundDeletion', 'example.com/hold'] }, {}) as { readonly metadata: { readonly finalizers: readonly string[] } };
    assert.deepEqual(metadata.finalizers, ['example.com/hold']);
  });

  test('a pod goes where the scheduler wants, without the token that admission mounted', () => {
    const token = { name: 'kube-api-access-abcde', projected: {} };
    const container = { name: 'app', volumeMounts: [{ name: 'data', mountPath: '/data' }, { name: 'kube-api-access-abcde', mountPath: '/var/run/secrets' }] };
    const made = spec('Pod', { nodeName: 'node-1', priority: 0, preemptionPolicy: 'PreemptLowerPriority', serviceAccount: 'x', serviceAccountName: 'x', volumes: [{ name: 'data', emptyDir: {} }, token], containers: [container], ephemeralContainers: [{}] });
    assert.deepEqual(made, { serviceAccountName: 'x', containers: [{ name: 'app', volumeMounts: [{ name: 'data', mountPath: '/data' }] }], volumes: [{ name: 'data', emptyDir: {} }] });
  });

  test('addresses, volumes and selectors that the server gave', () => {
    assert.deepEqual(spec('Service', { clusterIP: '10.0.0.1', clusterIPs: ['10.0.0.1'], type: 'ClusterIP' }), { type: 'ClusterIP' });
    assert.deepEqual(spec('Service', { clusterIP: 'None', clusterIPs: ['None'] }), { clusterIP: 'None', clusterIPs: ['None'] });
    assert.deepEqual(spec('PersistentVolumeClaim', { volumeName: 'pv-1', accessModes: [] }, { annotations: { 'pv.kubernetes.io/bound-by-controller': 'yes' } }), { accessModes: [] });
    assert.deepEqual(spec('PersistentVolumeClaim', { volumeName: 'pv-1' }), { volumeName: 'pv-1' });
    assert.deepEqual(spec('PersistentVolume', { claimRef: { name: 'c', uid: 'u', resourceVersion: '1' } }), { claimRef: { name: 'c' } });
    assert.deepEqual(spec('Namespace', { finalizers: ['kubernetes'] }), {});
    const job = { selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } }, template: { metadata: { labels: { 'batch.kubernetes.io/controller-uid': 'u', 'controller-uid': 'u', 'job-name': 'web', 'batch.kubernetes.io/job-name': 'web', app: 'a' } }, spec: {} } };
    assert.deepEqual(spec('Job', job, {}, 'batch'), { template: { metadata: { labels: { app: 'a' } }, spec: {} } });
    assert.deepEqual(spec('Job', { ...job, manualSelector: true }, {}, 'batch'), { ...job, manualSelector: true });
  });
});

describe('names of files', () => {
  test('nothing of a name leads out of the folder, and what others need comes first', () => {
    assert.equal(manifestName({ group: 'rbac.authorization.k8s.io', kind: 'ClusterRole', namespace: null, name: 'system:../../x' }), '30-clusterrole.rbac.authorization.k8s.io-system_.._.._x');
    assert.equal(safeName('../x/\u0000\u001b[2J'), '_._x____2J');
    assert.ok(manifestName({ group: '', kind: 'Namespace', namespace: null, name: 'shop' }) < manifestName({ group: '', kind: 'ConfigMap', namespace: 'shop', name: 'a' }));
    assert.equal(safeName('a'.repeat(300)).length, 180);
  });
  test('two names that a file system may not tell apart get two files', () => {
    const names = new FileNames();
    assert.deepEqual([names.take('', 'a-B', '.yaml'), names.take('', 'a-b', '.yaml'), names.take('logs/', 'a-b', '.log')], ['a-B.yaml', 'a-b_2.yaml', 'logs/a-b.log']);
  });
});

test('YAML that a reader of YAML 1.1 reads back as it was', async () => {
  const yaml = await manifestYaml();
  const object = { data: { on: 'off', a: '012', b: '1_000', c: '12:30:45', d: '2026-03-01', e: '~', f: '', g: 'y', h: '0x1f', i: '1e3', j: 'a\nb\u0000\u001b', k: ' x: #y', l: '.inf', m: '=', n: '<<' }, number: 5, truth: true, none: null, list: ['-', '?', '|'] };
  assert.deepEqual(parse(yaml(object), { version: '1.1' }), object);
  assert.deepEqual(parse(yaml(object)), object);
});
