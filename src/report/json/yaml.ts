/** `-o yaml`: the report as YAML. The one file that imports `yaml`, and only this format loads it. */
import { Document, visit } from 'yaml';
import { quietConversation } from '../human/conversation.ts';
import { isRisky, safeYamlText } from '../printable.ts';
import type { Printer, PrinterOptions, PrinterWorld } from '../printer.ts';
import type { DeletionReport, RunHeader } from '../wire.ts';

/** The report as a YAML 1.2 document; strings with control or format characters are double-quoted, with escapes. */
export const reportAsYaml = (report: DeletionReport): string => {
  const document = new Document(report, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  visit(document, {
    Scalar: (_key, node) => {
      if (typeof node.value === 'string' && isRisky(node.value)) node.type = 'QUOTE_DOUBLE';
    },
  });
  return safeYamlText(document.toString({ lineWidth: 0 }));
};

/** Prints one YAML document at the end. */
export const yamlPrinter = (options: PrinterOptions, world: PrinterWorld, header: RunHeader): Printer => {
  const conversation = quietConversation(options, world, header);
  return {
    on: conversation.on,
    finish: (report) => {
      world.stdout.write(reportAsYaml(report));
      return conversation.finish(report);
    },
  };
};
