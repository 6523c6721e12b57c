import type { Given } from '../facts/fact.ts';
import { downWith } from '../facts/going.ts';
import { provedDead } from '../facts/node.ts';
import { ordinalOf, statefulSetOf } from '../facts/owners.ts';
import type { Views } from '../facts/facts.ts';
import type { FindingOf } from '../findings/finding.ts';
import { effectiveGrace, isFinished, isReady, isServing, isTerminating } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import { majorityOf, revisionOnReturn, startOrdinal } from '../model/stateful-set.ts';
import type { Target } from '../model/target.ts';
import type { Pod, StatefulSet } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'stateful-set'>;
const check = 'stateful-set' as const;

/** Ready members now and after all targets of the run are gone; only a target that serves changes anything. */
const membership = (pod: Pod, set: Ref, spec: StatefulSet, members: readonly Pod[], given: Given): Found | null => {
  if (!isServing(pod)) return null;
  const going = downWith(pod.metadata.uid, given);
  const ready = members.filter(isServing);
  const readyAfter = ready.filter((p) => !going.has(p.metadata.uid)).length;
  const replicas = spec.spec?.replicas ?? 1;
  const majority = majorityOf(replicas);
  return readyAfter < majority
    ? { check, code: 'below-majority', data: { set, replicas, readyNow: ready.length, readyAfter, majority }, objects: [set] }
    : { check, code: 'margin-left', data: { set, replicas, readyAfter, majority }, objects: [set] };
};

const stateOf = (pod: Pod | undefined): string | null => {
  if (pod === undefined) return 'missing';
  if (isTerminating(pod)) return 'Terminating';
  if (isReady(pod)) return null;
  return isFinished(pod) ? (pod.status?.phase ?? 'finished') : `not Ready (${pod.status?.phase ?? 'Unknown'})`;
};

/** OrderedReady stops at the first ordinal that is not well (stateful_set_control.go); a target of this run below counts as well now. */
const lowerOrdinal = (ordinal: number, set: Ref, spec: StatefulSet, members: readonly Pod[]): Found | null => {
  if ((spec.spec?.podManagementPolicy ?? 'OrderedReady') !== 'OrderedReady') return null;
  for (let lower = startOrdinal(spec); lower < ordinal; lower += 1) {
    const podName = `${set.name}-${lower}`;
    const pod = members.find((p) => p.metadata.name === podName);
    const state = stateOf(pod);
    if (state === null) continue;
    const ref: Ref | null = pod === undefined ? null : { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: set.namespace, name: podName, uid: pod.metadata.uid };
    return { check, code: 'lower-ordinal-unhealthy', data: { set, pod: ref, podName, state }, objects: ref === null ? [set] : [set, ref] };
  }
  return null;
};

const revision = (pod: Pod, ordinal: number, set: Ref, spec: StatefulSet): Found | null => {
  const from = pod.metadata.labels?.['controller-revision-hash'];
  const to = revisionOnReturn(spec, ordinal);
  if (from === undefined || to === null || from === to) return null;
  return { check, code: 'other-revision', data: { set, from, to, strategy: spec.spec?.updateStrategy?.type ?? 'RollingUpdate' }, objects: [set] };
};

const find = (pod: Pod, views: Pick<Views, 'owners' | 'members' | 'node'>, given: Given, target: Target): readonly Found[] => {
  const owner = statefulSetOf(views.owners.chain);
  if (owner === null) return [];
  const set = owner.ref;
  const found: (Found | null)[] = [];
  // effectiveGrace is 0 by itself for pods that cannot run; a 0 in the pod's own spec is another fact, and the grace-period check's.
  const graceZero = given.gracePeriodSeconds === 0 && effectiveGrace(pod, 0) === 0;
  if (graceZero && !provedDead(pod, views.node)) {
    found.push({ check, code: 'forced-identity', data: { set, by: given.force ? 'force' : 'grace-zero', node: views.node.name, nodeReady: views.node.ready === 'True' }, objects: [set, target.ref] });
  }
  if (owner.object === null || views.owners.recreation.kind !== 'recreated') return found.filter((f) => f !== null);
  const spec = owner.object as StatefulSet;
  const members = views.members.pods;
  const ordinal = ordinalOf(pod);
  if (members !== null) found.push(membership(pod, set, spec, members, given));
  if (ordinal !== null) {
    found.push(revision(pod, ordinal, set, spec));
    if (members !== null) found.push(lowerOrdinal(ordinal, set, spec, members));
  }
  return found.filter((f) => f !== null);
};

export const statefulSet = defineCheck({
  id: 'stateful-set',
  needs: ['owners', 'members'],
  // An unread node proves nothing, so a forced deletion is refused then as well.
  uses: ['node'],
  notApplicable: (pod) =>
    notForMirrors(pod) ?? ((pod.metadata.ownerReferences ?? []).some((r) => r.kind === 'StatefulSet' && r.apiVersion.startsWith('apps/')) ? null : 'no StatefulSet owns it'),
  find,
});
