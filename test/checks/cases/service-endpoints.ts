import { apiService, endpoint, podRules, routed, service, slice, webhooks } from '../../model/around.ts';
import { healthyNode, marked, notReady, object, pod } from '../../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webController, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const web = webPod('web-a');
const empty = [...routed('web', 'web-a'), ...webWorkload];
const headless = { clusterIP: 'None', selector: { app: 'web' } };
const hooked = { lifecycle: { preStop: { sleep: { seconds: 5 } } }, readinessProbe: { httpGet: { port: 80 } } };
const careful = (more: object = hooked) => webPod('web-a', { spec: { containers: [{ name: 'app', image: 'app', ...more }] } });
const both = routed('web', 'web-a', 'web-spare');
const db = [member(1, { status: notReady }), member(2, { status: notReady }), statefulSet({ spec: { serviceName: 'db' } }), ...healthyNode()];

export const cases: CheckCases = {
  check: 'service-endpoints',
  found: [
    { says: 'the only endpoint of a Service', pod: web, objects: empty, codes: ['recreated', 'no-endpoint-left'], data: { headless: false, readyNow: 1, gentler: { how: 'restart', workload: expectedWorkload(), replicas: 2 } } },
    { says: 'all endpoints of a Service in one run', pod: web, also: [webPod('web-b')], objects: [...routed('web', 'web-a', 'web-b'), ...webWorkload], codes: ['recreated', 'no-endpoint-left'], data: { readyNow: 2 } },
    { says: 'endpoints that are not ready, or terminating, do not count', pod: web, objects: [service('web'), slice('web', [endpoint('web-a'), endpoint('web-b', { ready: false, serving: false, terminating: false }), endpoint('web-c', { ready: false, serving: true, terminating: true })]), ...webWorkload], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'an endpoint that does not say whether it is ready is ready', pod: web, objects: [service('web'), slice('web', [endpoint('web-a', {})]), ...webWorkload], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'a pod that became Ready just now is not in the slices yet', pod: web, objects: [service('web'), slice('web', []), ...webWorkload], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'a Service without a selector routes to whom its slices name', pod: web, objects: [service('manual', {}), slice('manual', [endpoint('web-a')]), ...webWorkload], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'each Service has its own finding', pod: web, objects: [...routed('one', 'web-a'), ...routed('two', 'web-a'), ...webWorkload], codes: ['recreated', 'no-endpoint-left', 'no-endpoint-left'] },
    { says: 'IPv4 and IPv6 addresses of one pod are one endpoint', pod: web, objects: [...routed('web', 'web-a'), slice('web', [endpoint('web-a')], 'web-6'), ...webWorkload], codes: ['recreated', 'no-endpoint-left'], data: { readyNow: 1 } },
    { says: 'a headless Service has no address then', pod: web, objects: [service('web', headless), slice('web', [endpoint('web-a')]), ...webWorkload], codes: ['recreated', 'no-endpoint-left'], data: { headless: true } },
    { says: 'a bare pod behind a Service', pod: pod('lone'), objects: [service('front', {}), slice('front', [endpoint('lone')]), ...healthyNode()], codes: ['bare-pod', 'no-endpoint-left'], data: { gentler: null } },
    { says: 'a Deployment that stops before it starts is scaled up first', pod: web, objects: [...routed('web', 'web-a'), deployment({ spec: { replicas: 1, strategy: { type: 'Recreate' } }, status: { replicas: 1, updatedReplicas: 1 } }), replicaSet(), ...healthyNode()], codes: ['recreated', 'no-endpoint-left'], data: { gentler: { how: 'scale', workload: expectedWorkload(), replicas: 1 } } },
    { says: 'so is one that may have all its pods unavailable', pod: web, objects: [...routed('web', 'web-a'), deployment({ spec: { replicas: 1, strategy: { rollingUpdate: { maxUnavailable: 1 } } } }), replicaSet(), ...healthyNode()], codes: ['recreated', 'no-endpoint-left'], data: { gentler: { how: 'scale', workload: expectedWorkload(), replicas: 1 } } },
    { says: 'the backend of a validating webhook that fails closed', pod: web, objects: [...empty, webhooks('ValidatingWebhookConfiguration', 'guard', 'web')], codes: ['recreated', 'api-backend-left-empty'] },
    { says: 'the backend of a mutating webhook that fails closed', pod: web, objects: [...empty, webhooks('MutatingWebhookConfiguration', 'inject', 'web', { rules: podRules })], codes: ['recreated', 'api-backend-left-empty'] },
    { says: 'a webhook that does not say how it fails, fails closed', pod: web, objects: [...empty, webhooks('ValidatingWebhookConfiguration', 'guard', 'web', { failurePolicy: undefined })], codes: ['recreated', 'api-backend-left-empty'] },
    { says: 'the backend of an APIService', pod: web, objects: [...empty, apiService('v1.example.com', 'web'), apiService('v1.apps', null)], codes: ['recreated', 'api-backend-left-empty'] },
    { says: 'other endpoints stay: without preStop and readiness probe a short gap', pod: web, objects: [...both, ...webWorkload], codes: ['recreated', 'short-gap'], data: { noPreStop: true, noReadinessProbe: true } },
    { says: 'a readiness probe alone leaves the gap at the end', pod: careful({ readinessProbe: { httpGet: { port: 80 } } }), objects: [...both, ...webWorkload], codes: ['recreated', 'short-gap'], data: { noPreStop: true, noReadinessProbe: false } },
    { says: 'a preStop hook alone leaves the gap at the beginning', pod: careful({ lifecycle: hooked.lifecycle }), objects: [...both, ...webWorkload], codes: ['recreated', 'short-gap'], data: { noPreStop: false, noReadinessProbe: true } },
    { says: "a set's last endpoint under a Service that routes", pod: member(0), objects: [...db, service('db-read', { selector: { app: 'db' } }), slice('db-read', [endpoint('db-0')])], codes: ['recreated', 'below-majority', 'no-endpoint-left'] },
    { says: 'the Service of a fail-closed webhook is named itself', object: service('web'), objects: [...both, webhooks('ValidatingWebhookConfiguration', 'guard', 'web')], codes: ['api-backend-goes'], data: { ready: 2 } },
    { says: 'and that of an API', object: service('web'), objects: [...both, apiService('v1.example.com', 'web')], codes: ['api-backend-goes'] },
  ],
  clear: [
    { says: 'the Service of a webhook that fails open', object: service('web'), objects: [...both, webhooks('ValidatingWebhookConfiguration', 'guard', 'web', { failurePolicy: 'Ignore' })], codes: ['service-traffic-ends'] },
    { says: 'the Service of a webhook that answers nobody already', object: service('web'), objects: [webhooks('ValidatingWebhookConfiguration', 'guard', 'web')], codes: ['nothing-behind'] },
    { says: 'another endpoint stays, and the pod hands over well', pod: careful(), objects: [...both, ...webWorkload], codes: ['recreated'] },
    { says: 'an endpoint outside of the cluster stays', pod: careful(), objects: [service('web'), slice('web', [endpoint('web-a')]), slice('web', [{ addresses: ['192.0.2.1'] }], 'web-by-hand'), ...webWorkload], codes: ['recreated'] },
    { says: 'an endpoint of another slice stays', pod: careful(), objects: [service('web'), slice('web', [endpoint('web-a')]), slice('web', [endpoint('web-b')], 'web-2'), ...webWorkload], codes: ['recreated'] },
    { says: 'a headless Service routes nothing: no gap', pod: web, objects: [service('web', headless), slice('web', [endpoint('web-a'), endpoint('web-spare')]), ...webWorkload], codes: ['recreated'] },
    { says: 'peers that are published though not ready stay', pod: careful(), objects: [service('web', { ...headless, publishNotReadyAddresses: true }), slice('web', [endpoint('web-a'), endpoint('web-b', { ready: true, serving: false, terminating: false })]), ...webWorkload], codes: ['recreated'] },
    { says: 'a pod that is not Ready is no endpoint', pod: webPod('web-a', { status: notReady }), objects: [service('web'), slice('web', [endpoint('web-a', { ready: false, serving: false, terminating: false })]), ...webWorkload], codes: ['recreated'] },
    { says: 'a fresh single replica that is not Ready yet', pod: webPod('web-a', { status: notReady }), objects: [service('web'), slice('web', []), deployment({ status: { replicas: 1, updatedReplicas: 1 }, spec: { replicas: 1 } }), replicaSet(), ...healthyNode()], codes: ['recreated'] },
    { says: 'a pod that its Service knows as not ready is not served by it', pod: web, objects: [service('web'), slice('web', [endpoint('web-a', { ready: false })]), ...webWorkload], codes: ['recreated'] },
    { says: 'a finished pod is no endpoint', pod: webPod('web-a', { status: { phase: 'Succeeded' } }), objects: empty, codes: ['finished-pod'] },
    { says: 'a pod that is Terminating already', pod: webPod('web-a', { metadata: marked(30, 5) }), objects: empty, codes: ['already-terminating'] },
    { says: 'a Service for other labels', pod: careful(), objects: [service('api', { selector: { app: 'api' } }), slice('api', [endpoint('api-1')]), ...webWorkload], codes: ['recreated'] },
    { says: 'a Service of another namespace', pod: careful(), objects: [service('web', { selector: { app: 'web' } }, { namespace: 'other' }), ...webWorkload], codes: ['recreated'] },
    { says: 'an ExternalName has no endpoints', pod: careful(), objects: [service('web', { type: 'ExternalName', externalName: 'example.com', selector: { app: 'web' } }), ...webWorkload], codes: ['recreated'] },
    { says: "the headless Service of a set is the set: its members are counted once", pod: member(0), objects: [...db, service('db', { clusterIP: 'None', selector: { app: 'db' } }), slice('db', [endpoint('db-0')])], codes: ['recreated', 'below-majority'] },
    { says: 'a workload that is being deleted takes its Service down anyway', pod: web, objects: [...routed('web', 'web-a'), deployment({ metadata: { deletionTimestamp: '2026-03-01T12:00:00Z' } }), replicaSet(), ...healthyNode()], codes: ['not-recreated'] },
    { says: 'a webhook that fails open refuses nothing', pod: web, objects: [...empty, webhooks('ValidatingWebhookConfiguration', 'guard', 'web', { failurePolicy: 'Ignore' })], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'a webhook with another backend, or a URL', pod: web, objects: [...empty, webhooks('ValidatingWebhookConfiguration', 'guard', 'api'), webhooks('MutatingWebhookConfiguration', 'far', 'web', { clientConfig: { url: 'https://example.com' } })], codes: ['recreated', 'no-endpoint-left'] },
    { says: 'a webhook whose backend keeps an endpoint', pod: careful(), objects: [...both, ...webWorkload, webhooks('ValidatingWebhookConfiguration', 'guard', 'web')], codes: ['recreated'] },
  ],
  unknown: [
    { says: 'Services that may not be listed: what the slices show is said', pod: web, objects: empty, troubles: [{ verb: 'list', resource: 'services', how: 'forbidden' }], codes: ['recreated', 'no-endpoint-left'], unknown: ['service-endpoints'] },
    { says: 'slices that may not be listed are unknown', pod: web, objects: empty, troubles: [{ verb: 'list', resource: 'endpointslices', how: 'forbidden' }], codes: ['recreated'], unknown: ['service-endpoints'] },
    { says: 'webhooks that may not be listed could be a blocker: the warning stands, the check is unknown', pod: web, objects: empty, troubles: [{ verb: 'list', resource: 'validatingwebhookconfigurations', how: 'forbidden' }], codes: ['recreated', 'no-endpoint-left'], unknown: ['service-endpoints'] },
    { says: 'APIServices that may not be listed as well', pod: web, objects: empty, troubles: [{ verb: 'list', resource: 'apiservices', how: 'forbidden' }], codes: ['recreated', 'no-endpoint-left'], unknown: ['service-endpoints'] },
    { says: 'nobody needs to read webhooks while an endpoint stays', pod: careful(), objects: [...both, ...webController, ...healthyNode()], troubles: [{ verb: 'list', resource: 'validatingwebhookconfigurations', how: 'forbidden' }, { verb: 'list', resource: 'apiservices', how: 'forbidden' }], codes: ['recreated'] },
  ],
};

function expectedWorkload() {
  const { name, uid, namespace } = object('apps/v1', 'Deployment', 'web').metadata;
  return { group: 'apps', version: 'v1', kind: 'Deployment', resource: 'deployments', namespace, name, uid };
}
