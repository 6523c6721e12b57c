import type { User, UsersView } from '../facts/users.ts';
import type { UserData } from '../findings/codes/in-use.ts';
import type { FindingOf } from '../findings/finding.ts';
import { madeBy } from '../model/made-again.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'in-use'>;
const check = 'in-use' as const;

const scalable: ReadonlySet<string> = new Set(['apps/Deployment', 'apps/StatefulSet', 'apps/ReplicaSet', '/ReplicationController']);

const names = (refs: readonly Ref[]): readonly string[] => refs.map((r) => r.name).toSorted();

const dataOf = (u: User, target: Ref): UserData => ({
  kind: u.ref.kind,
  name: u.ref.name,
  namespace: u.ref.namespace === target.namespace ? null : u.ref.namespace,
  how: u.how,
  optional: u.optional,
  pods: u.pods.length,
});

const find = (target: Target, { users, old, mounting, finished }: UsersView): readonly Found[] => {
  if (mounting.length > 0) {
    const workloads = users.filter((u) => u.pods.length > 0 && scalable.has(`${u.ref.group}/${u.ref.kind}`)).map((u) => u.ref);
    return [{ check, code: 'claim-mounted', data: { pods: names(mounting), workloads }, objects: mounting }];
  }
  const found: Found[] = [];
  if (users.length > 0) {
    found.push({ check, code: 'used', data: { users: users.map((u) => dataOf(u, target.ref)), optional: users.every((u) => u.optional) }, objects: users.map((u) => u.ref) });
  } else if (old.length > 0) found.push({ check, code: 'used-by-old-replica-sets', data: { replicaSets: names(old) }, objects: old });
  if (finished.length > 0 && target.ref.kind === 'PersistentVolumeClaim') found.push({ check, code: 'held-by-finished-pods', data: { pods: names(finished) }, objects: finished });
  return found;
};

export const inUse = defineCheck({
  id: 'in-use',
  kinds: ['/PersistentVolumeClaim', '/ConfigMap', '/Secret', '/ServiceAccount', 'networking.k8s.io/IngressClass', 'gateway.networking.k8s.io/GatewayClass', 'node.k8s.io/RuntimeClass'],
  needs: ['users'],
  notApplicable: (_pod, _given, { ref }) => (madeBy(ref) === null ? null : 'Kubernetes makes it again at once'),
  find: (_pod, views, _given, target) => find(target, views.users),
});
