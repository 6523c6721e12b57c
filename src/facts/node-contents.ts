/** What a Node holds that is a target itself: its unfinished pods, and volumes that are only there. */
import { nodeKind, podKind, volumeKind } from '../discovery/built-in.ts';
import { isFinished, isMirror } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Node, Pod, Volume } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goesAlong, goingUids } from './going.ts';
import { unreadOf } from './want.ts';
import type { Seen, Want } from './want.ts';

/** Up to this many nodes' pods are listed node by node; of more, all pods are. */
const LISTED_BY_NODE = 4;

export interface NodeContentsView extends View {
  /** Status of the Ready condition; without one nothing has ever reported. */
  readonly ready: 'True' | 'False' | 'Unknown';
  /** RFC 3339: since when. */
  readonly since: string | null;
  readonly cordoned: boolean;
  /** Unfinished ones that go because of the Node alone: neither of a DaemonSet nor mirror pods, nor named in this run themselves. */
  readonly pods: readonly Pod[];
  /** Volumes bound to claims that stay, whose node affinity names this node and no other. */
  readonly volumes: readonly Volume[];
}

const isNode = ({ ref }: Target): boolean => ref.group === '' && ref.kind === nodeKind.kind;

const podsOn = (name: string, given: Given): Extract<Want, { type: 'list' }> => {
  const all: Extract<Want, { type: 'list' }> = { type: 'list', kind: podKind, namespace: null, labelSelector: '', metadataOnly: false };
  return given.targets.filter(isNode).length > LISTED_BY_NODE ? all : { ...all, fieldSelector: `spec.nodeName=${name}` };
};

const volumesWant: Want = { type: 'list', kind: volumeKind, namespace: null, labelSelector: '', metadataOnly: false };

const ofDaemonSet = (pod: Pod): boolean => (pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && r.kind === 'DaemonSet');

/** The nodes that a volume can be reached from, where its affinity names them by the label of their host name; null: not bound to nodes by name. */
const nodesOf = (volume: Volume): readonly string[] | null => {
  const terms = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms ?? [];
  const names = terms.map((t) => [...(t.matchExpressions ?? []), ...(t.matchFields ?? [])].find((e) => e.operator === 'In' && (e.key === 'kubernetes.io/hostname' || e.key === 'metadata.name'))?.values ?? null);
  return names.length === 0 || names.includes(null) ? null : names.flatMap((n) => n ?? []);
};

const isOnlyOn = (volume: Volume, node: Node): boolean => {
  const names = nodesOf(volume);
  const own = new Set([node.metadata.name, node.metadata.labels?.['kubernetes.io/hostname'] ?? node.metadata.name]);
  return names !== null && names.length > 0 && names.every((n) => own.has(n));
};

const view = (target: Target, given: Given, seen: Seen): NodeContentsView => {
  const node = target.object as Node;
  const condition = (node.status?.conditions ?? []).find((c) => c.type === 'Ready');
  const ready = condition?.status === 'True' || condition?.status === 'False' ? condition.status : 'Unknown';
  const head = { ready, since: condition?.lastTransitionTime ?? null, cordoned: node.spec?.unschedulable === true } as const;
  if (!isNode(target)) return { ...head, pods: [], volumes: [], unread: [] };
  const want = podsOn(target.ref.name, given);
  const listed = seen.list(podKind, null, '', want.fieldSelector);
  const volumes = seen.list(volumeKind, null, '');
  const going = goingUids(given);
  const all = listed.state === 'found' ? (listed.value as readonly Pod[]) : [];
  const bound = volumes.state === 'found' ? (volumes.value as readonly Volume[]) : [];
  return {
    ...head,
    pods: all.filter((p) => p.spec?.nodeName === target.ref.name && !isFinished(p) && !isMirror(p) && !ofDaemonSet(p) && !goesAlong(p, given)),
    volumes: bound.filter((v) => v.spec?.claimRef !== undefined && v.status?.phase !== 'Released' && !going.has(v.metadata.uid) && isOnlyOn(v, node)),
    unread: unreadOf([listed, volumes]),
  };
};

export const nodeContents: Fact<NodeContentsView> = {
  rights: [
    { group: '', resource: 'pods', verbs: ['list'], scope: 'cluster' },
    { group: '', resource: 'persistentvolumes', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target, given) => (isNode(target) ? [podsOn(target.ref.name, given), volumesWant] : []),
  view,
};
