import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { podKind } from '../../src/discovery/built-in.ts';
import type { Fact, Given, View } from '../../src/facts/fact.ts';
import { gather } from '../../src/facts/gather.ts';
import type { Seen, Want } from '../../src/facts/want.ts';
import type { Pod } from '../../src/model/wire.ts';
import { NOW, pod, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';
import { fakeReader } from './fake-reader.ts';

const list = (metadataOnly: boolean): Want => ({ type: 'list', kind: podKind, namespace: 'shop', labelSelector: '', metadataOnly });
const wanting = (wants: (seen: Seen) => readonly Want[]): Fact<View> => ({ rights: [], wants: (_target, _given, seen) => wants(seen), view: () => ({ unread: [] }) });

const read = async (...facts: readonly Fact<View>[]) => {
  const reader = fakeReader([pod('web-a')]);
  const clock = drivenClock(NOW);
  const given: Given = { targets: [target(pod('web-a'))], now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
  const seen = await driveUntil(clock, gather(reader, facts, given, { clock, timeoutMs: 30_000, signal: new AbortController().signal }), 60_000);
  const listed = seen.list(podKind, 'shop', '');
  return { requests: reader.requests, pods: listed.state === 'found' ? (listed.value as readonly Pod[]) : [] };
};

describe('what is read as metadata', () => {
  test('does not serve who wants the whole objects in a later round', async () => {
    const late = wanting((seen) => (seen.list(podKind, 'shop', '').state === 'not-asked' ? [list(true)] : [list(true), list(false)]));
    const { requests, pods } = await read(late);
    assert.equal(requests.length, 2);
    assert.equal(pods[0]?.spec?.nodeName, 'node-1');
  });
  test('is not read when another fact wants the whole objects in the same round, whatever the order', async () => {
    for (const facts of [[wanting(() => [list(true)]), wanting(() => [list(false)])], [wanting(() => [list(false)]), wanting(() => [list(true)])]]) {
      const { requests, pods } = await read(...facts);
      assert.equal(requests.length, 1);
      assert.equal(pods[0]?.spec?.nodeName, 'node-1');
    }
  });
  test('is enough where nobody wants more', async () => {
    const { requests, pods } = await read(wanting(() => [list(true)]));
    assert.equal(requests.length, 1);
    assert.equal(pods[0]?.spec, undefined);
  });
});
