/** The report of a run, from its state: schema/report.v1.json. */
import type { Outcome } from '../events/event.ts';
import type { PlannedFinding } from '../plan/plan.ts';
import type { Millis } from '../model/world.ts';
import { CODE_OF_OUTCOME, exitCodeOf, outcomeOf, type RunEnd } from './exit-code.ts';
import type { RunState, TargetState } from './fold.ts';
import { insteadOfZero } from './container-code.ts';
import { consentOf, goesOn, outcomeOfTarget } from './outcome.ts';
import type { DeletionReport, WireFinding, WireTarget } from './wire.ts';

const isoOrNull = (at: Millis | null): string | null => (at === null ? null : new Date(at).toISOString());

/** Seconds between two times, to a tenth; never below zero. */
export const secondsBetween = (from: Millis, to: Millis): number => Math.max(0, Math.round((to - from) / 100) / 10);

/** A finding with the field names of the report. */
export const wireFinding = (f: PlannedFinding): WireFinding => ({
  check: f.check,
  code: f.code,
  severity: f.severity,
  irreversible: f.irreversible,
  message: f.message,
  remedy: f.remedy,
  objects: f.finding.objects,
  data: f.finding.data,
  pass: f.pass,
  commands: f.commands,
  originalSeverity: f.originalSeverity,
  changedBy: f.changedBy,
});

const wireTarget = (state: RunState, target: TargetState): WireTarget => ({
  ref: target.ref,
  outcome: outcomeOfTarget(state, target),
  error: target.error,
  checks: target.planned?.checks ?? [],
  findings: (target.planned?.findings ?? []).map(wireFinding),
  owners: target.planned?.owners ?? [],
  dependents: target.dependents,
  gracePeriodSeconds: target.gracePeriodSeconds,
  deadline: target.deadline,
  replacement: target.replacement,
  containers: target.containers,
  timeline: target.timeline,
  waitingOn: target.waitingOn,
  eviction: target.eviction,
  notObserved: target.notObserved,
  saved: target.saved,
  notSaved: target.notSaved,
  requestedAt: isoOrNull(target.requestedAt),
  goneAt: isoOrNull(target.goneAt),
  seconds: target.requestedAt === null || target.goneAt === null ? null : secondsBetween(target.requestedAt, target.goneAt),
});

const OUTCOMES = Object.keys(CODE_OF_OUTCOME) as readonly Outcome[];

const summaryOf = (targets: readonly WireTarget[]): Readonly<Record<string, number>> => {
  const findings = targets.flatMap((t) => t.findings);
  const checks = targets.flatMap((t) => t.checks);
  return {
    targets: targets.length,
    ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, targets.filter((t) => t.outcome === outcome).length])),
    blockers: findings.filter((f) => f.severity === 'blocker').length,
    warnings: findings.filter((f) => f.severity === 'warning').length,
    unknown: checks.filter((c) => c.status === 'unknown').length,
    skipped: checks.filter((c) => c.status === 'skipped').length,
  };
};

/** It went, and what its owner made of it was not Ready in time. */
const isMissed = (t: TargetState): boolean => (t.outcome === 'deleted' || t.outcome === 'already-gone') && t.planned?.recreatedBy != null && t.replacement?.ready !== true;

/** The report of a run that ended at `finishedAt` (milliseconds since 1970). Truthful also for a run that was cut off. */
export const reportOf = (state: RunState, finishedAt: Millis): DeletionReport => {
  const targets = state.targets.map((target) => wireTarget(state, target));
  const instead = insteadOfZero(targets, state.header, state.header.options.until === 'ready' && state.targets.some(isMissed));
  const end: RunEnd = {
    // A run that never came to a plan and says neither why nor that it was interrupted has failed.
    failed: state.error !== null || state.plan === null,
    signal: state.interrupted,
    targets: targets.map((t) => ({ outcome: t.outcome, requested: t.requestedAt !== null })),
    ignoreNotFound: state.header.ignoreNotFound,
    strict: state.header.strict === true,
    insteadOfZero: instead.code,
  };
  return {
    apiVersion: 'kubectl-safe-delete/v1',
    kind: 'DeletionReport',
    toolVersion: state.header.toolVersion,
    serverVersion: state.serverVersion,
    exitCode: exitCodeOf(end),
    // Only where 0 gave way to it.
    exitCodeFrom: exitCodeOf({ ...end, insteadOfZero: null }) === 0 ? instead.from : null,
    outcome: outcomeOf(end),
    dryRun: state.header.dryRun,
    deletionRequested: targets.some((t) => t.requestedAt !== null),
    goesOn: state.targets.some((target) => goesOn(state, target)),
    planDigest: state.plan?.digest ?? null,
    startedAt: new Date(state.header.startedAt).toISOString(),
    finishedAt: new Date(finishedAt).toISOString(),
    error: state.error,
    context: state.header.context,
    options: { ...state.header.options, timeoutSeconds: state.plan?.timeoutSeconds ?? state.header.options.timeoutSeconds },
    consent: consentOf(state),
    policy: state.header.policy ?? null,
    apiWarnings: state.apiWarnings,
    summary: summaryOf(targets),
    targets,
  };
};
