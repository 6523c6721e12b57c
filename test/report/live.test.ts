import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Event } from '../../src/events/event.ts';
import { emptyRun, step } from '../../src/report/fold.ts';
import { openPrinter, type Printer } from '../../src/report/printer.ts';
import { reportOf } from '../../src/report/report.ts';
import { play } from './play.ts';
import { RUNS } from './runs/all.ts';
import { threeContainers } from './runs/deleted.ts';
import { accepted, at, header, outcome, phase, plan, plannedPod, podRef, requested } from './runs/made.ts';
import { frozenNode } from './runs/not-deleted.ts';
import { screenOf } from './screen.ts';
import { fakeWorld, type FakeWorld } from './world.ts';

const web = podRef('web-1');

interface Live {
  readonly world: FakeWorld;
  readonly printer: Printer;
  readonly feed: (...events: readonly Event[]) => Promise<void>;
  readonly screen: () => readonly string[];
  readonly finish: () => Promise<void>;
}

const open = async (columns = 80, rows = 24, env: Readonly<Record<string, string>> = {}): Promise<Live> => {
  const world = fakeWorld(columns, at(0), env, rows);
  const printer = await openPrinter({ output: 'human', color: 'never', plain: false, dryRun: 'none' }, world, header());
  let state = emptyRun(header());
  return {
    world,
    printer,
    feed: async (...events) => {
      for (const event of events) {
        await world.clock.advanceTo(event.at);
        state = step(state, event);
        printer.on(event);
      }
    },
    screen: () => screenOf(world.stderr.text(), columns).lines,
    finish: async () => {
      await printer.finish(reportOf(state, world.clock.now()));
    },
  };
};

const text = (live: Live): string => live.screen().join('\n');

test('before the DELETE nothing is redrawn, so that a question can be asked', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), { type: 'consent', at: at(0.1), consent: { needed: 'none', given: 'none' } });
  await live.world.clock.advanceTo(at(5));
  assert(!live.world.stderr.text().includes('\u001b'));
  await live.finish();
});

test('the time that is left goes down between events, and then counts up as overdue', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), ...accepted(web, 0));
  await live.world.clock.advanceTo(at(10.4));
  assert.match(text(live), /Deleting pod\/web-1 {2}10s/u);
  assert.match(text(live), /pod\/web-1 +- +accepted +20s left/u);
  await live.world.clock.advanceTo(at(42.4));
  assert.match(text(live), /overdue 12s/u);
  await live.feed(outcome(web, 43, 'still-there'));
  await live.finish();
});

test('an estimate is marked in the live view', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), ...accepted(web, 0), phase(web, 1, 'term-signal', 'SIGTERM about now', 'estimated'));
  await live.world.clock.advanceTo(at(1.5));
  assert.match(text(live), /pod\/web-1 +- +~SIGTERM/u);
  await live.feed(phase(web, 2, 'term-signal', 'SIGTERM', 'observed'));
  await live.world.clock.advanceTo(at(2.5));
  assert.match(text(live), /pod\/web-1 +- +SIGTERM/u);
  await live.finish();
});

test('endpoints and processes are two lanes beside each other', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), ...accepted(web, 0), phase(web, 1, 'not-ready-in-endpoints', 'x'), phase(web, 1.2, 'stopping', 'y'));
  await live.world.clock.advanceTo(at(1.5));
  assert.match(text(live), /NAME +ENDPOINTS +PROCESS +TIME\n +pod\/web-1 +not ready +stopping +\d+s left/u);
  await live.feed(phase(web, 2, 'removed-from-endpoints', 'x'));
  await live.world.clock.advanceTo(at(2.5));
  assert.match(text(live), /removed +stopping/u);
  await live.finish();
});

test('a warning in the middle stands above the area, and is not overwritten', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), ...accepted(web, 0), { type: 'api-warning', at: at(1), text: 'old API' }, phase(web, 2, 'stopping', 'y'));
  await live.world.clock.advanceTo(at(9));
  const lines = live.screen();
  const warning = lines.findIndex((l) => l === 'Warning: old API');
  const area = lines.findIndex((l) => l.includes('Deleting pod/web-1'));
  assert(warning >= 0 && area > warning, lines.join('\n'));
  assert.equal(lines.filter((l) => l.includes('Deleting')).length, 1, 'one area');
  await live.finish();
});

test('an interruption is said at once, with whether the deletion goes on', async () => {
  const live = await open();
  await live.feed(plan([plannedPod(web.name)]), ...accepted(web, 0), { type: 'interrupted', at: at(1), signal: 'SIGINT' });
  assert.match(text(live), /Interrupted \(SIGINT\): the deletion of web-1 goes on in the cluster\./u);
  await live.finish();
  assert(screenOf(live.world.stderr.text(), 80).cursorShown);
});

for (const run of RUNS)
  for (const columns of [40, 80, 160])
    test(`${run.name} at ${columns} columns leaves no torn area and gives the cursor back`, async () => {
      const { world } = await play(run, { output: 'human', color: 'always', plain: false, columns });
      const screen = screenOf(world.stderr.text(), columns);
      assert(screen.cursorShown);
      assert.deepEqual(screen.lines.filter((l) => /[⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏]/u.test(l)), [], 'no spinner is left');
      const end = world.stderr.text().replace('\u001b[?25h', '');
      // An area too tall to stay is taken away: the cursor stands where it began.
      assert(end === '' || end.endsWith('\n') || screen.lines.at(-1) === '', 'what follows starts on a new line');
    });

test('with several targets, those that wait for something else than their grace period say for what', async () => {
  const live = await open();
  await live.feed(plan([plannedPod('web-1'), plannedPod('web-2')]), ...accepted(web, 0), ...accepted(podRef('web-2'), 0), {
    type: 'waiting',
    at: at(40),
    ref: podRef('web-2'),
    on: [{ kind: 'node', name: 'node-2', message: 'its kubelet does not answer', remedy: '', objects: [], commands: [], danger: '', lastResort: null }],
  });
  await live.world.clock.advanceTo(at(41));
  assert.match(text(live), /\n {2}web-2 waits for node node-2: its kubelet does not answer$/u);
  await live.finish();
});

test('a hundred pods do not scroll a small terminal: the overdue ones are shown, the rest is counted', async () => {
  const pods = Array.from({ length: 100 }, (_, i) => plannedPod(`web-${i}`, { grace: i === 77 ? 1 : 30 }));
  const live = await open(80, 12);
  await live.feed(plan(pods));
  const above = live.screen().length;
  await live.feed(...pods.flatMap((p) => accepted(p.target.ref, 1, p.gracePeriodSeconds ?? 30)), phase(podRef('web-5'), 3, 'gone', 'gone'), phase(podRef('web-6'), 9, 'stopping', 'x'));
  await live.world.clock.advanceTo(at(9.5));
  const lines = live.screen().slice(above);
  assert(lines.length <= 12, `${lines.length} lines\n${lines.join('\n')}`);
  assert.match(lines[0] ?? '', /Deleting 100 targets: 98 accepted, 1 gone, 1 stopping/u);
  assert.match(lines[2] ?? '', /pod\/web-77 +- +accepted +overdue/u);
  assert.match(lines.at(-1) ?? '', /and 9\d more: .*accepted.*1 gone/u);
  await live.feed(...pods.map((p) => outcome(p.target.ref, 20, 'still-there')));
  await live.finish();
  assert(screenOf(live.world.stderr.text(), 80).cursorShown);
});

test('many events at once are drawn a few times', async () => {
  const pods = Array.from({ length: 200 }, (_, i) => plannedPod(`web-${i}`));
  const live = await open();
  await live.feed(plan(pods), ...pods.map((p) => requested(p.target.ref, 1)), ...pods.map((p) => phase(p.target.ref, 1.05, 'stopping', 'x')));
  const draws = live.world.stderr.text().split('Deleting ').length - 1;
  assert(draws <= 8, `${draws} draws of 400 events`);
  await live.finish();
});

for (const [why, env, plain] of [
  ['--plain', {}, true],
  ['TERM=dumb', { TERM: 'dumb' }, false],
  ['CI', { CI: 'true' }, false],
] as const)
  test(`${why}: a line a change, no cursor moves, even on a terminal`, async () => {
    const { world } = await play(threeContainers, { output: 'human', color: 'never', plain, columns: 80, env });
    assert(!world.stderr.text().includes('\u001b'));
    assert.match(world.stderr.text(), /0\.1s ~ the kubelet sends SIGTERM to stubborn about now; sidecar proxy after/u);
  });

test('a log holds each change once, the heartbeat, and the seconds since the request', async () => {
  const { world } = await play(threeContainers, { output: 'human', color: 'auto', plain: false, columns: undefined });
  const log = world.stderr.text().split('\n');
  assert.equal(log.filter((l) => l.includes('the kubelet has begun to stop its containers')).length, 1);
  assert.equal(log.filter((l) => /^ {2}30\.0s {3}still waiting/u.test(l)).length, 1);
  const frozen = await play(frozenNode, { output: 'human', color: 'auto', plain: false, columns: undefined });
  assert.equal(frozen.world.stderr.text().split('waits for node node-2').length - 1, 1);
});
