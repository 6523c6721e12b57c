/** A line for each change, for logs and terminals that cannot redraw: what is new between two states of the run. */
import type { Event } from '../../events/event.ts';
import { typeSlashName, type Ref } from '../../model/ref.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { Millis } from '../../model/world.ts';
import { keyOf, type RunState, type TargetState } from '../fold.ts';
import { secondsBetween } from '../report.ts';
import { apiWarningLine, interruptedLines, savedLines } from './conversation.ts';
import { line, span, stamped, type Line } from './line.ts';
import { logLine } from './log-line.ts';

/** Milliseconds of the first DELETE; before it, of the event itself. */
const startOf = (state: RunState, at: Millis): Millis => Math.min(at, ...state.targets.flatMap((t) => (t.requestedAt === null ? [] : [t.requestedAt])));

const stamp = (state: RunState, at: Millis): string => `${secondsBetween(startOf(state, at), at).toFixed(1)}s`.padStart(7);

const find = (state: RunState, ref: Ref): TargetState | undefined => {
  const place = state.index.get(keyOf(ref));
  return place === undefined ? undefined : state.targets[place];
};

/** The same thing waited for again is no news, though its message may count seconds. */
const waitedFor = (t: TargetState | undefined): string => (t?.waitingOn ?? []).map((w) => `${w.kind} ${w.name}`).join('\n');

const ended = (exitCode: number | null, meaning: string): string => (exitCode === null ? meaning : `exit code ${exitCode}, ${meaning}`);

/** The lines that an event adds to the log; `after` is the state with the event in it. None when it says nothing new. */
export const changeLines = (before: RunState, event: Event, after: RunState): readonly Line[] => {
  const said = (ref: Ref, text: string, estimated = false): readonly Line[] => [
    stamped(
      span(`${stamp(after, event.at)} ${estimated ? '~' : ' '} `, 'dim'),
      ...(after.targets.length > 1 ? [span(`${typeSlashName(ref)}  `, 'bold')] : []),
      span(text, estimated ? 'dim' : 'plain'),
    ),
  ];
  switch (event.type) {
    case 'phase':
      if (find(before, event.ref)?.timeline.length === find(after, event.ref)?.timeline.length) return [];
      return said(event.ref, event.evidence === 'estimated' && !event.message.includes('estimate') ? `${event.message} (estimated)` : event.message, event.evidence === 'estimated');
    case 'container': {
      const { name, type, exitCode, meaning, endedBefore } = event.container;
      const known = find(before, event.ref)?.containers.find((c) => c.name === name && c.type === type);
      if (endedBefore || (known?.verdict === event.container.verdict && known.exitCode === exitCode)) return [];
      return said(event.ref, `${type === 'app' ? '' : `${type} `}container ${name}: ${ended(exitCode, meaning)}`);
    }
    case 'waiting': {
      const now = find(after, event.ref);
      const [first] = event.on;
      // Its deadline was said when it was accepted.
      if (first === undefined || first.kind === 'grace' || waitedFor(now) === waitedFor(find(before, event.ref))) return [];
      return said(event.ref, `waits for ${first.kind} ${first.name}: ${first.message}`);
    }
    case 'replacement': {
      const { ref, ready, reason } = event.replacement;
      const known = find(before, event.ref)?.replacement ?? null;
      // That it was created and became Ready are phases; what keeps it from that is not.
      if (ready || reason === null || (known?.ref.uid === ref.uid && known.reason === reason)) return [];
      return said(event.ref, `replacement ${typeSlashName(ref)} is not Ready: ${reason}`);
    }
    case 'heartbeat':
      return [stamped(span(`${stamp(after, event.at)}   `, 'dim'), event.message)];
    case 'log':
      return [logLine(after, event)];
    case 'not-observed': {
      // The same for several targets is said once.
      const known = before.targets.some((t) => t.notObserved.some((n) => n.lane === event.lane && n.message === event.message));
      return known ? [] : [stamped(span(`${stamp(after, event.at)} ? `, 'dim'), span(event.message, 'dim'))];
    }
    case 'api-warning':
      return before === after ? [] : [apiWarningLine(event.text)];
    case 'saved':
      return savedLines(event, after.header.dryRun);
    case 'interrupted':
      return before.interrupted === null ? interruptedLines(after) : [];
    case 'consent':
      return event.consent.needed === 'none' || event.consent.given === 'none' || event.consent.given === 'terminal' ? [] : [line(span(`Confirmed by --${event.consent.given === 'plan' ? 'confirm-plan' : event.consent.given}.`, 'dim'))];
    case 'plan':
    case 'requested':
    case 'eviction':
    case 'deadline':
    case 'dependents':
    case 'outcome':
    case 'error':
      return [];
    default:
      return unreachable(event);
  }
};
