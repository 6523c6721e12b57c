import type { Access, Attributes } from './auth.ts'
import type { Resource } from './resources.ts'
import type { JsonObject, KubeObject, User } from './types.ts'

interface AccessReviewSpec {
  readonly resourceAttributes?: { verb?: string; group?: string; resource?: string; subresource?: string; namespace?: string; name?: string }
  readonly nonResourceAttributes?: { path?: string; verb?: string }
  readonly user?: string
  readonly groups?: string[]
}

function wanted(spec: AccessReviewSpec, namespace: string): Attributes {
  const { resourceAttributes, nonResourceAttributes } = spec
  const { verb = '', group = '', resource = '', subresource = '', name = '' } = resourceAttributes ?? {}
  return {
    verb: nonResourceAttributes?.verb ?? verb,
    group,
    resource,
    subresource,
    namespace: namespace === '' ? (resourceAttributes?.namespace ?? '') : namespace,
    name,
    ...(nonResourceAttributes === undefined ? {} : { path: nonResourceAttributes.path ?? '' }),
  }
}

/** The answer to a question about rights or identity; nothing when the resource is no such question. */
export function review(resource: Resource, object: KubeObject, user: User, namespace: string, access: Access): JsonObject | undefined {
  const answer = (status: unknown): JsonObject => ({ ...object, kind: resource.kind, apiVersion: `${resource.group}/${resource.version}`, metadata: { ...object.metadata }, status })
  const spec = (object.spec ?? {}) as AccessReviewSpec
  switch (resource.plural) {
    case 'selfsubjectreviews':
      return answer({ userInfo: { username: user.name, ...(user.uid === undefined ? {} : { uid: user.uid }), groups: user.groups, ...(user.extra === undefined ? {} : { extra: user.extra }) } })
    case 'selfsubjectaccessreviews':
      return answer({ allowed: access.allowed(user, wanted(spec, '')) })
    case 'subjectaccessreviews':
    case 'localsubjectaccessreviews':
      return answer({ allowed: access.allowed({ name: spec.user ?? '', groups: spec.groups ?? [] }, wanted(spec, namespace)) })
    case 'selfsubjectrulesreviews': {
      const all = access.rules(user)
      const asked = (object.spec as { namespace?: string } | undefined)?.namespace ?? ''
      const here = all.filter((rule) => rule.namespaces === undefined || rule.namespaces.includes(asked))
      const masters = user.groups.includes('system:masters')
      return answer({
        resourceRules: [
          ...(masters ? [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] : []),
          ...here.filter((rule) => rule.resources !== undefined).map(({ verbs, apiGroups, resources, resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames === undefined ? {} : { resourceNames }) })),
        ],
        nonResourceRules: [
          ...(masters ? [{ verbs: ['*'], nonResourceURLs: ['*'] }] : []),
          ...here.filter((rule) => rule.nonResourceURLs !== undefined).map(({ verbs, nonResourceURLs }) => ({ verbs, nonResourceURLs })),
        ],
        incomplete: false,
      })
    }
    case 'tokenreviews':
      return answer({ authenticated: false, user: {} })
    default:
      return undefined
  }
}
