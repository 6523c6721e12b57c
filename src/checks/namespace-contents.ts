import { isNamespaceKind } from '../facts/contents.ts';
import type { ContentOfKind, ContentsView } from '../facts/contents.ts';
import type { CountOfKind } from '../findings/codes/namespace-contents.ts';
import type { FindingOf } from '../findings/finding.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'namespace-contents'>;
const check = 'namespace-contents' as const;

/** So many objects of the contents are named in the finding; the counts hold all. */
const NAMED = 200;

/** What people look for first; everything else follows by its name. */
const FIRST: readonly string[] = [
  'apps/StatefulSet', 'apps/Deployment', 'apps/DaemonSet', 'batch/CronJob', 'batch/Job', 'apps/ReplicaSet', '/ReplicationController', '/Pod',
  '/PersistentVolumeClaim', '/Service', 'networking.k8s.io/Ingress', '/Secret', '/ConfigMap',
];

const rankOf = ({ kind }: ContentOfKind): number => {
  const rank = FIRST.indexOf(`${kind.group}/${kind.kind}`);
  return rank < 0 ? FIRST.length : rank;
};

const inOrder = (kinds: readonly ContentOfKind[]): readonly ContentOfKind[] => kinds.toSorted((a, b) => rankOf(a) - rankOf(b) || (a.kind.kind < b.kind.kind ? -1 : 1));

const refsOf = ({ kind, own }: ContentOfKind): readonly Ref[] =>
  own.map(({ metadata }) => ({ group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: metadata.namespace ?? null, name: metadata.name, uid: metadata.uid }));

const systemNamespace = (name: string): readonly Found[] => {
  if (name !== 'default' && !name.startsWith('kube-')) return [];
  return [{ check, code: 'system-namespace', data: { why: name === 'default' ? 'default' : 'kube' }, objects: [] }];
};

const whatGoes = (target: Target, { kinds, owned, notListed }: ContentsView): Found => {
  if (kinds.length === 0) {
    return notListed.length === 0
      ? { check, code: 'namespace-empty', data: { namespace: target.ref.name }, objects: [] }
      : { check, code: 'contents-not-known', data: { notListed }, objects: [] };
  }
  const ordered = inOrder(kinds);
  const counts = ordered.map(({ kind, count, atLeast }): CountOfKind => ({ group: kind.group, kind: kind.kind, count, atLeast }));
  const atLeast = notListed.length > 0 || counts.some((c) => c.atLeast);
  const total = counts.reduce((sum, c) => sum + c.count, 0);
  return { check, code: 'contents-go', data: { kinds: counts, total, atLeast, owned, notListed }, objects: ordered.flatMap(refsOf).slice(0, NAMED) };
};

const data = ({ claims }: ContentsView): readonly Found[] => {
  const lost = claims.flatMap((c) => (c.reclaim === 'Retain' ? [] : [{ name: c.ref.name, volume: c.volume, reclaim: c.reclaim, ref: c.ref }]));
  const kept = claims.flatMap((c) => (c.reclaim === 'Retain' && c.volume !== null ? [c.volume] : []));
  return [
    ...(lost.length === 0
      ? []
      : [{ check, code: 'claims-go' as const, data: { claims: lost.map(({ name, volume, reclaim }) => ({ name, volume, reclaim })), unknown: lost.filter((c) => c.reclaim === 'unknown').length }, objects: lost.map((c) => c.ref) }]),
    ...(kept.length === 0 ? [] : [{ check, code: 'volumes-stay' as const, data: { volumes: kept.toSorted() }, objects: [] }]),
  ];
};

/** What is not counted in any namespace is what matters in one of the system: it is not said to be empty. */
const find = (target: Target, view: ContentsView): readonly Found[] => [
  ...systemNamespace(target.ref.name),
  ...[whatGoes(target, view)].filter((f) => f.code !== 'namespace-empty' || systemNamespace(target.ref.name).length === 0),
  ...data(view),
  ...(view.finalizers.length === 0 ? [] : [{ check, code: 'contents-held' as const, data: { finalizers: view.finalizers }, objects: [] }]),
  ...(view.loadBalancers.length === 0 ? [] : [{ check, code: 'load-balancers-go' as const, data: { names: view.loadBalancers.map((s) => s.name) }, objects: view.loadBalancers }]),
  ...(view.broken.length === 0 ? [] : [{ check, code: 'api-server-missing' as const, data: { services: view.broken }, objects: [] }]),
];

export const namespaceContents = defineCheck({
  id: check,
  kinds: ['/Namespace'],
  needs: ['contents'],
  find: (_object, { contents }, _given, target) => (isNamespaceKind(target.ref) ? find(target, contents) : []),
});
