import type { CodesByCheck, Command } from '../finding.ts';
import type { Ref } from '../../model/ref.ts';
import type { CheckWords } from '../words.ts';

type Numbers = CodesByCheck['disruption-budget']['budget-exceeded'];

const counted = (n: number, one: string): string => `${n} ${one}${n === 1 ? '' : 's'}`;
const where = (ref: Ref): readonly string[] => (ref.namespace === null ? [] : ['-n', ref.namespace]);
const look = (budget: Ref): readonly Command[] => [{ argv: ['kubectl', 'get', 'pdb', budget.name, ...where(budget), '--watch'], why: 'see when it allows a disruption' }];
const why = (d: Numbers): string =>
  d.failedSync === null ? `needs ${counted(d.desiredHealthy, 'healthy pod')} and has ${d.currentHealthy}${d.expectedPods === 0 ? ', none of a workload that it knows' : ''}` : `could not be computed: ${d.failedSync}`;

export const disruptionBudget: CheckWords<'disruption-budget'> = {
  id: 'disruption-budget',
  looksAt: 'every budget over the target pods together, with its numbers',
  codes: {
    'budget-exceeded': {
      severity: 'blocker',
      means: 'The run deletes more Ready pods than the budget allows to be disrupted; a DELETE goes past budgets.',
      message: (data) => `Budget ${data.budget.name} allows ${counted(data.disruptionsAllowed, 'disruption')} (it ${why(data)}), and this run deletes ${counted(data.going, 'Ready pod')} of it; a DELETE goes past budgets.`,
      remedy: (data) =>
        data.failedSync === null
          ? data.disruptionsAllowed === 0
            ? 'Wait until more of its pods are Ready, or change the budget.'
            : `Delete at most ${data.disruptionsAllowed} at a time, the next when the replacements are Ready.`
          : `Mend budget ${data.budget.name} first.`,
      commands: (data) => look(data.budget),
    },
    'budget-not-observed': {
      severity: 'warning',
      means: 'The disruption controller has not looked at the newest version of the budget yet: its numbers are old.',
      message: (data) => `Budget ${data.budget.name} has not been computed since it was changed (generation ${data.generation}, observed ${data.observedGeneration}): how many disruptions it allows is not known.`,
      remedy: () => 'Try again in a few seconds; if it stays so, the disruption controller does not run.',
      commands: (data) => look(data.budget),
    },
    'several-budgets': {
      severity: 'warning',
      means: 'More than one budget selects the pod: the Eviction API refuses it, so a drain of its node will stop here.',
      message: (data, target) => `${data.budgets.length} budgets select ${target.name} (${data.budgets.map((b) => b.name).join(', ')}): an eviction of it always fails, so nothing enforces either of them by evictions.`,
      remedy: () => 'Keep one of them.',
      commands: (data) => data.budgets.slice(0, 1).map((b) => ({ argv: ['kubectl', 'get', 'pdb', ...where(b)], why: 'see their selectors' })),
    },
    'eviction-waits': {
      severity: 'note',
      means: 'The budget allows less than this run evicts: the API server refuses the rest, which is asked for again until --timeout.',
      message: (data) => `Budget ${data.budget.name} allows ${counted(data.disruptionsAllowed, 'disruption')} now (it ${why(data)}), and this run evicts ${counted(data.going, 'Ready pod')} of it: what it refuses is asked for again until the time is over.`,
      remedy: () => 'Nothing to do, unless nothing brings more of its pods to Ready.',
      commands: (data) => look(data.budget),
    },
    'budget-has-room': {
      severity: 'note',
      means: 'The budget allows what this run deletes.',
      message: (data) => `Budget ${data.budget.name} allows ${counted(data.disruptionsAllowed, 'disruption')}, and this run takes ${data.going} (it ${why(data)}).`,
      remedy: () => 'Nothing to do.',
    },
  },
};
