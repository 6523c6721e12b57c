/** `-o name`: a name when its object is gone; accepted, with --wait=false; planned, in a dry run. As `kubectl delete -o name`, but never before. */
import type { Outcome } from '../events/event.ts';
import { typeSlashName } from '../model/ref.ts';
import { emptyRun, step } from './fold.ts';
import { quietConversation } from './human/conversation.ts';
import { printable } from './printable.ts';
import type { Printer, PrinterOptions, PrinterWorld } from './printer.ts';
import type { RunHeader } from './wire.ts';

const NAMED: ReadonlySet<Outcome> = new Set<Outcome>(['deleted', 'already-gone', 'accepted', 'would-delete']);

/** Prints each name as soon as it is true. */
export const namePrinter = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const conversation = quietConversation(options, world, header);
  let state = emptyRun(header);
  return {
    on: (event) => {
      const before = state;
      state = step(before, event);
      if (event.type === 'outcome' && state !== before && NAMED.has(event.outcome)) world.stdout.write(`${printable(typeSlashName(event.ref))}\n`);
      conversation.on(event);
    },
    finish: conversation.finish,
  };
};
