import assert from 'node:assert/strict'
import { test } from 'node:test'
import { drivenClock } from './clock.ts'
import { startEmbedded } from './embedded.ts'
import { collect, inProcess, type SeenEvent } from './in-process.ts'
import type { Pod } from './types.ts'

const pod = (name: string, scripts: Readonly<Record<string, string>>, spec: object = {}): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name },
  spec: {
    containers: Object.entries(scripts).map(([container, script]) => ({ name: container, image: 'localhost/busybox:1', command: ['sh', '-c', script] })),
    ...spec,
  },
})

const PODS = '/api/v1/namespaces/default/pods'

async function cluster() {
  const clock = drivenClock()
  const started = await startEmbedded({ clock, port: -1 })
  return { clock, cluster: started, request: inProcess(started) }
}

const codes = (event: SeenEvent | undefined): Record<string, number | undefined> =>
  Object.fromEntries(((event?.object as unknown as Pod | undefined)?.status.containerStatuses ?? []).map((status) => [status.name, status.state.terminated?.exitCode]))

const shape = (event: SeenEvent): string => {
  const { metadata, status } = event.object as unknown as Pod
  const ended = (status.containerStatuses ?? []).every((container) => container.state.terminated !== undefined)
  return `${event.type} ${metadata.deletionTimestamp === undefined ? 'alive' : String(metadata.deletionGracePeriodSeconds)} ${status.phase ?? ''} ${ended ? 'ended' : 'running'}`
}

test('a pod that is deleted shows its end in the order of the real kubelet, and a grace of 30 s costs milliseconds under a driven clock', async () => {
  const { clock, cluster: started, request } = await cluster()
  await request('POST', PODS, pod('web', { clean: "trap 'exit 0' TERM; while :; do sleep 0.1; done", handled: "trap 'exit 143' TERM; while :; do sleep 0.1; done", stubborn: "trap '' TERM; while :; do sleep 1; done" }))
  await clock.advance(5000)
  const events = collect((await request('GET', `${PODS}?watch=true`)).stream)
  await clock.settle()
  const before = performance.now()
  const answer = await request('DELETE', `${PODS}/web`, { kind: 'DeleteOptions', apiVersion: 'v1' })
  assert.equal((answer.body as Pod).metadata.deletionGracePeriodSeconds, 30)
  await clock.advance(32_000)
  assert.ok(performance.now() - before < 5000)
  assert.deepEqual(events.map(shape), [
    'ADDED alive Running running',
    'MODIFIED 30 Running running',
    'MODIFIED 30 Running running',
    'MODIFIED 30 Failed ended',
    'MODIFIED 0 Failed ended',
    'DELETED 0 Failed ended',
  ])
  assert.deepEqual(codes(events.at(-1)), { clean: 0, handled: 143, stubborn: 137 })
  assert.equal((await request('GET', `${PODS}/web`)).status, 404)
  await started.stop()
})

test('process 1 without a handler sits out the whole grace period and is killed', async () => {
  const { clock, cluster: started, request } = await cluster()
  await request('POST', PODS, { ...pod('plain', {}), spec: { terminationGracePeriodSeconds: 5, containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sleep', '3600'] }] } })
  await clock.advance(1000)
  const events = collect((await request('GET', `${PODS}?watch=true`)).stream)
  await request('DELETE', `${PODS}/plain`)
  await clock.advance(4000)
  assert.equal((await request('GET', `${PODS}/plain`)).status, 200)
  await clock.advance(2000)
  assert.deepEqual(codes(events.at(-1)), { c: 137 })
  await started.stop()
})

test('a command that the simulated shell does not know is refused with its name when the pod is created', async () => {
  const { cluster: started, request } = await cluster()
  const answer = await request('POST', PODS, pod('odd', { c: 'nginx -g daemon' }))
  assert.equal(answer.status, 422)
  assert.match((answer.body as { message: string }).message, /unknown command nginx/)
  await started.stop()
})

test('a preStop hook runs before the signal and inside the grace period', async () => {
  const { clock, cluster: started, request } = await cluster()
  const spec = {
    terminationGracePeriodSeconds: 10,
    containers: [{ name: 'c', image: 'localhost/busybox:1', command: ['sh', '-c', "trap 'exit 7' TERM; while :; do sleep 0.1; done"], lifecycle: { preStop: { exec: { command: ['sh', '-c', 'sleep 4'] } } } }],
  }
  await request('POST', PODS, { ...pod('hooked', {}), spec })
  await clock.advance(1000)
  const events = collect((await request('GET', `${PODS}?watch=true`)).stream)
  await request('DELETE', `${PODS}/hooked`)
  await clock.advance(3900)
  assert.equal((await request('GET', `${PODS}/hooked`)).status, 200)
  await clock.advance(1000)
  assert.deepEqual(codes(events.at(-1)), { c: 7 })
  await started.stop()
})

const sidecar = (name: string): object => ({ name, image: 'localhost/busybox:1', command: ['sh', '-c', "trap 'sleep 1; exit 0' TERM; while :; do sleep 0.1; done"], restartPolicy: 'Always' })

test('sidecars stop after the main containers and in reverse order', async () => {
  const { clock, cluster: started, request } = await cluster()
  const loop = "trap 'exit 0' TERM; while :; do sleep 0.1; done"
  await request('POST', PODS, pod('team', { main: loop }, { initContainers: [sidecar('first'), sidecar('second')] }))
  await clock.advance(2000)
  const events = collect((await request('GET', `${PODS}?watch=true`)).stream)
  await request('DELETE', `${PODS}/team`)
  await clock.advance(10_000)
  const status = (events.at(-1)?.object as unknown as Pod | undefined)?.status ?? {}
  const at = Object.fromEntries([...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map((one) => [one.name, Date.parse(one.state.terminated?.finishedAt ?? '')]))
  assert.ok((at['main'] ?? 0) < (at['second'] ?? 0) && (at['second'] ?? 0) < (at['first'] ?? 0))
  assert.equal(status.phase, 'Succeeded')
  await started.stop()
})
