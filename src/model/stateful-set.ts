/** Rules of the StatefulSet controller (kubernetes pkg/controller/statefulset), as functions of the object. */
import type { StatefulSet } from './wire.ts';

/** majority(n) = floor(n/2)+1: of 3 members 2, of 4 members 3. */
export const majorityOf = (replicas: number): number => Math.floor(replicas / 2) + 1;

export const startOrdinal = (set: StatefulSet): number => set.spec?.ordinals?.start ?? 0;

/** The revision that the pod of this ordinal is made from (stateful_set_utils.go newVersionedStatefulSetPod, v1.36). null: not known. */
export const revisionOnReturn = (set: StatefulSet, ordinal: number): string | null => {
  const { currentRevision, updateRevision, currentReplicas } = set.status ?? {};
  const strategy = set.spec?.updateStrategy;
  const rolling = strategy?.rollingUpdate;
  const below =
    rolling === undefined
      ? (strategy?.type ?? 'RollingUpdate') === 'RollingUpdate' && ordinal < startOrdinal(set) + (currentReplicas ?? 0)
      : ordinal < startOrdinal(set) + (rolling.partition ?? 0);
  return (below ? currentRevision : updateRevision) ?? null;
};

/** The ordinal of a claim that the set makes from its templates, TEMPLATE-SET-ORDINAL (getPersistentVolumeClaimName); null when it is none of them. */
export const ordinalOfClaim = (set: StatefulSet, claim: string): number | null => {
  for (const template of set.spec?.volumeClaimTemplates ?? []) {
    const prefix = `${template.metadata?.name ?? ''}-${set.metadata.name}-`;
    const ordinal = claim.startsWith(prefix) ? claim.slice(prefix.length) : '';
    if (/^\d+$/u.test(ordinal)) return Number(ordinal);
  }
  return null;
};
