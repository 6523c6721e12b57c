/** What the command means, as uids: every name is read once, and what is deleted later is exactly that. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { builtInWord, namespaceKind, podKind } from '../discovery/built-in.ts';
import { discoveryPath, groupsOf, kindsOf } from '../discovery/resources.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { MissingTarget, Target } from '../model/target.ts';
import { namedBy } from './words.ts';
import type { Named } from './words.ts';

export interface Resolved {
  readonly targets: readonly Target[];
  readonly missing: readonly MissingTarget[];
  /** Warning headers of the reads. */
  readonly apiWarnings: readonly string[];
}

export type ResolveError =
  | { readonly kind: 'usage'; readonly code: string; readonly message: string; readonly remedy: string | null }
  /** The server could not be asked, or refused to answer: nothing can be deleted without the uid. */
  | { readonly kind: 'problem'; readonly problem: Problem };

type Reader = Pick<ClusterPort, 'get' | 'raw'>;

/** Does the server have a kind for this word at all? Only asked for words that are not built in, to tell a typing error from a kind that is not done yet. */
const isServed = async (word: string, reader: Reader, signal: AbortSignal): Promise<Result<boolean, Problem>> => {
  const groups = await reader.raw('/apis', { signal });
  if (!groups.ok) return fail(groups.problem);
  const documents = await Promise.all(
    [{ group: '', version: 'v1' }, ...groupsOf(groups.value)].map(async (g) => ({ g, answer: await reader.raw(discoveryPath(g.group, g.version), { signal }) })),
  );
  const lower = word.toLowerCase();
  const served = documents.flatMap(({ g, answer }) => (answer.ok ? kindsOf(g.group, g.version, answer.value) : []));
  return ok(served.some((k) => k.resource === lower || k.singular === lower || k.shortNames.includes(lower) || `${k.resource}.${k.group}` === lower || `${k.singular}.${k.group}` === lower));
};

const later = (name: string): ResolveError => ({
  kind: 'usage',
  code: 'kind-not-supported',
  message: `this version deletes pods only, and "${name}" is another kind: its checks are not written yet`,
  remedy: `use kubectl delete ${name}`,
});

const kindOf = async (word: string, reader: Reader, signal: AbortSignal): Promise<Result<ResourceKind, ResolveError>> => {
  const known = builtInWord(word);
  if (known !== null && known.resource === podKind.resource && known.group === '') return ok(known);
  if (known !== null) return fail(later(word));
  const served = await isServed(word, reader, signal);
  if (!served.ok) return fail({ kind: 'problem', problem: served.error });
  if (served.value) return fail(later(word));
  return fail({ kind: 'usage', code: 'unknown-type', message: `the server doesn't have a resource type "${word}"`, remedy: 'see kubectl api-resources for the types' });
};

const namespaceMissing = async (namespace: string, reader: Reader, signal: AbortSignal): Promise<boolean> => {
  const answer = await reader.get({ ...namespaceKind, namespace: null, name: namespace }, { metadataOnly: true, signal });
  return !answer.ok && answer.problem.kind === 'status' && answer.problem.httpStatus === 404;
};

const refFor = (kind: ResourceKind, namespace: string, name: string): Ref => ({
  group: kind.group,
  version: kind.version,
  kind: kind.kind,
  resource: kind.resource,
  namespace: kind.namespaced ? namespace : null,
  name,
  uid: null,
});

/**
 * Reads every name that the words give. A name that does not exist is `missing` and stops nobody else; any other failure to read
 * stops the run, because without a uid nothing may be sent.
 */
export const resolve = async (words: readonly string[], namespace: string, reader: Reader, signal: AbortSignal): Promise<Result<Resolved, ResolveError>> => {
  const named = namedBy(words);
  if (!named.ok) return fail({ kind: 'usage', ...named.error });
  const kinds = new Map<string, ResourceKind>();
  for (const { type } of named.value) {
    if (kinds.has(type)) continue;
    const kind = await kindOf(type, reader, signal);
    if (!kind.ok) return kind;
    kinds.set(type, kind.value);
  }
  const read = async ({ type, name }: Named) => {
    const kind = kinds.get(type) ?? podKind;
    const ref = refFor(kind, namespace, name);
    return { ref, answer: await reader.get({ group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, name }, { signal }) };
  };
  const targets = new Map<string, Target>();
  const missing: MissingTarget[] = [];
  const apiWarnings: string[] = [];
  for (const { ref, answer } of await Promise.all(named.value.map(read))) {
    if (answer.ok) {
      apiWarnings.push(...answer.warnings);
      const { uid } = answer.value.metadata;
      // `pod/a po/a` is one object.
      targets.set(uid, { ref: { ...ref, uid }, object: answer.value });
      continue;
    }
    const { problem } = answer;
    if (problem.kind !== 'status' || problem.httpStatus !== 404 || problem.reason !== 'NotFound') return fail({ kind: 'problem', problem });
    missing.push({ ref, message: problem.message });
  }
  if (targets.size === 0 && missing.length > 0 && (await namespaceMissing(namespace, reader, signal))) {
    const message = `namespaces "${namespace}" not found`;
    return ok({ targets: [], missing: missing.map((m) => ({ ref: m.ref, message: `${m.message}: ${message}` })), apiWarnings });
  }
  return ok({ targets: [...targets.values()], missing, apiWarnings });
};
