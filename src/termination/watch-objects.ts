/**
 * A watch that survives: one kind in one namespace, all of it or one name. It resumes from the last resourceVersion, starts over after
 * 410, polls where watching is denied, and looks again from time to time, because a watch alone is not enough
 * (reference/termination.md 7.1, 7.2, 7.4). Uids are the receiver's business: it gets every state as the API shows it.
 */
import type { ClusterPort, Problem, ResourcePath } from '../cluster/port.ts';
import type { KubeObject } from '../model/wire.ts';
import { isAborted } from '../model/abort.ts';
import type { Clock } from '../model/world.ts';

export type Seen =
  /** The server accepted the first watch: whatever changes from now on will be seen. */
  | { readonly type: 'standing' }
  | { readonly type: 'present'; readonly object: KubeObject }
  | { readonly type: 'deleted'; readonly object: KubeObject }
  /** A read by name found nothing: absent now, whatever was missed. */
  | { readonly type: 'absent'; readonly name: string }
  /** Watching is denied: from now on it is polled. */
  | { readonly type: 'polling'; readonly problem: Problem }
  /** Neither watching nor reading is allowed (any more): nothing can be said about what happens. */
  | { readonly type: 'unobservable'; readonly problem: Problem }
  /** The server does not answer at the moment. */
  | { readonly type: 'trouble'; readonly problem: Problem };

export interface WatchScope {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | null;
  /** Names that are looked for; with one the watch selects it by field, with more it takes the whole namespace. */
  readonly names: () => readonly string[];
}

interface Limits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Client-go's reflector starts at 800 ms; a pod's end can be missed in that time, so this starts sooner and stays below 2 s. */
const FIRST_BACKOFF = 100;
const LAST_BACKOFF = 2000;
const POLL_MS = 1000;
const DENIALS_THAT_COUNT = 3;
/** A watch that shows nothing for this long is checked by a read. */
const LOOK_AGAIN_MS = 20_000;

const isDenied = (problem: Problem): boolean => problem.kind === 'status' && (problem.httpStatus === 403 || problem.httpStatus === 405);
const isUnauthorized = (problem: Problem): boolean => problem.kind === 'credentials' || (problem.kind === 'status' && problem.httpStatus === 401);
const isExpired = (problem: Problem): boolean =>
  problem.kind === 'status' && (problem.httpStatus === 410 || problem.reason === 'Expired' || problem.reason === 'Gone' || problem.message.includes('Too large resource version'));

type Reader = Pick<ClusterPort, 'get' | 'list' | 'watch'>;

interface Look {
  readonly result: 'looked' | 'denied' | 'trouble';
  readonly problem: Problem | null;
}

/** Reads every name once; `denied` when that is not allowed. */
const lookAgain = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<Look> => {
  let look: Look = { result: 'looked', problem: null };
  for (const name of scope.names()) {
    const answer = await reader.get({ ...pathOf(scope), name }, { signal: limits.signal });
    if (limits.signal.aborted) return look;
    if (answer.ok) tell({ type: 'present', object: answer.value });
    else if (answer.problem.kind === 'status' && answer.problem.httpStatus === 404) tell({ type: 'absent', name });
    else if (isDenied(answer.problem) || isUnauthorized(answer.problem)) return { result: 'denied', problem: answer.problem };
    else {
      tell({ type: 'trouble', problem: answer.problem });
      look = { result: 'trouble', problem: answer.problem };
    }
  }
  return look;
};

/**
 * Whether reading is really not allowed (any more). A server that is starting denies everybody for a moment (its RBAC caches are
 * empty), so a refusal counts when it lasts.
 */
const isShutOut = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<boolean> => {
  for (let attempt = 1; ; attempt += 1) {
    const { result, problem } = await lookAgain(reader, scope, limits, tell);
    if (result !== 'denied' || limits.signal.aborted) return false;
    if (attempt === DENIALS_THAT_COUNT) {
      if (problem !== null) tell({ type: 'unobservable', problem });
      return true;
    }
    await limits.clock.sleep(POLL_MS, limits.signal);
  }
};

const pathOf = (scope: WatchScope): ResourcePath => ({ group: scope.group, version: scope.version, resource: scope.resource, namespace: scope.namespace, name: null });

const poll = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<void> => {
  while (!limits.signal.aborted) {
    if (await isShutOut(reader, scope, limits, tell)) return;
    await limits.clock.sleep(POLL_MS, limits.signal);
  }
};

/** The collection's resourceVersion without its content: the point from which a watch of a whole namespace starts. */
const startingPoint = async (reader: Reader, scope: WatchScope, limits: Limits): Promise<string | undefined> => {
  const answer = await reader.list(pathOf(scope), { limit: 1, metadataOnly: true, signal: limits.signal });
  return answer.ok ? answer.value.metadata.resourceVersion : undefined;
};

interface Connection {
  readonly resumeFrom: string | undefined;
  readonly problem: Problem | null;
  readonly heardSomething: boolean;
}

/** One connection from opening to end. */
const watchOnce = async (reader: Reader, scope: WatchScope, from: string | undefined, limits: Limits, tell: (seen: Seen) => void, opened: () => void): Promise<Connection> => {
  const names = scope.names();
  const [only] = names;
  let resumeFrom = from;
  let heardSomething = false;
  let problem: Problem | null = null;
  const stream = reader.watch(pathOf(scope), {
    signal: limits.signal,
    ...(names.length === 1 && only !== undefined ? { fieldSelector: `metadata.name=${only}` } : {}),
    ...(from === undefined ? {} : { resourceVersion: from }),
  });
  for await (const signal of stream) {
    switch (signal.type) {
      case 'opened':
        opened();
        break;
      case 'ADDED':
      case 'MODIFIED':
      case 'DELETED':
        heardSomething = true;
        resumeFrom = signal.object.metadata.resourceVersion ?? resumeFrom;
        tell({ type: signal.type === 'DELETED' ? 'deleted' : 'present', object: signal.object });
        break;
      case 'BOOKMARK':
        heardSomething = true;
        resumeFrom = signal.resourceVersion;
        break;
      case 'ended':
        problem = signal.problem;
        break;
    }
  }
  return { resumeFrom, problem, heardSomething };
};

/**
 * Tells `tell` what the API shows until the signal is aborted or nothing can be observed any more. It never throws for what a server
 * or network does.
 */
export const watchObjects = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<void> => {
  const wide = scope.names().length !== 1;
  let resumeFrom = wide ? await startingPoint(reader, scope, limits) : undefined;
  let backoff = FIRST_BACKOFF;
  const standing = { yet: false };
  let connections = 0;
  let denials = 0;
  while (!limits.signal.aborted) {
    connections += 1;
    // Without a point to resume from, what happened in between is not told by the watch: read the names once it stands.
    const gap = connections > 1 && resumeFrom === undefined;
    const quiet = new AbortController();
    let heard = limits.clock.now();
    const looking = (async () => {
      while (!quiet.signal.aborted) {
        await limits.clock.sleep(LOOK_AGAIN_MS, quiet.signal);
        if (isAborted(quiet.signal) || limits.clock.now() - heard < LOOK_AGAIN_MS) continue;
        await lookAgain(reader, scope, { clock: limits.clock, signal: AbortSignal.any([limits.signal, quiet.signal]) }, tell);
      }
    })();
    const ended = await watchOnce(
      reader,
      scope,
      resumeFrom,
      limits,
      (seen) => {
        heard = limits.clock.now();
        backoff = FIRST_BACKOFF;
        tell(seen);
      },
      () => {
        backoff = FIRST_BACKOFF;
        if (!standing.yet) tell({ type: 'standing' });
        standing.yet = true;
        if (gap) void lookAgain(reader, scope, limits, tell);
      },
    );
    quiet.abort();
    await looking;
    if (isAborted(limits.signal)) return;
    resumeFrom = ended.resumeFrom;
    const { problem } = ended;
    if (problem === null) {
      if (!ended.heardSomething) await limits.clock.sleep(backoff, limits.signal);
      continue;
    }
    if (isExpired(problem)) {
      // The history is gone: start from the present state, and read by name what the gap may have hidden.
      resumeFrom = undefined;
      if (await isShutOut(reader, scope, limits, tell)) return;
      if (wide) resumeFrom = await startingPoint(reader, scope, limits);
      continue;
    }
    if (isDenied(problem)) {
      if (standing.yet && denials < DENIALS_THAT_COUNT) {
        denials += 1;
        await limits.clock.sleep(POLL_MS, limits.signal);
        continue;
      }
      tell({ type: 'polling', problem });
      if (!standing.yet) tell({ type: 'standing' });
      await poll(reader, scope, limits, tell);
      return;
    }
    if (isUnauthorized(problem) && (await isShutOut(reader, scope, limits, tell))) return;
    tell({ type: 'trouble', problem });
    const patience = problem.kind === 'status' && problem.retryAfterSeconds !== null ? problem.retryAfterSeconds * 1000 : backoff;
    await limits.clock.sleep(patience, limits.signal);
    backoff = Math.min(backoff * 1.6, LAST_BACKOFF);
  }
};
