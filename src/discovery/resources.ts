/** Discovery documents (apimachinery APIResourceList, APIGroupList) as data. */
import type { ResourceKind } from '../model/ref.ts';

interface RawResource {
  readonly name?: string;
  readonly singularName?: string;
  readonly kind?: string;
  readonly namespaced?: boolean;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
}

/** The kinds of one group and version (`/api/v1`, `/apis/GROUP/VERSION`); subresources are left out. */
export const kindsOf = (group: string, version: string, document: unknown): readonly ResourceKind[] => {
  const resources = (document as { readonly resources?: readonly RawResource[] }).resources ?? [];
  return resources.flatMap((r) =>
    r.name === undefined || r.kind === undefined || r.name.includes('/')
      ? []
      : [
          {
            group,
            version,
            kind: r.kind,
            resource: r.name,
            singular: (r.singularName ?? '') === '' ? r.kind.toLowerCase() : (r.singularName ?? ''),
            shortNames: r.shortNames ?? [],
            categories: r.categories ?? [],
            namespaced: r.namespaced === true,
          },
        ],
  );
};

/** The preferred version of every group of `/apis`. */
export const groupsOf = (document: unknown): readonly { readonly group: string; readonly version: string }[] => {
  const groups = (document as { readonly groups?: readonly { readonly name?: string; readonly preferredVersion?: { readonly version?: string } }[] }).groups ?? [];
  return groups.flatMap((g) => (g.name === undefined || g.preferredVersion?.version === undefined ? [] : [{ group: g.name, version: g.preferredVersion.version }]));
};

export const discoveryPath = (group: string, version: string): string => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`);
