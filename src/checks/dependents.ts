import type { Dependent, DependentsView } from '../facts/dependents.ts';
import type { Given } from '../facts/fact.ts';
import { hangingOn } from '../facts/hanging.ts';
import type { OwnersView } from '../facts/owners.ts';
import type { FindingOf, Gentler } from '../findings/finding.ts';
import type { KindCount } from '../findings/codes/dependents.ts';
import { isMirror, isPodKind, isServing } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';
import { gentlerFor } from './gentler.ts';

const check = 'dependents' as const;

/** In the order in which each kind comes first. */
export const countByKind = (dependents: readonly Dependent[]): readonly KindCount[] => {
  const counts = new Map<string, KindCount>();
  for (const { ref } of dependents) {
    const key = `${ref.group}/${ref.kind}`;
    counts.set(key, { group: ref.group, kind: ref.kind, count: (counts.get(key)?.count ?? 0) + 1 });
  }
  return [...counts.values()];
};

const podNames = (dependents: readonly Dependent[]): readonly string[] => dependents.filter((d) => isPodKind(d.ref)).map((d) => d.ref.name).toSorted();

/** A ReplicaSet that its Deployment makes again is deleted to restart its pods: that goes without a gap. */
const gentlerWay = (target: Target, owners: OwnersView): Gentler | null => (target.ref.kind === 'ReplicaSet' && owners.recreation.kind === 'recreated' ? gentlerFor(owners.chain) : null);

/**
 * Where a workload goes, budgets, endpoints and replicas are silent about its pods, also about those that the command names: this check speaks
 * for all of them, once, at the uppermost owner that goes.
 */
const find = (target: Target, view: DependentsView, owners: OwnersView, { cascade }: Given): readonly FindingOf<'dependents'>[] => {
  if (view.withOwner) return [];
  const others = view.found.filter((d) => !d.named);
  const rest = { kinds: countByKind(others), atLeast: view.atLeast };
  if (cascade === 'orphan') return others.length === 0 ? [] : [{ check, code: 'left-behind', data: { ...rest, names: podNames(others) }, objects: others.map((d) => d.ref) }];
  const pods = (isPodKind(target.ref) ? others : view.found).filter((d) => isPodKind(d.ref));
  const serving = pods.filter((d) => isServing(d.object));
  if (serving.length > 0) {
    return [{ check, code: 'serving-pods-go', data: { ...rest, names: podNames(serving), count: pods.length, serving: serving.length, gentler: gentlerWay(target, owners) }, objects: pods.map((d) => d.ref) }];
  }
  return others.length === 0 ? [] : [{ check, code: 'dependents-go', data: { ...rest, names: podNames(others) }, objects: others.map((d) => d.ref) }];
};

const nothingHangs = (target: Target): string | null => {
  if (isPodKind(target.ref) && isMirror(target.object)) return 'a mirror pod: deleting it stops nothing';
  return hangingOn(target) === null ? 'its kind owns nothing, or not in one namespace' : null;
};

export const dependents = defineCheck({
  id: 'dependents',
  kinds: 'every',
  needs: ['dependents'],
  // For the way around alone.
  uses: ['owners'],
  notApplicable: (_object, _given, target) => nothingHangs(target),
  find: (_object, { dependents: view, owners }, given, target) => find(target, view, owners, given),
});
