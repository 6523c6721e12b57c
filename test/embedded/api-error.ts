import type { JsonObject } from './types.ts'

/** A refusal as the API server answers it: an HTTP code, headers and a meta/v1 Status. */
export class ApiError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: JsonObject | undefined
  readonly headers: Readonly<Record<string, string>>

  constructor(code: number, reason: string, message: string, details?: JsonObject, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.code = code
    this.reason = reason
    this.details = details
    this.headers = headers
  }

  /** The Status object of the answer's body. */
  status(): JsonObject {
    return {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: this.message,
      ...(this.reason === '' ? {} : { reason: this.reason }),
      ...(this.details === undefined ? {} : { details: this.details }),
      code: this.code,
    }
  }
}

/** A resource as it is named in messages: `pods`, `deployments.apps`. */
export interface Named {
  readonly group: string
  readonly plural: string
}

export const qualified = (resource: Named): string => (resource.group === '' ? resource.plural : `${resource.plural}.${resource.group}`)

const details = (resource: Named, name: string): JsonObject => ({
  ...(name === '' ? {} : { name }),
  ...(resource.group === '' ? {} : { group: resource.group }),
  kind: resource.plural,
})

export const notFound = (resource: Named, name: string): ApiError =>
  new ApiError(404, 'NotFound', `${qualified(resource)} "${name}" not found`, details(resource, name))

/** What stands in the place of an unknown path: plain text in the real server, a Status for unknown resources. */
export const unknownResource = (): ApiError => new ApiError(404, 'NotFound', 'the server could not find the requested resource', {})

export const alreadyExists = (resource: Named, name: string): ApiError =>
  new ApiError(409, 'AlreadyExists', `${qualified(resource)} "${name}" already exists`, details(resource, name))

export const conflict = (resource: Named, name: string, why: string): ApiError =>
  new ApiError(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(resource)} "${name}": ${why}`, details(resource, name))

export const forbidden = (resource: Named, name: string, why: string, causes?: readonly JsonObject[]): ApiError =>
  new ApiError(403, 'Forbidden', `${qualified(resource)}${name === '' ? '' : ` "${name}"`} is forbidden: ${why}`, {
    ...details(resource, name),
    ...(causes === undefined ? {} : { causes }),
  })

export interface FieldProblem {
  readonly reason: 'FieldValueInvalid' | 'FieldValueRequired' | 'FieldValueNotSupported' | 'FieldValueForbidden' | 'FieldValueDuplicate'
  readonly message: string
  readonly field: string
}

/** 422 with one cause a field, as errors.NewInvalid words it. */
export function invalid(kind: { readonly group: string; readonly kind: string }, name: string, problems: readonly FieldProblem[]): ApiError {
  const words = [...new Set(problems.map((problem) => `${problem.field}: ${problem.message}`))]
  const list = words.length === 1 ? (words[0] ?? '') : `[${words.join(', ')}]`
  const title = kind.group === '' ? kind.kind : `${kind.kind}.${kind.group}`
  return new ApiError(422, 'Invalid', `${title} "${name}" is invalid: ${list}`, {
    ...(name === '' ? {} : { name }),
    ...(kind.group === '' ? {} : { group: kind.group }),
    kind: kind.kind,
    causes: problems.map((problem) => ({ reason: problem.reason, message: problem.message, field: problem.field })),
  })
}

export const badRequest = (message: string): ApiError => new ApiError(400, 'BadRequest', message)

export const expired = (message: string): ApiError => new ApiError(410, 'Expired', message)

export const unauthorized = (): ApiError => new ApiError(401, 'Unauthorized', 'Unauthorized')

export const methodNotAllowed = (): ApiError =>
  new ApiError(405, 'MethodNotAllowed', 'the server does not allow this method on the requested resource', {})
