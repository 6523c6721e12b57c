/** What is said of a StatefulSet's members depends on how many there are, and how many of them go. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CodesByCheck } from '../../src/findings/finding.ts';
import { statefulSet } from '../../src/findings/words/stateful-set.ts';
import type { Ref } from '../../src/model/ref.ts';

const set: Ref = { group: 'apps', version: 'v1', kind: 'StatefulSet', resource: 'statefulsets', namespace: 'shop', name: 'db', uid: 'u' };
const member: Ref = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: 'shop', name: 'db-0', uid: 'm' };

type Below = CodesByCheck['stateful-set']['below-majority'];
const below = (replicas: number, readyNow: number, readyAfter: number): Below => ({ set, replicas, readyNow, readyAfter, majority: Math.floor(replicas / 2) + 1 });
const said = (data: Below): readonly string[] => {
  const words = statefulSet.codes['below-majority'];
  return [words.message(data, member), words.remedy(data, member)];
};

test('one of three, with one down', () => {
  assert.deepEqual(said(below(3, 2, 1)), ['Without db-0, statefulset db has 1 ready member of 3; a majority is 2.', 'Wait until the other members are Ready, unless its software needs no majority.']);
});

test('all of three in one run: the others are Ready, and going too', () => {
  const [message, remedy] = said(below(3, 3, 0));
  assert.equal(message, 'This run deletes 3 ready members of statefulset db, db-0 among them, and leaves no ready member of 3; a majority is 2.');
  assert.match(remedy ?? '', /^Delete fewer at a time.*--one-at-a-time/u);
});

test('the only member waits for no others', () => {
  assert.deepEqual(said(below(1, 1, 0)), ['db-0 is the only member of statefulset db: nothing of it works until its replacement is Ready.', 'Make sure that its clients can wait for that.']);
});

test('a node that is Ready is not to be declared shut down', () => {
  const words = statefulSet.codes['forced-identity'];
  const commands = (nodeReady: boolean): number => words.commands?.({ set, by: 'force', node: 'node-1', nodeReady }, member).length ?? 0;
  assert.deepEqual([commands(true), commands(false)], [0, 2]);
});
