/** What is behind a Service, Ingress, route or Gateway that is a target itself, and who needs the Service. */
import { endpointSliceKind, podKind, serviceKind, statefulSetKind } from '../discovery/built-in.ts';
import { routingOf } from '../model/backends.ts';
import type { Backend, Routing } from '../model/backends.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { KubeObject, Service, StatefulSet } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { goesAlong, goingUids, takesPodsAlong } from './going.ts';
import { listsOfApiServer, neededBy, readyEndpoints } from './services.ts';
import type { NeededBy } from './services.ts';
import { unreadOf } from './want.ts';
import type { Looked, Seen, Want } from './want.ts';

export interface ExposureView extends View {
  /** Ready endpoints behind it that stay when this run is over; of several Services together. */
  readonly ready: number;
  /** Ready endpoints behind it that go in this run. */
  readonly going: number;
  /** What an Ingress or route sends its traffic to; null for a Service and a Gateway. */
  readonly routing: Routing | null;
  /** Of a headless Service: the StatefulSets that stay and whose members have their names from it. */
  readonly sets: readonly Ref[];
}

export interface ApiBackendView extends View {
  readonly ready: number;
  /** Of a Service with ready endpoints: fail-closed webhooks and APIServices that stay and have it as their backend. */
  readonly neededBy: readonly NeededBy[];
}

const isService = ({ ref }: Target): boolean => ref.group === '' && ref.kind === serviceKind.kind;
const isHeadless = ({ object }: Target): boolean => (object as Service).spec?.clusterIP === 'None';

const unique = (backends: readonly Backend[]): readonly Backend[] => [...new Map(backends.map((b) => [`${b.namespace ?? ''}/${b.name}`, b])).values()];

interface Behind {
  readonly routing: Routing | null;
  readonly backends: readonly Backend[];
}

const behind = (target: Target): Behind => {
  if (isService(target)) return { routing: null, backends: [{ namespace: target.ref.namespace, name: target.ref.name }] };
  const routing = routingOf(`${target.ref.group}/${target.ref.kind}`, target.object);
  return { routing, backends: unique(routing?.services ?? []) };
};

type ListWant = Extract<Want, { type: 'list' }>;

const slicesOf = ({ namespace, name }: Backend): ListWant => ({ type: 'list', kind: endpointSliceKind, namespace, labelSelector: `kubernetes.io/service-name=${name}`, metadataOnly: false });
const podsOf = (namespace: string | null): ListWant => ({ type: 'list', kind: podKind, namespace, labelSelector: '', metadataOnly: true });
const setsOf = (target: Target): ListWant => ({ type: 'list', kind: statefulSetKind, namespace: target.ref.namespace, labelSelector: '', metadataOnly: false });

const listed = (want: ListWant, seen: Seen): Looked<readonly KubeObject[]> => seen.list(want.kind, want.namespace, want.labelSelector);

/** Keys of ready endpoints, without those whose pods go in this run as well. */
const staying = (backend: Backend, given: Given, seen: Seen): { readonly keys: readonly string[]; readonly going: readonly string[]; readonly looked: readonly Looked<unknown>[] } => {
  const slices = listed(slicesOf(backend), seen);
  if (slices.state !== 'found') return { keys: [], going: [], looked: [slices] };
  const all = [...readyEndpoints(slices.value, backend.name)];
  const keys = all.filter((key) => !goingUids(given).has(key));
  const named = all.filter((key) => goingUids(given).has(key));
  if (!takesPodsAlong(given) || keys.length === 0) return { keys, going: named, looked: [slices] };
  const pods = listed(podsOf(backend.namespace), seen);
  const going = pods.state === 'found' ? new Set(pods.value.filter((p) => goesAlong(p, given)).map((p) => p.metadata.uid)) : new Set<string>();
  return { keys: keys.filter((key) => !going.has(key)), going: [...named, ...keys.filter((key) => going.has(key))], looked: [slices, pods] };
};

const refOf = (set: StatefulSet): Ref => ({ group: statefulSetKind.group, version: statefulSetKind.version, kind: statefulSetKind.kind, resource: statefulSetKind.resource, namespace: set.metadata.namespace ?? null, name: set.metadata.name, uid: set.metadata.uid });

const view = (target: Target, given: Given, seen: Seen): ExposureView => {
  const { routing, backends } = behind(target);
  const ends = backends.map((b) => staying(b, given, seen));
  const ready = new Set(ends.flatMap((e) => e.keys)).size;
  const sets = isService(target) && isHeadless(target) ? [listed(setsOf(target), seen)] : [];
  const named = sets.flatMap((l) => (l.state === 'found' ? (l.value as readonly StatefulSet[]) : [])).filter((s) => s.spec?.serviceName === target.ref.name && !goingUids(given).has(s.metadata.uid));
  return { ready, going: new Set(ends.flatMap((e) => e.going)).size, routing, sets: named.map(refOf), unread: unreadOf([...ends.flatMap((e) => e.looked), ...sets]) };
};

export const exposure: Fact<ExposureView> = {
  rights: [
    { group: 'discovery.k8s.io', resource: 'endpointslices', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'pods', verbs: ['list'], scope: 'namespace' },
    { group: 'apps', resource: 'statefulsets', verbs: ['list'], scope: 'namespace' },
  ],
  wants: (target, given) => {
    const { backends } = behind(target);
    const pods = takesPodsAlong(given) ? [...new Set(backends.map((b) => b.namespace))].map(podsOf) : [];
    return [...backends.map(slicesOf), ...pods, ...(isService(target) && isHeadless(target) ? [setsOf(target)] : [])];
  },
  view,
};

/** The Service as a backend of the API server. One without ready endpoints serves nobody already. */
export const apiBackend: Fact<ApiBackendView> = {
  rights: [
    { group: 'admissionregistration.k8s.io', resource: 'validatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: 'admissionregistration.k8s.io', resource: 'mutatingwebhookconfigurations', verbs: ['list'], scope: 'cluster' },
    { group: 'apiregistration.k8s.io', resource: 'apiservices', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target, given, seen) => (isService(target) ? [...behind(target).backends.map(slicesOf), ...(view(target, given, seen).ready > 0 ? listsOfApiServer : [])] : []),
  view: (target, given, seen) => {
    if (!isService(target)) return { ready: 0, neededBy: [], unread: [] };
    const { ready } = view(target, given, seen);
    const slices = behind(target).backends.map((b) => listed(slicesOf(b), seen));
    if (ready === 0) return { ready, neededBy: [], unread: unreadOf(slices) };
    const going = goingUids(given);
    return { ready, neededBy: neededBy(target.ref, seen).filter((n) => !going.has(n.ref.uid ?? '')), unread: unreadOf([...slices, ...listsOfApiServer.map((want) => listed(want, seen))]) };
  },
};
