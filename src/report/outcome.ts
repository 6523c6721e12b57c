/** How a target ended where no event said so, and whether its deletion goes on: from what the run knows, never better than it. */
import type { ConsentGiven, Outcome } from '../events/event.ts';
import type { Verdict } from '../plan/plan.ts';
import type { RunState, TargetState } from './fold.ts';

const NEEDED: Readonly<Record<Verdict, ConsentGiven['needed']>> = { proceed: 'none', ask: 'yes', confirm: 'confirm', refuse: 'none' };

/** The consent as the run told it; before that, what the plan asks for. */
export const consentOf = (state: RunState): ConsentGiven =>
  state.consent ?? { needed: state.plan === null ? 'none' : NEEDED[state.plan.verdict], given: 'none' };

const consentMissing = (state: RunState): boolean => {
  const { needed, given } = consentOf(state);
  return needed !== 'none' && given === 'none';
};

/** A run that ends without an outcome for a target that it asked to delete was cut off, or has a bug: never a success. */
export const outcomeOfTarget = (state: RunState, target: TargetState): Outcome => {
  if (target.outcome !== null) return target.outcome;
  if (target.requestedAt !== null) return state.interrupted === null ? 'failed' : 'interrupted';
  if (state.interrupted !== null || state.error !== null || state.plan === null) return 'not-attempted';
  const verdict = target.planned?.verdict ?? 'proceed';
  if (state.plan.verdict === 'refuse') return verdict === 'refuse' ? 'blocked' : 'not-attempted';
  if (!consentMissing(state)) return state.header.dryRun ? 'would-delete' : 'not-attempted';
  if (verdict === 'proceed') return 'not-attempted';
  return state.header.dryRun ? 'would-ask' : 'declined';
};

const ENDED: readonly (Outcome | null)[] = ['deleted', 'already-gone', 'replaced', 'not-found'];
const GOING: readonly (Outcome | null)[] = ['accepted', 'still-there', 'unobserved', 'interrupted', null];

/**
 * Whether the cluster may still be deleting it. True also when the DELETE was sent and nobody saw its end: that it stopped cannot be known.
 * What others had asked to go goes on too: its deadline was seen. A DELETE that the server refused goes on only then.
 */
export const goesOn = (state: RunState, target: TargetState): boolean => {
  const wasAsked = target.requestedAt !== null || target.deadline !== null;
  if (state.header.dryRun || !wasAsked || target.goneAt !== null || ENDED.includes(target.outcome)) return false;
  return GOING.includes(target.outcome) || target.deadline !== null;
};
