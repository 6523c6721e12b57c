import type { OwnerLink } from '../facts/owners.ts';
import type { Gentler } from '../findings/finding.ts';
import type { Deployment, ReplicaSet } from '../model/wire.ts';

const numberOf = (value: string | number | undefined, of: number): number => {
  if (typeof value === 'number') return value;
  const percent = Number.parseInt(value ?? '25%', 10);
  return Math.floor((of * percent) / 100);
};

/** A rolling update keeps `replicas - maxUnavailable` pods available; a percentage is rounded down (pkg/controller/deployment/util ResolveFenceposts). */
const restartsWithoutGap = (deployment: Deployment): boolean => {
  const { strategy, replicas = 1, paused } = deployment.spec ?? {};
  return paused !== true && (strategy?.type ?? 'RollingUpdate') === 'RollingUpdate' && numberOf(strategy?.rollingUpdate?.maxUnavailable, replicas) < replicas;
};

/** What restarts the workload of these owners without leaving it empty; null where Kubernetes has no such way. */
export const gentlerFor = (chain: readonly OwnerLink[]): Gentler | null => {
  const workload = chain.findLast((l) => l.object !== null && ['apps/Deployment', 'apps/ReplicaSet', '/ReplicationController'].includes(`${l.ref.group}/${l.ref.kind}`));
  if (workload === undefined || workload.object === null) return null;
  // A ReplicaSet of something else would be scaled back by it.
  if (workload.ref.kind !== 'Deployment' && chain.at(-1) !== workload) return null;
  const replicas = (workload.object as ReplicaSet).spec?.replicas ?? 1;
  return { how: workload.ref.kind === 'Deployment' && restartsWithoutGap(workload.object) ? 'restart' : 'scale', workload: workload.ref, replicas };
};
