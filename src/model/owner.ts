import type { ObjectMeta, OwnerReference } from './wire.ts';

/**
 * The owner that counts for recreation: the reference with `controller: true` (the API server allows one at most), else the first
 * reference: garbage collection follows it as well, although nothing says that it recreates (docs/reference/termination.md 6.4).
 */
export const ownerOf = (meta: ObjectMeta): { readonly reference: OwnerReference; readonly controller: boolean } | null => {
  const references = meta.ownerReferences ?? [];
  const controller = references.find((r) => r.controller === true);
  if (controller !== undefined) return { reference: controller, controller: true };
  const first = references[0];
  return first === undefined ? null : { reference: first, controller: false };
};

/** Whether some object controls it. */
export const isControlled = (meta: ObjectMeta): boolean => (meta.ownerReferences ?? []).some((r) => r.controller === true);

/** Whether the object is controlled by the object with this uid. */
export const isControlledBy = (meta: ObjectMeta, uid: string): boolean =>
  (meta.ownerReferences ?? []).some((r) => r.controller === true && r.uid === uid);

/** The StatefulSet that gives the pod its identity: Kubernetes' own or OpenKruise's, whose pods keep name and claims as well. null: no identity. */
export const identityFrom = (meta: ObjectMeta): OwnerReference | null =>
  (meta.ownerReferences ?? []).find((r) => r.controller === true && r.kind === 'StatefulSet' && /^apps(?:\.kruise\.io)?\//u.test(r.apiVersion)) ?? null;
