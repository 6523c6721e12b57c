import type { Problem } from '../../../src/cluster/port.ts';
import { webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const status = (httpStatus: number, reason: string, message: string): Problem => ({ kind: 'status', httpStatus, reason, message, details: null, retryAfterSeconds: null });
const denial = 'admission webhook "guard.example.com" denied the request: not on a Friday';

export const cases: CheckCases = {
  check: 'admission',
  found: [
    { says: 'a webhook denies', pod: web, objects: webWorkload, dryRun: status(403, 'Forbidden', denial), codes: ['recreated', 'denied'], data: { by: 'guard.example.com', httpStatus: 403 } },
    { says: 'a webhook may deny with any code, 409 too', pod: web, objects: webWorkload, dryRun: status(409, 'Conflict', denial), codes: ['recreated', 'denied'], data: { by: 'guard.example.com' } },
    { says: 'a webhook may deny with 429', pod: web, objects: webWorkload, dryRun: status(429, 'TooManyRequests', denial), codes: ['recreated', 'denied'] },
    { says: 'a webhook may deny with 404', pod: web, objects: webWorkload, dryRun: status(404, 'NotFound', denial), codes: ['recreated', 'denied'] },
    { says: 'a webhook denies the eviction', pod: web, evict: true, objects: webWorkload, dryRun: status(403, 'Forbidden', denial), codes: ['recreated', 'denied'], data: { by: 'guard.example.com' } },
    { says: 'a policy denies', pod: web, objects: webWorkload, dryRun: status(422, 'Invalid', "pods \"web-a\" is forbidden: ValidatingAdmissionPolicy 'keep' with binding 'keep' denied request: label keep"), codes: ['recreated', 'denied'], data: { by: 'keep' } },
    { says: 'a fail-closed webhook that does not answer denies', pod: web, objects: webWorkload, dryRun: status(500, 'InternalError', 'Internal error occurred: failed calling webhook "guard.example.com": failed to call webhook: connection refused'), codes: ['recreated', 'denied'], data: { by: 'guard.example.com' } },
  ],
  clear: [
    { says: 'the dry run is accepted', pod: web, objects: webWorkload, codes: ['recreated'] },
    { says: "RBAC's refusal is the permissions check's", pod: web, objects: webWorkload, denied: ['delete'], dryRun: status(403, 'Forbidden', 'pods "web-a" is forbidden: User "jane" cannot delete resource "pods" in API group "" in the namespace "shop"'), codes: ['recreated', 'may-not-delete'] },
    { says: 'a pod that went since it was read is no denial', pod: web, objects: webWorkload, dryRun: status(404, 'NotFound', 'pods "web-a" not found'), codes: ['recreated'] },
    { says: 'a pod that was replaced since it was read is no denial', pod: web, objects: webWorkload, dryRun: status(409, 'Conflict', 'Precondition failed: UID in precondition: a, UID in object meta: b'), codes: ['recreated'] },
    { says: 'that a budget refuses the eviction now is no denial', pod: web, evict: true, objects: webWorkload, dryRun: status(429, 'TooManyRequests', "Cannot evict pod as it would violate the pod's disruption budget."), codes: ['recreated'] },
    { says: 'that several budgets select the pod is no denial', pod: web, evict: true, objects: webWorkload, dryRun: status(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.'), codes: ['recreated'] },
    { says: '--dry-run=client does not ask', pod: web, objects: webWorkload, readsOnly: true, dryRun: status(403, 'Forbidden', denial), codes: ['recreated'] },
  ],
  unknown: [
    { says: 'a webhook that cannot dry-run is unknown, not denied', pod: web, objects: webWorkload, dryRun: status(400, 'BadRequest', 'admission webhook "guard.example.com" does not support dry run'), codes: ['recreated'], unknown: ['admission'] },
    { says: 'a webhook that does not answer in time holds up no other check', pod: web, objects: webWorkload, troubles: [{ verb: 'delete', resource: 'pods', how: 'silence' }], codes: ['recreated'], unknown: ['admission'] },
    { says: 'a server error is unknown', pod: web, objects: webWorkload, troubles: [{ verb: 'delete', resource: 'pods', how: 'server-error' }], codes: ['recreated'], unknown: ['admission'] },
  ],
};
