import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { judge } from '../checks/case.ts';
import { object, ownedBy, pod, target } from '../model/objects.ts';
import { fakeReader } from './fake-reader.ts';

/** A Deployment with its ReplicaSet and two Ready pods. */
const workload = (name: string) => {
  const labels = { app: name };
  const selector = { selector: { matchLabels: labels } };
  const set = object('apps/v1', 'ReplicaSet', `${name}-7d`, { metadata: ownedBy('apps/v1', 'Deployment', name), spec: { replicas: 2, ...selector } });
  const pods = ['a', 'b'].map((suffix) => pod(`${name}-7d-${suffix}`, { metadata: { labels, ...ownedBy('apps/v1', 'ReplicaSet', `${name}-7d`) } }));
  return { deployment: object('apps/v1', 'Deployment', name, { spec: { replicas: 2, ...selector }, status: { replicas: 2, updatedReplicas: 2, availableReplicas: 2 } }), objects: [set, ...pods] };
};

const readsFor = async (count: number): Promise<readonly string[]> => {
  const workloads = Array.from({ length: count }, (_, i) => workload(`web-${i}`));
  const [first, ...rest] = workloads.map((w) => target(w.deployment));
  assert.ok(first !== undefined);
  const judged = await judge([first, ...rest], fakeReader(workloads.flatMap((w) => [w.deployment, ...w.objects])));
  assert.deepEqual(judged.findings.map((f) => f.code), ['serving-pods-go', ...(count > 20 ? ['many-objects'] : [])]);
  assert.equal(new Set(judged.requests).size, judged.requests.length, 'nothing is read twice');
  return judged.requests.filter((r) => /pods|replicasets/u.test(r));
};

describe('what hangs on workloads is read by kind and namespace', () => {
  test('one Deployment: its ReplicaSets as metadata, its pods by its selector', async () => {
    assert.deepEqual(await readsFor(1), ['list replicasets shop metadata', 'list pods shop app=web-0']);
  });

  test('40 Deployments: two lists', async () => {
    assert.deepEqual(await readsFor(40), ['list replicasets shop metadata', 'list pods shop']);
  });
});
