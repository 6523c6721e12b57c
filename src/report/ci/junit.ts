/** `--report junit=FILE`: a test case for the end of each target, and one for each of its checks that found something or could not be made. */
import { typeSlashName } from '../../model/ref.ts';
import { printable } from '../printable.ts';
import type { DeletionReport, WireTarget } from '../wire.ts';
import { countedOutcomes, placeText, problemOf, reasonsOf, standing } from './facts.ts';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** On one line, and only characters that XML 1.0 may hold. */
const xml = (text: string): string => printable(text).replace(/[\uFFFE\uFFFF]/gu, '').replace(/[&<>"']/gu, (c) => ENTITIES[c] ?? '');

const lines = (texts: readonly string[]): string => texts.map(xml).join('\n');

interface Case {
  readonly classname: string;
  readonly name: string;
  readonly seconds: number;
  /** null: it passed. */
  readonly result: { readonly element: 'failure' | 'error' | 'skipped'; readonly message: string; readonly details: readonly string[] } | null;
  readonly output: readonly string[];
}

const classOf = (target: WireTarget): string => `${target.ref.namespace ?? 'cluster'}.${typeSlashName(target.ref)}`;

const endOf = (target: WireTarget, report: DeletionReport): Case => {
  const stands = standing(target.outcome, report);
  const reasons = reasonsOf(target);
  const message = `${target.outcome}${reasons[0] === undefined ? '' : `: ${reasons[0]}`}`;
  const element = stands === 'left' ? 'skipped' : target.outcome === 'failed' ? 'error' : 'failure';
  const containers = target.containers.map(({ name, exitCode, signal, meaning }) => `container ${name}: ${exitCode === null ? 'no exit code reported' : `exit code ${exitCode}`}${signal === null ? '' : ` (${signal})`}, ${meaning}`);
  const timeline = target.timeline.map(({ at, phase, message: said }) => `${at} ${phase}: ${said}`);
  return { classname: classOf(target), name: report.dryRun ? 'dry run' : 'deletion', seconds: target.seconds ?? 0, result: stands === 'well' ? null : { element, message, details: reasons }, output: [target.outcome, ...containers, ...timeline] };
};

const checksOf = (target: WireTarget): readonly Case[] =>
  target.checks.flatMap(({ id, status, reason }): readonly Case[] => {
    if (status === 'passed' || status === 'not-applicable') return [];
    const found = target.findings.filter(({ check }) => check === id);
    const [blocker] = found.filter(({ severity }) => severity === 'blocker');
    const said = found.flatMap(({ severity, code, message, remedy }) => [`${severity} ${code}: ${message}`, ...(remedy === '' ? [] : [remedy])]);
    const base = { classname: classOf(target), name: `check ${id}`, seconds: 0, output: said };
    if (blocker !== undefined) return [{ ...base, result: { element: 'failure', message: `${blocker.code}: ${blocker.message}`, details: said } }];
    return [{ ...base, result: status === 'found' ? null : { element: 'skipped', message: `${status}${reason === null ? '' : `: ${reason}`}`, details: [] } }];
  });

const rendered = ({ classname, name, seconds, result, output }: Case): string => {
  const details = result === null ? '' : result.element === 'skipped' ? `      <skipped message="${xml(result.message)}"/>\n` : `      <${result.element} message="${xml(result.message)}">${lines(result.details)}</${result.element}>\n`;
  const out = output.length === 0 ? '' : `      <system-out>${lines(output)}</system-out>\n`;
  return `    <testcase classname="${xml(classname)}" name="${xml(name)}" time="${seconds.toFixed(1)}">\n${details}${out}    </testcase>\n`;
};

/** The report as JUnit XML, of which every CI system shows something. */
export const junitOf = (report: DeletionReport): string => {
  const error = problemOf(report);
  const run: readonly Case[] = error === null ? [] : [{ classname: 'kubectl safe-delete', name: 'run', seconds: 0, result: { element: 'error', message: error.message, details: [error.code, ...(error.remedy === null ? [] : [error.remedy])] }, output: [] }];
  const cases = [...run, ...report.targets.flatMap((target) => [endOf(target, report), ...checksOf(target)])];
  const count = (element: string): number => cases.filter(({ result }) => result?.element === element).length;
  const seconds = (Date.parse(report.finishedAt) - Date.parse(report.startedAt)) / 1000;
  const counts = `tests="${cases.length}" failures="${count('failure')}" errors="${count('error')}" skipped="${count('skipped')}" time="${seconds.toFixed(1)}"`;
  const properties = { exitCode: String(report.exitCode), outcome: report.outcome, outcomes: countedOutcomes(report), toolVersion: report.toolVersion, planDigest: report.planDigest ?? '', deletionGoesOn: String(report.goesOn) };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>\n',
    `<testsuites name="kubectl safe-delete" ${counts}>\n`,
    `  <testsuite name="${xml(`kubectl safe-delete${placeText(report) === '' ? '' : ` (${placeText(report)})`}`)}" timestamp="${report.startedAt.replace(/\.\d+Z$/u, '')}" ${counts}>\n`,
    '    <properties>\n',
    ...Object.entries(properties).map(([name, value]) => `      <property name="${name}" value="${xml(value)}"/>\n`),
    '    </properties>\n',
    ...cases.map(rendered),
    '  </testsuite>\n</testsuites>\n',
  ].join('');
};
