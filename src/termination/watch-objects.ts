/**
 * A watch that survives: one kind in one namespace, all of it or one name. It resumes from the last resourceVersion, starts over after
 * 410, polls where watching is denied, and looks again from time to time, because a watch alone is not enough
 * (docs/reference/termination.md 7.1, 7.2, 7.4). Uids are the receiver's business: it gets every state as the API shows it.
 */
import type { ClusterPort, Problem, ResourcePath } from '../cluster/port.ts';
import { provesAbsence } from '../facts/absence.ts';
import type { KubeObject } from '../model/wire.ts';
import { isAborted } from '../model/abort.ts';
import type { Clock } from '../model/world.ts';
import { readWatch } from './watch-stream.ts';
import type { StreamEnd } from './watch-stream.ts';

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
/** As long as a server may make a watch wait by Retry-After: the reads below go on meanwhile. */
const LONGEST_PATIENCE = 30_000;
const POLL_MS = 1000;
/** Polling many names takes turns: at most this many reads a second. */
const POLLS_PER_SECOND = 20;
const DENIALS_THAT_COUNT = 3;
/** A name of which a watch shows nothing for this long is read. */
const LOOK_AGAIN_MS = 20_000;
/** The same while no watch stands. */
const LOOK_WITHOUT_WATCH_MS = 5000;

const isDenied = (problem: Problem): boolean => problem.kind === 'status' && (problem.httpStatus === 403 || problem.httpStatus === 405);
const isUnauthorized = (problem: Problem): boolean => problem.kind === 'credentials' || (problem.kind === 'status' && problem.httpStatus === 401);
const isExpired = (problem: Problem): boolean =>
  problem.kind === 'status' && (problem.httpStatus === 410 || problem.reason === 'Expired' || problem.reason === 'Gone' || problem.message.includes('Too large resource version'));

type Reader = Pick<ClusterPort, 'get' | 'list' | 'watch'>;

interface Look {
  readonly result: 'looked' | 'denied' | 'trouble';
  readonly problem: Problem | null;
}

/** Reads these names once; `denied` when that is not allowed. */
const lookAt = async (names: readonly string[], reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<Look> => {
  let look: Look = { result: 'looked', problem: null };
  for (const name of names) {
    const answer = await reader.get({ ...pathOf(scope), name }, { signal: limits.signal });
    if (limits.signal.aborted) return look;
    if (answer.ok) tell({ type: 'present', object: answer.value });
    else if (provesAbsence(answer.problem)) tell({ type: 'absent', name });
    else if (isDenied(answer.problem) || isUnauthorized(answer.problem)) return { result: 'denied', problem: answer.problem };
    else {
      tell({ type: 'trouble', problem: answer.problem });
      look = { result: 'trouble', problem: answer.problem };
    }
  }
  return look;
};

const lookAgain = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<Look> => await lookAt(scope.names(), reader, scope, limits, tell);

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
    await limits.clock.sleep(Math.max(POLL_MS, (scope.names().length * 1000) / POLLS_PER_SECOND), limits.signal);
  }
};

/** When each name was last heard of, and whether a watch or polling attends to them: what decides who is looked at. */
interface Hearing {
  readonly heard: Map<string, number>;
  attended: boolean;
}

const keepLooking = async (hearing: Hearing, reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<void> => {
  const started = limits.clock.now();
  while (!limits.signal.aborted) {
    await limits.clock.sleep(LOOK_WITHOUT_WATCH_MS, limits.signal);
    if (isAborted(limits.signal)) return;
    const now = limits.clock.now();
    const patience = hearing.attended ? LOOK_AGAIN_MS : LOOK_WITHOUT_WATCH_MS;
    const silent = scope.names().filter((name) => now - (hearing.heard.get(name) ?? started) >= patience);
    for (const name of silent) hearing.heard.set(name, now);
    await lookAt(silent, reader, scope, limits, tell);
  }
};

/** The collection's resourceVersion without its content: the point from which a watch of a whole namespace starts. */
const startingPoint = async (reader: Reader, scope: WatchScope, limits: Limits): Promise<string | undefined> => {
  const answer = await reader.list(pathOf(scope), { limit: 1, metadataOnly: true, signal: limits.signal });
  return answer.ok ? answer.value.metadata.resourceVersion : undefined;
};

/** One connection from opening to end. */
const watchOnce = async (reader: Reader, scope: WatchScope, from: string | undefined, limits: Limits, tell: (seen: Seen) => void, opened: () => void): Promise<StreamEnd> => {
  const names = scope.names();
  const [only] = names;
  const stream = reader.watch(pathOf(scope), {
    signal: limits.signal,
    ...(names.length === 1 && only !== undefined ? { fieldSelector: `metadata.name=${only}` } : {}),
    ...(from === undefined ? {} : { resourceVersion: from }),
  });
  return await readWatch(stream, from, {
    opened,
    changed: (object, deleted) => {
      tell({ type: deleted ? 'deleted' : 'present', object });
    },
  });
};

/**
 * Tells `tell` what the API shows until the signal is aborted or nothing can be observed any more. It never throws for what a server
 * or network does.
 */
export const watchObjects = async (reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<void> => {
  const hearing: Hearing = { heard: new Map(), attended: false };
  const over = new AbortController();
  const hear = (seen: Seen): void => {
    if (seen.type === 'present' || seen.type === 'deleted') hearing.heard.set(seen.object.metadata.name, limits.clock.now());
    tell(seen);
  };
  const looking = keepLooking(hearing, reader, scope, { clock: limits.clock, signal: AbortSignal.any([limits.signal, over.signal]) }, hear);
  await keepWatching(hearing, reader, scope, limits, hear);
  over.abort();
  await looking;
};

const keepWatching = async (hearing: Hearing, reader: Reader, scope: WatchScope, limits: Limits, tell: (seen: Seen) => void): Promise<void> => {
  const { clock, signal } = limits;
  const wide = scope.names().length !== 1;
  let resumeFrom = wide ? await startingPoint(reader, scope, limits) : undefined;
  let backoff = FIRST_BACKOFF;
  const standing = { yet: false };
  let connections = 0;
  let denials = 0;
  while (!signal.aborted) {
    connections += 1;
    // Without a point to resume from, what happened in between is not told by the watch: read the names once it stands.
    const gap = connections > 1 && resumeFrom === undefined;
    const openedAt = clock.now();
    const ended = await watchOnce(reader, scope, resumeFrom, limits, tell, () => {
      hearing.attended = true;
      denials = 0;
      if (!standing.yet) tell({ type: 'standing' });
      standing.yet = true;
      if (gap) void lookAgain(reader, scope, limits, tell);
    });
    hearing.attended = false;
    if (isAborted(signal)) return;
    resumeFrom = ended.resumeFrom;
    const { problem } = ended;
    // A watch that stood a while and ends in order is opened again at once; a short one waits, longer each time, whatever ended it.
    const stood = clock.now() - openedAt >= LAST_BACKOFF;
    const pause = stood ? FIRST_BACKOFF : backoff;
    backoff = stood ? FIRST_BACKOFF : Math.min(backoff * 1.6, LAST_BACKOFF);
    if (problem === null) {
      if (!stood) await clock.sleep(pause, signal);
      continue;
    }
    if (isExpired(problem)) {
      // The history is gone: start from the present state, and read by name what the gap may have hidden.
      resumeFrom = wide ? await startingPoint(reader, scope, limits) : undefined;
      if (await isShutOut(reader, scope, limits, tell)) return;
      await clock.sleep(pause, signal);
      continue;
    }
    if (isDenied(problem)) {
      if (standing.yet && denials < DENIALS_THAT_COUNT) {
        denials += 1;
        await clock.sleep(POLL_MS, signal);
        continue;
      }
      tell({ type: 'polling', problem });
      if (!standing.yet) tell({ type: 'standing' });
      hearing.attended = true;
      await poll(reader, scope, limits, tell);
      return;
    }
    if (isUnauthorized(problem) && (await isShutOut(reader, scope, limits, tell))) return;
    tell({ type: 'trouble', problem });
    const asked = problem.kind === 'status' && problem.retryAfterSeconds !== null ? Math.min(problem.retryAfterSeconds * 1000, LONGEST_PATIENCE) : 0;
    await clock.sleep(Math.max(pause, asked), signal);
  }
};
