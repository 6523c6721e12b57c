/** What every printer says on stderr: errors, warnings of the API server, and that a run was interrupted. */
import type { Event } from '../../events/event.ts';
import { emptyRun, step, type RunState } from '../fold.ts';
import { goesOn } from '../outcome.ts';
import type { Printer, PrinterOptions, PrinterWorld } from '../printer.ts';
import { typeSlashName, type Ref } from '../../model/ref.ts';
import type { DeletionReport, RunHeader } from '../wire.ts';
import { hasColor } from './color.ts';
import { command, indented, line, span, writeLines, type Line } from './line.ts';
import { logLine } from './log-line.ts';
import { closingLines, targetResult, type ResultOptions } from './result.ts';

/** kubectl's own sentences begin with these; they are not prefixed twice. */
const OWN_WORDS = /^(?:error:|Error from server|The connection to the server|Unable to connect)/iu;

/** More targets than this are not written into one command. */
const ATTACHED = 5;

const MOST_NAMED = 10;

/** How many files --save wrote for a target, and what it left out. */
export const savedLines = ({ ref, paths, notSaved }: Extract<Event, { type: 'saved' }>, dryRun: boolean): readonly Line[] => [
  line(`${dryRun ? 'Would save' : 'Saved'} ${typeSlashName(ref)}: ${paths.length} file${paths.length === 1 ? '' : 's'}${paths[0] === undefined ? '' : ` (${paths[0]}${paths.length > 1 ? ', ...' : ''})`}.`),
  ...notSaved.slice(0, MOST_NAMED).map((text) => indented(span('not saved: ', 'yellow'), text)),
  ...(notSaved.length > MOST_NAMED ? [indented(span('not saved: ', 'yellow'), `${notSaved.length - MOST_NAMED} more, in the report`)] : []),
];

/** An error of the whole run: one sentence, and what helps. */
export const errorLines = (error: { readonly message: string; readonly remedy: string | null }): readonly Line[] => [
  OWN_WORDS.test(error.message) ? line(error.message) : line(span('error: ', 'red'), error.message),
  ...(error.remedy === null || error.remedy === '' ? [] : [indented(error.remedy)]),
];

export const apiWarningLine = (text: string): Line => line(span('Warning: ', 'yellow'), text);

/** How to look on: one command, however many targets there are of a type and namespace. */
const attachCommand = (refs: readonly Ref[]): readonly Line[] => {
  const namespaces = [...new Set(refs.map((r) => r.namespace))];
  if (refs.length === 0 || refs.length > ATTACHED || namespaces.length > 1) return [];
  const [namespace] = namespaces;
  return [command(['kubectl', 'safe-delete', '--attach', ...refs.map(typeSlashName), ...(typeof namespace === 'string' ? ['-n', namespace] : [])], 'follow it again')];
};

/** Said at once, before anything else: whether the deletion goes on, and how to look on. */
export const interruptedLines = (state: RunState): readonly Line[] => {
  const going = state.targets.filter((t) => goesOn(state, t)).map((t) => t.ref);
  return [interruptedLine(state, going.map((r) => r.name)), ...attachCommand(going)];
};

const interruptedLine = (state: RunState, going: readonly string[]): Line => {
  const what = going.length === 0 ? (state.targets.some((t) => t.requestedAt !== null) ? 'nothing is still being deleted' : 'nothing was deleted') : `the deletion of ${going.length > 3 ? `${going.length} targets` : going.join(', ')} goes on in the cluster`;
  return line(span(`Interrupted (${state.interrupted ?? 'signal'})`, 'bold'), `: ${what}.`);
};

/**
 * For machine formats: nothing but errors, until an end that is not success needs a sentence for whoever reads the log. The plan is
 * not shown, so the reasons come with it.
 */
export const quietConversation = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const color = hasColor(options.color, world.env, world.stderr.isTTY);
  let confirmWord: string | null = null;
  let state = emptyRun(header);
  const say = (lines: readonly Line[]): void => writeLines(world.stderr, lines, color);
  return {
    on: (event: Event): void => {
      if (event.type === 'plan') ({ confirmWord } = event.plan);
      if (event.type === 'plan') state = step(state, event);
      // -o ndjson has events for them.
      if (event.type === 'log' && options.output !== 'ndjson') say([logLine(state, event)]);
      if (event.type === 'api-warning') say([apiWarningLine(event.text)]);
      if (event.type === 'error') say(errorLines(event));
      if (event.type === 'saved') say(savedLines(event, options.dryRun !== 'none').slice(1));
    },
    finish: (report: DeletionReport): Promise<void> => {
      const resultOptions: ResultOptions = { dryRun: options.dryRun, ignoreNotFound: header.ignoreNotFound, confirmWord, withReasons: true };
      if (report.exitCode !== 0) say([...report.targets.flatMap((t) => targetResult(t, report, resultOptions).lines), ...closingLines(report, resultOptions)]);
      return Promise.resolve();
    },
  };
};
