/** GitLab's collapsible sections around the plan, the progress and the result: https://docs.gitlab.com/ci/jobs/job_logs/#custom-collapsible-sections */
import type { Event } from '../../events/event.ts';
import type { Sink } from '../../model/world.ts';
import type { Printer, PrinterWorld } from '../printer.ts';

type Section = 'plan' | 'progress';

const TITLES: Readonly<Record<Section, string>> = { plan: 'kubectl safe-delete: plan', progress: 'kubectl safe-delete: deletion' };
const ERASE_LINE = '\u001b[0K';

const starts = (event: Event): Section | null => (event.type === 'plan' ? 'plan' : event.type === 'requested' ? 'progress' : null);

/** The printer for people, in sections; the result stands behind them. `dryRun`: then the plan is the result, on standard output. */
export const sectioned = (printer: Printer, world: PrinterWorld, dryRun: boolean): Printer => {
  const sink: Sink = dryRun ? world.stdout : world.stderr;
  let open: Section | null = null;
  let serial = 0;
  const seconds = (): number => Math.floor(world.clock.now() / 1000);
  const end = (): void => {
    if (open !== null) sink.write(`${ERASE_LINE}section_end:${seconds()}:safe_delete_${open}_${serial}\r${ERASE_LINE}\n`);
    open = null;
  };
  return {
    on: (event) => {
      const next = starts(event);
      if (next !== null && (next === 'plan' || open !== next)) {
        end();
        serial += 1;
        open = next;
        // What asks for consent, or refuses, is not to be opened first.
        const collapsed = event.type === 'plan' && event.plan.verdict === 'proceed' ? '[collapsed=true]' : '';
        sink.write(`${ERASE_LINE}section_start:${seconds()}:safe_delete_${next}_${serial}${collapsed}\r${ERASE_LINE}${TITLES[next]}\n`);
      }
      printer.on(event);
    },
    finish: async (report) => {
      end();
      await printer.finish(report);
    },
  };
};
