/** The pods of the same controller: members of a set, spare replicas, and those a replacement must not be confused with. */
import { podKind } from '../discovery/built-in.ts';
import { isControlledBy, ownerOf } from '../model/owner.ts';
import { selectorText } from '../model/selector.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { Pod, ReplicaSet } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { owners } from './owners.ts';
import type { OwnerLink } from './owners.ts';
import { unreadOf } from './want.ts';

export interface MembersView extends View {
  /** Every pod that the target's controller controls, the target too. null: not known (no controller, a custom one, or unread). */
  readonly pods: readonly Pod[] | null;
  /** Every pod of the workload at the top: of all ReplicaSets of a Deployment, where `pods` has those of one. null as for `pods`. */
  readonly ofWorkload: readonly Pod[] | null;
}

/** The controller's selector as text; null when its kind has none that is known here. */
export const selectorOfOwner = (owner: OwnerLink): string | null => {
  if (owner.object === null) return null;
  const { spec } = owner.object as { readonly spec?: { readonly selector?: unknown } };
  switch (`${owner.ref.group}/${owner.ref.kind}`) {
    case 'apps/ReplicaSet':
    case 'apps/StatefulSet':
    case 'apps/DaemonSet':
    case 'batch/Job':
      return selectorText(spec?.selector as LabelSelector | undefined);
    case '/ReplicationController':
      return selectorText({ matchLabels: (spec?.selector ?? {}) as Readonly<Record<string, string>> });
    default:
      return null;
  }
};

/** Labels that tell the ReplicaSets of one Deployment, or of one Argo Rollout, apart. */
const templateHashes = ['pod-template-hash', 'rollouts-pod-template-hash'] as const;

/**
 * The selector of all pods of the workload: a Deployment gives its ReplicaSets its own selector and the template's hash (kubernetes v1.36
 * pkg/controller/deployment/sync.go getNewReplicaSet), so without the hash it selects the pods of all of them, in the same request.
 */
const selectorOfWorkload = (owner: OwnerLink): string | null => {
  if (owner.ref.kind !== 'ReplicaSet' || owner.ref.group !== 'apps' || owner.object === null || ownerOf(owner.object.metadata)?.controller !== true) return selectorOfOwner(owner);
  const selector = (owner.object as ReplicaSet).spec?.selector;
  if (selector === undefined) return null;
  const kept = Object.entries(selector.matchLabels ?? {}).filter(([key]) => !templateHashes.some((hash) => hash === key));
  return selectorText({ ...selector, matchLabels: Object.fromEntries(kept) });
};

/** A Deployment's ReplicaSet is called DEPLOYMENT-HASH, and its pods carry the hash: no need to read the other ReplicaSets. */
const isOfReplicaSetOf = (pod: Pod, workload: string): boolean => {
  const owner = ownerOf(pod.metadata);
  if (owner === null || !owner.controller || owner.reference.kind !== 'ReplicaSet') return false;
  return templateHashes.some((hash) => owner.reference.name === `${workload}-${pod.metadata.labels?.[hash] ?? ''}`);
};

type Sorted = Pick<MembersView, 'pods' | 'ofWorkload'>;
const known = new WeakMap<readonly Pod[], Map<string, Sorted>>();

/** Once a list and owner: every pod of a workload asks for the same. */
const sorted = (listed: readonly Pod[], owner: string, workload: string | null): Sorted => {
  const byOwner = known.get(listed) ?? new Map<string, Sorted>();
  known.set(listed, byOwner);
  const key = `${owner} ${workload ?? ''}`;
  const before = byOwner.get(key);
  if (before !== undefined) return before;
  const pods = listed.filter((p) => isControlledBy(p.metadata, owner));
  const found = { pods, ofWorkload: workload === null ? pods : listed.filter((p) => isControlledBy(p.metadata, owner) || isOfReplicaSetOf(p, workload)) };
  byOwner.set(key, found);
  return found;
};

export const members: Fact<MembersView> = {
  rights: [{ group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' }],
  wants: (target, given, seen) => {
    const [owner] = owners.view(target, given, seen).chain;
    const selector = owner === undefined ? null : selectorOfWorkload(owner);
    return selector === null ? [] : [{ type: 'list', kind: podKind, namespace: target.ref.namespace, labelSelector: selector, metadataOnly: false }];
  },
  view: (target, given, seen) => {
    const [owner, above] = owners.view(target, given, seen).chain;
    const selector = owner === undefined ? null : selectorOfWorkload(owner);
    if (owner === undefined || selector === null) return { pods: null, ofWorkload: null, unread: [] };
    const listed = seen.list(podKind, target.ref.namespace, selector);
    if (listed.state !== 'found') return { pods: null, ofWorkload: null, unread: unreadOf([listed]) };
    return { ...sorted(listed.value, owner.ref.uid, owner.ref.kind === 'ReplicaSet' && above?.controller === true ? above.ref.name : null), unread: [] };
  },
};
