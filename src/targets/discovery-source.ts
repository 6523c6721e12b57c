/** What the server serves, asked for only when a word needs it: from memory, from disk, or from the server, once each. */
import type { Problem } from '../cluster/port.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { readCache, writeCache } from '../discovery/cache.ts';
import type { CachePlace } from '../discovery/cache.ts';
import type { Discovery } from '../discovery/documents.ts';
import { readDiscovery } from './read-discovery.ts';
import type { DiscoveryReader } from './read-discovery.ts';

export interface DiscoverySource {
  /** What is known, at most ten minutes old. */
  readonly current: (signal: AbortSignal) => Promise<Result<Discovery, Problem>>;
  /** As the server says it now: for a type that is not known. Asked once a run. */
  readonly fresh: (signal: AbortSignal) => Promise<Result<Discovery, Problem>>;
}

/** `server` names the entry of the cache. */
export const discoverySource = (reader: DiscoveryReader, server: string, place: CachePlace): DiscoverySource => {
  let known: Discovery | null = null;
  let isFresh = false;
  const fresh = async (signal: AbortSignal): Promise<Result<Discovery, Problem>> => {
    if (known !== null && isFresh) return ok(known);
    const read = await readDiscovery(reader, signal);
    if (!read.ok) return fail(read.error);
    known = read.value;
    isFresh = true;
    await writeCache(server, known, place);
    return ok(known);
  };
  return {
    fresh,
    current: async (signal) => {
      known ??= await readCache(server, place);
      return known === null ? await fresh(signal) : ok(known);
    },
  };
};
