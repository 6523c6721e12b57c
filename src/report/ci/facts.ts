/** What every CI format says of a run, in plain words. */
import type { Outcome } from '../../events/event.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { DeletionReport, WireTarget } from '../wire.ts';

/** How the outcome of a target counts: as success, as nothing done, or as a failure. */
export const standing = (outcome: Outcome, report: DeletionReport): 'well' | 'left' | 'bad' => {
  switch (outcome) {
    case 'deleted':
    case 'already-gone':
    case 'accepted':
    case 'nothing-matched':
    case 'would-delete':
      return 'well';
    case 'not-attempted':
      return 'left';
    case 'not-found':
      // With --ignore-not-found alone it ends with 0.
      return report.exitCode === 0 ? 'well' : 'bad';
    case 'would-ask':
    case 'failed':
    case 'not-terminating':
    case 'blocked':
    case 'evict-refused':
    case 'declined':
    case 'still-there':
    case 'replaced':
    case 'plan-changed':
    case 'unobserved':
    case 'interrupted':
      return 'bad';
    default:
      return unreachable(outcome);
  }
};

/** Why the target ended so: what the server said, what blocked it, or what it waits for. */
export const reasonsOf = (target: WireTarget): readonly string[] => {
  const serious = target.findings.filter(({ severity }) => severity === (target.outcome === 'blocked' ? 'blocker' : 'warning'));
  const needsConsent = ['blocked', 'declined', 'would-ask'].includes(target.outcome);
  return [
    ...(target.error === null ? [] : [target.error.message]),
    ...(needsConsent ? serious.map(({ check, code, message }) => `${check}/${code}: ${message}`) : []),
    ...target.waitingOn.map(({ kind, name, message }) => `waits for ${kind} ${name}: ${message}`),
  ];
};

/** Why the run as a whole failed; null: it did not. A file is opened before the run, and says so until the run is over. */
export const problemOf = (report: DeletionReport): DeletionReport['error'] => {
  if (report.error !== null || report.targets.length > 0 || report.exitCode === 0) return report.error;
  if (report.outcome === 'failed') return { code: 'not-over', message: 'the run has not come to its end: it is still going on, or was killed', remedy: null };
  return { code: report.outcome, message: report.outcome === 'interrupted' ? 'interrupted before there was a plan' : 'nothing matched', remedy: null };
};

/** `2 deleted, 1 not-found`, in the order of the table of outcomes. */
export const countedOutcomes = (report: DeletionReport): string => {
  const counts = new Map<string, number>();
  for (const { outcome } of report.targets) counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  return [...counts].map(([outcome, count]) => `${count} ${outcome}`).join(', ') || 'no target';
};

/** Where the objects are, as the first line of a run says it. */
export const placeText = ({ context }: DeletionReport): string => {
  const parts = [context.name === null ? null : `context ${context.name}`, context.server, context.namespace === null ? null : `namespace ${context.namespace}`];
  return parts.filter((part) => part !== null).join(', ');
};
