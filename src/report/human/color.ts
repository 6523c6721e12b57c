/** Whether a stream gets colour, and the few tones in use. Colour only repeats what the words say. */
import type { ColorMode } from '../../options/options.ts';

export type Tone = 'plain' | 'bold' | 'dim' | 'red' | 'yellow' | 'green' | 'blue' | 'magenta' | 'cyan';

/**
 * Decided for each stream on its own. FORCE_COLOR goes before NO_COLOR, and an empty NO_COLOR counts for nothing, as in Node and on
 * no-color.org; TERM=dumb and a stream that is no terminal get none.
 */
export const hasColor = (mode: ColorMode, env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean => {
  if (mode !== 'auto') return mode === 'always';
  const forced = env['FORCE_COLOR'];
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  if ((env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb') return false;
  return isTTY;
};

const CODES: Readonly<Record<Exclude<Tone, 'plain'>, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  yellow: [33, 39],
  green: [32, 39],
  blue: [34, 39],
  magenta: [35, 39],
  cyan: [36, 39],
};

/** The text in a tone; the text itself without colour. */
export const toned = (text: string, tone: Tone, color: boolean): string => {
  if (!color || tone === 'plain' || text === '') return text;
  const [on, off] = CODES[tone];
  return `\u001b[${on}m${text}\u001b[${off}m`;
};
