/** What goes in this run: sets are judged over all targets together. */
import { isMirror, isServing } from '../model/pod.ts';
import { selects } from '../model/selector.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Pod } from '../model/wire.ts';
import type { Given } from './fact.ts';
import type { OwnerLink } from './owners.ts';

/**
 * The target as a pod that serves: Ready, not being deleted, not finished. Only such pods count towards budgets, endpoints and replicas; a
 * mirror pod does not, because deleting it stops nothing. null for all else.
 */
export const servingPod = (target: Target): Pod | null => {
  if (target.ref.group !== '' || target.ref.kind !== 'Pod') return null;
  const pod = target.object as Pod;
  return isServing(pod) && !isMirror(pod) ? pod : null;
};

const uids = new WeakMap<Given, ReadonlySet<string>>();

/** The uids of all targets of the run. */
export const goingUids = (given: Given): ReadonlySet<string> => {
  const known = uids.get(given);
  if (known !== undefined) return known;
  const set = new Set(given.targets.map((t) => t.ref.uid));
  uids.set(given, set);
  return set;
};

/** The owner that the command names too; with orphan cascade only the nearest one matters, because what stands between stays. */
export const namedOwner = (chain: readonly OwnerLink[], given: Given): OwnerLink | null =>
  (given.cascade === 'orphan' ? chain.slice(0, 1) : chain).find((link) => goingUids(given).has(link.ref.uid)) ?? null;

/** The uids of what is down at the same moment as the pod: with --one-at-a-time nothing but itself. */
export const downWith = (uid: string, given: Given): ReadonlySet<string> => (given.oneAtATime === true ? new Set([uid]) : goingUids(given));

/**
 * Whether an owner of the pod goes too: named in this run, or being deleted already. Then the pod's end is not the news, and
 * `dependents` speaks of what goes with it.
 */
export const workloadGoes = (chain: readonly OwnerLink[], given: Given): boolean =>
  namedOwner(chain, given) !== null || chain.some((link) => link.object?.metadata.deletionTimestamp !== undefined);

/** Kinds whose selector says which pods are theirs. */
const WORKLOADS = new Set(['apps/Deployment', 'apps/ReplicaSet', 'apps/StatefulSet', 'apps/DaemonSet', 'batch/Job']);

interface Workload {
  readonly namespace: string | null;
  readonly selector: LabelSelector | undefined;
}

const workloads = new WeakMap<Given, readonly Workload[]>();

/** The workloads that this run takes with their pods. */
const goingWorkloads = (given: Given): readonly Workload[] => {
  const known = workloads.get(given);
  if (known !== undefined) return known;
  const found =
    given.cascade === 'orphan'
      ? []
      : given.targets
          .filter((t) => WORKLOADS.has(`${t.ref.group}/${t.ref.kind}`))
          .map((t): Workload => ({ namespace: t.ref.namespace, selector: (t.object as { readonly spec?: { readonly selector?: LabelSelector } }).spec?.selector }));
  workloads.set(given, found);
  return found;
};

/** Whether any target takes pods along, so that their labels have to be known. */
export const takesPodsAlong = (given: Given): boolean => goingWorkloads(given).length > 0;

/** Whether a pod is not there any more when this run is over: named itself, or of a workload that is. */
export const goesAlong = (pod: KubeObject, given: Given): boolean =>
  goingUids(given).has(pod.metadata.uid) || goingWorkloads(given).some((w) => w.namespace === (pod.metadata.namespace ?? null) && selects(w.selector, pod.metadata.labels));

const leaving = new WeakMap<Given, ReadonlySet<string>>();

/** A namespace takes everything in it along, whatever the cascade. */
export const namespacesGoing = (given: Given): ReadonlySet<string> => {
  const known = leaving.get(given);
  if (known !== undefined) return known;
  const names = new Set(given.targets.filter(({ ref }) => ref.group === '' && ref.kind === 'Namespace').map(({ ref }) => ref.name));
  leaving.set(given, names);
  return names;
};

const counts = new WeakMap<Given, Map<string, number>>();

/** How many targets of the run are of a group; counted once a run, under the group's key. */
export const countGoing = (given: Given, group: string, isIn: (target: Target) => boolean): number => {
  const known = counts.get(given) ?? new Map<string, number>();
  counts.set(given, known);
  const before = known.get(group);
  if (before !== undefined) return before;
  const count = given.targets.filter(isIn).length;
  known.set(group, count);
  return count;
};
