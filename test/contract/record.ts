import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { record } from './contract.ts'

// node test/contract/record.ts KUBECONFIG [CASE]: writes what a real server does into golden/, one file a case.
const [kubeconfig, only] = process.argv.slice(2)
if (kubeconfig === undefined) throw new Error('usage: node test/contract/record.ts KUBECONFIG [CASE]')
const golden = join(import.meta.dirname, 'golden')
mkdirSync(golden, { recursive: true })
const recording = await record(kubeconfig, only === undefined ? {} : { only: new RegExp(only) })
for (const [name, steps] of Object.entries(recording)) {
  const failed = steps.find((step) => step.label === 'ended with an error')
  if (failed === undefined) writeFileSync(join(golden, `${name}.json`), `${JSON.stringify(steps, null, 1)}\n`)
  console.log(failed === undefined ? `${name}: ${steps.length} steps` : `${name}: not written: ${String(failed.value)}`)
}
