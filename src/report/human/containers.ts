/** The table of containers: code, signal, reason, time and what it means, for every container. */
import type { ContainerEnd, ContainerVerdict } from '../../events/event.ts';
import type { WireTarget } from '../wire.ts';
import type { Tone } from './color.ts';
import { span, type Look, type Span } from './line.ts';

/** 143 is how a deleted pod normally ends (kubernetes/kubernetes#80089): only what is wrong has a colour. */
const TONES: Readonly<Record<ContainerVerdict, Tone>> = {
  'exited-cleanly': 'plain',
  'ended-by-stop-signal': 'plain',
  'never-started': 'plain',
  'exited-with-error': 'red',
  'out-of-memory': 'red',
  crashed: 'red',
  'start-failed': 'red',
  'killed-after-grace-period': 'yellow',
  'killed-early': 'yellow',
  killed: 'yellow',
  'ended-by-other-signal': 'yellow',
  ambiguous: 'yellow',
  'not-reported': 'yellow',
};

/** Below this many columns only name, code and meaning are shown. */
const NARROW = 72;

/** What had ended before comes first, what was not reported last. */
const rank = (c: ContainerEnd): number => (c.endedBefore ? -1 : (c.order ?? Number.MAX_SAFE_INTEGER));

const secondsOf = (c: ContainerEnd): string => {
  if (c.endedBefore) return 'before';
  // Times of the API have a resolution of one second: tenths would be made up.
  return c.secondsAfterRequest === null ? '-' : `${Math.round(c.secondsAfterRequest)}s`;
};

const codeOf = (c: ContainerEnd): string => (c.exitCode === null ? (c.verdict === 'never-started' ? '-' : '?') : String(c.exitCode));

const nameOf = (c: ContainerEnd): string => (c.type === 'app' ? c.name : `${c.name} (${c.type})`);

/** Title and rows for `tableLines`; in the order in which they ended. */
export const containerTable = (target: WireTarget, look: Look): { readonly head: readonly string[]; readonly rows: readonly (readonly Span[])[] } => {
  const narrow = look.columns !== undefined && look.columns < NARROW;
  const containers = target.containers.toSorted((a, b) => rank(a) - rank(b));
  const row = (c: ContainerEnd): readonly Span[] => {
    const tone = TONES[c.verdict];
    const always = [span(nameOf(c)), span(codeOf(c), tone)];
    const middle = narrow ? [] : [span(c.signal ?? '-'), span(c.reason ?? '-'), span(secondsOf(c))];
    return [...always, ...middle, span(c.meaning, tone)];
  };
  return { head: narrow ? ['NAME', 'CODE', 'ENDED'] : ['NAME', 'CODE', 'SIGNAL', 'REASON', 'SECONDS', 'ENDED'], rows: containers.map(row) };
};

/** Whether it ended as a deletion should end it. */
export const endedWell = (c: ContainerEnd): boolean => TONES[c.verdict] === 'plain';
