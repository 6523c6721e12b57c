/** The pods that go with the target because it owns them: a Spark driver takes its executors along (docs/reference/termination.md 6.2). */
import { podKind } from '../discovery/built-in.ts';
import { isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Pod } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface DependentsView extends View {
  /** Those that the garbage collector removes after the target and that the command does not name. null: not known. */
  readonly pods: readonly Pod[] | null;
}

/** Owner references do not cross namespaces, so one list of metadata finds them all, whatever their labels. */
const listOf = (target: Target): Extract<Want, { type: 'list' }> => ({ type: 'list', kind: podKind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: true });

/** Only pods own them: nothing else of a namespace can go with a pod. */
const isOwnedByPods = (o: KubeObject): boolean => {
  const owners = o.metadata.ownerReferences ?? [];
  return owners.length > 0 && owners.every((r) => r.kind === 'Pod' && r.apiVersion === 'v1');
};

/**
 * What goes, and what goes with that: an object is collected when none of its owners is left (garbagecollector.go attemptToDeleteItem).
 * An owner beside the target counts as there, unless it goes as well.
 */
const collected = (targets: readonly Target[], listed: readonly KubeObject[]): readonly KubeObject[] => {
  const all = listed.filter(isOwnedByPods);
  if (all.length === 0) return [];
  const going = new Set(targets.map((t) => t.ref.uid));
  const found = new Map<string, KubeObject>();
  let more = true;
  while (more) {
    const next = all.filter((o) => !going.has(o.metadata.uid) && (o.metadata.ownerReferences ?? []).every((r) => going.has(r.uid)));
    for (const o of next) {
      going.add(o.metadata.uid);
      found.set(o.metadata.uid, o);
    }
    more = next.length > 0;
  }
  return [...found.values()];
};

const known = new WeakMap<readonly KubeObject[], { readonly targets: readonly Target[]; readonly going: readonly KubeObject[] }>();

/** The same for every target of a run, and each of them asks in every round: worked out once for a list. */
const collectedOnce = (targets: readonly Target[], listed: readonly KubeObject[]): readonly KubeObject[] => {
  const before = known.get(listed);
  if (before?.targets === targets) return before.going;
  const going = collected(targets, listed);
  known.set(listed, { targets, going });
  return going;
};

/** Of what goes, what hangs on this target, by itself or through others. */
const below = (uid: string, going: readonly KubeObject[]): readonly KubeObject[] => {
  const above = new Set([uid]);
  let size = 0;
  while (size !== above.size) {
    size = above.size;
    for (const o of going) if ((o.metadata.ownerReferences ?? []).some((r) => above.has(r.uid))) above.add(o.metadata.uid);
  }
  return going.filter((o) => above.has(o.metadata.uid));
};

interface Found {
  readonly wants: readonly Want[];
  readonly pods: readonly KubeObject[] | null;
  readonly looked: readonly Looked<unknown>[];
}

const look = (target: Target, given: Given, seen: Seen): Found => {
  // Orphaning takes the references off: nothing goes along. What other kinds take along is not looked at here.
  if (given.cascade === 'orphan' || !isPodKind(target.ref)) return { wants: [], pods: [], looked: [] };
  const want = listOf(target);
  const listed = seen.list(want.kind, want.namespace, want.labelSelector);
  if (listed.state !== 'found') return { wants: [want], pods: null, looked: [listed] };
  const metadata = below(target.ref.uid, collectedOnce(given.targets, listed.value));
  const looked = metadata.map((o) => ({ uid: o.metadata.uid, looked: seen.object(podKind, target.ref.namespace, o.metadata.name) }));
  // One that is gone or replaced since then goes with nobody.
  const pods = looked.flatMap((l) => (l.looked.state === 'found' && l.looked.value.metadata.uid === l.uid ? [l.looked.value] : []));
  const wants = metadata.map((o): Want => ({ type: 'object', kind: podKind, namespace: target.ref.namespace, name: o.metadata.name, metadataOnly: false }));
  return { wants: [want, ...wants], pods, looked: looked.map((l) => l.looked) };
};

export const dependents: Fact<DependentsView> = {
  rights: [{ group: '', resource: 'pods', verbs: ['get', 'list'], scope: 'namespace' }],
  wants: (target, given, seen) => look(target, given, seen).wants,
  view: (target, given, seen) => {
    const { pods, looked } = look(target, given, seen);
    return { pods, unread: unreadOf(looked) };
  },
};
