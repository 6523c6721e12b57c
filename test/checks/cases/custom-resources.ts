import type { KubeObject } from '../../../src/model/wire.ts';
import { object, time } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const widgets = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };
const gadgets = { group: 'example.com', version: 'v1', kind: 'Gadget', resource: 'gadgets', namespaced: false };

const definition = (of: { readonly group: string; readonly kind: string; readonly resource: string }, parts: Parts = {}): KubeObject =>
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', `${of.resource}.${of.group}`, {
    ...parts,
    spec: { group: of.group, names: { plural: of.resource, kind: of.kind }, scope: 'Namespaced', versions: [{ name: 'v1beta1', served: false, storage: false }, { name: 'v1', served: true, storage: true }], ...parts.spec },
  });
const widget = (name: string, metadata: Parts['metadata'] = {}) => object('example.com/v1', 'Widget', name, { metadata });
const converted = { conversion: { strategy: 'Webhook', webhook: { clientConfig: { service: { namespace: 'widgets', name: 'widget-operator' } } } } };
const kinds = [widgets, gadgets];

export const cases: CheckCases = {
  check: 'custom-resources',
  found: [
    {
      says: 'the instances of all namespaces go with the definition',
      object: definition(widgets),
      kinds,
      objects: [widget('a'), widget('b', { namespace: 'other' })],
      codes: ['instances-go'],
      data: { kind: 'Widget', count: 2, atLeast: false, namespaces: 2, names: ['shop/a', 'other/b'], controller: null },
    },
    { says: 'cluster-scoped ones go as well', object: definition(gadgets, { spec: { scope: 'Cluster' } }), kinds, objects: [object('example.com/v1', 'Gadget', 'g', { metadata: { namespace: undefined } })], codes: ['instances-go'], data: { count: 1, namespaces: 0, names: ['g'] } },
    { says: 'behind the first page the server counts them', object: definition(widgets), kinds, objects: Array.from({ length: 700 }, (_, i) => widget(`w-${i}`)), codes: ['instances-go'], data: { count: 700, atLeast: false } },
    { says: 'their finalizers hold the definition', object: definition(widgets), kinds, objects: [widget('a', { finalizers: ['example.com/cleanup'] }), widget('b')], codes: ['instances-go', 'instances-held'], data: { finalizers: [{ name: 'example.com/cleanup', count: 1 }] } },
    { says: 'the service that converts them is that of their controller', object: definition(widgets, { spec: converted }), kinds, objects: [widget('a')], codes: ['instances-go'], data: { controller: 'widgets/widget-operator' } },
    { says: 'a definition without instances is a note', object: definition(widgets), kinds, codes: ['no-instances'], data: { kind: 'Widget' } },
  ],
  clear: [
    { says: 'instances of another kind are not its own', object: definition(gadgets), kinds, objects: [widget('a')], codes: ['no-instances'] },
    { says: 'a definition that serves no version has none that could be listed', object: definition(widgets, { spec: { versions: [] } }), kinds, objects: [widget('a')], codes: ['no-instances'] },
    { says: 'one that is Terminating already is not asked about again', object: definition(widgets, { metadata: { deletionTimestamp: time(-60) } }), kinds, objects: [widget('a')], codes: ['already-terminating'] },
  ],
  unknown: [
    { says: 'instances of a kind that is not served are unknown', object: definition({ group: 'other.example.com', kind: 'Nut', resource: 'nuts' }), kinds, codes: [], troubles: [{ verb: 'list', resource: 'nuts', how: 'not-found-page' }], unknown: ['custom-resources'] },
    { says: 'instances that may not be listed are unknown', object: definition(widgets), kinds, objects: [widget('a')], troubles: [{ verb: 'list', resource: 'widgets', how: 'forbidden' }], codes: [], unknown: ['custom-resources'] },
  ],
};
