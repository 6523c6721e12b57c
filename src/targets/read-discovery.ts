/** Reads what a server serves: two requests where it knows the aggregated form, one for every group and version where it does not. */
import type { Problem } from '../cluster/port.ts';
import { inParallel } from '../model/in-parallel.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { aggregated, coreVersions, discoveryAccept, listedGroup, listedGroups } from '../discovery/documents.ts';
import type { DiscoveredGroup, Discovery } from '../discovery/documents.ts';
import { discoveryPath } from '../discovery/resources.ts';

/** `raw` of the port. */
export interface DiscoveryReader {
  readonly raw: (path: string, options: { readonly signal: AbortSignal; readonly accept?: string }) => Promise<{ readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly problem: Problem }>;
}

const WIDTH = 16;

const merged = (parts: readonly Discovery[]): Discovery => ({ groups: parts.flatMap((p) => p.groups), stale: parts.flatMap((p) => p.stale) });

/** The old lists: a version that cannot be read is stale, unless the server cannot be asked at all. */
const readLists = async (core: unknown, apis: unknown, reader: DiscoveryReader, signal: AbortSignal): Promise<Result<Discovery, Problem>> => {
  const groups = [{ name: '', preferred: coreVersions(core)[0] ?? null, versions: coreVersions(core) }, ...listedGroups(apis)];
  const paths = groups.flatMap((g) => g.versions.map((version) => discoveryPath(g.name, version)));
  const documents = new Map<string, unknown>();
  const final: Problem[] = [];
  await inParallel(paths, WIDTH, async (path) => {
    const answer = await reader.raw(path, { signal });
    if (answer.ok) documents.set(path, answer.value);
    else if (answer.problem.kind !== 'status' || answer.problem.httpStatus === 401) final.push(answer.problem);
  });
  const [problem] = final;
  if (problem !== undefined) return fail(problem);
  const listed = groups.map((g) => listedGroup(g.name, g.preferred, g.versions, (version) => documents.get(discoveryPath(g.name, version)) ?? null));
  return ok({ groups: listed.map((l): DiscoveredGroup => l.group), stale: listed.flatMap((l) => l.stale) });
};

/** Everything that the server serves, or why it could not be asked. */
export const readDiscovery = async (reader: DiscoveryReader, signal: AbortSignal): Promise<Result<Discovery, Problem>> => {
  const [core, apis] = await Promise.all(['/api', '/apis'].map(async (path) => await reader.raw(path, { signal, accept: discoveryAccept })));
  if (core === undefined || apis === undefined) throw new Error('unreachable: two paths were read');
  if (!apis.ok) return fail(apis.problem);
  // A server of one group behind an aggregator has no core group.
  if (!core.ok && !(core.problem.kind === 'status' && core.problem.httpStatus === 404)) return fail(core.problem);
  const coreDocument = core.ok ? core.value : null;
  const [coreGroups, otherGroups] = [aggregated(coreDocument), aggregated(apis.value)];
  if (otherGroups === null || (coreGroups === null && core.ok)) {
    // A server in the middle of an upgrade may answer in both forms: then the old lists of both.
    const plain = async (path: string, value: unknown, known: Discovery | null): Promise<unknown> => {
      if (known === null) return value;
      const answer = await reader.raw(path, { signal });
      return answer.ok ? answer.value : null;
    };
    return await readLists(await plain('/api', coreDocument, coreGroups), await plain('/apis', apis.value, otherGroups), reader, signal);
  }
  return ok(merged([coreGroups ?? { groups: [], stale: [] }, otherGroups]));
};
