import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pod } from '../../src/model/wire.ts';
import { findReplacement, replacementOf } from '../../src/termination/replacement.ts';
import type { Expectation } from '../../src/termination/replacement.ts';
import { fakeReader } from '../facts/fake-reader.ts';
import type { Answers } from '../facts/fake-reader.ts';
import { marked, NOW, notReady, ownedBy, pod, running, time } from '../model/objects.ts';
import { webPod } from '../model/workloads.ts';

const owner = { group: 'apps', version: 'v1', kind: 'ReplicaSet', resource: 'replicasets', namespace: 'shop', name: 'web-7d', uid: 'uid-web-7d' };
const expected: Expectation = { owner, sameName: false, selector: 'app=web', known: new Set(['uid-web-a', 'uid-web-b']) };
const created = (name: string, seconds: number, more: Readonly<Record<string, unknown>> = {}): Pod => webPod(name, { metadata: { creationTimestamp: time(seconds), labels: { app: 'web' }, ...ownedBy('apps/v1', 'ReplicaSet', 'web-7d'), ...more } });

const found = async (pods: readonly Pod[], more: { readonly expected?: Expectation; readonly taken?: readonly string[]; readonly since?: number | null; readonly answers?: Answers } = {}): Promise<string | null> => {
  const since = more.since === undefined ? NOW : more.since;
  const one = await findReplacement(fakeReader(pods, more.answers), 'shop', more.expected ?? expected, new Set(more.taken), since, new AbortController().signal);
  return one?.metadata.name ?? null;
};

const reasonOf = (status: Readonly<Record<string, unknown>>): string | null => replacementOf(webPod('web-c', { status })).reason;

describe('the replacement of a pod of a ReplicaSet', () => {
  test('is a pod of the same owner that was not there before', async () => {
    assert.equal(await found([created('web-a', -100), created('web-b', -100), created('web-c', 1)]), 'web-c');
  });

  test('may be created in the second of the request', async () => {
    assert.equal(await found([created('web-c', 0)], { since: NOW + 900 }), 'web-c');
  });

  test('is not a pod that is older than the request, although the plan did not know it', async () => {
    assert.equal(await found([created('web-old', -5)], { expected: { ...expected, known: new Set(['uid-web-a']) } }), null);
  });

  test('where the time of the request is not known, is one that the plan did not know', async () => {
    assert.equal(await found([created('web-c', -5)], { since: null }), 'web-c');
  });

  test('of two new ones is the older, and each replaces one pod only', async () => {
    const two = [created('web-d', 3), created('web-c', 1)];
    assert.equal(await found(two), 'web-c');
    assert.equal(await found(two, { taken: ['uid-web-c'] }), 'web-d');
    assert.equal(await found(two, { taken: ['uid-web-c', 'uid-web-d'] }), null);
  });

  test('is not a pod with the same labels of somebody else', async () => {
    assert.equal(await found([created('other', 1, ownedBy('apps/v1', 'ReplicaSet', 'other'))]), null);
  });

  test('is not a pod that goes itself', async () => {
    assert.equal(await found([created('web-c', 1, marked(30, 0))]), null);
  });

  test('is not looked for where the owner has no selector that is known', async () => {
    assert.equal(await found([created('web-c', 1)], { expected: { ...expected, selector: null } }), null);
  });

  test('is not known where pods may not be listed', async () => {
    assert.equal(await found([created('web-c', 1)], { answers: { troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }] } }), null);
  });
});

describe('what is said of it', () => {
  test('Ready, since when', () => {
    const { ready, readyAt, reason } = replacementOf(webPod('web-c', { status: { conditions: [{ type: 'Ready', status: 'True', lastTransitionTime: time(3) }] } }));
    assert.deepEqual([ready, readyAt, reason], [true, time(3), null]);
  });

  test('not Ready, and why', () => {
    assert.equal(reasonOf({ ...notReady, containerStatuses: [{ ...running('app'), state: { waiting: { reason: 'ImagePullBackOff', message: 'no such image' } } }] }), 'ImagePullBackOff: no such image');
    assert.equal(reasonOf({ ...notReady, containerStatuses: [{ ...running('app'), state: { waiting: { reason: 'ContainerCreating' } } }] }), 'ContainerCreating');
    assert.equal(reasonOf({ phase: 'Pending', containerStatuses: [], conditions: [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }] }), '0/1 nodes are available');
    assert.equal(reasonOf(notReady), 'Running');
  });

  test('its place and uid', () => {
    assert.deepEqual(replacementOf(pod('x')).ref, { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: 'shop', name: 'x', uid: 'uid-x' });
  });
});
