import type { Views } from '../facts/facts.ts';
import { isOfOlderRevision, REVISION } from '../facts/owners.ts';
import type { OwnerLink, OwnersView } from '../facts/owners.ts';
import type { FindingOf } from '../findings/finding.ts';
import { isFinished, isPodKind } from '../model/pod.ts';
import { rolloutOfDaemonSet, rolloutOfDeployment } from '../model/rollout.ts';
import type { Rollout } from '../model/rollout.ts';
import type { Target } from '../model/target.ts';
import type { DaemonSet, Deployment, Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'rollout'>;
const check = 'rollout' as const;

const isDeployment = ({ ref }: OwnerLink): boolean => ref.group === 'apps' && ref.kind === 'Deployment';

const stateOf = ({ ref }: Pick<OwnerLink, 'ref'>, rollout: Rollout, ofOldVersion: boolean): readonly Found[] => {
  const { updated, wanted, available } = rollout;
  const objects = [ref];
  if (rollout.state === 'failed') return [{ check, code: 'rollout-failed', data: { workload: ref, updated, wanted, available, ofOldVersion, message: rollout.message }, objects }];
  if (rollout.paused) return [{ check, code: 'rollout-paused', data: { workload: ref, updated, wanted, available, ofOldVersion }, objects }];
  return rollout.state === 'in-progress' ? [{ check, code: 'rollout-in-progress', data: { workload: ref, updated, wanted, available, ofOldVersion }, objects }] : [];
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

/** What is deleted is no pod: the state of its own rollout, and for a ReplicaSet the place that it has in its Deployment's. */
const ofWorkload = (target: Target, { chain, recreation }: OwnersView): readonly Found[] => {
  const { ref, object } = target;
  if (ref.kind === 'Deployment') return stateOf({ ref }, rolloutOfDeployment(object), false);
  if (ref.kind === 'DaemonSet') return stateOf({ ref }, rolloutOfDaemonSet(object), false);
  const [owner] = chain;
  if (owner === undefined || owner.object === null || recreation.kind === 'goes-too' || !isDeployment(owner)) return [];
  const revision = object.metadata.annotations?.[REVISION];
  if (revision !== undefined && isOfOlderRevision(object, owner.object)) return [{ check, code: 'revision-lost', data: { workload: owner.ref, revision }, objects: [owner.ref] }];
  return stateOf(owner, rolloutOfDeployment(owner.object), false);
};

const find = (target: Target, { owners, daemonRevision }: Pick<Views, 'owners' | 'daemonRevision'>): readonly Found[] => {
  if (!isPodKind(target.ref)) return ofWorkload(target, owners);
  const [owner, above] = owners.chain;
  if (owner === undefined || owners.recreation.kind !== 'recreated' || owner.object === null) return [];
  if (owner.ref.kind === 'ReplicaSet' && above !== undefined && above.object !== null && isDeployment(above)) return ofDeployment(above, owner);
  if (owner.ref.kind !== 'DaemonSet') return [];
  const set = owner.object as DaemonSet;
  const { other } = daemonRevision;
  if (other === null) return stateOf(owner, rolloutOfDaemonSet(set), false);
  return [{ check, code: 'comes-back-as-other-version', data: { workload: owner.ref, ...other, strategy: set.spec?.updateStrategy?.type ?? 'RollingUpdate' }, objects: [owner.ref] }];
};

/** A StatefulSet's partition and OnDelete are the `stateful-set` check's: one fact, one finding. */
const rollsOut = (pod: Pod): boolean => (pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && (r.kind === 'ReplicaSet' || r.kind === 'DaemonSet') && r.apiVersion.startsWith('apps/'));

const notApplicable = (object: Pod, { ref }: Target): string | null => {
  if (isPodKind(ref)) return notForMirrors(object) ?? (isFinished(object) ? 'finished: no version runs in it' : rollsOut(object) ? null : 'no Deployment or DaemonSet owns it');
  return ref.kind !== 'ReplicaSet' || (object.metadata.ownerReferences ?? []).some((r) => r.controller === true && r.kind === 'Deployment') ? null : 'no Deployment owns it';
};

export const rollout = defineCheck({
  id: 'rollout',
  kinds: ['/Pod', 'apps/Deployment', 'apps/ReplicaSet', 'apps/DaemonSet'],
  needs: ['owners', 'daemonRevision'],
  notApplicable: (object, _given, target) => notApplicable(object, target),
  find: (_object, views, _given, target) => find(target, views),
});
