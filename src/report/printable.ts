/**
 * Names, messages and annotations come from the cluster: they are data, and must not move the cursor, colour the screen, or reorder what
 * a person reads before saying yes (https://cve.mitre.org CVE-2021-25743 is kubectl's own case: escape sequences in Event messages).
 */

const ESCAPE = '\\u001b';
/** CSI, and OSC, DCS, SOS, PM, APC with their terminator, in the 7-bit and the 8-bit form. Without its terminator only the introducer goes. */
const SEQUENCES = new RegExp(
  [
    `(?:${ESCAPE}\\[|\\u009b)[0-?]*[ -/]*[@-~]`,
    `(?:${ESCAPE}[\\]PX^_]|[\\u009d\\u0090\\u0098\\u009e\\u009f])[^\\u0007\\u001b\\u009c]*(?:\\u0007|${ESCAPE}\\\\|\\u009c)`,
    `${ESCAPE}[ -/]*[0-~]`,
  ].join('|'),
  'gu',
);
const SPACES = /[\t\n\v\f\r\u0085\u2028\u2029]+/gu;
/** Controls, formats (bidi, zero width, tags), and halves of a pair. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

/** Longer texts are cut: an annotation may hold 256 KiB. */
const LONGEST = 2000;

/** The text as it may stand on a terminal, on one line. */
export const printable = (text: string): string => {
  const clean = text.slice(0, LONGEST * 2).replace(SEQUENCES, '').replace(SPACES, ' ').replace(INVISIBLE, '');
  return clean.length > LONGEST || text.length > LONGEST * 2 ? `${clean.slice(0, LONGEST)}...` : clean;
};

const RISKY = /[\u007f-\u009f\u2028\u2029\p{Cf}]/gu;

const escaped = (character: string, astral: (codePoint: number) => string): string => {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? astral(code) : `\\u${code.toString(16).padStart(4, '0')}`;
};

/** JSON whose strings keep every character, but show controls and format characters as escapes: it may be looked at on a terminal too. */
export const safeJson = (value: unknown, indent = 0): string =>
  JSON.stringify(value, null, indent).replace(RISKY, (c) =>
    escaped(c, () => [...Array(c.length).keys()].map((i) => `\\u${c.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')),
  );

/** Whether a YAML scalar has to be double-quoted, because it holds what `safeYamlText` escapes. */
export const isRisky = (text: string): boolean => text.search(RISKY) >= 0;

/** YAML text in which such characters stand in double-quoted scalars only, with them escaped. */
export const safeYamlText = (yaml: string): string => yaml.replace(RISKY, (c) => escaped(c, (code) => `\\U${code.toString(16).padStart(8, '0')}`));
