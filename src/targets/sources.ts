/** What the words of a run are read with, beside the cluster's objects. */
import { cacheDirectory } from '../discovery/cache.ts';
import type { World } from '../model/world.ts';
import { discoverySource } from './discovery-source.ts';
import { manifestSource } from './manifest-source.ts';
import type { DiscoveryReader } from './read-discovery.ts';
import type { Sources } from './resolve.ts';

type SourcesWorld = Pick<World, 'files' | 'clock' | 'env' | 'homeDirectory' | 'workingDirectory' | 'stdin' | 'spawn'>;

/** Opens nothing and asks nobody until a word needs it. `server` as the context names it; `cacheDir` of --cache-dir. */
export const openSources = (world: SourcesWorld, reader: DiscoveryReader, about: { readonly server: string; readonly cacheDir: string | null }): Sources => ({
  discovery: discoverySource(reader, about.server, { files: world.files, clock: world.clock, directory: cacheDirectory(about.server, about.cacheDir, world) }),
  manifests: manifestSource(world, async (url, signal) => {
    const { fetchUrlWith } = await import('./fetch-url.ts');
    return await fetchUrlWith(world.clock, world.env)(url, signal);
  }),
  remembered: { matched: null },
});
