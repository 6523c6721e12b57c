/**
 * How many columns of a terminal a text takes. Stands in for the package string-width in the bundle, whose emoji expression and segmenter cost
 * 35 to 50 ms at import: same signature, same answers for what names, messages and paths hold. Grapheme clusters are approximated:
 * marks and joiners take nothing, a joined or flagged emoji takes two columns.
 */

/** Wide and fullwidth ranges of Unicode's EastAsianWidth.txt, in hexadecimal, `from-to` or one code point. */
const wideText =
  '1100-115f 231a-231b 2329-232a 23e9-23ec 23f0 23f3 25fd-25fe 2614-2615 2630-2637 2648-2653 267f 268a-268f 2693 26a1 26aa-26ab 26bd-26be ' +
  '26c4-26c5 26ce 26d4 26ea 26f2-26f3 26f5 26fa 26fd 2705 270a-270b 2728 274c 274e 2753-2755 2757 2795-2797 27b0 27bf 2b1b-2b1c 2b50 2b55 ' +
  '2e80-2e99 2e9b-2ef3 2f00-2fd5 2ff0-303e 3041-3096 3099-30ff 3105-312f 3131-318e 3190-31e5 31ef-321e 3220-3247 3250-a48c a490-a4c6 ' +
  'a960-a97c ac00-d7a3 f900-faff fe10-fe19 fe30-fe52 fe54-fe66 fe68-fe6b ff01-ff60 ffe0-ffe6 16fe0-16fe4 16ff0-16ff6 17000-18cda ' +
  '18cff-18d20 18d80-18df2 18e00-19191 191a0-191d2 1aff0-1aff3 1aff5-1affb 1affd-1affe 1b000-1b128 1b132 1b150-1b152 1b155 1b164-1b168 ' +
  '1b170-1b2fb 1d300-1d356 1d360-1d376 1f004 1f0cf 1f18e 1f191-1f19a 1f1ae 1f200-1f202 1f210-1f23b 1f240-1f248 1f250-1f251 1f260-1f265 ' +
  '1f300-1f320 1f32d-1f335 1f337-1f37c 1f37e-1f393 1f3a0-1f3ca 1f3cf-1f3d3 1f3e0-1f3f0 1f3f4 1f3f8-1f43e 1f440 1f442-1f4fc 1f4ff-1f53d ' +
  '1f54b-1f54e 1f550-1f567 1f57a 1f595-1f596 1f5a4 1f5fb-1f64f 1f680-1f6c5 1f6cc 1f6d0-1f6d2 1f6d5-1f6d9 1f6dc-1f6df 1f6eb-1f6ec ' +
  '1f6f4-1f6fc 1f7da 1f7e0-1f7eb 1f7f0 1f90c-1f93a 1f93c-1f945 1f947-1f9ff 1fa70-1fa7c 1fa80-1fac6 1fac8 1facc-1fadd 1fadf-1faeb 1faef-1fafa ' +
  '20000-2fffd 30000-3fffd';

let wideRanges: readonly (readonly [number, number])[] | undefined;

const isWide = (code: number): boolean => {
  if (code < 0x1100) return false;
  wideRanges ??= wideText.split(' ').map((range) => {
    const [from = '', to = from] = range.split('-');
    return [Number.parseInt(from, 16), Number.parseInt(to, 16)] as const;
  });
  let low = 0;
  let high = wideRanges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = wideRanges[middle] ?? [0, 0];
    if (code < from) high = middle - 1;
    else if (code > to) low = middle + 1;
    else return true;
  }
  return false;
};

const printableAscii = /^[\u0020-\u007e]*$/;
// Colours and cursor moves (CSI), titles and links (OSC); links may end with ST or BEL.
// oxlint-disable-next-line no-control-regex -- escape sequences are control characters
const escapes = /\u001b\][^\u0007\u001b\u009c]*(?:\u0007|\u001b\\|\u009c)|[\u001b\u009b][[\]()#;?]*(?:\d{1,4}(?:[;:]\d{0,4})*)?[\dA-PR-TZcf-nq-uy=><~]/g;
const zeroWidth = /[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Nonspacing_Mark}\p{Enclosing_Mark}\p{Surrogate}]/u;
const pictographic = /\p{Extended_Pictographic}/u;

const joiner = 0x200d;
const emojiPresentation = 0xfe0f;
const keycap = 0x20e3;
const isRegionalIndicator = (code: number): boolean => code >= 0x1f1e6 && code <= 0x1f1ff;
const isSkinTone = (code: number): boolean => code >= 0x1f3fb && code <= 0x1f3ff;
/** Vowel and trailing letters that join a leading Hangul letter into one block. */
const isJoiningJamo = (code: number): boolean => (code >= 0x1160 && code <= 0x11ff) || (code >= 0xd7b0 && code <= 0xd7fb);
const startsBlock = (code: number): boolean =>
  (code >= 0x1100 && code <= 0x115f) || (code >= 0xa960 && code <= 0xa97c) || (code >= 0xac00 && code <= 0xd7a3);

/** The columns that `text` takes; escape sequences take none, tabs and other controls neither. */
export const stringWidth = (text: string, options: { readonly countAnsiEscapeCodes?: boolean } = {}): number => {
  if (printableAscii.test(text)) return text.length;
  const shown = options.countAnsiEscapeCodes === true ? text : text.replaceAll(escapes, '');
  let width = 0;
  /** Of the character that a following mark or joiner belongs to. */
  let base = 0;
  let baseWidth = 0;
  let joined = false;
  for (const character of shown) {
    const code = character.codePointAt(0) ?? 0;
    if ((code === emojiPresentation || code === keycap) && baseWidth === 1 && (code === keycap || pictographic.test(String.fromCodePoint(base)))) {
      width++;
      baseWidth = 2;
    }
    if (code === joiner) joined = pictographic.test(String.fromCodePoint(base));
    if (code === keycap || zeroWidth.test(character)) continue;
    const skin = isSkinTone(code) && pictographic.test(String.fromCodePoint(base));
    const jamo = isJoiningJamo(code) && (startsBlock(base) || (isJoiningJamo(base) && baseWidth === 2));
    const secondOfFlag = isRegionalIndicator(code) && isRegionalIndicator(base) && baseWidth === 1;
    if (joined && pictographic.test(character)) {
      width += 2 - baseWidth;
      baseWidth = 2;
    } else if (skin || secondOfFlag) {
      width += 2 - baseWidth;
      baseWidth = 2;
    } else if (!jamo) {
      baseWidth = isWide(code) ? 2 : 1;
      width += baseWidth;
    } else baseWidth = 2;
    // A skin tone belongs to its emoji, which may go on with a joiner.
    if (!skin) base = code;
    joined = false;
  }
  return width;
};

export default stringWidth;
