/** All checks in the order shown to people; each is one file. */
import type { Given } from '../facts/fact.ts';
import { facts, viewsOf } from '../facts/facts.ts';
import type { Fact, View } from '../facts/fact.ts';
import type { Unanswered } from '../facts/site.ts';
import type { Seen, Unread } from '../facts/want.ts';
import { gravest } from '../findings/catalogue.ts';
import type { CheckId, Finding } from '../findings/finding.ts';
import type { Target } from '../model/target.ts';
import type { Check } from './check.ts';
import { access } from './access.ts';
import { admission } from './admission.ts';
import { clusterWide } from './cluster-wide.ts';
import { controllerAction } from './controller-action.ts';
import { coverage } from './coverage.ts';
import { customResources } from './custom-resources.ts';
import { daemonSet } from './daemon-set.ts';
import { dependents } from './dependents.ts';
import { disruptionBudget } from './disruption-budget.ts';
import { exposure } from './exposure.ts';
import { finalizers } from './finalizers.ts';
import { gitopsOwner } from './gitops-owner.ts';
import { gracePeriod } from './grace-period.ts';
import { guards } from './guards.ts';
import { inUse } from './in-use.ts';
import { job } from './job.ts';
import { lastReplica } from './last-replica.ts';
import { localData } from './local-data.ts';
import { mirrorPod } from './mirror-pod.ts';
import { namespaceContents } from './namespace-contents.ts';
import { nodeObject } from './node-object.ts';
import { nodeReadiness } from './node-readiness.ts';
import { ownerController } from './owner-controller.ts';
import { permissions } from './permissions.ts';
import { persistentVolumeClaims } from './persistent-volume-claims.ts';
import { policy } from './policy.ts';
import { protectionMarkers } from './protection-markers.ts';
import { rollout } from './rollout.ts';
import { scope } from './scope.ts';
import { serviceEndpoints } from './service-endpoints.ts';
import { statefulSet } from './stateful-set.ts';
import { terminating } from './terminating.ts';

const speaking: readonly Check[] = [
  ownerController,
  statefulSet,
  persistentVolumeClaims,
  finalizers,
  nodeReadiness,
  disruptionBudget,
  serviceEndpoints,
  lastReplica,
  rollout,
  job,
  daemonSet,
  terminating,
  mirrorPod,
  localData,
  gracePeriod,
  permissions,
  admission,
  protectionMarkers,
  gitopsOwner,
  dependents,
  namespaceContents,
  customResources,
  controllerAction,
  inUse,
  exposure,
  clusterWide,
  guards,
  access,
  nodeObject,
  scope,
  policy,
];

export const checks: readonly Check[] = [...speaking, coverage(speaking)];

/** What one check gave for one target, before the plan judges it. */
export interface CheckOutcome {
  readonly id: CheckId;
  readonly notApplicable: string | null;
  /** Left out by --skip. */
  readonly skipped: boolean;
  readonly findings: readonly Finding[];
  readonly unread: readonly Unread[];
  /** Rules of the site that gave no answer. */
  readonly unanswered?: readonly Unanswered[];
}

/** The facts that any of these checks needs: what gather reads. */
export const factsNeeded = (list: readonly Check[]): readonly Fact<View>[] => [...new Set(list.flatMap((c) => c.needs))].map((id) => facts[id]);

/** Runs every check on one target. Pure. */
export const runChecks = (target: Target, given: Given, seen: Seen, skip: readonly string[] = []): readonly CheckOutcome[] => {
  const views = viewsOf(target, given, seen);
  return checks.map((check) => {
    const notApplicable = check.notApplicable(target, given);
    if (notApplicable !== null) return { id: check.id, notApplicable, skipped: false, findings: [], unread: [] };
    if (skip.includes(check.id)) {
      const findings: readonly Finding[] = gravest(check.id).severities.has('blocker') ? [{ check: check.id, code: 'check-skipped', data: { id: check.id }, objects: [] }] : [];
      return { id: check.id, notApplicable, skipped: true, findings, unread: [] };
    }
    return { id: check.id, notApplicable, skipped: false, ...check.run(target, views, given) };
  });
};
