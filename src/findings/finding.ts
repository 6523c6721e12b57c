/**
 * What a check can find, as data: a closed union over check and code. Words, severity and remedy are in words/<check>.ts.
 * To add a code: add it here; the catalogue does not compile until it has words.
 */
import type { Ref } from '../model/ref.ts';

export type Severity = 'blocker' | 'warning' | 'note';

/** One owner of the chain, bottom up. */
export interface OwnerShown {
  readonly ref: Ref;
}

export type NotRecreatedBecause = 'owner-terminating' | 'scaled-to-zero' | 'ordinal-outside-replicas' | 'job-finished' | 'job-suspended';

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
    'pre-stop-overruns': { readonly container: string; readonly seconds: number; readonly grace: number };
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
  'mirror-pod': {
    'static-pod': { readonly node: string; readonly source: string | null };
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
