/** Findings + flags → plan. Pure: the same facts give the same plan. */
import type { CheckOutcome } from '../checks/checks.ts';
import type { Unread } from '../facts/want.ts';
import { gravest, wordsOf } from '../findings/catalogue.ts';
import type { Finding } from '../findings/finding.ts';
import { deletionChangesSomething, effectiveGrace } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { MissingTarget, Target } from '../model/target.ts';
import type { CheckResult, MissingRight, Plan, PlannedFinding, PlannedTarget, Verdict } from './plan.ts';

export interface PlanFlags {
  readonly allow: readonly string[];
  readonly force: boolean;
  readonly interactive: boolean;
  readonly gracePeriodSeconds: number | null;
}

/** One target with all that is known of it. */
export interface JudgedTarget {
  readonly target: Target;
  readonly outcomes: readonly CheckOutcome[];
  readonly owners: readonly Ref[];
  readonly recreatedBy: PlannedTarget['recreatedBy'];
}

const rank: { readonly [V in Verdict]: number } = { proceed: 0, ask: 1, confirm: 2, refuse: 3 };
const worst = (verdicts: readonly Verdict[]): Verdict => verdicts.reduce<Verdict>((a, b) => (rank[b] > rank[a] ? b : a), 'proceed');

/** The word that --confirm takes: the one target's name, or how many there are. */
export const confirmWordOf = (targets: readonly { readonly ref: Ref }[]): string => (targets.length === 1 ? (targets[0]?.ref.name ?? '1') : String(targets.length));

const plannedFinding = (finding: Finding, target: Ref, flags: PlanFlags, confirmWord: string): PlannedFinding => {
  const words = wordsOf(finding);
  const originalSeverity = words.severity;
  const allowed = originalSeverity === 'blocker' && words.final !== true && (flags.allow.includes(finding.check) || flags.allow.includes(finding.code));
  const severity = allowed ? 'warning' : originalSeverity;
  const irreversible = words.irreversible === true;
  const pass = severity === 'blocker' ? (words.final === true ? null : `--allow ${finding.check}`) : severity === 'warning' ? (irreversible ? `--confirm ${confirmWord}` : '--yes') : null;
  const data = finding.data as never;
  return {
    check: finding.check,
    code: finding.code,
    finding,
    severity,
    originalSeverity,
    changedBy: allowed ? 'allow' : null,
    irreversible,
    message: words.message(data, target),
    remedy: words.remedy(data, target),
    commands: words.commands?.(data, target) ?? [],
    pass,
  };
};

const rightsOf = (unread: readonly Unread[]): readonly MissingRight[] => {
  const rights = unread.filter((u) => u.denied).map((u) => ({ verb: u.verb, group: u.group, resource: u.resource, namespace: u.namespace }));
  return [...new Map(rights.map((r) => [`${r.verb} ${r.group}/${r.resource} ${r.namespace ?? ''}`, r])).values()];
};

const checkResult = (outcome: CheckOutcome): CheckResult => {
  if (outcome.notApplicable !== null) return { id: outcome.id, status: 'not-applicable', reason: outcome.notApplicable, missingRights: [] };
  if (outcome.unread.length > 0) {
    const reason = [...new Set(outcome.unread.map((u) => u.why))].join('; ');
    return { id: outcome.id, status: 'unknown', reason, missingRights: rightsOf(outcome.unread) };
  }
  return { id: outcome.id, status: outcome.findings.length > 0 ? 'found' : 'passed', reason: null, missingRights: [] };
};

/** A check that could not look needs consent where it could have found a blocker or a loss, and force takes the way back. */
const unknownNeedsConsent = (outcomes: readonly CheckOutcome[], flags: PlanFlags): boolean =>
  flags.force &&
  outcomes.some((o) => {
    const { severities, irreversible } = gravest(o.id);
    return o.unread.length > 0 && (severities.has('blocker') || irreversible);
  });

const severityRank = { blocker: 0, warning: 1, note: 2 } as const;

const plannedTarget = (judged: JudgedTarget, flags: PlanFlags, confirmWord: string): PlannedTarget => {
  const { target, outcomes } = judged;
  const findings = outcomes
    .flatMap((o) => o.findings)
    .map((f) => plannedFinding(f, target.ref, flags, confirmWord))
    .toSorted((a, b) => severityRank[a.severity] - severityRank[b.severity]);
  const verdicts = findings.map((f): Verdict => (f.severity === 'blocker' ? 'refuse' : f.severity === 'warning' ? (f.irreversible ? 'confirm' : 'ask') : 'proceed'));
  const verdict = worst([...verdicts, unknownNeedsConsent(outcomes, flags) ? 'ask' : 'proceed']);
  return {
    target,
    findings,
    checks: outcomes.map(checkResult),
    verdict,
    owners: judged.owners,
    recreatedBy: judged.recreatedBy,
    gracePeriodSeconds: effectiveGrace(target.object, flags.gracePeriodSeconds),
  };
};

/**
 * Default time limit in seconds: the longest grace period + 60 s; 10 minutes with a finalizer, whose controller has its own pace.
 * A preStop hook that overruns gets 2 s more from the kubelet, which the 60 s hold.
 */
export const defaultTimeout = (targets: readonly PlannedTarget[]): number => {
  const held = targets.some((t) => (t.target.object.metadata.finalizers ?? []).length > 0);
  const graces = targets.map((t) => Math.max(t.gracePeriodSeconds ?? 0, t.target.object.metadata.deletionGracePeriodSeconds ?? 0));
  return held ? Math.max(600, ...graces.map((g) => g + 60)) : Math.max(0, ...graces) + 60;
};

/** Decides the run as a whole: one blocked target refuses all of them. The digest is the caller's, over this plan. */
export const decide = (judged: readonly JudgedTarget[], missing: readonly MissingTarget[], flags: PlanFlags, timeoutSeconds: number | null): Plan => {
  const confirmWord = confirmWordOf(judged.map((j) => j.target));
  const targets = judged.map((j) => plannedTarget(j, flags, confirmWord));
  const asked: Verdict = flags.interactive && targets.some((t) => sendsDelete(t, flags)) ? 'ask' : 'proceed';
  const verdict = worst([...targets.map((t) => t.verdict), asked]);
  return { targets, missing, verdict, confirmWord, digest: null, timeoutSeconds: timeoutSeconds ?? defaultTimeout(targets) };
};

/** Whether this run sends a DELETE for the target: not when it is Terminating already and would keep its grace period. */
export const sendsDelete = (planned: PlannedTarget, flags: Pick<PlanFlags, 'gracePeriodSeconds'>): boolean =>
  deletionChangesSomething(planned.target.object, flags.gracePeriodSeconds);
