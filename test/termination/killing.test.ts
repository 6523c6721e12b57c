import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterPort } from '../../src/cluster/port.ts';
import { killingTimes } from '../../src/termination/killing.ts';
import { NOW, pod, target, time } from '../model/objects.ts';

type Lister = Pick<ClusterPort, 'list'>;
const { ref } = target(pod('web-a'));
const endless = new AbortController().signal;

const event = (container: string, at: number, message = `Stopping container ${container}`) => ({
  metadata: { name: 'e', uid: 'u' },
  involvedObject: { fieldPath: `spec.containers{${container}}` },
  message,
  lastTimestamp: time(at),
});
const listing = (items: readonly unknown[]): Lister => ({ list: async () => ({ ok: true, value: { items: items as never, metadata: {} }, warnings: [] }) });
const timesOf = async (items: readonly unknown[]): Promise<unknown> => [...(await killingTimes(listing(items), ref, endless))].map(([name, at]) => [name, (at - NOW) / 1000]);

test('each container has the time of its own event', async () => {
  assert.deepEqual(await timesOf([event('app', 1), event('log', 2)]), [['app', 1], ['log', 2]]);
});

test('a probe that killed the container before does not count, whatever the order', async () => {
  const probe = event('app', -100, 'Container app failed liveness probe, will be restarted');
  assert.deepEqual(await timesOf([event('app', 1), probe]), [['app', 1]]);
  assert.deepEqual(await timesOf([probe]), []);
});

test('of several the last one counts: the grace period began again', async () => {
  assert.deepEqual(await timesOf([event('app', 9), event('app', 1)]), [['app', 9]]);
});

test('eventTime stands in where the other times are null', async () => {
  assert.deepEqual(await timesOf([{ ...event('app', 0), lastTimestamp: null, firstTimestamp: null, eventTime: '2026-03-01T12:00:04.5Z' }]), [['app', 4.5]]);
});

test('events that say nothing are left out', async () => {
  assert.deepEqual(await timesOf([{ ...event('app', 1), involvedObject: {} }, { ...event('log', 1), lastTimestamp: null }, { ...event('x', 1), message: undefined }]), []);
});

test('no right to list events gives no times', async () => {
  const denied: Lister = { list: async () => ({ ok: false, problem: { kind: 'status', httpStatus: 403, reason: 'Forbidden', message: 'no', details: null, retryAfterSeconds: null } }) };
  assert.equal((await killingTimes(denied, ref, endless)).size, 0);
});

test('only events of this uid are asked for', async () => {
  const asked: unknown[] = [];
  await killingTimes({ list: async (at, options) => {
    asked.push([at.resource, at.namespace, options?.fieldSelector]);
    return { ok: true, value: { items: [], metadata: {} }, warnings: [] };
  } }, ref, endless);
  assert.deepEqual(asked, [['events', 'shop', 'involvedObject.uid=uid-web-a,reason=Killing']]);
});
