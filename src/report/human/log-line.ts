/** A line of a container's log, with whose it is before it (--logs). */
import type { Event } from '../../events/event.ts';
import { keyOf, type RunState } from '../fold.ts';
import type { Tone } from './color.ts';
import { line, span, type Line } from './line.ts';

/** Red and yellow stay for what is wrong. */
const TONES: readonly Tone[] = ['cyan', 'magenta', 'green', 'blue'];

const namesOf = (pod: unknown): readonly string[] => {
  const spec = (pod as { readonly spec?: { readonly initContainers?: readonly { readonly name: string }[]; readonly containers?: readonly { readonly name: string }[] } } | undefined)?.spec;
  return [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].map((c) => c.name);
};

/** `[app] text`, with several targets `[web-1/app] text`. Not wrapped: it may be searched and copied. */
export const logLine = (state: RunState, event: Extract<Event, { type: 'log' }>): Line => {
  const place = state.index.get(keyOf(event.ref)) ?? 0;
  const container = namesOf(state.targets[place]?.planned?.target.object).indexOf(event.container);
  const name = state.targets.filter((t) => !t.missing).length > 1 ? `${event.ref.name}/${event.container}` : event.container;
  return { ...line(span(`[${name}]`, TONES[(place + Math.max(0, container)) % TONES.length] ?? 'plain'), event.line === '' ? '' : ` ${event.line}`), wrap: false };
};
