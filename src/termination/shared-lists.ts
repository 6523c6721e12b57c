/** One list for many who ask the same at about the same time: the pods of one owner all look for their replacements. */
import type { ClusterPort, ListOptions, ResourcePath } from '../cluster/port.ts';
import type { Clock } from '../model/world.ts';

type Listed = ReturnType<ClusterPort['list']>;

/** Answers serve for a moment, longer the larger they are: a list of thousands of pods is asked for every few seconds. */
const FRESH_MS = 50;
const FRESH_MS_PER_ITEM = 1;

const keyOf = (at: ResourcePath, { labelSelector }: ListOptions): string => [at.group, at.resource, at.namespace ?? '', labelSelector ?? ''].join('\n');

/** The same reader, whose lists are shared. It is ended by the signal of who asked first: those of a run fire together. */
export const sharedLists = (reader: Pick<ClusterPort, 'list'>, clock: Clock): Pick<ClusterPort, 'list'> => {
  const known = new Map<string, { readonly answer: Listed; until: number }>();
  const forget = (key: string, entry: object): void => {
    if (known.get(key) === entry) known.delete(key);
  };
  return {
    list: async (at, options = {}) => {
      // What is asked about one object is asked once.
      if (options.fieldSelector !== undefined) return await reader.list(at, options);
      const key = keyOf(at, options);
      const shared = known.get(key);
      if (shared !== undefined && clock.now() < shared.until) return await shared.answer;
      const entry = { answer: reader.list(at, options), until: Number.POSITIVE_INFINITY };
      known.set(key, entry);
      const answer = await entry.answer;
      if (answer.ok) entry.until = clock.now() + FRESH_MS + FRESH_MS_PER_ITEM * answer.value.items.length;
      else forget(key, entry);
      return answer;
    },
  };
};
