/** Every kind that a server serves with what can be done to it, each once, from either form of its discovery documents. Pure. */
import { apiVersionOf } from '../model/ref.ts';
import { isAggregated, listedGroups } from './documents.ts';

/** A kind as discovery lists it, in the version that the server prefers. */
export interface ServedKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
}

export interface Served {
  readonly kinds: readonly ServedKind[];
  /** `group/version` whose API server did not answer: what they hold is not known. */
  readonly stale: readonly string[];
}

interface RawList {
  readonly resources?: readonly { readonly name?: string; readonly kind?: string; readonly namespaced?: boolean; readonly verbs?: readonly string[] }[];
}

/** Several versions serve the same objects: the first one is the preferred. */
const eachOnce = (kinds: readonly ServedKind[]): readonly ServedKind[] => {
  const first = new Map<string, ServedKind>();
  for (const kind of kinds) {
    const key = `${kind.group}/${kind.resource}`;
    if (!first.has(key)) first.set(key, kind);
  }
  return [...first.values()];
};

/** From the aggregated documents of `/api` and `/apis`; null when one of them is not of that form. */
export const servedAggregated = (documents: readonly unknown[]): Served | null => {
  const kinds: ServedKind[] = [];
  const stale: string[] = [];
  for (const document of documents) {
    if (!isAggregated(document)) return null;
    for (const { metadata, versions = [] } of document.items ?? []) {
      const group = metadata?.name ?? '';
      for (const { version = '', freshness, resources = [] } of versions) {
        if (freshness === 'Stale') stale.push(apiVersionOf({ group, version }));
        for (const { resource, responseKind, scope, verbs = [] } of resources) {
          const kind = responseKind?.kind ?? '';
          if (resource !== undefined && kind !== '') kinds.push({ group, version, kind, resource, namespaced: scope === 'Namespaced', verbs });
        }
      }
    }
  }
  return { kinds: eachOnce(kinds), stale };
};

/** Groups and versions to ask for, one list each, from the old `/api` and `/apis`; the preferred version first. */
export const listsToRead = (core: unknown, apis: unknown): readonly { readonly group: string; readonly version: string }[] => {
  const coreVersions = (core as { readonly versions?: readonly string[] } | null)?.versions ?? [];
  const others = listedGroups(apis).flatMap(({ name, preferred, versions }) => [...versions.filter((v) => v === preferred), ...versions.filter((v) => v !== preferred)].map((version) => ({ group: name, version })));
  return [...coreVersions.map((version) => ({ group: '', version })), ...others];
};

/** From the old lists, one for each group and version; `document` null: it could not be read. */
export const servedByLists = (lists: readonly { readonly group: string; readonly version: string; readonly document: unknown }[]): Served => ({
  kinds: eachOnce(
    lists.flatMap(({ group, version, document }) =>
      ((document as RawList | null)?.resources ?? []).flatMap(({ name, kind, namespaced, verbs = [] }) =>
        name === undefined || kind === undefined || name.includes('/') ? [] : [{ group, version, kind, resource: name, namespaced: namespaced === true, verbs }],
      ),
    ),
  ),
  stale: lists.filter(({ document }) => document === null).map(({ group, version }) => apiVersionOf({ group, version })),
});
