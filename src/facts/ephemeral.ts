/** Whether the object, or the namespace it is in, says that it is meant to go: previews, debugging, trials. */
import { namespaceKind } from '../discovery/built-in.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import type { Seen, Want } from './want.ts';

/** As a label or an annotation, with the value "true". */
const KEY = 'kubectl-safe-delete/ephemeral';

export interface EphemeralView extends View {
  readonly marked: boolean;
}

const isMarked = ({ metadata }: KubeObject): boolean => metadata.annotations?.[KEY] === 'true' || metadata.labels?.[KEY] === 'true';

/** One GET of metadata a namespace, and none where the object itself is marked. */
const namespaceOf = (target: Target): Extract<Want, { type: 'object' }> | null => {
  const { namespace } = target.ref;
  return namespace === null || isMarked(target.object) ? null : { type: 'object', kind: namespaceKind, namespace: null, name: namespace, metadataOnly: true };
};

const lookedAt = (target: Target, seen: Seen): KubeObject | null => {
  const want = namespaceOf(target);
  const looked = want === null ? null : seen.object(want.kind, null, want.name);
  return looked?.state === 'found' ? looked.value : null;
};

export const ephemeral: Fact<EphemeralView> = {
  rights: [{ group: '', resource: 'namespaces', verbs: ['get', 'list'], scope: 'cluster' }],
  wants: (target) => {
    const want = namespaceOf(target);
    return want === null ? [] : [want];
  },
  view: (target, _given, seen) => {
    const namespace = lookedAt(target, seen);
    // A namespace that may not be read lowers nothing, which is the careful reading: nothing is unknown by it.
    return { marked: isMarked(target.object) || (namespace !== null && isMarked(namespace)), unread: [] };
  },
};
