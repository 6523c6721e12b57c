/** From the words for types to kinds: built-in ones without a request, others by discovery, which is asked again before a type is called unknown. */
import type { Problem } from '../cluster/port.ts';
import { builtInKind, builtInWord } from '../discovery/built-in.ts';
import type { Discovery } from '../discovery/documents.ts';
import { categoryKinds, kindForWord, kindNamed, typeOf } from '../discovery/resources-for.ts';
import { fail, ok } from '../model/result.ts';
import type { Result } from '../model/result.ts';
import { groupVersion } from '../model/ref.ts';
import type { ResourceKind } from '../model/ref.ts';
import { nearest } from '../options/nearest.ts';
import type { DiscoverySource } from './discovery-source.ts';
import type { Manifest } from './manifests.ts';

export type ResolveError =
  | { readonly kind: 'usage'; readonly code: string; readonly message: string; readonly remedy: string | null }
  /** The server could not be asked, or refused to answer: nothing can be deleted without the uid. */
  | { readonly kind: 'problem'; readonly problem: Problem };

type Found<T> = Result<T, ResolveError>;

const couldNotRead = (stale: readonly string[]): string =>
  stale.length === 0 ? '' : `; it could not say which types it has in ${stale.toSorted().join(', ')}, whose API servers do not answer`;

/** What people type out of habit after `kubectl`. */
const VERBS: ReadonlySet<string> = new Set(['delete', 'del', 'rm', 'remove', 'get']);

const typeRemedy = (word: string, discovery: Discovery): string => {
  if (discovery.stale.length > 0) return 'see kubectl get apiservices for what is not available';
  if (VERBS.has(word)) return `leave out ${word}: kubectl safe-delete TYPE NAME`;
  const kinds = discovery.groups.flatMap((g) => g.versions.flatMap((v) => v.kinds));
  const meant = nearest(typeOf(word), kinds.flatMap((k) => (typeOf(word).endsWith('s') ? [k.resource, k.singular] : [k.singular, k.resource])).filter((name) => name !== ''));
  return meant === null ? 'write TYPE NAME or TYPE/NAME; see kubectl api-resources for the types' : `did you mean ${meant}? see kubectl api-resources for the types`;
};

const unknownType = (word: string, discovery: Discovery): ResolveError => ({
  kind: 'usage',
  code: 'unknown-type',
  message: `the server doesn't have a resource type "${typeOf(word)}"${couldNotRead(discovery.stale)}`,
  remedy: typeRemedy(word, discovery),
});

const unknownKind = (manifest: Manifest, { stale }: Discovery): ResolveError => ({
  kind: 'usage',
  code: 'unknown-type',
  message: `resource mapping not found for name: "${manifest.name}" namespace: "${manifest.namespace ?? ''}" from "${manifest.source}": no matches for kind "${manifest.kind}" in version "${manifest.apiVersion}"${couldNotRead(stale)}`,
  remedy: 'see kubectl api-resources for the kinds; a custom resource whose definition is gone is gone too',
});

/** Finds kinds and remembers what is to be said about how they were found. */
export class Kinds {
  readonly #discovery: DiscoverySource;
  readonly #signal: AbortSignal;
  readonly #notes = new Set<string>();
  readonly #fresh: boolean;
  #usedKept = false;

  /** `fresh`: nothing that was kept on disk is believed. */
  constructor(discovery: DiscoverySource, signal: AbortSignal, fresh: boolean) {
    this.#discovery = discovery;
    this.#signal = signal;
    this.#fresh = fresh;
  }

  /** Sentences worth knowing: a short name that has two meanings, groups that a category cannot show. */
  get notes(): readonly string[] {
    return [...this.#notes];
  }

  /** A kind came from discovery that may be ten minutes old. */
  get mayBeOld(): boolean {
    return this.#usedKept && !this.#fresh;
  }

  async #search<T>(search: (discovery: Discovery) => T | null, unknown: (discovery: Discovery) => ResolveError): Promise<Found<T>> {
    if (!this.#fresh) {
      const known = await this.#discovery.current(this.#signal);
      if (!known.ok) return fail({ kind: 'problem', problem: known.error });
      const found = search(known.value);
      if (found !== null) {
        this.#usedKept = true;
        return ok(found);
      }
    }
    const fresh = await this.#discovery.fresh(this.#signal);
    if (!fresh.ok) return fail({ kind: 'problem', problem: fresh.error });
    const found = search(fresh.value);
    return found === null ? fail(unknown(fresh.value)) : ok(found);
  }

  #kindIn(word: string, discovery: Discovery): ResourceKind | null {
    const meant = kindForWord(word, discovery);
    for (const other of meant?.shadowed ?? []) this.#notes.add(`short name "${word}" could also match lower priority resource ${other}`);
    return meant?.kind ?? null;
  }

  /** The kind for one word, which cannot be a category: TYPE/NAME. */
  async forType(word: string): Promise<Found<ResourceKind>> {
    const known = builtInWord(word);
    return known === null ? await this.#search((d) => this.#kindIn(word, d), (discovery) => unknownType(word, discovery)) : ok(known);
  }

  /** The kinds for words that may be categories, each kind once, in order. */
  async forTypes(words: readonly string[]): Promise<Found<readonly ResourceKind[]>> {
    const kinds = new Map<string, ResourceKind>();
    for (const word of words) {
      const known = builtInWord(word);
      const found =
        known === null
          ? await this.#search((d) => this.#expanded(word, d), (discovery) => unknownType(word, discovery))
          : ok([known]);
      if (!found.ok) return found;
      for (const kind of found.value) kinds.set(`${kind.group}/${kind.version}/${kind.kind}`, kind);
    }
    return ok([...kinds.values()]);
  }

  #expanded(word: string, discovery: Discovery): readonly ResourceKind[] | null {
    const members = categoryKinds(word, discovery);
    if (members === null) {
      const kind = this.#kindIn(word, discovery);
      return kind === null ? null : [kind];
    }
    if (discovery.stale.length > 0) this.#notes.add(`"${word}" may be more than this: types in ${discovery.stale.toSorted().join(', ')} could not be read, because their API servers do not answer`);
    return members;
  }

  /** The kind that a file names, in the version that it names. */
  async forManifest(manifest: Manifest): Promise<Found<ResourceKind>> {
    const { group, version } = groupVersion(manifest.apiVersion);
    const known = builtInKind(group, manifest.kind);
    if (known !== null && known.version === version) return ok(known);
    return await this.#search((d) => (version === '' ? null : kindNamed(group, version, manifest.kind, d)), (discovery) => unknownKind(manifest, discovery));
  }
}
