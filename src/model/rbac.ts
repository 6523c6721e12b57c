/** Who is bound to which role, as the objects say it. */
import { isTerminating } from './pod.ts';
import type { Binding } from './wire.ts';

export interface RoleName {
  readonly kind: 'Role' | 'ClusterRole';
  readonly name: string;
  /** Of a Role. */
  readonly namespace: string | null;
}

/** Someone who has rights: a user with groups; a ServiceAccount is one too, under its long name. */
export interface Caller {
  readonly user: string;
  readonly groups: readonly string[];
}

/** A ServiceAccount as the API server knows it (k8s.io/apiserver serviceaccount.MakeUsername, MakeGroupNames). */
export const accountCaller = (namespace: string, name: string): Caller => ({
  user: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'],
});

/** The role that a binding gives. */
export const roleOf = (binding: Binding): RoleName => {
  const kind = binding.roleRef.kind === 'Role' ? 'Role' : 'ClusterRole';
  return { kind, name: binding.roleRef.name, namespace: kind === 'Role' ? (binding.metadata.namespace ?? null) : null };
};

export const isSameRole = (a: RoleName, b: RoleName): boolean => a.kind === b.kind && a.name === b.name && a.namespace === b.namespace;

type Subject = NonNullable<Binding['subjects']>[number];

/** k8s.io/kubernetes plugin/pkg/auth/authorizer/rbac appliesToUser: a ServiceAccount's namespace is the binding's where it says none. */
const names = (subject: Subject, binding: Binding, { user, groups }: Caller): boolean => {
  switch (subject.kind) {
    case 'User':
      return subject.name === '*' || subject.name === user;
    case 'Group':
      return groups.includes(subject.name);
    case 'ServiceAccount':
      return user === `system:serviceaccount:${subject.namespace ?? binding.metadata.namespace ?? ''}:${subject.name}`;
    default:
      return false;
  }
};

/** Whether the binding gives its role to this caller. */
export const binds = (binding: Binding, caller: Caller): boolean => !isTerminating(binding) && (binding.subjects ?? []).some((s) => names(s, binding, caller));

/** Whether one binding gives at least where the other does: in the same namespace, or everywhere. */
export const reaches = (other: Binding, binding: Binding): boolean => other.metadata.namespace === undefined || other.metadata.namespace === binding.metadata.namespace;

/** `Group developers`, `ServiceAccount ci/bot`. */
export const subjectNames = (binding: Binding): readonly string[] =>
  (binding.subjects ?? []).map((s) => `${s.kind} ${s.kind === 'ServiceAccount' ? `${s.namespace ?? binding.metadata.namespace ?? ''}/` : ''}${s.name}`);

/** Who may do everything, whatever is bound to them (k8s.io/apiserver authorizerfactory NewPrivilegedGroups). */
export const isMaster = ({ groups }: Caller): boolean => groups.includes('system:masters');
