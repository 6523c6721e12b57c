/** What a person can do about how containers ended: only what follows from what was reported, each hint once for the run. */
import type { ContainerEnd } from '../../events/event.ts';
import type { DeletionReport, WireTarget } from '../wire.ts';
import { leading, span, type Line } from './line.ts';

/** More are counted. */
const NAMED = 3;

interface Hint {
  readonly holds: (c: ContainerEnd, t: WireTarget) => boolean;
  readonly says: (who: string, c: ContainerEnd, t: WireTarget) => string;
}

const HINTS: readonly Hint[] = [
  {
    holds: (c) => c.verdict === 'killed-after-grace-period' && c.stopSignal !== 'SIGKILL',
    says: (who, c, t) =>
      `${who} did not end on ${c.stopSignal} within ${t.gracePeriodSeconds ?? 0} s: as PID 1 a program needs a handler for it, and a shell passes none on (start the program with exec); if it needs longer, raise its grace period.`,
  },
  {
    holds: (c) => c.verdict === 'out-of-memory' && !c.endedBefore,
    says: (who) => `${who} ran out of memory while it stopped: look at its memory limit.`,
  },
  {
    holds: (c) => c.verdict === 'crashed' && !c.endedBefore,
    says: (who, c) => `${who} crashed (${c.signal ?? 'a signal'}) while it was asked to stop: that is the program's own fault, not the deletion's.`,
  },
  {
    holds: (c, t) => c.verdict === 'not-reported' && t.outcome === 'deleted' && t.gracePeriodSeconds === 0,
    says: (who) => `${who} may still run: nobody waited for the kubelet, which ends it when it hears of the deletion.`,
  },
];

const named = (names: readonly string[]): string => (names.length > NAMED ? `${names.slice(0, NAMED).join(', ')} and ${names.length - NAMED} more` : names.join(', '));

/** Each kind of hint once, with whom it is about. */
export const hintLines = (report: DeletionReport): readonly Line[] => {
  const several = report.targets.length > 1;
  const hints = HINTS.flatMap(({ holds, says }) => {
    const found = report.targets.flatMap((t) => t.containers.filter((c) => holds(c, t)).map((c) => ({ t, c })));
    const [first] = found;
    return first === undefined ? [] : [says(named(found.map(({ t, c }) => (several ? `${t.ref.name}/${c.name}` : c.name))), first.c, first.t)];
  });
  const failed = report.targets.flatMap((t) =>
    t.timeline.flatMap((e) => {
      if (e.phase !== 'pre-stop' || e.evidence !== 'observed' || e.container === undefined) return [];
      return [several ? `${t.ref.name}/${e.container}` : e.container];
    }),
  );
  const hooks = failed.length === 0 ? [] : [`The preStop hook of ${named(failed)} failed; the API does not say why, the kubelet's log does.`];
  return [...hints, ...hooks].map((text) => leading(span('hint', 'dim'), text));
};
