import { startEmbedded } from './embedded.ts'

// node test/embedded/server.ts: starts a cluster, prints the path of its kubeconfig, and runs until it is killed.
const cluster = await startEmbedded({ port: Number(process.argv[2] ?? 0) })
console.log(cluster.kubeconfig)
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    cluster.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  })
}
