/** The shape of a flag as data: grammar, help, docs and the list of what a later version brings all read the same entries. */

/**
 * How pflag would declare it: `optional` is a string with NoOptDefVal, `array` a StringArray (each use adds one value),
 * `slice` a StringSlice (commas separate too), `level` klog's -v.
 */
export type FlagKind = 'bool' | 'string' | 'optional' | 'int' | 'level' | 'duration' | 'array' | 'slice';

export type FlagGroup = 'consent' | 'deletion' | 'selection' | 'output' | 'connection' | 'general';

export interface Flag {
  readonly name: string;
  readonly shorthand: string | null;
  readonly kind: FlagKind;
  /** What the bare flag means (pflag's NoOptDefVal); null: it needs a value. */
  readonly bare: string | null;
  /** Placeholder of the value in help and docs; empty for booleans. */
  readonly value: string;
  /** As shown to people; empty: none. */
  readonly shownDefault: string;
  readonly group: FlagGroup;
  /** One line, starting in lower case, without a full stop. */
  readonly describe: string;
  /** Names of flags that cannot be given with it. */
  readonly conflicts: readonly string[];
  /** null: works. Otherwise it is refused with this clause; `coming`: a later version is meant to have it. */
  readonly absent: { readonly coming: boolean; readonly why: string } | null;
}

type Given = Partial<Omit<Flag, 'name' | 'kind' | 'describe'>>;

const flag = (name: string, kind: FlagKind, describe: string, given: Given): Flag => ({
  name, kind, describe, shorthand: null, bare: kind === 'bool' ? 'true' : null, value: '', shownDefault: '', group: 'general', conflicts: [], absent: null, ...given,
});

/** Declares a flag that takes no value, or one after `=`. */
export const bool = (name: string, describe: string, given: Given = {}): Flag => flag(name, 'bool', describe, given);

/** Declares a flag that takes a value; `value` is its placeholder. */
export const valued = (name: string, kind: Exclude<FlagKind, 'bool'>, value: string, describe: string, given: Given = {}): Flag =>
  flag(name, kind, describe, { value, ...given });
