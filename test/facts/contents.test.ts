import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { facts } from '../../src/facts/facts.ts';
import type { Given } from '../../src/facts/fact.ts';
import { gather } from '../../src/facts/gather.ts';
import type { KubeObject } from '../../src/model/wire.ts';
import { NOW, object, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';
import { fakeReader } from './fake-reader.ts';

const namespace = object('v1', 'Namespace', 'shop');
const claim = (name: string): KubeObject => object('v1', 'PersistentVolumeClaim', name, { spec: { volumeName: `pv-${name}` } });
const many = (n: number): readonly KubeObject[] => Array.from({ length: n }, (_, i) => object('v1', 'Secret', `secret-${i}`));

const look = async (objects: readonly KubeObject[]) => {
  const reader = fakeReader([namespace, ...objects]);
  const clock = drivenClock(NOW);
  const of = target(namespace);
  const given: Given = { targets: [of], now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
  const seen = await driveUntil(clock, gather(reader, [facts.contents], given, { clock, timeoutMs: 30_000, signal: new AbortController().signal }), 60_000);
  return { view: facts.contents.view(of, given, seen), requests: reader.requests };
};
const lists = (requests: readonly string[]): readonly string[] => requests.filter((r) => r.startsWith('list '));

describe('the contents of a namespace', () => {
  test('cost one page of each kind, however much there is', async () => {
    const [few, much] = [await look(many(1)), await look(many(2000))];
    assert.deepEqual(lists(much.requests), lists(few.requests));
    assert.equal(new Set(lists(few.requests)).size, lists(few.requests).length, 'no list twice');
    assert.deepEqual([few.view.kinds[0]?.count, much.view.kinds[0]?.count], [1, 2000]);
  });
  test('are metadata: no Secret is read', async () => {
    const { requests } = await look(many(3));
    assert.deepEqual(requests.filter((r) => r.includes('secrets')), ['list secrets shop metadata']);
    assert.deepEqual(lists(requests).filter((r) => !r.endsWith(' metadata')), ['list apiservices ', 'list services shop', 'list persistentvolumeclaims shop'], 'only what tells of load balancers, volumes and broken APIs is read whole');
  });
  test('are not asked for what controllers write about other things', async () => {
    const { requests } = await look([]);
    assert.deepEqual(requests.filter((r) => /endpointslices|leases|events/u.test(r)), []);
  });
  test('read the volumes of many claims by one list', async () => {
    const claims = Array.from({ length: 30 }, (_, i) => claim(`c-${i}`));
    const { requests, view } = await look(claims);
    assert.deepEqual(requests.filter((r) => r.includes('persistentvolumes')), ['list persistentvolumes ']);
    assert.equal(view.claims.length, 30);
  });
});
