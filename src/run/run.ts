/** The way through for one deletion: plan → consent → delete → outcomes, as events. The same path for a dry run, stopped at the plan. */
import type { ClusterContext } from '../cluster/port.ts';
import { sentenceOf } from '../cluster/problem.ts';
import type { Outcome } from '../events/event.ts';
import { consentFor, neededFor } from '../plan/consent.ts';
import type { Ref } from '../model/ref.ts';
import type { Plan, PlannedTarget } from '../plan/plan.ts';
import type { ResolveError } from '../targets/resolve.ts';
import { execute } from './delete.ts';
import type { ExecuteInput } from './delete.ts';
import { prepare } from './prepare.ts';
import type { Prepared } from './prepare.ts';

export interface Question {
  readonly needed: 'yes' | 'confirm';
  /** What has to be typed when `needed` is confirm. */
  readonly confirmWord: string;
  readonly targets: readonly Ref[];
  readonly context: ClusterContext;
  readonly signal: AbortSignal;
}

/** Asks a person; anything but a clear yes is no. */
export type Ask = (question: Question) => Promise<'yes' | 'no'>;

export interface RunInput extends ExecuteInput {
  readonly ask: Ask;
  /** stdin and stderr are terminals and nothing forbids asking. */
  readonly mayAsk: boolean;
}

/** Facts older than this when consent comes are read again. */
const FACTS_HOLD_MS = 10_000;

const tellResolveError = (error: ResolveError, input: RunInput): void => {
  const at = input.clock.now();
  if (error.kind === 'usage') {
    input.emit({ type: 'error', at, code: error.code, message: error.message, remedy: error.remedy });
    return;
  }
  if (error.problem.kind === 'aborted') return;
  const { code, message, remedy } = sentenceOf(error.problem, { server: input.context.server, user: input.context.user });
  input.emit({ type: 'error', at, code, message, remedy });
};

const tellPlan = (prepared: Prepared, input: RunInput): void => {
  const at = input.clock.now();
  for (const text of prepared.apiWarnings) input.emit({ type: 'api-warning', at, text });
  input.emit({ type: 'plan', at, plan: prepared.plan, serverVersion: prepared.serverVersion });
};

/** One outcome for every target of the plan: the ones that the reason speaks of, and the others. */
const tellOutcomes = (plan: Plan, input: RunInput, outcomeOf: (t: PlannedTarget) => Outcome, why: string | null = null): void => {
  for (const t of plan.targets) {
    const outcome = outcomeOf(t);
    const error = why === null || outcome === 'not-attempted' ? null : { httpStatus: null, reason: null, message: why };
    input.emit({ type: 'outcome', at: input.clock.now(), ref: t.target.ref, outcome, error });
  }
};

/** What a plan above note rests on: new members of this set after a second look have not been consented to. */
const consentedTo = (plan: Plan): ReadonlySet<string> =>
  new Set(plan.targets.flatMap((t) => t.findings.filter((f) => f.severity !== 'note').map((f) => `${t.target.ref.uid} ${f.code} ${f.severity}`)));

const uidsOf = (plan: Plan): ReadonlySet<string> => new Set(plan.targets.map((t) => t.target.ref.uid));

const dryRun = (prepared: Prepared, input: RunInput): void => {
  const { plan } = prepared;
  const { consent } = input.options;
  const decision = consentFor(plan, { yes: consent.yes, confirm: consent.confirm, mayAsk: false });
  input.emit({ type: 'consent', at: input.clock.now(), consent: decision.go === 'ask' ? { needed: decision.needed, given: 'none' } : decision.consent });
  if (plan.verdict === 'refuse') {
    tellOutcomes(plan, input, (t) => (t.verdict === 'refuse' ? 'blocked' : 'not-attempted'));
    return;
  }
  const asks = decision.go !== true;
  tellOutcomes(plan, input, (t) => (asks && (t.verdict !== 'proceed' || plan.targets.every((o) => o.verdict === 'proceed')) ? 'would-ask' : asks ? 'not-attempted' : 'would-delete'));
};

/** Stops here unless the run may go on with this plan; asks where a person can be asked. */
const consentTo = async (first: Prepared, input: RunInput): Promise<Prepared | null> => {
  let prepared = first;
  const flags = input.options.consent;
  for (;;) {
    const { plan } = prepared;
    const decision = consentFor(plan, { yes: flags.yes, confirm: flags.confirm, mayAsk: input.mayAsk });
    if (decision.go === true) {
      input.emit({ type: 'consent', at: input.clock.now(), consent: decision.consent });
      return prepared;
    }
    if (decision.go === false) {
      input.emit({ type: 'consent', at: input.clock.now(), consent: decision.consent });
      const outcome = decision.why;
      const reason = plan.targets.some((t) => t.verdict !== 'proceed');
      tellOutcomes(plan, input, (t) => ((outcome === 'blocked' ? t.verdict === 'refuse' : t.verdict !== 'proceed' || !reason) ? outcome : 'not-attempted'), decision.message);
      return null;
    }
    const answer = await input.ask({ needed: decision.needed, confirmWord: plan.confirmWord, targets: plan.targets.map((t) => t.target.ref), context: input.context, signal: input.signal });
    if (input.signal.aborted) return null;
    if (answer === 'no') {
      input.emit({ type: 'consent', at: input.clock.now(), consent: { needed: decision.needed, given: 'none' } });
      const reason = plan.targets.some((t) => t.verdict !== 'proceed');
      tellOutcomes(plan, input, (t) => (t.verdict !== 'proceed' || !reason ? 'declined' : 'not-attempted'));
      return null;
    }
    const consent = { needed: neededFor(plan.verdict), given: 'terminal' as const };
    if (input.clock.now() - prepared.factsAt <= FACTS_HOLD_MS) {
      input.emit({ type: 'consent', at: input.clock.now(), consent });
      return prepared;
    }
    const again = await prepare(input);
    if (!again.ok) {
      tellResolveError(again.error, input);
      return null;
    }
    const before = consentedTo(plan);
    const uids = uidsOf(plan);
    const now = again.value.plan;
    const others = [...uidsOf(now)].filter((uid) => !uids.has(uid));
    if (others.length > 0) {
      // Another object has taken a name while the question stood: nobody has seen a plan for it.
      tellOutcomes(plan, input, (t) => (uidsOf(now).has(t.target.ref.uid) ? 'not-attempted' : 'replaced'));
      return null;
    }
    prepared = again.value;
    if ([...consentedTo(now)].every((key) => before.has(key)) && now.verdict !== 'refuse') {
      input.emit({ type: 'consent', at: input.clock.now(), consent });
      return prepared;
    }
    tellPlan(prepared, input);
  }
};

/** Runs one deletion. Everything that happens is an event; the caller folds them into the report. */
export const run = async (input: RunInput): Promise<void> => {
  const prepared = await prepare(input);
  if (!prepared.ok) {
    tellResolveError(prepared.error, input);
    return;
  }
  if (input.signal.aborted) return;
  tellPlan(prepared.value, input);
  if (prepared.value.plan.targets.length === 0) return;
  if (input.options.dryRun !== 'none') {
    dryRun(prepared.value, input);
    return;
  }
  const consented = await consentTo(prepared.value, input);
  if (consented !== null) await execute(consented, input);
};
