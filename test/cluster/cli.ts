/** npm run cluster -- up|down|status [--name NAME]: the answer on stdout, everything else on stderr. */
import { parseArgs } from 'node:util'

const usage = 'usage: npm run cluster -- up|down|status [--name NAME]'

async function main(): Promise<number> {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 24) {
    process.stderr.write(`the test cluster needs Node 24 or later; this is ${process.versions.node} (npm ci brings one: npm run cluster)\n`)
    return 2
  }
  // Loaded only now: an older Node must get to the sentence above.
  const { bringUp, componentPids } = await import('./up.ts')
  const { takeDown } = await import('./down.ts')
  const { ClusterError, defaultName, pathsOf, readState, stateDir } = await import('./state.ts')
  const { withLock } = await import('./lock.ts')
  const { isReady, nodeReadiness } = await import('./api.ts')
  let command: string | undefined
  let name = defaultName
  try {
    const { positionals, values } = parseArgs({ allowPositionals: true, options: { name: { type: 'string', default: defaultName } } })
    name = values.name
    command = positionals.length === 1 ? positionals[0] : undefined
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
  }
  try {
    switch (command) {
      case 'up': {
        const started = performance.now()
        const state = await bringUp(name)
        process.stderr.write(`cluster ${name}: node Ready after ${((performance.now() - started) / 1000).toFixed(1)} s\n`)
        process.stdout.write(`${pathsOf(state.dir).kubeconfig}\n`)
        return 0
      }
      case 'down': {
        await withLock(`${stateDir(name)}.lock`, async () => { await takeDown(name) })
        process.stderr.write(`cluster ${name}: nothing of it runs\n`)
        return 0
      }
      case 'status': {
        const state = readState(name)
        if (state === undefined) {
          process.stdout.write(`cluster ${name}: not there\n`)
          return 1
        }
        const ready = await isReady(state)
        process.stdout.write(`cluster ${name}: API server ${ready ? 'ready' : 'not ready'}, node Ready: ${await nodeReadiness(state) ?? 'no answer'}\n`)
        for (const { component, pid } of componentPids(state)) process.stdout.write(`  ${component} ${pid ?? 'does not run'}\n`)
        process.stdout.write(`  kubeconfig ${pathsOf(state.dir).kubeconfig}\n`)
        return ready ? 0 : 1
      }
      case undefined:
      default:
        process.stderr.write(`${usage}\n`)
        return 2
    }
  } catch (error) {
    if (!(error instanceof ClusterError)) throw error
    process.stderr.write(`${error.message}\n`)
    return 1
  }
}

process.exitCode = await main()
