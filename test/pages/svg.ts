/** A recorded run as a picture: an SVG of the terminal, one frame for each moment that was kept, played in a loop. */
import { cellsOf, type Cell } from './terminal.ts';

export interface Frame {
  readonly text: string;
  /** How long it stays, in seconds. */
  readonly seconds: number;
}

export interface Picture {
  /** What it shows, for those who do not see it. */
  readonly title: string;
  readonly columns: number;
  readonly frames: readonly Frame[];
}

const CHAR = 8.4;
const LINE = 18;
const LEFT = 16;
const TOP = 48;
const COLORS: Readonly<Record<number, string>> = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 34: '#79c0ff', 35: '#d2a8ff', 36: '#76e3ea' };

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
const fixed = (n: number): string => String(Math.round(n * 100) / 100);

const classOf = ({ bold, dim, color }: Cell): string => [...(color === null ? [] : [`c${color}`]), ...(bold ? ['b'] : []), ...(dim ? ['d'] : [])].join(' ');

/** Runs of cells that look alike, each at its column: a font of another width cannot shift what comes after. */
const lineOf = (cells: readonly Cell[], row: number): string => {
  const runs: { readonly at: number; readonly look: string; text: string; width: number }[] = [];
  for (const [i, cell] of cells.entries()) {
    const look = classOf(cell);
    const last = runs.at(-1);
    if (last?.look === look) {
      last.text += cell.char;
      last.width += 1;
    } else runs.push({ at: i, look, text: cell.char, width: 1 });
  }
  const spans = runs
    .filter((run) => run.text.trim() !== '')
    .map((run) => {
      const text = run.text.trim();
      const width = run.width - (run.text.length - text.length);
      const at = run.at + run.text.length - run.text.trimStart().length;
      return `<tspan x="${fixed(LEFT + at * CHAR)}" textLength="${fixed(width * CHAR)}"${run.look === '' ? '' : ` class="${run.look}"`}>${escaped(text)}</tspan>`;
    });
  return spans.length === 0 ? '' : `<text y="${TOP + row * LINE}">${spans.join('')}</text>`;
};

export const svgOf = ({ title, columns, frames }: Picture): string => {
  const screens = frames.map((frame) => cellsOf(frame.text, columns));
  const rows = Math.max(...screens.map((screen) => screen.findLastIndex((cells) => cells.some((c) => c.char.trim() !== '')) + 1));
  const width = Math.ceil(LEFT * 2 + columns * CHAR);
  const height = TOP + rows * LINE;
  const whole = frames.reduce((sum, frame) => sum + frame.seconds, 0);
  let before = 0;
  const keyframes = frames.map(({ seconds }, i) => {
    const [from, to] = [(before / whole) * 100, ((before + seconds) / whole) * 100];
    before += seconds;
    const on = `${fixed(from)}%{visibility:visible}`;
    return `@keyframes f${i}{${i === 0 ? '' : '0%{visibility:hidden}'}${on}${i === frames.length - 1 ? '100%{visibility:visible}' : `${fixed(to)}%{visibility:hidden}100%{visibility:hidden}`}}.f${i}{animation:f${i} ${fixed(whole)}s step-end infinite}`;
  });
  // Without animation, or for who does not want any, the last frame stands.
  const still = `@media (prefers-reduced-motion:reduce){${frames.map((_, i) => `.f${i}{animation:none;visibility:${i === frames.length - 1 ? 'visible' : 'hidden'}}`).join('')}}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" xml:space="preserve" role="img" aria-label="${escaped(title).replaceAll('"', '&quot;')}">`,
    `<title>${escaped(title)}</title>`,
    '<style>',
    'text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;fill:#e6edf3;white-space:pre}.b{font-weight:bold}.d{fill:#8b949e}',
    Object.entries(COLORS).map(([code, color]) => `.c${code}{fill:${color}}`).join(''),
    frames.map((_, i) => `.f${i}{visibility:${i === frames.length - 1 ? 'visible' : 'hidden'}}`).join(''),
    ...(frames.length > 1 ? [...keyframes, still] : []),
    '</style>',
    `<rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    '<circle cx="20" cy="18" r="6" fill="#ff5f57"/><circle cx="40" cy="18" r="6" fill="#febc2e"/><circle cx="60" cy="18" r="6" fill="#28c840"/>',
    ...screens.map((screen, i) => `<g class="f${i}">\n${screen.map(lineOf).filter((line) => line !== '').join('\n')}\n</g>`),
    '</svg>',
    '',
  ].join('\n');
};
