/** The way through for one deletion: plan → consent → delete → outcomes, as events. The same path for a dry run, stopped at the plan. */
import { sentenceOf } from '../cluster/problem.ts';
import type { Outcome } from '../events/event.ts';
import { consentFor } from '../plan/consent.ts';
import type { ConsentGiven } from '../plan/consent.ts';
import { containerProblem } from '../plan/container.ts';
import { goingTargets } from '../plan/decide.ts';
import { placeOf } from '../model/ref.ts';
import { ok } from '../model/result.ts';
import { idOf } from '../plan/plan.ts';
import type { Plan, PlannedTarget } from '../plan/plan.ts';
import type { Ask } from '../plan/question.ts';
import type { ResolveError } from '../targets/resolve.ts';
import { attach, lookAttached } from './attach.ts';
import { execute } from './delete.ts';
import { prepare } from './prepare.ts';
import { mayBeSaved, saveAll } from './saving.ts';
import type { SavingInput } from './saving.ts';
import type { Prepared } from './prepare.ts';

export interface RunInput extends SavingInput {
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
  new Set(plan.targets.flatMap((t) => t.findings.filter((f) => f.severity !== 'note').map((f) => `${t.target.ref.uid} ${idOf(f)} ${f.severity}`)));

const uidsOf = (plan: Plan): ReadonlySet<string> => new Set(plan.targets.map((t) => t.target.ref.uid));

/** The targets that the reason speaks of get this outcome, the others of the run are not attempted. */
const tellStopped = (plan: Plan, input: RunInput, why: 'blocked' | 'declined' | 'plan-changed' | 'would-ask', message: string | null): void => {
  const concerned = (t: PlannedTarget): boolean => (why === 'blocked' ? t.verdict === 'refuse' : t.verdict === 'ask' || t.verdict === 'confirm');
  // With --interactive, and for a plan that has changed, no single target is the reason.
  const all = why === 'plan-changed' || !plan.targets.some(concerned);
  tellOutcomes(plan, input, (t) => (all || concerned(t) ? why : t.verdict === 'refuse' ? 'blocked' : 'not-attempted'), message);
};

const dryRun = (plan: Plan, input: RunInput): void => {
  const decision = consentFor(plan, { ...input.options.consent, mayAsk: false });
  if (decision.go === 'ask') return;
  input.emit({ type: 'consent', at: input.clock.now(), consent: decision.consent });
  if (decision.go) tellOutcomes(plan, input, (t) => (t.verdict === 'refuse' ? 'blocked' : 'would-delete'));
  else tellStopped(plan, input, decision.why === 'declined' ? 'would-ask' : decision.why, decision.message);
};

interface Consented {
  readonly prepared: Prepared;
  /** What is deleted now. */
  readonly going: readonly PlannedTarget[];
}

/** With --skip-blocked what needs no consent goes even if the rest does not get it; without, nothing goes. */
const withoutConsent = (prepared: Prepared, input: RunInput, why: 'blocked' | 'declined' | 'plan-changed', message: string | null): Consented | null => {
  const { plan } = prepared;
  const free = input.options.skipBlocked && why === 'declined' ? goingTargets(plan).filter((t) => t.verdict === 'proceed') : [];
  if (free.length === 0) {
    tellStopped(plan, input, why, message);
    return null;
  }
  for (const t of plan.targets) {
    if (t.verdict === 'proceed') continue;
    input.emit({ type: 'outcome', at: input.clock.now(), ref: t.target.ref, outcome: t.verdict === 'refuse' ? 'blocked' : 'declined', error: null });
  }
  return { prepared, going: free };
};

const withConsent = (prepared: Prepared, input: RunInput, consent: ConsentGiven): Consented => {
  input.emit({ type: 'consent', at: input.clock.now(), consent });
  for (const t of prepared.plan.targets) {
    if (t.verdict === 'refuse') input.emit({ type: 'outcome', at: input.clock.now(), ref: t.target.ref, outcome: 'blocked', error: null });
  }
  return { prepared, going: goingTargets(prepared.plan) };
};

interface Again {
  readonly prepared: Prepared;
  /** Targets that went by themselves while the question stood. */
  readonly gone: readonly PlannedTarget[];
}

/** Reads the facts again; null when the run ends here: nobody has consented to other objects, and a read that fails shows nothing. */
const lookAgain = async (plan: Plan, input: RunInput): Promise<Again | null> => {
  const again = await prepare(input);
  if (!again.ok) {
    tellResolveError(again.error, input);
    return null;
  }
  const before = uidsOf(plan);
  const now = uidsOf(again.value.plan);
  const gone = plan.targets.filter((t) => !now.has(t.target.ref.uid));
  const taken = new Set(again.value.plan.targets.filter((t) => !before.has(t.target.ref.uid)).map((t) => placeOf(t.target.ref)));
  if (taken.size > 0) {
    // Another object has taken a name while the question stood: nobody has seen a plan for it.
    tellOutcomes(plan, input, (t) => (now.has(t.target.ref.uid) ? 'not-attempted' : taken.has(placeOf(t.target.ref)) ? 'replaced' : 'already-gone'));
    return null;
  }
  // A name that was found at first is no name that was not found.
  const places = new Set(gone.map((t) => placeOf(t.target.ref)));
  const missing = again.value.plan.missing.filter((m) => !places.has(placeOf(m.ref)));
  return { prepared: { ...again.value, plan: { ...again.value.plan, missing } }, gone };
};

/** Stops here unless the run may go on with this plan; asks where a person can be asked. */
const consentTo = async (first: Prepared, input: RunInput): Promise<Consented | null> => {
  let prepared = first;
  const gone: PlannedTarget[] = [];
  // Told when no other plan can come any more: a plan begins the account of its targets anew.
  const tellGone = (): void => {
    for (const { target } of gone) input.emit({ type: 'outcome', at: input.clock.now(), ref: target.ref, outcome: 'already-gone', error: null });
  };
  for (;;) {
    const { plan } = prepared;
    const decision = consentFor(plan, { ...input.options.consent, mayAsk: input.mayAsk });
    if (decision.go === true) {
      tellGone();
      return withConsent(prepared, input, decision.consent);
    }
    if (decision.go === false) {
      tellGone();
      input.emit({ type: 'consent', at: input.clock.now(), consent: decision.consent });
      return withoutConsent(prepared, input, decision.why, decision.message);
    }
    const targets = goingTargets(plan).map((t) => t.target.ref);
    const answer = await input.ask({ needed: decision.needed, confirmWord: plan.confirmWord, targets, context: input.context, signal: input.signal });
    if (input.signal.aborted) return null;
    if (answer === 'no') {
      tellGone();
      input.emit({ type: 'consent', at: input.clock.now(), consent: { needed: decision.needed, given: 'none' } });
      return withoutConsent(prepared, input, 'declined', null);
    }
    const consent: ConsentGiven = { needed: decision.needed, given: 'terminal' };
    if (input.clock.now() - prepared.factsAt <= FACTS_HOLD_MS) {
      tellGone();
      return withConsent(prepared, input, consent);
    }
    const again = await lookAgain(plan, input);
    if (again === null) return null;
    prepared = again.prepared;
    gone.push(...again.gone);
    const before = consentedTo(plan);
    if ([...consentedTo(prepared.plan)].every((key) => before.has(key)) && prepared.plan.verdict !== 'refuse') {
      tellGone();
      return withConsent(prepared, input, consent);
    }
    tellPlan(prepared, input);
  }
};

/** Runs one deletion. Everything that happens is an event; the caller folds them into the report. */
export const run = async (input: RunInput): Promise<void> => {
  if (!(await mayBeSaved(input))) return;
  const attached = input.options.attach ? await lookAttached(input) : null;
  const prepared = attached === null ? await prepare(input) : attached.ok ? ok(attached.value.prepared) : attached;
  if (!prepared.ok) {
    tellResolveError(prepared.error, input);
    return;
  }
  if (input.signal.aborted) return;
  const container = input.options.exitCodeFrom;
  const problem = container === null ? null : containerProblem(prepared.value.plan, container);
  if (problem !== null) {
    input.emit({ type: 'error', at: input.clock.now(), ...problem });
    return;
  }
  tellPlan(prepared.value, input);
  if (prepared.value.plan.targets.length === 0) return;
  if (attached?.ok === true) {
    await attach(attached.value, input);
    return;
  }
  if (input.options.dryRun !== 'none') {
    if (prepared.value.plan.verdict !== 'refuse' && !(await saveAll(prepared.value, goingTargets(prepared.value.plan), input))) return;
    dryRun(prepared.value.plan, input);
    return;
  }
  const consented = await consentTo(prepared.value, input);
  if (consented === null || !(await saveAll(consented.prepared, consented.going, input))) return;
  await execute(consented.prepared, consented.going, input);
};
