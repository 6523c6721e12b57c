/** The claims that a pod's volumes name, and what the pod's end means for each of them. */
import { claimKind, podKind, volumeKind } from '../discovery/built-in.ts';
import { placeOfData, reclaimOf } from '../model/persistent-volumes.ts';
import type { Reclaim } from '../model/persistent-volumes.ts';
import { isTerminating } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Claim, Pod } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Seen, Unread, Want } from './want.ts';

export interface ClaimOfPod {
  readonly ref: Ref;
  /** A generic ephemeral volume: the claim was made for this pod and goes with it. */
  readonly ephemeral: boolean;
  readonly state: 'found' | 'absent' | 'unread';
  readonly claim: Claim | null;
  /** The garbage collector deletes it after the pod: its owner is this pod (StatefulSet whenScaled=Delete, KEP-1847). */
  readonly ownedByPod: boolean;
  readonly terminating: boolean;
  /**
   * Names of the pods that still hold it when the targets of this run are gone; null when it was not looked at. pvc-protection holds a
   * claim while a scheduled pod names it, finished ones too (kubernetes pkg/controller/volume/pvcprotection podUsesPVC).
   */
  readonly otherUsers: readonly string[] | null;
  readonly volume: string | null;
  /** The volume's reclaim policy; null: not looked at or not readable. */
  readonly reclaim: Reclaim;
  /** Where the data lies, in words; null: not known. */
  readonly place: string | null;
}

export interface ClaimsView extends View {
  readonly claims: readonly ClaimOfPod[];
}

const namesOf = (pod: Pod): readonly { readonly name: string; readonly ephemeral: boolean }[] => {
  const named = (pod.spec?.volumes ?? []).flatMap((v) => {
    if (v.persistentVolumeClaim !== undefined) return [{ name: v.persistentVolumeClaim.claimName, ephemeral: false }];
    return v.ephemeral === undefined ? [] : [{ name: `${pod.metadata.name}-${v.name}`, ephemeral: true }];
  });
  return [...new Map(named.map((n) => [n.name, n])).values()];
};

/** The claims that a pod names, generic ephemeral ones included (their claim is called POD-VOLUME). */
const usesClaim = (pod: Pod, claim: string): boolean => namesOf(pod).some((n) => n.name === claim);

/** Holds its claims beyond this run: on a node, and neither a target nor on its way out already. */
const staysHolding = (pod: Pod, given: Given): boolean =>
  (pod.spec?.nodeName ?? '') !== '' && !isTerminating(pod) && !given.targets.some((t) => t.ref.uid === pod.metadata.uid);

interface Looked {
  readonly claims: readonly ClaimOfPod[];
  readonly wants: readonly Want[];
  readonly unread: readonly Unread[];
}

const look = (target: Target, given: Given, seen: Seen): Looked => {
  const pod = target.object as Pod;
  const { namespace } = target.ref;
  const claims: ClaimOfPod[] = [];
  const wants: Want[] = [];
  const unread: Unread[] = [];
  for (const { name, ephemeral } of namesOf(pod)) {
    wants.push({ type: 'object', kind: claimKind, namespace, name, metadataOnly: false });
    const looked = seen.object(claimKind, namespace, name);
    unread.push(...unreadOf([looked]));
    const claim = looked.state === 'found' ? (looked.value as Claim) : null;
    const ownedByPod = (claim?.metadata.ownerReferences ?? []).some((r) => r.uid === target.ref.uid);
    const terminating = claim?.metadata.deletionTimestamp !== undefined;
    const volume = claim?.spec?.volumeName ?? null;
    let reclaim: Reclaim = null;
    let place: string | null = null;
    let otherUsers: readonly string[] | null = null;
    if (claim !== null && (ownedByPod || terminating)) {
      if (volume !== null) {
        wants.push({ type: 'object', kind: volumeKind, namespace: null, name: volume, metadataOnly: false });
        const lookedVolume = seen.object(volumeKind, null, volume);
        unread.push(...unreadOf([lookedVolume]));
        if (lookedVolume.state === 'found') {
          reclaim = reclaimOf(lookedVolume.value);
          place = placeOfData(lookedVolume.value);
        }
      }
      wants.push({ type: 'list', kind: podKind, namespace, labelSelector: '', metadataOnly: false });
      const pods = seen.list(podKind, namespace, '');
      unread.push(...unreadOf([pods]));
      if (pods.state === 'found') {
        otherUsers = (pods.value as readonly Pod[]).filter((p) => usesClaim(p, name) && staysHolding(p, given)).map((p) => p.metadata.name);
      }
    }
    const state = looked.state === 'found' ? 'found' : looked.state === 'absent' ? 'absent' : 'unread';
    const ref: Ref = { ...claimKind, namespace, name, uid: claim?.metadata.uid ?? null };
    claims.push({ ref: refOnly(ref), ephemeral, state, claim, ownedByPod, terminating, otherUsers, volume, reclaim, place });
  }
  return { claims, wants, unread };
};

const refOnly = (r: Ref): Ref => ({ group: r.group, version: r.version, kind: r.kind, resource: r.resource, namespace: r.namespace, name: r.name, uid: r.uid });

export const claims: Fact<ClaimsView> = {
  rights: [
    { group: '', resource: 'persistentvolumeclaims', verbs: ['get', 'list'], scope: 'namespace' },
    { group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumes', verbs: ['get', 'list'], scope: 'cluster' },
  ],
  wants: (target, given, seen) => look(target, given, seen).wants,
  view: (target, given, seen) => {
    const looked = look(target, given, seen);
    return { claims: looked.claims, unread: looked.unread };
  },
};
