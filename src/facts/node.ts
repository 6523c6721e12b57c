/** The node of a pod: does its kubelet answer, and is it known to be dead? */
import { leaseKind, nodeKind } from '../discovery/built-in.ts';
import { allContainersEnded, isFinished, isTerminating } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import type { Lease, Node, Pod } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { unreadOf } from './want.ts';
import type { Seen } from './want.ts';

/** A kubelet renews its Lease every 10 s; the node controller's default patience is 40 s, 50 s in newer releases. */
export const LEASE_STALE_SECONDS = 40;

export interface NodeView extends View {
  /** null: the pod is not scheduled. */
  readonly name: string | null;
  readonly state: 'not-scheduled' | 'found' | 'gone' | 'unread';
  /** Status of the Ready condition; Unknown: the kubelet stopped reporting. */
  readonly ready: 'True' | 'False' | 'Unknown' | null;
  readonly reason: string | null;
  /** RFC 3339: since when Ready has this status. */
  readonly since: string | null;
  /** Someone declared the node shut down (taint node.kubernetes.io/out-of-service, KEP-2268). */
  readonly outOfService: boolean;
  /** Age of the kubelet's last sign of life; null when unread or without a Lease. */
  readonly leaseAgeSeconds: number | null;
}

const nameOf = (target: Target): string | null => {
  const name = (target.object as Pod).spec?.nodeName ?? '';
  return name === '' ? null : name;
};

const view = (target: Target, given: Given, seen: Seen): NodeView => {
  const name = nameOf(target);
  const nothing = { ready: null, reason: null, since: null, outOfService: false, leaseAgeSeconds: null };
  if (name === null) return { name, state: 'not-scheduled', ...nothing, unread: [] };
  const node = seen.object(nodeKind, null, name);
  const lease = seen.object(leaseKind, 'kube-node-lease', name);
  const unread = unreadOf([node, lease]);
  const renewed = lease.state === 'found' ? (lease.value as Lease).spec?.renewTime : undefined;
  const leaseAgeSeconds = renewed === undefined ? null : Math.max(0, (given.now - Date.parse(renewed)) / 1000);
  if (node.state !== 'found') return { name, state: node.state === 'absent' ? 'gone' : 'unread', ...nothing, leaseAgeSeconds, unread };
  const { spec, status } = node.value as Node;
  const condition = (status?.conditions ?? []).find((c) => c.type === 'Ready');
  const ready = condition?.status === 'True' || condition?.status === 'False' ? condition.status : 'Unknown';
  return {
    name,
    state: 'found',
    ready,
    reason: condition?.reason ?? null,
    since: condition?.lastTransitionTime ?? null,
    outOfService: (spec?.taints ?? []).some((t) => t.key === 'node.kubernetes.io/out-of-service'),
    leaseAgeSeconds,
    unread,
  };
};

export const node: Fact<NodeView> = {
  rights: [
    { group: '', resource: 'nodes', verbs: ['get', 'list'], scope: 'cluster' },
    { group: 'coordination.k8s.io', resource: 'leases', verbs: ['get', 'list'], scope: 'kube-node-lease' },
  ],
  wants: (target) => {
    const name = nameOf(target);
    return name === null
      ? []
      : [
          { type: 'object', kind: nodeKind, namespace: null, name, metadataOnly: false },
          { type: 'object', kind: leaseKind, namespace: 'kube-node-lease', name, metadataOnly: false },
        ];
  },
  view,
};

/**
 * Whether no process of the pod can still run: the one case in which a forced deletion gives no second writer. Each needs proof that
 * Kubernetes itself accepts: never scheduled; finished (KEP-3329); every container's end reported during termination; node declared
 * out of service while its kubelet is silent (KEP-2268); Node object gone (pod garbage collector's own rule for orphans).
 */
export const provedDead = (pod: Pod, at: NodeView): boolean =>
  at.state === 'not-scheduled' ||
  at.state === 'gone' ||
  isFinished(pod) ||
  (isTerminating(pod) && allContainersEnded(pod)) ||
  (at.state === 'found' && at.outOfService && at.ready !== 'True');
