import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event, Outcome, TargetError } from '../../src/events/event.ts';
import type { OutputFormat } from '../../src/options/options.ts';
import { play } from './play.ts';
import { recreated } from './runs/deleted.ts';
import { accepted, at, found, header, outcome, plan, plannedPod, podRef, requested, successor, type RecordedRun } from './runs/made.ts';
import { bareFinding, notFound } from './runs/not-deleted.ts';

const web = podRef('web-1');

const runOf = (events: readonly Event[], changed: Partial<RecordedRun> = {}): RecordedRun => ({
  name: 'run',
  command: '',
  dryRun: 'none',
  header: header(),
  events,
  finishedAt: at(9),
  exitCode: 0,
  ...changed,
});

const printed = async (run: RecordedRun, output: OutputFormat = 'human', columns?: number): Promise<{ readonly out: string; readonly err: string; readonly code: number }> => {
  const { world, report } = await play(run, { output, color: 'never', plain: true, columns });
  return { out: world.stdout.text(), err: world.stderr.text(), code: report.exitCode };
};

const staticPod = found(
  { check: 'mirror-pod', code: 'static-pod', data: { node: 'node-1', source: 'file' }, objects: [] },
  'blocker',
  'The kubelet of node-1 runs this pod from a file.',
  'Remove its manifest on the node.',
);

test('an ordinary deletion has a plan of four lines: where, what, how it stops, what follows', async () => {
  const { err } = await printed(runOf([plan([plannedPod('web-1', { findings: [recreated] })]), outcome(web, 1, 'deleted')]));
  assert.equal(err.trimEnd().split('\n').length, 4, err);
});

test('the plan names context, server, user and namespace, in that order, first', async () => {
  const { err } = await printed(runOf([plan([plannedPod('web-1')])]));
  assert.match(err, /^Context prod-eu \(api\.prod-eu\.example\.com:6443\), user alice, namespace shop\n/u);
});

test('what no flag allows says so, and a target that could go without it too', async () => {
  const alone = await printed(runOf([plan([plannedPod('web-1', { findings: [staticPod], verdict: 'refuse' })]), outcome(web, 1, 'blocked')]));
  assert.match(alone.out, /^No flag allows this\.$/mu);
  assert.doesNotMatch(alone.out, /pass/u);
  const both = await printed(runOf([plan([plannedPod('web-1', { findings: [staticPod], verdict: 'refuse' }), plannedPod('web-2')]), outcome(web, 1, 'blocked'), outcome(podRef('web-2'), 1, 'not-attempted')]));
  assert.match(both.out, /No flag allows this for pod "web-1": leave it out to delete the others\./u);
});

const LINES: readonly (readonly [Outcome, TargetError | null, RegExp, 'out' | 'err'])[] = [
  ['already-gone', null, /^pod "web-1" was already gone from shop namespace$/mu, 'out'],
  ['replaced', null, /^pod "web-1" was not deleted: another object has its name now/mu, 'out'],
  ['plan-changed', null, /^pod "web-1" was not deleted: the plan is not the one that was confirmed$/mu, 'out'],
  ['not-terminating', null, /^pod "web-1" is not terminating$/mu, 'out'],
  ['evict-refused', null, /^pod "web-1" was not deleted: the eviction was refused$/mu, 'out'],
  ['failed', { httpStatus: 403, reason: 'Forbidden', message: 'pods "web-1" is forbidden' }, /^Error from server \(Forbidden\): pods "web-1" is forbidden$/mu, 'err'],
  ['failed', { httpStatus: null, reason: null, message: 'the server closed the connection' }, /^error: the server closed the connection$/mu, 'err'],
];

for (const [name, error, expected, stream] of LINES)
  test(`${name}${error === null ? '' : ` (${error.reason ?? 'no reason'})`} has its sentence on std${stream}`, async () => {
    const result = await printed(runOf([plan([plannedPod('web-1')]), { type: 'outcome', at: at(1), ref: web, outcome: name, error }]));
    assert.match(result[stream], expected);
  });

test('a run that fails after the request says that the deletion goes on', async () => {
  const { err } = await printed(runOf([plan([plannedPod('web-1')]), ...accepted(web, 0), { type: 'error', at: at(2), code: 'c', message: 'lost the server', remedy: 'Try again.' }]));
  assert.match(err, /^error: lost the server\n {2}Try again\.$/mu);
  assert.match(err, /^error: pod "web-1": the run failed; its deletion goes on in the cluster$/mu);
});

test('an ignored missing name is silent, as with kubectl', async () => {
  const { out, err, code } = await printed({ ...notFound, header: header({ ignoreNotFound: true }) });
  assert.deepEqual([out, err, code], ['', '', 0]);
});

test('a pod that comes back under its name is called a new one', async () => {
  const next = successor(web);
  const { out } = await printed(
    runOf([plan([plannedPod('web-1')]), ...accepted(web, 0), outcome(web, 1, 'deleted'), { type: 'replacement', at: at(2), ref: web, replacement: { ref: next, createdAt: '2026-11-21T12:00:01Z', ready: true, readyAt: '2026-11-21T12:00:03Z', reason: null } }]),
  );
  assert.match(out, /replaced by a new pod\/web-1, Ready after 3s/u);
});

test('a plan that comes again says why', async () => {
  const { err } = await printed(runOf([plan([plannedPod('web-1')]), plan([plannedPod('web-1', { findings: [bareFinding], verdict: 'ask' })])]));
  assert.match(err, /\nThe cluster has changed\. The plan now:\nContext/u);
});

test('of many targets with nothing against them ten are listed and the rest counted; one with a warning is shown in full, first', async () => {
  const pods = Array.from({ length: 40 }, (_, i) => plannedPod(`web-${i}`, i === 30 ? { findings: [bareFinding], verdict: 'ask' } : {}));
  const { err } = await printed(runOf([plan(pods)]));
  const lines = err.trimEnd().split('\n');
  assert.equal(lines[1], 'pod/web-30');
  assert.match(err, /and 29 more with nothing against them/u);
  assert.match(lines.at(-1) ?? '', /^40 targets: 1 to confirm, 39 with nothing against them; waits up to 90s$/u);
  assert(lines.length < 25, `${lines.length} lines`);
});

test('what holds for many targets is said once, and for whom', async () => {
  const pods = Array.from({ length: 13 }, (_, i) => plannedPod(`web-${i}`, { findings: [{ ...bareFinding, message: i === 12 ? 'Another thing.' : `No controller owns pod web-${i}.` }], verdict: 'ask' }));
  const { err } = await printed(runOf([plan(pods)]));
  assert.equal(err.match(/No controller owns pod/gu)?.length, 1);
  assert.match(err.replaceAll(/\s+/gu, ' '), /alike the same holds for web-1, web-2, web-3, web-4, web-5, web-6, web-7, web-8, web-9, web-10 and 1 more \(12 with web-0\) pod\/web-12 warning Another thing\./u);
});

test('a check that rights forbid names them once, without the sentence of the server', async () => {
  const check = { id: 'rollout' as const, status: 'unknown' as const, reason: 'replicasets.apps "web" is forbidden: User "ci" cannot get resource "replicasets"', missingRights: [{ verb: 'get', group: 'apps', resource: 'replicasets', namespace: 'shop' }] };
  const { err } = await printed(runOf([plan([{ ...plannedPod('web-1'), checks: [check] }])]));
  assert.match(err, /^ {2}unknown {2}rollout: you may not get replicasets\.apps in namespace shop$/mu);
});

test('what needs no consent of its own goes with what does: a dry run does not say that it would stay', async () => {
  const pods = [plannedPod('web-1', { findings: [bareFinding], verdict: 'ask' }), plannedPod('web-2')];
  const { out } = await printed(runOf([plan(pods)], { dryRun: 'server', header: header({ dryRun: true }) }));
  assert.match(out, /pod "web-1" would be deleted from shop namespace after consent \(server dry run\)\npod "web-2" would be deleted from shop namespace with the others \(server dry run\)/u);
});

test('a dry run shows every target', async () => {
  const pods = Array.from({ length: 12 }, (_, i) => plannedPod(`web-${i}`));
  const { out } = await printed(runOf([plan(pods)], { dryRun: 'server', header: header({ dryRun: true }) }));
  assert(pods.every((p) => out.includes(`pod "${p.target.ref.name}" would be deleted from shop namespace (server dry run)`)));
});

test('-o name prints a name when its object is gone, accepted or planned, and never for what was denied before', async () => {
  const events = (o: Outcome, ...more: readonly Event[]): readonly Event[] => [plan([plannedPod('web-1')]), requested(web, 0), outcome(web, 1, o), ...more];
  for (const name of ['deleted', 'already-gone', 'accepted', 'would-delete'] as const) assert.equal((await printed(runOf(events(name)), 'name')).out, 'pod/web-1\n', name);
  for (const name of ['still-there', 'blocked', 'would-ask', 'failed', 'unobserved', 'not-found'] as const) assert.equal((await printed(runOf(events(name)), 'name')).out, '', name);
  assert.equal((await printed(runOf(events('blocked', outcome(web, 2, 'would-delete'))), 'name')).out, '');
});

test('machine formats keep stderr silent on success, and tell the reason with the flag otherwise', async () => {
  for (const output of ['json', 'ndjson', 'yaml', 'name'] as const) {
    assert.equal((await printed(runOf([plan([plannedPod('web-1')]), ...accepted(web, 0), outcome(web, 1, 'deleted')]), output)).err, '', output);
    const { err } = await printed(runOf([plan([plannedPod('web-1', { findings: [bareFinding], verdict: 'ask' })]), outcome(web, 1, 'declined')]), output);
    assert.match(err, /owner-controller\/bare-pod: Nothing owns this pod[^]*To confirm, pass --yes\./u, output);
  }
});

test('a word that changes its tone in the middle is not torn at the end of a line', async () => {
  for (let columns = 36; columns < 60; columns++) {
    const { out } = await printed(runOf([plan([plannedPod('web-1')]), ...accepted(web, 0), outcome(web, 5, 'still-there')]), 'human', columns);
    for (const line of out.split('\n')) {
      assert.doesNotMatch(line, /^ *[;:,.]/u, `at ${columns} columns: ${line}`);
      assert(line.length <= columns, `at ${columns} columns: ${line}`);
    }
  }
});
