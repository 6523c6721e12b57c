/** `-o ndjson`: one event a line as it happens, the report as the last line. schema/event.v1.json is the contract of the lines. */
import type { Event } from '../../events/event.ts';
import type { Ref } from '../../model/ref.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { PlannedTarget } from '../../plan/plan.ts';
import { quietConversation } from '../human/conversation.ts';
import { emptyRun, step } from '../fold.ts';
import { safeJson } from '../printable.ts';
import type { Printer, PrinterOptions, PrinterWorld } from '../printer.ts';
import { wireFinding } from '../report.ts';
import type { RunHeader } from '../wire.ts';

type Fields = Readonly<Record<string, unknown>>;

const planTarget = (t: PlannedTarget): Fields => ({
  ref: t.target.ref,
  verdict: t.verdict,
  gracePeriodSeconds: t.gracePeriodSeconds,
  dependents: t.dependents ?? [],
  owners: t.owners,
  recreatedBy: t.recreatedBy,
  checks: t.checks,
});

/** The lines of one event; none for what has no line of its own (the report tells it). */
export const linesOf = (event: Event): readonly Fields[] => {
  const line = (type: string, ref: Ref | null, fields: Fields): Fields => ({
    apiVersion: 'kubectl-safe-delete/v1',
    kind: 'Event',
    type,
    at: new Date(event.at).toISOString(),
    ref,
    ...fields,
  });
  switch (event.type) {
    case 'plan':
      return [
        line('plan', null, {
          serverVersion: event.serverVersion,
          planDigest: event.plan.digest,
          verdict: event.plan.verdict,
          timeoutSeconds: event.plan.timeoutSeconds,
          targets: event.plan.targets.map(planTarget),
          missing: event.plan.missing,
        }),
        ...event.plan.targets.flatMap((t) => t.findings.map((f) => line('finding', t.target.ref, { finding: wireFinding(f) }))),
      ];
    case 'phase':
      return [line('phase', event.ref, { phase: event.phase, evidence: event.evidence, message: event.message, ...(event.container === undefined ? {} : { container: event.container }) })];
    case 'container':
      return [line('container', event.ref, { container: event.container })];
    case 'waiting':
      return [line('waiting', event.ref, { waitingOn: event.on })];
    case 'outcome':
      return [line('outcome', event.ref, { outcome: event.outcome, error: event.error })];
    case 'log':
      return [line('log', event.ref, { container: event.container, line: event.line })];
    case 'heartbeat':
      return [line('heartbeat', null, { message: event.message })];
    case 'error':
      return [line('error', null, { error: { code: event.code, message: event.message, remedy: event.remedy } })];
    case 'consent':
    case 'requested':
    case 'deadline':
    case 'eviction':
    case 'saved':
    case 'replacement':
    case 'dependents':
    case 'api-warning':
    case 'not-observed':
    case 'interrupted':
      return [];
    default:
      return unreachable(event);
  }
};

/** Prints each event at once, so that a reader can follow. */
export const ndjsonPrinter = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const conversation = quietConversation(options, world, header);
  let state = emptyRun(header);
  return {
    on: (event) => {
      const before = state;
      state = step(before, event);
      conversation.on(event);
      // A second outcome of a target is none; a name that was not found has its own in the plan's `missing`, and in its line.
      if (event.type === 'outcome' && state === before && event.outcome !== 'not-found') return;
      for (const line of linesOf(event)) world.stdout.write(`${safeJson(line)}\n`);
    },
    finish: (report) => {
      world.stdout.write(`${safeJson(report)}\n`);
      return conversation.finish(report);
    },
  };
};
