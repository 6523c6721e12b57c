import type { Pod } from '../../embedded/types.ts'
import type { Case } from '../contract.ts'
import type { Reply, Session } from '../session.ts'
import { clean, container, pod, PODS } from './objects.ts'
import { isRunning } from './pods.ts'

/** How each container ended, from the last event of a watch. */
function endsOf(events: readonly unknown[]): unknown {
  const last = events.at(-1) as { object: Pod } | undefined
  return (last?.object.status.containerStatuses ?? []).map(({ name, state, restartCount }) => ({ name, code: state.terminated?.exitCode, reason: state.terminated?.reason, message: state.terminated?.message, restartCount }))
}

async function endAll(session: Session, name: string, label: string): Promise<void> {
  const watch = await session.watch(`${PODS}?watch=true&fieldSelector=metadata.name%3D${name}`)
  await session.quiet('DELETE', `${PODS}/${name}`)
  await session.until(`${PODS}/${name}`, (reply) => reply.status === 404)
  await session.sleep(300)
  watch.close()
  session.record(label, endsOf(watch.events))
}

/** What a shell makes of SIGTERM, by how it is written. */
const signals: Readonly<Record<string, string>> = {
  'background-wait': "trap 'exit 3' TERM; sleep 3600 & wait",
  'background-wait-pid': "trap 'exit 4' TERM; sleep 3600 & wait $!",
  'chained-trap': "trap 'echo a && exit 5 || exit 6' TERM; while true; do sleep 0.1; done",
  'exit-trap': "trap 'exit 7' EXIT; trap 'exit 8' TERM; while true; do sleep 0.1; done",
  'foreground-sleep': "trap 'exit 9' TERM; sleep 3600",
  'no-trap': 'while :; do sleep 0.1; done',
  'no-trap-exec': 'exec sleep 3600',
  'one-command': 'sleep 3600',
  'slow-trap': "trap 'sleep 1; exit 10' TERM; while :; do sleep 0.1; done",
  'too-slow-trap': "trap 'sleep 60; exit 11' TERM; while :; do sleep 0.1; done",
  'trap-goes-on': "trap 'echo heard' TERM; while :; do sleep 0.1; done",
  'trap-by-number': "trap 'exit 12' 15; while :; do sleep 0.1; done",
  'trap-sig-name': "trap 'exit 13' SIGTERM; while :; do sleep 0.1; done",
  'trap-reset': "trap 'exit 14' TERM; trap - TERM; while :; do sleep 0.1; done",
  'trap-lost-by-exec': "trap 'exit 15' TERM; exec sleep 3600",
  'wait-then-more': "trap 'x=1' TERM; sleep 3600 & wait; exit 16",
}

const hook = (name: string, preStop: object, script = clean): object => container(name, script, { lifecycle: { preStop } })

/** How processes end by themselves. */
const ends: Readonly<Record<string, string>> = {
  'and-or': 'false && exit 1 || exit 2',
  'arithmetic': 'i=1; while [ $i -lt 4 ]; do i=$((i+1)); done; exit $i',
  'exit-big': 'exit 300',
  'exit-last': 'false',
  'exit-trap': "trap 'exit 21' EXIT; exit 20",
  'for': 'for n in 1 2 3; do x=$n; done; exit $x',
  'if': 'if [ -f /nothing ]; then exit 1; elif true; then exit 22; else exit 2; fi',
  'kill-self-kill': 'kill -9 1; exit 23',
  'kill-self-term': 'kill -TERM 1; exit 24',
  'kill-self-trap': "trap 'exit 25' TERM; kill 1; sleep 5; exit 26",
  // Kubernetes makes one $ of two before the shell sees them
  'kill-two-dollars': 'kill $$; exit $((31 + $?))',
  'kill-four-dollars': "trap 'exit 33' TERM; kill -TERM $$$$; sleep 5; exit 34",
  'variable': 'exit $(CODE)',
  'status': '(exit 27); exit $?',
  'subshell-output': 'x=$(echo 28); exit $x',
  'termination-message': 'echo gone > /dev/termination-log; exit 29',
  'files': 'echo 30 > /tmp/code; touch /tmp/x; rm /tmp/x; [ -f /tmp/x ] && exit 1; exit $(cat /tmp/code)',
}

export const containers: readonly Case[] = [
  {
    name: 'shell-signals',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('web', signals, { terminationGracePeriodSeconds: 3 }))
      await session.until(`${PODS}/web`, isRunning)
      await session.sleep(1000)
      await endAll(session, 'web', 'ends')
    },
  },
  {
    name: 'shell-ends',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('web', {}, { restartPolicy: 'Never', containers: Object.entries(ends).map(([name, script]) => container(name, script, { env: [{ name: 'CODE', value: '35' }] })) }))
      const done = await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).status.phase === 'Failed')
      session.record('ends', endsOf([{ object: done.body }]))
    },
  },
  {
    name: 'hooks',
    run: async (session) => {
      const spec = {
        terminationGracePeriodSeconds: 8,
        containers: [
          hook('exec', { exec: { command: ['sh', '-c', 'sleep 1'] } }),
          hook('sleep', { sleep: { seconds: 1 } }),
          hook('too-long', { exec: { command: ['sh', '-c', 'sleep 60'] } }),
          hook('kills', { exec: { command: ['sh', '-c', 'kill -TERM 1; sleep 1'] } }),
          hook('no-server', { httpGet: { path: '/', port: 9999 } }),
        ],
      }
      await session.quiet('POST', PODS, pod('web', {}, spec))
      await session.until(`${PODS}/web`, isRunning)
      await session.sleep(500)
      await endAll(session, 'web', 'ends')
      interface Events {
        readonly items: readonly { reason: string; message: string; involvedObject: { fieldPath?: string } }[]
      }
      const failedHooks = (reply: Reply): readonly string[] => (reply.body as Events).items.filter((event) => event.reason === 'FailedPreStopHook').map((event) => `${event.involvedObject.fieldPath ?? ''} ${event.message}`)
      // events come when they come
      const failed = failedHooks(await session.until('/api/v1/namespaces/{ns}/events', (reply) => failedHooks(reply).length >= 3))
      session.record('failed hooks', failed.toSorted((a, b) => (a < b ? -1 : 1)))
    },
  },
  {
    name: 'out-of-memory',
    run: async (session) => {
      const resources = { limits: { memory: '16Mi' } }
      await session.quiet('POST', PODS, pod('web', {}, { restartPolicy: 'Never', containers: [container('main', 'sleep 1; tail /dev/zero', { resources })] }))
      const done = await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).status.phase === 'Failed')
      session.record('ends', endsOf([{ object: done.body }]))
      session.record('class', (done.body as Pod).status.qosClass)
    },
  },
  {
    name: 'probes',
    run: async (session) => {
      const http = { httpGet: { path: '/', port: 8080 }, periodSeconds: 1 }
      await session.quiet('POST', PODS, pod('server', {}, { containers: [container('main', 'touch /index.html; exec httpd -f -p 8080', { readinessProbe: http })] }))
      await session.until(`${PODS}/server`, isRunning)
      await session.quiet('POST', PODS, pod('flips', {}, { containers: [container('main', 'sleep 2; touch /tmp/ready; while :; do sleep 1; done', { readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1 } })] }))
      await session.until(`${PODS}/flips`, (reply) => (reply.body as Pod).status.phase === 'Running')
      const first = (await session.quiet('GET', `${PODS}/flips`)).body as Pod
      session.record('before', first.status.containerStatuses?.map(({ ready, started }) => ({ ready, started })))
      await session.until(`${PODS}/flips`, isRunning)
      await session.quiet('POST', PODS, pod('unhealthy', {}, { terminationGracePeriodSeconds: 1, containers: [container('main', clean, { livenessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 2 } })] }))
      const restarted = await session.until(`${PODS}/unhealthy`, (reply) => (reply.body as Pod).status.containerStatuses?.[0]?.restartCount === 1 && isRunning(reply))
      const status = (restarted.body as Pod).status.containerStatuses?.[0]
      session.record('restarted by its liveness probe', { last: status?.lastState.terminated?.exitCode, reason: status?.lastState.terminated?.reason })
    },
  },
  {
    name: 'logs',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('talks', { main: 'echo one; echo two; sleep 2; echo three; exit 0' }, { restartPolicy: 'Never' }))
      await session.until(`${PODS}/talks`, (reply) => (reply.body as Pod).status.phase === 'Running' || (reply.body as Pod).status.phase === 'Succeeded')
      const followed = await session.quiet('GET', `${PODS}/talks/log?follow=true`)
      session.record('followed to the end', { code: followed.status, type: followed.headers['content-type'], text: followed.text })
      await session.call('tail', 'GET', `${PODS}/talks/log?tailLines=1`)
      await session.call('bytes', 'GET', `${PODS}/talks/log?limitBytes=5`)
      const stamped = await session.quiet('GET', `${PODS}/talks/log?timestamps=true&tailLines=1`)
      session.record('timestamps', { code: stamped.status, shape: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z three\n$/.test(stamped.text) })
      await session.quiet('POST', PODS, pod('crashes', { main: 'echo run; exit 1' }))
      await session.until(`${PODS}/crashes`, (reply) => ((reply.body as Pod).status.containerStatuses?.[0]?.restartCount ?? 0) > 0)
      await session.call('previous', 'GET', `${PODS}/crashes/log?previous=true`)
    },
  },
  {
    name: 'init-containers',
    run: async (session) => {
      const initContainers = [container('one', 'exit 0'), container('two', 'exit 5')]
      await session.quiet('POST', PODS, pod('fails', { main: clean }, { restartPolicy: 'Never', initContainers }))
      await session.until(`${PODS}/fails`, (reply) => (reply.body as Pod).status.phase === 'Failed')
      await session.sleep(1500)
      await session.call('failed', 'GET', `${PODS}/fails`)
      await session.quiet('POST', PODS, pod('waits', { main: clean }, { initContainers: [container('slow', "trap 'exit 6' TERM; while :; do sleep 0.1; done")] }))
      await session.until(`${PODS}/waits`, (reply) => (reply.body as Pod).status.initContainerStatuses?.[0]?.state.running !== undefined)
      await session.sleep(1000)
      await session.call('initializing', 'GET', `${PODS}/waits`)
      const watch = await session.watch(`${PODS}?watch=true&fieldSelector=metadata.name%3Dwaits`)
      await session.quiet('DELETE', `${PODS}/waits`)
      await session.until(`${PODS}/waits`, (reply) => reply.status === 404)
      await session.sleep(300)
      watch.close()
      session.record('last event', watch.events.at(-1))
    },
  },
]
