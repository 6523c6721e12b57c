/**
 * In which order the targets of a run are sent: owners before what they own, so that nothing is recreated on the way; users before what
 * they use; a Namespace last. Pure.
 */
import { placeOf } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import type { PlannedTarget } from './plan.ts';

/** Kinds that others use, later the longer something may depend on them. Everything that is not here runs or owns what runs. */
const LATE: Readonly<Record<string, number>> = {
  '/Service': 1,
  'networking.k8s.io/Ingress': 1,
  'policy/PodDisruptionBudget': 2,
  '/ConfigMap': 3,
  '/Secret': 3,
  'rbac.authorization.k8s.io/RoleBinding': 3,
  'rbac.authorization.k8s.io/ClusterRoleBinding': 3,
  '/ServiceAccount': 4,
  'rbac.authorization.k8s.io/Role': 4,
  'rbac.authorization.k8s.io/ClusterRole': 4,
  '/PersistentVolumeClaim': 4,
  '/PersistentVolume': 5,
  'storage.k8s.io/StorageClass': 5,
  '/Node': 5,
  // Its instances go with it, and their controllers need it for as long as they are there.
  'apiextensions.k8s.io/CustomResourceDefinition': 6,
  'apiregistration.k8s.io/APIService': 6,
  '/Namespace': 7,
};

/** Usual owners first, also where the chain could not be read. */
const EARLY: Readonly<Record<string, number>> = {
  'autoscaling/HorizontalPodAutoscaler': -5,
  'batch/CronJob': -4,
  'apps/Deployment': -4,
  'apps/StatefulSet': -3,
  'apps/DaemonSet': -3,
  'apps/ReplicaSet': -3,
  '/ReplicationController': -3,
  'batch/Job': -3,
  '/Pod': 0,
};

const kindOf = (ref: Ref): string => `${ref.group}/${ref.kind}`;

/** Custom resources may own workloads: they go before them. */
const rankOf = (ref: Ref): number => {
  const kind = kindOf(ref);
  const known = EARLY[kind] ?? LATE[kind];
  if (known !== undefined) return known;
  return ref.group.includes('.') && !ref.group.endsWith('.k8s.io') ? -6 : 0;
};

/**
 * Groups of targets; each group is sent at once, the next when the one before is accepted. Targets keep their order within a group.
 * An owner goes before what it owns, whatever their kinds.
 */
export const inWaves = (targets: readonly PlannedTarget[]): readonly (readonly PlannedTarget[])[] => {
  const places = new Set(targets.map((t) => placeOf(t.target.ref)));
  const keyed = targets.map((t) => {
    const owners = t.owners.filter((o) => places.has(placeOf(o)));
    return { t, rank: Math.max(...[t.target.ref, ...owners].map(rankOf)), depth: owners.length };
  });
  const keys = [...new Map(keyed.map(({ rank, depth }) => [`${rank}/${depth}`, { rank, depth }])).values()].toSorted((a, b) => a.rank - b.rank || a.depth - b.depth);
  return keys.map(({ rank, depth }) => keyed.filter((k) => k.rank === rank && k.depth === depth).map((k) => k.t));
};
