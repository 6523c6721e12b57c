/** Targets of which the same is to be said: it is said once, with the names of all that it holds for. */
import type { PlannedTarget } from '../../plan/plan.ts';
import { leading, span, type Line } from './line.ts';

/** More names than this are counted, not listed. */
const LISTED = 10;

type Group = readonly [first: PlannedTarget, rest: readonly PlannedTarget[]];

/** In the order of their first ones. */
export const grouped = (targets: readonly PlannedTarget[], keyOf: (target: PlannedTarget) => string): readonly Group[] => {
  const byKey = new Map<string, PlannedTarget[]>();
  for (const t of targets) {
    const key = keyOf(t);
    const group = byKey.get(key);
    if (group === undefined) byKey.set(key, [t]);
    else group.push(t);
  }
  return [...byKey.values()].flatMap(([first, ...rest]) => (first === undefined ? [] : [[first, rest] as const]));
};

export const alikeLines = (first: PlannedTarget, rest: readonly PlannedTarget[]): readonly Line[] => {
  if (rest.length === 0) return [];
  const more = rest.length - LISTED;
  const names = rest.slice(0, LISTED).map((t) => t.target.ref.name).join(', ');
  return [leading(span('alike', 'dim'), `the same holds for ${names}${more > 0 ? ` and ${more} more` : ''}`, span(` (${rest.length + 1} with ${first.target.ref.name})`, 'dim'))];
};
