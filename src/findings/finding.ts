/**
 * What a check can find, as data: a closed union over check and code. Words, severity and remedy are in words/<check>.ts.
 * To add a code: add it here; the catalogue does not compile until it has words.
 */
import type { Ref } from '../model/ref.ts';

export type Severity = 'blocker' | 'warning' | 'note';

export type NotRecreatedBecause = 'owner-terminating' | 'scaled-to-zero' | 'ordinal-outside-replicas' | 'job-finished' | 'job-suspended';

/** A way to do what was probably meant, a restart, without an outage. */
export interface Gentler {
  /** `restart`: a rolling update that has the new pod Ready before the old one goes. `scale`: one replica more first. */
  readonly how: 'restart' | 'scale';
  readonly workload: Ref;
  readonly replicas: number;
}

/** What the API server cannot do without a Service. */
export type NeededBy =
  | { readonly kind: 'webhook'; readonly ref: Ref; readonly webhooks: readonly string[]; readonly checksPods: boolean }
  | { readonly kind: 'api'; readonly ref: Ref };

type RolloutState = {
  readonly workload: Ref;
  readonly updated: number;
  readonly wanted: number;
  readonly ofOldVersion: boolean;
};

type BudgetNumbers = {
  readonly budget: Ref;
  readonly desiredHealthy: number;
  readonly currentHealthy: number;
  readonly expectedPods: number;
  readonly disruptionsAllowed: number;
  /** Ready pods of it that the run deletes. */
  readonly going: number;
  readonly failedSync: string | null;
};

export interface CodesByCheck {
  'owner-controller': {
    'bare-pod': { readonly phase: string };
    'owner-gone': { readonly owner: Ref };
    'not-recreated': { readonly owner: Ref; readonly because: NotRecreatedBecause };
    recreated: { readonly owner: Ref; readonly top: Ref; readonly sameName: boolean; readonly meant: 'scale' | 'delete' | 'suspend'; readonly replicas: number | null };
    'owned-by-unknown-kind': { readonly owner: Ref; readonly controller: boolean };
    'finished-pod': { readonly phase: string; readonly owner: Ref | null };
    'debug-pod': { readonly madeBy: string };
  };
  'stateful-set': {
    'forced-identity': { readonly set: Ref; readonly by: 'force' | 'grace-zero'; readonly node: string | null };
    'below-majority': { readonly set: Ref; readonly replicas: number; readonly readyNow: number; readonly readyAfter: number; readonly majority: number };
    'other-revision': { readonly set: Ref; readonly from: string; readonly to: string; readonly strategy: string };
    'lower-ordinal-unhealthy': { readonly set: Ref; readonly pod: Ref | null; readonly podName: string; readonly state: string };
    'margin-left': { readonly set: Ref; readonly replicas: number; readonly readyAfter: number; readonly majority: number };
  };
  'persistent-volume-claims': {
    'claim-goes-with-pod': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: 'Delete' | 'unknown' };
    'last-user-of-terminating-claim': { readonly claim: Ref; readonly volume: string | null; readonly reclaim: 'Delete' | 'unknown' };
    'volume-retained': { readonly claim: Ref; readonly volume: string };
    'claims-stay': { readonly claims: readonly { readonly name: string; readonly accessModes: readonly string[] }[] };
    'ephemeral-volume': { readonly claim: Ref; readonly reclaim: string };
    'claim-missing': { readonly claim: string };
  };
  finalizers: {
    'finalizer-controller-missing': { readonly finalizer: string; readonly domain: string; readonly setBy: string | null };
    'finalizer-controller-dead': { readonly finalizer: string; readonly controller: string; readonly lastSeenSeconds: number };
    'finalizer-controller-unknown': { readonly finalizer: string; readonly domain: string | null; readonly setBy: string | null };
    'finalizer-known': { readonly finalizer: string; readonly controller: string; readonly waitsFor: string };
  };
  'node-readiness': {
    'node-not-ready': { readonly node: string; readonly status: 'False' | 'Unknown'; readonly reason: string | null; readonly since: string | null };
    'node-gone': { readonly node: string };
    'node-out-of-service': { readonly node: string };
    'node-lease-stale': { readonly node: string; readonly ageSeconds: number };
    'finished-pod-on-lost-node': { readonly node: string; readonly phase: string };
  };
  'disruption-budget': {
    'budget-exceeded': BudgetNumbers;
    'budget-not-observed': { readonly budget: Ref; readonly generation: number; readonly observedGeneration: number };
    'several-budgets': { readonly budgets: readonly Ref[] };
    'budget-has-room': BudgetNumbers;
  };
  'service-endpoints': {
    'api-backend-left-empty': { readonly service: Ref; readonly headless: boolean; readonly readyNow: number; readonly gentler: Gentler | null; readonly neededBy: readonly NeededBy[] };
    'no-endpoint-left': { readonly service: Ref; readonly headless: boolean; readonly readyNow: number; readonly gentler: Gentler | null };
    'short-gap': { readonly services: readonly Ref[]; readonly noPreStop: boolean; readonly noReadinessProbe: boolean };
  };
  'last-replica': {
    'last-ready-pods': { readonly workload: Ref; readonly replicas: number | null; readonly readyNow: number; readonly gentler: Gentler | null };
  };
  rollout: {
    'comes-back-as-other-version': { readonly workload: Ref; readonly from: string | null; readonly to: string | null; readonly strategy: string };
    'rollout-in-progress': RolloutState;
    'rollout-paused': RolloutState;
    'rollout-failed': RolloutState & { readonly message: string | null };
  };
  job: {
    'job-fails': {
      readonly job: Ref;
      readonly because: 'backoff-limit' | 'index' | 'failure-policy';
      readonly failed: number;
      readonly going: number;
      /** null: no number of failures fails the Job. */
      readonly backoffLimit: number | null;
      readonly index: { readonly index: string; readonly failures: number; readonly limit: number } | null;
      /** Counted by how it ends, not as soon as it is Terminating. */
      readonly unlessItSucceeds: boolean;
    };
    'retries-left': { readonly job: Ref; readonly failed: number; readonly limit: number | null; readonly left: number | null; readonly index: string | null; readonly unlessItSucceeds: boolean };
    'failure-ignored': { readonly job: Ref };
    'managed-elsewhere': { readonly job: Ref; readonly managedBy: string };
    'counted-already': { readonly job: Ref; readonly phase: string; readonly jobIs: string | null };
  };
  'daemon-set': {
    'comes-straight-back': { readonly set: Ref; readonly node: string };
  };
  terminating: {
    'already-terminating': { readonly since: string | null; readonly deadline: string; readonly overdueSeconds: number; readonly waitsFor: string; readonly graceLowered: boolean };
  };
  'local-data': {
    'member-data-lost': { readonly set: Ref; readonly volumes: readonly { readonly name: string; readonly container: string | null; readonly path: string | null }[] };
    'local-data-lost': { readonly volumes: readonly { readonly name: string; readonly medium: 'disk' | 'memory' }[] };
    'host-path-stays': { readonly node: string; readonly paths: readonly string[] };
    'volume-on-one-node': { readonly node: string; readonly claims: readonly string[] };
  };
  'grace-period': {
    'zero-grace-with-data': { readonly set: string | null; readonly claims: readonly string[]; readonly node: string | null };
    'zero-grace': { readonly node: string | null };
    'shorter-grace-with-data': { readonly grace: number; readonly own: number; readonly set: string | null; readonly claims: readonly string[] };
    'shorter-grace': { readonly grace: number; readonly own: number };
    'force-not-proved': { readonly node: string | null };
    'pre-stop-overruns': { readonly container: string; readonly seconds: number; readonly grace: number; readonly own: number };
    'pre-stop-may-be-cut': { readonly container: string; readonly grace: number; readonly own: number };
    'short-for-its-kind': { readonly kind: 'stateful' | 'batch'; readonly grace: number; readonly usual: number };
  };
  permissions: {
    'may-not-delete': Readonly<Record<string, never>>;
    'may-not-watch': Readonly<Record<string, never>>;
  };
  admission: {
    denied: { readonly by: string | null; readonly message: string; readonly httpStatus: number };
  };
  'protection-markers': {
    'protected-by-reason': { readonly key: string; readonly reason: string };
    'delete-protection': { readonly by: string; readonly key: string; readonly value: string };
    keep: { readonly by: string; readonly key: string; readonly value: string };
    'confirmation-asked': { readonly by: string; readonly key: string; readonly value: string };
    'not-to-be-pruned': { readonly by: string; readonly key: string; readonly value: string };
    'not-to-be-disrupted': { readonly by: string; readonly key: string; readonly value: string };
  };
  dependents: {
    'serving-pods-go': { readonly kind: string; readonly count: number; readonly serving: number; readonly names: readonly string[] };
    'dependents-go': { readonly kind: string; readonly count: number; readonly serving: number; readonly names: readonly string[] };
  };
  scope: {
    'many-objects': { readonly count: number; readonly limit: number };
  };
  'gitops-owner': {
    'argo-cd-puts-back': { readonly application: Ref };
    'argo-cd-does-not-put-back': { readonly application: Ref; readonly automated: boolean };
    'flux-puts-back': { readonly kustomization: Ref; readonly interval: string | null };
    'flux-helm-release': { readonly release: Ref; readonly interval: string | null; readonly corrects: boolean };
    'helm-release': { readonly release: string; readonly namespace: string | null };
  };
  'mirror-pod': {
    'static-pod': { readonly node: string; readonly source: string | null };
  };
  /** `name`: what `--allow policy/NAME` takes. */
  policy: {
    rule: { readonly name: string; readonly message: string; readonly severity: Severity };
    'protected-context': { readonly name: string; readonly context: string; readonly pattern: string };
    'protected-namespace': { readonly name: string; readonly namespace: string; readonly pattern: string };
    'protected-object': { readonly name: string; readonly selector: string };
    'bulk-limit': { readonly name: string; readonly count: number; readonly limit: number };
  };
}

export type CheckId = keyof CodesByCheck;

export type FindingOf<C extends CheckId> = {
  [K in keyof CodesByCheck[C] & string]: {
    readonly check: C;
    readonly code: K;
    readonly data: CodesByCheck[C][K];
    /** The objects that the finding speaks of, besides the target. */
    readonly objects: readonly Ref[];
  };
}[keyof CodesByCheck[C] & string];

/** What can be said of any check: it was left out, or could not be made where that matters. */
export type GeneralFinding =
  | { readonly check: CheckId; readonly code: 'check-skipped'; readonly data: { readonly id: CheckId }; readonly objects: readonly Ref[] }
  | { readonly check: CheckId; readonly code: 'check-unknown'; readonly data: { readonly id: CheckId; readonly reason: string }; readonly objects: readonly Ref[] };

export type Finding = { [C in CheckId]: FindingOf<C> }[CheckId] | GeneralFinding;
export type Code = Finding['code'];

/** A command that a person can run; the plugin runs none of them. */
export interface Command {
  readonly argv: readonly string[];
  readonly why: string;
}
