/** What a deletion means for claims, volumes and their data, where it is not a pod's own: named ones, a set's, and those that go with their owner. */
import { builtInKind, claimKind, podKind, volumeKind } from '../discovery/built-in.ts';
import { placeOfData, reclaimOf } from '../model/persistent-volumes.ts';
import type { Reclaim } from '../model/persistent-volumes.ts';
import { isPodKind } from '../model/pod.ts';
import { groupVersion } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import { ordinalOfClaim, startOrdinal } from '../model/stateful-set.ts';
import type { Target } from '../model/target.ts';
import type { Claim, KubeObject, OwnerReference, Pod, StatefulSet, Volume } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goingUids, namespacesGoing } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Unread, Want } from './want.ts';

export interface ClaimData {
  readonly ref: Ref;
  readonly accessModes: readonly string[];
  /** `unbound`: it never had a volume; `lost`: its volume does not exist any more. Either way there is no data to lose. */
  readonly state: 'bound' | 'unbound' | 'lost';
  readonly volume: string | null;
  /** null: not readable. */
  readonly reclaim: Reclaim;
  readonly place: string | null;
}

export interface GoingClaim extends ClaimData {
  /** The target is a set and it is a claim of its template: that it goes is the set's own retention policy. */
  readonly ofSet: boolean;
}

export interface StorageView extends View {
  /** The target, where it is a claim. */
  readonly claim: ClaimData | null;
  /** Claims that the garbage collector deletes after the target and that the command does not name. Ephemeral ones are meant to go and are not among them. */
  readonly going: readonly GoingClaim[];
  /** Claims of a set's templates that stay. */
  readonly staying: readonly ClaimData[];
}

const MAX_DEPTH = 8;

/** Their objects own nothing, and there may be thousands of them. */
const ownNothing: ReadonlySet<string> = new Set(['/Event', 'events.k8s.io/Event', '/Endpoints', 'discovery.k8s.io/EndpointSlice', 'coordination.k8s.io/Lease', 'apps/ControllerRevision']);

const isSet = ({ ref }: Target): boolean => ref.kind === 'StatefulSet' && (ref.group === 'apps' || ref.group === 'apps.kruise.io');
const isCustom = ({ ref }: Target): boolean => ref.group.includes('.') && !ref.group.endsWith('.k8s.io');

const owners = new WeakMap<readonly KubeObject[], ReadonlySet<string>>();
const ownersAmong = (listed: readonly KubeObject[]): ReadonlySet<string> => {
  const known = owners.get(listed);
  if (known !== undefined) return known;
  const uids = new Set(listed.flatMap((o) => (o.metadata.ownerReferences ?? []).map((r) => r.uid)));
  owners.set(listed, uids);
  return uids;
};

/** Where claims may go with the target; undefined: nowhere. Claims of a cluster-scoped custom resource may be in any namespace. */
const placeToLook = (target: Target, seen: Seen): string | null | undefined => {
  const { ref } = target;
  if (ownNothing.has(`${ref.group}/${ref.kind}`)) return undefined;
  if (ref.namespace === null) return isCustom(target) ? null : undefined;
  if (!isPodKind(ref)) return ref.namespace;
  // Its own claims are told by its volumes. One that takes other pods along takes their claims along as well (a Spark driver).
  const pods = seen.list(podKind, ref.namespace, '');
  return pods.state === 'found' && ownersAmong(pods.value).has(ref.uid) ? ref.namespace : undefined;
};

interface Walk {
  readonly goes: boolean;
  /** The targets above that take it along. */
  readonly above: ReadonlySet<string>;
}

/** Of one namespace: what goes with the targets of the run, and what has to be read to know. */
interface Found {
  readonly listed: Looked<readonly KubeObject[]>;
  readonly going: readonly { readonly claim: Claim; readonly above: ReadonlySet<string> }[];
  readonly wants: readonly Want[];
  readonly unread: readonly Unread[];
}

const stays: Walk = { goes: false, above: new Set() };

/** An object is collected when none of its owners is left (garbagecollector.go attemptToDeleteItem): an owner that stays keeps it. */
const walkUp = (start: KubeObject, namespace: string | null, given: Given, seen: Seen, wants: Want[], unread: Unread[], depth = 0): Walk => {
  const references = start.metadata.ownerReferences ?? [];
  if (references.length === 0 || depth === MAX_DEPTH) return stays;
  const above = new Set<string>();
  for (const reference of references) {
    if (goingUids(given).has(reference.uid)) {
      above.add(reference.uid);
      continue;
    }
    const walked = walkOwner(reference, namespace, given, seen, wants, unread, depth);
    if (walked === null) continue;
    if (!walked.goes) return stays;
    for (const uid of walked.above) above.add(uid);
  }
  return { goes: above.size > 0, above };
};

/** null: it is gone already and keeps nothing. */
const walkOwner = (reference: OwnerReference, namespace: string | null, given: Given, seen: Seen, wants: Want[], unread: Unread[], depth: number): Walk | null => {
  const { group, version } = groupVersion(reference.apiVersion);
  const builtIn = builtInKind(group, reference.kind);
  const kinds = seen.kinds(group, version);
  if (builtIn === null) {
    wants.push({ type: 'kinds', group, version });
    unread.push(...unreadOf([kinds]));
  }
  const kind = builtIn ?? (kinds.state === 'found' ? kinds.value.find((k) => k.kind === reference.kind) : undefined);
  if (kind === undefined) return stays;
  const at = kind.namespaced ? namespace : null;
  // A pod's volumes tell whether the claim is an ephemeral one of it.
  const metadataOnly = !isPodKind(kind);
  wants.push({ type: 'object', kind, namespace: at, name: reference.name, metadataOnly });
  const looked = seen.object(kind, at, reference.name);
  unread.push(...unreadOf([looked]));
  if (looked.state === 'absent' || (looked.state === 'found' && looked.value.metadata.uid !== reference.uid)) return null;
  return looked.state === 'found' ? walkUp(looked.value, namespace, given, seen, wants, unread, depth + 1) : stays;
};

/** The claim of a generic ephemeral volume: its pod's own, and meant to go with it. */
const isEphemeral = (claim: KubeObject, seen: Seen, targets: readonly Target[]): boolean =>
  (claim.metadata.ownerReferences ?? []).some((r) => {
    if (r.kind !== 'Pod' || r.controller !== true) return false;
    const looked = seen.object(podKind, claim.metadata.namespace ?? null, r.name);
    const pod: Pod | undefined = targets.find((t) => t.ref.uid === r.uid)?.object ?? (looked.state === 'found' ? looked.value : undefined);
    return (pod?.spec?.volumes ?? []).some((v) => v.ephemeral !== undefined && claim.metadata.name === `${r.name}-${v.name}`);
  });

const lookIn = (namespace: string | null, given: Given, seen: Seen): Found => {
  const wants: Want[] = [{ type: 'list', kind: claimKind, namespace, labelSelector: '', metadataOnly: false }];
  const listed = seen.list(claimKind, namespace, '');
  const unread = [...unreadOf([listed])];
  const going: { claim: Claim; above: ReadonlySet<string> }[] = [];
  // Orphaning takes the references off: nothing goes along.
  // What goes with a namespace is told as its contents.
  const leaving = namespacesGoing(given);
  if (listed.state !== 'found' || given.cascade === 'orphan') return { listed, going, wants, unread };
  for (const claim of listed.value as readonly Claim[]) {
    if (goingUids(given).has(claim.metadata.uid) || claim.metadata.deletionTimestamp !== undefined || leaving.has(claim.metadata.namespace ?? '')) continue;
    const { goes, above } = walkUp(claim, claim.metadata.namespace ?? namespace, given, seen, wants, unread);
    if (!goes || isEphemeral(claim, seen, given.targets)) continue;
    going.push({ claim, above });
    wants.push(...volumeWant(claim));
  }
  return { listed, going, wants, unread };
};

const volumeWant = (claim: Claim): readonly Want[] => {
  const name = claim.spec?.volumeName ?? '';
  return name === '' || claim.status?.phase === 'Pending' ? [] : [{ type: 'object', kind: volumeKind, namespace: null, name, metadataOnly: false }];
};

const refOf = (claim: Claim): Ref => ({ group: '', version: 'v1', kind: 'PersistentVolumeClaim', resource: 'persistentvolumeclaims', namespace: claim.metadata.namespace ?? null, name: claim.metadata.name, uid: claim.metadata.uid });

const dataOf = (claim: Claim, seen: Seen, unread: Unread[]): ClaimData => {
  const name = claim.spec?.volumeName ?? '';
  const about = { ref: refOf(claim), accessModes: claim.spec?.accessModes ?? [] };
  if (name === '' || claim.status?.phase === 'Pending') return { ...about, state: 'unbound', volume: null, reclaim: null, place: null };
  const looked = seen.object(volumeKind, null, name);
  unread.push(...unreadOf([looked]));
  const volume: Volume | null = looked.state === 'found' ? looked.value : null;
  return { ...about, state: looked.state === 'absent' ? 'lost' : 'bound', volume: name, reclaim: volume === null ? null : reclaimOf(volume), place: volume === null ? null : placeOfData(volume) };
};

/** What a set's claims without an owner wait for: its controller is about to give them to the set. */
const isAboutToGo = (claim: Claim, set: StatefulSet, ordinal: number): boolean => {
  const { replicas = 1, persistentVolumeClaimRetentionPolicy: policy } = set.spec ?? {};
  const start = startOrdinal(set);
  return policy?.whenDeleted === 'Delete' && (claim.metadata.ownerReferences ?? []).length === 0 && ordinal >= start && ordinal < start + replicas;
};

const found = new WeakMap<Given, Map<string | null, Found>>();

/** Once a namespace, when everything has been read. */
const foundIn = (namespace: string | null, given: Given, seen: Seen): Found => {
  const known = found.get(given) ?? new Map<string | null, Found>();
  found.set(given, known);
  const before = known.get(namespace);
  if (before !== undefined) return before;
  const now = lookIn(namespace, given, seen);
  known.set(namespace, now);
  return now;
};

const firsts = new WeakMap<Given, Map<string | null, string>>();

/** Every target of a namespace would want the same: the first one that looks there asks for all. */
const asksFor = (target: Target, namespace: string | null, given: Given): boolean => {
  const first = firsts.get(given) ?? new Map<string | null, string>();
  firsts.set(given, first);
  const { uid } = target.ref;
  if (!first.has(namespace)) first.set(namespace, uid);
  return first.get(namespace) === uid;
};

const isClaim = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'PersistentVolumeClaim';

const ofTemplates = (target: Target, place: string | null, given: Given, seen: Seen): readonly { readonly claim: Claim; readonly ordinal: number }[] => {
  if (!isSet(target)) return [];
  const { listed } = foundIn(place, given, seen);
  if (listed.state !== 'found') return [];
  return (listed.value as readonly Claim[]).flatMap((claim) => {
    const ordinal = ordinalOfClaim(target.object, claim.metadata.name);
    return ordinal === null || claim.metadata.deletionTimestamp !== undefined || goingUids(given).has(claim.metadata.uid) ? [] : [{ claim, ordinal }];
  });
};

const wants = (target: Target, given: Given, seen: Seen): readonly Want[] => {
  const own = isClaim(target) ? volumeWant(target.object) : [];
  const place = placeToLook(target, seen);
  if (place === undefined || !asksFor(target, place, given)) return own;
  const { listed, wants: more } = lookIn(place, given, seen);
  const sets = listed.state === 'found' && given.cascade !== 'orphan' ? given.targets.filter((t) => isSet(t) && t.ref.namespace === place) : [];
  const waiting = sets.flatMap((t) =>
    ((listed.state === 'found' ? listed.value : []) as readonly Claim[]).filter((claim) => {
      const ordinal = ordinalOfClaim(t.object, claim.metadata.name);
      return ordinal !== null && isAboutToGo(claim, t.object, ordinal);
    }),
  );
  return [...own, ...more, ...waiting.flatMap(volumeWant)];
};

const view = (target: Target, given: Given, seen: Seen): StorageView => {
  const unread: Unread[] = [];
  const claim = isClaim(target) ? dataOf(target.object, seen, unread) : null;
  const place = placeToLook(target, seen);
  if (place === undefined) return { claim, going: [], staying: [], unread };
  const there = foundIn(place, given, seen);
  unread.push(...there.unread);
  const own = new Set(isPodKind(target.ref) ? ((target.object as Pod).spec?.volumes ?? []).map((v) => v.persistentVolumeClaim?.claimName) : []);
  const templated = ofTemplates(target, place, given, seen);
  const mine = there.going.filter((g) => g.above.has(target.ref.uid) && !own.has(g.claim.metadata.name));
  const soon = given.cascade === 'orphan' ? [] : templated.filter((t) => isAboutToGo(t.claim, target.object as StatefulSet, t.ordinal));
  const goes = new Set([...mine, ...soon].map((g) => g.claim.metadata.uid));
  const going = [...mine, ...soon].map((g): GoingClaim => ({ ...dataOf(g.claim, seen, unread), ofSet: templated.some((t) => t.claim === g.claim) }));
  const staying = templated.filter((t) => !goes.has(t.claim.metadata.uid)).map((t): ClaimData => ({ ref: refOf(t.claim), accessModes: t.claim.spec?.accessModes ?? [], state: 'bound', volume: t.claim.spec?.volumeName ?? null, reclaim: null, place: null }));
  return { claim, going, staying, unread: [...new Set(unread)] };
};

export const storage: Fact<StorageView> = {
  rights: [
    { group: '', resource: 'persistentvolumeclaims', verbs: ['get', 'list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumes', verbs: ['get', 'list'], scope: 'cluster' },
  ],
  wants,
  view,
};
