import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasColor } from '../../src/report/human/color.ts';
import { openPrinter } from '../../src/report/printer.ts';
import { play, reportOfRun } from './play.ts';
import { threeContainers } from './runs/deleted.ts';
import { blocked } from './runs/not-deleted.ts';
import { keptSink, fakeWorld } from './world.ts';

const ROWS: readonly (readonly ['auto' | 'always' | 'never', Readonly<Record<string, string>>, boolean, boolean])[] = [
  ['auto', {}, true, true],
  ['auto', {}, false, false],
  ['always', {}, false, true],
  ['always', { NO_COLOR: '1', TERM: 'dumb' }, false, true],
  ['never', { FORCE_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '1' }, true, false],
  ['auto', { NO_COLOR: '' }, true, true],
  ['auto', { FORCE_COLOR: '1' }, false, true],
  ['auto', { FORCE_COLOR: '' }, false, true],
  ['auto', { FORCE_COLOR: '0' }, true, false],
  ['auto', { FORCE_COLOR: 'false' }, true, false],
  ['auto', { FORCE_COLOR: '1', NO_COLOR: '1' }, true, true],
  ['auto', { TERM: 'dumb' }, true, false],
  ['auto', { TERM: 'dumb', FORCE_COLOR: '3' }, true, true],
  ['auto', { TERM: 'xterm-256color' }, true, true],
];

for (const [mode, env, isTTY, expected] of ROWS)
  test(`--color=${mode} with ${JSON.stringify(env)} on a ${isTTY ? 'terminal' : 'pipe'}: ${expected ? 'colour' : 'none'}`, () => {
    assert.equal(hasColor(mode, env, isTTY), expected);
  });

const ESCAPE = '\u001b';

test('each stream decides on its own: stdout into a file has no colour while stderr on a terminal has', async () => {
  const world = { ...fakeWorld(80, blocked.header.startedAt), stdout: keptSink(undefined) };
  const printer = await openPrinter({ output: 'human', color: 'auto', plain: true, dryRun: 'none' }, world, blocked.header);
  for (const event of blocked.events) printer.on(event);
  await printer.finish(reportOfRun(blocked));
  assert(world.stderr.text().includes(ESCAPE));
  assert(!world.stdout.text().includes(ESCAPE));
});

test('nothing of ora or the tables brings colour into pipes, whatever the environment of this process says', async () => {
  const { world } = await play(threeContainers, { output: 'human', color: 'auto', plain: false, columns: undefined });
  assert(!`${world.stderr.text()}${world.stdout.text()}`.includes(ESCAPE));
});

test('143 after a request to stop is no error and has no colour; a kill after the grace period has', async () => {
  const { world } = await play(threeContainers, { output: 'human', color: 'always', plain: true, columns: undefined });
  const row = (name: string): string => world.stdout.text().split('\n').find((l) => l.trimStart().startsWith(name)) ?? '';
  assert(row('proxy').includes('143') && !row('proxy').includes(ESCAPE), row('proxy'));
  assert(row('stubborn').includes(`${ESCAPE}[33m`), row('stubborn'));
});
