/**
 * The traffic lane: what the EndpointSlices say of a pod. On deletion an endpoint stays, not ready and terminating, and is removed when the
 * pod's phase is terminal or the object gone; a Service that publishes addresses which are not ready keeps it ready until then
 * (docs/reference/termination.md 1.5). What kube-proxy, load balancers and clients make of it is not in the API. Pure.
 */
import type { EndpointSlice, KubeObject } from '../model/wire.ts';

/** What a Service's slices say of one pod. */
export type EndpointState = 'ready' | 'not-ready' | 'absent';

/** Service → pod uid → state; who is in no slice is not in it. */
export type Endpoints = ReadonlyMap<string, ReadonlyMap<string, 'ready' | 'not-ready'>>;

const SERVICE = 'kubernetes.io/service-name';

/** A Service can have many slices, by anyone, and a dual-stack one has each pod twice: ready anywhere is ready. Absent `ready` means true. */
export const endpointsOf = (slices: Iterable<KubeObject>): Endpoints => {
  const found = new Map<string, Map<string, 'ready' | 'not-ready'>>();
  for (const slice of slices as Iterable<EndpointSlice>) {
    const service = slice.metadata.labels?.[SERVICE];
    if (service === undefined) continue;
    const pods = found.get(service) ?? new Map<string, 'ready' | 'not-ready'>();
    found.set(service, pods);
    for (const endpoint of slice.endpoints ?? []) {
      const uid = endpoint.targetRef?.uid;
      if (uid === undefined) continue;
      if (endpoint.conditions?.ready !== false || !pods.has(uid)) pods.set(uid, endpoint.conditions?.ready === false ? 'not-ready' : 'ready');
    }
  }
  return found;
};

/** The Services whose slices hold one of these pods. */
export const servicesOf = (endpoints: Endpoints, uids: ReadonlySet<string>): readonly string[] =>
  [...endpoints].filter(([, pods]) => [...pods.keys()].some((uid) => uids.has(uid))).map(([service]) => service).toSorted();

export interface TrafficChange {
  readonly uid: string;
  readonly service: string;
  readonly phase: 'not-ready-in-endpoints' | 'removed-from-endpoints';
}

const RANK = { ready: 0, 'not-ready': 1, absent: 2 } as const;

/** What is new of these pods between two states. Traffic only ever leaves a pod that is on its way out: a way back is no news. */
export const trafficChanges = (before: Endpoints, now: Endpoints, uids: ReadonlySet<string>): readonly TrafficChange[] =>
  [...before].flatMap(([service, pods]) =>
    [...pods].flatMap(([uid, was]): readonly TrafficChange[] => {
      const is: EndpointState = now.get(service)?.get(uid) ?? 'absent';
      if (!uids.has(uid) || RANK[is] <= RANK[was]) return [];
      return [{ uid, service, phase: is === 'absent' ? 'removed-from-endpoints' : 'not-ready-in-endpoints' }];
    }),
  );
