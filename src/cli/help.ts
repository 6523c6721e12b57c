/** What the help says, as data; cli/parse.ts lets yargs lay it out. Flags and exit codes come from where they are defined. */
import { exitCodes } from '../options/exit-codes.ts';
import { type Flag, flagGroups, flags } from '../options/flags.ts';

export interface HelpEntry {
  /** `dry-run[=client|server]`: the long name with the placeholder of its value. */
  readonly name: string;
  readonly shorthand: string | null;
  readonly describe: string;
}

export interface HelpContent {
  readonly width: number;
  readonly opening: string;
  readonly groups: readonly { readonly title: string; readonly entries: readonly HelpEntry[] }[];
  readonly closing: string;
}

const opening = `Finds out what a deletion would do, deletes exactly what was checked, and
watches it end.

Examples:
  # Check, ask if something needs consent, delete, and watch the pod end
  kubectl safe-delete pod web-1 -n shop
  # The same checks and the plan, and nothing deleted
  kubectl safe-delete pod web-1 --dry-run
  # In a script: accept warnings, never ask, one report for programs
  kubectl safe-delete pod/web-1 pod/web-2 --yes -o json
  # Every pod with these labels, in every namespace
  kubectl safe-delete pods -l app=web -A
  # Why is it still there? Follow what is Terminating, delete nothing
  kubectl safe-delete pod web-1 --attach
  # What a check looks at, and what to do about its findings
  kubectl safe-delete explain finalizers

Usage:
  kubectl safe-delete TYPE NAME [NAME...] [flags]
  kubectl safe-delete TYPE/NAME [TYPE/NAME...] [flags]
  kubectl safe-delete TYPE -l SELECTOR | --field-selector SELECTOR | --all
  kubectl safe-delete -f FILE|DIR|URL|- [-R] | -k DIR
  kubectl safe-delete explain [CHECK|CODE] [-o json]
  kubectl safe-delete completion bash|zsh|fish`;

const codeColumn = 20;

const exitCodeLines = exitCodes
  .filter((row) => row.short !== '')
  .map((row) => `  ${row.codes.join(', ').padEnd(codeColumn)}${row.short}`);

const closing = ['Exit codes:', ...exitCodeLines, '', 'Flags take values as in kubectl: booleans and optional values only after "=".'].join('\n');

const nameWithValue = (flag: Flag): string => {
  if (flag.value === '') return flag.name;
  return flag.bare === null ? `${flag.name} ${flag.value}` : `${flag.name}[=${flag.value}]`;
};

const describeWithDefault = (flag: Flag): string =>
  flag.shownDefault === '' || flag.kind === 'bool' ? flag.describe : `${flag.describe} (default ${flag.shownDefault})`;

/** The flags of this version by group, with usage, examples and exit codes, for 80 columns. */
export const helpContent = (): HelpContent => ({
  width: 80,
  opening,
  groups: flagGroups.map(({ group, title }) => ({
    title,
    entries: flags
      .filter((flag) => flag.group === group)
      .map((flag) => ({ name: nameWithValue(flag), shorthand: flag.shorthand, describe: describeWithDefault(flag) })),
  })),
  closing,
});
