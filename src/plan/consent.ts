/** Plan + consent flags + what a terminal allows → go, ask a person, or stop. Pure. */
import type { Plan, Verdict } from './plan.ts';

/** The consent that the plan needed and what gave it; part of the report. */
export interface ConsentGiven {
  readonly needed: 'none' | 'yes' | 'confirm';
  readonly given: 'none' | 'terminal' | 'yes' | 'confirm' | 'plan';
}

export interface ConsentInput {
  readonly yes: boolean;
  readonly confirm: string | null;
  readonly confirmPlan: string | null;
  /** stdin and stderr are terminals, and nothing says not to ask. */
  readonly mayAsk: boolean;
}

export type Consent =
  | { readonly go: true; readonly consent: ConsentGiven }
  | { readonly go: 'ask'; readonly needed: 'yes' | 'confirm' }
  | { readonly go: false; readonly why: 'blocked' | 'declined' | 'plan-changed'; readonly consent: ConsentGiven; /** null where the plan itself says what to pass. */ readonly message: string | null };

/** The consent that a verdict needs. A refused plan can be consented to by nothing. */
export const neededFor = (verdict: Verdict): ConsentGiven['needed'] => {
  switch (verdict) {
    case 'proceed':
    case 'refuse':
      return 'none';
    case 'ask':
      return 'yes';
    case 'confirm':
      return 'confirm';
  }
};

/** Decides without a question where it can: consent is a flag, or an answer on a terminal; never a default. */
export const consentFor = (plan: Plan, flags: ConsentInput): Consent => {
  const needed = neededFor(plan.verdict);
  const none: ConsentGiven = { needed, given: 'none' };
  if (plan.verdict === 'refuse') {
    return { go: false, why: 'blocked', consent: none, message: null };
  }
  if (flags.confirmPlan !== null) {
    return flags.confirmPlan === plan.digest
      ? { go: true, consent: { needed, given: 'plan' } }
      : { go: false, why: 'plan-changed', consent: none, message: 'the plan is not the one that --confirm-plan names: make a new dry run and read it' };
  }
  // A --confirm that names something else than the plan is a mistake to stop at, whatever the plan needs.
  if (flags.confirm !== null && flags.confirm !== plan.confirmWord) {
    return { go: false, why: 'declined', consent: none, message: `--confirm ${flags.confirm} does not match the plan, which takes --confirm ${plan.confirmWord}` };
  }
  if (needed === 'none') return { go: true, consent: none };
  if (flags.confirm !== null) return { go: true, consent: { needed, given: 'confirm' } };
  if (needed === 'yes' && flags.yes) return { go: true, consent: { needed, given: 'yes' } };
  if (flags.mayAsk) return { go: 'ask', needed };
  return { go: false, why: 'declined', consent: none, message: null };
};
