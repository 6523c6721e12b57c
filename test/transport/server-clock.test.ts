import assert from 'node:assert/strict';
import test from 'node:test';
import { serverClock } from '../../src/cluster/server-clock.ts';

const at = (iso: string) => ({ now: () => Date.parse(iso), sleep: async () => await Promise.resolve() });
const header = (iso: string): string => new Date(iso).toUTCString();

test('clocks that differ by less than the noise of a Date header count as equal', () => {
  const clock = serverClock(at('2026-01-01T12:00:00.900Z'));
  clock.heard(header('2026-01-01T12:00:02Z'));
  assert.equal(clock.offsetMs(), 0);
});

test('a local clock that is five minutes slow is corrected', () => {
  const clock = serverClock(at('2026-01-01T12:00:00Z'));
  clock.heard(header('2026-01-01T12:05:00Z'));
  assert.equal(clock.offsetMs(), 300_500);
});

test('an answer without a Date, or with a broken one, changes nothing', () => {
  const clock = serverClock(at('2026-01-01T12:00:00Z'));
  clock.heard(header('2026-01-01T11:00:00Z'));
  clock.heard(undefined);
  clock.heard('yesterday');
  assert.equal(clock.offsetMs(), -3_599_500);
});
