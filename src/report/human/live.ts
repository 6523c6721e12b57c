/** The live view on a terminal: one area, drawn on events and four times a second, so that the time that is left is right. */
import type { Event } from '../../events/event.ts';
import { unreachable } from '../../model/unreachable.ts';
import type { Millis } from '../../model/world.ts';
import type { RunState } from '../fold.ts';
import type { PrinterWorld } from '../printer.ts';
import { openArea, type Area } from './area.ts';
import { paint, type Line, type Look } from './line.ts';
import { changeLines } from './progress.ts';
import { lastText, liveText } from './rows.ts';
import type { ProgressView } from './view.ts';

const TICK_MS = 250;
/** Many events at once are drawn once. */
const AT_MOST_EVERY_MS = 100;

/** What stays on the screen as a line; everything else is in the area. Of one target the way is told too, of many it would bury the area. */
const isSaid = (event: Event, state: RunState): boolean => {
  switch (event.type) {
    case 'api-warning':
    case 'interrupted':
    case 'consent':
    case 'saved':
    case 'log':
    case 'not-observed':
      return true;
    case 'phase':
    case 'replacement':
      return state.targets.filter((t) => !t.missing).length === 1;
    case 'plan':
    case 'requested':
    case 'deadline':
    case 'container':
    case 'waiting':
    case 'eviction':
    case 'dependents':
    case 'outcome':
    case 'heartbeat':
    case 'error':
      return false;
    default:
      return unreachable(event);
  }
};

/** What comes after every question: the DELETE, or what is seen of an object that was Terminating already. */
const OPENING: ReadonlySet<Event['type']> = new Set(['requested', 'deadline', 'phase']);

/** The view for a terminal. The area opens after every question. */
export const liveView = (world: PrinterWorld, color: boolean): ProgressView => {
  const { stderr: sink, clock } = world;
  const over = new AbortController();
  let area: Area | null = null;
  let shown: RunState | null = null;
  let drawnAt: Millis = Number.NEGATIVE_INFINITY;
  let ticking: Promise<void> = Promise.resolve();

  const look = (): Look => ({ color, columns: sink.columns() });
  const rows = (): number => Math.max(4, (sink.rows() ?? 24) - 1);
  const draw = (): void => {
    if (area === null || shown === null) return;
    drawnAt = clock.now();
    area.draw(liveText(shown, drawnAt, look(), rows()), Math.floor(drawnAt / AT_MOST_EVERY_MS));
  };
  const tick = async (): Promise<void> => {
    for (;;) {
      await clock.sleep(TICK_MS, over.signal);
      if (over.signal.aborted) return;
      draw();
    }
  };
  const say = (lines: readonly Line[]): void => {
    if (lines.length === 0) return;
    const text = lines.map((l) => `${paint(l, look())}\n`).join('');
    if (area === null) sink.write(text);
    else {
      area.above(text);
      draw();
    }
  };
  return {
    prepare: () => undefined,
    say,
    change: (before, event, after) => {
      shown = after;
      if (isSaid(event, after)) say(changeLines(before, event, after));
      if (area === null && OPENING.has(event.type)) {
        area = openArea(sink, color);
        ticking = tick();
      }
      if (clock.now() - drawnAt >= AT_MOST_EVERY_MS) draw();
    },
    close: async (after) => {
      over.abort();
      await ticking;
      area?.close(lastText(after, clock.now(), look(), rows()));
      area = null;
    },
  };
};
