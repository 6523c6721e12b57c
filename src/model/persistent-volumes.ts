/** What a PersistentVolume says about its data: who decides over it, and where it lies. */
import type { Volume } from './wire.ts';

/** What happens to the data when the claim is gone. Recycle wipes it and counts as Delete; null: not known, which counts as Delete too. */
export type Reclaim = 'Delete' | 'Retain' | null;

export const reclaimOf = (volume: Volume): Reclaim => {
  const policy = volume.spec?.persistentVolumeReclaimPolicy;
  return policy === undefined ? null : policy === 'Retain' ? 'Retain' : 'Delete';
};

/** The nodes that a local volume is tied to. */
const nodesOf = (volume: Volume): readonly string[] =>
  (volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? []).flatMap((term) =>
    (term.matchExpressions ?? []).filter((e) => e.key === 'kubernetes.io/hostname' && e.operator === 'In').flatMap((e) => e.values ?? []),
  );

/** Where the data lies, in words that end a sentence: `on node node-1 (/mnt/disk-1)`. null: nothing of it is known. */
export const placeOfData = (volume: Volume): string | null => {
  const { local, hostPath, nfs, csi } = volume.spec ?? {};
  const nodes = [...new Set(nodesOf(volume))];
  if (local !== undefined || hostPath !== undefined) {
    const node = nodes.length === 0 ? 'the node that it was written on' : nodes.length === 1 ? `node ${nodes.join('')}` : `nodes ${nodes.join(', ')}`;
    return `on ${node} (${local?.path ?? hostPath?.path ?? ''})`;
  }
  if (nfs !== undefined) return `on ${nfs.server} (${nfs.path})`;
  return csi === undefined ? null : `in the storage of ${csi.driver} (${csi.volumeHandle})`;
};
