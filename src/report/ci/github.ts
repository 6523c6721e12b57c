/** GitHub's workflow commands: https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands */
import { typeSlashName } from '../../model/ref.ts';
import type { Sink } from '../../model/world.ts';
import { printable } from '../printable.ts';
import type { DeletionReport } from '../wire.ts';
import { reasonsOf, standing } from './facts.ts';

/** GitHub shows no more of one kind in a step, and drops the rest without a word. */
export const MOST_ANNOTATIONS = 10;

const data = (text: string): string => printable(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');

interface Annotation {
  readonly level: 'error' | 'warning' | 'notice';
  readonly title: string;
  readonly message: string;
}

const annotationsOf = (report: DeletionReport): readonly Annotation[] => {
  const run: readonly Annotation[] = report.error === null ? [] : [{ level: 'error', title: 'kubectl safe-delete', message: [report.error.message, report.error.remedy ?? ''].join(' ').trim() }];
  const ends = report.targets
    .filter((target) => standing(target.outcome, report) === 'bad')
    .map((target): Annotation => ({ level: 'error', title: `${typeSlashName(target.ref)}: ${target.outcome}`, message: reasonsOf(target).join('; ') || target.outcome }));
  const warned = report.targets
    .filter((target) => standing(target.outcome, report) !== 'bad')
    .flatMap((target) => target.findings.filter(({ severity }) => severity === 'warning').map(({ check, code, message }): Annotation => ({ level: 'warning', title: `${typeSlashName(target.ref)}: ${check}/${code}`, message })));
  return [...run, ...ends, ...warned];
};

/** At most ten lines, errors first; the last one counts what has no place. */
export const annotationLines = (report: DeletionReport): readonly string[] => {
  const all = annotationsOf(report);
  const fitting = all.length <= MOST_ANNOTATIONS ? all : [...all.slice(0, MOST_ANNOTATIONS - 1), { level: 'notice' as const, title: 'kubectl safe-delete', message: `and ${all.length - MOST_ANNOTATIONS + 1} more; the step summary and --report have them` }];
  return fitting.map(({ level, title, message }) => `::${level} title=${property(title)}::${data(message)}`);
};

/**
 * What a server says must not be a command to the runner, which takes `::` at the beginning of a line, behind spaces too, and `##[`
 * anywhere (actions/runner src/Runner.Common/ActionCommand.cs).
 */
export const withoutCommands = (sink: Sink): Sink => ({
  ...sink,
  write: (text) => {
    sink.write(text.replaceAll(/^(\s*):(?=:)/gmu, '$1: ').replaceAll('##[', '## ['));
  },
});
