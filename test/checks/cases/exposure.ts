import type { KubeObject } from '../../../src/model/wire.ts';
import { apiService, endpoint, routed, service, slice, webhooks } from '../../model/around.ts';
import { object } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { deployment, replicaSet, statefulSet, webPod } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const NETWORK = 'networking.k8s.io/v1';
const GATEWAY = 'gateway.networking.k8s.io/v1';
const gatewayKind = { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway', resource: 'gateways' };
const routeKind = { group: 'gateway.networking.k8s.io', version: 'v1', kind: 'HTTPRoute', resource: 'httproutes' };
const openShift = { group: 'route.openshift.io', version: 'v1', kind: 'Route', resource: 'routes' };
const contour = { group: 'projectcontour.io', version: 'v1', kind: 'HTTPProxy', resource: 'httpproxies' };
const traefik = { group: 'traefik.io', version: 'v1alpha1', kind: 'IngressRoute', resource: 'ingressroutes' };
const kinds = [gatewayKind, routeKind, openShift, contour, traefik];

const behindWeb = [slice('web', [endpoint('web-a'), endpoint('web-b')])];
const front = (spec: object = {}, status: object = {}, more: Parts = {}) => object('v1', 'Service', 'web', { spec: { type: 'ClusterIP', clusterIP: '10.0.0.7', selector: { app: 'web' }, ports: [{ port: 80 }], ...spec }, status: { loadBalancer: {}, ...status }, metadata: { uid: 'uid-front', ...more.metadata } });
const at = (ip: string) => ({ loadBalancer: { ingress: [{ ip }] } });
const ingress = (names: readonly string[], more: Parts = {}) =>
  object(NETWORK, 'Ingress', 'shop', { spec: { rules: [{ host: 'shop.example', http: { paths: names.map((name) => ({ path: '/', backend: { service: { name, port: { number: 80 } } } })) } }], ...more.spec }, status: { loadBalancer: {}, ...more.status }, ...(more.metadata === undefined ? {} : { metadata: more.metadata }) });
const gateway = (status: object) => object(GATEWAY, 'Gateway', 'edge', { status: { ...status } });
const route = (rules: readonly object[]) => object(GATEWAY, 'HTTPRoute', 'shop', { spec: { hostnames: ['shop.example'], rules } });
const custom = (apiVersion: string, kind: string, spec: object) => object(apiVersion, kind, 'shop', { spec: { ...spec } });
const web = (kind: string, of: KubeObject) => ({ says: `${kind} whose Service has ready endpoints`, object: of, objects: behindWeb, kinds, codes: ['route-traffic-ends'] as const, data: { services: ['web'], ready: 2, hosts: ['shop.example'] } });
const ofWeb = deployment({ spec: { selector: { matchLabels: { app: 'web' } } } });

export const cases: CheckCases = {
  check: 'exposure',
  found: [
    { says: 'a Service with ready endpoints', object: front(), objects: behindWeb, codes: ['service-traffic-ends'], data: { ready: 2, headless: false, nodePorts: [] } },
    { says: 'its node ports may be given to others', object: front({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }), objects: behindWeb, codes: ['service-traffic-ends'], data: { nodePorts: [30_080] } },
    { says: 'a headless Service that no set has its names from', object: front({ clusterIP: 'None' }), objects: behindWeb, codes: ['service-traffic-ends'], data: { headless: true } },
    { says: 'endpoints that somebody wrote count', object: front({ selector: undefined }), objects: [slice('web', [{ addresses: ['192.0.2.1'] }])], codes: ['service-traffic-ends'], data: { ready: 1 } },
    { says: 'a headless Service that gives a set its names', object: front({ clusterIP: 'None' }), objects: [...behindWeb, statefulSet({ spec: { serviceName: 'web' } })], codes: ['members-lose-names'], data: { ready: 2 } },
    { says: 'a load balancer with an address', object: front({ type: 'LoadBalancer' }, at('203.0.113.7'), { metadata: { finalizers: ['service.kubernetes.io/load-balancer-cleanup'] } }), objects: behindWeb, codes: ['finalizer-known', 'address-may-not-return'], data: { addresses: ['203.0.113.7'], finalizer: 'service.kubernetes.io/load-balancer-cleanup', ready: 2 } },
    { says: 'one without anything behind it has an address to lose all the same', object: front({ type: 'LoadBalancer' }, { loadBalancer: { ingress: [{ hostname: 'lb.example' }] } }), codes: ['address-may-not-return'], data: { addresses: ['lb.example'], finalizer: null, ready: 0 } },
    { says: 'one that never got an address is a Service with endpoints', object: front({ type: 'LoadBalancer' }), objects: behindWeb, codes: ['service-traffic-ends'] },
    { says: 'a name for something outside', object: front({ type: 'ExternalName', externalName: 'db.example' }), codes: ['alias-ends'], data: { externalName: 'db.example' } },
    { says: 'a Service with nothing behind it is a note', object: front({ type: 'NodePort', ports: [{ port: 80, nodePort: 30_080 }] }), objects: [slice('web', [endpoint('web-a', { ready: false })])], codes: ['nothing-behind'], data: { nodePorts: [30_080] } },
    web('an Ingress', ingress(['web', 'web'])),
    { says: 'an Ingress with an address', object: ingress(['gone'], { status: at('203.0.113.9') }), codes: ['route-traffic-ends'], data: { addresses: ['203.0.113.9'], ready: 0 } },
    { says: 'an Ingress that answers from a bucket', object: object(NETWORK, 'Ingress', 'shop', { spec: { defaultBackend: { resource: { apiGroup: 'k8s.example.com', kind: 'Bucket', name: 'static' } } } }), codes: ['route-traffic-ends'] },
    { says: 'an Ingress with a load balancer of its own', object: ingress(['web'], { metadata: { finalizers: ['ingress.k8s.aws/resources'] }, status: at('203.0.113.9') }), objects: behindWeb, codes: ['finalizer-controller-missing', 'address-may-not-return'], data: { finalizer: 'ingress.k8s.aws/resources' } },
    web('a route of the Gateway API', route([{ backendRefs: [{ name: 'web', port: 80 }] }])),
    { says: 'a route to a Service of another namespace', object: route([{ backendRefs: [{ name: 'web', namespace: 'backend' }] }]), objects: [object('discovery.k8s.io/v1', 'EndpointSlice', 'web-1', { metadata: { namespace: 'backend', labels: { 'kubernetes.io/service-name': 'web' } } })].map((s) => ({ ...s, endpoints: [{ addresses: ['192.0.2.1'] }] })), kinds, codes: ['route-traffic-ends'], data: { ready: 1 } },
    { says: 'a route that redirects answers by itself', object: route([{ filters: [{ type: 'RequestRedirect' }] }]), kinds, codes: ['route-traffic-ends'] },
    web('a route of OpenShift', custom('route.openshift.io/v1', 'Route', { host: 'shop.example', to: { kind: 'Service', name: 'web' } })),
    web('a proxy of Contour', custom('projectcontour.io/v1', 'HTTPProxy', { virtualhost: { fqdn: 'shop.example' }, routes: [{ services: [{ name: 'web', port: 80 }] }] })),
    web('a route of Traefik', custom('traefik.io/v1alpha1', 'IngressRoute', { routes: [{ match: 'Host(`shop.example`)', services: [{ name: 'web', port: 80 }] }] })),
    { says: 'a Gateway with an address', object: gateway({ addresses: [{ type: 'IPAddress', value: '203.0.113.8' }], listeners: [{ name: 'http', attachedRoutes: 2 }] }), kinds, codes: ['address-may-not-return'], data: { addresses: ['203.0.113.8'] } },
    { says: 'a Gateway with routes', object: gateway({ listeners: [{ name: 'http', attachedRoutes: 2 }, { name: 'https', attachedRoutes: 1 }] }), kinds, codes: ['route-traffic-ends'], data: { routes: 3 } },
    { says: 'a Gateway with neither', object: gateway({ listeners: [{ name: 'http', attachedRoutes: 0 }] }), kinds, codes: ['nothing-behind'] },
  ],
  clear: [
    { says: "the API server's own Service comes back, which owner-controller says", object: object('v1', 'Service', 'kubernetes', { metadata: { namespace: 'default' }, spec: { clusterIP: '10.0.0.1' } }), objects: [slice('kubernetes', [{ addresses: ['192.0.2.1'] }])], codes: ['made-again'] },
    { says: 'a Service whose pods go in the same run', object: front(), also: [webPod('web-a'), webPod('web-b')], objects: behindWeb, codes: [] },
    { says: 'a Service whose workload goes in the same run', object: front(), also: [ofWeb], objects: [...behindWeb, replicaSet(), webPod('web-a'), webPod('web-b')], codes: [] },
    { says: 'an Ingress whose workload goes in the same run', object: ingress(['web']), also: [ofWeb], objects: [...behindWeb, replicaSet(), webPod('web-a'), webPod('web-b')], codes: [] },
    { says: 'a headless Service whose set goes as well', object: front({ clusterIP: 'None' }), also: [statefulSet({ spec: { serviceName: 'web', selector: { matchLabels: { app: 'web' } } } })], objects: [...behindWeb, webPod('web-a'), webPod('web-b')], codes: [] },
    { says: 'an Ingress with nothing behind it', object: ingress(['gone']), objects: behindWeb, codes: ['nothing-behind'] },
    { says: 'a route whose backends say nothing', object: route([{}, { backendRefs: 'nonsense' }]), kinds, codes: ['nothing-behind'] },
    { says: 'a backend of the API server is a matter of service-endpoints', object: service('web'), objects: [...behindWeb, apiService('v1.example.com', 'web')], codes: ['api-backend-goes'] },
    { says: 'a webhook that goes in the same run needs it no more', object: service('web'), also: [webhooks('ValidatingWebhookConfiguration', 'guard', 'web')], objects: behindWeb, codes: ['service-traffic-ends'] },
    { says: 'other Services', object: service('web'), objects: [...routed('api', 'web-a')], codes: ['nothing-behind'] },
  ],
  unknown: [
    { says: 'slices that may not be listed: it is not said that nothing is behind it', object: front(), objects: behindWeb, troubles: [{ verb: 'list', resource: 'endpointslices', how: 'forbidden' }], codes: [], unknown: ['dependents', 'exposure', 'service-endpoints'] },
    { says: 'webhooks that may not be listed: its traffic is spoken of', object: front(), objects: behindWeb, troubles: [{ verb: 'list', resource: 'validatingwebhookconfigurations', how: 'forbidden' }], codes: ['service-traffic-ends'], unknown: ['service-endpoints'] },
    { says: 'sets that may not be listed', object: front({ clusterIP: 'None' }), objects: behindWeb, troubles: [{ verb: 'list', resource: 'statefulsets', how: 'forbidden' }], codes: ['service-traffic-ends'], unknown: ['exposure'] },
  ],
};
