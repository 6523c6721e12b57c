/** What holds an object in a cluster of these objects, and that every reason reads as a sentence. */
import assert from 'node:assert/strict';
import type { WaitingOn } from '../../src/diagnosis/waiting-on.ts';
import { waitingOn } from '../../src/diagnosis/why.ts';
import type { Given } from '../../src/facts/fact.ts';
import { gather } from '../../src/facts/gather.ts';
import { reasonFacts, reasonViewsOf } from '../../src/facts/reasons.ts';
import type { KubeObject } from '../../src/model/wire.ts';
import { fakeReader } from '../facts/fake-reader.ts';
import type { CustomKind, Trouble } from '../facts/fake-reader.ts';
import { NOW, target } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';

const eventKind: CustomKind = { group: '', version: 'v1', kind: 'Event', resource: 'events' };

export interface Held {
  readonly object: KubeObject;
  /** As it was when the run began; absent: as it is. */
  readonly before?: KubeObject;
  readonly objects?: readonly KubeObject[];
  readonly troubles?: readonly Trouble[];
  readonly kinds?: readonly CustomKind[];
}

export const reasonsFor = async ({ object, before = object, objects = [], troubles = [], kinds = [] }: Held): Promise<readonly WaitingOn[]> => {
  const clock = drivenClock(NOW);
  const t = target(object, kinds.map((k) => ({ ...k })));
  const given: Given = { targets: [t], now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
  const reader = fakeReader([object, ...objects], { troubles, kinds: [eventKind, ...kinds] });
  const seen = await driveUntil(clock, gather(reader, Object.values(reasonFacts), given, { clock, timeoutMs: 5000, signal: new AbortController().signal }), 10_000);
  const reasons = waitingOn({ target: t, before, views: reasonViewsOf(t, given, seen), now: NOW });
  assert.deepEqual(reader.requests.filter((r) => /^(?:create|dry-run)/u.test(r)), [], 'it only reads');
  for (const { message, remedy, danger, commands, lastResort } of reasons) {
    assert.doesNotMatch([message, remedy, danger, ...commands.map((c) => c.why)].join(' '), /undefined|null|NaN| {2}/u);
    assert.match(remedy, /^[A-Z].*\.$/su);
    assert.match(danger, /^(?:[A-Z].*\.)?$/su);
    assert.doesNotMatch(commands.map((c) => c.argv.join(' ')).join('\n'), /\b(?:patch|replace|edit|apply|finalize)\b/u, 'what is offered first only reads');
    if (lastResort !== null) assert.notEqual(danger, '', 'a last resort says what is dangerous about it');
  }
  return reasons;
};
