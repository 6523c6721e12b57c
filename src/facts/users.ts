/** Who uses the target by name: pods, templates of pods, Ingresses, volumes, ... Lists of kinds, once a namespace, whatever the number of targets. */
import { apiServiceKind, ingressKind, mutatingWebhooksKind, serviceAccountKind, storageClassKind, validatingWebhooksKind, volumeKind } from '../discovery/built-in.ts';
import { isEnding } from '../model/job.ts';
import { isFinished, isPodKind, isTerminating } from '../model/pod.ts';
import type { UsedKind } from '../model/references.ts';
import { secretsOfAccount, secretsOfClass, secretsOfGateway, secretsOfIngress, secretsOfVolume, secretsOfWebhook } from '../model/secret-users.ts';
import type { NamedSecret } from '../model/secret-users.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Ingress, KubeObject, Pod, ReplicaSet, Unstructured } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goingUids, namespacesGoing } from './going.ts';
import { indexFor, podsAndTemplates, refOf, rootOf, setsOf } from './naming.ts';
import type { Namer, Scope } from './naming.ts';
import { unreadOf } from './want.ts';
import type { KindPath, Looked, Seen, Want } from './want.ts';

/** Who would miss it: a workload with its pods, or an object by itself. What goes in the same run, or is going already, is none. */
export interface User {
  readonly ref: Ref;
  /** The fields that name the target. */
  readonly how: readonly string[];
  /** Every one of them is optional. */
  readonly optional: boolean;
  /** Of its pods, those that are not finished. */
  readonly pods: readonly string[];
}

export interface UsersView extends View {
  readonly users: readonly User[];
  /** ReplicaSets of 0 replicas whose owner does not use it any more: what a rollback would come back to. */
  readonly old: readonly Ref[];
  /** Pods on a node that have not finished and name the claim. */
  readonly mounting: readonly Ref[];
  /** Pods that have finished and name the claim: they hold it as long as they are there (pvcprotection podUsesPVC). */
  readonly finished: readonly Ref[];
}

const gatewayGroup = 'gateway.networking.k8s.io';
const usedByPods: Readonly<Record<string, UsedKind>> = {
  '/ConfigMap': 'ConfigMap',
  '/Secret': 'Secret',
  '/ServiceAccount': 'ServiceAccount',
  '/PersistentVolumeClaim': 'PersistentVolumeClaim',
  'node.k8s.io/RuntimeClass': 'RuntimeClass',
};

const keyOf = ({ ref }: Target): string => `${ref.group}/${ref.kind}`;

const wholeList = (kind: KindPath, namespace: Scope): Want => ({ type: 'list', kind, namespace, labelSelector: '', metadataOnly: false });

/** The version of Gateways that the server prefers; `none`: it has no such API. */
const gatewayKind = (target: Target, seen: Seen): KindPath | 'none' | null => {
  const path = (version: string): KindPath => ({ group: gatewayGroup, version, resource: 'gateways' });
  if (target.ref.group === gatewayGroup) return path(target.ref.version);
  const groups = seen.groups();
  if (groups.state !== 'found') return null;
  const served = groups.value.find((g) => g.group === gatewayGroup);
  return served === undefined ? 'none' : path(served.version);
};

interface Sums {
  readonly ref: Ref;
  readonly how: Set<string>;
  optional: boolean;
  readonly pods: string[];
}

const isUnscheduled = (pod: Pod): boolean => (pod.spec?.nodeName ?? '') === '';

const fromPods = (target: Target, used: UsedKind, given: Given, seen: Seen): Omit<UsersView, 'unread'> => {
  const index = indexFor(target.ref.namespace, given, seen);
  const sums = new Map<string, Sums>();
  const old: Ref[] = [];
  const mounting: Ref[] = [];
  const finished: Ref[] = [];
  const add = (root: Namer, how: readonly string[], optional: boolean, pod: string | null): void => {
    const sum = sums.get(root.object.metadata.uid) ?? { ref: refOf(root), how: new Set(), optional: true, pods: [] };
    sums.set(root.object.metadata.uid, sum);
    for (const field of how) sum.how.add(field);
    sum.optional &&= optional;
    if (pod !== null) sum.pods.push(pod);
  };
  const aside: { by: Namer; root: Namer }[] = [];
  for (const { by, as } of index.naming.get(`${used} ${target.ref.name}`) ?? []) {
    const { root, goes } = rootOf(by, index, given);
    if (goes) continue;
    const isPod = isPodKind(by.kind);
    if (isPod && isFinished(by.object)) {
      if (!isUnscheduled(by.object)) finished.push(refOf(by));
      continue;
    }
    if (by.kind.kind === 'Job' && isEnding(by.object)) continue;
    if (by.kind.kind === 'ReplicaSet' && (by.object as ReplicaSet).spec?.replicas === 0) {
      aside.push({ by, root });
      continue;
    }
    if (isPod && used === 'PersistentVolumeClaim' && !isUnscheduled(by.object)) mounting.push(refOf(by));
    add(root, as.map((r) => r.how), as.every((r) => r.optional), isPod ? by.object.metadata.name : null);
  }
  if (used === 'PersistentVolumeClaim') {
    for (const set of setsOf(target.ref.name, index)) {
      const by = index.byUid.get(set.metadata.uid);
      if (by !== undefined && !rootOf(by, index, given).goes) add(by, ['volumeClaimTemplates'], false, null);
    }
  }
  for (const { by, root } of aside) if (!sums.has(root.object.metadata.uid)) old.push(refOf(by));
  return { users: [...sums.values()].map((s) => ({ ...s, how: [...s.how] })), old, mounting, finished };
};

/** Where else a Secret may be named. */
interface Place {
  readonly kind: Pick<ResourceKind, 'group' | 'version' | 'kind' | 'resource'>;
  readonly scope: Scope;
  readonly metadataOnly: boolean;
  readonly names: (object: never) => readonly NamedSecret[];
}

const placesOf = (target: Target, seen: Seen): readonly Place[] => {
  const { namespace } = target.ref;
  const gateways = gatewayKind(target, seen);
  return [
    { kind: ingressKind, scope: namespace, metadataOnly: false, names: secretsOfIngress },
    { kind: serviceAccountKind, scope: namespace, metadataOnly: false, names: secretsOfAccount },
    { kind: storageClassKind, scope: null, metadataOnly: false, names: secretsOfClass },
    { kind: volumeKind, scope: null, metadataOnly: false, names: secretsOfVolume },
    ...[validatingWebhooksKind, mutatingWebhooksKind, apiServiceKind].map((kind) => ({ kind, scope: null, metadataOnly: true, names: secretsOfWebhook })),
    ...(gateways === null || gateways === 'none' ? [] : [{ kind: { ...gateways, kind: 'Gateway' }, scope: namespace, metadataOnly: false, names: secretsOfGateway }]),
  ];
};

const staysBeside = (object: KubeObject, given: Given): boolean => !isTerminating(object) && !goingUids(given).has(object.metadata.uid) && !namespacesGoing(given).has(object.metadata.namespace ?? '');

const ofSecret = (target: Target, given: Given, seen: Seen): { readonly users: readonly User[]; readonly looked: readonly Looked<unknown>[] } => {
  const { name, namespace } = target.ref;
  const users: User[] = [];
  const looked: Looked<unknown>[] = [seen.groups()];
  for (const { kind, scope, names } of placesOf(target, seen)) {
    const list = seen.list(kind, scope, '');
    looked.push(list);
    if (list.state !== 'found') continue;
    for (const object of list.value.filter((o) => staysBeside(o, given))) {
      const how = names(object as never).flatMap((s) => (s.name === name && (s.namespace ?? object.metadata.namespace) === namespace ? [s.how] : []));
      if (how.length > 0) users.push({ ref: refOf({ kind, object }), how: [...new Set(how)], optional: false, pods: [] });
    }
  }
  return { users, looked };
};

/** The class of an Ingress: its field, or the annotation that it had before. */
const classOfIngress = ({ metadata, spec }: Ingress): string | undefined => spec?.ingressClassName ?? metadata.annotations?.['kubernetes.io/ingress.class'];

const classOfGateway = (object: KubeObject): unknown => ((object as Unstructured).spec as { readonly gatewayClassName?: unknown } | undefined)?.gatewayClassName;

/** The one kind whose objects name a class, in all namespaces. */
const classUsers = (target: Target): { readonly kind: Pick<ResourceKind, 'group' | 'version' | 'kind' | 'resource'>; readonly how: string; readonly className: (object: never) => unknown } | null => {
  switch (keyOf(target)) {
    case 'networking.k8s.io/IngressClass':
      return { kind: ingressKind, how: 'ingressClassName', className: classOfIngress };
    case `${gatewayGroup}/GatewayClass`:
      return { kind: { group: gatewayGroup, version: target.ref.version, kind: 'Gateway', resource: 'gateways' }, how: 'gatewayClassName', className: classOfGateway };
    default:
      return null;
  }
};

const wants = (target: Target, _given: Given, seen: Seen): readonly Want[] => {
  const { namespace } = target.ref;
  const byClass = classUsers(target);
  if (byClass !== null) return [wholeList(byClass.kind, null)];
  if (usedByPods[keyOf(target)] === undefined) return [];
  const fromWorkloads = podsAndTemplates.map((kind) => wholeList(kind, namespace));
  if (keyOf(target) !== '/Secret') return fromWorkloads;
  return [...fromWorkloads, { type: 'groups' }, ...placesOf(target, seen).map((p): Want => ({ type: 'list', kind: p.kind, namespace: p.scope, labelSelector: '', metadataOnly: p.metadataOnly }))];
};

const nobody = { users: [], old: [], mounting: [], finished: [] } as const;

const view = (target: Target, given: Given, seen: Seen): UsersView => {
  const byClass = classUsers(target);
  if (byClass !== null) {
    const listed = seen.list(byClass.kind, null, '');
    const using = listed.state === 'found' ? listed.value.filter((o) => staysBeside(o, given) && byClass.className(o as never) === target.ref.name) : [];
    return { ...nobody, users: using.map((object) => ({ ref: refOf({ kind: byClass.kind, object }), how: [byClass.how], optional: false, pods: [] })), unread: unreadOf([listed]) };
  }
  const used = usedByPods[keyOf(target)];
  if (used === undefined) return { ...nobody, unread: [] };
  const lists = podsAndTemplates.map((kind) => seen.list(kind, target.ref.namespace, ''));
  const found = fromPods(target, used, given, seen);
  const more = used === 'Secret' ? ofSecret(target, given, seen) : { users: [], looked: [] };
  return { ...found, users: [...found.users, ...more.users], unread: [...new Set(unreadOf([...lists, ...more.looked]))] };
};

export const users: Fact<UsersView> = {
  // Who uses a class may be in any namespace: whoever may delete one has the right to list these everywhere, and it is not given away here.
  rights: [
    ...podsAndTemplates.map((k) => ({ group: k.group, resource: k.resource, verbs: ['list' as const], scope: 'namespace' as const })),
    { group: 'networking.k8s.io', resource: 'ingresses', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'serviceaccounts', verbs: ['list'], scope: 'namespace' },
    { group: gatewayGroup, resource: 'gateways', verbs: ['list'], scope: 'namespace' },
    { group: 'storage.k8s.io', resource: 'storageclasses', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'persistentvolumes', verbs: ['list'], scope: 'cluster' },
    ...[validatingWebhooksKind, mutatingWebhooksKind, apiServiceKind].map((k) => ({ group: k.group, resource: k.resource, verbs: ['list' as const], scope: 'cluster' as const })),
  ],
  wants,
  view,
};
