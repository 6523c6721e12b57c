/** A fail-closed webhook without a backend stands before the last request that the object needs. */
import type { BlockingWebhook } from '../facts/blocking-webhooks.ts';
import { unreachable } from '../model/unreachable.ts';
import { kubectl } from './case.ts';
import type { Case, Cause } from './case.ts';
import { waitingFor } from './waiting-on.ts';

const refuses = (w: BlockingWebhook, kind: string): string => {
  switch (w.stops) {
    case 'finalizer':
      return `every update of this ${kind}, so nobody can take its finalizer off`;
    case 'delete':
      return "the kubelet's own DELETE, which would end it";
    case 'status':
      return "the kubelet's reports of how its containers ended";
    default:
      return unreachable(w.stops);
  }
};

const reason = (w: BlockingWebhook, { target }: Case) =>
  waitingFor({
    kind: 'webhook',
    name: w.name,
    message: `webhook ${w.name} (${w.ref.name}) is fail-closed and ${w.why === 'no-service' ? 'its Service' : 'no endpoint of its Service'} ${w.service.namespace ?? ''}/${w.service.name} ${w.why === 'no-service' ? 'does not exist' : 'is ready'}: it refuses ${refuses(w, target.ref.kind)}`,
    remedy: 'Bring the backend back; if it is gone for good, delete the webhook configuration: without a backend it can only refuse.',
    objects: [w.ref, w.service],
    commands: [kubectl('get', w.ref, 'its rules and its backend', '-o', 'yaml')],
    danger: 'While it stands, taking finalizers off by hand is refused too. Without it, what it guards is not checked.',
  });

export const onWebhook: Cause = (of) => of.views.blockingWebhooks.webhooks.filter((w) => w.stops !== 'status').map((w) => reason(w, of));

/** The kubelet cannot report: all that is shown of the pod may be old. */
export const onStatusWebhook: Cause = (of) => of.views.blockingWebhooks.webhooks.filter((w) => w.stops === 'status').map((w) => reason(w, of));
