import type { KubeObject } from '../../../src/model/wire.ts';
import { marked, object, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
type Subject = { readonly kind: string; readonly name: string; readonly namespace?: string };
const anna: Subject = { kind: 'User', name: 'anna' };
const bert: Subject = { kind: 'User', name: 'bert' };
const ci: Subject = { kind: 'ServiceAccount', name: 'ci', namespace: 'shop' };
const binding = (kind: 'RoleBinding' | 'ClusterRoleBinding', name: string, subjects: readonly Subject[], role = 'reader', roleKind = 'Role', more: Parts = {}): KubeObject =>
  ({ ...object(RBAC, kind, name, more), subjects, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: roleKind, name: role } }) as KubeObject;
const given = (...subjects: readonly Subject[]) => binding('RoleBinding', 'given', subjects);
const everywhere = (name: string, ...subjects: readonly Subject[]) => binding('ClusterRoleBinding', name, subjects, 'view', 'ClusterRole');
const role = object(RBAC, 'Role', 'reader');
const account = object('v1', 'ServiceAccount', 'ci');
const TOKEN = { projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } };
const withToken = (name: string, serviceAccountName = 'ci', parts: Parts = {}) => pod(name, { ...parts, spec: { serviceAccountName, volumes: [{ name: 'kube-api-access', ...TOKEN }] } });
const secret = (annotations: object, labels: object = {}) => object('v1', 'Secret', 'ci-token', { metadata: { annotations, labels } });
const token = (labels: object = {}) => secret({ 'kubernetes.io/service-account.name': 'ci', 'kubernetes.io/service-account.uid': 'uid-ci' }, labels);
const master = { user: 'admin', groups: ['system:masters', 'system:authenticated'] };
const robot = { user: 'system:serviceaccount:shop:ci', groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'] };

export const cases: CheckCases = {
  check: 'access',
  found: [
    { says: 'a binding that you have your rights from', object: given(anna, bert), codes: ['your-access-ends'], data: { user: 'anna', role: 'Role reader' } },
    { says: 'a binding of a group that you are in', object: everywhere('all', { kind: 'Group', name: 'ops' }), self: { user: 'anna', groups: ['ops', 'system:authenticated'] }, codes: ['your-access-ends'], data: { role: 'ClusterRole view' } },
    { says: 'a binding that running pods have their rights from', object: given(ci), objects: [withToken('a'), withToken('b'), pod('c')], codes: ['pods-lose-access'], data: { accounts: [{ namespace: 'shop', name: 'ci', pods: 2 }], everyone: null, roles: ['Role reader'] } },
    { says: 'the namespace of an account is the own one where it says none', object: given({ kind: 'ServiceAccount', name: 'ci' }), objects: [withToken('a')], codes: ['pods-lose-access'] },
    { says: 'a group of all accounts of a namespace', object: everywhere('all', { kind: 'Group', name: 'system:serviceaccounts:shop' }), objects: [withToken('a', 'web')], codes: ['pods-lose-access'], data: { accounts: [{ namespace: 'shop', name: 'web', pods: 1 }] } },
    { says: 'a group that everyone is in, you too', object: everywhere('all', { kind: 'Group', name: 'system:authenticated' }), codes: ['your-access-ends', 'pods-lose-access'], data: { everyone: 'system:authenticated' } },
    { says: 'another binding of a smaller reach does not replace it', object: everywhere('all', anna), objects: [binding('RoleBinding', 'here', [anna], 'view', 'ClusterRole')], codes: ['your-access-ends'] },
    { says: 'a binding of others is a note', object: given(bert), codes: ['access-of-others'], data: { subjects: ['User bert'], roles: ['Role reader'] } },
    { says: 'a Role that you have from a binding', object: role, objects: [given(anna)], codes: ['your-access-ends'] },
    { says: 'a Role that running pods have', object: role, objects: [given(ci), withToken('a')], codes: ['pods-lose-access'] },
    { says: 'a Role of others', object: role, objects: [given(bert)], codes: ['access-of-others'] },
    { says: 'the account that you are', object: account, self: robot, codes: ['your-access-ends'], data: { role: null, user: robot.user } },
    { says: 'an account whose pods have rights in the API', object: account, objects: [given(ci), everywhere('all', ci), withToken('a')], codes: ['used', 'pods-lose-access'], data: { roles: ['ClusterRole view', 'Role reader'] } },
    { says: 'an account that is bound, without pods', object: account, objects: [given(ci)], codes: ['account-is-bound'], data: { bindings: ['RoleBinding shop/given'] } },
    { says: 'a token of an account', object: token({ 'kubernetes.io/legacy-token-last-used': '2026-02-27' }), objects: [account], codes: ['token-ends'], data: { account: 'ci', lastUsed: '2026-02-27', mine: false } },
    { says: 'your own token', object: token(), objects: [account], self: robot, codes: ['token-ends'], data: { lastUsed: null, mine: true } },
    { says: 'a token whose account is gone', object: token(), codes: ['token-is-dead'] },
  ],
  clear: [
    { says: 'who may do everything loses nothing', object: everywhere('cluster-admin', { kind: 'Group', name: 'system:masters' }), self: master, codes: ['access-of-others'] },
    { says: 'you have the same by another binding', object: given(anna), objects: [binding('RoleBinding', 'more', [anna])], codes: ['access-of-others'] },
    { says: 'pods have the same by a binding for the whole cluster', object: binding('RoleBinding', 'here', [ci], 'view', 'ClusterRole'), objects: [everywhere('all', ci), withToken('a')], codes: ['access-of-others'] },
    { says: 'pods of the account that have no token', object: given(ci), objects: [pod('a', { spec: { serviceAccountName: 'ci', automountServiceAccountToken: false } })], codes: ['access-of-others'] },
    { says: 'finished pods and those that are going', object: given(ci), objects: [withToken('done', 'ci', { status: { phase: 'Succeeded', conditions: [] } }), withToken('going', 'ci', { metadata: marked(30, 5) })], codes: ['access-of-others'] },
    { says: 'a binding of nobody', object: given(), codes: [] },
    { says: 'a Role whose binding goes in the same run is said once, at the binding', object: role, also: [given(anna)], codes: [] },
    { says: 'a Role that nobody is bound to, and a ClusterRole of its name', object: role, objects: [binding('RoleBinding', 'other', [anna], 'reader', 'ClusterRole')], codes: [] },
    { says: 'an account without rights or pods', object: account, objects: [given({ ...ci, namespace: 'other' })], codes: [] },
    { says: 'a Secret that is no token', object: secret({}), codes: [] },
    { says: 'one that only says so', object: secret({ 'kubernetes.io/service-account.name': 'ci' }), objects: [account], codes: [] },
    { says: 'a token of an account that was made anew', object: token(), objects: [object('v1', 'ServiceAccount', 'ci', { metadata: { uid: 'uid-of-another' } })], codes: ['token-is-dead'] },
    { says: 'a token that the API server has invalidated', object: token({ 'kubernetes.io/legacy-token-invalid-since': '2026-01-01' }), objects: [account], codes: ['token-is-dead'] },
  ],
  unknown: [
    { says: 'who you are is not told', object: given(anna), troubles: [{ verb: 'create', resource: 'selfsubjectreviews', how: 'not-found-page' }], codes: ['access-of-others'], unknown: ['access'] },
    { says: 'pods that may not be listed', object: given(ci), objects: [withToken('a')], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['access-of-others'], unknown: ['access'] },
    { says: 'other bindings that may not be listed count as none', object: given(anna), objects: [binding('RoleBinding', 'more', [anna])], troubles: [{ verb: 'list', resource: 'rolebindings', how: 'forbidden' }], codes: ['your-access-ends'], unknown: ['access'] },
    { says: 'an account that may not be read counts as there', object: token(), objects: [account], troubles: [{ verb: 'get', resource: 'serviceaccounts', how: 'forbidden' }], codes: ['token-ends'], unknown: ['access'] },
  ],
};
