/** Who runs with rights that the target gives: the caller, and the ServiceAccounts of running pods. */
import { podKind, serviceAccountKind } from '../discovery/built-in.ts';
import { isFinished, isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Binding, KubeObject, Pod } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goesAlong, goingUids } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Self, Want } from './want.ts';

export interface Account {
  readonly namespace: string;
  readonly name: string;
}

/** A ServiceAccount and how many unfinished pods that stay have its token. */
export interface AccountInUse extends Account {
  readonly pods: number;
}

export interface AccountUseView extends View {
  /** null: not known. */
  readonly self: Self | null;
  /** Accounts of running pods in the namespaces that matter to the target. */
  readonly accounts: readonly AccountInUse[];
  /** Of a token Secret: the account whose token it is, where that is still there. */
  readonly tokenOf: Account | null;
}

const RBAC = 'rbac.authorization.k8s.io';

/** A Secret's type is not read; these are the annotations that the token controller writes (core/v1 ServiceAccountNameKey, ServiceAccountUIDKey). */
const NAME = 'kubernetes.io/service-account.name';
const UID = 'kubernetes.io/service-account.uid';

export const tokenAccount = (secret: KubeObject): (Account & { readonly uid: string }) | null => {
  const { annotations, namespace } = secret.metadata;
  const [name, uid] = [annotations?.[NAME], annotations?.[UID]];
  return name === undefined || uid === undefined || namespace === undefined ? null : { namespace, name, uid };
};

const kindOf = ({ ref }: Target): string => `${ref.group}/${ref.kind}`;

/** Where pods run whose accounts the target can concern. A group of every account says nothing about where. */
const namespacesOf = (target: Target): readonly string[] => {
  const own = target.ref.namespace;
  switch (kindOf(target)) {
    case `${RBAC}/RoleBinding`:
    case `${RBAC}/ClusterRoleBinding`: {
      const subjects = (target.object as Binding).subjects ?? [];
      const accounts = subjects.flatMap((s) => (s.kind === 'ServiceAccount' ? (s.namespace ?? own ?? []) : []));
      const groups = subjects.flatMap((s) => (s.kind === 'Group' ? (/^system:serviceaccounts:(?<namespace>.+)$/u.exec(s.name)?.groups?.['namespace'] ?? []) : []));
      return [...new Set([...accounts, ...groups])];
    }
    case `${RBAC}/Role`:
    case '/ServiceAccount':
      return own === null ? [] : [own];
    default:
      return [];
  }
};

const podsOf = (namespace: string): Extract<Want, { type: 'list' }> => ({ type: 'list', kind: podKind, namespace, labelSelector: '', metadataOnly: false });

const isToken = (target: Target): boolean => kindOf(target) === '/Secret' && tokenAccount(target.object) !== null;
const concerns = (target: Target): boolean => isToken(target) || ['/ServiceAccount', `${RBAC}/Role`, `${RBAC}/RoleBinding`, `${RBAC}/ClusterRoleBinding`].includes(kindOf(target));

/** Admission gives a pod its token as a projected volume unless it or its account says otherwise (plugin/pkg/admission/serviceaccount). */
const hasToken = (pod: Pod): boolean => (pod.spec?.volumes ?? []).some((v) => v.projected?.sources?.some((s) => s.serviceAccountToken !== undefined) === true) || pod.spec?.automountServiceAccountToken === true;

const accountsOf = (pods: readonly Pod[], given: Given): readonly AccountInUse[] => {
  const counts = new Map<string, AccountInUse>();
  for (const pod of pods) {
    if (isFinished(pod) || isTerminating(pod) || goesAlong(pod, given) || !hasToken(pod)) continue;
    const [namespace, name] = [pod.metadata.namespace ?? '', pod.spec?.serviceAccountName ?? 'default'];
    counts.set(`${namespace}/${name}`, { namespace, name, pods: (counts.get(`${namespace}/${name}`)?.pods ?? 0) + 1 });
  }
  return [...counts.values()];
};

export const accountUse: Fact<AccountUseView> = {
  rights: [
    { group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'serviceaccounts', verbs: ['get', 'list'], scope: 'namespace' },
  ],
  wants: (target) => {
    if (!concerns(target)) return [];
    const token = kindOf(target) === '/Secret' ? tokenAccount(target.object) : null;
    return [{ type: 'self' }, ...namespacesOf(target).map(podsOf), ...(token === null ? [] : [{ type: 'object' as const, kind: serviceAccountKind, namespace: token.namespace, name: token.name, metadataOnly: true }])];
  },
  view: (target, given, seen) => {
    if (!concerns(target)) return { self: null, accounts: [], tokenOf: null, unread: [] };
    const self = seen.self();
    const lists = namespacesOf(target).map((namespace): Looked<readonly KubeObject[]> => seen.list(podKind, namespace, ''));
    const token = kindOf(target) === '/Secret' ? tokenAccount(target.object) : null;
    const account: readonly Looked<KubeObject>[] = token === null ? [] : [seen.object(serviceAccountKind, token.namespace, token.name)];
    // An account that was made anew under the name does not honour it; one that may not be read counts as there.
    const honoured = token !== null && account.every((a) => (a.state === 'found' ? a.value.metadata.uid === token.uid && !goingUids(given).has(token.uid) : a.state !== 'absent'));
    return {
      self: self.state === 'found' ? self.value : null,
      accounts: lists.flatMap((l) => (l.state === 'found' ? accountsOf(l.value as readonly Pod[], given) : [])),
      tokenOf: token !== null && honoured ? { namespace: token.namespace, name: token.name } : null,
      unread: unreadOf([self, ...lists, ...account]),
    };
  },
};

