/** The live view, loaded while a person reads the plan: the spinner and the tables cost 20 ms that an error must not wait for. */
import type { PrinterWorld } from '../printer.ts';
import { writeLines } from './line.ts';
import type { ProgressView } from './view.ts';

/** Shows nothing late but what comes in the moment of loading: that is kept, and shown in its order. */
export const lateView = (world: PrinterWorld, color: boolean): ProgressView => {
  let view: ProgressView | null = null;
  let loading: Promise<void> | null = null;
  const kept: ((loaded: ProgressView) => void)[] = [];
  const load = async (): Promise<void> => {
    const { liveView } = await import('./live.ts');
    view = liveView(world, color);
    for (const show of kept.splice(0)) show(view);
  };
  const show = (how: (loaded: ProgressView) => void): void => {
    if (view === null) kept.push(how);
    else how(view);
  };
  return {
    prepare: () => {
      loading ??= load();
    },
    say: (lines) => {
      if (view === null && kept.length === 0) writeLines(world.stderr, lines, color);
      else show((loaded) => loaded.say(lines));
    },
    change: (before, event, after) => {
      loading ??= load();
      show((loaded) => loaded.change(before, event, after));
    },
    close: async (after) => {
      await loading;
      await view?.close(after);
    },
  };
};
