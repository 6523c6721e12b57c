/** `-o json`: the report on stdout, and nothing else, whatever happens. */
import { safeJson } from '../printable.ts';
import type { Printer, PrinterOptions, PrinterWorld } from '../printer.ts';
import type { RunHeader } from '../wire.ts';
import { quietConversation } from '../human/conversation.ts';

/** Prints one JSON document at the end. */
export const jsonPrinter = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const conversation = quietConversation(options, world, header);
  return {
    on: conversation.on,
    finish: (report) => {
      world.stdout.write(`${safeJson(report, 2)}\n`);
      return conversation.finish(report);
    },
  };
};
