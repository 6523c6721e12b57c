import { healthyNode, object, pod } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };
const gadgets = { group: 'example.com', version: 'v1', kind: 'Gadget', resource: 'gadgets', namespaced: false };
const events = { group: '', version: 'v1', kind: 'Event', resource: 'events' };
const kinds = [widgets, gadgets, events];
const widget = (name: string) => object('example.com/v1', 'Widget', name);
const gadget = (name: string) => object('example.com/v1', 'Gadget', name, { metadata: { namespace: undefined } });

export const cases: CheckCases = {
  check: 'coverage',
  found: [
    { says: 'a namespaced kind that no check knows is a note', object: widget('w'), kinds, codes: ['kind-not-known'], data: { kind: 'Widget', group: 'example.com', count: 1 } },
    { says: 'a cluster-scoped one is a warning', object: gadget('g'), kinds, codes: ['cluster-kind-not-known'], data: { kind: 'Gadget', count: 1 } },
    { says: 'it is said once for a kind', object: widget('w'), also: [widget('x'), gadget('g')], kinds, codes: ['kind-not-known'], data: { count: 2 } },
  ],
  clear: [
    { says: 'pods are known', object: pod('web-a'), objects: healthyNode(), codes: ['bare-pod'] },
    { says: 'a custom resource that controller-action knows is known', object: object('argoproj.io/v1alpha1', 'AppProject', 'p'), kinds: [{ group: 'argoproj.io', version: 'v1alpha1', kind: 'AppProject', resource: 'appprojects' }], codes: ['controller-leaves'] },
    { says: 'Events are records', object: object('v1', 'Event', 'e'), also: Array.from({ length: 300 }, (_, i) => object('v1', 'Event', `e-${i}`)), kinds, codes: [] },
    { says: 'Leases are records', object: object('coordination.k8s.io/v1', 'Lease', 'l'), codes: [] },
  ],
  unknown: [],
};
