/** What is in a namespace: one page of metadata of every kind that can be listed and deleted, as the namespace controller deletes them. */
import { apiServiceKind, claimKind, serviceKind, volumeKind } from '../discovery/built-in.ts';
import type { ServedKind } from '../discovery/served.ts';
import type { Ref } from '../model/ref.ts';
import type { Target } from '../model/target.ts';
import type { ApiService, Claim, KubeObject, Service, Volume } from '../model/wire.ts';
import type { Fact, Given, View } from './fact.ts';
import { knownFinalizer } from './known-finalizers.ts';
import { unreadOf } from './want.ts';
import type { Looked, Page, Seen, Unread, Want } from './want.ts';

/** What of one kind would go. */
export interface ContentOfKind {
  readonly kind: Pick<ServedKind, 'group' | 'version' | 'kind' | 'resource'>;
  /** Those that were read and that nothing else in the namespace owns. */
  readonly own: readonly KubeObject[];
  /** Of those, with the ones behind the first page. */
  readonly count: number;
  readonly atLeast: boolean;
}

export interface ClaimInside {
  readonly ref: Ref;
  readonly volume: string | null;
  /** What becomes of the volume; unknown counts as Delete. */
  readonly reclaim: 'Delete' | 'Retain' | 'unknown';
}

export interface BrokenApi {
  readonly name: string;
  readonly reason: string;
  readonly message: string;
}

export interface ContentsView extends View {
  /** Without what every namespace gets by itself, and without what others here own. */
  readonly kinds: readonly ContentOfKind[];
  /** Objects that others here own, and that go with them. */
  readonly owned: number;
  /** Kinds and groups whose objects could not be listed. */
  readonly notListed: readonly string[];
  /** Services of type LoadBalancer that have got one: an address outside of the cluster goes with each. */
  readonly loadBalancers: readonly Ref[];
  /** Bound claims, without those that live and die with a pod. */
  readonly claims: readonly ClaimInside[];
  /** Finalizers of what is in it that no part of Kubernetes itself removes, with how many objects have each. */
  readonly finalizers: readonly { readonly name: string; readonly count: number }[];
  /** APIs whose server does not answer: the namespace controller waits for them. */
  readonly broken: readonly BrokenApi[];
}

const empty: ContentsView = { kinds: [], owned: 0, notListed: [], loadBalancers: [], claims: [], finalizers: [], broken: [], unread: [] };

/** One that no cloud has answered has no address to lose; a finalizer says that something is there already. */
const hasLoadBalancer = ({ metadata, spec, status }: Service): boolean => spec?.type === 'LoadBalancer' && ((status?.loadBalancer?.ingress ?? []).length > 0 || (metadata.finalizers ?? []).length > 0);

export const isNamespaceKind = (ref: Pick<Ref, 'group' | 'kind'>): boolean => ref.group === '' && ref.kind === 'Namespace';

/** Written by controllers about other things, again and again; nothing is lost with them. */
const RECORDS: ReadonlySet<string> = new Set(['/events', 'events.k8s.io/events', 'coordination.k8s.io/leases', '/endpoints', 'discovery.k8s.io/endpointslices']);

/** What controllers put into every namespace (root-ca-publisher, serviceaccount-controller; OpenShift's and Istio's alike). */
const GIVEN: Readonly<Record<string, readonly string[]>> = {
  '/configmaps': ['kube-root-ca.crt', 'openshift-service-ca.crt', 'istio-ca-root-cert'],
  '/serviceaccounts': ['default', 'builder', 'deployer'],
};

const keyOfKind = ({ group, resource }: Pick<ServedKind, 'group' | 'resource'>): string => `${group}/${resource}`;

export const isGiven = (kind: ServedKind, { metadata }: KubeObject): boolean => {
  if (GIVEN[keyOfKind(kind)]?.includes(metadata.name) === true) return true;
  // The API server's own Service, which it makes again.
  if (keyOfKind(kind) === '/services' && metadata.namespace === 'default' && metadata.name === 'kubernetes') return true;
  // The token of such an account.
  return keyOfKind(kind) === '/secrets' && (GIVEN['/serviceaccounts'] ?? []).includes(metadata.annotations?.['kubernetes.io/service-account.name'] ?? '');
};

/** The namespace controller deletes what can be listed and deleted (namespaced_resources_deleter.go). */
export const isContent = (kind: ServedKind): boolean => kind.namespaced && kind.verbs.includes('list') && kind.verbs.includes('delete') && !RECORDS.has(keyOfKind(kind));

const nameOf = ({ group, resource }: Pick<ServedKind, 'group' | 'resource'>): string => (group === '' ? resource : `${resource}.${group}`);

/** Read whole, because their spec tells what goes with them. */
const wholeKinds: ReadonlyMap<string, Pick<ServedKind, 'group' | 'version' | 'resource'>> = new Map([serviceKind, claimKind].map((k) => [keyOfKind(k), k]));

const pageOf = (kind: ServedKind, namespace: string, seen: Seen): { readonly want: Want; readonly looked: Looked<Page> } => {
  const whole = wholeKinds.get(keyOfKind(kind));
  if (whole === undefined) return { want: { type: 'page', kind, namespace }, looked: seen.page(kind, namespace) };
  const looked = seen.list(whole, namespace, '');
  return { want: { type: 'list', kind: whole, namespace, labelSelector: '', metadataOnly: false }, looked: looked.state === 'found' ? { state: 'found', value: { items: looked.value, remaining: 0 } } : looked };
};

const refOf = (kind: Pick<ServedKind, 'group' | 'version' | 'kind' | 'resource'>, { metadata }: KubeObject): Ref => ({
  group: kind.group,
  version: kind.version,
  kind: kind.kind,
  resource: kind.resource,
  namespace: metadata.namespace ?? null,
  name: metadata.name,
  uid: metadata.uid,
});

interface Look {
  readonly wants: readonly Want[];
  readonly view: ContentsView;
}

interface Listed {
  readonly kind: ServedKind;
  readonly page: Page;
}

const sorted = (listed: readonly Listed[]): Pick<ContentsView, 'kinds' | 'owned'> => {
  const all = new Set(listed.flatMap(({ page }) => page.items.map((o) => o.metadata.uid)));
  // Two groups may serve the same objects.
  const counted = new Set<string>();
  let owned = 0;
  const kinds = listed.flatMap(({ kind, page }): readonly ContentOfKind[] => {
    const fresh = page.items.filter((o) => !counted.has(o.metadata.uid) && !isGiven(kind, o));
    for (const o of fresh) counted.add(o.metadata.uid);
    const own = fresh.filter((o) => !(o.metadata.ownerReferences ?? []).some((r) => all.has(r.uid)));
    owned += fresh.length - own.length;
    // Whether those behind the first page are owned is not known: they count as the ones before them.
    const behind = own.length === 0 ? 0 : (page.remaining ?? 0);
    if (own.length === 0) owned += page.remaining ?? 0;
    return own.length === 0 ? [] : [{ kind, own, count: own.length + behind, atLeast: page.remaining === null }];
  });
  return { kinds, owned };
};

const finalizersOf = (listed: readonly Listed[]): ContentsView['finalizers'] => {
  const objects = new Map(listed.flatMap(({ page }) => page.items.map((o) => [o.metadata.uid, o])));
  const counts = new Map<string, number>();
  for (const name of [...objects.values()].flatMap((o) => o.metadata.finalizers ?? [])) if (knownFinalizer(name) === null) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).toSorted((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
};

const claimsOf = (claims: readonly Claim[], seen: Seen): { readonly wants: readonly Want[]; readonly found: readonly ClaimInside[]; readonly unread: readonly Unread[] } => {
  const wants: Want[] = [];
  const unread: Unread[] = [];
  const found = claims.flatMap((claim): readonly ClaimInside[] => {
    const volume = claim.spec?.volumeName ?? null;
    if (volume === null || (claim.metadata.ownerReferences ?? []).some((r) => r.kind === 'Pod')) return [];
    wants.push({ type: 'object', kind: volumeKind, namespace: null, name: volume, metadataOnly: false });
    const looked = seen.object(volumeKind, null, volume);
    unread.push(...unreadOf([looked]));
    const policy = looked.state === 'found' ? (looked.value as Volume).spec?.persistentVolumeReclaimPolicy : undefined;
    return [{ ref: refOf(claimKind, claim), volume, reclaim: policy === undefined ? 'unknown' : policy === 'Retain' ? 'Retain' : 'Delete' }];
  });
  return { wants, found, unread };
};

const brokenOf = (services: Looked<readonly KubeObject[]>): readonly BrokenApi[] =>
  services.state === 'found'
    ? (services.value as readonly ApiService[]).flatMap((service) => {
        const available = service.status?.conditions?.find((c) => c.type === 'Available');
        return available?.status === 'False' ? [{ name: service.metadata.name, reason: available.reason ?? '', message: available.message ?? '' }] : [];
      })
    : [];

const look = (target: Target, seen: Seen): Look => {
  if (!isNamespaceKind(target.ref)) return { wants: [], view: empty };
  const apis: Want = { type: 'list', kind: apiServiceKind, namespace: null, labelSelector: '', metadataOnly: false };
  const wants: Want[] = [{ type: 'served' }, apis];
  const apiServices = seen.list(apiServiceKind, null, '');
  const served = seen.served();
  const broken = brokenOf(apiServices);
  if (served.state !== 'found') {
    const notListed = served.state === 'unread' ? ['everything'] : [];
    return { wants, view: { ...empty, notListed, broken, unread: unreadOf([served, apiServices]) } };
  }
  const looks = served.value.kinds.filter(isContent).map((kind) => ({ kind, ...pageOf(kind, target.ref.name, seen) }));
  wants.push(...looks.map((l) => l.want));
  const services = seen.list(serviceKind, target.ref.name, '');
  const claims = seen.list(claimKind, target.ref.name, '');
  const data = claimsOf(claims.state === 'found' ? claims.value : [], seen);
  const listed = looks.flatMap(({ kind, looked }): readonly Listed[] => (looked.state === 'found' ? [{ kind, page: looked.value }] : []));
  const stale = served.value.stale.map((gv) => `the kinds of ${gv}`);
  return {
    wants: [...wants, ...data.wants],
    view: {
      ...sorted(listed),
      notListed: [...looks.filter((l) => l.looked.state === 'unread').map((l) => nameOf(l.kind)), ...stale],
      loadBalancers: services.state === 'found' ? (services.value as readonly Service[]).filter(hasLoadBalancer).map((s) => refOf(serviceKind, s)) : [],
      claims: data.found,
      finalizers: finalizersOf(listed),
      broken,
      unread: [...unreadOf([...looks.map((l) => l.looked), apiServices]), ...data.unread, ...served.value.stale.map((gv): Unread => ({ verb: 'get', group: gv.includes('/') ? (gv.split('/')[0] ?? '') : '', resource: '', namespace: null, why: `the API server of ${gv} does not answer`, denied: false }))],
    },
  };
};

export const contents: Fact<ContentsView> = {
  // Every kind that is not here and may not be listed is said by name: the count is "at least" then.
  rights: [
    { group: '', resource: 'services', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumeclaims', verbs: ['list'], scope: 'namespace' },
    { group: '', resource: 'persistentvolumes', verbs: ['get', 'list'], scope: 'cluster' },
    { group: 'apiregistration.k8s.io', resource: 'apiservices', verbs: ['list'], scope: 'cluster' },
  ],
  wants: (target, _given: Given, seen) => look(target, seen).wants,
  view: (target, _given, seen) => look(target, seen).view,
};
