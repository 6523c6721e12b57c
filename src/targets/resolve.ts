/** What the command means, as uids: every name is read once, and what is deleted later is exactly that. */
import { namespaceKind } from '../discovery/built-in.ts';
import { parseLabelSelector } from '../model/label-selector.ts';
import type { ResourceKind } from '../model/ref.ts';
import { qualified } from '../model/ref.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { MissingTarget, Target } from '../model/target.ts';
import { unreachable } from '../model/unreachable.ts';
import type { SelectionFlags } from '../options/options.ts';
import type { DiscoverySource } from './discovery-source.ts';
import { Kinds } from './kinds.ts';
import type { ResolveError } from './kinds.ts';
import type { Manifest } from './manifests.ts';
import type { ReadManifests } from './manifest-source.ts';
import { readNamed, readSelected } from './read-objects.ts';
import type { ObjectReader, Place, Read, Selection, Unread } from './read-objects.ts';
import { askedFor, nameFlaw } from './words.ts';
import type { Asked, WordsError } from './words.ts';

export type { ResolveError } from './kinds.ts';

export interface ResolveInput {
  /** TYPE NAME... or TYPE/NAME... */
  readonly words: readonly string[];
  readonly selection: SelectionFlags;
  /** Of -n, else of the context. */
  readonly namespace: string;
  /** -n was given: what files say has to agree with it. */
  readonly namespaceGiven: boolean;
}

/** What is asked beside the cluster's objects. One for a run: each reads once. */
export interface Sources {
  readonly discovery: DiscoverySource;
  readonly manifests: ReadManifests;
  /** What a selection matched the first time: looked at again, it is these objects and no later ones, which nobody has seen (delete.go previewResourceMap). */
  readonly remembered: { matched: readonly Place[] | null };
}

export interface Resolved {
  /** In the order in which they were named. */
  readonly targets: readonly Target[];
  readonly missing: readonly MissingTarget[];
  /** Warning headers of the reads. */
  readonly apiWarnings: readonly string[];
  /** What people should know of how their words were read: a sentence each. */
  readonly notes: readonly string[];
  /** No name was given, and no object matched: kubectl's "No resources found". */
  readonly nothingMatched: boolean;
}

type Found<T> = Result<T, ResolveError>;

const usage = (error: WordsError): { readonly ok: false; readonly error: ResolveError } => fail({ kind: 'usage', ...error });

const conflict = (message: string, remedy: string): { readonly ok: false; readonly error: ResolveError } => usage({ code: 'conflicting-arguments', message, remedy });

interface Wanted {
  readonly places: readonly Place[];
  readonly selections: readonly Selection[];
}

/** builder.go visitByResource, visitByName: a name is in one namespace. */
const placeFor = (kind: ResourceKind, name: string, input: ResolveInput): Found<Place> => {
  const flaw = nameFlaw(name, 'resource name');
  if (flaw !== null) return usage(flaw);
  if (!kind.namespaced) return ok({ kind, namespace: null, name });
  if (input.selection.allNamespaces) return conflict('a resource cannot be retrieved by name across all namespaces', 'leave out --all-namespaces, and name the namespace with --namespace');
  const namespaceFlaw = nameFlaw(input.namespace, 'namespace');
  return namespaceFlaw === null ? ok({ kind, namespace: input.namespace, name }) : usage(namespaceFlaw);
};

/** The namespace of an object in a file, and -n (visitor.go SetNamespace, RequireNamespace). */
const placeOfManifest = (kind: ResourceKind, manifest: Manifest, input: ResolveInput): Found<Place> => {
  const { name, source } = manifest;
  const flaw = nameFlaw(name, 'resource name');
  if (flaw !== null) return usage({ ...flaw, message: `${source}: ${flaw.message}` });
  if (!kind.namespaced) return ok({ kind, namespace: null, name });
  const provided = input.selection.allNamespaces ? '' : input.namespace;
  const namespace = manifest.namespace ?? provided;
  if (input.namespaceGiven && manifest.namespace !== null && manifest.namespace !== provided) {
    const message = `the namespace from the provided object "${manifest.namespace}" does not match the namespace "${provided}". You must pass '--namespace=${manifest.namespace}' to perform this operation.`;
    return usage({ code: 'namespace-mismatch', message, remedy: `it is ${kind.kind.toLowerCase()} "${name}" in ${source}; or leave out -n` });
  }
  if (namespace === '') return usage({ code: 'bad-name', message: 'an empty namespace may not be set when a resource name is provided', remedy: `${source} names no namespace for "${name}": leave out --all-namespaces` });
  const namespaceFlaw = nameFlaw(namespace, 'namespace');
  return namespaceFlaw === null ? ok({ kind, namespace, name }) : usage(namespaceFlaw);
};

const allOf = async <T, U>(items: readonly T[], work: (item: T) => Promise<Found<U>>): Promise<Found<readonly U[]>> => {
  const done: U[] = [];
  for (const item of items) {
    const result = await work(item);
    if (!result.ok) return result;
    done.push(result.value);
  }
  return ok(done);
};

const inFiles = async (asked: Extract<Asked, { by: 'files' }>, input: ResolveInput, kinds: Kinds, sources: Sources, signal: AbortSignal): Promise<Found<Wanted>> => {
  const selected = parseLabelSelector(asked.labelSelector ?? '');
  if (!selected.ok) return usage({ code: 'bad-selector', message: `the provided selector "${asked.labelSelector ?? ''}" is not valid: ${selected.error}`, remedy: null });
  const manifests = await sources.manifests(asked, signal);
  if (!manifests.ok) return usage(manifests.error);
  const places = await allOf(
    manifests.value.filter((m) => selected.value(m.labels)),
    async (manifest) => {
      const kind = await kinds.forManifest(manifest);
      return kind.ok ? placeOfManifest(kind.value, manifest, input) : kind;
    },
  );
  return places.ok ? ok({ places: places.value, selections: [] }) : places;
};

const wantedBy = async (asked: Asked, input: ResolveInput, kinds: Kinds, sources: Sources, signal: AbortSignal): Promise<Found<Wanted>> => {
  switch (asked.by) {
    case 'names': {
      const places = await allOf(asked.named, async ({ type, name }) => {
        const kind = await kinds.forType(type);
        return kind.ok ? placeFor(kind.value, name, input) : kind;
      });
      return places.ok ? ok({ places: places.value, selections: [] }) : places;
    }
    case 'type-and-names': {
      const found = await kinds.forTypes([asked.type]);
      if (!found.ok) return found;
      const [kind, ...others] = found.value;
      if (kind === undefined || others.length > 0) return conflict('you must specify only one resource', `"${asked.type}" is ${found.value.map(qualified).join(', ')}: write TYPE/NAME`);
      const places = await allOf(asked.names, async (name) => await Promise.resolve(placeFor(kind, name, input)));
      return places.ok ? ok({ places: places.value, selections: [] }) : places;
    }
    case 'types': {
      const found = await kinds.forTypes(asked.types);
      if (!found.ok) return found;
      return usage({ code: 'no-name', message: 'resource(s) were provided, but no name was specified', remedy: `name what to delete: kubectl safe-delete ${asked.types.join(',')} NAME, or pass --all or -l` });
    }
    case 'selection': {
      if (sources.remembered.matched !== null) return ok({ places: sources.remembered.matched, selections: [] });
      const found = await kinds.forTypes(asked.types);
      if (!found.ok) return found;
      const { labelSelector, fieldSelector } = asked;
      // kubectl refuses each object that it then finds.
      if (input.namespaceGiven && input.selection.allNamespaces && found.value.some((kind) => kind.namespaced)) {
        return conflict('--namespace and --all-namespaces cannot be specified together', 'leave out one of them');
      }
      const namespaceOf = (kind: ResourceKind): string | null => (kind.namespaced && !input.selection.allNamespaces ? input.namespace : null);
      const flaw = found.value.some((kind) => namespaceOf(kind) !== null) ? nameFlaw(input.namespace, 'namespace') : null;
      if (flaw !== null) return usage(flaw);
      return ok({ places: [], selections: found.value.map((kind) => ({ kind, namespace: namespaceOf(kind), labelSelector, fieldSelector })) });
    }
    case 'files':
      return await inFiles(asked, input, kinds, sources, signal);
    default:
      return unreachable(asked);
  }
};

const namespaceMissing = async (namespace: string, reader: ObjectReader, signal: AbortSignal): Promise<boolean> => {
  const answer = await reader.get({ ...namespaceKind, namespace: null, name: namespace }, { metadataOnly: true, signal });
  return !answer.ok && answer.problem.kind === 'status' && answer.problem.httpStatus === 404;
};

/** Of the namespaces in which nothing was found, those that do not exist; a few are looked at, which is what people type. */
const missingNamespaces = async (wanted: Wanted, read: Read, reader: ObjectReader, signal: AbortSignal): Promise<readonly string[]> => {
  const found = new Set(read.targets.map(({ target }) => target.ref.namespace));
  const asked = [...read.missing.map((m) => m.ref.namespace), ...wanted.selections.map((s) => s.namespace)];
  const empty = [...new Set(asked)].flatMap((namespace) => (namespace === null || found.has(namespace) ? [] : [namespace])).slice(0, 4);
  const looks = await Promise.all(empty.map(async (namespace) => ({ namespace, missing: await namespaceMissing(namespace, reader, signal) })));
  return looks.flatMap((look) => (look.missing ? [look.namespace] : []));
};

const noNamespace = (namespace: string): string => `namespaces "${namespace}" not found`;

const read = async (wanted: Wanted, reader: ObjectReader, signal: AbortSignal): Promise<Result<Read, Unread>> =>
  wanted.selections.length > 0 ? await readSelected(wanted.selections, reader, signal) : await readNamed(wanted.places, reader, signal);

/** kubectl's words (delete.go DeleteResult). */
const unscoped = 'deleting cluster-scoped resources, not scoped to the provided namespace';

const finished = async (wanted: Wanted, done: Read, input: ResolveInput, notes: readonly string[], reader: ObjectReader, signal: AbortSignal): Promise<Resolved> => {
  const gone = await missingNamespaces(wanted, done, reader, signal);
  const missing = done.missing.map((m): MissingTarget => (m.ref.namespace !== null && gone.includes(m.ref.namespace) ? { ref: m.ref, message: `${m.message}: ${noNamespace(m.ref.namespace)}` } : m));
  const said = new Set(missing.map((m) => m.ref.namespace));
  const isUnscoped = input.namespaceGiven && !input.selection.allNamespaces && done.targets.some(({ kind }) => !kind.namespaced);
  return {
    targets: done.targets.map(({ target }) => target),
    missing,
    apiWarnings: done.apiWarnings,
    notes: [...notes, ...(isUnscoped ? [unscoped] : []), ...gone.filter((namespace) => !said.has(namespace)).map(noNamespace)],
    nothingMatched: done.targets.length === 0 && missing.length === 0,
  };
};

/**
 * Reads everything that the command names. A name that does not exist is `missing` and stops nobody else; any other failure to read stops
 * the run, because without a uid nothing may be sent.
 */
export const resolve = async (input: ResolveInput, reader: ObjectReader, sources: Sources, signal: AbortSignal): Promise<Result<Resolved, ResolveError>> => {
  const asked = askedFor(input.words, input.selection);
  if (!asked.ok) return usage(asked.error);
  for (const fresh of [false, true]) {
    const kinds = new Kinds(sources.discovery, signal, fresh);
    const wanted = await wantedBy(asked.value, input, kinds, sources, signal);
    if (!wanted.ok) return wanted;
    const done = await read(wanted.value, reader, signal);
    // What was kept of discovery names a type that is not served any more: once again with what the server says now.
    if (!done.ok && done.error.doubted && kinds.mayBeOld) continue;
    if (!done.ok) return fail({ kind: 'problem', problem: done.error.problem });
    if (asked.value.by === 'selection') {
      const { matched } = sources.remembered;
      sources.remembered.matched ??= done.value.targets.map(({ kind, target }) => ({ kind, namespace: target.ref.namespace, name: target.ref.name }));
      // What went meanwhile was never named.
      if (matched !== null) return ok(await finished(wanted.value, { ...done.value, missing: [] }, input, kinds.notes, reader, signal));
    }
    return ok(await finished(wanted.value, done.value, input, kinds.notes, reader, signal));
  }
  throw new Error('unreachable: with fresh discovery nothing is old');
};
