import type { LeftObject } from '../facts/left-in-namespace.ts';
import { typeSlashName } from '../model/ref.ts';
import { count, listed } from './case.ts';

const rank = (o: LeftObject): number => (o.terminating && o.finalizers.length > 0 ? 0 : o.finalizers.length > 0 ? 1 : 2);

/** What an owner, namespace or definition waits for, the objects that are held by something first. */
export const heldFirst = (objects: readonly LeftObject[]): readonly LeftObject[] => objects.toSorted((a, b) => rank(a) - rank(b));

/** `pod/a (finalizer x), configmap/b`. */
export const leftText = (objects: readonly LeftObject[]): string =>
  listed(heldFirst(objects).map((o) => `${typeSlashName(o.ref)}${o.finalizers.length === 0 ? '' : ` (${o.finalizers.length === 1 ? 'finalizer' : 'finalizers'} ${o.finalizers.join(', ')})`}`));

/** How many of them are held by finalizers, as a clause with the space before it; empty for none. */
export const heldText = (objects: readonly LeftObject[]): string => {
  const held = objects.filter((o) => o.terminating && o.finalizers.length > 0).length;
  return held === 0 ? '' : `, ${held === objects.length ? (held === 1 ? 'held by a finalizer' : 'all held by finalizers') : `${count(held, 'object')} of them held by finalizers`}`;
};
