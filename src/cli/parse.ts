/**
 * From the arguments to Options. The only file that imports yargs, which lays out the help. It does not read the arguments: it cannot be
 * taught kubectl's grammar (`-nfoo` is `-n -f -o -o` to it, a repeated flag an array, `--dry-run pod` the value "pod"), and to load it costs
 * a command line that needs no help 20 to 30 ms. options/grammar.ts reads them, and is the one behaviour.
 */
import { allowable, checkIds, knownIds } from '../findings/catalogue.ts';
import { ok, type Result } from '../model/result.ts';
import type { World } from '../model/world.ts';
import { complete } from '../options/complete.ts';
import type { Options, UsageError } from '../options/options.ts';
import { type HelpContent, helpContent } from './help.ts';

const layOut = async (content: HelpContent): Promise<string> => {
  const { default: yargs } = await import('yargs');
  // English whatever LANG says; nothing is printed and no process ended from here; the flags of yargs itself do not appear.
  const help = yargs([])
    .scriptName('kubectl safe-delete')
    .detectLocale(false)
    .exitProcess(false)
    .help(false)
    .version(false)
    .wrap(content.width)
    .epilogue(content.closing);
  for (const { title, entries } of content.groups) {
    for (const entry of entries) {
      help.option(entry.name, { describe: entry.describe, group: `${title}:`, ...(entry.shorthand === null ? {} : { alias: entry.shorthand }) });
    }
  }
  // yargs would strip the indentation of the opening.
  return `${content.opening}\n\n${await help.getHelp()}`;
};

/** Reads a command line without the name of the program. Never prints, exits or throws for what a user typed. */
export const parse = async (argv: readonly string[], env: World['env']): Promise<Result<Options, UsageError>> => {
  const completed = complete(argv, env, { allowable, known: knownIds, checks: new Set<string>(checkIds) });
  if (!completed.ok) return completed;
  const { value } = completed;
  return ok(value.command === 'help' ? { command: 'help', text: `${(await layOut(helpContent())).trimEnd()}\n` } : value);
};
