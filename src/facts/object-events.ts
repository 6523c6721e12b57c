/** The events about the target: they explain, and never are the only proof (docs/reference/termination.md 2). */
import type { ClusterEvent } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';

export interface ObjectEventsView extends View {
  /** Latest first. */
  readonly events: readonly ClusterEvent[];
}

export const timeOfEvent = (e: ClusterEvent): number => Date.parse(e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? e.firstTimestamp ?? '') || 0;

export const objectEvents: Fact<ObjectEventsView> = {
  rights: [{ group: '', resource: 'events', verbs: ['list'], scope: 'namespace' }],
  wants: (target) => [{ type: 'events', namespace: target.ref.namespace, uid: target.ref.uid }],
  view: (target, _given, seen) => {
    const listed = seen.events(target.ref.uid);
    return { events: listed.state === 'found' ? listed.value.toSorted((a, b) => timeOfEvent(b) - timeOfEvent(a)) : [], unread: unreadOf([listed]) };
  },
};

/** The latest event with one of these reasons. */
export const latest = (view: ObjectEventsView, ...reasons: readonly string[]): ClusterEvent | null => view.events.find((e) => reasons.includes(e.reason ?? '')) ?? null;
