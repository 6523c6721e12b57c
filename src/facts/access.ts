/** May this user get the target, delete or evict it, and watch it? */
import { isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Fact, Given, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface AccessView extends View {
  /** null: not known. With --evict: evict it, which needs no right to delete. */
  readonly mayDelete: boolean | null;
  /** Asked where a list found it (what was read by name may be read), and for a Namespace. */
  readonly mayGet: boolean | null;
  readonly mayWatch: boolean | null;
  /** The RoleBinding in the target, a Namespace, from which the right to get it comes. */
  readonly getsBy: string | null;
}

interface Asked {
  readonly allowed: boolean | null;
  readonly reason: string;
  readonly wants: readonly Want[];
  readonly looked: readonly Looked<unknown>[];
}

/** First for all objects of the namespace, so that many targets cost one question; by name where that is denied (resourceNames in a Role). */
const ask = (verb: string, target: Target, seen: Seen, subresource: string | null = null): Asked => {
  const { namespace, name } = target.ref;
  const kind = { group: target.ref.group, version: target.ref.version, resource: target.ref.resource };
  const all = seen.access(verb, kind, subresource, namespace, null);
  const forAll: Want = { type: 'access', verb, kind, subresource, namespace, name: null };
  if (all.state !== 'found' || all.value.allowed) return { allowed: all.state === 'found' ? true : null, reason: '', wants: [forAll], looked: [all] };
  // A request for one Namespace is one in it (apiserver endpoints/request/requestinfo.go), so a Role there may allow it; a watch is none.
  const within = kind.group === '' && kind.resource === 'namespaces' && verb !== 'watch' ? name : namespace;
  const named = seen.access(verb, kind, subresource, within, name);
  const forOne: Want = { type: 'access', verb, kind, subresource, namespace: within, name };
  return { allowed: named.state === 'found' ? named.value.allowed : null, reason: named.state === 'found' ? named.value.reason : '', wants: [forAll, forOne], looked: [named] };
};

const askToGo = (target: Target, given: Given, seen: Seen): Asked => (given.evict === true && isPodKind(target.ref) ? ask('create', target, seen, 'eviction') : ask('delete', target, seen));

const byName: Asked = { allowed: true, reason: '', wants: [], looked: [] };

const isNamespace = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'Namespace';

const askToGet = (target: Target, { selection }: Given, seen: Seen): Asked =>
  isNamespace(target) || (selection !== undefined && (selection.all || selection.labelSelector !== null || selection.fieldSelector !== null)) ? ask('get', target, seen) : byName;

export const access: Fact<AccessView> = {
  rights: [],
  wants: (target, given, seen) => [...askToGo(target, given, seen).wants, ...askToGet(target, given, seen).wants, ...ask('watch', target, seen).wants],
  view: (target, given, seen) => {
    const toDelete = askToGo(target, given, seen);
    const toGet = askToGet(target, given, seen);
    const toWatch = ask('watch', target, seen);
    return { mayDelete: toDelete.allowed, mayGet: toGet.allowed, mayWatch: toWatch.allowed, getsBy: /^RBAC: allowed by RoleBinding "(?<name>[^"/]+)\//u.exec(isNamespace(target) ? toGet.reason : '')?.groups?.['name'] ?? null, unread: unreadOf([...toDelete.looked, ...toGet.looked, ...toWatch.looked]) };
  },
};
