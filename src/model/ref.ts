/** The object's identity in the API: group and kind without version decide equality; the uid tells a successor from the original. */
export interface Ref {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural resource name as in URLs: `pods`. */
  readonly resource: string;
  /** null for cluster-scoped objects. */
  readonly namespace: string | null;
  readonly name: string;
  /** null only where no object was read: a name that was not found. */
  readonly uid: string | null;
}

/** A kind that the API server serves, as a word on the command line or an owner reference resolves to it. */
export interface ResourceKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly singular: string;
  readonly shortNames: readonly string[];
  readonly categories: readonly string[];
  readonly namespaced: boolean;
}

/** `pods` or `deployments.apps`: the resource as kubectl qualifies it. */
export const qualified = (r: { readonly resource: string; readonly group: string }): string =>
  r.group === '' ? r.resource : `${r.resource}.${r.group}`;

/** `pod/web-1`, `statefulset.apps/db`: the name that `-o name` prints, as kubectl does. */
export const typeSlashName = (r: Pick<Ref, 'kind' | 'group' | 'name'>): string =>
  `${r.kind.toLowerCase()}${r.group === '' ? '' : `.${r.group}`}/${r.name}`;

/** A key that is equal for the same object place (not the same uid). */
export const placeOf = (r: Pick<Ref, 'group' | 'resource' | 'namespace' | 'name'>): string =>
  `${r.group}/${r.resource}/${r.namespace ?? ''}/${r.name}`;

/** `v1` and `apps/v1` as an object's apiVersion spells them. */
export const apiVersionOf = (r: { readonly group: string; readonly version: string }): string =>
  r.group === '' ? r.version : `${r.group}/${r.version}`;

/** Splits an apiVersion; the core group is the empty string. */
export const groupVersion = (apiVersion: string): { readonly group: string; readonly version: string } => {
  const slash = apiVersion.indexOf('/');
  return slash < 0 ? { group: '', version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
};
