/** Time for the whole cluster: milliseconds since the epoch, and timers on the same scale. */
export interface Clock {
  now(): number
  /** Calls `run` once after `milliseconds`; the answer cancels it. */
  setTimer(milliseconds: number, run: () => void): () => void
  /** Resolves after `milliseconds`. */
  sleep(milliseconds: number): Promise<void>
}

/** For callbacks that have nothing to do yet. */
export const nothing = (): void => undefined

/** The machine's own clock. Its timers do not keep the process alive: the listening socket does. */
export function realClock(): Clock {
  return {
    now: () => Date.now(),
    setTimer: realTimer,
    sleep: async (milliseconds) => {
      await new Promise<void>((resolve) => {
        realTimer(milliseconds, resolve)
      })
    },
  }
}

function realTimer(milliseconds: number, run: () => void): () => void {
  if (milliseconds <= 0) {
    const immediate = setImmediate(run)
    return () => clearImmediate(immediate)
  }
  const timer = setTimeout(run, milliseconds)
  timer.unref()
  return () => clearTimeout(timer)
}

interface Timer {
  readonly at: number
  readonly sequence: number
  readonly run: () => void
}

/** A clock that stands still until a test moves it. */
export interface DrivenClock extends Clock {
  /** Moves time by `milliseconds`, running every timer on the way in its order and letting the work it starts finish. */
  advance(milliseconds: number): Promise<void>
  /**
   * Moves time from timer to timer until `promise` settles, and gives its value. `idleTurns` event loop turns without
   * a change count as idle: raise `idleMilliseconds` (real time) when sockets lie between the test and the server.
   */
  runUntil<T>(promise: Promise<T>, options?: { readonly idleMilliseconds?: number; readonly limit?: number }): Promise<T>
  /** Runs what is due now, without moving time. */
  settle(): Promise<void>
}

const immediate = async (): Promise<void> => {
  await new Promise<void>((resolve) => {
    setImmediate(resolve)
  })
}

/** A clock for tests: starts at `start` (milliseconds since the epoch). `turn` resolves when what runs now has done all that it can without time passing. */
export function drivenClock(start = Date.UTC(2026, 0, 1), turn: () => Promise<void> = immediate): DrivenClock {
  let now = start
  let sequence = 0
  const timers: Timer[] = []
  const setTimer = (milliseconds: number, run: () => void): (() => void) => {
    const timer = { at: now + Math.max(0, milliseconds), sequence: sequence++, run }
    let low = 0
    let high = timers.length
    while (low < high) {
      const middle = (low + high) >> 1
      const other = timers[middle]
      if (other !== undefined && other.at <= timer.at) low = middle + 1
      else high = middle
    }
    timers.splice(low, 0, timer)
    return () => {
      const index = timers.indexOf(timer)
      if (index >= 0) timers.splice(index, 1)
    }
  }
  /** Runs the first timer when it is due by `until`. */
  const step = async (until: number): Promise<boolean> => {
    const next = timers[0]
    if (next === undefined || next.at > until) return false
    timers.shift()
    now = Math.max(now, next.at)
    next.run()
    await turn()
    return true
  }
  const settle = async (): Promise<void> => {
    await turn()
    for (;;) if (!(await step(now))) return
  }
  return {
    now: () => now,
    setTimer,
    sleep: async (milliseconds) => {
      await new Promise<void>((resolve) => {
        setTimer(milliseconds, resolve)
      })
    },
    settle,
    advance: async (milliseconds) => {
      const until = now + milliseconds
      await settle()
      for (;;) if (!(await step(until))) break
      now = until
      await settle()
    },
    runUntil: async (promise, options = {}) => {
      let settled = false
      const watched = promise.finally(() => {
        settled = true
      })
      watched.catch(nothing)
      const end = now + (options.limit ?? 24 * 3600_000)
      const idle = options.idleMilliseconds ?? 0
      for (;;) {
        await settle()
        if (idle > 0) await new Promise((resolve) => setTimeout(resolve, idle))
        await settle()
        // eslint-disable-next-line typescript/no-unnecessary-condition -- set by the promise above
        if (settled) return await watched
        if (!(await step(end))) {
          if (timers.length > 0) throw new Error(`still waiting after ${options.limit ?? 24 * 3600_000} ms of driven time`)
          await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
    },
  }
}

/** RFC 3339 with seconds, as metav1.Time is written. */
export const timestamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 19)}Z`

/** RFC 3339 with microseconds, as metav1.MicroTime is written. */
export const microTimestamp = (milliseconds: number): string => `${new Date(milliseconds).toISOString().slice(0, 23)}000Z`
