import type { Pod } from '../../embedded/types.ts'
import type { Case } from '../contract.ts'
import type { Reply, Session } from '../session.ts'
import { clean, container, handled, pod, PODS, stubborn } from './objects.ts'

export const isRunning = (reply: Reply): boolean => {
  const { status } = reply.body as Partial<Pod>
  return reply.status === 200 && status?.conditions?.some((condition) => condition.type === 'Ready' && condition.status === 'True') === true
}

async function start(session: Session, object: { metadata: { name?: string } }): Promise<string> {
  await session.quiet('POST', PODS, object)
  const path = `${PODS}/${object.metadata.name ?? ''}`
  await session.until(path, isRunning)
  // the kubelet's last word on the start
  await session.sleep(500)
  return path
}

const shape = (event: { type: string; object: Pod }): string => {
  const { metadata, status } = event.object
  const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])].map(({ state }) => Object.keys(state))
  return JSON.stringify([event.type, metadata.deletionGracePeriodSeconds, metadata.finalizers, status.phase, states])
}

/** Events that change what matters at the end of a pod; how often the conditions are written in between is a matter of speed. */
function changes(events: readonly unknown[]): unknown[] {
  const shapes = (events as { type: string; object: Pod }[]).map(shape)
  return events.filter((_event, index) => shapes[index] !== shapes[index - 1])
}

/** Deletes a pod and records the events up to its end: all, or the last ones where the way there is a matter of speed. */
async function ending(session: Session, name: string, options: object = {}, last = Number.POSITIVE_INFINITY): Promise<void> {
  const watch = await session.watch(`${PODS}?watch=true&fieldSelector=metadata.name%3D${name}`)
  await session.call('delete', 'DELETE', `${PODS}/${name}`, { kind: 'DeleteOptions', apiVersion: 'v1', ...options })
  await session.until(`${PODS}/${name}`, (reply) => reply.status === 404)
  await session.sleep(300)
  watch.close()
  session.record('events', changes(watch.events).slice(-last))
}

interface EventObject {
  readonly reason: string
  readonly type: string
  readonly message: string
  readonly involvedObject: { readonly fieldPath?: string }
}

async function recordKilling(session: Session): Promise<void> {
  await session.sleep(1000)
  const { items } = (await session.quiet('GET', '/api/v1/namespaces/{ns}/events')).body as { items: readonly EventObject[] }
  const shown = items
    .filter((event) => ['Killing', 'FailedPreStopHook'].includes(event.reason))
    .map(({ reason, type, message, involvedObject }) => ({ reason, type, message, path: involvedObject.fieldPath }))
  session.record('kubelet events', shown.toSorted((a, b) => (`${a.reason}${a.path ?? ''}` < `${b.reason}${b.path ?? ''}` ? -1 : 1)))
}

export const pods: readonly Case[] = [
  {
    name: 'pod-running',
    run: async (session) => {
      await start(session, pod('web'))
      await session.call('running', 'GET', `${PODS}/web`)
      await session.call('log', 'GET', `${PODS}/web/log`)
      await session.call('log of no container', 'GET', `${PODS}/web/log?container=none`)
      await session.call('log of an earlier run', 'GET', `${PODS}/web/log?previous=true`)
    },
  },
  {
    name: 'pod-ends-clean',
    run: async (session) => {
      await start(session, pod('web'))
      await ending(session, 'web')
      await recordKilling(session)
    },
  },
  {
    name: 'pod-ends-three-ways',
    run: async (session) => {
      await start(session, pod('web', { clean, handled, stubborn }))
      await ending(session, 'web')
      await recordKilling(session)
    },
  },
  {
    name: 'pod-forced',
    run: async (session) => {
      await start(session, pod('web'))
      await ending(session, 'web', { gracePeriodSeconds: 0 })
    },
  },
  {
    name: 'pod-with-finalizer',
    run: async (session) => {
      await start(session, pod('web', { main: clean }, {}, { finalizers: ['example.com/hold'] }))
      const watch = await session.watch(`${PODS}?watch=true&fieldSelector=metadata.name%3Dweb`)
      await session.quiet('DELETE', `${PODS}/web`)
      await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).metadata.deletionGracePeriodSeconds === 0)
      await session.sleep(500)
      await session.call('held', 'GET', `${PODS}/web`)
      await session.call('free', 'PATCH', `${PODS}/web`, { metadata: { finalizers: null } })
      await session.sleep(500)
      watch.close()
      session.record('events', changes(watch.events))
    },
  },
  {
    name: 'pod-with-prestop',
    run: async (session) => {
      const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'exit 1'] } } }
      await start(session, pod('web', {}, { containers: [container('main', clean, { lifecycle })] }))
      await ending(session, 'web')
      await recordKilling(session)
    },
  },
  {
    name: 'pod-with-sidecar',
    run: async (session) => {
      const initContainers = [container('setup', 'exit 0'), container('side', clean, { restartPolicy: 'Always' })]
      await start(session, pod('web', { main: clean }, { initContainers }))
      await session.call('running', 'GET', `${PODS}/web`)
      await ending(session, 'web')
      await recordKilling(session)
    },
  },
  {
    name: 'pod-completes',
    run: async (session) => {
      for (const [name, code] of [['good', 0], ['bad', 3]] as const) {
        await session.quiet('POST', PODS, pod(name, { main: `echo out; exit ${code}` }, { restartPolicy: 'Never' }))
        await session.until(`${PODS}/${name}`, (reply) => ['Succeeded', 'Failed'].includes((reply.body as Pod).status.phase ?? ''))
        await session.sleep(1500)
        await session.call(name, 'GET', `${PODS}/${name}`)
        await session.call(`${name} log`, 'GET', `${PODS}/${name}/log`)
        await session.call(`${name} delete`, 'DELETE', `${PODS}/${name}`)
      }
      await session.quiet('POST', PODS, pod('two', { first: 'exit 0', second: clean }, { restartPolicy: 'Never' }))
      await session.until(`${PODS}/two`, (reply) => (reply.body as Pod).status.containerStatuses?.some((status) => status.state.terminated !== undefined) === true)
      await session.sleep(1500)
      await session.call('one of two', 'GET', `${PODS}/two`)
      await ending(session, 'two')
    },
  },
  {
    name: 'pod-crashes',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('web', { main: 'echo run; exit 4' }))
      await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).status.containerStatuses?.[0]?.state.waiting?.reason === 'CrashLoopBackOff')
      const reply = await session.quiet('GET', `${PODS}/web`)
      // how often it has run by now is a matter of speed
      session.record('crash loop', { ...(reply.body as Pod).status.containerStatuses?.[0], restartCount: undefined, message: undefined, state: Object.keys((reply.body as Pod).status.containerStatuses?.[0]?.state ?? {}) })
      await session.quiet('DELETE', `${PODS}/web`, { gracePeriodSeconds: 0 })
    },
  },
  {
    name: 'pod-not-ready',
    run: async (session) => {
      const readinessProbe = { exec: { command: ['sh', '-c', 'exit 1'] }, periodSeconds: 1 }
      await session.quiet('POST', PODS, pod('web', {}, { containers: [container('main', clean, { readinessProbe })] }))
      await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).status.phase === 'Running')
      await session.sleep(1500)
      await session.call('not ready', 'GET', `${PODS}/web`)
      await ending(session, 'web')
    },
  },
  {
    name: 'pod-without-image',
    run: async (session) => {
      await session.quiet('POST', PODS, pod('web', {}, { containers: [{ ...container('main', clean), image: 'localhost/none:1' }] }))
      await session.until(`${PODS}/web`, (reply) => (reply.body as Pod).status.containerStatuses?.[0]?.state.waiting?.reason === 'ErrImageNeverPull')
      await session.sleep(500)
      await session.call('waiting', 'GET', `${PODS}/web`)
      await session.call('log', 'GET', `${PODS}/web/log`)
      await ending(session, 'web', {}, 3)
    },
  },
  {
    name: 'pod-two-containers-log',
    run: async (session) => {
      await start(session, pod('web', { one: `echo first; ${clean}`, two: clean }))
      await session.call('which container', 'GET', `${PODS}/web/log`)
      await session.call('one', 'GET', `${PODS}/web/log?container=one`)
      await session.call('tail', 'GET', `${PODS}/web/log?container=one&tailLines=0`)
    },
  },
]
