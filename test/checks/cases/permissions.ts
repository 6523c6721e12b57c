import { marked, object } from '../../model/objects.ts';
import { webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const reviews = { verb: 'create', resource: 'selfsubjectaccessreviews' } as const;

export const cases: CheckCases = {
  check: 'permissions',
  found: [
    { says: 'this user may not delete', pod: web, objects: webWorkload, denied: ['delete'], codes: ['recreated', 'may-not-delete'] },
    { says: 'this user may not watch', pod: web, objects: webWorkload, denied: ['watch'], codes: ['recreated', 'may-not-watch'] },
    { says: 'this user may not evict', pod: web, evict: true, objects: webWorkload, denied: ['create'], codes: ['recreated', 'may-not-evict'] },
    { says: 'this user may list, and not get', pod: web, objects: webWorkload, selection: { labelSelector: 'app=web' }, denied: ['get'], codes: ['recreated', 'may-not-get'] },
    {
      says: 'the right to get a Namespace that comes from a RoleBinding in it goes with it', object: object('v1', 'Namespace', 'shop'), denied: ['get *'],
      grantedBy: 'RBAC: allowed by RoleBinding "own/shop" of Role "own" to User "ann"', codes: ['rights-go-along', 'namespace-empty'], data: { binding: 'own' },
    },
    { says: 'neither', pod: web, objects: webWorkload, denied: ['delete', 'watch'], codes: ['recreated', 'may-not-delete', 'may-not-watch'] },
  ],
  clear: [
    {
      says: 'the right to get one Namespace may come from elsewhere', object: object('v1', 'Namespace', 'shop'), denied: ['get *'],
      grantedBy: 'RBAC: allowed by ClusterRoleBinding "own" of ClusterRole "own" to User "ann"', codes: ['namespace-empty'],
    },
    { says: 'what was read by name may be read', pod: web, objects: webWorkload, denied: ['get'], codes: ['recreated'] },
    { says: 'a Role with resourceNames allows to get this pod', pod: web, objects: webWorkload, selection: { labelSelector: 'app=web' }, denied: ['get *'], codes: ['recreated'] },
    { says: 'an eviction needs no right to delete', pod: web, evict: true, objects: webWorkload, denied: ['delete'], codes: ['recreated'] },
    { says: 'everything is allowed', pod: web, objects: webWorkload, codes: ['recreated'] },
    { says: 'a Role with resourceNames allows this pod, not all of them', pod: web, objects: webWorkload, denied: ['delete *', 'watch *'], codes: ['recreated'] },
    { says: 'nobody needs the right to delete what is Terminating already', pod: webPod('web-a', { metadata: marked(30, 5) }), objects: webWorkload, denied: ['delete'], codes: ['already-terminating'] },
  ],
  unknown: [
    { says: 'reviews that may not be asked are unknown', pod: web, objects: webWorkload, troubles: [{ ...reviews, how: 'forbidden' }], codes: ['recreated'], unknown: ['permissions'] },
    { says: 'a review that is not answered in time is unknown', pod: web, objects: webWorkload, troubles: [{ ...reviews, how: 'silence' }], codes: ['recreated'], unknown: ['permissions', 'owner-controller', 'last-replica', 'rollout'] },
  ],
};
