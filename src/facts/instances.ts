/** The objects of the kind that a CustomResourceDefinition defines, in all namespaces. */
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { KindPath, Looked, Page, Seen, Want } from './want.ts';

export interface InstancesView extends View {
  /** The kind that goes; empty for what is no definition. */
  readonly kind: string;
  readonly group: string;
  /** null: they could not be listed. */
  readonly count: number | null;
  readonly atLeast: boolean;
  /** Those of the first page. */
  readonly known: readonly Ref[];
  /** Their finalizers, with how many of the first page have each. */
  readonly finalizers: readonly { readonly name: string; readonly count: number }[];
  /** The Service that converts them between versions, `namespace/name`: that of their controller. */
  readonly converter: string | null;
}

interface DefinitionSpec {
  readonly group?: string;
  readonly names?: { readonly plural?: string; readonly kind?: string };
  readonly versions?: readonly { readonly name?: string; readonly served?: boolean; readonly storage?: boolean }[];
  readonly conversion?: { readonly webhook?: { readonly clientConfig?: { readonly service?: { readonly namespace?: string; readonly name?: string } } } };
}

const none: InstancesView = { kind: '', group: '', count: 0, atLeast: false, known: [], finalizers: [], converter: null, unread: [] };

const specOf = (target: Target): DefinitionSpec | null =>
  target.ref.group === 'apiextensions.k8s.io' && target.ref.kind === 'CustomResourceDefinition' ? ((target.object as { readonly spec?: DefinitionSpec }).spec ?? null) : null;

/** Any served version lists them all; the stored one needs no conversion. */
const pathOf = ({ group = '', names, versions = [] }: DefinitionSpec): KindPath | null => {
  const version = versions.find((v) => v.served === true && v.storage === true) ?? versions.find((v) => v.served === true);
  return names?.plural === undefined || version?.name === undefined ? null : { group, version: version.name, resource: names.plural };
};

export const instancesWanted = (target: Target): Extract<Want, { type: 'page' }> | null => {
  const spec = specOf(target);
  const kind = spec === null ? null : pathOf(spec);
  return kind === null ? null : { type: 'page', kind, namespace: null };
};

/** What is defined and not served may still be stored: it proves nothing. */
const pageOf = (looked: Looked<Page>, { group, resource }: KindPath): Looked<Page> =>
  looked.state === 'absent' ? { state: 'unread', unread: { verb: 'list', group, resource, namespace: null, why: `the API server does not serve ${resource}.${group}`, denied: false } } : looked;

const finalizersOf = (items: readonly KubeObject[]): InstancesView['finalizers'] => {
  const counts = new Map<string, number>();
  for (const name of items.flatMap((o) => o.metadata.finalizers ?? [])) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
};

const view = (target: Target, seen: Seen): InstancesView => {
  const spec = specOf(target);
  if (spec === null) return none;
  const kind = spec.names?.kind ?? target.ref.name;
  const service = spec.conversion?.webhook?.clientConfig?.service;
  const base = { ...none, kind, group: spec.group ?? '', converter: service === undefined ? null : `${service.namespace ?? ''}/${service.name ?? ''}` };
  const want = instancesWanted(target);
  if (want === null) return base;
  const looked = pageOf(seen.page(want.kind, null), want.kind);
  if (looked.state !== 'found') return { ...base, count: null, unread: unreadOf([looked]) };
  const { items, remaining } = looked.value;
  const known = items.map(({ metadata }): Ref => ({ ...want.kind, kind, namespace: metadata.namespace ?? null, name: metadata.name, uid: metadata.uid }));
  return { ...base, count: items.length + (remaining ?? 0), atLeast: remaining === null, known, finalizers: finalizersOf(items) };
};

export const instances: Fact<InstancesView> = {
  // `list` on the kind that it defines.
  rights: [],
  wants: (target) => {
    const want = instancesWanted(target);
    return want === null ? [] : [want];
  },
  view: (target, _given, seen) => view(target, seen),
};
