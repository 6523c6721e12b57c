/** Pods and templates of pods, by what they name: one index for a namespace, whatever the number of targets. */
import { podKind, templateKinds } from '../discovery/built-in.ts';
import { isPodKind, isTerminating } from '../model/pod.ts';
import { referencesOf } from '../model/references.ts';
import type { Reference } from '../model/references.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import { ordinalOfClaim, startOrdinal } from '../model/stateful-set.ts';
import type { KubeObject, Pod, StatefulSet } from '../model/wire.ts';
import type { Given } from './fact.ts';
import { goingUids, namespacesGoing } from './going.ts';
import type { Seen } from './want.ts';

/** null: all namespaces. */
export type Scope = string | null;

/** An object that names things, and what it names. */
export interface Namer {
  readonly kind: Pick<ResourceKind, 'group' | 'version' | 'kind' | 'resource'>;
  readonly object: KubeObject;
}

/** Where a template of pods stands in each kind. */
interface WithTemplate {
  readonly spec?: { readonly template?: { readonly spec?: Pod['spec'] }; readonly jobTemplate?: { readonly spec?: { readonly template?: { readonly spec?: Pod['spec'] } } } };
}

const templateOf = ({ kind, object }: Namer): readonly Reference[] => {
  if (isPodKind(kind)) return referencesOf((object as Pod).spec, object.metadata.name);
  const { spec } = object as WithTemplate;
  return referencesOf((spec?.template ?? spec?.jobTemplate?.spec?.template)?.spec, null);
};

export interface Index {
  /** By `kind name`: who names it, and how. */
  readonly naming: ReadonlyMap<string, readonly { readonly by: Namer; readonly as: readonly Reference[] }[]>;
  readonly byUid: ReadonlyMap<string, Namer>;
  readonly sets: readonly StatefulSet[];
}

const indexOf = (namers: readonly Namer[]): Index => {
  const naming = new Map<string, { by: Namer; as: Reference[] }[]>();
  for (const by of namers) {
    for (const reference of templateOf(by)) {
      const key = `${reference.kind} ${reference.name}`;
      const known = naming.get(key) ?? [];
      naming.set(key, known);
      const last = known.at(-1);
      if (last?.by === by) last.as.push(reference);
      else known.push({ by, as: [reference] });
    }
  }
  return { naming, byUid: new Map(namers.map((n) => [n.object.metadata.uid, n])), sets: namers.filter((n) => n.kind.kind === 'StatefulSet').map((n) => n.object) };
};

export const podsAndTemplates = [podKind, ...templateKinds];

const namersOf = (kinds: readonly ResourceKind[], scope: Scope, seen: Seen): readonly Namer[] =>
  kinds.flatMap((kind) => {
    const looked = seen.list(kind, scope, '');
    return looked.state === 'found' ? looked.value.map((object) => ({ kind, object })) : [];
  });

const indexes = new WeakMap<Given, Map<Scope, Index>>();

/** Once a namespace, when everything has been read. */
export const indexFor = (scope: Scope, given: Given, seen: Seen): Index => {
  const known = indexes.get(given) ?? new Map<Scope, Index>();
  indexes.set(given, known);
  const index = known.get(scope) ?? indexOf(namersOf(podsAndTemplates, scope, seen));
  known.set(scope, index);
  return index;
};

export const refOf = ({ kind, object }: Namer): Ref => ({ group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: object.metadata.namespace ?? null, name: object.metadata.name, uid: object.metadata.uid });

/** From the object up to the topmost owner that was listed; `goes`: one of them, or an owner that was not listed, goes with this run or is going. */
export const rootOf = (from: Namer, index: Index, given: Given): { readonly root: Namer; readonly goes: boolean } => {
  const going = goingUids(given);
  let root = from;
  let goes = going.has(from.object.metadata.uid) || isTerminating(from.object) || namespacesGoing(given).has(from.object.metadata.namespace ?? '');
  for (let depth = 0; depth < 8; depth += 1) {
    const owner = (root.object.metadata.ownerReferences ?? []).find((r) => r.controller === true);
    if (owner === undefined) break;
    // With orphan cascade what a target owns stays.
    if (given.cascade !== 'orphan' && going.has(owner.uid)) goes = true;
    const above = index.byUid.get(owner.uid);
    if (above === undefined) break;
    goes ||= isTerminating(above.object);
    root = above;
  }
  return { root, goes };
};

/** A set makes this claim again, empty, for a member that it has now; one beyond its replicas it keeps for later. */
export const setsOf = (claim: string, index: Index): readonly StatefulSet[] =>
  index.sets.filter((set) => {
    const ordinal = ordinalOfClaim(set, claim);
    const start = startOrdinal(set);
    return ordinal !== null && ordinal >= start && ordinal < start + (set.spec?.replicas ?? 1);
  });
