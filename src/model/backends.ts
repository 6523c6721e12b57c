/** Which Services an Ingress or route sends its traffic to, as its spec says it. Custom resources are read with care: any field may be missing. */
import { asArray, asRecord, asText } from './unstructured.ts';
import type { Ingress, KubeObject, Unstructured } from './wire.ts';

export interface Backend {
  readonly namespace: string | null;
  readonly name: string;
}

export interface Routing {
  readonly services: readonly Backend[];
  /** It answers by something that is no Service: a bucket, a redirect, a backend of another kind. */
  readonly other: boolean;
  readonly hosts: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;

/** A reference as routes have it: a Service unless it says another kind, in the route's namespace unless it says another. */
const split = (references: readonly Fields[], own: string | null, kinds: readonly string[] = ['Service']): Pick<Routing, 'services' | 'other'> => {
  const isService = (r: Fields): boolean => kinds.includes(asText(r['kind']) ?? 'Service') && (asText(r['group']) ?? '') === '';
  return {
    services: references.filter(isService).flatMap((r) => (asText(r['name']) === null ? [] : [{ namespace: asText(r['namespace']) ?? own, name: asText(r['name']) ?? '' }])),
    other: references.some((r) => !isService(r)),
  };
};

const records = (value: unknown): readonly Fields[] => asArray(value).map(asRecord);
const texts = (value: unknown): readonly string[] => asArray(value).flatMap((v) => asText(v) ?? []);

const ofIngress = ({ spec }: Ingress, own: string | null): Routing => {
  const backends = [spec?.defaultBackend, ...(spec?.rules ?? []).flatMap((r) => (r.http?.paths ?? []).map((p) => p.backend))].filter((b) => b !== undefined);
  return {
    services: backends.flatMap((b) => (b.service === undefined ? [] : [{ namespace: own, name: b.service.name }])),
    other: backends.some((b) => b.service === undefined && b.resource !== undefined),
    hosts: (spec?.rules ?? []).flatMap((r) => r.host ?? []),
  };
};

/** gateway.networking.k8s.io: HTTPRoute, GRPCRoute, TLSRoute, TCPRoute and UDPRoute alike. */
const ofGatewayRoute = (spec: Fields, own: string | null): Routing => {
  const rules = records(spec['rules']);
  const found = split(rules.flatMap((r) => records(r['backendRefs'])), own);
  const redirects = rules.some((r) => records(r['filters']).some((f) => asText(f['type']) === 'RequestRedirect'));
  return { ...found, other: found.other || redirects, hosts: texts(spec['hostnames']) };
};

/** route.openshift.io. */
const ofOpenShiftRoute = (spec: Fields, own: string | null): Routing => ({ ...split([asRecord(spec['to']), ...records(spec['alternateBackends'])], own), hosts: texts([spec['host']]) });

/** projectcontour.io HTTPProxy; what it includes are proxies of their own. */
const ofHttpProxy = (spec: Fields, own: string | null): Routing => ({
  ...split([...records(spec['routes']).flatMap((r) => records(r['services'])), ...records(asRecord(spec['tcpproxy'])['services'])], own),
  hosts: texts([asRecord(spec['virtualhost'])['fqdn']]),
});

/** traefik.io IngressRoute, IngressRouteTCP and IngressRouteUDP. */
const ofTraefik = (spec: Fields, own: string | null): Routing => {
  const routes = records(spec['routes']);
  return { ...split(routes.flatMap((r) => records(r['services'])), own), hosts: routes.flatMap((r) => [...(asText(r['match']) ?? '').matchAll(/Host(?:SNI)?\(`(?<host>[^`]+)`/gu)].map((m) => m.groups?.['host'] ?? '')) };
};

const routes: Readonly<Record<string, (spec: Fields, own: string | null) => Routing>> = {
  ...Object.fromEntries(['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map((kind) => [`gateway.networking.k8s.io/${kind}`, ofGatewayRoute])),
  ...Object.fromEntries(['IngressRoute', 'IngressRouteTCP', 'IngressRouteUDP'].map((kind) => [`traefik.io/${kind}`, ofTraefik])),
  'route.openshift.io/Route': ofOpenShiftRoute,
  'projectcontour.io/HTTPProxy': ofHttpProxy,
};

/** `group/Kind` of everything that sends traffic on. */
export const routingKinds: readonly string[] = ['networking.k8s.io/Ingress', ...Object.keys(routes)];

/** null: the kind sends no traffic on. */
export const routingOf = (kind: string, object: KubeObject): Routing | null => {
  const own = object.metadata.namespace ?? null;
  if (kind === 'networking.k8s.io/Ingress') return ofIngress(object, own);
  const read = Object.hasOwn(routes, kind) ? routes[kind] : undefined;
  return read === undefined ? null : read(asRecord((object as Unstructured).spec), own);
};
