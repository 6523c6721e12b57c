/** The bindings that a ClusterRole, Role, binding or ServiceAccount has to do with. */
import { clusterRoleBindingKind, clusterRoleKind, roleBindingKind } from '../discovery/built-in.ts';
import { isSameRole, roleOf } from '../model/rbac.ts';
import type { RoleName } from '../model/rbac.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import { selects } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { Binding, ClusterRole, KubeObject } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goingUids } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface RoleBindingsView extends View {
  /** All bindings that stay when this run is over: of every namespace for a ClusterRole or ServiceAccount, else of the target's own, and the cluster's. */
  readonly staying: readonly BindingLink[];
  /** Of a ClusterRole: the roles that have its rules too, because they aggregate it. */
  readonly aggregatedBy: readonly string[];
}

export interface BindingLink {
  readonly ref: Ref;
  readonly object: Binding;
}

const RBAC = roleBindingKind.group;
type ListWant = Extract<Want, { type: 'list' }>;
const all = (kind: ResourceKind, namespace: string | null): ListWant => ({ type: 'list', kind, namespace, labelSelector: '', metadataOnly: false });

const kindOf = ({ ref }: Target): string => `${ref.group}/${ref.kind}`;

/** Which lists of bindings tell about the target. A Role is given in its own namespace only. */
const bindingLists = (target: Target): readonly ListWant[] => {
  switch (kindOf(target)) {
    case `${RBAC}/ClusterRole`:
    case '/ServiceAccount':
      return [all(clusterRoleBindingKind, null), all(roleBindingKind, null)];
    case `${RBAC}/ClusterRoleBinding`:
      return [all(clusterRoleBindingKind, null)];
    case `${RBAC}/RoleBinding`:
      return [all(clusterRoleBindingKind, null), all(roleBindingKind, target.ref.namespace)];
    case `${RBAC}/Role`:
      return [all(roleBindingKind, target.ref.namespace)];
    default:
      return [];
  }
};

/** Roles aggregate by labels: one without labels has its rules for itself. */
const rolesWant = (target: Target): readonly ListWant[] => (kindOf(target) === `${RBAC}/ClusterRole` && Object.keys(target.object.metadata.labels ?? {}).length > 0 ? [all(clusterRoleKind, null)] : []);

const listed = (want: ListWant, seen: Seen): Looked<readonly KubeObject[]> => seen.list(want.kind, want.namespace, want.labelSelector);

const refOf = (kind: ResourceKind, of: KubeObject): Ref => ({ group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: of.metadata.namespace ?? null, name: of.metadata.name, uid: of.metadata.uid });

/** Aggregates may aggregate: `view` is in `edit`, and that in `admin`. */
const aggregating = (role: KubeObject, roles: readonly ClusterRole[], known: ReadonlySet<string> = new Set()): readonly string[] => {
  const direct = roles.filter((r) => !known.has(r.metadata.name) && r.metadata.uid !== role.metadata.uid && (r.aggregationRule?.clusterRoleSelectors ?? []).some((s) => selects(s, role.metadata.labels)));
  const seen = new Set([...known, ...direct.map((r) => r.metadata.name)]);
  return [...new Set(direct.flatMap((r) => [r.metadata.name, ...aggregating(r, roles, seen)]))];
};

const staying = (target: Target, given: Given, seen: Seen): { readonly bindings: readonly BindingLink[]; readonly looked: readonly Looked<unknown>[] } => {
  const going = goingUids(given);
  const lists = bindingLists(target).map((want) => ({ kind: want.kind as ResourceKind, looked: listed(want, seen) }));
  const bindings = lists.flatMap(({ kind, looked }) => (looked.state === 'found' ? (looked.value as readonly Binding[]).filter((b) => !going.has(b.metadata.uid)).map((object) => ({ ref: refOf(kind, object), object })) : []));
  return { bindings, looked: lists.map((l) => l.looked) };
};

export const roleBindings: Fact<RoleBindingsView> = {
  rights: [
    { group: RBAC, resource: 'rolebindings', verbs: ['list'], scope: 'namespace' },
    { group: RBAC, resource: 'rolebindings', verbs: ['list'], scope: 'cluster' },
    { group: RBAC, resource: 'clusterrolebindings', verbs: ['list'], scope: 'cluster' },
    { group: RBAC, resource: 'clusterroles', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target) => [...bindingLists(target), ...rolesWant(target)],
  view: (target, given, seen) => {
    const found = staying(target, given, seen);
    const roles = rolesWant(target).map((want) => listed(want, seen));
    const aggregatedBy = roles.flatMap((l) => (l.state === 'found' ? aggregating(target.object, l.value as readonly ClusterRole[]) : []));
    return { staying: found.bindings, aggregatedBy, unread: unreadOf([...found.looked, ...roles]) };
  },
};

/** Of these bindings those that give one of the roles. */
export const giving = (bindings: readonly BindingLink[], roles: readonly RoleName[]): readonly BindingLink[] => bindings.filter((b) => roles.some((r) => isSameRole(roleOf(b.object), r)));
