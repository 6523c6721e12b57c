/** Findings + flags → plan. Pure: the same facts give the same plan. */
import type { CheckOutcome } from '../checks/checks.ts';
import type { Unread } from '../facts/want.ts';
import { generalWords, gravest, wordsOf } from '../findings/catalogue.ts';
import type { CodeWords } from '../findings/words.ts';
import type { Finding, Severity } from '../findings/finding.ts';
import { deletionChangesSomething, effectiveGrace, isPodKind } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { MissingTarget, Target } from '../model/target.ts';
import type { Service } from '../model/wire.ts';
import type { CheckResult, MissingRight, Plan, PlannedFinding, PlannedTarget, Verdict } from './plan.ts';

export interface PlanFlags {
  readonly allow: readonly string[];
  readonly strict: boolean;
  /** Blocked targets are left alone and do not refuse the others. */
  readonly skipBlocked: boolean;
  readonly force: boolean;
  readonly interactive: boolean;
  readonly gracePeriodSeconds: number | null;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  /** --evict or --one-at-a-time: others decide when it can go on. */
  readonly patient?: boolean;
  /** What the site's policy makes of checks and codes, by either's id. */
  readonly severities?: ReadonlyMap<string, Severity>;
}

/** One target with all that is known of it. */
export interface JudgedTarget {
  readonly target: Target;
  readonly outcomes: readonly CheckOutcome[];
  readonly owners: readonly Ref[];
  readonly recreatedBy: PlannedTarget['recreatedBy'];
  /** It, or its namespace, is marked as meant to go. */
  readonly ephemeral: boolean;
  readonly dependents?: PlannedTarget['dependents'];
  readonly dependentsGraceSeconds?: number | null;
}

const rank: { readonly [V in Verdict]: number } = { proceed: 0, ask: 1, confirm: 2, refuse: 3 };
const worst = (verdicts: readonly Verdict[]): Verdict => verdicts.reduce<Verdict>((a, b) => (rank[b] > rank[a] ? b : a), 'proceed');

/** The word that --confirm takes: the one target's name, or how many there are. */
export const confirmWordOf = (targets: readonly { readonly ref: Ref }[]): string => (targets.length === 1 ? (targets[0]?.ref.name ?? '1') : String(targets.length));

/** The names that --allow takes for the finding: its check, its code, and of the site's policy `policy/NAME`. */
const namesOf = (finding: Finding): readonly string[] => [finding.check, finding.code, ...(finding.check === 'policy' && 'name' in finding.data ? [`policy/${finding.data.name}`] : [])];

/** What a person is told to pass: of the policy the one rule, of all else the check. */
const allowNameOf = (finding: Finding): string => namesOf(finding).find((name) => name.startsWith('policy/')) ?? finding.check;

const kindOf = (ref: Ref): string => `${ref.group}/${ref.kind}`;

/** What the site says of the code, else of the check where the code asks or blocks by itself; the policy's parser lets through what may be lowered. */
const severityBySite = (finding: Finding, own: Severity, { severities }: PlanFlags): Severity => severities?.get(finding.code) ?? (own === 'note' ? undefined : severities?.get(finding.check)) ?? own;

/**
 * --allow lowers a blocker to a warning, --strict raises a warning to a blocker that can be allowed; what the server refuses stays.
 * Of what is marked ephemeral, warnings of what was found are notes: not what cannot be undone, and not that a check was left out or could not look.
 */
const judgedSeverity = (finding: Finding, own: Severity, words: CodeWords<never>, flags: PlanFlags, ephemeral: boolean): Pick<PlannedFinding, 'severity' | 'changedBy'> => {
  const allowed = words.final !== true && namesOf(finding).some((name) => flags.allow.includes(name));
  const bySite = severityBySite(finding, own, flags);
  const site = bySite === own ? null : 'policy';
  switch (bySite) {
    case 'blocker':
      return allowed ? { severity: 'warning', changedBy: 'allow' } : { severity: 'blocker', changedBy: site };
    case 'warning':
      if (ephemeral && words.irreversible !== true && !Object.hasOwn(generalWords, finding.code)) return { severity: 'note', changedBy: 'marker' };
      if (flags.strict && !allowed) return { severity: 'blocker', changedBy: 'strict' };
      return { severity: 'warning', changedBy: site ?? (finding.code === 'check-skipped' ? 'skip' : null) };
    case 'note':
      return { severity: 'note', changedBy: site };
  }
};

/** A namespace that says of itself that it is meant to go: what is in it was put there to be lost, so --yes is enough. */
const meantToGo = ({ target: { ref }, ephemeral }: JudgedTarget): boolean => ephemeral && kindOf(ref) === '/Namespace';

const plannedFinding = (finding: Finding, judged: JudgedTarget, flags: PlanFlags, confirmWord: string): PlannedFinding => {
  const { target: { ref: target }, ephemeral } = judged;
  const words = wordsOf(finding);
  const data = finding.data as never;
  const originalSeverity = words.severityOf?.(data) ?? words.severity;
  const judgement = judgedSeverity(finding, originalSeverity, words, flags, ephemeral);
  const { severity } = judgement;
  const untyped = words.irreversible === true && meantToGo(judged);
  const irreversible = words.irreversible === true && !untyped;
  const changedBy = judgement.changedBy ?? (untyped ? 'marker' : null);
  const pass = severity === 'blocker' ? (words.final === true ? null : `--allow ${allowNameOf(finding)}`) : severity === 'warning' ? (irreversible ? `--confirm ${confirmWord}` : '--yes') : null;
  return {
    check: finding.check,
    code: finding.code,
    finding,
    severity,
    originalSeverity,
    changedBy,
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

const reasonOf = ({ unread, unanswered = [] }: CheckOutcome): string => [...new Set([...unread, ...unanswered].map((u) => u.why))].join('; ');

const couldNotLook = ({ unread, unanswered = [] }: CheckOutcome): boolean => unread.length > 0 || unanswered.length > 0;

const checkResult = (outcome: CheckOutcome): CheckResult => {
  if (outcome.notApplicable !== null) return { id: outcome.id, status: 'not-applicable', reason: outcome.notApplicable, missingRights: [] };
  if (outcome.skipped) return { id: outcome.id, status: 'skipped', reason: '--skip', missingRights: [] };
  if (couldNotLook(outcome)) {
    return { id: outcome.id, status: 'unknown', reason: reasonOf(outcome), missingRights: rightsOf(outcome.unread) };
  }
  return { id: outcome.id, status: outcome.findings.length > 0 ? 'found' : 'passed', reason: null, missingRights: [] };
};

/** Kinds that hold data, identities or other objects: what was not looked at may be lost with them. */
const PRECIOUS = new Set(['/PersistentVolumeClaim', '/PersistentVolume', '/Namespace', 'apiextensions.k8s.io/CustomResourceDefinition', 'apps/StatefulSet', '/Node']);

/**
 * A check that could not look needs consent where it could have found a blocker or a loss, and force takes the way back or the target is
 * precious; with --strict always; a rule of the site that blocks and gives no answer needs consent too. It is a finding then, so that the
 * plan says what is asked for.
 */
const unknownFinding = (outcome: CheckOutcome, ref: Ref, flags: PlanFlags): readonly Finding[] => {
  if (!couldNotLook(outcome)) return [];
  const { severities, irreversible } = gravest(outcome.id);
  const blocks = outcome.unanswered?.some((u) => u.severity === 'blocker') ?? false;
  const matters = flags.strict || blocks || ((flags.force || PRECIOUS.has(kindOf(ref))) && (severities.has('blocker') || irreversible));
  return matters ? [{ check: outcome.id, code: 'check-unknown', data: { id: outcome.id, reason: reasonOf(outcome) }, objects: [] }] : [];
};

const severityRank = { blocker: 0, warning: 1, note: 2 } as const;

/** The gravest first; among warnings what cannot be undone. */
const byWeight = (a: PlannedFinding, b: PlannedFinding): number => severityRank[a.severity] - severityRank[b.severity] || Number(b.irreversible) - Number(a.irreversible);

const plannedTarget = (judged: JudgedTarget, flags: PlanFlags, confirmWord: string): PlannedTarget => {
  const { target, outcomes } = judged;
  const findings = outcomes
    .flatMap((o) => [...o.findings, ...unknownFinding(o, target.ref, flags)])
    .map((f) => plannedFinding(f, judged, flags, confirmWord))
    .toSorted(byWeight);
  const verdicts = findings.map((f): Verdict => (f.severity === 'blocker' ? 'refuse' : f.severity === 'warning' ? (f.irreversible ? 'confirm' : 'ask') : 'proceed'));
  const verdict = worst(verdicts);
  return {
    target,
    findings,
    checks: outcomes.map(checkResult),
    verdict,
    owners: judged.owners,
    recreatedBy: judged.recreatedBy,
    gracePeriodSeconds: isPodKind(target.ref) ? effectiveGrace(target.object, flags.gracePeriodSeconds) : null,
    dependents: judged.dependents ?? [],
    dependentsGraceSeconds: judged.dependentsGraceSeconds ?? null,
  };
};

/** Kinds whose end waits for others: content, users, an outside resource. */
const SLOW = new Set(['/Namespace', '/PersistentVolumeClaim', '/PersistentVolume', 'apiextensions.k8s.io/CustomResourceDefinition', '/Node']);

const isSlow = ({ target: { ref, object } }: PlannedTarget): boolean =>
  (object.metadata.finalizers ?? []).length > 0 || SLOW.has(kindOf(ref)) || (ref.kind === 'Service' && ref.group === '' && (object as Service).spec?.type === 'LoadBalancer');

/**
 * Default time limit in seconds: the longest grace period, of what goes along too, + 60 s; 10 minutes with a finalizer, whose controller has its own pace, for
 * kinds whose end waits for others, with foreground cascade, and where budgets or replacements are waited for. A preStop hook that overruns gets 2 s more, which the 60 s hold.
 */
export const defaultTimeout = (targets: readonly PlannedTarget[], cascade: 'background' | 'foreground' | 'orphan' = 'background', patient = false): number => {
  const graces = targets.map((t) => Math.max(t.gracePeriodSeconds ?? 0, t.dependentsGraceSeconds ?? 0, t.target.object.metadata.deletionGracePeriodSeconds ?? 0));
  const longest = Math.max(0, ...graces) + 60;
  return patient || cascade === 'foreground' || targets.some(isSlow) ? Math.max(600, longest) : longest;
};

/** The targets that go if the plan gets its consent: none of a refused plan; with --skip-blocked all that nothing blocks. */
export const goingTargets = (plan: Plan): readonly PlannedTarget[] => (plan.verdict === 'refuse' ? [] : plan.targets.filter((t) => t.verdict !== 'refuse'));

/** A blocker that speaks of all targets together and stands at the first of them: leaving that one out takes nothing of it away. */
const blocksTheRun = ({ findings }: PlannedTarget): boolean => findings.some((f) => f.severity === 'blocker' && (f.check === 'scope' || f.code === 'bulk-limit'));

/** Decides the run as a whole: one blocked target refuses all of them, unless blocked ones are to be left out. The digest is the caller's. */
export const decide = (judged: readonly JudgedTarget[], missing: readonly MissingTarget[], flags: PlanFlags, timeoutSeconds: number | null): Plan => {
  const plannedWith = (word: string): readonly PlannedTarget[] => judged.map((j) => plannedTarget(j, flags, word));
  const wordForAll = confirmWordOf(judged.map((j) => j.target));
  const all = plannedWith(wordForAll);
  const unblocked = all.filter((t) => t.verdict !== 'refuse');
  const going = flags.skipBlocked && unblocked.length > 0 && !all.some(blocksTheRun) ? unblocked : all;
  const confirmWord = confirmWordOf(going.map((t) => t.target));
  const targets = confirmWord === wordForAll ? all : plannedWith(confirmWord);
  const asked: Verdict = flags.interactive && going.some((t) => sendsDelete(t, flags)) ? 'ask' : 'proceed';
  const verdict = worst([...going.map((t) => t.verdict), asked]);
  return { targets, missing, verdict, confirmWord, digest: null, timeoutSeconds: timeoutSeconds ?? defaultTimeout(going, flags.cascade, flags.patient) };
};

/** Whether this run sends a DELETE for the target: not when it is Terminating already and would keep its grace period. */
export const sendsDelete = (planned: PlannedTarget, flags: Pick<PlanFlags, 'gracePeriodSeconds'>): boolean =>
  deletionChangesSomething(planned.target.object, flags.gracePeriodSeconds);
