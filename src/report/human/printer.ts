/** For people: the conversation on stderr, the result on stdout. */
import { unreachable } from '../../model/unreachable.ts';
import type { Event } from '../../events/event.ts';
import { emptyRun, step, type RunState } from '../fold.ts';
import type { Printer, PrinterOptions, PrinterWorld } from '../printer.ts';
import type { DeletionReport, RunHeader, WireTarget } from '../wire.ts';
import { hasColor } from './color.ts';
import { containerTable, endedWell } from './containers.ts';
import { errorLines } from './conversation.ts';
import { lateView } from './late.ts';
import { line, paint, span, writeLines, type Line, type Look } from './line.ts';
import { planLines } from './plan.ts';
import { attachedLines } from './attached.ts';
import { closingLines, targetResult, type ResultOptions } from './result.ts';
import { plainView } from './view.ts';

/** With more targets than this, only containers that did not end as they should are listed. */
const TABLES = 10;

const shownTarget = (target: WireTarget, many: boolean): WireTarget => (many ? { ...target, containers: target.containers.filter((c) => !endedWell(c)) } : target);

/** The result: in a dry run, what would happen. */
const writeResult = async (report: DeletionReport, options: ResultOptions, world: PrinterWorld, colors: { readonly stdout: boolean; readonly stderr: boolean }): Promise<void> => {
  const many = report.targets.length > TABLES;
  const look: Look = { color: colors.stdout, columns: world.stdout.isTTY ? world.stdout.columns() : undefined };
  const { tableLines } = await import('./table.ts');
  for (const target of report.targets) {
    const { to, lines } = targetResult(target, report, options);
    if (to === 'stderr') writeLines(world.stderr, lines, colors.stderr);
    else {
      const [headline, ...rest] = lines;
      const { head, rows } = containerTable(shownTarget(target, many), look);
      const table = rows.length === 0 ? [] : tableLines(head, rows, look, 2);
      const texts = [...(headline === undefined ? [] : [paint(headline, look)]), ...table, ...rest.map((l) => paint(l, look))];
      world.stdout.write(texts.map((text) => `${text}\n`).join(''));
    }
  }
  writeLines(world.stdout, closingLines(report, options), colors.stdout);
};

/** One area that is drawn again needs a terminal that can, and a person in front of it. */
const isLive = (options: PrinterOptions, world: PrinterWorld): boolean =>
  world.stderr.isTTY && !options.plain && options.dryRun === 'none' && world.env['TERM'] !== 'dumb' && ['', 'false', '0'].includes(world.env['CI'] ?? '');

const planFor = (event: Extract<Event, { type: 'plan' }>, before: RunState, header: RunHeader, options: PrinterOptions): readonly Line[] => [
  ...(before.plan === null ? [] : [line(span('The cluster has changed. The plan now:', 'bold'))]),
  ...(header.attach === true ? attachedLines(event.plan, header) : planLines(event.plan, header, options.dryRun !== 'none')),
];

/** The printer for people. */
export const humanPrinter = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const colors = { stdout: hasColor(options.color, world.env, world.stdout.isTTY), stderr: hasColor(options.color, world.env, world.stderr.isTTY) };
  const view = isLive(options, world) ? lateView(world, colors.stderr) : plainView(world, colors.stderr);
  let state = emptyRun(header);
  const on = (event: Event): void => {
    const before = state;
    state = step(before, event);
    switch (event.type) {
      case 'plan':
        view.prepare();
        if (options.dryRun === 'none') view.say(planFor(event, before, header, options));
        else writeLines(world.stdout, planFor(event, before, header, options), colors.stdout);
        break;
      case 'error':
        view.say(errorLines(event));
        break;
      case 'consent':
      case 'requested':
      case 'deadline':
      case 'phase':
      case 'container':
      case 'waiting':
      case 'replacement':
      case 'dependents':
      case 'eviction':
      case 'saved':
      case 'outcome':
      case 'heartbeat':
      case 'log':
      case 'not-observed':
      case 'api-warning':
      case 'interrupted':
        view.change(before, event, state);
        break;
      default:
        unreachable(event);
    }
  };
  return {
    on,
    finish: async (report) => {
      await view.close(state);
      await writeResult(report, { dryRun: options.dryRun, ignoreNotFound: header.ignoreNotFound, confirmWord: state.plan?.confirmWord ?? null, withReasons: false }, world, colors);
    },
  };
};
