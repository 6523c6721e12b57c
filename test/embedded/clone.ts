/** A deep copy of JSON data: several times faster than structuredClone, which also handles what JSON cannot hold. */
export function clone<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: unknown) => clone(item)) as T
  const copy: Record<string, unknown> = {}
  for (const key in value) copy[key] = clone(value[key])
  return copy as T
}
