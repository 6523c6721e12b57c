/** Does kube-controller-manager lead? Without it no finalizer of its controllers goes, no dependent is collected and no namespace is emptied. */
import { leaseKind } from '../discovery/built-in.ts';
import type { Lease } from '../model/wire.ts';
import type { Fact, View } from './fact.ts';
import { unreadOf } from './want.ts';

/** A leader renews its Lease every 2 s and loses it after 15 s (component-base config leader election defaults). */
const LEADER_SILENT_SECONDS = 17;

export interface ControllerManagerView extends View {
  /** Seconds without a sign of life, where that is too long; null: it leads, or nothing is known. */
  readonly silentSeconds: number | null;
}

export const controllerManager: Fact<ControllerManagerView> = {
  rights: [{ group: 'coordination.k8s.io', resource: 'leases', verbs: ['get'], scope: 'kube-system' }],
  wants: () => [{ type: 'object', kind: leaseKind, namespace: 'kube-system', name: 'kube-controller-manager', metadataOnly: false }],
  view: (_target, given, seen) => {
    const lease = seen.object(leaseKind, 'kube-system', 'kube-controller-manager');
    if (lease.state !== 'found') return { silentSeconds: null, unread: unreadOf([lease]) };
    const { renewTime, holderIdentity } = (lease.value as Lease).spec ?? {};
    const age = renewTime === undefined ? null : Math.max(0, (given.now - Date.parse(renewTime)) / 1000);
    // One that ends in order gives its Lease back: nobody holds it then.
    const isSilent = age !== null && (age > LEADER_SILENT_SECONDS || holderIdentity === '');
    return { silentSeconds: isSilent ? Math.round(age) : null, unread: [] };
  },
};
