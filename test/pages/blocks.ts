/** The generated runs of README.md and docs/*.md, by the name of their block. */
import { assertValidEvent, assertValidReport } from '../report/valid-report.ts';
import { screenOf } from '../report/screen.ts';
import { compactJson, oneLine, pick } from './compact-json.ts';
import { outcomeRuns } from './report-runs.ts';
import { barePod, db, preview, stuck, web } from './scenes.ts';
import { commandLine, reportOf, Stage, type How, type Ran } from './stage.ts';

const COLUMNS = 100;
const tty: How = { terminal: COLUMNS };

/** What stays on the terminal. Commands that are longer than a line are one line, as they are copied. */
const screen = (ran: Ran): string => screenOf(ran.shown, 10_000).lines.join('\n').trimEnd();

const consoleBlock = (...parts: readonly string[]): string => `\`\`\`console\n${parts.filter((p) => p !== '').join('\n')}\n\`\`\``;

const transcript = (ran: Ran, suffix = ''): string => consoleBlock(`$ ${commandLine(ran.words)}${suffix}`, screen(ran));

/** A block from a cluster of its own. */
const on = async (seed: number, play: (stage: Stage) => Promise<string>): Promise<string> => {
  const stage = await Stage.open(seed);
  try {
    return await play(stage);
  } finally {
    await stage.close();
  }
};

const TOLD = {
  exitCode: true,
  exitCodeFrom: true,
  outcome: true,
  deletionRequested: true,
  goesOn: true,
  planDigest: true,
  error: true,
  targets: {
    ref: ['resource', 'namespace', 'name'],
    outcome: true,
    error: true,
    findings: ['code', 'severity', 'message', 'pass'],
    containers: ['name', 'exitCode', 'signal', 'verdict'],
    replacement: { ref: ['name'], ready: true, reason: true },
    waitingOn: ['kind', 'name', 'message'],
    eviction: true,
  },
} as const;

/** Every outcome with a run that has it, as sections of docs/report.md. */
const outcomes = async (): Promise<string> => {
  const sections: string[] = [];
  for (const [i, { outcome, exitCode, says, play }] of outcomeRuns.entries()) {
    sections.push(
      await on(100 + i, async (stage) => {
        const ran = await play(stage);
        const report = reportOf(ran);
        assertValidReport(report);
        if (report.outcome !== outcome || ran.exitCode !== exitCode) throw new Error(`the run for ${outcome} ended as ${report.outcome} with ${ran.exitCode}`);
        return `### \`${outcome}\`, exit code ${exitCode}\n\n${says}\n\n${consoleBlock(`$ ${commandLine(ran.words)}`)}\n\n\`\`\`json\n${compactJson(pick(report, TOLD))}\n\`\`\``;
      }),
    );
  }
  return sections.join('\n\n');
};

const EVENT_FIELDS = { phase: true, evidence: true, container: ['name', 'exitCode', 'verdict'], severity: true, finding: ['code', 'severity'], outcome: true, replacement: { ref: ['name'], ready: true } } as const;

/** The lines of -o ndjson, without what repeats in each. */
const events = (ran: Ran): string => {
  const lines = ran.stdout.trimEnd().split('\n').map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
  for (const line of lines) (line['kind'] === 'Event' ? assertValidEvent : assertValidReport)(line);
  return lines
    .map(({ apiVersion: _version, kind, ref, ...line }) => {
      if (kind !== 'Event') return compactJson({ kind, ...(pick(line, ['exitCode', 'outcome']) as object) });
      const name = (ref as { readonly name: string } | null)?.name;
      return oneLine({ type: line['type'], at: line['at'], ...(name === undefined ? {} : { ref: { name } }), ...(pick(line, EVENT_FIELDS) as object) });
    })
    .join('\n');
};

/** Plays everything; a few seconds. */
export const playedBlocks = async (): Promise<ReadonlyMap<string, string>> =>
  new Map([
    ['run/ordinary-pod', await on(1, async (stage) => transcript(await stage.run(['pod', await web(stage), '-n', 'shop'], tty)))],
    ['run/dry-run', await on(1, async (stage) => transcript(await stage.run(['pod', await web(stage), '-n', 'shop', '--dry-run'], tty)))],
    ['run/forced', await on(2, async (stage) => {
      await db(stage);
      return transcript(await stage.run(['pod', 'db-1', '-n', 'shop', '--force'], tty));
    })],
    ['run/namespace', await on(3, async (stage) => {
      await preview(stage);
      return transcript(await stage.run(['namespace', 'preview-42'], { ...tty, answer: 'preview-42' }));
    })],
    ['run/stuck', await on(4, async (stage) => {
      await stuck(stage);
      return transcript(await stage.run(['pod', 'import-7', '-n', 'shop', '--attach', '--timeout=5s'], tty));
    })],
    ['run/not-asked', await on(5, async (stage) => {
      await barePod(stage);
      return transcript(await stage.run(['pod', 'report-once', '-n', 'shop', '--no-input']));
    })],
    ['run/json', await on(6, async (stage) => {
      const ran = await stage.run(['pod', await web(stage), '-n', 'shop', '--yes', '--timeout=2m', '-o', 'json']);
      const report = reportOf(ran);
      assertValidReport(report);
      const told = pick(report, { exitCode: true, outcome: true, targets: { outcome: true, seconds: true, containers: ['name', 'exitCode', 'signal', 'verdict', 'secondsAfterRequest'], replacement: { ref: ['name'], ready: true } } });
      return `${consoleBlock(`$ ${commandLine(ran.words)} > report.json`)}\n\nFrom \`report.json\`:\n\n\`\`\`json\n${compactJson(told)}\n\`\`\``;
    })],
    ['run/agent', await on(7, async (stage) => {
      await barePod(stage);
      const planned = await stage.run(['pod', 'report-once', '-n', 'shop', '--dry-run', '-o', 'json']);
      const plan = reportOf(planned);
      assertValidReport(plan);
      const told = pick(plan, { exitCode: true, outcome: true, planDigest: true, targets: { findings: ['check', 'code', 'severity', 'irreversible', 'message', 'remedy', 'pass'] } });
      const done = await stage.run(['pod', 'report-once', '-n', 'shop', '--confirm-plan', plan.planDigest ?? '', '-o', 'name']);
      return `${consoleBlock(`$ ${commandLine(planned.words)} > plan.json`)}\n\nFrom \`plan.json\`:\n\n\`\`\`json\n${compactJson(told)}\n\`\`\`\n\n${consoleBlock(`$ ${commandLine(done.words)}`, done.stdout.trimEnd())}`;
    })],
    ['run/junit', await on(8, async (stage) => {
      await barePod(stage);
      const ran = await stage.run(['pod', 'report-once', '-n', 'shop', '--report', 'junit=safe-delete.xml']);
      const [file = ''] = [...ran.files.values()].slice(-1);
      const cases = file.split('\n').filter((line) => line.trim() !== '');
      return `${consoleBlock(`$ ${commandLine(ran.words)}`, screen(ran))}\n\n\`\`\`xml\n${cases.join('\n')}\n\`\`\``;
    })],
    ['report/whole', await on(9, async (stage) => {
      const ran = await stage.run(['pod', await web(stage), '-n', 'shop', '-o', 'json']);
      assertValidReport(reportOf(ran));
      return `${consoleBlock(`$ ${commandLine(ran.words)}`)}\n\n\`\`\`json\n${compactJson(reportOf(ran))}\n\`\`\``;
    })],
    ['report/outcomes', await outcomes()],
    ['report/events', await on(9, async (stage) => {
      const ran = await stage.run(['pod', await web(stage), '-n', 'shop', '-o', 'ndjson']);
      return `${consoleBlock(`$ ${commandLine(ran.words)}`)}\n\n\`\`\`json\n${events(ran)}\n\`\`\``;
    })],
  ]);
