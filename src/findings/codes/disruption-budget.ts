import type { Ref } from '../../model/ref.ts';

type BudgetNumbers = {
  readonly budget: Ref;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
  /** Ready pods of it that the run deletes. */
  readonly going: number;
  readonly failedSync: string | null;
};

export interface DisruptionBudgetCodes {
  'budget-exceeded': BudgetNumbers;
  'budget-not-observed': { readonly budget: Ref; readonly generation: number; readonly observedGeneration: number };
  'several-budgets': { readonly budgets: readonly Ref[] };
  'budget-has-room': BudgetNumbers;
  'eviction-waits': BudgetNumbers;
}
