import type { CheckId } from '../../../src/findings/finding.ts';
import type { CheckCases } from '../case.ts';
import { cases as access } from './access.ts';
import { cases as admission } from './admission.ts';
import { cases as clusterWide } from './cluster-wide.ts';
import { cases as controllerAction } from './controller-action.ts';
import { cases as coverage } from './coverage.ts';
import { cases as customResources } from './custom-resources.ts';
import { cases as daemonSet } from './daemon-set.ts';
import { cases as dependents } from './dependents.ts';
import { cases as disruptionBudget } from './disruption-budget.ts';
import { cases as exposure } from './exposure.ts';
import { cases as finalizers } from './finalizers.ts';
import { cases as gitopsOwner } from './gitops-owner.ts';
import { cases as gracePeriod } from './grace-period.ts';
import { cases as guards } from './guards.ts';
import { cases as inUse } from './in-use.ts';
import { cases as job } from './job.ts';
import { cases as lastReplica } from './last-replica.ts';
import { cases as localData } from './local-data.ts';
import { cases as mirrorPod } from './mirror-pod.ts';
import { cases as namespaceContents } from './namespace-contents.ts';
import { cases as nodeObject } from './node-object.ts';
import { cases as nodeReadiness } from './node-readiness.ts';
import { cases as ownerController } from './owner-controller.ts';
import { cases as permissions } from './permissions.ts';
import { cases as persistentVolumeClaims } from './persistent-volume-claims.ts';
import { cases as policy } from './policy.ts';
import { cases as protectionMarkers } from './protection-markers.ts';
import { cases as rollout } from './rollout.ts';
import { cases as scope } from './scope.ts';
import { cases as serviceEndpoints } from './service-endpoints.ts';
import { cases as statefulSet } from './stateful-set.ts';
import { cases as terminating } from './terminating.ts';

/** A check without cases does not compile. */
export const allCases: { readonly [C in CheckId]: CheckCases } = {
  'owner-controller': ownerController,
  'stateful-set': statefulSet,
  'persistent-volume-claims': persistentVolumeClaims,
  finalizers,
  'node-readiness': nodeReadiness,
  'disruption-budget': disruptionBudget,
  'service-endpoints': serviceEndpoints,
  'last-replica': lastReplica,
  rollout,
  job,
  'daemon-set': daemonSet,
  terminating,
  'mirror-pod': mirrorPod,
  'local-data': localData,
  'grace-period': gracePeriod,
  permissions,
  admission,
  'protection-markers': protectionMarkers,
  'gitops-owner': gitopsOwner,
  dependents,
  'namespace-contents': namespaceContents,
  'custom-resources': customResources,
  'controller-action': controllerAction,
  'in-use': inUse,
  exposure,
  'cluster-wide': clusterWide,
  guards,
  access,
  'node-object': nodeObject,
  scope,
  policy,
  coverage,
};
