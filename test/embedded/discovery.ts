import { apiVersionOf, type Resource, type ResourceTable } from './resources.ts'
import type { JsonObject } from './types.ts'

const some = (field: string, list: readonly string[]): JsonObject => (list.length === 0 ? {} : { [field]: list })

/** The group and version of a kind are left out where they are the list's own. */
function aggregatedResource(resource: Resource): JsonObject {
  return {
    resource: resource.plural,
    responseKind: { group: '', version: '', kind: resource.kind },
    scope: resource.namespaced ? 'Namespaced' : 'Cluster',
    singularResource: resource.singular,
    verbs: resource.verbs,
    ...some('shortNames', resource.shortNames),
    ...some('categories', resource.categories),
    ...(resource.subresources.length === 0
      ? {}
      : {
          subresources: resource.subresources.map((subresource) => ({
            subresource: subresource.name,
            responseKind: { group: subresource.group ?? '', version: subresource.version ?? '', kind: subresource.kind },
            verbs: subresource.verbs,
          })),
        }),
  }
}

const groupsOf = (table: ResourceTable): Map<string, string[]> => {
  const groups = new Map<string, string[]>()
  for (const [group, version] of table.groupVersions()) groups.set(group, [...(groups.get(group) ?? []), version])
  return groups
}

const within = (table: ResourceTable, group: string, version: string): Resource[] =>
  table
    .all()
    .filter((resource) => resource.group === group && resource.version === version)
    .toSorted((a, b) => (a.plural < b.plural ? -1 : 1))

/** Groups and versions whose API server does not answer. */
export type Unavailable = readonly (readonly [group: string, version: string])[]

/** The aggregated document of /api (`core`) or /apis (apidiscovery.k8s.io/v2). */
export function aggregated(table: ResourceTable, core: boolean, unavailable: Unavailable = []): JsonObject {
  const stale = core ? [] : unavailable.map(([name, version]) => ({ metadata: { name }, versions: [{ version, freshness: 'Stale' }] }))
  const items: JsonObject[] = [...groupsOf(table)]
    .filter(([group]) => (group === '') === core)
    .map(([group, versions]) => ({
      metadata: group === '' ? {} : { name: group },
      versions: versions.map((version) => ({ version, resources: within(table, group, version).map(aggregatedResource), freshness: 'Current' })),
    }))
  return { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', metadata: {}, items: [...items, ...stale] }
}

const apiGroup = (group: string, versions: readonly string[]): JsonObject => ({
  name: group,
  versions: versions.map((version) => ({ groupVersion: `${group}/${version}`, version })),
  preferredVersion: { groupVersion: `${group}/${versions[0] ?? ''}`, version: versions[0] ?? '' },
})

/** The lists that discovery was before it was aggregated; nothing for a path that is none. */
export function legacy(table: ResourceTable, path: string, unavailable: Unavailable = []): JsonObject | undefined {
  const groups = groupsOf(table)
  if (path === '/api') return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] }
  if (path === '/apis') {
    const rest = [...groups].filter(([group]) => group !== '')
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: [...rest.map(([group, versions]) => apiGroup(group, versions)), ...unavailable.map(([group, version]) => apiGroup(group, [version]))] }
  }
  const [root, first = '', second] = path.split('/').filter((part) => part !== '')
  if (root === 'apis' && second === undefined) {
    const versions = groups.get(first)
    return versions === undefined ? undefined : { kind: 'APIGroup', apiVersion: 'v1', ...apiGroup(first, versions) }
  }
  const [group, version] = root === 'api' ? ['', first] : [first, second ?? '']
  if (groups.get(group)?.includes(version) !== true) return undefined
  return {
    kind: 'APIResourceList',
    apiVersion: 'v1',
    groupVersion: apiVersionOf({ group, version }),
    resources: within(table, group, version).flatMap((resource) => [
      {
        name: resource.plural,
        singularName: resource.singular,
        namespaced: resource.namespaced,
        kind: resource.kind,
        verbs: resource.verbs,
        ...some('shortNames', resource.shortNames),
        ...some('categories', resource.categories),
      },
      ...resource.subresources.map((subresource) => ({
        name: `${resource.plural}/${subresource.name}`,
        singularName: '',
        namespaced: resource.namespaced,
        ...(subresource.group === undefined ? {} : { group: subresource.group, version: subresource.version }),
        kind: subresource.kind,
        verbs: subresource.verbs,
      })),
    ]),
  }
}
