import { apiVersionOf, type ResourceTable } from './resources.ts'
import type { JsonObject } from './types.ts'

/** /openapi/v3: where the document of each group version is. */
export function openapiIndex(table: ResourceTable): JsonObject {
  const paths = table.groupVersions().map(([group, version]) => {
    const path = group === '' ? `api/${version}` : `apis/${group}/${version}`
    return [path, { serverRelativeURL: `/openapi/v3/${path}?hash=${encodeURIComponent(path)}` }] as const
  })
  return { paths: Object.fromEntries(paths) }
}

/**
 * The document of one group version: the least that lets kubectl create and apply without a schema of its own. kubectl
 * looks for a path whose `patch` has the kind and the parameter `fieldValidation` (cli-runtime pkg/resource/query_param_verifier_v3.go).
 */
export function openapiDocument(table: ResourceTable, path: string): JsonObject | undefined {
  const [root, first = '', second = ''] = path.split('/')
  const [group, version] = root === 'api' ? ['', first] : [first, second]
  const resources = table.all().filter((resource) => resource.group === group && resource.version === version)
  if (resources.length === 0) return undefined
  const parameters = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].map((name) => ({ name, in: 'query', schema: { type: name === 'force' ? 'boolean' : 'string', uniqueItems: true } }))
  const prefix = group === '' ? `/api/${version}` : `/apis/${apiVersionOf({ group, version })}`
  const paths = resources.map((resource) => {
    const kind = { group, version, kind: resource.kind }
    const url = `${prefix}${resource.namespaced ? '/namespaces/{namespace}' : ''}/${resource.plural}/{name}`
    return [url, { patch: { parameters, 'x-kubernetes-group-version-kind': kind, responses: {} } }] as const
  })
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.36.3' }, paths: Object.fromEntries(paths), components: { schemas: {} } }
}
