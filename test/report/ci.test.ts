// What CI systems get: well-formed whatever a cluster says, and nothing in it that they would obey.
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { annotationLines, MOST_ANNOTATIONS, withoutCommands } from '../../src/report/ci/github.ts';
import { sectioned } from '../../src/report/ci/gitlab.ts';
import { junitOf } from '../../src/report/ci/junit.ts';
import { markdown, markdownOf } from '../../src/report/ci/markdown.ts';
import type { DeletionReport, WireTarget } from '../../src/report/wire.ts';
import { reportOfRun } from './play.ts';
import { RUNS } from './runs/all.ts';
import { at } from './runs/made.ts';
import { fakeWorld } from './world.ts';

/** What each format could take for its own. */
const EVIL = ']]></failure><script>x</script>&amp;"\' | `code` [link](http://evil) www.evil.org @everyone ##[error]x\n::error::y\r::stop-commands::z %0A# title\u0007\ufffe';

/** Every string of the cluster in the report is evil. */
const spoiled = (value: unknown, key = ''): unknown => {
  if (Array.isArray(value)) return value.map((item): unknown => spoiled(item, key));
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, field]): [string, unknown] => [name, spoiled(field, name)]));
  return typeof value === 'string' && ['name', 'message', 'remedy', 'meaning', 'namespace', 'reason', 'server', 'pass'].includes(key) ? `${value} ${EVIL}` : value;
};
const evil = (report: DeletionReport): DeletionReport => spoiled(report) as DeletionReport;

/** Balanced elements, quoted attributes, no stray < or &, no character that XML 1.0 forbids. */
const assertWellFormed = (text: string): void => {
  const open: string[] = [];
  let rest = text.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '');
  assert.notEqual(rest, text);
  // eslint-disable-next-line no-control-regex
  assert.doesNotMatch(text, /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/);
  while (rest !== '') {
    const tag = /^<(\/?)([a-z-]+)((?: [A-Za-z]+="[^"<]*")*)(\/?)>/.exec(rest);
    if (tag === null) {
      const words = /^(?:[^<&]|&(?:amp|lt|gt|quot|apos);)+/.exec(rest);
      assert.ok(words !== null, `not XML: ${rest.slice(0, 80)}`);
      rest = rest.slice(words[0].length);
      continue;
    }
    const [all, closing, name = '', , empty] = tag;
    if (closing === '/') assert.equal(open.pop(), name);
    else if (empty !== '/') open.push(name);
    rest = rest.slice(all.length);
  }
  assert.deepEqual(open, []);
};

const count = (text: string, pattern: RegExp): number => [...text.matchAll(pattern)].length;

for (const run of RUNS) {
  describe(run.name, () => {
    const report = reportOfRun(run);

    test('is well-formed JUnit, whose counts are right, and fails where the exit code is not 0', () => {
      for (const given of [report, evil(report)]) {
        const xml = junitOf(given);
        assertWellFormed(xml);
        const counted = /tests="(\d+)" failures="(\d+)" errors="(\d+)" skipped="(\d+)"/.exec(xml)?.slice(1).map(Number);
        assert.deepEqual(counted, [count(xml, /<testcase /g), count(xml, /<failure /g), count(xml, /<error /g), count(xml, /<skipped /g)]);
        const bad = count(xml, /<(?:failure|error) /g) > 0;
        if (![8, 10].includes(report.exitCode) && report.exitCodeFrom === null) assert.equal(bad, report.exitCode !== 0);
      }
    });

    test('is Markdown of which nothing comes from the cluster but words', () => {
      const text = markdownOf(evil(report));
      assert.doesNotMatch(text, /<(?!br>)|\]\(|@|(?<!&#58;)\/\/evil|www\.|^\s*::|^# title/m);
      for (const row of text.split('\n').filter((line) => line.startsWith('|'))) assert.doesNotMatch(row, /^(?!\| ).|[^ |]\|/);
      assert.ok(text.startsWith(`### kubectl safe-delete: ${report.outcome} (exit code ${report.exitCode})\n`));
    });

    test('is at most ten annotations of one line each', () => {
      const lines = annotationLines(evil(report));
      assert.ok(lines.length <= MOST_ANNOTATIONS);
      for (const line of lines) {
        assert.match(line, /^::(?:error|warning|notice) title=[^:,\n]*::[^\n]*$/);
        assert.equal(count(line, /::/g) - count(line.replace(/^::\w+ title=[^:]*::/, ''), /::/g), 2);
      }
      if (report.exitCode !== 0 && report.targets.some(({ outcome }) => outcome === 'blocked')) assert.ok(lines.some((line) => line.startsWith('::error ')));
    });
  });
}

test('more annotations than have a place are counted in the last one', () => {
  const [run] = RUNS.filter(({ name }) => name === 'dry-run-blocked');
  assert.ok(run !== undefined);
  const report = reportOfRun(run);
  const [target] = report.targets;
  assert.ok(target !== undefined);
  const many: readonly WireTarget[] = Array.from({ length: 30 }, () => target);
  const lines = annotationLines({ ...report, targets: many });
  assert.equal(lines.length, MOST_ANNOTATIONS);
  assert.match(lines.at(-1) ?? '', /^::notice .*and 21 more/);
});

test('an escaped word reads as itself', () => {
  assert.equal(markdown('pod/web-1 in shop: 2 of 3'), 'pod/web-1 in shop: 2 of 3');
});

test('on GitHub nothing that is printed is a command to the runner', () => {
  const world = fakeWorld(undefined, 0);
  const sink = withoutCommands(world.stderr);
  sink.write('::error::x\n   ::add-mask::y\nsays ##[error]z, a::b\n');
  assert.equal(world.stderr.text(), ': :error::x\n   : :add-mask::y\nsays ## [error]z, a::b\n');
});

test('on GitLab plan and progress are sections that are opened and closed', async () => {
  const [run] = RUNS.filter(({ name }) => name === 'three-containers');
  assert.ok(run !== undefined);
  const world = fakeWorld(undefined, at(0));
  const shown: string[] = [];
  const printer = sectioned({ on: (event) => shown.push(event.type), finish: async () => await Promise.resolve() }, world, false);
  for (const event of run.events) printer.on(event);
  await printer.finish(reportOfRun(run));
  assert.equal(shown.length, run.events.length);
  const names = [...world.stderr.text().matchAll(/section_(start|end):\d+:(\w+)/g)].map(([, what, name]) => `${what} ${name}`);
  assert.deepEqual(names, ['start safe_delete_plan_1', 'end safe_delete_plan_1', 'start safe_delete_progress_2', 'end safe_delete_progress_2']);
  assert.equal(world.stdout.text(), '');
});
