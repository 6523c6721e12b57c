import { startEmbedded } from '../embedded/embedded.ts'
import { record, type Recording } from './contract.ts'
import { differences } from './normalise.ts'

// node test/contract/contract.check.ts KUBECONFIG [CASE]: the embedded cluster and a real one, live, side by side.
// With a second kubeconfig in OTHER that one is compared instead of the embedded cluster.
const [kubeconfig, only] = process.argv.slice(2)
if (kubeconfig === undefined) throw new Error('usage: node test/contract/contract.check.ts KUBECONFIG [CASE]')
const embedded = await startEmbedded()
embedded.user('limited-token', [])
const options = only === undefined ? {} : { only: new RegExp(only) }
const [ours, theirs]: readonly [Recording, Recording] = await Promise.all([record(process.env['OTHER'] ?? embedded.kubeconfig, options), record(kubeconfig, options)])
await embedded.stop()
let total = 0
let steps = 0
for (const [name, expected] of Object.entries(theirs)) {
  const found = ours[name] ?? []
  for (const [index, step] of expected.entries()) {
    steps++
    const wrong = differences(found[index], step)
    total += wrong.length
    for (const line of wrong) console.log(`${name} / ${step.label}\n   ${line}`)
  }
  for (const extra of found.slice(expected.length)) {
    total++
    console.log(`${name} / ${extra.label}\n   only in the embedded cluster: ${JSON.stringify(extra.value)}`)
  }
}
console.log(`${Object.keys(theirs).length} cases, ${steps} steps: ${total} differences (embedded | real)`)
process.exitCode = total === 0 ? 0 : 1
