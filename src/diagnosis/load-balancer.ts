import { latest } from '../facts/object-events.ts';
import { kubectl } from './case.ts';
import type { Cause } from './case.ts';
import { guardedPatch } from './finalizer.ts';
import { waitingFor } from './waiting-on.ts';
import type { Service } from '../model/wire.ts';

export const LOAD_BALANCER = 'service.kubernetes.io/load-balancer-cleanup';

/** The cloud's service controller has to delete the load balancer first (kubernetes/cloud-provider controllers/service). */
export const onLoadBalancer: Cause = (of) => {
  const { target, views } = of;
  const failed = latest(views.objectEvents, 'DeleteLoadBalancerFailed', 'SyncLoadBalancerFailed');
  const addresses = ((target.object as Service).status?.loadBalancer?.ingress ?? []).flatMap((i) => i.ip ?? i.hostname ?? []);
  const at = addresses.length === 0 ? '' : ` at ${addresses.join(', ')}`;
  return [
    waitingFor({
      kind: 'load-balancer',
      name: target.ref.name,
      message: failed === null ? `the cloud's service controller has not deleted the load balancer${at} yet` : `deleting the load balancer${at} failed: ${failed.message ?? ''}`,
      remedy: failed === null ? "See that the cloud's controller manager runs; without one in the cluster nobody removes the load balancer." : 'Mend what the message says; the controller tries again.',
      objects: [target.ref],
      commands: [kubectl('describe', target.ref, "the controller's events")],
      danger: 'Without its finalizer the Service goes and the load balancer stays: it keeps its address and is paid for, and nothing in the cluster knows of it.',
      lastResort: guardedPatch(of, LOAD_BALANCER),
    }),
  ];
};
