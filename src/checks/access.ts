import { tokenAccount } from '../facts/account-use.ts';
import type { AccountUseView } from '../facts/account-use.ts';
import type { Views } from '../facts/facts.ts';
import { giving } from '../facts/role-bindings.ts';
import type { FindingOf } from '../findings/finding.ts';
import { accountCaller, binds, isMaster, isSameRole, reaches, roleOf, subjectNames } from '../model/rbac.ts';
import type { Caller, RoleName } from '../model/rbac.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { Binding } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'access'>;
const check = 'access' as const;

const RBAC = 'rbac.authorization.k8s.io';
/** Days are noted on the Secret itself (k8s.io/apiserver serviceaccount legacy.go). */
const LAST_USED = 'kubernetes.io/legacy-token-last-used';
const INVALID = 'kubernetes.io/legacy-token-invalid-since';
/** Groups that pods of every namespace are in. */
const EVERYONE = new Set(['system:serviceaccounts', 'system:authenticated']);

const nameOf = (role: RoleName): string => `${role.kind} ${role.name}`;
const placeOf = (ref: Ref): string => (ref.namespace === null ? ref.name : `${ref.namespace}/${ref.name}`);

interface Loss {
  readonly roles: readonly string[];
  readonly subjects: readonly string[];
  readonly everyone: string | null;
  /** Whether this caller loses the rights. */
  readonly hits: (caller: Caller) => boolean;
}

/** You first, then pods; of everybody else a note. */
const lossOf = ({ roles, subjects, everyone, hits }: Loss, { self, accounts }: AccountUseView): readonly Found[] => {
  const mine: readonly Found[] = self !== null && !isMaster(self) && hits(self) ? [{ check, code: 'your-access-ends', data: { user: self.user, role: roles.join(', ') }, objects: [] }] : [];
  const losing = accounts.filter((a) => hits(accountCaller(a.namespace, a.name)));
  const pods: readonly Found[] = losing.length > 0 || everyone !== null ? [{ check, code: 'pods-lose-access', data: { accounts: losing, everyone, roles }, objects: [] }] : [];
  if (mine.length + pods.length > 0) return [...mine, ...pods];
  return subjects.length === 0 ? [] : [{ check, code: 'access-of-others', data: { subjects, roles }, objects: [] }];
};

const everyoneIn = (bindings: readonly Binding[]): string | null => bindings.flatMap((b) => b.subjects ?? []).find((s) => s.kind === 'Group' && EVERYONE.has(s.name))?.name ?? null;

/** Who has the role by another binding that reaches as far loses nothing. */
const ofBinding = (target: Target, { staying }: Views['roleBindings'], use: AccountUseView): readonly Found[] => {
  const binding = target.object as Binding;
  const role = roleOf(binding);
  const others = staying.map((b) => b.object).filter((b) => isSameRole(roleOf(b), role) && reaches(b, binding));
  const everyone = everyoneIn([binding]);
  return lossOf(
    { roles: [nameOf(role)], subjects: subjectNames(binding), everyone: everyone !== null && everyoneIn(others) === null ? everyone : null, hits: (caller) => binds(binding, caller) && !others.some((b) => binds(b, caller)) },
    use,
  );
};

const ofRole = (target: Target, { staying }: Views['roleBindings'], use: AccountUseView): readonly Found[] => {
  const role: RoleName = { kind: 'Role', name: target.ref.name, namespace: target.ref.namespace };
  const bindings = giving(staying, [role]).map((b) => b.object);
  return lossOf({ roles: [nameOf(role)], subjects: [...new Set(bindings.flatMap(subjectNames))], everyone: everyoneIn(bindings), hits: (caller) => bindings.some((b) => binds(b, caller)) }, use);
};

/** That pods name it is `in-use`; here speaks what the API gives them, and that is what is bound to it by name. */
const ofAccount = ({ ref }: Target, { staying }: Views['roleBindings'], { self, accounts }: AccountUseView): readonly Found[] => {
  const { user } = accountCaller(ref.namespace ?? '', ref.name);
  const mine: readonly Found[] = self?.user === user ? [{ check, code: 'your-access-ends', data: { user, role: null }, objects: [] }] : [];
  const bindings = staying.filter((b) => binds(b.object, { user, groups: [] }));
  if (bindings.length === 0) return mine;
  const using = accounts.filter((a) => a.name === ref.name);
  const objects = bindings.map((b) => b.ref);
  if (using.length > 0) return [...mine, { check, code: 'pods-lose-access', data: { accounts: using, everyone: null, roles: [...new Set(bindings.map((b) => nameOf(roleOf(b.object))))] }, objects }];
  return [...mine, { check, code: 'account-is-bound', data: { bindings: objects.map((o) => `${o.kind} ${placeOf(o)}`) }, objects }];
};

const ofToken = ({ object }: Target, { self, tokenOf }: AccountUseView): readonly Found[] => {
  const labels = object.metadata.labels ?? {};
  if (tokenOf === null || labels[INVALID] !== undefined) return [{ check, code: 'token-is-dead', data: {}, objects: [] }];
  const mine = self?.user === accountCaller(tokenOf.namespace, tokenOf.name).user;
  return [{ check, code: 'token-ends', data: { account: tokenOf.name, lastUsed: labels[LAST_USED] ?? null, mine }, objects: [] }];
};

const find = (target: Target, { roleBindings, accountUse }: Pick<Views, 'roleBindings' | 'accountUse'>): readonly Found[] => {
  switch (`${target.ref.group}/${target.ref.kind}`) {
    case '/Secret':
      return ofToken(target, accountUse);
    case '/ServiceAccount':
      return ofAccount(target, roleBindings, accountUse);
    case `${RBAC}/Role`:
      return ofRole(target, roleBindings, accountUse);
    default:
      return ofBinding(target, roleBindings, accountUse);
  }
};

export const access = defineCheck({
  id: 'access',
  kinds: ['/Secret', '/ServiceAccount', `${RBAC}/Role`, `${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`],
  needs: ['roleBindings', 'accountUse'],
  notApplicable: (object, _given, target) => (target.ref.kind === 'Secret' && tokenAccount(object) === null ? 'not a token of a ServiceAccount' : null),
  find: (_object, views, _given, target) => find(target, views),
});
