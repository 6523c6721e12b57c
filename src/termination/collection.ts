/**
 * A collection that explains, beside what is deleted: slices, Events. Listed, then watched from there; listed again when the history
 * is gone. Best effort: nothing waits for it, and what may not be read is told once.
 */
import type { ClusterPort, Problem, ResourcePath } from '../cluster/port.ts';
import { isAborted } from '../model/abort.ts';
import type { Clock } from '../model/world.ts';
import type { KubeObject } from '../model/wire.ts';
import { readWatch } from './watch-stream.ts';
import type { StreamEnd } from './watch-stream.ts';

export interface CollectionScope {
  readonly at: ResourcePath;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Only what comes from now on: the list serves as a starting point alone. */
  readonly newOnly?: boolean;
}

export interface CollectionSeen {
  /** All of it at one moment; false: it is not of interest, and nothing is watched. */
  readonly listed: (items: readonly KubeObject[]) => boolean;
  readonly changed: (object: KubeObject, deleted: boolean) => void;
  /** It may not be read, now or any more. */
  readonly denied: (verb: 'list' | 'watch', problem: Problem) => void;
}

interface Limits {
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const FIRST_PAUSE_MS = 200;
const LAST_PAUSE_MS = 5000;
const PAGE = 500;

type Reader = Pick<ClusterPort, 'list' | 'watch'>;

/** 404: the server does not have the kind. */
const isDenied = (problem: Problem): boolean => problem.kind === 'credentials' || (problem.kind === 'status' && [401, 403, 404, 405].includes(problem.httpStatus));

interface Listed {
  readonly items: readonly KubeObject[];
  readonly resourceVersion: string | undefined;
}

const selectorsOf = ({ labelSelector, fieldSelector }: CollectionScope): Pick<CollectionScope, 'labelSelector' | 'fieldSelector'> => ({
  ...(labelSelector === undefined ? {} : { labelSelector }),
  ...(fieldSelector === undefined ? {} : { fieldSelector }),
});

const listAll = async (reader: Reader, scope: CollectionScope, signal: AbortSignal): Promise<Listed | Problem> => {
  const items: KubeObject[] = [];
  const selectors = selectorsOf(scope);
  let next: string | undefined;
  for (;;) {
    const answer = await reader.list(scope.at, { ...selectors, signal, limit: scope.newOnly === true ? 1 : PAGE, ...(next === undefined ? {} : { continue: next }) });
    if (!answer.ok) return answer.problem;
    items.push(...answer.value.items);
    const { metadata } = answer.value;
    next = metadata.continue;
    if (scope.newOnly === true || next === undefined || next === '') return { items, resourceVersion: metadata.resourceVersion };
  }
};

const watchFrom = async (reader: Reader, scope: CollectionScope, from: string | undefined, signal: AbortSignal, changed: CollectionSeen['changed']): Promise<StreamEnd> =>
  await readWatch(reader.watch(scope.at, { ...selectorsOf(scope), signal, ...(from === undefined ? {} : { resourceVersion: from }) }), from, { changed });

/** Follows the collection until the signal is aborted, it may not be read, or nobody is interested. Never throws for what a server does. */
export const followCollection = async (reader: Reader, scope: CollectionScope, limits: Limits, seen: CollectionSeen): Promise<void> => {
  const { clock, signal } = limits;
  let pause = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const listed = await listAll(reader, scope, signal);
    if (isAborted(signal)) return;
    if ('kind' in listed) {
      if (isDenied(listed)) {
        seen.denied('list', listed);
        return;
      }
    } else {
      if (!seen.listed(scope.newOnly === true ? [] : listed.items)) return;
      let from = listed.resourceVersion;
      for (;;) {
        const openedAt = clock.now();
        const ended = await watchFrom(reader, scope, from, signal, seen.changed);
        if (isAborted(signal)) return;
        if (ended.problem !== null && isDenied(ended.problem)) {
          seen.denied('watch', ended.problem);
          return;
        }
        // In order, or broken: it goes on from where it was. Anything that the server says starts over.
        if (ended.problem?.kind === 'status') break;
        from = ended.resumeFrom;
        if (clock.now() - openedAt > LAST_PAUSE_MS) pause = FIRST_PAUSE_MS;
        await clock.sleep(pause, signal);
        pause = Math.min(pause * 2, LAST_PAUSE_MS);
        if (isAborted(signal)) return;
      }
    }
    await clock.sleep(pause, signal);
    pause = Math.min(pause * 2, LAST_PAUSE_MS);
  }
};
