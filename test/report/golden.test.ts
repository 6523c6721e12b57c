/** Every recorded run through every printer, as Markdown to read: test/golden/*.md. `UPDATE_GOLDEN=1` writes the files again. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import type { OutputFormat } from '../../src/options/options.ts';
import { play, type Stage } from './play.ts';
import { RUNS } from './runs/all.ts';
import { at, type RecordedRun } from './runs/made.ts';
import { screenOf } from './screen.ts';

const folder = new URL('../golden/', import.meta.url);
const updating = process.env['UPDATE_GOLDEN'] === '1';

/** Documents as a whole are kept for a few runs; the fold's tests and the schema speak of the others. */
const IN_FULL: Readonly<Record<string, readonly OutputFormat[]>> = {
  'three-containers': ['json', 'ndjson'],
  'two-targets-mixed': ['yaml'],
  'logs-of-two-pods': ['json', 'ndjson'],
  'server-error': ['json', 'ndjson', 'yaml'],
  'hostile-strings': ['ndjson', 'yaml'],
};

const visible = (text: string): string => text.replaceAll('\u001b', '␛').replace(/\n$/u, '');

const block = (title: string, text: string): string => (text === '' ? `${title}: nothing\n` : `${title}:\n\n~~~text\n${text}\n~~~\n`);

const section = async (run: RecordedRun, title: string, stage: Stage, asScreen: boolean): Promise<string> => {
  const looks: string[] = [];
  const { columns = 80 } = stage;
  const { report, world } = await play(run, {
    ...stage,
    moments: asScreen ? (run.moments ?? []).map(at) : [],
    look: (now, then) => {
      looks.push(block(`the terminal after ${(now - at(0)) / 1000} s`, screenOf(then.stderr.text(), columns).lines.join('\n')));
    },
  });
  const stderr = asScreen ? screenOf(world.stderr.text(), columns).lines.join('\n').trimEnd() : visible(world.stderr.text());
  return [
    `## ${title}`,
    '',
    `    kubectl safe-delete ${run.command}${stage.output === 'human' ? '' : ` -o ${stage.output}`}`,
    '',
    ...looks,
    block('stderr', stderr),
    block('stdout', visible(world.stdout.text())),
    `exit code: ${report.exitCode}`,
    '',
  ].join('\n');
};

const stage = (output: OutputFormat, columns: number | undefined, changed: Partial<Stage> = {}): Stage => ({ output, color: 'never', plain: false, columns, ...changed });

const document = async (run: RecordedRun): Promise<string> => {
  const sections = [
    await section(run, 'into a pipe', stage('human', undefined), false),
    await section(run, 'terminal of 80 columns', stage('human', 80), true),
    await section(run, 'terminal of 40 columns', stage('human', 40), true),
    await section(run, 'terminal of 160 columns', stage('human', 160), true),
    await section(run, 'terminal of 80 columns, plain, in colour', stage('human', 80, { plain: true, color: 'always' }), false),
    await section(run, 'names', stage('name', undefined), false),
  ];
  for (const output of IN_FULL[run.name] ?? []) sections.push(await section(run, output, stage(output, undefined), false));
  return `# ${run.name}\n\n${sections.join('\n')}`;
};

for (const run of RUNS)
  test(`${run.name} prints what its golden file shows`, async () => {
    const file = new URL(`${run.name}.md`, folder);
    const now = await document(run);
    if (updating) writeFileSync(file, now);
    else assert.equal(now, readFileSync(file, 'utf8'), `read the difference; if it is meant: UPDATE_GOLDEN=1 node --test ${import.meta.filename}`);
  });

test('there is no golden file without a run', () => {
  assert.deepEqual(readdirSync(folder).filter((name) => name.endsWith('.md')).toSorted(), RUNS.map((run) => `${run.name}.md`).toSorted());
});
