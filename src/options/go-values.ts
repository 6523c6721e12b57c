/**
 * Values of flags as Go reads them, with Go's own error texts: kubectl's flags are pflag values over package strconv and time.
 * Sources: pflag bool.go, int.go, duration.go; Go strconv.ParseBool, strconv.ParseInt, time.ParseDuration.
 */
import { fail, ok, type Result } from '../model/result.ts';

/** A string in quotes with control characters escaped, near enough to Go's %q; safe to print on a terminal. */
export const goQuote = (text: string): string =>
  JSON.stringify(text).replaceAll(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);

const truths: Readonly<Record<string, boolean>> = {
  '1': true, t: true, T: true, true: true, TRUE: true, True: true,
  '0': false, f: false, F: false, false: false, FALSE: false, False: false,
};

/** strconv.ParseBool. */
export const parseBool = (text: string): Result<boolean, string> => {
  const value = Object.hasOwn(truths, text) ? truths[text] : undefined;
  return value === undefined ? fail(`strconv.ParseBool: parsing ${goQuote(text)}: invalid syntax`) : ok(value);
};

const digitsOf: Readonly<Record<2 | 8 | 10 | 16, RegExp>> = { 2: /^[01]+$/, 8: /^[0-7]+$/, 10: /^\d+$/, 16: /^[\da-f]+$/i };

/** Base 0 of strconv: 0x, 0o, 0b, a leading 0 for octal, and underscores between digits. */
const unsignedDigits = (text: string): { readonly base: 2 | 8 | 10 | 16; readonly digits: string } | null => {
  const prefixed = /^0([xob])(.+)$/i.exec(text);
  const base = prefixed === null ? (text.startsWith('0') && text.length > 1 ? 8 : 10) : ({ x: 16, o: 8, b: 2 } as const)[(prefixed[1] ?? '').toLowerCase() as 'x' | 'o' | 'b'];
  const body = prefixed?.[2] ?? text;
  // An underscore must stand between digits; the base prefix counts as one.
  if (/__|_$/.test(body) || (prefixed === null && body.startsWith('_'))) return null;
  const digits = body.replaceAll('_', '');
  return digitsOf[base].test(digits) ? { base, digits } : null;
};

/** BigInt reads every base that strconv does by these prefixes. */
const bigPrefix: Readonly<Record<2 | 8 | 10 | 16, string>> = { 2: '0b', 8: '0o', 10: '', 16: '0x' };

const parseInteger = (text: string, base: 0 | 10, limit: bigint): Result<number, string> => {
  const error = (why: string): Result<number, string> => fail(`strconv.ParseInt: parsing ${goQuote(text)}: ${why}`);
  const negative = text.startsWith('-');
  const body = /^[+-]/.test(text) ? text.slice(1) : text;
  const read = base === 0 ? unsignedDigits(body) : /^\d+$/.test(body) ? ({ base: 10, digits: body } as const) : null;
  if (read === null) return error('invalid syntax');
  const size = BigInt(bigPrefix[read.base] + read.digits);
  // Beyond 2^53 a number would not hold what was typed; no flag means such a value.
  if (size > limit || size > BigInt(Number.MAX_SAFE_INTEGER)) return error('value out of range');
  return ok(negative && size !== 0n ? -Number(size) : Number(size));
};

/** pflag's int: strconv.ParseInt(s, 0, 64). Values beyond 2^53 are out of range here. */
export const parseInt64 = (text: string): Result<number, string> => parseInteger(text, 0, 2n ** 63n - 1n);

/** klog's verbosity: strconv.ParseInt(s, 10, 32). */
export const parseLevel = (text: string): Result<number, string> => parseInteger(text, 10, 2n ** 31n - 1n);

const nanosecondsOf: Readonly<Record<string, bigint>> = {
  ns: 1n, us: 1_000n, '\u00b5s': 1_000n, '\u03bcs': 1_000n, ms: 1_000_000n, s: 1_000_000_000n, m: 60_000_000_000n, h: 3_600_000_000_000n,
};
const longest = 2n ** 63n - 1n;

/** time.ParseDuration. Gives milliseconds, fractions included; a bare number other than 0 lacks its unit, as in Go. */
export const parseDuration = (text: string): Result<number, string> => {
  const error = (why: string): Result<number, string> => fail(`time: ${why} ${goQuote(text)}`);
  let rest = /^[+-]/.test(text) ? text.slice(1) : text;
  if (rest === '0') return ok(0);
  if (rest === '') return error('invalid duration');
  let total = 0n;
  while (rest !== '') {
    const part = /^(?:(\d+)(?:\.(\d*))?|\.(\d+))([^.\d]*)/.exec(rest);
    if (part === null) return error('invalid duration');
    const unitName = part[4] ?? '';
    if (unitName === '') return error('missing unit in duration');
    const unit = Object.hasOwn(nanosecondsOf, unitName) ? nanosecondsOf[unitName] : undefined;
    if (unit === undefined) return error(`unknown unit ${goQuote(unitName)} in duration`);
    const fraction = part[2] ?? part[3] ?? '';
    total += BigInt(part[1] ?? '0') * unit + (fraction === '' ? 0n : (BigInt(fraction) * unit) / 10n ** BigInt(fraction.length));
    if (total > longest) return error('invalid duration');
    rest = rest.slice(part[0].length);
  }
  const milliseconds = Number(total) / 1e6;
  return ok(text.startsWith('-') && milliseconds !== 0 ? -milliseconds : milliseconds);
};

/** kubectl's --request-timeout (client-go clientcmd.ParseTimeout): a bare number counts seconds. Gives milliseconds. */
export const parseRequestTimeout = (text: string): Result<number, string> => {
  if (/^\+?\d+$/.test(text)) return ok(Number(text) * 1000);
  const duration = parseDuration(text);
  return duration.ok
    ? duration
    : fail('Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)');
};
