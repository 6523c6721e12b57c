import type { BudgetOfPod } from '../facts/budgets.ts';
import { workloadGoes } from '../facts/going.ts';
import type { Views } from '../facts/facts.ts';
import type { Given } from '../facts/fact.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isServing } from '../model/pod.ts';
import type { Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'disruption-budget'>;
const check = 'disruption-budget' as const;

/** The numbers are the disruption controller's; after a failed sync it allows nothing (disruption.go failSafe). */
const numbersOf = ({ ref, budget, going }: BudgetOfPod) => {
  const { status } = budget;
  const failed = (status?.conditions ?? []).find((c) => c.type === 'DisruptionAllowed' && c.reason === 'SyncFailed');
  return {
    budget: ref,
    desiredHealthy: status?.desiredHealthy ?? 0,
    currentHealthy: status?.currentHealthy ?? 0,
    expectedPods: status?.expectedPods ?? 0,
    disruptionsAllowed: status?.disruptionsAllowed ?? 0,
    going,
    failedSync: failed === undefined ? null : failed.message,
  };
};

/** With --evict the server itself holds the run to the budget: what it would refuse is only worth knowing. */
const judge = (of: BudgetOfPod, alone: boolean, evict: boolean): Found | null => {
  const { ref, budget } = of;
  const generation = budget.metadata.generation ?? 0;
  const observedGeneration = budget.status?.observedGeneration ?? 0;
  // An eviction waits for the controller, too, before it believes the numbers (eviction.go checkAndDecrement).
  if (!evict && (budget.status === undefined || observedGeneration < generation)) return { check, code: 'budget-not-observed', data: { budget: ref, generation, observedGeneration }, objects: [ref] };
  const data = numbersOf(of);
  if (of.going > data.disruptionsAllowed) return { check, code: evict ? 'eviction-waits' : 'budget-exceeded', data, objects: [ref] };
  return alone ? { check, code: 'budget-has-room', data, objects: [ref] } : null;
};

/** What unhealthyPodEvictionPolicy says is about evictions of pods that are not Ready: a DELETE of one changes no budget. */
const find = (_pod: Pod, { budgets: { budgets }, owners }: Pick<Views, 'budgets' | 'owners'>, given: Given): readonly Found[] => {
  if (workloadGoes(owners.chain, given)) return [];
  const refs = budgets.map((b) => b.ref);
  const several: readonly Found[] = refs.length > 1 ? [{ check, code: 'several-budgets', data: { budgets: refs }, objects: refs }] : [];
  return [...budgets.flatMap((b) => judge(b, refs.length === 1, given.evict === true) ?? []), ...several];
};

export const disruptionBudget = defineCheck({
  id: 'disruption-budget',
  needs: ['budgets'],
  // Only to stay silent where the workload goes: unread owners leave it speaking.
  uses: ['owners'],
  notApplicable: (pod) => notForMirrors(pod) ?? (isServing(pod) ? null : 'not Ready: no budget counts it'),
  find,
});
