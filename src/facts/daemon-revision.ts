/** Whether a DaemonSet's pod is of its newest template: if not, the replacement is another version. */
import { controllerRevisionKind } from '../discovery/built-in.ts';
import { isControlledBy } from '../model/owner.ts';
import type { Target } from '../model/target.ts';
import type { ControllerRevision, DaemonSet } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { selectorOfOwner } from './members.ts';
import { owners } from './owners.ts';
import type { OwnerLink } from './owners.ts';
import { unreadOf } from './want.ts';
import type { Seen } from './want.ts';

export interface DaemonRevisionView extends View {
  /** null: no DaemonSet owns the target, the pod is of the newest template, or nothing says so. Hashes of the revisions otherwise. */
  readonly other: { readonly from: string | null; readonly to: string | null } | null;
}

const HASH = 'controller-revision-hash';

const daemonSetOf = (target: Target, given: Given, seen: Seen): OwnerLink | null => {
  const [owner] = owners.view(target, given, seen).chain;
  return owner !== undefined && owner.controller && owner.ref.group === 'apps' && owner.ref.kind === 'DaemonSet' && owner.object !== null ? owner : null;
};

/** The template's generation is on the set and on its pods; where they agree, no revision has to be read. */
const sameGeneration = (target: Target, set: DaemonSet): boolean => {
  const generation = set.metadata.annotations?.['deprecated.daemonset.template.generation'];
  return generation !== undefined && target.object.metadata.labels?.['pod-template-generation'] === generation;
};

/**
 * A pod is of the newest template when its generation or its hash says so (kubernetes v1.36 pkg/controller/daemon/util IsPodUpdated); the
 * current ControllerRevision is the one with the highest number (pkg/controller/daemon/update.go constructHistory).
 */
export const daemonRevision: Fact<DaemonRevisionView> = {
  rights: [{ group: 'apps', resource: 'controllerrevisions', verbs: ['list'], scope: 'namespace' }],
  wants: (target, given, seen) => {
    const owner = daemonSetOf(target, given, seen);
    const selector = owner === null || sameGeneration(target, owner.object as DaemonSet) ? null : selectorOfOwner(owner);
    return selector === null ? [] : [{ type: 'list', kind: controllerRevisionKind, namespace: target.ref.namespace, labelSelector: selector, metadataOnly: false }];
  },
  view: (target, given, seen) => {
    const owner = daemonSetOf(target, given, seen);
    if (owner === null || sameGeneration(target, owner.object as DaemonSet)) return { other: null, unread: [] };
    const listed = seen.list(controllerRevisionKind, target.ref.namespace, selectorOfOwner(owner) ?? '');
    if (listed.state !== 'found') return { other: null, unread: unreadOf([listed]) };
    const history = (listed.value as readonly ControllerRevision[]).filter((r) => isControlledBy(r.metadata, owner.ref.uid));
    const newest = history.reduce<ControllerRevision | null>((a, b) => (a === null || b.revision > a.revision ? b : a), null);
    const from = target.object.metadata.labels?.[HASH] ?? null;
    const to = newest?.metadata.labels?.[HASH] ?? null;
    return { other: to === null || from === to ? null : { from, to }, unread: [] };
  },
};
