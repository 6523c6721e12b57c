/** What will be done, and why it may or may not: the result of all checks, before anything is written. */
import type { CheckId, Code, Command, Finding, Severity } from '../findings/finding.ts';
import type { Ref } from '../model/ref.ts';
import type { MissingTarget, Target } from '../model/target.ts';

export interface MissingRight {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace: string | null;
}

export interface CheckResult {
  readonly id: CheckId;
  readonly status: 'passed' | 'found' | 'unknown' | 'skipped' | 'not-applicable';
  /** Why it is unknown, skipped or not applicable. */
  readonly reason: string | null;
  readonly missingRights: readonly MissingRight[];
}

export interface PlannedFinding {
  readonly check: CheckId;
  readonly code: Code;
  readonly finding: Finding;
  readonly severity: Severity;
  readonly originalSeverity: Severity;
  readonly changedBy: 'allow' | 'strict' | 'policy' | 'skip' | 'marker' | null;
  readonly irreversible: boolean;
  readonly message: string;
  readonly remedy: string;
  readonly commands: readonly Command[];
  /** The flag that accepts it (`--yes`, `--confirm web-1`, `--allow stateful-set`); null where nothing has to be or can be accepted. */
  readonly pass: string | null;
}

/** `check/code`; of what the site's policy finds `policy/NAME`, because its rules share one code. */
export const idOf = ({ finding }: Pick<PlannedFinding, 'finding'>): string =>
  finding.check === 'policy' && 'name' in finding.data ? `policy/${finding.data.name}` : `${finding.check}/${finding.code}`;

/** What the plan asks for, from nothing to impossible. */
export type Verdict = 'proceed' | 'ask' | 'confirm' | 'refuse';

/** What hangs on a target, of one kind; `left-behind`: it stays, without the owner. */
export interface DependentCount {
  readonly group: string;
  readonly kind: string;
  readonly count: number;
  /** There may be more. */
  readonly atLeast: boolean;
  readonly state: 'going' | 'gone' | 'left-behind';
}

export interface PlannedTarget {
  readonly target: Target;
  readonly findings: readonly PlannedFinding[];
  readonly checks: readonly CheckResult[];
  readonly verdict: Verdict;
  /** Controller owners, bottom up. */
  readonly owners: readonly Ref[];
  /** The owner that will create a replacement, if one will. */
  readonly recreatedBy: { readonly owner: Ref; readonly sameName: boolean } | null;
  /** The grace period that will hold, in seconds. null: the kind has none. */
  readonly gracePeriodSeconds: number | null;
  /** Objects that the command does not name; absent: none, or nobody looked. */
  readonly dependents?: readonly DependentCount[];
  /** The longest grace period of the pods that go with it: their own, --grace-period does not reach them. null: no pod goes. */
  readonly dependentsGraceSeconds?: number | null;
}

export interface Plan {
  readonly targets: readonly PlannedTarget[];
  readonly missing: readonly MissingTarget[];
  readonly verdict: Verdict;
  /** What the typed answer or --confirm has to be: the one target's name, or the number of targets. */
  readonly confirmWord: string;
  /** null when something is refused. */
  readonly digest: string | null;
  /** 0: no limit. */
  readonly timeoutSeconds: number;
}
