/** The truth suite's judge finds lies: each of these reports is false, and its neighbour true. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ContainerEnd } from '../../src/events/event.ts';
import { wrongWith } from './compare.ts';
import type { Evidence } from './compare.ts';

const at = '2026-03-01T12:00:05Z';
const requestedAt = Date.parse('2026-03-01T12:00:01Z');
const said = (more: Partial<ContainerEnd>): ContainerEnd => ({
  name: 'app', type: 'app', exitCode: 143, signal: 'SIGTERM', stopSignal: 'SIGTERM', reason: 'Error', verdict: 'ended-by-stop-signal', meaning: '', endedBefore: false, startedAt: null, finishedAt: at,
  logEndedAt: null, secondsAfterRequest: 4, order: 1, ...more,
});
const ended = (exitCode: number, containerID = 'containerd://a', finishedAt = at): object => ({ terminated: { exitCode, containerID, finishedAt } });
const evidence = (more: Partial<Evidence> = {}): Evidence => ({
  ids: ['containerd://a'], exits: [{ containerId: 'a', exitCode: 143, exitedAt: new Date('2026-03-01T12:00:05.4Z') }], last: { name: 'app', containerID: 'containerd://a', state: ended(143) }, requestedAt, ...more,
});
const running = { name: 'app', containerID: 'containerd://a', state: { running: {} } };
const none: Partial<ContainerEnd> = { exitCode: null, finishedAt: null, signal: null, reason: null };

const table: readonly (readonly [sentence: string, said: ContainerEnd, evidence: Evidence, wrong: RegExp | null])[] = [
  ['the code that containerd recorded is true', said({}), evidence(), null],
  ['another code than containerd recorded is a lie', said({ exitCode: 0 }), evidence(), /another code/],
  ['a code where the API shows no end is a lie', said({}), evidence({ last: running }), /the API shows no such end/],
  ['a code where containerd has no end is a lie', said({}), evidence({ exits: [] }), /containerd has no such end/],
  ['not reported is true when the API never said', said({ ...none, verdict: 'not-reported' }), evidence({ last: running }), null],
  ['not reported is a lie when the API said', said({ ...none, verdict: 'not-reported' }), evidence(), /did report it/],
  ['never started is true without an end', said({ ...none, verdict: 'never-started' }), evidence({ exits: [], last: undefined }), null],
  ['never started is a lie when it ran', said({ ...none, verdict: 'never-started' }), evidence(), /it did run/],
  ['an end before the request is said so', said({ endedBefore: true }), evidence(), /ended before the request/],
  ['the last end of several counts', said({}), evidence({ ids: ['a', 'b'], exits: [{ containerId: 'a', exitCode: 143, exitedAt: new Date(at) }, { containerId: 'b', exitCode: 1, exitedAt: new Date('2026-03-01T12:00:09Z') }],
    last: { name: 'app', state: ended(1, 'containerd://b', '2026-03-01T12:00:09Z'), lastState: ended(143) } }), /an older end/],
];

for (const [sentence, end, seen, wrong] of table) {
  test(sentence, () => {
    const found = wrongWith(end, seen);
    if (wrong === null) assert.equal(found, null);
    else assert.match(found ?? 'nothing found', wrong);
  });
}
