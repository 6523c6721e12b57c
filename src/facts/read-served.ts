/** Asks the server what it serves: two requests where it knows the aggregated form, one for every group and version where it does not. */
import type { Answer, ClusterPort, Problem } from '../cluster/port.ts';
import { discoveryAccept } from '../discovery/documents.ts';
import { discoveryPath } from '../discovery/resources.ts';
import { listsToRead, servedAggregated, servedByLists } from '../discovery/served.ts';
import type { Served } from '../discovery/served.ts';
import { inParallel } from '../model/in-parallel.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';

type Reader = Pick<ClusterPort, 'raw'>;

export const readServed = async (reader: Reader, width: number, signal: AbortSignal): Promise<Result<Served, Problem>> => {
  const read = async (path: string): Promise<Answer<unknown>> => await reader.raw(path, { signal, accept: discoveryAccept });
  const [core, apis] = await Promise.all([read('/api'), read('/apis')]);
  if (!apis.ok) return fail(apis.problem);
  if (!core.ok) return fail(core.problem);
  const aggregated = servedAggregated([core.value, apis.value]);
  if (aggregated !== null) return ok(aggregated);
  const lists = listsToRead(core.value, apis.value);
  const documents = new Map<string, unknown>();
  await inParallel(lists, width, async ({ group, version }) => {
    const path = discoveryPath(group, version);
    const answer = await reader.raw(path, { signal });
    if (answer.ok) documents.set(path, answer.value);
  });
  return ok(servedByLists(lists.map(({ group, version }) => ({ group, version, document: documents.get(discoveryPath(group, version)) ?? null }))));
};
