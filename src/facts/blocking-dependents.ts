/** What a foreground deletion waits for: dependents with blockOwnerDeletion (kubernetes garbagecollector.go processDeletingDependentsItem). */
import { builtInKind } from '../discovery/built-in.ts';
import { isTerminating } from '../model/pod.ts';
import type { ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import type { LeftObject } from './left-in-namespace.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface BlockingDependentsView extends View {
  readonly dependents: readonly LeftObject[];
}

/** Kinds that usually are dependents; the others are looked at only if none of these is left. */
const usual = [['', 'Pod'], ['apps', 'ReplicaSet'], ['batch', 'Job'], ['apps', 'StatefulSet'], ['apps', 'Deployment'], ['apps', 'DaemonSet'], ['', 'Service'], ['', 'PersistentVolumeClaim']] as const;
const usualKinds: readonly ResourceKind[] = usual.flatMap(([group, kind]) => builtInKind(group, kind) ?? []);

const waits = ({ object }: Target): boolean => object.metadata.finalizers?.includes('foregroundDeletion') === true;

const listOf = (kind: ResourceKind, target: Target): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: true });

const blocks = (o: KubeObject, owner: string): boolean => (o.metadata.ownerReferences ?? []).some((r) => r.uid === owner && r.blockOwnerDeletion === true);

const found = (kinds: readonly ResourceKind[], target: Target, seen: Seen): readonly LeftObject[] =>
  kinds.flatMap((kind) => {
    const listed = seen.list(kind, target.ref.namespace, '');
    if (listed.state !== 'found') return [];
    return listed.value
      .filter((o) => blocks(o, target.ref.uid))
      .map((o): LeftObject => ({
        ref: { group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: o.metadata.namespace ?? null, name: o.metadata.name, uid: o.metadata.uid },
        finalizers: o.metadata.finalizers ?? [],
        terminating: isTerminating(o),
      }));
  });

/** Of every other group its preferred version: the kinds that are not known by name. */
const otherKinds = (target: Target, seen: Seen): { readonly kinds: readonly ResourceKind[]; readonly wants: readonly Want[] } => {
  const groups = seen.groups();
  if (groups.state !== 'found') return { kinds: [], wants: [{ type: 'groups' }] };
  const wants: Want[] = [];
  const kinds = groups.value.flatMap(({ group, version }) => {
    // Records and reviews own nothing and are owned by nobody.
    if (['events.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io', 'metrics.k8s.io', 'coordination.k8s.io'].includes(group)) return [];
    wants.push({ type: 'kinds', group, version });
    const of = seen.kinds(group, version);
    return of.state === 'found' ? of.value.filter((k) => k.namespaced === (target.ref.namespace !== null) && !usualKinds.some((u) => u.group === k.group && u.resource === k.resource)) : [];
  });
  return { kinds, wants };
};

const isLooked = (kinds: readonly ResourceKind[], target: Target, seen: Seen): boolean => kinds.every((k) => seen.list(k, target.ref.namespace, '').state !== 'not-asked');

const look = (target: Target, seen: Seen): { readonly wants: readonly Want[]; readonly dependents: readonly LeftObject[]; readonly looked: readonly Looked<unknown>[] } => {
  if (!waits(target)) return { wants: [], dependents: [], looked: [] };
  const wants = usualKinds.map((kind): Want => listOf(kind, target));
  const dependents = found(usualKinds, target, seen);
  if (dependents.length > 0 || !isLooked(usualKinds, target, seen)) return { wants, dependents, looked: [] };
  const others = otherKinds(target, seen);
  return { wants: [...wants, ...others.wants, ...others.kinds.map((kind): Want => listOf(kind, target))], dependents: found(others.kinds, target, seen), looked: [seen.groups()] };
};

export const blockingDependents: Fact<BlockingDependentsView> = {
  rights: usualKinds.map(({ group, resource }) => ({ group, resource, verbs: ['list'], scope: 'namespace' })),
  wants: (target, _given, seen) => look(target, seen).wants,
  view: (target, _given, seen) => {
    const { dependents, looked } = look(target, seen);
    return { dependents, unread: unreadOf([...looked, ...(waits(target) ? usualKinds.map((k) => seen.list(k, target.ref.namespace, '')) : [])]) };
  },
};
