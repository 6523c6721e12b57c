/** Who holds a claim, and which claim holds a volume. */
import { claimKind, podKind } from '../discovery/built-in.ts';
import { isFinished, isTerminating } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Pod, Volume } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';

export interface UserOfClaim {
  readonly ref: Ref;
  readonly finished: boolean;
  readonly terminating: boolean;
}

export interface ClaimUsersView extends View {
  /** Pods on a node that name the claim; finished ones hold it too (kubernetes pkg/controller/volume/pvcprotection podUsesPVC). null: not known. */
  readonly users: readonly UserOfClaim[] | null;
  /** The claim that the volume is bound to, and whether it is still there; null: none, or the target is no volume. */
  readonly boundTo: { readonly ref: Ref; readonly there: boolean } | null;
}

const isClaim = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'PersistentVolumeClaim';
const isVolume = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'PersistentVolume';

const names = (pod: Pod, claim: string): boolean =>
  (pod.spec?.volumes ?? []).some((v) => v.persistentVolumeClaim?.claimName === claim || (v.ephemeral !== undefined && `${pod.metadata.name}-${v.name}` === claim));

const userOf = (pod: Pod): UserOfClaim => ({
  ref: { group: '', version: 'v1', kind: podKind.kind, resource: podKind.resource, namespace: pod.metadata.namespace ?? null, name: pod.metadata.name, uid: pod.metadata.uid },
  finished: isFinished(pod),
  terminating: isTerminating(pod),
});

const boundClaim = (object: KubeObject): { readonly namespace: string; readonly name: string; readonly uid: string | null } | null => {
  const { spec, status } = object as Volume;
  const { namespace, name, uid } = spec?.claimRef ?? {};
  return status?.phase === 'Bound' && namespace !== undefined && name !== undefined ? { namespace, name, uid: uid ?? null } : null;
};

export const claimUsers: Fact<ClaimUsersView> = {
  rights: [
    { group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumeclaims', verbs: ['get'], scope: 'namespace' },
  ],
  wants: (target) => {
    if (isClaim(target)) return [{ type: 'list', kind: podKind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: false }];
    const bound = isVolume(target) ? boundClaim(target.object) : null;
    return bound === null ? [] : [{ type: 'object', kind: claimKind, namespace: bound.namespace, name: bound.name, metadataOnly: true }];
  },
  view: (target, _given, seen) => {
    if (isClaim(target)) {
      const pods = seen.list(podKind, target.ref.namespace, '');
      if (pods.state !== 'found') return { users: null, boundTo: null, unread: unreadOf([pods]) };
      const users = (pods.value as readonly Pod[]).filter((p) => (p.spec?.nodeName ?? '') !== '' && names(p, target.ref.name)).map(userOf);
      return { users, boundTo: null, unread: [] };
    }
    const bound = isVolume(target) ? boundClaim(target.object) : null;
    if (bound === null) return { users: null, boundTo: null, unread: [] };
    const claim = seen.object(claimKind, bound.namespace, bound.name);
    const there = claim.state !== 'absent' && !(claim.state === 'found' && bound.uid !== null && claim.value.metadata.uid !== bound.uid);
    const ref: Ref = { group: '', version: 'v1', kind: claimKind.kind, resource: claimKind.resource, namespace: bound.namespace, name: bound.name, uid: bound.uid };
    return { users: null, boundTo: { ref, there }, unread: unreadOf([claim]) };
  },
};
