import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeReader } from './fake-reader.ts';
import { judge } from '../checks/case.ts';
import { object, pod, target } from '../model/objects.ts';
import { claim, deployment, statefulSet, volume } from '../model/workloads.ts';
import type { KubeObject } from '../../src/model/wire.ts';

/** Reads for these targets, probes aside. */
const requestsFor = async (kind: string, count: number): Promise<readonly string[]> => {
  const all = Array.from({ length: count }, (_, i): KubeObject => (kind === 'PersistentVolumeClaim' ? claim(`data-${i}`) : object('v1', kind, `settings-${i}`)));
  const [first, ...rest] = all.map((o) => target(o));
  assert.ok(first !== undefined);
  const around = [pod('user', { spec: { volumes: [{ name: 'v', configMap: { name: 'settings-0' } }] } }), deployment(), statefulSet(), ...all.map((o) => volume(o.metadata.name, 'Retain'))];
  const { requests } = await judge([first, ...rest], fakeReader([...all, ...around]), { readsOnly: true });
  return requests.filter((r) => !r.startsWith('create ')).toSorted();
};

for (const kind of ['ConfigMap', 'Secret', 'ServiceAccount']) {
  test(`200 objects of kind ${kind} cost as many reads as one, and what Secrets hold is not among them`, async () => {
    const one = await requestsFor(kind, 1);
    assert.deepEqual(await requestsFor(kind, 200), one);
    assert.deepEqual(one.filter((r) => /^(?:get|list) secrets/u.test(r)), []);
    assert.ok(one.length <= 20, `${one.length}: ${one.join(', ')}`);
  });
}

test('200 claims cost one list of volumes instead of 200 reads', async () => {
  const many = await requestsFor('PersistentVolumeClaim', 200);
  assert.deepEqual(many.filter((r) => r.includes('persistentvolumes ')), ['list persistentvolumes ']);
  assert.equal(many.length, (await requestsFor('PersistentVolumeClaim', 1)).length);
});
