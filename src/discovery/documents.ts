/** What an API server serves, from either form of its discovery documents, in its own order of priority (client-go discovery/aggregated_discovery.go). */
import { apiVersionOf } from '../model/ref.ts';
import type { ResourceKind } from '../model/ref.ts';
import { kindsOf } from './resources.ts';

export interface DiscoveredVersion {
  readonly version: string;
  readonly kinds: readonly ResourceKind[];
}

export interface DiscoveredGroup {
  /** '' for the core group. */
  readonly name: string;
  /** null: none of its versions could be read. */
  readonly preferred: string | null;
  /** Those that could be read, in the server's order. */
  readonly versions: readonly DiscoveredVersion[];
}

export interface Discovery {
  /** The core group first, then as the server orders them. */
  readonly groups: readonly DiscoveredGroup[];
  /** `group/version` of what the server could not be asked for: their types are unknown. */
  readonly stale: readonly string[];
}

interface RawDiscoveredResource {
  readonly resource?: string;
  readonly responseKind?: { readonly kind?: string } | null;
  readonly scope?: string;
  readonly singularResource?: string;
  readonly shortNames?: readonly string[];
  readonly categories?: readonly string[];
  readonly verbs?: readonly string[];
}

interface RawDiscoveredGroup {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly { readonly version?: string; readonly freshness?: string; readonly resources?: readonly RawDiscoveredResource[] }[];
}

/** What the Accept header of discovery asks for: the aggregated form, its beta, or the old lists (client-go discovery_client.go). */
export const discoveryAccept = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

export const isAggregated = (document: unknown): document is { readonly items?: readonly RawDiscoveredGroup[] } =>
  (document as { readonly kind?: unknown } | null)?.kind === 'APIGroupDiscoveryList';

const kindOfResource = (group: string, version: string, r: RawDiscoveredResource): readonly ResourceKind[] => {
  const kind = r.responseKind?.kind ?? '';
  // Without a kind it is only the parent of subresources.
  if (r.resource === undefined || kind === '') return [];
  const singular = r.singularResource ?? '';
  return [
    {
      group,
      version,
      kind,
      resource: r.resource,
      singular: singular === '' ? kind.toLowerCase() : singular,
      shortNames: r.shortNames ?? [],
      categories: r.categories ?? [],
      namespaced: r.scope === 'Namespaced',
    },
  ];
};

/** The groups of one aggregated document (apidiscovery.k8s.io v2 or v2beta1); null when it is none. Stale versions are named apart. */
export const aggregated = (document: unknown): Discovery | null => {
  if (!isAggregated(document)) return null;
  const stale: string[] = [];
  const groups = (document.items ?? []).map((item): DiscoveredGroup => {
    const name = item.metadata?.name ?? '';
    const versions: DiscoveredVersion[] = [];
    for (const { version = '', freshness, resources = [] } of item.versions ?? []) {
      if (freshness === 'Stale') stale.push(apiVersionOf({ group: name, version }));
      else versions.push({ version, kinds: resources.flatMap((r) => kindOfResource(name, version, r)) });
    }
    return { name, preferred: versions[0]?.version ?? null, versions };
  });
  return { groups, stale };
};

/** Versions of the core group, from the old `/api`. */
export const coreVersions = (document: unknown): readonly string[] => (document as { readonly versions?: readonly string[] } | null)?.versions ?? [];

/** The groups of the old `/apis`, with all their versions. */
export const listedGroups = (document: unknown): readonly { readonly name: string; readonly preferred: string | null; readonly versions: readonly string[] }[] => {
  const groups =
    (document as { readonly groups?: readonly { readonly name?: string; readonly preferredVersion?: { readonly version?: string }; readonly versions?: readonly { readonly version?: string }[] }[] } | null)
      ?.groups ?? [];
  return groups.map((g) => ({ name: g.name ?? '', preferred: g.preferredVersion?.version ?? null, versions: (g.versions ?? []).flatMap((v) => (v.version === undefined ? [] : [v.version])) }));
};

/** One group from the old lists: `read` gives the APIResourceList of a version, null where it could not be read. */
export const listedGroup = (
  name: string,
  preferred: string | null,
  versions: readonly string[],
  read: (version: string) => unknown,
): { readonly group: DiscoveredGroup; readonly stale: readonly string[] } => {
  const readable = versions.flatMap((version) => {
    const document = read(version);
    return document === null ? [] : [{ version, kinds: kindsOf(name, version, document) }];
  });
  const unread = versions.filter((version) => !readable.some((r) => r.version === version));
  const hasPreferred = readable.some((r) => r.version === preferred);
  return { group: { name, preferred: hasPreferred ? preferred : (readable[0]?.version ?? null), versions: readable }, stale: unread.map((version) => apiVersionOf({ group: name, version })) };
};
