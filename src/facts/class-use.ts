/** Who names a StorageClass, PriorityClass or CSIDriver that is a target itself, and the kinds that an APIService serves. */
import { claimKind, csiNodeKind, podKind, volumeKind } from '../discovery/built-in.ts';
import { isFinished, isTerminating } from '../model/pod.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { ApiService, Claim, CsiNode, KubeObject, Pod, Volume } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goesAlong } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface ClassUseView extends View {
  readonly claims: readonly Ref[];
  readonly volumes: readonly Ref[];
  /** Unfinished ones. */
  readonly pods: readonly Ref[];
  /** Nodes on which the driver is registered. */
  readonly nodes: readonly string[];
  /** Kinds that an APIService with a backend serves, while that answers. */
  readonly kinds: readonly string[];
}

const everywhere = (kind: ResourceKind): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: null, labelSelector: '', metadataOnly: false });

/** An APIService of somebody else's server that answers: what it serves is worth asking for. */
const served = ({ object }: Target): { readonly group: string; readonly version: string } | null => {
  const { spec, status } = object as ApiService;
  const available = (status?.conditions ?? []).some((c) => c.type === 'Available' && c.status === 'True');
  return spec?.service === undefined || !available ? null : { group: spec.group ?? '', version: spec.version ?? '' };
};

const lists: Readonly<Record<string, readonly ResourceKind[]>> = {
  'storage.k8s.io/StorageClass': [claimKind, volumeKind],
  'storage.k8s.io/CSIDriver': [volumeKind, csiNodeKind],
  'scheduling.k8s.io/PriorityClass': [podKind],
};

const kindOf = ({ ref }: Target): string => `${ref.group}/${ref.kind}`;
const listsOf = (target: Target): readonly ResourceKind[] => lists[kindOf(target)] ?? [];

const apiOf = (target: Target): ReturnType<typeof served> => (kindOf(target) === 'apiregistration.k8s.io/APIService' ? served(target) : null);

const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class';
const classOf = ({ metadata, spec }: Claim | Volume): string | undefined => metadata.annotations?.[BETA_CLASS] ?? spec?.storageClassName;

const refs = (of: ResourceKind, objects: readonly KubeObject[]): readonly Ref[] =>
  objects.map(({ metadata }) => ({ group: of.group, version: of.version, kind: of.kind, resource: of.resource, namespace: metadata.namespace ?? null, name: metadata.name, uid: metadata.uid }));

const nothing = { claims: [], volumes: [], pods: [], nodes: [], kinds: [] } as const;

const view = (target: Target, given: Given, seen: Seen): ClassUseView => {
  const { name } = target.ref;
  const all = (of: ResourceKind): readonly KubeObject[] => {
    const list = seen.list(of, null, '');
    return list.state === 'found' ? list.value.filter((o) => !goesAlong(o, given) && !isTerminating(o)) : [];
  };
  const api = apiOf(target);
  const kinds: Looked<readonly ResourceKind[]> = api === null ? { state: 'not-asked' } : seen.kinds(api.group, api.version);
  const unread = unreadOf([kinds, ...listsOf(target).map((kind) => seen.list(kind, null, ''))]);
  switch (kindOf(target)) {
    case 'storage.k8s.io/StorageClass': {
      const named = (o: KubeObject): boolean => classOf(o) === name;
      return { ...nothing, claims: refs(claimKind, all(claimKind).filter(named)), volumes: refs(volumeKind, all(volumeKind).filter(named)), unread };
    }
    case 'storage.k8s.io/CSIDriver': {
      const volumes = (all(volumeKind) as readonly Volume[]).filter((v) => v.spec?.csi?.driver === name);
      const nodes = (all(csiNodeKind) as readonly CsiNode[]).filter((n) => (n.spec.drivers ?? []).some((d) => d.name === name));
      return { ...nothing, volumes: refs(volumeKind, volumes), nodes: nodes.map((n) => n.metadata.name), unread };
    }
    case 'scheduling.k8s.io/PriorityClass':
      return { ...nothing, pods: refs(podKind, (all(podKind) as readonly Pod[]).filter((p) => !isFinished(p) && p.spec?.priorityClassName === name)), unread };
    default:
      return { ...nothing, kinds: kinds.state === 'found' ? kinds.value.map((k) => k.kind) : [], unread };
  }
};

export const classUse: Fact<ClassUseView> = {
  rights: [
    { group: '', resource: 'persistentvolumeclaims', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'persistentvolumes', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'pods', verbs: ['list'], scope: 'cluster' },
    { group: 'storage.k8s.io', resource: 'csinodes', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target) => {
    const api = apiOf(target);
    return [...listsOf(target).map(everywhere), ...(api === null ? [] : [{ type: 'kinds' as const, ...api }])];
  },
  view,
};
