/**
 * What goes with the target by garbage collection: what it owns, and what that owns (docs/reference/termination.md 6). Owner references do
 * not cross namespaces, so lists of the namespace find it, whatever its labels.
 */
import { builtInKind, podKind } from '../discovery/built-in.ts';
import { isPodKind } from '../model/pod.ts';
import { groupVersion } from '../model/ref.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, OwnerReference } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { hangingOn } from './hanging.ts';
import type { Hanging } from './hanging.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface Dependent {
  readonly ref: Ref & { readonly uid: string };
  /** Whole for pods that could be read, metadata for all else. */
  readonly object: KubeObject;
  /** The command names it as well: it is a target itself. */
  readonly named: boolean;
}

export interface DependentsView extends View {
  /** In the order of the walk down, so far as could be read. */
  readonly found: readonly Dependent[];
  /** There may be more: of kinds that were not looked for, or that could not be read. */
  readonly atLeast: boolean;
  /** An owner of it goes in this run too and takes it along: that one's dependents are these. */
  readonly withOwner: boolean;
}

interface Held {
  readonly kind: Pick<ResourceKind, 'group' | 'version' | 'kind' | 'resource'>;
  readonly object: KubeObject;
}

/** The lists of one namespace that the targets in it need. */
interface Place {
  readonly namespace: string | null;
  readonly lists: readonly { readonly kind: ResourceKind; readonly want: Extract<Want, { type: 'list' }> }[];
  readonly custom: boolean;
  /** Of the last time: the same lists give the same walk. */
  last: { readonly answers: readonly unknown[]; readonly walk: Walk } | null;
}

interface Walk {
  /** By uid: what goes, the named ones too. */
  readonly going: ReadonlyMap<string, Held>;
  /** By uid of an owner. */
  readonly below: ReadonlyMap<string, readonly Held[]>;
  readonly wants: readonly Want[];
  readonly looked: readonly Looked<unknown>[];
}

const ownersOf = (o: KubeObject): readonly OwnerReference[] => o.metadata.ownerReferences ?? [];

/** More selections than this are told apart in one list, as gather does. */
const SELECTIONS = 4;

const podsOf = (hanging: readonly Hanging[]): readonly Pick<Extract<Want, { type: 'list' }>, 'labelSelector' | 'metadataOnly'>[] => {
  const selectors = new Set(hanging.flatMap((h) => (h.pods === null || h.pods === 'all' ? [] : [h.pods.selector])));
  const all = hanging.some((h) => h.pods === 'all');
  if (selectors.size > SELECTIONS) return [{ labelSelector: '', metadataOnly: false }];
  const chosen = [...selectors].map((labelSelector) => ({ labelSelector, metadataOnly: false }));
  return all ? [{ labelSelector: '', metadataOnly: true }, ...chosen] : chosen;
};

const places = new WeakMap<Given, ReadonlyMap<string | null, Place>>();

const placesOf = (given: Given): ReadonlyMap<string | null, Place> => {
  const known = places.get(given);
  if (known !== undefined) return known;
  const byNamespace = new Map<string | null, Hanging[]>();
  for (const target of given.targets) {
    const hanging = hangingOn(target);
    if (hanging === null) continue;
    const here = byNamespace.get(target.ref.namespace);
    if (here === undefined) byNamespace.set(target.ref.namespace, [hanging]);
    else here.push(hanging);
  }
  const made = new Map(
    [...byNamespace].map(([namespace, hanging]): readonly [string | null, Place] => {
      const kinds = new Set(hanging.flatMap((h) => h.kinds));
      const metadata = [...kinds].map((kind) => ({ kind, want: { type: 'list' as const, kind, namespace, labelSelector: '', metadataOnly: true } }));
      const pods = podsOf(hanging).map((how) => ({ kind: podKind, want: { type: 'list' as const, kind: podKind, namespace, ...how } }));
      return [namespace, { namespace, lists: [...metadata, ...pods], custom: hanging.some((h) => h.custom), last: null }];
    }),
  );
  places.set(given, made);
  return made;
};

/** Custom resources that stand between: owners of what was listed, read by their names, up to where the chain is known. */
const between = (place: Place, listed: ReadonlyMap<string, Held>, targets: ReadonlySet<string>, seen: Seen): { readonly held: readonly Held[]; readonly wants: readonly Want[]; readonly answers: readonly unknown[] } => {
  const held = new Map<string, Held>();
  const wants: Want[] = [];
  const answers: unknown[] = [];
  const asked = new Set<string>();
  let open = [...listed.values()];
  while (open.length > 0) {
    const next: Held[] = [];
    for (const reference of open.flatMap((h) => ownersOf(h.object))) {
      const { group, version } = groupVersion(reference.apiVersion);
      if (asked.has(reference.uid) || targets.has(reference.uid) || listed.has(reference.uid) || builtInKind(group, reference.kind) !== null) continue;
      asked.add(reference.uid);
      wants.push({ type: 'kinds', group, version });
      const kinds = seen.kinds(group, version);
      const kind = kinds.state === 'found' ? kinds.value.find((k) => k.kind === reference.kind) : undefined;
      answers.push(kind);
      if (kind === undefined || !kind.namespaced) continue;
      wants.push({ type: 'object', kind, namespace: place.namespace, name: reference.name, metadataOnly: true });
      const looked = seen.object(kind, place.namespace, reference.name);
      answers.push(looked.state === 'found' ? looked.value : looked.state);
      // What may not be read of it is left open by "at least".
      if (looked.state === 'found' && looked.value.metadata.uid === reference.uid) next.push({ kind, object: looked.value });
    }
    for (const h of next) held.set(h.object.metadata.uid, h);
    open = next;
  }
  return { held: [...held.values()], wants, answers };
};

/**
 * What goes, and what goes with that: an object is collected when none of its owners is left (garbagecollector.go attemptToDeleteItem).
 * An owner beside the target counts as there, unless it goes as well.
 */
const walk = (pool: readonly Held[], targets: ReadonlySet<string>): Pick<Walk, 'going' | 'below'> => {
  const owned = pool.filter((h) => ownersOf(h.object).length > 0);
  const gone = new Set(targets);
  const going = new Map<string, Held>();
  for (let more = owned.length > 0; more; ) {
    const next = owned.filter((h) => !going.has(h.object.metadata.uid) && ownersOf(h.object).every((r) => gone.has(r.uid)));
    for (const h of next) {
      gone.add(h.object.metadata.uid);
      going.set(h.object.metadata.uid, h);
    }
    more = next.length > 0;
  }
  const below = new Map<string, Held[]>();
  for (const h of going.values()) {
    for (const { uid } of ownersOf(h.object)) {
      const siblings = below.get(uid);
      if (siblings === undefined) below.set(uid, [h]);
      else siblings.push(h);
    }
  }
  return { going, below };
};

const isSame = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((x, i) => x === b[i]);

/** Whole objects before metadata of the same. */
const poolOf = (place: Place, lists: readonly Looked<readonly KubeObject[]>[]): Map<string, Held> => {
  const pool = new Map<string, Held>();
  for (const [i, looked] of lists.entries()) {
    const kind = place.lists[i]?.kind;
    if (looked.state !== 'found' || kind === undefined) continue;
    for (const object of looked.value) if (!pool.has(object.metadata.uid) || 'spec' in object) pool.set(object.metadata.uid, { kind, object });
  }
  return pool;
};

/** Once for all targets of a namespace: each of them asks in every round. */
const walkOf = (place: Place, targets: readonly Target[], seen: Seen): Walk => {
  const lists = place.lists.map(({ want }) => seen.list(want.kind, want.namespace, want.labelSelector));
  const answers: unknown[] = lists.map((l) => (l.state === 'found' ? l.value : l.state));
  if (place.last !== null && !place.custom && isSame(place.last.answers, answers)) return place.last.walk;
  const uids = new Set(targets.map((t) => t.ref.uid));
  const pool = poolOf(place, lists);
  const custom = place.custom ? between(place, pool, uids, seen) : { held: [], wants: [], answers: [] };
  answers.push(...custom.answers);
  if (place.last !== null && isSame(place.last.answers, answers)) return place.last.walk;
  const made: Walk = { ...walk([...pool.values(), ...custom.held], uids), wants: [...place.lists.map((l) => l.want), ...custom.wants], looked: lists };
  place.last = { answers, walk: made };
  return made;
};

/** Everything that hangs on the uid, by itself or through others, level by level. */
const allBelow = (uid: string, below: Walk['below']): readonly Held[] => {
  const found = new Map<string, Held>();
  let level: readonly string[] = [uid];
  while (level.length > 0) {
    const next = level.flatMap((owner) => below.get(owner) ?? []).filter((h) => !found.has(h.object.metadata.uid));
    for (const h of next) found.set(h.object.metadata.uid, h);
    level = [...new Set(next.map((h) => h.object.metadata.uid))];
  }
  return [...found.values()];
};

const refOf = ({ kind, object }: Held): Ref & { readonly uid: string } => ({
  group: kind.group,
  version: kind.version,
  kind: kind.kind,
  resource: kind.resource,
  namespace: object.metadata.namespace ?? null,
  name: object.metadata.name,
  uid: object.metadata.uid,
});

interface Look {
  readonly wants: readonly Want[];
  readonly view: DependentsView;
}

const nothing: Look = { wants: [], view: { found: [], atLeast: false, withOwner: false, unread: [] } };

const byUid = new WeakMap<Given, ReadonlyMap<string, Target>>();

const targetsOf = (given: Given): ReadonlyMap<string, Target> => {
  const known = byUid.get(given) ?? new Map(given.targets.map((t) => [t.ref.uid, t]));
  byUid.set(given, known);
  return known;
};

const look = (target: Target, given: Given, seen: Seen): Look => {
  const hanging = hangingOn(target);
  const place = placesOf(given).get(target.ref.namespace);
  if (hanging === null || place === undefined) return nothing;
  const { going, below, wants, looked } = walkOf(place, given.targets, seen);
  const targets = targetsOf(given);
  const withOwner = ownersOf(target.object).some((r) => targets.has(r.uid) || going.has(r.uid));
  const more: Want[] = [];
  const answers: Looked<unknown>[] = [...looked];
  const found = allBelow(target.ref.uid, below).flatMap((held): readonly Dependent[] => {
    const ref = refOf(held);
    const named = targets.get(ref.uid);
    if (named !== undefined || !isPodKind(ref) || 'spec' in held.object) return [{ ref, object: named?.object ?? held.object, named: named !== undefined }];
    more.push({ type: 'object', kind: podKind, namespace: ref.namespace, name: ref.name, metadataOnly: false });
    const whole = seen.object(podKind, ref.namespace, ref.name);
    answers.push(whole);
    // One that is gone or replaced since then goes with nobody.
    if (whole.state === 'absent' || (whole.state === 'found' && whole.value.metadata.uid !== ref.uid)) return [];
    return [{ ref, object: whole.state === 'found' ? whole.value : held.object, named: false }];
  });
  const unread = unreadOf(answers);
  return { wants: [...wants, ...more], view: { found, atLeast: hanging.custom || unread.length > 0, withOwner, unread } };
};

export const dependents: Fact<DependentsView> = {
  rights: [
    { group: '', resource: 'pods', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'apps', resource: 'controllerrevisions', verbs: ['list'], scope: 'namespace' },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumeclaims', verbs: ['list'], scope: 'namespace' },
    // For custom resources alone.
    { group: '', resource: 'services', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'configmaps', verbs: ['list'], scope: 'namespace' },
  ],
  wants: (target, given, seen) => look(target, given, seen).wants,
  view: (target, given, seen) => look(target, given, seen).view,
};
