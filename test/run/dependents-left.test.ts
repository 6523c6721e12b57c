import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ref } from '../../src/model/ref.ts';
import type { DependentCount } from '../../src/plan/plan.ts';
import { dependentsNow } from '../../src/run/dependents-left.ts';

const podRef = (name: string): Ref => ({ group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: 'shop', name, uid: `uid-${name}` });
const pods = ['a', 'b', 'c'].map(podRef);
const planned: DependentCount = { group: '', kind: 'Pod', count: 3, atLeast: false, state: 'going' };
const now = (isGone: (ref: Ref) => boolean | null, of: DependentCount = planned): readonly (readonly [string, number])[] => dependentsNow([of], pods, isGone).map((d) => [d.state, d.count]);

describe('what has become of dependents', () => {
  test('some are gone, the others are going', () => assert.deepEqual(now((r) => r.name === 'a'), [['going', 2], ['gone', 1]]));
  test('all of them are gone', () => assert.deepEqual(now(() => true), [['gone', 3]]));
  test('none is', () => assert.deepEqual(now(() => false), [['going', 3]]));
  test('what could not be read is taken to be on its way', () => assert.deepEqual(now(() => null), [['going', 3]]));
  test('what stays behind stays', () => assert.deepEqual(now(() => true, { ...planned, state: 'left-behind' }), [['left-behind', 3]]));
});
