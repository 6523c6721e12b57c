import assert from 'node:assert/strict';
import test from 'node:test';
import type { ContainerEnd, ContainerVerdict, Outcome } from '../../src/events/event.ts';
import { insteadOfZero } from '../../src/report/container-code.ts';
import type { WireTarget } from '../../src/report/wire.ts';

const end = (name: string, verdict: ContainerVerdict, exitCode: number | null, endedBefore = false): ContainerEnd => ({
  name, type: 'app', exitCode, signal: null, stopSignal: 'SIGTERM', reason: null, verdict, meaning: '', endedBefore,
  startedAt: null, finishedAt: null, logEndedAt: null, secondsAfterRequest: null, order: null,
});

const target = (outcome: Outcome, containers: readonly ContainerEnd[]): WireTarget => ({
  ref: { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: 'shop', name: 'a', uid: 'u' },
  outcome, error: null, checks: [], findings: [], owners: [], dependents: [], gracePeriodSeconds: 30, deadline: null, replacement: null, containers,
  timeline: [], waitingOn: [], notObserved: [], eviction: null, saved: [], notSaved: [], requestedAt: null, goneAt: null, seconds: null,
});

const other = (outcome: Outcome): WireTarget => ({ ...target(outcome, []), ref: { group: '', version: 'v1', kind: 'ConfigMap', resource: 'configmaps', namespace: 'shop', name: 'a', uid: 'u' } });

const clean = end('app', 'exited-cleanly', 0);
const stopped = end('app', 'ended-by-stop-signal', 143);
const killed = end('app', 'killed-after-grace-period', 137);
const lost = end('app', 'not-reported', null);

const codeFrom = { dryRun: false, exitCodeFrom: 'app' };
const requireClean = { dryRun: false, requireCleanExit: true };

const cases: Readonly<Record<string, readonly [given: Parameters<typeof insteadOfZero>, expected: ReturnType<typeof insteadOfZero>]>> = {
  'without either flag 0 stays 0, however the container ended': [[[target('deleted', [killed])], { dryRun: false }], { code: null, from: null }],
  "the container's own code is the code": [[[target('deleted', [stopped])], codeFrom], { code: 143, from: 'app' }],
  'its 0 comes from it as well': [[[target('deleted', [clean])], codeFrom], { code: 0, from: 'app' }],
  'another container does not count for it': [[[target('deleted', [end('proxy', 'crashed', 139), clean])], codeFrom], { code: 0, from: 'app' }],
  'a code that was not reported is 9, never guessed': [[[target('deleted', [lost])], codeFrom], { code: 9, from: null }],
  'a pod that had gone before reported none': [[[target('already-gone', [])], codeFrom], { code: 9, from: null }],
  'a pod that is still there keeps its own code': [[[target('still-there', [killed])], codeFrom], { code: null, from: null }],
  'a dry run asks no container': [[[target('would-delete', [])], { ...codeFrom, dryRun: true }], { code: null, from: null }],
  'ended by 0 and by the stop signal is clean': [[[target('deleted', [clean, end('b', 'ended-by-stop-signal', 143)])], requireClean], { code: null, from: null }],
  'one that was killed is 8': [[[target('deleted', [clean]), target('deleted', [killed])], requireClean], { code: 8, from: null }],
  'one that had crashed before the request does not count': [[[target('deleted', [clean, end('b', 'crashed', 139, true)])], requireClean], { code: null, from: null }],
  'one that never started does not count': [[[target('deleted', [end('app', 'never-started', null)])], requireClean], { code: null, from: null }],
  'one whose end was not reported is 9': [[[target('deleted', [clean, lost])], requireClean], { code: 9, from: null }],
  'one whose deletion was only accepted is 9': [[[target('deleted', [clean]), target('accepted', [])], requireClean], { code: 9, from: null }],
  'one that had gone before is 9': [[[target('already-gone', [])], requireClean], { code: 9, from: null }],
  'one that went without being followed is 9': [[[target('deleted', [])], requireClean], { code: 9, from: null }],
  'what has no containers asks for none': [[[other('already-gone'), other('accepted'), other('deleted')], requireClean], { code: null, from: null }],
  'a bad end says more than one that was not reported': [[[target('deleted', [killed, lost])], requireClean], { code: 8, from: null }],
};

for (const [sentence, [given, expected]] of Object.entries(cases)) {
  test(sentence, () => {
    assert.deepEqual(insteadOfZero(...given), expected);
  });
}
