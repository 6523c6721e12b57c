/** May this user delete the target, and watch it? */
import type { Target } from '../model/target.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface AccessView extends View {
  /** null: not known. */
  readonly mayDelete: boolean | null;
  readonly mayWatch: boolean | null;
}

interface Asked {
  readonly allowed: boolean | null;
  readonly wants: readonly Want[];
  readonly looked: readonly Looked<unknown>[];
}

/** First for all objects of the namespace, so that many targets cost one question; by name where that is denied (resourceNames in a Role). */
const ask = (verb: string, target: Target, seen: Seen): Asked => {
  const { namespace, name } = target.ref;
  const kind = { group: target.ref.group, version: target.ref.version, resource: target.ref.resource };
  const all = seen.access(verb, kind, null, namespace, null);
  const forAll: Want = { type: 'access', verb, kind, subresource: null, namespace, name: null };
  if (all.state !== 'found' || all.value.allowed) return { allowed: all.state === 'found' ? true : null, wants: [forAll], looked: [all] };
  const named = seen.access(verb, kind, null, namespace, name);
  const forOne: Want = { type: 'access', verb, kind, subresource: null, namespace, name };
  return { allowed: named.state === 'found' ? named.value.allowed : null, wants: [forAll, forOne], looked: [named] };
};

export const access: Fact<AccessView> = {
  rights: [],
  wants: (target, _given, seen) => [...ask('delete', target, seen).wants, ...ask('watch', target, seen).wants],
  view: (target, _given, seen) => {
    const toDelete = ask('delete', target, seen);
    const toWatch = ask('watch', target, seen);
    return { mayDelete: toDelete.allowed, mayWatch: toWatch.allowed, unread: unreadOf([...toDelete.looked, ...toWatch.looked]) };
  },
};
