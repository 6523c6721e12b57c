import type { IncomingHttpHeaders } from 'node:http'
import { ApiError, qualified, unauthorized } from './api-error.ts'
import type { RequestInfo } from './request.ts'
import type { Store } from './store.ts'
import type { KubeObject, User } from './types.ts'

/** What one user may do. Without namespaces a rule holds everywhere, cluster scope included. */
export interface Rule {
  readonly verbs: readonly string[]
  readonly apiGroups?: readonly string[]
  readonly resources?: readonly string[]
  readonly resourceNames?: readonly string[]
  readonly nonResourceURLs?: readonly string[]
  readonly namespaces?: readonly string[]
}

export interface Attributes {
  readonly verb: string
  readonly group: string
  readonly resource: string
  readonly subresource: string
  readonly namespace: string
  readonly name: string
  /** For requests outside the resources. */
  readonly path?: string
}

const has = (list: readonly string[] | undefined, value: string): boolean => list?.some((item) => item === '*' || item === value) ?? false

function allows(rule: Rule, wanted: Attributes): boolean {
  if (!has(rule.verbs, wanted.verb)) return false
  const { path } = wanted
  if (path !== undefined) return rule.nonResourceURLs?.some((url) => url === '*' || url === path || (url.endsWith('*') && path.startsWith(url.slice(0, -1)))) ?? false
  if (rule.namespaces !== undefined && !rule.namespaces.includes(wanted.namespace)) return false
  if (!has(rule.apiGroups, wanted.group)) return false
  const full = wanted.subresource === '' ? wanted.resource : `${wanted.resource}/${wanted.subresource}`
  if (!has(rule.resources, full) && !(wanted.subresource !== '' && has(rule.resources, `*/${wanted.subresource}`))) return false
  return rule.resourceNames === undefined || rule.resourceNames.length === 0 || rule.resourceNames.includes(wanted.name)
}

/** What the roles system:public-info-viewer, system:discovery and system:basic-user give to everyone. */
const publicRules: readonly Rule[] = [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/livez', '/readyz', '/version', '/version/'] }]
const basicRules: readonly Rule[] = [
  { verbs: ['get'], nonResourceURLs: ['/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/'] },
  { verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'] },
  { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
]

interface Subject {
  readonly kind: string
  readonly name: string
  readonly namespace?: string
}
interface Binding extends KubeObject {
  roleRef: { kind: string; name: string }
  subjects?: Subject[]
}

/** Who may do what: tokens, rules given with a user, and the RBAC objects in the store. */
export class Access {
  readonly #store: Store
  readonly #tokens = new Map<string, { readonly user: User; readonly rules: readonly Rule[] }>()

  constructor(store: Store) {
    this.#store = store
  }

  addUser(token: string, user: User, rules: readonly Rule[] = []): void {
    this.#tokens.set(token, { user, rules })
  }

  /** Makes a token invalid, as when it expires. */
  revoke(token: string): void {
    this.#tokens.delete(token)
  }

  /** The user of a request, after impersonation; 401 for an unknown token. */
  authenticate(headers: IncomingHttpHeaders): User {
    const token = /^Bearer\s+(.+)$/i.exec(headers.authorization ?? '')?.[1]
    if (headers.authorization !== undefined && token === undefined) throw unauthorized()
    const found = token === undefined ? undefined : this.#tokens.get(token)
    if (token !== undefined && found === undefined) throw unauthorized()
    const user: User = found?.user ?? { name: 'system:anonymous', groups: ['system:unauthenticated'] }
    return this.#impersonated(user, headers)
  }

  #impersonated(user: User, headers: IncomingHttpHeaders): User {
    const name = headers['impersonate-user']
    const groups = headers['impersonate-group']
    if (typeof name !== 'string') {
      if (groups !== undefined) throw new ApiError(500, 'InternalError', 'Internal error occurred: requested [] without impersonating a user', { causes: [] })
      return user
    }
    this.require(user, { verb: 'impersonate', group: '', resource: 'users', subresource: '', namespace: '', name })
    const list = groups === undefined ? [] : Array.isArray(groups) ? groups : groups.split(',').map((group) => group.trim())
    for (const group of list) this.require(user, { verb: 'impersonate', group: '', resource: 'groups', subresource: '', namespace: '', name: group })
    return { name, groups: [...list, 'system:authenticated'] }
  }

  /** Every rule that applies to a user. */
  rules(user: User): readonly Rule[] {
    const own = [...this.#tokens.values()].filter((entry) => entry.user.name === user.name).flatMap((entry) => entry.rules)
    return [...publicRules, ...(user.groups.includes('system:authenticated') ? basicRules : []), ...own, ...this.#bound(user)]
  }

  #bound(user: User): Rule[] {
    const applies = (binding: Binding): boolean =>
      binding.subjects?.some((subject) => {
        if (subject.kind === 'User') return subject.name === user.name
        if (subject.kind === 'Group') return user.groups.includes(subject.name)
        return user.name === `system:serviceaccount:${subject.namespace ?? binding.metadata.namespace ?? ''}:${subject.name}`
      }) ?? false
    const rulesOf = (resource: string, namespace: string, name: string): Rule[] => (this.#store.get(resource, namespace, name)?.['rules'] as Rule[] | undefined) ?? []
    const found: Rule[] = []
    for (const binding of this.#store.list('clusterrolebindings.rbac.authorization.k8s.io') as Binding[]) {
      if (applies(binding)) found.push(...rulesOf('clusterroles.rbac.authorization.k8s.io', '', binding.roleRef.name))
    }
    for (const binding of this.#store.list('rolebindings.rbac.authorization.k8s.io') as Binding[]) {
      if (!applies(binding)) continue
      const namespace = binding.metadata.namespace ?? ''
      const cluster = binding.roleRef.kind === 'ClusterRole'
      const rules = rulesOf(cluster ? 'clusterroles.rbac.authorization.k8s.io' : 'roles.rbac.authorization.k8s.io', cluster ? '' : namespace, binding.roleRef.name)
      found.push(...rules.map((rule) => ({ ...rule, namespaces: [namespace] })))
    }
    return found
  }

  allowed(user: User, wanted: Attributes): boolean {
    return user.groups.includes('system:masters') || this.rules(user).some((rule) => allows(rule, wanted))
  }

  /** 403 with the text of apiserver pkg/endpoints/handlers/responsewriters ForbiddenStatusError. */
  require(user: User, wanted: Attributes): void {
    if (this.allowed(user, wanted)) return
    if (wanted.path !== undefined) {
      throw new ApiError(403, 'Forbidden', `forbidden: User ${JSON.stringify(user.name)} cannot ${wanted.verb} path ${JSON.stringify(wanted.path)}`, {})
    }
    const resource = wanted.subresource === '' ? wanted.resource : `${wanted.resource}/${wanted.subresource}`
    const where = wanted.namespace === '' ? 'at the cluster scope' : `in the namespace ${JSON.stringify(wanted.namespace)}`
    const named = { group: wanted.group, plural: wanted.resource }
    const title = wanted.name === '' ? qualified(named) : `${qualified(named)} ${JSON.stringify(wanted.name)}`
    throw new ApiError(
      403,
      'Forbidden',
      `${title} is forbidden: User ${JSON.stringify(user.name)} cannot ${wanted.verb} resource ${JSON.stringify(resource)} in API group ${JSON.stringify(wanted.group)} ${where}`,
      { ...(wanted.name === '' ? {} : { name: wanted.name }), ...(wanted.group === '' ? {} : { group: wanted.group }), kind: wanted.resource },
    )
  }
}

/** What a request needs. */
export function attributesOf(info: RequestInfo): Attributes {
  const { target, verb } = info
  if (target === undefined) return { verb, group: '', resource: '', subresource: '', namespace: '', name: '', path: info.path }
  return { verb, group: target.group, resource: target.plural, subresource: target.subresource, namespace: target.namespace, name: target.name }
}
