/** The disruption budgets that count a pod, and how many of their Ready pods this run takes. */
import { budgetKind } from '../discovery/built-in.ts';
import type { Ref } from '../model/ref.ts';
import { selects } from '../model/selector.ts';
import type { Budget } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { countGoing, servingPod } from './going.ts';
import { unreadOf } from './want.ts';

export interface BudgetOfPod {
  readonly ref: Ref;
  readonly budget: Budget;
  /** Ready targets of this run that it selects and that go together, the pod itself too. */
  readonly going: number;
}

export interface BudgetsView extends View {
  readonly budgets: readonly BudgetOfPod[];
}

/** Ready and not being deleted: what the budget itself counts (kubernetes v1.36 pkg/controller/disruption countHealthyPods). */
const goingOf = (budget: Budget, given: Given): number => Math.min(given.oneAtATime === true ? 1 : Number.POSITIVE_INFINITY, countAll(budget, given));

const countAll = (budget: Budget, given: Given): number =>
  countGoing(given, `budget ${budget.metadata.uid}`, (t) => t.ref.namespace === budget.metadata.namespace && servingPod(t) !== null && selects(budget.spec?.selector, t.object.metadata.labels));

const refOf = (budget: Budget): Ref => ({
  group: budgetKind.group,
  version: budgetKind.version,
  kind: budgetKind.kind,
  resource: budgetKind.resource,
  namespace: budget.metadata.namespace ?? null,
  name: budget.metadata.name,
  uid: budget.metadata.uid,
});

/** Also for pods without labels: the selector `{}` selects them (policy/v1), and so does one that asks for a label's absence. */
export const budgets: Fact<BudgetsView> = {
  rights: [{ group: 'policy', resource: 'poddisruptionbudgets', verbs: ['list'], scope: 'namespace' }],
  wants: (target) => (servingPod(target) !== null ? [{ type: 'list', kind: budgetKind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: false }] : []),
  view: (target, given, seen) => {
    if (servingPod(target) === null) return { budgets: [], unread: [] };
    const listed = seen.list(budgetKind, target.ref.namespace, '');
    if (listed.state !== 'found') return { budgets: [], unread: unreadOf([listed]) };
    const matching = (listed.value as readonly Budget[]).filter((b) => selects(b.spec?.selector, target.object.metadata.labels));
    return { budgets: matching.map((budget) => ({ ref: refOf(budget), budget, going: goingOf(budget, given) })), unread: [] };
  },
};
