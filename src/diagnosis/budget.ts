/** An eviction that a budget refuses: the pod is not Terminating, it waits to be let go. */
import type { Ref } from '../model/ref.ts';
import { kubectl } from './case.ts';
import { waitingFor } from './waiting-on.ts';
import type { WaitingOn } from './waiting-on.ts';

export interface RefusingBudget {
  readonly ref: Ref;
  /** Healthy pods that it needs, and that there are. */
  readonly needs: number;
  readonly has: number;
}

export const onBudgets = (budgets: readonly RefusingBudget[]): readonly WaitingOn[] =>
  budgets.map(({ ref, needs, has }) =>
    waitingFor({
      kind: 'budget',
      name: ref.name,
      message: `budget ${ref.name} needs ${needs} healthy pods and has ${has}`,
      remedy: has < needs ? 'Get the pods of this budget healthy again first.' : 'Wait for a spare pod to be Ready, or scale the workload up first.',
      objects: [ref],
      commands: [kubectl('describe', ref, 'what it counts')],
      danger: 'A plain DELETE does not ask the budget: fewer pods serve then than its owner said are needed.',
    }),
  );
