/** The pods of the same controller: members of a set, spare replicas, and those a replacement must not be confused with. */
import { podKind } from '../discovery/built-in.ts';
import { isControlledBy } from '../model/owner.ts';
import { selectorText } from '../model/selector.ts';
import type { LabelSelector } from '../model/selector.ts';
import type { Pod } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { owners } from './owners.ts';
import type { OwnerLink } from './owners.ts';
import { unreadOf } from './want.ts';

export interface MembersView extends View {
  /** Every pod that the target's controller controls, the target too. null: not known (no controller, a custom one, or unread). */
  readonly pods: readonly Pod[] | null;
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

export const members: Fact<MembersView> = {
  rights: [{ group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' }],
  wants: (target, given, seen) => {
    const [owner] = owners.view(target, given, seen).chain;
    const selector = owner === undefined ? null : selectorOfOwner(owner);
    return selector === null ? [] : [{ type: 'list', kind: podKind, namespace: target.ref.namespace, labelSelector: selector, metadataOnly: false }];
  },
  view: (target, given, seen) => {
    const [owner] = owners.view(target, given, seen).chain;
    const selector = owner === undefined ? null : selectorOfOwner(owner);
    if (owner === undefined || selector === null) return { pods: null, unread: [] };
    const listed = seen.list(podKind, target.ref.namespace, selector);
    if (listed.state !== 'found') return { pods: null, unread: unreadOf([listed]) };
    return { pods: listed.value.filter((p) => isControlledBy(p.metadata, owner.ref.uid)), unread: [] };
  },
};
