import { readFile } from 'node:fs/promises';
import { aggregated } from '../../src/discovery/documents.ts';
import type { Discovery } from '../../src/discovery/documents.ts';

interface Recorded {
  readonly aggregated: Readonly<Record<string, unknown>>;
  readonly lists: Readonly<Record<string, unknown>>;
}

/** What record.ts wrote. */
export const recorded = JSON.parse(await readFile(new URL('recorded.json', import.meta.url), 'utf8')) as Recorded;

/** The recorded server, from its aggregated documents. */
export const served: Discovery = ['/api', '/apis']
  .map((path) => aggregated(recorded.aggregated[path]) ?? { groups: [], stale: [] })
  .reduce((all, one) => ({ groups: [...all.groups, ...one.groups], stale: [...all.stale, ...one.stale] }));
