/** `--report markdown=FILE`, and the summary of a step on GitHub. */
import { typeSlashName } from '../../model/ref.ts';
import { printable } from '../printable.ts';
import type { DeletionReport, WireTarget } from '../wire.ts';
import { countedOutcomes, placeText, problemOf, reasonsOf, standing } from './facts.ts';

/** Each character that could be markup, a link or a mention, as its number: no renderer reads more into it. */
export const markdown = (text: string): string =>
  printable(text)
    .replace(/[\\`*_{}[\]()#+!|<>~&@$^=]/gu, (c) => `&#${c.codePointAt(0) ?? 0};`)
    .replace(/:(?=\/\/)/gu, '&#58;')
    .replace(/www\./giu, (found) => `${found.slice(0, 3)}&#46;`);

const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] =>
  rows.length === 0 ? [] : ['', `| ${head.join(' | ')} |`, `| ${head.map(() => '---').join(' | ')} |`, ...rows.map((row) => `| ${row.join(' | ')} |`), ''];

/** A summary that nobody reads to its end is none; the report has everything. */
const MOST_TARGETS = 50;

const MARK = { well: '✅', left: '⏸️', bad: '❌' } as const;

const targetRow = (target: WireTarget, report: DeletionReport): readonly string[] => [
  `${MARK[standing(target.outcome, report)]} ${markdown(typeSlashName(target.ref))}`,
  markdown(target.ref.namespace ?? ''),
  target.outcome,
  target.seconds === null ? '' : `${target.seconds.toFixed(1)} s`,
  reasonsOf(target).map(markdown).join('<br>'),
];

const findingRows = (target: WireTarget): readonly (readonly string[])[] =>
  target.findings
    .filter(({ severity }) => severity !== 'note')
    .map(({ severity, irreversible, check, code, message, remedy, pass }) => [
      `${severity}${irreversible ? ', irreversible' : ''}`,
      markdown(typeSlashName(target.ref)),
      `${check}/${code}`,
      [message, remedy].filter((text) => text !== '').map(markdown).join('<br>'),
      pass === null ? '' : markdown(pass),
    ]);

const containerRows = (target: WireTarget): readonly (readonly string[])[] =>
  target.containers.map(({ name, exitCode, signal, meaning }) => [markdown(typeSlashName(target.ref)), markdown(name), exitCode === null ? 'not reported' : String(exitCode), signal ?? '', markdown(meaning)]);

/** The report for people who were not there. */
export const markdownOf = (report: DeletionReport): string => {
  const { targets } = report;
  const error = problemOf(report);
  const shown = targets.slice(0, MOST_TARGETS);
  const unknown = shown.flatMap((target) => target.checks.filter(({ status }) => status === 'unknown').map(({ id, reason }) => `- ${markdown(typeSlashName(target.ref))}: ${id} could not be checked${reason === null ? '' : `: ${markdown(reason)}`}`));
  return [
    `### kubectl safe-delete: ${report.outcome} (exit code ${report.exitCode})`,
    '',
    markdown(`${report.dryRun ? 'Dry run. ' : ''}${countedOutcomes(report)}${placeText(report) === '' ? '' : `; ${placeText(report)}`}.`) + (report.goesOn ? ' A deletion goes on in the cluster.' : ''),
    ...(error === null ? [] : ['', `**${markdown(error.message)}**${error.remedy === null ? '' : ` ${markdown(error.remedy)}`}`]),
    ...table(['object', 'namespace', 'outcome', 'time', 'why'], shown.map((target) => targetRow(target, report))),
    ...(targets.length > shown.length ? [`and ${targets.length - shown.length} more`, ''] : []),
    ...table(['severity', 'object', 'finding', 'what it says', 'accepted by'], shown.flatMap(findingRows)),
    ...(unknown.length === 0 ? [] : ['', ...unknown, '']),
    ...table(['object', 'container', 'exit code', 'signal', 'how it ended'], shown.flatMap(containerRows)),
    ...(report.planDigest !== null && report.dryRun ? ['', `Plan digest for \`--confirm-plan\`: \`${report.planDigest}\``] : []),
    '',
  ].join('\n');
};
