import type { Views } from '../facts/facts.ts';
import type { OwnerLink } from '../facts/owners.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isFinished } from '../model/pod.ts';
import { rolloutOfDaemonSet, rolloutOfDeployment } from '../model/rollout.ts';
import type { Rollout } from '../model/rollout.ts';
import type { DaemonSet, Deployment, Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'rollout'>;
const check = 'rollout' as const;
const REVISION = 'deployment.kubernetes.io/revision';

const stateOf = ({ ref }: OwnerLink, rollout: Rollout, ofOldVersion: boolean): readonly Found[] => {
  const { updated, wanted } = rollout;
  const objects = [ref];
  if (rollout.state === 'failed') return [{ check, code: 'rollout-failed', data: { workload: ref, updated, wanted, ofOldVersion, message: rollout.message }, objects }];
  if (rollout.paused) return [{ check, code: 'rollout-paused', data: { workload: ref, updated, wanted, ofOldVersion }, objects }];
  return rollout.state === 'in-progress' ? [{ check, code: 'rollout-in-progress', data: { workload: ref, updated, wanted, ofOldVersion }, objects }] : [];
};

/**
 * A pod of an old ReplicaSet comes back from that same ReplicaSet, so as the version that it is: the rollout takes it away later
 * (kubernetes v1.36 pkg/controller/replicaset, pkg/controller/deployment/rolling.go).
 */
const ofDeployment = (above: OwnerLink, replicaSet: OwnerLink): readonly Found[] => {
  const revision = above.object?.metadata.annotations?.[REVISION];
  const own = replicaSet.object?.metadata.annotations?.[REVISION];
  return stateOf(above, rolloutOfDeployment(above.object as Deployment), revision !== undefined && own !== undefined && own !== revision);
};

const find = (_pod: Pod, { owners, daemonRevision }: Pick<Views, 'owners' | 'daemonRevision'>): readonly Found[] => {
  const [owner, above] = owners.chain;
  if (owner === undefined || owners.recreation.kind !== 'recreated' || owner.object === null) return [];
  if (owner.ref.kind === 'ReplicaSet' && above !== undefined && above.object !== null && above.ref.group === 'apps' && above.ref.kind === 'Deployment') return ofDeployment(above, owner);
  if (owner.ref.kind !== 'DaemonSet') return [];
  const set = owner.object as DaemonSet;
  const { other } = daemonRevision;
  if (other === null) return stateOf(owner, rolloutOfDaemonSet(set), false);
  return [{ check, code: 'comes-back-as-other-version', data: { workload: owner.ref, ...other, strategy: set.spec?.updateStrategy?.type ?? 'RollingUpdate' }, objects: [owner.ref] }];
};

/** A StatefulSet's partition and OnDelete are the `stateful-set` check's: one fact, one finding. */
const rollsOut = (pod: Pod): boolean => (pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && (r.kind === 'ReplicaSet' || r.kind === 'DaemonSet') && r.apiVersion.startsWith('apps/'));

export const rollout = defineCheck({
  id: 'rollout',
  needs: ['owners', 'daemonRevision'],
  notApplicable: (pod) => notForMirrors(pod) ?? (isFinished(pod) ? 'finished: no version runs in it' : rollsOut(pod) ? null : 'no Deployment or DaemonSet owns it'),
  find,
});
