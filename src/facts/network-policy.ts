/** The running pods that a NetworkPolicy isolates, and the other policies that isolate them too. */
import { networkPolicyKind, podKind } from '../discovery/built-in.ts';
import { isTerminating } from '../model/pod.ts';
import { selects } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { NetworkPolicy, Pod } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { goesAlong, goingUids } from './going.ts';
import { unreadOf } from './want.ts';
import type { Want } from './want.ts';

export type Direction = 'ingress' | 'egress';

export interface NetworkPolicyView extends View {
  /** Running pods that it selects and that stay when this run is over. Pods of the host's network are not isolated by policies. */
  readonly pods: readonly Pod[];
  /** Its own directions, told apart by whether another policy that stays isolates all of these pods in it. */
  readonly directions: readonly { readonly direction: Direction; readonly isolatedByOthers: boolean }[];
}

/** Ingress always, unless the types say otherwise; egress where they say so, or by its rules (networking/v1 NetworkPolicySpec.PolicyTypes). */
const directionsOf = ({ spec }: NetworkPolicy): readonly Direction[] => {
  const types = spec?.policyTypes ?? ['Ingress', ...((spec?.egress ?? []).length > 0 ? ['Egress'] : [])];
  return (['ingress', 'egress'] as const).filter((d) => types.some((t) => t.toLowerCase() === d));
};

const isPolicy = ({ ref }: Target): boolean => ref.group === networkPolicyKind.group && ref.kind === networkPolicyKind.kind;

const listOf = (kind: typeof podKind, target: Target): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: false });

export const networkPolicy: Fact<NetworkPolicyView> = {
  rights: [
    { group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['list'], scope: 'namespace' },
  ],
  wants: (target) => (isPolicy(target) ? [listOf(podKind, target), listOf(networkPolicyKind, target)] : []),
  view: (target, given, seen) => {
    if (!isPolicy(target)) return { pods: [], directions: [], unread: [] };
    const { namespace } = target.ref;
    const policy = target.object as NetworkPolicy;
    const listed = seen.list(podKind, namespace, '');
    const policies = seen.list(networkPolicyKind, namespace, '');
    const all = listed.state === 'found' ? (listed.value as readonly Pod[]) : [];
    // An empty selector is every pod of the namespace.
    const pods = all.filter((p) => p.status?.phase === 'Running' && !isTerminating(p) && p.spec?.hostNetwork !== true && selects(policy.spec?.podSelector ?? {}, p.metadata.labels) && !goesAlong(p, given));
    const others = policies.state === 'found' ? (policies.value as readonly NetworkPolicy[]).filter((p) => !goingUids(given).has(p.metadata.uid) && !isTerminating(p)) : [];
    const directions = directionsOf(policy).map((direction) => {
      const alike = others.filter((p) => directionsOf(p).includes(direction));
      return { direction, isolatedByOthers: pods.every((pod) => alike.some((p) => selects(p.spec?.podSelector ?? {}, pod.metadata.labels))) };
    });
    return { pods, directions, unread: unreadOf([listed, policies]) };
  },
};
