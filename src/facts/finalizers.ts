/** Who removes each finalizer of the target, and is that controller alive? */
import { leaseKind } from '../discovery/built-in.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Lease } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { knownFinalizer } from './known-finalizers.ts';
import type { KnownFinalizer } from './known-finalizers.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Unread, Want } from './want.ts';

/** A leader renews its Lease every 2 s and loses it after 15 s; a minute without renewal means that nobody leads. */
const LEADER_DEAD_SECONDS = 60;

export interface FinalizerView {
  readonly name: string;
  readonly known: KnownFinalizer | null;
  /** The part before the slash; null when there is none. */
  readonly domain: string | null;
  /** The API group whose controller is probably installed, or the domain where only groups below it are. null: none, not looked or unread. */
  readonly group: string | null;
  readonly groupsRead: boolean;
  /** Seconds since the controller's leader Lease was renewed; null when there is no Lease or it was not read. */
  readonly leaderSilentSeconds: number | null;
  readonly leaderDead: boolean;
  /** The field manager that set it, from managedFields. */
  readonly setBy: string | null;
}

export interface FinalizersView extends View {
  readonly finalizers: readonly FinalizerView[];
}

const leaderLease = 'kube-controller-manager';
const domainOf = (finalizer: string): string | null => (finalizer.includes('/') ? finalizer.slice(0, finalizer.indexOf('/')) : null);

/** The API group whose controller is meant: the domain's own, else the closest above it; of groups below it no single one is, only the domain. */
const groupFor = (domain: string, groups: readonly string[]): string | null => {
  const dotted = groups.filter((group) => group.includes('.'));
  const above = dotted.filter((group) => domain === group || domain.endsWith(`.${group}`)).toSorted((a, b) => b.length - a.length);
  return above[0] ?? (dotted.some((group) => group.endsWith(`.${domain}`)) ? domain : null);
};

/** The manager whose managedFields entry owns this finalizer's list item (`v:"NAME"` below f:finalizers, structured-merge-diff). */
const setterOf = (target: Target, finalizer: string): string | null => {
  for (const entry of target.object.metadata.managedFields ?? []) {
    const fields = entry.fieldsV1 as { readonly 'f:metadata'?: { readonly 'f:finalizers'?: Readonly<Record<string, unknown>> } } | undefined;
    const list = fields?.['f:metadata']?.['f:finalizers'];
    if (list !== undefined && Object.keys(list).some((key) => key === `v:${JSON.stringify(finalizer)}`)) return entry.manager ?? null;
  }
  return null;
};

const wants = (target: Target): readonly Want[] => {
  const names = target.object.metadata.finalizers ?? [];
  const leader = names.some((n) => knownFinalizer(n)?.inControllerManager === true);
  const groups = names.some((n) => knownFinalizer(n) === null && domainOf(n) !== null);
  return [
    ...(leader ? [{ type: 'object' as const, kind: leaseKind, namespace: 'kube-system', name: leaderLease, metadataOnly: false }] : []),
    ...(groups ? [{ type: 'groups' as const }] : []),
  ];
};

const view = (target: Target, given: Given, seen: Seen): FinalizersView => {
  const unread: Unread[] = [];
  const finalizers = (target.object.metadata.finalizers ?? []).map((name): FinalizerView => {
    const entry = knownFinalizer(name);
    const domain = domainOf(name);
    const setBy = setterOf(target, name);
    if (entry !== null) {
      const lease: Looked<KubeObject> = entry.inControllerManager ? seen.object(leaseKind, 'kube-system', leaderLease) : { state: 'not-asked' };
      unread.push(...unreadOf([lease]));
      const renewed = lease.state === 'found' ? (lease.value as Lease).spec?.renewTime : undefined;
      const silent = renewed === undefined ? null : Math.max(0, (given.now - Date.parse(renewed)) / 1000);
      return { name, known: entry, domain, group: null, groupsRead: false, leaderSilentSeconds: silent, leaderDead: silent !== null && silent > LEADER_DEAD_SECONDS, setBy };
    }
    const groups = seen.groups();
    if (domain !== null) unread.push(...unreadOf([groups]));
    const group = domain !== null && groups.state === 'found' ? groupFor(domain, groups.value.map((g) => g.group)) : null;
    return { name, known: null, domain, group, groupsRead: groups.state === 'found', leaderSilentSeconds: null, leaderDead: false, setBy };
  });
  return { finalizers, unread: [...new Set(unread)] };
};

export const finalizers: Fact<FinalizersView> = {
  rights: [{ group: 'coordination.k8s.io', resource: 'leases', verbs: ['get'], scope: 'kube-system' }],
  wants,
  view,
};
