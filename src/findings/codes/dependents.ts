import type { Gentler } from '../gentler-way.ts';

export interface KindCount {
  readonly group: string;
  readonly kind: string;
  readonly count: number;
}

type Hanging = {
  /** What the command does not name, in the order of the walk down. */
  readonly kinds: readonly KindCount[];
  /** Of the pods among them. */
  readonly names: readonly string[];
  /** There may be more. */
  readonly atLeast: boolean;
};

export interface DependentsCodes {
  /** `count`: all its pods; those that the command names too are its own news where a workload goes. `names`: of the Ready ones. */
  'serving-pods-go': Hanging & { readonly count: number; readonly serving: number; readonly gentler: Gentler | null };
  'dependents-go': Hanging;
  'left-behind': Hanging;
}
