import type { Case } from '../contract.ts'
import { containers } from './containers.ts'
import { more } from './more.ts'
import { pods } from './pods.ts'
import { reading } from './reading.ts'
import { workloads } from './workloads.ts'
import { writing } from './writing.ts'

export const cases: readonly Case[] = [...reading, ...writing, ...pods, ...containers, ...workloads, ...more]
