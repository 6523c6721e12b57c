/**
 * The kind that a word of the command line means, as kubectl finds it: pure. Sources: cli-runtime resource/builder.go mappingFor and
 * ReplaceAliases; client-go restmapper/discovery.go, shortcut.go, category_expansion.go; apimachinery api/meta/restmapper.go, priority.go.
 */
import type { ResourceKind } from '../model/ref.ts';
import type { Discovery } from './documents.ts';

interface Partial {
  /** '' matches any group. */
  readonly group: string;
  /** '' matches any version. */
  readonly version: string;
  readonly resource: string;
}

const isCore = (v: { readonly group: string; readonly version: string }): boolean => v.group === '' && v.version === 'v1';

/** Every version with its kinds, in order of priority: core v1, then by group, each with its preferred version first (NewDiscoveryRESTMapper). */
const byPriority = (discovery: Discovery): readonly { readonly group: string; readonly version: string; readonly kinds: readonly ResourceKind[] }[] => {
  const all = discovery.groups.flatMap((g) => {
    const first = g.versions.filter((v) => v.version === g.preferred);
    return [...first, ...g.versions.filter((v) => v.version !== g.preferred)].map((v) => ({ group: g.name, version: v.version, kinds: v.kinds }));
  });
  return [...all.filter(isCore), ...all.filter((v) => !isCore(v))];
};

const inOrder = (discovery: Discovery): readonly ResourceKind[] => discovery.groups.flatMap((g) => g.versions.flatMap((v) => v.kinds));

interface Expanded {
  readonly partial: Partial;
  /** Other resources with the same short name, of lower priority, as `services.serving.example.com`. */
  readonly shadowed: readonly string[];
}

const named = (kind: ResourceKind): string => (kind.group === '' ? kind.resource : `${kind.resource}.${kind.group}`);

/** A short name becomes its resource, unless a resource has the very name (shortcut.go expandResourceShortcut). Letters count as typed. */
const expandShortName = (partial: Partial, discovery: Discovery): Expanded => {
  const kinds = inOrder(discovery);
  const inGroup = kinds.filter((k) => partial.group === '' || k.group === partial.group);
  if (inGroup.some((k) => k.resource === partial.resource || k.singular === partial.resource)) return { partial, shadowed: [] };
  const short = inGroup.filter((k) => k.shortNames.includes(partial.resource));
  const [first] = short;
  if (first !== undefined) {
    const others = short.filter((k) => k.group !== first.group || k.resource !== first.resource);
    return { partial: { group: first.group, version: '', resource: first.resource }, shadowed: [...new Set(others.map(named))] };
  }
  const byPrefix = partial.group === '' ? undefined : kinds.find((k) => k.group.startsWith(partial.group) && k.shortNames.includes(partial.resource));
  return { partial: byPrefix === undefined ? partial : { ...partial, group: byPrefix.group, resource: byPrefix.resource }, shadowed: [] };
};

const matchesIn = (kinds: readonly ResourceKind[], group: string, version: string, asked: Partial): readonly ResourceKind[] => {
  const resource = asked.resource.toLowerCase();
  // A group that is not the very one may be a beginning of it: storageclass.storage. With a version it has to be exact.
  if (asked.group !== '' && (asked.version === '' ? !group.startsWith(asked.group) : group !== asked.group)) return [];
  if (asked.version !== '' && asked.version !== version) return [];
  return kinds.filter((k) => k.resource === resource || k.singular === resource);
};

/** The kind of the version with the highest priority; null when there is none or when one version has several. */
const kindForResource = (partial: Partial, discovery: Discovery): ResourceKind | null => {
  for (const { group, version, kinds } of byPriority(discovery)) {
    const found = new Set(matchesIn(kinds, group, version, partial).map((k) => k.kind));
    if (found.size > 1) return null;
    const [kind] = found;
    if (kind !== undefined) return kinds.findLast((k) => k.kind === kind) ?? null;
  }
  return null;
};

/** The kind of a group, by its name or its name in lower case; with a version only that one. As an object's apiVersion and kind name it. */
export const kindNamed = (group: string, version: string, kind: string, discovery: Discovery): ResourceKind | null => {
  for (const v of byPriority(discovery)) {
    if (v.group !== group || (version !== '' && v.version !== version)) continue;
    const found = v.kinds.findLast((k) => k.kind === kind || k.kind.toLowerCase() === kind);
    if (found !== undefined) return found;
  }
  return null;
};

/** `deployments.apps` and `deployments.v1.apps`: what stands before the first dot, and both readings of the rest. */
const readings = (word: string): { readonly name: string; readonly rest: string; readonly versioned: { readonly version: string; readonly group: string } | null } => {
  const [name = '', second = '', ...others] = word.split('.');
  return { name, rest: [second, ...others].join('.'), versioned: others.length === 0 ? null : { version: second, group: others.join('.') } };
};

/** What the error for an unknown type quotes: the word up to its first dot. */
export const typeOf = (word: string): string => readings(word).name;

export interface Meant {
  readonly kind: ResourceKind;
  /** Resources of lower priority that have the same short name. */
  readonly shadowed: readonly string[];
}

/**
 * The kind for a word: plural, singular, short name, kind, `TYPE.GROUP` (also a beginning of the group) or `TYPE.VERSION.GROUP`. null: the
 * server has no such type. A category is no type: see categoryKinds.
 */
export const kindForWord = (word: string, discovery: Discovery): Meant | null => {
  const { name, rest, versioned } = readings(word);
  const asked: Partial[] = [...(versioned === null ? [] : [{ group: versioned.group, version: versioned.version, resource: name }]), { group: rest, version: '', resource: name }];
  for (const partial of asked) {
    if (partial.resource === '') continue;
    const expanded = expandShortName(partial, discovery);
    const kind = kindForResource(expanded.partial, discovery);
    if (kind !== null) return { kind, shadowed: expanded.shadowed };
  }
  const byKind = (versioned === null ? null : kindNamed(versioned.group, versioned.version, name, discovery)) ?? kindNamed(rest, '', name, discovery);
  return byKind === null || name === '' ? null : { kind: byKind, shadowed: [] };
};

/** The kinds of a category such as `all`, in the server's order, each once; null when no kind has that category. */
export const categoryKinds = (word: string, discovery: Discovery): readonly ResourceKind[] | null => {
  const members = new Set(inOrder(discovery).filter((k) => k.categories.includes(word)).map(named));
  if (members.size === 0) return null;
  return [...members].flatMap((member) => kindForWord(member, discovery)?.kind ?? []);
};
