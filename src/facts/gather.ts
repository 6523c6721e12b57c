/**
 * Reads what the facts want, in rounds: owners, a finalizer's controller, claim → volume are known only step by step. Requests depend
 * on the kinds and namespaces touched, not on the number of targets.
 */
import type { Answer, ClusterPort, Problem, ResourcePath } from '../cluster/port.ts';
import { discoveryPath, groupsOf, kindsOf } from '../discovery/resources.ts';
import type { KubeList, KubeObject } from '../model/wire.ts';
import { inParallel } from '../model/in-parallel.ts';
import { textSelects } from '../model/selector.ts';
import type { Clock } from '../model/world.ts';
import { provesAbsence } from './absence.ts';
import type { Fact, Given, View } from './fact.ts';
import { askAccess, askDelete, askEviction, askSelf } from './ask-server.ts';
import { readEvents } from './read-events.ts';
import { readServed } from './read-served.ts';
import { accessKey, dryRunDeleteKey, eventsKey, groupsKey, kindsKey, keyOf, listKey, objectKey, pageKey, selfKey, servedKey } from './want.ts';
import type { KindPath, Looked, Page, Seen, Unread, Want } from './want.ts';

const MAX_ROUNDS = 10;
const PAGE = 500;
/** The same list in more namespaces than this: one of all namespaces. */
const NAMESPACES_BY_LIST = 4;
/** Up to this many names of one kind and namespace are read one by one; more by one list. */
const NAMES_BY_GET = 4;
/** Up to this many selections of one kind and namespace are listed one by one; more are told apart in one list of all. */
const SELECTIONS_BY_LIST = 4;
const IN_FLIGHT = 16;
/** One for each target, unlike the reads. */
const PROBES_IN_FLIGHT = 64;

type ObjectWant = Extract<Want, { type: 'object' }>;
type ListWant = Extract<Want, { type: 'list' }>;
type EventsWant = Extract<Want, { type: 'events' }>;
type ProbeWant = Extract<Want, { type: 'dry-run-delete' }>;
type ReadWant = Exclude<Want, ProbeWant>;
type Snapshot = Map<string, Looked<unknown>>;
/** Reads, access reviews and dry runs: nothing of it changes the cluster. */
type Reader = Pick<ClusterPort, 'get' | 'list' | 'raw' | 'create' | 'delete'>;

const lookUp = <T>(snapshot: Snapshot, ...keys: readonly string[]): Looked<T> =>
  keys.map((key) => snapshot.get(key) as Looked<T> | undefined).find((looked) => looked !== undefined) ?? { state: 'not-asked' };

/** The key of the whole answer that would serve this want too. */
const wholeKeyOf = (want: ReadWant): string => keyOf('metadataOnly' in want ? { ...want, metadataOnly: false } : want);

const seenIn = (snapshot: Snapshot): Seen => ({
  object: (kind, namespace, name) => lookUp(snapshot, objectKey(kind, namespace, name), objectKey(kind, namespace, name, true)),
  list: (kind, namespace, labelSelector, fieldSelector) =>
    lookUp(snapshot, listKey(kind, namespace, labelSelector, false, fieldSelector), listKey(kind, namespace, labelSelector, true, fieldSelector)),
  kinds: (group, version) => lookUp(snapshot, kindsKey(group, version)),
  groups: () => lookUp(snapshot, groupsKey),
  self: () => lookUp(snapshot, selfKey),
  access: (verb, kind, subresource, namespace, name) => lookUp(snapshot, accessKey(verb, kind, subresource, namespace, name)),
  dryRunDelete: (uid) => lookUp(snapshot, dryRunDeleteKey(uid)),
  events: (uid) => lookUp(snapshot, eventsKey(uid)),
  served: () => lookUp(snapshot, servedKey),
  page: (kind, namespace) => lookUp(snapshot, pageKey(kind, namespace)),
});

const whyOf = (problem: Problem, timedOut: boolean): string => {
  switch (problem.kind) {
    case 'status':
    case 'not-kubernetes':
    case 'unreachable':
    case 'timed-out':
    case 'credentials':
      return problem.message;
    case 'aborted':
      return timedOut ? 'no answer within --check-timeout' : 'interrupted';
  }
};

const pathOf = (kind: KindPath, namespace: string | null, name: string | null): ResourcePath => ({
  group: kind.group,
  version: kind.version,
  resource: kind.resource,
  namespace,
  name,
});

/** Into the group of its kind and namespace; lists of metadata apart, because a list of whole objects is far larger, and so each list by fields. */
const sort = <W extends ObjectWant | ListWant>(groups: Map<string, [W, ...W[]]>, want: W): void => {
  const place = `${want.kind.group}/${want.kind.resource}/${want.namespace ?? ''}${want.type === 'list' ? `${want.metadataOnly ? ' metadata' : ''} ${want.fieldSelector ?? ''}` : ''}`;
  const group = groups.get(place);
  if (group === undefined) groups.set(place, [want]);
  else group.push(want);
};

/** Groups of one kind in more namespaces than a few, and the others. */
const acrossNamespaces = (groups: readonly (readonly [ListWant, ...ListWant[]])[]): { readonly wide: readonly (readonly [ListWant, ...ListWant[]])[][]; readonly narrow: readonly (readonly [ListWant, ...ListWant[]])[] } => {
  const byKind = new Map<string, (readonly [ListWant, ...ListWant[]])[]>();
  for (const group of groups) {
    const [{ kind, namespace, metadataOnly, fieldSelector = '' }] = group;
    const key = namespace === null ? `${byKind.size}` : `${kind.group}/${kind.resource}${metadataOnly ? ' metadata' : ''} ${fieldSelector}`;
    byKind.set(key, [...(byKind.get(key) ?? []), group]);
  }
  const kinds = [...byKind.values()];
  return { wide: kinds.filter((k) => k.length > NAMESPACES_BY_LIST), narrow: kinds.filter((k) => k.length <= NAMESPACES_BY_LIST).flat() };
};

const pageOf = ({ items, metadata }: KubeList): Page => ({ items, remaining: (metadata.continue ?? '') === '' ? 0 : (metadata.remainingItemCount ?? null) });

class Gathering {
  readonly snapshot: Snapshot = new Map();
  readonly #reader: Reader;
  readonly #signal: AbortSignal;
  readonly #timedOut: () => boolean;

  constructor(reader: Reader, signal: AbortSignal, timedOut: () => boolean) {
    this.#reader = reader;
    this.#signal = signal;
    this.#timedOut = timedOut;
  }

  #unread(verb: Unread['verb'], kind: Pick<KindPath, 'group' | 'resource'>, namespace: string | null, problem: Problem): Looked<never> {
    const denied = problem.kind === 'status' && problem.httpStatus === 403;
    const unread = { verb, group: kind.group, resource: kind.resource, namespace, why: whyOf(problem, this.#timedOut()), denied };
    return { state: 'unread', unread };
  }

  async object(want: ObjectWant): Promise<void> {
    const answer = await this.#reader.get(pathOf(want.kind, want.namespace, want.name), { metadataOnly: want.metadataOnly, signal: this.#signal });
    this.snapshot.set(keyOf(want), this.#lookedAt(answer, want));
  }

  #lookedAt(answer: Answer<KubeObject>, want: ObjectWant): Looked<KubeObject> {
    if (answer.ok) return { state: 'found', value: answer.value };
    const { problem } = answer;
    if (provesAbsence(problem)) return { state: 'absent' };
    return this.#unread('get', want.kind, want.namespace, problem);
  }

  async #pages(kind: KindPath, namespace: string | null, labelSelector: string, metadataOnly: boolean, fieldSelector = ''): Promise<Looked<readonly KubeObject[]>> {
    const items: KubeObject[] = [];
    let next: string | undefined;
    do {
      const answer = await this.#reader.list(pathOf(kind, namespace, null), {
        limit: PAGE,
        metadataOnly,
        signal: this.#signal,
        ...(labelSelector === '' ? {} : { labelSelector }),
        ...(fieldSelector === '' ? {} : { fieldSelector }),
        ...(next === undefined ? {} : { continue: next }),
      });
      if (!answer.ok) return this.#unread('list', kind, namespace, answer.problem);
      items.push(...answer.value.items);
      next = answer.value.metadata.continue;
    } while (next !== undefined && next !== '');
    return { state: 'found', value: items };
  }

  async list(want: ListWant): Promise<void> {
    this.snapshot.set(keyOf(want), await this.#pages(want.kind, want.namespace, want.labelSelector, want.metadataOnly, want.fieldSelector));
  }

  /** Selections of one kind in one namespace: from one list of all, where it is wanted anyway or there are many. */
  async lists(wants: readonly [ListWant, ...ListWant[]]): Promise<void> {
    const [first] = wants;
    if (wants.length <= SELECTIONS_BY_LIST && !wants.some((w) => w.labelSelector === '')) {
      await inParallel(wants, IN_FLIGHT, async (want) => await this.list(want));
      return;
    }
    const listed = await this.#pages(first.kind, first.namespace, '', first.metadataOnly, first.fieldSelector);
    for (const want of wants) {
      const looked: Looked<readonly KubeObject[]> = listed.state === 'found' && want.labelSelector !== '' ? { state: 'found', value: listed.value.filter((o) => textSelects(want.labelSelector, o.metadata.labels)) } : listed;
      this.snapshot.set(keyOf(want), looked);
    }
  }

  /** One kind in many namespaces: one list of them all, split up; who may not list them all gets them namespace by namespace. */
  async across(groups: readonly (readonly [ListWant, ...ListWant[]])[]): Promise<void> {
    const [first, ...others] = groups.flat();
    if (first === undefined) return;
    const selector = others.every((w) => w.labelSelector === first.labelSelector) ? first.labelSelector : '';
    const listed = await this.#pages(first.kind, null, selector, first.metadataOnly, first.fieldSelector);
    if (listed.state !== 'found') {
      await inParallel(groups, IN_FLIGHT, async (group) => await this.lists(group));
      return;
    }
    const byNamespace = new Map<string, KubeObject[]>();
    for (const object of listed.value) {
      const { namespace = '' } = object.metadata;
      const found = byNamespace.get(namespace);
      if (found === undefined) byNamespace.set(namespace, [object]);
      else found.push(object);
    }
    for (const want of [first, ...others]) {
      const inside = byNamespace.get(want.namespace ?? '') ?? [];
      const value = want.labelSelector === selector ? inside : inside.filter((o) => textSelects(want.labelSelector, o.metadata.labels));
      this.snapshot.set(keyOf(want), { state: 'found', value });
    }
  }

  /** Many names of one kind in one namespace: one list; who may not list gets them one by one. */
  async objects(wants: readonly [ObjectWant, ...ObjectWant[]]): Promise<void> {
    const [first] = wants;
    const listed = wants.length > NAMES_BY_GET ? await this.#pages(first.kind, first.namespace, '', wants.every((w) => w.metadataOnly)) : null;
    if (listed?.state === 'found') {
      const byName = new Map(listed.value.map((o) => [o.metadata.name, o]));
      for (const want of wants) {
        const value = byName.get(want.name);
        this.snapshot.set(keyOf(want), value === undefined ? { state: 'absent' } : { state: 'found', value });
      }
      return;
    }
    await inParallel(wants, IN_FLIGHT, async (want) => await this.object(want));
  }

  async document(path: string, store: (document: unknown) => [string, Looked<unknown>], key: string, group: string): Promise<void> {
    const answer = await this.#reader.raw(path, { signal: this.#signal });
    if (answer.ok) {
      this.snapshot.set(...store(answer.value));
      return;
    }
    const missing = (answer.problem.kind === 'status' || answer.problem.kind === 'not-kubernetes') && answer.problem.httpStatus === 404;
    this.snapshot.set(key, missing ? { state: 'absent' } : this.#unread('get', { group, resource: path }, null, answer.problem));
  }

  async served(): Promise<void> {
    const read = await readServed(this.#reader, IN_FLIGHT, this.#signal);
    this.snapshot.set(servedKey, read.ok ? { state: 'found', value: read.value } : this.#unread('get', { group: '', resource: '/apis' }, null, read.error));
  }

  async page(want: Extract<Want, { type: 'page' }>): Promise<void> {
    const answer = await this.#reader.list(pathOf(want.kind, want.namespace, null), { limit: PAGE, metadataOnly: true, signal: this.#signal });
    // A kind that is not served any more has no objects.
    const gone = !answer.ok && answer.problem.kind === 'status' && answer.problem.httpStatus === 404;
    this.snapshot.set(keyOf(want), answer.ok ? { state: 'found', value: pageOf(answer.value) } : gone ? { state: 'absent' } : this.#unread('list', want.kind, want.namespace, answer.problem));
  }

  async access(want: Extract<Want, { type: 'access' }>): Promise<void> {
    const answer = await askAccess(this.#reader, want, this.#signal);
    const review = { group: 'authorization.k8s.io', resource: 'selfsubjectaccessreviews' };
    this.snapshot.set(keyOf(want), answer.ok ? { state: 'found', value: answer.value } : this.#unread('create', review, null, answer.problem));
  }

  async events(wants: readonly EventsWant[]): Promise<void> {
    await readEvents(this.#reader, wants, this.#signal, (want, answer) => {
      this.snapshot.set(keyOf(want), answer.ok ? { state: 'found', value: answer.value } : this.#unread('list', { group: '', resource: 'events' }, want.namespace, answer.problem));
    });
  }

  async self(): Promise<void> {
    const answer = await askSelf(this.#reader, this.#signal);
    this.snapshot.set(selfKey, answer.ok ? { state: 'found', value: answer.value } : this.#unread('create', { group: 'authentication.k8s.io', resource: 'selfsubjectreviews' }, null, answer.problem));
  }

  async dryRunDelete(want: ProbeWant, given: Given): Promise<void> {
    const answer = await (want.evict ? askEviction : askDelete)(this.#reader, want, given.cascade, this.#signal);
    this.snapshot.set(keyOf(want), answer.ok ? { state: 'found', value: answer.value } : this.#unread('delete', want.kind, want.namespace, answer.problem));
  }

  jobs(wants: readonly ReadWant[]): readonly (() => Promise<void>)[] {
    const objects = new Map<string, [ObjectWant, ...ObjectWant[]]>();
    const lists = new Map<string, [ListWant, ...ListWant[]]>();
    const events = new Map<string, EventsWant[]>();
    const jobs: (() => Promise<void>)[] = [];
    for (const want of wants) {
      switch (want.type) {
        case 'object':
          sort(objects, want);
          break;
        case 'list':
          sort(lists, want);
          break;
        case 'kinds': {
          const key = keyOf(want);
          jobs.push(async () =>
            await this.document(discoveryPath(want.group, want.version), (d) => [key, { state: 'found', value: kindsOf(want.group, want.version, d) }], key, want.group),
          );
          break;
        }
        case 'access':
          jobs.push(async () => await this.access(want));
          break;
        case 'events':
          events.set(want.namespace ?? '', [...(events.get(want.namespace ?? '') ?? []), want]);
          break;
        case 'self':
          jobs.push(async () => await this.self());
          break;
        case 'served':
          jobs.push(async () => await this.served());
          break;
        case 'page':
          jobs.push(async () => await this.page(want));
          break;
        case 'groups':
          jobs.push(async () => await this.document('/apis', (d) => [groupsKey, { state: 'found', value: groupsOf(d) }], groupsKey, ''));
          break;
      }
    }
    jobs.push(...[...events.values()].map((group) => async () => await this.events(group)));
    const spread = acrossNamespaces([...lists.values()]);
    jobs.push(...spread.wide.map((groups) => async () => await this.across(groups)));
    return [...jobs, ...spread.narrow.map((group) => async () => await this.lists(group)), ...[...objects.values()].map((group) => async () => await this.objects(group))];
  }
}

/**
 * Reads all that the facts want for the targets. Failures are kept per read as `unread`; nothing throws.
 * `timeoutMs` bounds the whole of it: what is still open then is unread.
 */
export const gather = async (
  reader: Reader,
  facts: readonly Fact<View>[],
  given: Given,
  limits: { readonly clock: Clock; readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Seen> => {
  const deadline = new AbortController();
  const done = new AbortController();
  const signal = AbortSignal.any([limits.signal, deadline.signal]);
  void limits.clock.sleep(limits.timeoutMs, done.signal).then(() => {
    if (!done.signal.aborted) deadline.abort();
  });
  const gathering = new Gathering(reader, signal, () => deadline.signal.aborted);
  const seen = seenIn(gathering.snapshot);
  // Nothing else depends on what admission answers, and a webhook may take its time: it does not hold up the rounds.
  const probed = new Set<string>();
  const probing: Promise<void>[] = [];
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    const fresh = new Map<string, ReadWant>();
    const probes: ProbeWant[] = [];
    for (const fact of facts) {
      for (const target of given.targets) {
        for (const want of fact.wants(target, given, seen)) {
          const key = keyOf(want);
          if (want.type === 'dry-run-delete') {
            if (!probed.has(key)) probes.push(want);
            probed.add(key);
          } else if (!gathering.snapshot.has(key) && !gathering.snapshot.has(wholeKeyOf(want))) fresh.set(key, want);
        }
      }
    }
    if (probes.length > 0) probing.push(inParallel(probes, PROBES_IN_FLIGHT, async (want) => await gathering.dryRunDelete(want, given)));
    if (fresh.size === 0) break;
    // A whole read serves those who want metadata only.
    for (const [key, want] of fresh) if (key !== wholeKeyOf(want) && fresh.has(wholeKeyOf(want))) fresh.delete(key);
    await inParallel(gathering.jobs([...fresh.values()]), IN_FLIGHT, async (job) => await job());
  }
  await Promise.all(probing);
  done.abort();
  return seen;
};
