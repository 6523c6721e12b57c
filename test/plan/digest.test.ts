import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Finding } from '../../src/findings/finding.ts';
import { digestOf } from '../../src/plan/digest.ts';
import type { DigestScope } from '../../src/plan/digest.ts';
import { planOf, blocker, judged, note, warning } from './planned.ts';
import type { JudgedTarget } from '../../src/plan/decide.ts';
import { pod } from '../model/objects.ts';

const scope: DigestScope = { server: 'https://here', user: 'jane', gracePeriodSeconds: null, cascade: 'background', evict: false, wait: true, allow: ['stateful-set', 'mirror-pod'], strict: false, skip: ['job', 'rollout'] };
const finalizer = (name: string): Finding => ({ check: 'finalizers', code: 'finalizer-controller-unknown', data: { finalizer: name, domain: null, setBy: null }, objects: [] });
const silent = (since: string): Finding => ({ check: 'node-readiness', code: 'node-not-ready', data: { node: 'node-1', status: 'Unknown', reason: null, since }, objects: [{ group: '', version: 'v1', kind: 'Node', resource: 'nodes', namespace: null, name: 'node-1', uid: 'uid-node' }] });

const targets: readonly JudgedTarget[] = [judged('a', [note, warning, finalizer('x')]), judged('b', [silent('2026-03-01T11:00:00Z'), warning]), judged('c', [blocker]), judged('d')];
const digest = (of: readonly JudgedTarget[], more: Partial<DigestScope> = {}): string | null => digestOf(planOf(of, { allow: ['stateful-set'] }), { ...scope, ...more });
const base = digest(targets);

/** A shuffle that a seed decides (mulberry32). */
const shuffled = <T>(items: readonly T[], seed: number): readonly T[] => {
  let state = seed;
  const random = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return items.map((item) => [random(), item] as const).toSorted((a, b) => a[0] - b[0]).map(([, item]) => item);
};

test('it is a SHA-256 in hexadecimal', () => {
  assert.match(base ?? '', /^[0-9a-f]{64}$/u);
});

test('fifty orders of targets, findings and flags have one digest', () => {
  const digests = new Set<string | null>();
  for (let seed = 1; seed <= 50; seed += 1) {
    const mixed = shuffled(targets, seed).map((t) => ({ ...t, outcomes: shuffled(t.outcomes, seed * 7) }));
    digests.add(digest(mixed, { allow: shuffled(scope.allow, seed), skip: shuffled(scope.skip, seed) }));
  }
  assert.deepEqual([...digests], [base]);
});

describe('what only ages or is only said does not matter', () => {
  const same: readonly (readonly [string, readonly JudgedTarget[]])[] = [
    ['a time in a finding', [...targets.slice(0, 1), judged('b', [silent('2026-03-01T09:30:00Z'), warning]), ...targets.slice(2)]],
    ['notes', [judged('a', [warning, finalizer('x')]), ...targets.slice(1)]],
    ['status, labels and resourceVersion of a target', [judged(pod('a', { metadata: { labels: { x: 'y' }, resourceVersion: '99' }, status: { phase: 'Unknown' } }), [note, warning, finalizer('x')]), ...targets.slice(1)]],
  ];
  for (const [what, of] of same) {
    test(what, () => {
      assert.equal(digest(of), base);
    });
  }
});

describe('what changes the deletion or what is accepted does', () => {
  const others: readonly (readonly [string, string | null])[] = [
    ['another uid under the same name', digest([judged(pod('a', { metadata: { uid: 'uid-2' } }), [note, warning, finalizer('x')]), ...targets.slice(1)])],
    ['one target more', digest([...targets, judged('e')])],
    ['one target less', digest(targets.slice(0, 3))],
    ['a warning more', digest([...targets.slice(0, 3), judged('d', [warning])])],
    ['a second finding of the same code', digest([judged('a', [note, warning, finalizer('x'), finalizer('y')]), ...targets.slice(1)])],
    ['a warning of another target', digest([judged('a', [note, finalizer('x')]), judged('b', [silent(''), warning]), judged('c', [blocker]), judged('d', [warning])])],
    ['another object in a finding', digest([...targets.slice(0, 1), judged('b', [{ ...silent(''), objects: [] }, warning]), ...targets.slice(2)])],
    ['another server', digest(targets, { server: 'https://there' })],
    ['another user', digest(targets, { user: 'joe' })],
    ['no user', digest(targets, { user: null })],
    ['a grace period', digest(targets, { gracePeriodSeconds: 0 })],
    ['another grace period', digest(targets, { gracePeriodSeconds: 30 })],
    ['another cascade', digest(targets, { cascade: 'foreground' })],
    ['evictions', digest(targets, { evict: true })],
    ['--wait=false', digest(targets, { wait: false })],
    ['more allowed', digest(targets, { allow: [...scope.allow, 'x'] })],
    ['less allowed', digest(targets, { allow: [] })],
    ['--strict', digest(targets, { strict: true })],
    ['something skipped', digest(targets, { skip: [] })],
  ];
  for (const [what, other] of others) {
    test(what, () => {
      assert.match(other ?? '', /^[0-9a-f]{64}$/u);
      assert.notEqual(other, base);
    });
  }

  test('and each differs from the others', () => {
    assert.equal(new Set(others.map(([, other]) => other)).size, others.length);
  });
});

test('a refused plan has none', () => {
  assert.equal(digestOf(planOf(targets), scope), null);
});
