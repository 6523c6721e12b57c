import type { ApiBackendView, ExposureView } from '../facts/exposure.ts';
import type { FindingOf } from '../findings/finding.ts';
import { routingKinds } from '../model/backends.ts';
import type { Target } from '../model/target.ts';
import { asArray, asNumber, asRecord, asText } from '../model/unstructured.ts';
import type { Ingress, Service, Unstructured } from '../model/wire.ts';
import { defineCheck } from './check.ts';

type Found = FindingOf<'exposure'>;
const check = 'exposure' as const;
const GATEWAY = 'gateway.networking.k8s.io/Gateway';

/** Finalizers of controllers that keep something outside of the cluster for the object (cloud-provider, AWS, GKE). */
const outside = (target: Target): string | null =>
  (target.object.metadata.finalizers ?? []).find((f) => f === 'service.kubernetes.io/load-balancer-cleanup' || /^(?:service|ingress|group\.ingress)\.k8s\.aws\/|^networking\.gke\.io\/(?:ingress|gateway)|^gateway\.k8s\.aws\//u.test(f)) ?? null;

const addressesOf = (points: readonly { readonly ip?: string; readonly hostname?: string }[] | undefined): readonly string[] => (points ?? []).flatMap((p) => p.ip ?? p.hostname ?? []);

const ofService = (target: Target, { ready, sets }: ExposureView, { neededBy }: ApiBackendView): readonly Found[] => {
  const { spec, status } = target.object as Service;
  // The API server makes its own again, which `owner-controller` says.
  if (target.ref.namespace === 'default' && target.ref.name === 'kubernetes') return [];
  if (spec?.type === 'ExternalName') return [{ check, code: 'alias-ends', data: { externalName: spec.externalName ?? '' }, objects: [] }];
  const addresses = addressesOf(status?.loadBalancer?.ingress);
  if (spec?.type === 'LoadBalancer' && addresses.length > 0) return [{ check, code: 'address-may-not-return', data: { addresses, finalizer: outside(target), ready }, objects: [] }];
  const nodePorts = (spec?.ports ?? []).flatMap((p) => p.nodePort ?? []);
  if (ready === 0) return [{ check, code: 'nothing-behind', data: { nodePorts }, objects: [] }];
  // One fact, one finding: that the API server needs it is the graver news, and `service-endpoints` says it.
  if (neededBy.length > 0) return [];
  if (sets.length > 0) return [{ check, code: 'members-lose-names', data: { sets, ready }, objects: sets }];
  return [{ check, code: 'service-traffic-ends', data: { ready, headless: spec?.clusterIP === 'None', nodePorts }, objects: [] }];
};

const nothing: Found = { check, code: 'nothing-behind', data: { nodePorts: [] }, objects: [] };

/** Its addresses are its own: implementations make a load balancer for each. */
const ofGateway = (target: Target): readonly Found[] => {
  const status = asRecord((target.object as Unstructured).status);
  const addresses = asArray(status['addresses']).flatMap((a) => asText(asRecord(a)['value']) ?? []);
  const routes = asArray(status['listeners']).reduce<number>((sum, l) => sum + (asNumber(asRecord(l)['attachedRoutes']) ?? 0), 0);
  if (addresses.length > 0) return [{ check, code: 'address-may-not-return', data: { addresses, finalizer: outside(target), ready: 0 }, objects: [] }];
  return routes === 0 ? [nothing] : [{ check, code: 'route-traffic-ends', data: { hosts: [], addresses, services: [], ready: 0, routes }, objects: [] }];
};

/** Many controllers give all Ingresses the one address of their own; a finalizer of theirs says that this one has a load balancer of its own. */
const ofRoute = (target: Target, { ready, routing }: ExposureView): readonly Found[] => {
  const addresses = target.ref.kind === 'Ingress' ? addressesOf((target.object as Ingress).status?.loadBalancer?.ingress) : [];
  const finalizer = outside(target);
  if (finalizer !== null) return [{ check, code: 'address-may-not-return', data: { addresses, finalizer, ready }, objects: [] }];
  if (ready === 0 && addresses.length === 0 && routing?.other !== true) return [nothing];
  const services = [...new Set((routing?.services ?? []).map((s) => s.name))];
  return [{ check, code: 'route-traffic-ends', data: { hosts: [...new Set(routing?.hosts)], addresses, services, ready, routes: 0 }, objects: [] }];
};

/** What could not be read is not said to be behind nothing, nor what goes in the same run, which is its own news. */
const unlessUnread = (found: readonly Found[], { unread, going }: ExposureView): readonly Found[] => (unread.length === 0 && going === 0 ? found : found.filter((f) => f.code !== 'nothing-behind'));

export const exposure = defineCheck({
  id: 'exposure',
  kinds: ['/Service', GATEWAY, ...routingKinds],
  needs: ['exposure'],
  // Who needs it for the API server is asked by `service-endpoints`; where that cannot be read, the traffic is spoken of.
  uses: ['apiBackend'],
  find: (_object, views, _given, target) => {
    const kind = `${target.ref.group}/${target.ref.kind}`;
    const found = kind === '/Service' ? ofService(target, views.exposure, views.apiBackend) : kind === GATEWAY ? ofGateway(target) : ofRoute(target, views.exposure);
    return unlessUnread(found, views.exposure);
  },
});
