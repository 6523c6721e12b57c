import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/events/event.ts';
import { emptyRun, step, type RunState } from '../../src/report/fold.ts';
import { reportOf } from '../../src/report/report.ts';
import type { DeletionReport, RunHeader, WireTarget } from '../../src/report/wire.ts';
import { reportOfRun } from './play.ts';
import { RUNS } from './runs/all.ts';
import { accepted, at, container, header, outcome, phase, plan, plannedPod, podRef, requested, successor, type PodSketch } from './runs/made.ts';

const web = podRef('web-1');
const other = podRef('web-2');

const freeze = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    for (const child of Object.values(value)) freeze(child);
  }
  return value;
};

const stateOf = (events: readonly Event[], changed: Partial<RunHeader> = {}): RunState =>
  events.reduce((state, event) => freeze(step(state, freeze(event))), emptyRun(header(changed)));

const report = (events: readonly Event[], changed: Partial<RunHeader> = {}): DeletionReport => reportOf(stateOf(events, changed), at(60));

const only = (r: DeletionReport): WireTarget => {
  const [target, ...others] = r.targets;
  assert(target !== undefined && others.length === 0, 'one target');
  return target;
};

const onePod = (sketch: PodSketch = {}): Event => plan([plannedPod(web.name, sketch)]);

for (const run of RUNS)
  test(`${run.name} ends with ${run.exitCode}`, () => {
    assert.equal(reportOfRun(run).exitCode, run.exitCode);
  });

test('no event changes the state that it was given', () => {
  for (const run of RUNS) run.events.reduce((state, event) => freeze(step(state, freeze(event))), freeze(emptyRun(run.header)));
});

test('a phase that is seen again is in the timeline once, an estimate and an observation of it both', () => {
  const { timeline } = only(
    report([
      onePod(),
      ...accepted(web, 0),
      phase(web, 3, 'stopping', 'stopping'),
      phase(web, 1, 'stopping', 'about to stop', 'estimated'),
      phase(web, 4, 'stopping', 'stopping again'),
      phase(web, 5, 'gone', 'gone'),
    ]),
  );
  assert.deepEqual(
    timeline.map((t) => `${t.phase} ${t.evidence} ${t.message}`),
    [timeline[0]?.phase === 'accepted' ? `accepted observed ${timeline[0].message}` : 'accepted first', 'stopping estimated about to stop', 'stopping observed stopping', 'gone observed gone'],
  );
  assert.deepEqual(timeline.map((t) => t.at), timeline.map((t) => t.at).toSorted(), 'in time order');
});

test('what comes once for every container or Service is kept for each', () => {
  const { timeline } = only(report([onePod(), phase(web, 1, 'log-ended', 'log of a ended'), phase(web, 2, 'log-ended', 'log of b ended'), phase(web, 3, 'log-ended', 'log of a ended')]));
  assert.deepEqual(timeline.map((t) => t.message), ['log of a ended', 'log of b ended']);
});

test('an estimated end is no end', () => {
  const r = report([onePod(), ...accepted(web, 0), phase(web, 5, 'gone', 'should be gone', 'estimated'), outcome(web, 9, 'still-there')]);
  assert.equal(only(r).goneAt, null);
  assert.equal(r.goesOn, true);
});

test('deadline and grace are as first seen: the kubelet sets them to zero in the end', () => {
  const target = only(
    report([onePod(), ...accepted(web, 0), { type: 'deadline', at: at(9), ref: web, deadline: '2026-11-21T12:00:09Z', gracePeriodSeconds: 0 }]),
  );
  assert.equal(target.gracePeriodSeconds, 30);
  assert.equal(target.deadline, '2026-11-21T12:00:30.000Z');
});

test('the time of a deletion runs from the first request to the end of the object', () => {
  const target = only(report([onePod(), requested(web, 1), requested(web, 3), phase(web, 13.44, 'gone', 'gone'), outcome(web, 20, 'deleted')]));
  assert.equal(target.requestedAt, '2026-11-21T12:00:01.000Z');
  assert.equal(target.goneAt, '2026-11-21T12:00:13.440Z');
  assert.equal(target.seconds, 12.4);
});

test('a later report of a container replaces the earlier one', () => {
  const target = only(report([onePod(), container(web, 1, 'app', { exitCode: null, verdict: 'not-reported' }), container(web, 1, 'app', { type: 'init' }), container(web, 2, 'app', { exitCode: 7, verdict: 'exited-with-error' })]));
  assert.deepEqual(target.containers.map((c) => [c.type, c.exitCode]), [['app', 7], ['init', 0]]);
});

test('what it waited for is history when the object is gone, and the diagnosis when it is not', () => {
  const waiting: Event = { type: 'waiting', at: at(2), ref: web, on: [{ kind: 'finalizer', name: 'a/b', message: 'm', remedy: 'r', objects: [], commands: [], danger: '', lastResort: null }] };
  assert.equal(only(report([onePod(), ...accepted(web, 0), waiting, outcome(web, 3, 'still-there')])).waitingOn.length, 1);
  assert.equal(only(report([onePod(), ...accepted(web, 0), waiting, phase(web, 3, 'gone', 'gone'), outcome(web, 3, 'deleted')])).waitingOn.length, 0);
});

test('a successor of the same name is another object', () => {
  const after = successor(web);
  const r = report([onePod(), ...accepted(web, 0), phase(web, 2, 'gone', 'gone'), outcome(web, 2, 'deleted'), { type: 'replacement', at: at(3), ref: web, replacement: { ref: after, createdAt: '2026-11-21T12:00:02Z', ready: false, readyAt: null, reason: 'Pending' } }]);
  assert.equal(only(r).replacement?.ref.uid, after.uid);
  assert.equal(only(r).outcome, 'deleted');
});

test('the first outcome of a target holds', () => {
  const r = report([onePod(), { type: 'outcome', at: at(1), ref: web, outcome: 'blocked', error: { httpStatus: 403, reason: 'Forbidden', message: 'no' } }, outcome(web, 2, 'would-delete')], { dryRun: true });
  assert.equal(r.outcome, 'blocked');
  assert.equal(only(r).error?.reason, 'Forbidden');
});

test('a plan that comes again replaces the first', () => {
  const r = report([plan([plannedPod(web.name), plannedPod(other.name)]), plan([plannedPod(other.name)])]);
  assert.deepEqual(r.targets.map((t) => t.ref.name), ['web-2']);
});

test('the summary has a count for every outcome, zeros too, and counts findings and checks', () => {
  const { summary } = report([
    plan([
      plannedPod(web.name, { unknown: [{ id: 'finalizers', status: 'unknown', reason: 'denied', missingRights: [] }, { id: 'terminating', status: 'skipped', reason: '--skip', missingRights: [] }] }),
      plannedPod(other.name),
    ]),
    outcome(web, 1, 'deleted'),
    outcome(other, 1, 'still-there'),
  ]);
  assert.deepEqual([summary['targets'], summary['deleted'], summary['still-there'], summary['blocked'], summary['unknown'], summary['skipped'], summary['warnings']], [2, 1, 1, 0, 1, 1, 0]);
});

test('a name that was not found is a target with kubectl’s message, ignored or not', () => {
  const missing = { ...podRef('web-9'), uid: null };
  const events = [plan([], { missing: [{ ref: missing, message: 'pods "web-9" not found' }] })];
  assert.deepEqual([report(events).outcome, report(events).exitCode, only(report(events)).error?.message], ['not-found', 6, 'pods "web-9" not found']);
  assert.deepEqual([report(events, { ignoreNotFound: true }).outcome, report(events, { ignoreNotFound: true }).exitCode], ['not-found', 0]);
});

test('a selector that matches nothing is success', () => {
  assert.deepEqual([report([plan([])]).outcome, report([plan([])]).exitCode], ['nothing-matched', 0]);
});

const CUT_OFF: readonly (readonly [string, readonly Event[], Partial<RunHeader>, readonly (string | number | boolean)[]])[] = [
  ['before the plan, without a reason: failed, not success', [], {}, ['failed', 1, false]],
  ['by an error before the plan', [{ type: 'error', at: at(1), code: 'c', message: 'm', remedy: null }], {}, ['failed', 1, false]],
  ['by a signal at the question', [onePod({ verdict: 'ask' }), { type: 'interrupted', at: at(1), signal: 'SIGINT' }], {}, ['interrupted', 130, false, 'not-attempted']],
  ['by a signal after the request: it goes on', [onePod(), ...accepted(web, 1), { type: 'interrupted', at: at(2), signal: 'SIGTERM' }], {}, ['interrupted', 143, true, 'interrupted']],
  ['by a signal while the DELETE is under way: it may go on', [onePod(), requested(web, 1), { type: 'interrupted', at: at(2), signal: 'SIGINT' }], {}, ['interrupted', 130, true, 'interrupted']],
  ['by a second signal: the first one counts', [onePod(), { type: 'interrupted', at: at(1), signal: 'SIGINT' }, { type: 'interrupted', at: at(2), signal: 'SIGTERM' }], {}, ['interrupted', 130, false, 'not-attempted']],
  ['by an error after the request: it goes on', [onePod(), ...accepted(web, 1), { type: 'error', at: at(2), code: 'c', message: 'm', remedy: null }], {}, ['failed', 1, true, 'failed']],
  ['without an outcome after the request', [onePod(), ...accepted(web, 1)], {}, ['failed', 1, true, 'failed']],
  ['without an outcome, refused', [onePod({ verdict: 'refuse' })], {}, ['blocked', 2, false, 'blocked']],
  ['without an outcome, not confirmed', [onePod({ verdict: 'ask' })], {}, ['declined', 3, false, 'declined']],
  ['without an outcome, a dry run with nothing in the way', [onePod()], { dryRun: true }, ['would-delete', 0, false, 'would-delete']],
  ['without an outcome, a dry run that would ask', [onePod({ verdict: 'confirm' })], { dryRun: true }, ['would-ask', 3, false, 'would-ask']],
  ['without an outcome, though nothing stood in the way: nobody says that it worked', [onePod()], {}, ['not-attempted', 1, false, 'not-attempted']],
];

for (const [how, events, changed, [outcomeOfRun, code, goesOn, ofTarget]] of CUT_OFF)
  test(`a run that is cut off ${how}`, () => {
    const r = report(events, changed);
    assert.deepEqual([r.outcome, r.exitCode, r.goesOn], [outcomeOfRun, code, goesOn]);
    assert.equal(r.targets[0]?.outcome, ofTarget);
  });

const GOES_ON: readonly (readonly [string, readonly Event[], boolean])[] = [
  ['accepted and not waited for', [onePod(), ...accepted(web, 1), outcome(web, 1, 'accepted')], true],
  ['still there', [onePod(), ...accepted(web, 1), outcome(web, 9, 'still-there')], true],
  ['not observed', [onePod(), ...accepted(web, 1), outcome(web, 9, 'unobserved')], true],
  ['deleted', [onePod(), ...accepted(web, 1), outcome(web, 9, 'deleted')], false],
  ['gone before the DELETE', [onePod(), requested(web, 1), outcome(web, 2, 'already-gone')], false],
  ['refused by the server', [onePod(), requested(web, 1), outcome(web, 2, 'failed')], false],
  ['another object under the name', [onePod(), requested(web, 1), outcome(web, 2, 'replaced')], false],
  ['not requested', [onePod(), outcome(web, 2, 'declined')], false],
];

for (const [how, events, expected] of GOES_ON)
  test(`${how}: the deletion ${expected ? 'goes on' : 'does not go on'}`, () => {
    assert.equal(report(events).goesOn, expected);
  });

test('the timeout of the report is the plan’s, the consent before any word of it what the plan asks for', () => {
  const r = report([plan([plannedPod(web.name, { verdict: 'confirm' })], { timeoutSeconds: 660 })]);
  assert.equal(r.options.timeoutSeconds, 660);
  assert.deepEqual(r.consent, { needed: 'confirm', given: 'none' });
});

test('a thousand targets fold in well under a second', () => {
  const pods = Array.from({ length: 1000 }, (_, i) => plannedPod(`web-${i}`));
  const events = [plan(pods), ...pods.flatMap((p) => [...accepted(p.target.ref, 1), phase(p.target.ref, 2, 'gone', 'gone'), outcome(p.target.ref, 2, 'deleted')])];
  const started = performance.now();
  const r = reportOf(events.reduce(step, emptyRun(header())), at(9));
  assert.equal(r.summary['deleted'], 1000);
  assert(performance.now() - started < 1000, `${performance.now() - started} ms`);
});
