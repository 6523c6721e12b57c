/** The Services that route to a pod, what they are left with after this run, and who needs them. */
import { apiServiceKind, endpointSliceKind, mutatingWebhooksKind, serviceKind, validatingWebhooksKind } from '../discovery/built-in.ts';
import { isPodKind } from '../model/pod.ts';
import type { Ref, ResourceKind } from '../model/ref.ts';
import { serviceSelects } from '../model/selector.ts';
import type { Target } from '../model/target.ts';
import type { ApiService, EndpointSlice, KubeObject, Pod, Service, WebhookConfiguration } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goingUids, servingPod } from './going.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Unread, Want } from './want.ts';

/** What the API server cannot do without the Service. */
export type NeededBy =
  | {
      readonly kind: 'webhook';
      readonly ref: Ref;
      readonly webhooks: readonly string[];
      /** Its rules name the creation of pods: the replacement may be refused too. */
      readonly checksPods: boolean;
    }
  | { readonly kind: 'api'; readonly ref: Ref };

export interface ServiceOfPod {
  readonly ref: Ref;
  /** `spec.clusterIP: None`: clients get the pods' addresses from DNS, nothing routes. */
  readonly headless: boolean;
  /** Ready endpoints now, the pod itself too. */
  readonly readyNow: number;
  /** Ready endpoints without the targets of this run. */
  readonly readyAfter: number;
  /** Fail-closed webhooks and APIServices with this backend; looked up only where no ready endpoint is left. */
  readonly neededBy: readonly NeededBy[];
}

export interface ServicesView extends View {
  readonly services: readonly ServiceOfPod[];
}

/** The endpoints of the Services of one namespace, by Service name. */
interface Endpoints {
  /** Keys of ready endpoints: the uid of the object behind them, else their address. */
  readonly ready: ReadonlyMap<string, ReadonlySet<string>>;
  /** Uids of the pods behind any endpoint, ready or not. */
  readonly pods: ReadonlyMap<string, ReadonlySet<string>>;
  /** By key: the Services where it is ready. */
  readonly servicesOf: ReadonlyMap<string, ReadonlySet<string>>;
}

const read = new WeakMap<readonly KubeObject[], Endpoints>();

const add = (to: Map<string, Set<string>>, key: string, value: string): void => {
  const values = to.get(key);
  if (values === undefined) to.set(key, new Set([value]));
  else values.add(value);
};

/**
 * What kube-proxy and DNS are told (discovery/v1; kubernetes endpointslice v0.36 utils.go podToEndpoint): absent `ready` means true, and a
 * Service that publishes addresses which are not ready has every endpoint ready until it is removed, those that are terminating too: they do
 * not count here. A Service can have many slices, by anyone; a dual-stack one has each pod twice.
 */
const endpointsOf = (slices: readonly KubeObject[]): Endpoints => {
  const known = read.get(slices);
  if (known !== undefined) return known;
  const ready = new Map<string, Set<string>>();
  const pods = new Map<string, Set<string>>();
  const servicesOf = new Map<string, Set<string>>();
  for (const slice of slices as readonly EndpointSlice[]) {
    const service = slice.metadata.labels?.['kubernetes.io/service-name'];
    if (service === undefined) continue;
    for (const endpoint of slice.endpoints ?? []) {
      const uid = endpoint.targetRef?.uid;
      if (uid !== undefined) add(pods, service, uid);
      if (endpoint.conditions?.ready === false || endpoint.conditions?.terminating === true) continue;
      const key = uid ?? endpoint.addresses[0] ?? '';
      add(ready, service, key);
      add(servicesOf, key, service);
    }
  }
  const endpoints = { ready, pods, servicesOf };
  read.set(slices, endpoints);
  return endpoints;
};

const none: ReadonlySet<string> = new Set();

/** The ready endpoints of a Service among these slices: uids of the objects behind them, else addresses. */
export const readyEndpoints = (slices: readonly KubeObject[], service: string): ReadonlySet<string> => endpointsOf(slices).ready.get(service) ?? none;

const refOf = (kind: ResourceKind, of: KubeObject): Ref => ({
  group: kind.group,
  version: kind.version,
  kind: kind.kind,
  resource: kind.resource,
  namespace: of.metadata.namespace ?? null,
  name: of.metadata.name,
  uid: of.metadata.uid,
});

const left = new WeakMap<Given, Map<ReadonlySet<string>, number>>();

const readyAfter = (ready: ReadonlySet<string>, given: Given): number => {
  const known = left.get(given) ?? new Map<ReadonlySet<string>, number>();
  left.set(given, known);
  const before = known.get(ready);
  if (before !== undefined) return before;
  const going = goingUids(given);
  const after = [...ready].filter((key) => !going.has(key)).length;
  known.set(ready, after);
  return after;
};

const servicesByName = new WeakMap<readonly KubeObject[], ReadonlyMap<string, Service>>();

const byName = (services: readonly KubeObject[]): ReadonlyMap<string, Service> => {
  const known = servicesByName.get(services) ?? new Map((services as readonly Service[]).map((s) => [s.metadata.name, s]));
  servicesByName.set(services, known);
  return known;
};

/** The names of the Services that send a pod traffic, or answer with its address. */
const routesTo = (pod: Pod, services: ReadonlyMap<string, Service>, endpoints: Endpoints): ReadonlySet<string> => {
  const names = new Set(endpoints.servicesOf.get(pod.metadata.uid));
  for (const [name, { spec }] of services) {
    // The slices may be a moment behind a pod that has just become Ready; one that they know as not ready is not served.
    if (spec?.type !== 'ExternalName' && serviceSelects(spec?.selector, pod.metadata.labels) && endpoints.pods.get(name)?.has(pod.metadata.uid) !== true) names.add(name);
  }
  return names;
};

type Routed = Omit<ServiceOfPod, 'neededBy'>;

interface Looking {
  readonly routed: readonly Routed[];
  readonly looked: readonly Looked<unknown>[];
}

const look = (target: Target, given: Given, seen: Seen): Looking => {
  const pod = servingPod(target);
  if (pod === null) return { routed: [], looked: [] };
  const { namespace } = target.ref;
  const services = seen.list(serviceKind, namespace, '');
  const slices = seen.list(endpointSliceKind, namespace, '');
  const looked = [services, slices];
  if (slices.state !== 'found') return { routed: [], looked };
  const endpoints = endpointsOf(slices.value);
  const known = services.state === 'found' ? byName(services.value) : new Map<string, Service>();
  const going = goingUids(given);
  const routed = [...routesTo(pod, known, endpoints)].flatMap((name): readonly Routed[] => {
    const service = known.get(name);
    if (service !== undefined && going.has(service.metadata.uid)) return [];
    const ready = endpoints.ready.get(name) ?? none;
    const ref: Ref = service === undefined ? { group: '', version: 'v1', kind: serviceKind.kind, resource: serviceKind.resource, namespace, name, uid: null } : refOf(serviceKind, service);
    return [{ ref, headless: service?.spec?.clusterIP === 'None', readyNow: ready.size + (ready.has(pod.metadata.uid) ? 0 : 1), readyAfter: given.oneAtATime === true ? ready.size - (ready.has(pod.metadata.uid) ? 1 : 0) : readyAfter(ready, given) }];
  });
  return { routed, looked };
};

const cluster = [validatingWebhooksKind, mutatingWebhooksKind, apiServiceKind] as const;
const listOf = (kind: ResourceKind): Extract<Want, { type: 'list' }> => ({ type: 'list', kind, namespace: null, labelSelector: '', metadataOnly: false });

/** What may need a Service for the API server's own work. */
export const listsOfApiServer: readonly Extract<Want, { type: 'list' }>[] = cluster.map(listOf);

const createsPods = (rule: { readonly apiGroups?: readonly string[]; readonly resources?: readonly string[]; readonly operations?: readonly string[] }): boolean =>
  (rule.apiGroups ?? []).some((g) => g === '' || g === '*') && (rule.resources ?? []).some((r) => r === 'pods' || r === '*' || r === '*/*') && (rule.operations ?? []).some((o) => o === 'CREATE' || o === '*');

const isService = (service: Ref, named: { readonly namespace?: string; readonly name?: string } | undefined): boolean => named?.name === service.name && named.namespace === service.namespace;

/** `failurePolicy` is Fail unless it says otherwise (admissionregistration/v1): an unreachable webhook refuses what it would have checked. */
const webhooksOn = (service: Ref, kind: ResourceKind, configurations: readonly KubeObject[]): readonly NeededBy[] =>
  (configurations as readonly WebhookConfiguration[]).flatMap((configuration): readonly NeededBy[] => {
    const closed = (configuration.webhooks ?? []).filter((w) => isService(service, w.clientConfig.service) && (w.failurePolicy ?? 'Fail') === 'Fail');
    if (closed.length === 0) return [];
    return [{ kind: 'webhook', ref: refOf(kind, configuration), webhooks: closed.map((w) => w.name), checksPods: closed.some((w) => (w.rules ?? []).some(createsPods)) }];
  });

export const neededBy = (service: Ref, seen: Seen): readonly NeededBy[] => {
  const webhooks = [validatingWebhooksKind, mutatingWebhooksKind].flatMap((kind) => {
    const listed = seen.list(kind, null, '');
    return listed.state === 'found' ? webhooksOn(service, kind, listed.value) : [];
  });
  const apis = seen.list(apiServiceKind, null, '');
  if (apis.state !== 'found') return webhooks;
  const served = (apis.value as readonly ApiService[]).filter((a) => isService(service, a.spec?.service)).map((a): NeededBy => ({ kind: 'api', ref: refOf(apiServiceKind, a) }));
  return [...webhooks, ...served];
};

/** The slices of the targets' namespaces, as far as anything wanted them: whoever follows the traffic begins with them. */
export const slicesSeen = (targets: readonly Target[], seen: Seen): ReadonlyMap<string, Looked<readonly KubeObject[]>> =>
  new Map([...new Set(targets.flatMap((t) => (isPodKind(t.ref) ? [t.ref.namespace ?? ''] : [])))].map((namespace) => [namespace, seen.list(endpointSliceKind, namespace, '')]));

export const services: Fact<ServicesView> = {
  rights: [
    { group: '', resource: 'services', verbs: ['list'], scope: 'namespace' },
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'], scope: 'namespace' },
    { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: 'apiregistration.k8s.io', resource: 'apiservices', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target, given, seen) => {
    if (servingPod(target) === null) return [];
    const { routed } = look(target, given, seen);
    return [
      ...[serviceKind, endpointSliceKind].map((kind): Want => ({ type: 'list', kind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: false })),
      ...(routed.some((s) => s.readyAfter === 0) ? listsOfApiServer : []),
    ];
  },
  view: (target, given, seen) => {
    const { routed, looked } = look(target, given, seen);
    const empty = routed.some((s) => s.readyAfter === 0);
    const unread: readonly Unread[] = unreadOf([...looked, ...(empty ? cluster.map((kind) => seen.list(kind, null, '')) : [])]);
    return { services: routed.map((s) => ({ ...s, neededBy: s.readyAfter === 0 ? neededBy(s.ref, seen) : [] })), unread };
  },
};

/** The Services that this run leaves without a ready endpoint. */
export const leftEmpty = (view: ServicesView): readonly ServiceOfPod[] => view.services.filter((s) => s.readyAfter === 0);
