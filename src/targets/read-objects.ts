/** From places to uids: names by GET, or by one LIST when there are many of a kind; selections by LIST. Writes nothing. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { provesAbsence } from '../facts/absence.ts';
import { inParallel } from '../model/in-parallel.ts';
import { apiVersionOf, placeOf, qualified } from '../model/ref.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { MissingTarget, Target } from '../model/target.ts';
import type { KubeList, KubeObject } from '../model/wire.ts';

/** One object by name. */
export interface Place {
  readonly kind: ResourceKind;
  /** null for cluster-scoped kinds. */
  readonly namespace: string | null;
  readonly name: string;
}

/** Objects of a kind in one namespace, or in all. */
export interface Selection {
  readonly kind: ResourceKind;
  readonly namespace: string | null;
  readonly labelSelector: string | null;
  readonly fieldSelector: string | null;
}

export interface Read {
  readonly targets: readonly { readonly kind: ResourceKind; readonly target: Target }[];
  readonly missing: readonly MissingTarget[];
  /** Warning headers. */
  readonly apiWarnings: readonly string[];
}

export interface Unread {
  readonly problem: Problem;
  /** The type may not be served any more. */
  readonly doubted: boolean;
}

export type ObjectReader = Pick<ClusterPort, 'get' | 'list'>;

/** Up to so many names of a kind and namespace are read one by one. */
export const SINGLE_READS = 4;
const PAGE = 500;
const WIDTH = 16;
const MAX_RESTARTS = 3;

/** What they hold is nobody's business here, and can be large. */
const namesOnly = (kind: ResourceKind): boolean => kind.group === '' && ['configmaps', 'secrets', 'events'].includes(kind.resource);

const refOf = ({ kind, namespace, name }: Place): Ref => ({ group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace, name, uid: null });

const targetOf = (kind: ResourceKind, namespace: string | null, object: KubeObject): Target => {
  const { name, uid } = object.metadata;
  // Items of a list do not say what they are, and an object read without its contents says something else.
  return { ref: { ...refOf({ kind, namespace, name }), uid }, object: { ...object, apiVersion: apiVersionOf(kind), kind: kind.kind } };
};

const missingOf = (place: Place): MissingTarget => ({ ref: refOf(place), message: `${qualified(place.kind)} "${place.name}" not found` });

const isStatus = (problem: Problem, ...codes: readonly number[]): boolean => problem.kind === 'status' && codes.includes(problem.httpStatus);

type Got = { readonly target: Target; readonly warnings: readonly string[] } | { readonly missing: MissingTarget } | { readonly unread: Unread };

const getOne = async (place: Place, reader: ObjectReader, signal: AbortSignal): Promise<Got> => {
  const { kind, namespace, name } = place;
  const answer = await reader.get({ group: kind.group, version: kind.version, resource: kind.resource, namespace, name }, { signal, ...(namesOnly(kind) ? { metadataOnly: true } : {}) });
  if (answer.ok) return { target: targetOf(kind, namespace, answer.value), warnings: answer.warnings };
  const { problem } = answer;
  if (problem.kind === 'status' && provesAbsence(problem)) return { missing: { ref: refOf(place), message: problem.message } };
  // A bare 404: the kind is not served there (any more), or a gateway answered. That no such object exists is not said.
  return { unread: { problem, doubted: isStatus(problem, 404) } };
};

const pageOf = async (selection: Selection, from: string | undefined, reader: ObjectReader, signal: AbortSignal): ReturnType<ObjectReader['list']> => {
  const { kind, namespace, labelSelector, fieldSelector } = selection;
  return await reader.list(
    { group: kind.group, version: kind.version, resource: kind.resource, namespace, name: null },
    {
      signal,
      limit: PAGE,
      ...(labelSelector === null ? {} : { labelSelector }),
      ...(fieldSelector === null ? {} : { fieldSelector }),
      ...(from === undefined ? {} : { continue: from }),
      ...(namesOnly(kind) ? { metadataOnly: true } : {}),
    },
  );
};

interface Listed {
  readonly objects: readonly KubeObject[];
  readonly warnings: readonly string[];
}

/** All pages, or those until `enough` says so. A list that grew too old on the way begins again. */
const listAll = async (selection: Selection, reader: ObjectReader, signal: AbortSignal, enough: (page: KubeList) => boolean = () => false): Promise<Result<Listed, Unread>> => {
  for (let restart = 0; ; restart++) {
    const objects: KubeObject[] = [];
    const warnings: string[] = [];
    let from: string | undefined;
    let problem: Problem | null = null;
    do {
      const answer = await pageOf(selection, from, reader, signal);
      if (!answer.ok) {
        problem = answer.problem;
        break;
      }
      objects.push(...answer.value.items);
      warnings.push(...answer.warnings);
      from = answer.value.metadata.continue;
      if (enough(answer.value)) break;
    } while (from !== undefined && from !== '');
    if (problem === null) return ok({ objects, warnings });
    if (from !== undefined && isStatus(problem, 410) && restart < MAX_RESTARTS) continue;
    return fail({ problem, doubted: isStatus(problem, 404) });
  }
};

/** Many names of one kind and namespace by one LIST. Those that more pages would cost more than to ask for are left `undecided`. */
const listNamed = async (places: readonly Place[], reader: ObjectReader, signal: AbortSignal): Promise<Result<{ readonly got: ReadonlyMap<Place, Got>; readonly undecided: readonly Place[] }, Unread>> => {
  const [first] = places;
  if (first === undefined) return ok({ got: new Map(), undecided: [] });
  const wanted = new Map(places.map((place) => [place.name, place]));
  const left = { undecided: false };
  const listed = await listAll({ kind: first.kind, namespace: first.namespace, labelSelector: null, fieldSelector: null }, reader, signal, (page) => {
    for (const { metadata } of page.items) wanted.delete(metadata.name);
    if ((page.metadata.continue ?? '') === '') return false;
    left.undecided = wanted.size <= Math.ceil((page.metadata.remainingItemCount ?? 0) / PAGE);
    return left.undecided;
  });
  if (!listed.ok) return isStatus(listed.error.problem, 401, 403, 405) ? ok({ got: new Map(), undecided: places }) : listed;
  const byName = new Map(listed.value.objects.map((object) => [object.metadata.name, object]));
  const got = new Map<Place, Got>();
  const undecided: Place[] = [];
  for (const place of places) {
    const object = byName.get(place.name);
    if (object !== undefined) got.set(place, { target: targetOf(place.kind, place.namespace, object), warnings: [] });
    else if (left.undecided) undecided.push(place);
    else got.set(place, { missing: missingOf(place) });
  }
  return ok({ got, undecided });
};

const grouped = (places: readonly Place[]): readonly (readonly Place[])[] => {
  const groups = new Map<string, Place[]>();
  for (const place of places) {
    const key = `${place.kind.group}/${place.kind.version}/${place.kind.resource}/${place.namespace ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), place]);
  }
  return [...groups.values()];
};

const collected = (results: readonly { readonly kind: ResourceKind; readonly got: Got }[]): Result<Read, Unread> => {
  const targets = new Map<string, Read['targets'][number]>();
  const missing: MissingTarget[] = [];
  const apiWarnings: string[] = [];
  for (const { kind, got } of results) {
    if ('unread' in got) return fail(got.unread);
    if ('missing' in got) missing.push(got.missing);
    else {
      apiWarnings.push(...got.warnings);
      // `pod/a po/a` is one object, and so is an Event in both of its groups.
      if (!targets.has(got.target.ref.uid)) targets.set(got.target.ref.uid, { kind, target: got.target });
    }
  }
  return ok({ targets: [...targets.values()], missing, apiWarnings });
};

/** Reads named objects, in order, each once. A name that does not exist is `missing`; any other failure is the result. */
export const readNamed = async (asked: readonly Place[], reader: ObjectReader, signal: AbortSignal): Promise<Result<Read, Unread>> => {
  const places = [...new Map(asked.map((place) => [placeOf({ group: place.kind.group, resource: place.kind.resource, namespace: place.namespace, name: place.name }), place])).values()];
  const got = new Map<Place, Got>();
  const single: Place[] = [];
  for (const group of grouped(places)) {
    if (group.length <= SINGLE_READS) {
      single.push(...group);
      continue;
    }
    const listed = await listNamed(group, reader, signal);
    if (!listed.ok) return listed;
    for (const [place, found] of listed.value.got) got.set(place, found);
    single.push(...listed.value.undecided);
  }
  await inParallel(single, WIDTH, async (place) => {
    got.set(place, await getOne(place, reader, signal));
  });
  return collected(places.flatMap((place) => {
    const found = got.get(place);
    return found === undefined ? [] : [{ kind: place.kind, got: found }];
  }));
};

/** Reads everything that the selections match, in their order. */
export const readSelected = async (selections: readonly Selection[], reader: ObjectReader, signal: AbortSignal): Promise<Result<Read, Unread>> => {
  const lists = new Map<Selection, Result<Listed, Unread>>();
  await inParallel(selections, SINGLE_READS, async (selection) => {
    lists.set(selection, await listAll(selection, reader, signal));
  });
  const results: { readonly kind: ResourceKind; readonly got: Got }[] = [];
  const apiWarnings: string[] = [];
  for (const selection of selections) {
    const list = lists.get(selection);
    if (list === undefined) continue;
    if (!list.ok) return list;
    apiWarnings.push(...list.value.warnings);
    const { kind } = selection;
    for (const object of list.value.objects) {
      results.push({ kind, got: { target: targetOf(kind, kind.namespaced ? (object.metadata.namespace ?? selection.namespace) : null, object), warnings: [] } });
    }
  }
  const read = collected(results);
  return read.ok ? ok({ ...read.value, apiWarnings: [...new Set(apiWarnings)] }) : read;
};
