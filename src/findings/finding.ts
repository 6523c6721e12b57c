/**
 * What a check can find, as data: a closed union over check and code. The codes of a check are in codes/<check>.ts; words, severity and
 * remedy in words/<check>.ts. The catalogue does not compile until every code has words.
 */
import type { Ref } from '../model/ref.ts';
import type { AccessCodes } from './codes/access.ts';
import type { AdmissionCodes } from './codes/admission.ts';
import type { ClusterWideCodes } from './codes/cluster-wide.ts';
import type { ControllerActionCodes } from './codes/controller-action.ts';
import type { CoverageCodes } from './codes/coverage.ts';
import type { CustomResourcesCodes } from './codes/custom-resources.ts';
import type { DaemonSetCodes } from './codes/daemon-set.ts';
import type { DependentsCodes } from './codes/dependents.ts';
import type { DisruptionBudgetCodes } from './codes/disruption-budget.ts';
import type { ExposureCodes } from './codes/exposure.ts';
import type { FinalizersCodes } from './codes/finalizers.ts';
import type { GitopsOwnerCodes } from './codes/gitops-owner.ts';
import type { GracePeriodCodes } from './codes/grace-period.ts';
import type { GuardsCodes } from './codes/guards.ts';
import type { InUseCodes } from './codes/in-use.ts';
import type { JobCodes } from './codes/job.ts';
import type { LastReplicaCodes } from './codes/last-replica.ts';
import type { LocalDataCodes } from './codes/local-data.ts';
import type { MirrorPodCodes } from './codes/mirror-pod.ts';
import type { NamespaceContentsCodes } from './codes/namespace-contents.ts';
import type { NodeObjectCodes } from './codes/node-object.ts';
import type { NodeReadinessCodes } from './codes/node-readiness.ts';
import type { OwnerControllerCodes } from './codes/owner-controller.ts';
import type { PermissionsCodes } from './codes/permissions.ts';
import type { PersistentVolumeClaimsCodes } from './codes/persistent-volume-claims.ts';
import type { PolicyCodes } from './codes/policy.ts';
import type { ProtectionMarkersCodes } from './codes/protection-markers.ts';
import type { RolloutCodes } from './codes/rollout.ts';
import type { ScopeCodes } from './codes/scope.ts';
import type { ServiceEndpointsCodes } from './codes/service-endpoints.ts';
import type { StatefulSetCodes } from './codes/stateful-set.ts';
import type { TerminatingCodes } from './codes/terminating.ts';

export type { NotRecreatedBecause } from './codes/owner-controller.ts';
export type { NeededBy } from './codes/service-endpoints.ts';
export type { Gentler } from './gentler-way.ts';
export type { Severity } from './severity.ts';

/** Every check with its codes, in the order shown to people. */
export interface CodesByCheck {
  'owner-controller': OwnerControllerCodes;
  'stateful-set': StatefulSetCodes;
  'persistent-volume-claims': PersistentVolumeClaimsCodes;
  finalizers: FinalizersCodes;
  'node-readiness': NodeReadinessCodes;
  'disruption-budget': DisruptionBudgetCodes;
  'service-endpoints': ServiceEndpointsCodes;
  'last-replica': LastReplicaCodes;
  rollout: RolloutCodes;
  job: JobCodes;
  'daemon-set': DaemonSetCodes;
  terminating: TerminatingCodes;
  'mirror-pod': MirrorPodCodes;
  'local-data': LocalDataCodes;
  'grace-period': GracePeriodCodes;
  permissions: PermissionsCodes;
  admission: AdmissionCodes;
  'protection-markers': ProtectionMarkersCodes;
  'gitops-owner': GitopsOwnerCodes;
  dependents: DependentsCodes;
  'namespace-contents': NamespaceContentsCodes;
  'custom-resources': CustomResourcesCodes;
  'controller-action': ControllerActionCodes;
  'in-use': InUseCodes;
  exposure: ExposureCodes;
  'cluster-wide': ClusterWideCodes;
  guards: GuardsCodes;
  access: AccessCodes;
  'node-object': NodeObjectCodes;
  scope: ScopeCodes;
  policy: PolicyCodes;
  coverage: CoverageCodes;
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
