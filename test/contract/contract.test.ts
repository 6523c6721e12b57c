import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { startEmbedded, type EmbeddedCluster } from '../embedded/embedded.ts'
import { cases } from './cases/all.ts'
import { record, type Recording } from './contract.ts'
import { differences } from './normalise.ts'
import type { Step } from './session.ts'

// golden/ holds what a real Kubernetes v1.36.3 did; `node test/contract/record.ts KUBECONFIG` makes it anew.
const golden = join(import.meta.dirname, 'golden')

let cluster: EmbeddedCluster
let recording: Recording

before(async () => {
  cluster = await startEmbedded()
  cluster.user('limited-token', [])
  recording = await record(cluster.kubeconfig, { width: cases.length })
})
after(async () => {
  await cluster.stop()
})

test('every case has a recording of the real server', () => {
  assert.deepEqual(readdirSync(golden).toSorted((a, b) => (a < b ? -1 : 1)), cases.map((one) => `${one.name}.json`).toSorted((a, b) => (a < b ? -1 : 1)))
})

for (const { name } of cases) {
  test(`the embedded cluster answers as the real one: ${name}`, () => {
    const expected = JSON.parse(readFileSync(join(golden, `${name}.json`), 'utf8')) as readonly Step[]
    const found: unknown = JSON.parse(JSON.stringify(recording[name]))
    assert.deepEqual(differences(found, expected), [])
  })
}
