/** What a Terminating namespace still holds and why, from its conditions (kubernetes pkg/controller/namespace/deletion/status_condition_utils.go). */
import { apiServiceKind, builtInKinds } from '../discovery/built-in.ts';
import { isTerminating } from '../model/pod.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { ApiService, KubeObject, Namespace } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface LeftObject {
  readonly ref: Ref;
  readonly finalizers: readonly string[];
  readonly terminating: boolean;
}

export interface LeftOfKind {
  /** `pods`, `widgets.example.com`. */
  readonly resource: string;
  /** As the namespace controller counted. */
  readonly count: number;
  /** null: they could not be listed. */
  readonly objects: readonly LeftObject[] | null;
}

export interface LeftInNamespaceView extends View {
  readonly left: readonly LeftOfKind[];
  /** APIs that do not answer: nothing of them can be listed, so the namespace controller does not know whether something is left. */
  readonly brokenApis: readonly { readonly ref: Ref; readonly service: string | null; readonly reason: string; readonly message: string }[];
  /** The controller's own words where deleting or discovering failed. */
  readonly failures: readonly string[];
}

type Condition = NonNullable<NonNullable<Namespace['status']>['conditions']>[number];

const isNamespace = ({ ref }: Target): boolean => ref.group === '' && ref.kind === 'Namespace';

const problem = (target: Target, type: string): Condition | null => ((target.object as Namespace).status?.conditions ?? []).find((c) => c.type === type && c.status === 'True') ?? null;

/** `Some resources are remaining: configmaps. has 2 resource instances, widgets.example.com has 1 resource instances`. */
const remaining = (target: Target): readonly { readonly resource: string; readonly group: string; readonly count: number }[] =>
  [...(problem(target, 'NamespaceContentRemaining')?.message ?? '').matchAll(/([a-z0-9-]+)\.([a-z0-9.-]*) has (\d+) resource instance/gu)].map(([, resource = '', group = '', count = '0']) => ({
    resource,
    group,
    count: Number(count),
  }));

const kindFor = (resource: string, group: string, seen: Seen): ResourceKind | { readonly wants: readonly Want[]; readonly looked: readonly Looked<unknown>[] } => {
  const known = builtInKinds.find((k) => k.resource === resource && k.group === group);
  if (known !== undefined) return known;
  if (group === '') {
    const kinds = seen.kinds('', 'v1');
    return (kinds.state === 'found' ? kinds.value.find((k) => k.resource === resource) : undefined) ?? { wants: [{ type: 'kinds', group: '', version: 'v1' }], looked: [kinds] };
  }
  const groups = seen.groups();
  const version = groups.state === 'found' ? groups.value.find((g) => g.group === group)?.version : undefined;
  if (version === undefined) return { wants: [{ type: 'groups' }], looked: [groups] };
  const kinds = seen.kinds(group, version);
  const kind = kinds.state === 'found' ? kinds.value.find((k) => k.resource === resource) : undefined;
  return kind ?? { wants: [{ type: 'kinds', group, version }], looked: [groups, kinds] };
};

const listOf = (kind: ResourceKind, target: Target): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: target.ref.name, labelSelector: '', metadataOnly: true });

const apiServices: Want = { type: 'list', kind: apiServiceKind, namespace: null, labelSelector: '', metadataOnly: false };

const asksForApis = (target: Target): boolean => problem(target, 'NamespaceDeletionDiscoveryFailure') !== null || problem(target, 'NamespaceDeletionGroupVersionParsingFailure') !== null;

const leftObject = (kind: ResourceKind, o: KubeObject): LeftObject => ({
  ref: { group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: o.metadata.namespace ?? null, name: o.metadata.name, uid: o.metadata.uid },
  finalizers: o.metadata.finalizers ?? [],
  terminating: isTerminating(o),
});

const serviceOf = (api: ApiService): string | null => (api.spec?.service === undefined ? null : `${api.spec.service.namespace ?? ''}/${api.spec.service.name ?? ''}`);

const brokenIn = (listed: Looked<readonly KubeObject[]>): LeftInNamespaceView['brokenApis'] =>
  listed.state !== 'found'
    ? []
    : (listed.value as readonly ApiService[]).flatMap((api) => {
        const available = (api.status?.conditions ?? []).find((c) => c.type === 'Available');
        if (available?.status !== 'False') return [];
        const { group, version, kind, resource } = apiServiceKind;
        const ref: Ref = { group, version, kind, resource, namespace: null, name: api.metadata.name, uid: api.metadata.uid };
        return [{ ref, service: serviceOf(api), reason: available.reason ?? 'Unknown', message: available.message ?? '' }];
      });

export const leftInNamespace: Fact<LeftInNamespaceView> = {
  rights: [{ group: 'apiregistration.k8s.io', resource: 'apiservices', verbs: ['list'], scope: 'cluster' }],
  wants: (target, _given, seen) => {
    if (!isNamespace(target)) return [];
    const lists = remaining(target).flatMap(({ resource, group }): readonly Want[] => {
      const kind = kindFor(resource, group, seen);
      return 'wants' in kind ? kind.wants : [listOf(kind, target)];
    });
    return [...lists, ...(asksForApis(target) ? [apiServices] : [])];
  },
  view: (target, _given, seen) => {
    if (!isNamespace(target)) return { left: [], brokenApis: [], failures: [], unread: [] };
    const looked: Looked<unknown>[] = [];
    const left = remaining(target).map(({ resource, group, count }): LeftOfKind => {
      const word = group === '' ? resource : `${resource}.${group}`;
      const kind = kindFor(resource, group, seen);
      if ('wants' in kind) {
        looked.push(...kind.looked);
        return { resource: word, count, objects: null };
      }
      const listed = seen.list(kind, target.ref.name, '');
      looked.push(listed);
      return { resource: word, count, objects: listed.state === 'found' ? listed.value.map((o) => leftObject(kind, o)) : null };
    });
    const apis = seen.list(apiServiceKind, null, '');
    if (asksForApis(target)) looked.push(apis);
    const failures = ['NamespaceDeletionContentFailure', 'NamespaceDeletionDiscoveryFailure', 'NamespaceDeletionGroupVersionParsingFailure'].flatMap((type) => problem(target, type)?.message ?? []);
    return { left, brokenApis: asksForApis(target) ? brokenIn(apis) : [], failures, unread: unreadOf(looked) };
  },
};
