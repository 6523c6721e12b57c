import { randomBytes, randomInt, randomUUID } from 'node:crypto'
import { randomOf } from '../truth/random.ts'

/** Where generated names, uids and addresses come from. */
interface Source {
  /** A whole number from `low` up to, but not including, `high`. */
  readonly int: (low: number, high: number) => number
  readonly uuid: () => string
  readonly hex: (bytes: number) => string
}

const chance: Source = { int: randomInt, uuid: randomUUID, hex: (bytes) => randomBytes(bytes).toString('hex') }

const seeded = (seed: number): Source => {
  const random = randomOf(seed)
  const hex = (bytes: number): string => Array.from({ length: bytes }, () => random.between(0, 255).toString(16).padStart(2, '0')).join('')
  return { int: (low, high) => random.between(low, high - 1), uuid: () => [hex(4), hex(2), `4${hex(2).slice(1)}`, `a${hex(2).slice(1)}`, hex(6)].join('-'), hex }
}

let source = chance

/** From now on a seed decides what this process generates: the pages of the documentation have to be the same each time. */
export const seedRandom = (seed: number): void => {
  source = seeded(seed)
}

export const intBetween = (low: number, high: number): number => source.int(low, high)
export const newUuid = (): string => source.uuid()
export const hexOf = (bytes: number): string => source.hex(bytes)
