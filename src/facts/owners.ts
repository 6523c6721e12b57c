/** The chain of owners, bottom up, and what it means for the target: does something create it again? */
import { builtInKind, isBuiltInGroup } from '../discovery/built-in.ts';
import type { NotRecreatedBecause } from '../findings/finding.ts';
import { ownerOf } from '../model/owner.ts';
import { groupVersion } from '../model/ref.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Deployment, Job, KubeObject, OwnerReference, ReplicaSet, StatefulSet } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { namedOwner } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Unread, Want } from './want.ts';

const MAX_DEPTH = 8;

export interface OwnerLink {
  readonly ref: Ref & { readonly uid: string };
  /** The reference has `controller: true`. */
  readonly controller: boolean;
  /** `gone`: no such object, or one with another uid: the garbage collector removes the dependent anyway. */
  readonly state: 'found' | 'gone' | 'unread';
  readonly object: KubeObject | null;
}

export type Recreation =
  | { readonly kind: 'nothing' }
  /** An owner is deleted in this run too: it creates nothing any more. */
  | { readonly kind: 'goes-too'; readonly owner: OwnerLink }
  | { readonly kind: 'owner-gone'; readonly owner: OwnerLink }
  | { readonly kind: 'not-recreated'; readonly owner: OwnerLink; readonly because: NotRecreatedBecause }
  | { readonly kind: 'recreated'; readonly owner: OwnerLink; readonly top: OwnerLink; readonly sameName: boolean; readonly replicas: number | null }
  /** A custom owner: its controller decides. */
  | { readonly kind: 'custom'; readonly owner: OwnerLink }
  | { readonly kind: 'unread'; readonly owner: OwnerLink };

export interface OwnersView extends View {
  readonly chain: readonly OwnerLink[];
  readonly recreation: Recreation;
}

/** The resource that serves an owner reference's kind; null with a want while it is not known. */
const kindFor = (reference: OwnerReference, seen: Seen): { readonly kind: ResourceKind | null; readonly looked: Looked<unknown>; readonly want: Want | null } => {
  const { group, version } = groupVersion(reference.apiVersion);
  const known = builtInKind(group, reference.kind);
  if (known !== null) return { kind: known, looked: { state: 'found', value: known }, want: null };
  const kinds = seen.kinds(group, version);
  const kind = kinds.state === 'found' ? (kinds.value.find((k) => k.kind === reference.kind) ?? null) : null;
  return { kind, looked: kinds, want: { type: 'kinds', group, version } };
};

const notRead = (ref: Ref, why: string): Unread => ({ verb: 'get', group: ref.group, resource: ref.resource, namespace: ref.namespace, why, denied: false });

interface Walked {
  readonly chain: readonly OwnerLink[];
  readonly wants: readonly Want[];
  readonly unread: readonly Unread[];
}

const walk = (start: KubeObject, seen: Seen): Walked => {
  const chain: OwnerLink[] = [];
  const wants: Want[] = [];
  const unread: Unread[] = [];
  const uids = new Set([start.metadata.uid]);
  let current: KubeObject | null = start;
  while (current !== null && chain.length < MAX_DEPTH) {
    const owner = ownerOf(current.metadata);
    if (owner === null || uids.has(owner.reference.uid)) break;
    uids.add(owner.reference.uid);
    const { reference } = owner;
    const { kind, looked, want } = kindFor(reference, seen);
    if (want !== null) wants.push(want);
    const { group, version } = groupVersion(reference.apiVersion);
    const namespace = kind === null || kind.namespaced ? (start.metadata.namespace ?? null) : null;
    const ref = { group, version: kind?.version ?? version, kind: reference.kind, resource: kind?.resource ?? reference.kind.toLowerCase(), namespace, name: reference.name, uid: reference.uid };
    unread.push(...unreadOf([looked]));
    if (kind === null) {
      // The kind is not served (any more), or not known yet: nothing proves that the owner is gone.
      if (looked.state !== 'unread') unread.push(notRead(ref, `the API server serves no ${reference.kind} in ${reference.apiVersion}`));
      chain.push({ ref, controller: owner.controller, state: 'unread', object: null });
      break;
    }
    const path = { group, version: kind.version, resource: kind.resource };
    wants.push({ type: 'object', kind: path, namespace, name: reference.name, metadataOnly: builtInKind(group, reference.kind) === null });
    const object = seen.object(path, namespace, reference.name);
    unread.push(...unreadOf([object]));
    if (object.state === 'not-asked') unread.push(notRead(ref, 'the chain of owners is too long to follow'));
    const found: KubeObject | null = object.state === 'found' && object.value.metadata.uid === reference.uid ? object.value : null;
    const gone = object.state === 'absent' || (object.state === 'found' && found === null);
    chain.push({ ref, controller: owner.controller, state: found === null ? (gone ? 'gone' : 'unread') : 'found', object: found });
    current = found;
  }
  return { chain, wants, unread };
};

/** The ordinal of a StatefulSet's pod, from its index label or its name (kubernetes pkg/controller/statefulset getParentNameAndOrdinal). */
export const ordinalOf = (pod: KubeObject): number | null => {
  const text = pod.metadata.labels?.['apps.kubernetes.io/pod-index'] ?? /-(\d+)$/.exec(pod.metadata.name)?.[1];
  const ordinal = text === undefined ? Number.NaN : Number(text);
  return Number.isInteger(ordinal) ? ordinal : null;
};

const isOver = (job: Job): boolean => (job.status?.conditions ?? []).some((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True');

const kindOf = (ref: Ref): string => `${ref.group}/${ref.kind}`;

const whyNotRecreated = (target: KubeObject, owner: OwnerLink, object: KubeObject): NotRecreatedBecause | null => {
  if (object.metadata.deletionTimestamp !== undefined) return 'owner-terminating';
  switch (kindOf(owner.ref)) {
    case 'apps/ReplicaSet':
    case '/ReplicationController':
    case 'apps/Deployment':
      return (object as ReplicaSet | Deployment).spec?.replicas === 0 ? 'scaled-to-zero' : null;
    case 'apps/StatefulSet': {
      const { spec } = object as StatefulSet;
      const start = spec?.ordinals?.start ?? 0;
      const replicas = spec?.replicas ?? 1;
      const ordinal = ordinalOf(target);
      if (replicas === 0) return 'scaled-to-zero';
      return ordinal !== null && (ordinal < start || ordinal >= start + replicas) ? 'ordinal-outside-replicas' : null;
    }
    case 'batch/Job':
      if (isOver(object)) return 'job-finished';
      return (object as Job).spec?.suspend === true ? 'job-suspended' : null;
    default:
      return null;
  }
};

const replicasOf = (owner: OwnerLink): number | null => {
  const { spec } = (owner.object ?? {}) as Partial<ReplicaSet>;
  return spec?.replicas ?? null;
};

/** What each controller creates when it is missing (docs/reference/termination.md 6.1). What else has such an owner is not made by it. */
const creates: Readonly<Record<string, string>> = {
  'apps/Deployment': 'apps/ReplicaSet',
  'apps/ReplicaSet': '/Pod',
  '/ReplicationController': '/Pod',
  'apps/StatefulSet': '/Pod',
  'apps/DaemonSet': '/Pod',
  'batch/Job': '/Pod',
  '/Node': '/Pod',
  '/Service': 'discovery.k8s.io/EndpointSlice',
};

/** Of a ReplicaSet its number, of a Deployment that of the newest one. */
export const REVISION = 'deployment.kubernetes.io/revision';

/** An older ReplicaSet is history: its Deployment makes none but the newest (kubernetes v1.36 pkg/controller/deployment/sync.go). */
export const isOfOlderRevision = (replicaSet: KubeObject, deployment: KubeObject): boolean => {
  const own = replicaSet.metadata.annotations?.[REVISION];
  const newest = deployment.metadata.annotations?.[REVISION];
  return own !== undefined && newest !== undefined && own !== newest;
};

const recreationOf = (target: Target, chain: readonly OwnerLink[], given: Given): Recreation => {
  const [owner] = chain;
  if (owner === undefined) return { kind: 'nothing' };
  const named = namedOwner(chain, given);
  if (named !== null) return { kind: 'goes-too', owner: named };
  if (owner.state === 'gone') return { kind: 'owner-gone', owner };
  if (!owner.controller) return { kind: 'custom', owner };
  const made = creates[kindOf(owner.ref)];
  // A CronJob makes a new Job at its next time, not this one again; a StatefulSet's claim comes back with its pod alone.
  if (isBuiltInGroup(owner.ref.group) && made !== kindOf(target.ref)) return { kind: 'nothing' };
  if (owner.object === null) return { kind: 'unread', owner };
  // The owner that is going or scaled down may be higher up: a Deployment that is being deleted takes its ReplicaSet along.
  for (const link of chain) {
    const because = link.object === null ? null : whyNotRecreated(target.object, link, link.object);
    if (because !== null) return { kind: 'not-recreated', owner: link, because };
  }
  if (made === undefined) return { kind: 'custom', owner };
  if (made === 'apps/ReplicaSet' && isOfOlderRevision(target.object, owner.object)) return { kind: 'nothing' };
  const top = chain.findLast((link) => link.state === 'found') ?? owner;
  return { kind: 'recreated', owner, top, sameName: owner.ref.kind === 'StatefulSet' || owner.ref.kind === 'Deployment', replicas: replicasOf(top) ?? replicasOf(owner) };
};

export const owners: Fact<OwnersView> = {
  rights: [
    { group: 'apps', resource: 'replicasets', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'apps', resource: 'deployments', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'apps', resource: 'statefulsets', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'apps', resource: 'daemonsets', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'batch', resource: 'jobs', verbs: ['get', 'list'], scope: 'namespace' },
    { group: 'batch', resource: 'cronjobs', verbs: ['get', 'list'], scope: 'namespace' },
    { group: '', resource: 'replicationcontrollers', verbs: ['get', 'list'], scope: 'namespace' },
    { group: '', resource: 'services', verbs: ['get', 'list'], scope: 'namespace' },
  ],
  wants: (target, _given, seen) => walk(target.object, seen).wants,
  view: (target, given, seen) => {
    const { chain, unread } = walk(target.object, seen);
    return { chain, recreation: recreationOf(target, chain, given), unread };
  },
};

/** The pod's set if a StatefulSet of apps owns it; the kind of the same name in other groups is another thing. */
export const statefulSetOf = (chain: readonly OwnerLink[]): OwnerLink | null => {
  const [owner] = chain;
  return owner !== undefined && owner.controller && owner.ref.group === 'apps' && owner.ref.kind === 'StatefulSet' ? owner : null;
};

