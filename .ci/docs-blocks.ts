// Blocks of generated text between markers: <!-- generated: NAME --> … <!-- /generated -->. Everything outside them is written by people.
/** What each block is filled with, without line ends around it. */
export type Blocks = ReadonlyMap<string, () => string>;

const block = /(<!-- generated: ([^\s>]+) -->)([\s\S]*?)(<!-- \/generated -->|(?=<!-- generated: )|$)/g;

/** The text with each block filled anew, or what is wrong with its markers. */
export const fill = (text: string, blocks: Blocks): { readonly text: string; readonly problems: readonly string[] } => {
  const problems: string[] = [];
  const filled = text.replaceAll(block, (whole: string, open: string, name: string, _old: string, close: string) => {
    const render = blocks.get(name);
    if (close === '') problems.push(`block "${name}" has no <!-- /generated -->`);
    else if (render === undefined) problems.push(`no block is called "${name}"; there are ${[...blocks.keys()].join(', ')}`);
    else return `${open}\n${render()}\n${close}`;
    return whole;
  });
  return { text: filled, problems };
};

const row = (cells: readonly string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`;

/** A Markdown table; bars inside cells are escaped. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
