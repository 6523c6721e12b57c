/** The report as users and scripts get it: schema/report.v1.json. Its field names and meanings are the contract. */
import type { WaitingOn } from '../diagnosis/waiting-on.ts';
import type { ContainerEnd, ConsentGiven, Eviction, Evidence, Lane, Outcome, Phase, Replacement, TargetError } from '../events/event.ts';
import type { Command } from '../findings/finding.ts';
import type { Ref } from '../model/ref.ts';
import type { CheckResult, DependentCount } from '../plan/plan.ts';

export interface WireFinding {
  readonly check: string;
  readonly code: string;
  readonly severity: 'blocker' | 'warning' | 'note';
  readonly irreversible: boolean;
  readonly message: string;
  readonly remedy: string;
  readonly objects: readonly Ref[];
  readonly data: Readonly<Record<string, unknown>>;
  readonly pass: string | null;
  readonly commands: readonly Command[];
  readonly originalSeverity: 'blocker' | 'warning' | 'note';
  readonly changedBy: 'allow' | 'strict' | 'policy' | 'skip' | 'marker' | null;
}

export interface WireTimelineEntry {
  readonly at: string;
  readonly phase: Phase;
  readonly evidence: Evidence;
  readonly message: string;
  /** Where it is about one container. */
  readonly container?: string;
}

/** A part of the view that could not be had. */
export interface NotObserved {
  readonly lane: Lane;
  readonly message: string;
}

export interface WireTarget {
  readonly ref: Ref;
  readonly outcome: Outcome;
  readonly error: TargetError | null;
  readonly checks: readonly CheckResult[];
  readonly findings: readonly WireFinding[];
  readonly owners: readonly Ref[];
  readonly dependents: readonly DependentCount[];
  readonly gracePeriodSeconds: number | null;
  readonly deadline: string | null;
  readonly replacement: Replacement | null;
  readonly containers: readonly ContainerEnd[];
  readonly timeline: readonly WireTimelineEntry[];
  readonly waitingOn: readonly WaitingOn[];
  /** null: the Eviction API was not asked for it. */
  readonly eviction: Eviction | null;
  readonly notObserved: readonly NotObserved[];
  /** Files of --save; in a dry run those that it would write. */
  readonly saved: readonly string[];
  /** What of the target, and of what goes with it, --save left out, with the reason. */
  readonly notSaved: readonly string[];
  readonly requestedAt: string | null;
  readonly goneAt: string | null;
  readonly seconds: number | null;
}

export interface ReportContext {
  readonly name: string | null;
  readonly cluster: string | null;
  readonly server: string | null;
  readonly user: string | null;
  readonly namespace: string | null;
}

export interface ReportOptions {
  readonly gracePeriodSeconds: number | null;
  readonly cascade: 'background' | 'foreground' | 'orphan';
  readonly evict: boolean;
  readonly wait: boolean;
  readonly timeoutSeconds: number | null;
  readonly until: 'gone' | 'ready';
}

export interface DeletionReport {
  readonly apiVersion: 'kubectl-safe-delete/v1';
  readonly kind: 'DeletionReport';
  readonly toolVersion: string;
  readonly serverVersion: string | null;
  readonly exitCode: number;
  /** The container whose code this is (--exit-code-from); null: section 4's table. */
  readonly exitCodeFrom: string | null;
  readonly outcome: Outcome | 'mixed';
  readonly dryRun: boolean;
  readonly deletionRequested: boolean;
  readonly goesOn: boolean;
  readonly planDigest: string | null;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly error: { readonly code: string; readonly message: string; readonly remedy: string | null } | null;
  readonly context: ReportContext;
  readonly options: ReportOptions;
  readonly consent: ConsentGiven;
  readonly policy: { readonly file: string; readonly digest: string } | null;
  readonly apiWarnings: readonly string[];
  /** `targets`, `blockers`, `warnings`, `unknown`, `skipped`, and one count for every outcome. */
  readonly summary: Readonly<Record<string, number>>;
  readonly targets: readonly WireTarget[];
}

/** What is known of a run before its first event. */
export interface RunHeader {
  readonly toolVersion: string;
  readonly startedAt: number;
  readonly dryRun: boolean;
  /** --ignore-not-found: a missing name counts as success. */
  readonly ignoreNotFound: boolean;
  /** --exit-code-from: the container whose code stands in for 0. */
  readonly exitCodeFrom?: string | null;
  readonly requireCleanExit?: boolean;
  /** --attach: nothing is deleted, what is Terminating is followed. */
  readonly attach?: boolean;
  /** --strict: a selection that matches nothing exits 6. */
  readonly strict?: boolean;
  /** The policy in force. */
  readonly policy?: { readonly file: string; readonly digest: string } | null;
  readonly context: ReportContext;
  readonly options: ReportOptions;
}
