// The block `flags`: every flag of this version, one table a group.
import { type Flag, flagGroups, flags } from '../src/options/flags.ts';
import { table } from './docs-blocks.ts';

const spelled = (flag: Flag): string => {
  const long = flag.bare === null ? `--${flag.name} ${flag.value}` : `--${flag.name}${flag.value === '' ? '' : `[=${flag.value}]`}`;
  return `${flag.shorthand === null ? '' : `\`-${flag.shorthand}\`, `}\`${long}\``;
};

// What looks like a flag or a value in the description is set as code.
const described = (text: string): string => text.replaceAll(/(?<![\w-])--?[a-z][\w-]*(?:=[\w.]+)?/g, (flag) => `\`${flag}\``);

const rowOf = (flag: Flag): readonly string[] => [
  spelled(flag),
  flag.shownDefault === '' ? '' : `\`${flag.shownDefault}\``,
  described(flag.describe) + (flag.conflicts.length === 0 ? '' : `. Not with ${flag.conflicts.map((name) => `\`--${name}\``).join(', ')}`),
];

export const renderFlags = (): string =>
  flagGroups
    .map(({ group, title }) => `**${title}**\n\n${table(['flag', 'default', 'meaning'], flags.filter((flag) => flag.group === group).map(rowOf))}`)
    .join('\n\n');
