import type { Pod } from '../../../src/model/wire.ts';
import { healthyNode, marked, object, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const lone = (n: number, parts: Parts = {}): readonly Pod[] => Array.from({ length: n }, (_, i) => pod(`lone-${i}`, parts));
const finished: Parts = { status: { phase: 'Failed', reason: 'Evicted', conditions: [] } };
const [first = pod('lone-0'), ...others] = lone(21);
const objects = healthyNode();
const spaces = ['shop', 'team', 'old'].map((namespace) => pod('lone', { metadata: { namespace, uid: `uid-${namespace}` } }));
const [inShop = first, ...inOthers] = spaces;
const nodes = ['a', 'b'].map((name) => object('v1', 'Widget', name, { metadata: { namespace: undefined } }));
const [widget = first, ...widgets] = nodes;
const widgetKind = { group: '', version: 'v1', kind: 'Widget', resource: 'widgets' };
const kinds = [widgetKind];
const evicted = lone(300, finished);

export const cases: CheckCases = {
  check: 'scope',
  found: [
    { says: '21 objects are many', pod: first, also: others, objects, codes: ['bare-pod', 'many-objects'], data: { count: 21, limit: 20 } },
    { says: 'finished pods beside them are not counted', pod: first, also: [...others, ...lone(5, finished).map((p) => ({ ...p, metadata: { ...p.metadata, name: `old-${p.metadata.name}`, uid: `uid-old-${p.metadata.name}` } }))], objects, codes: ['bare-pod', 'many-objects'], data: { count: 21 } },
    { says: 'it is said on the first that counts', pod: others[0] ?? first, also: [...others.slice(1), first], objects, codes: ['bare-pod', 'many-objects'] },
    { says: 'everything of a kind without namespaces is refused, each of it', object: widget, also: widgets, kinds, selection: { all: true }, codes: ['all-of-cluster-scoped-kind', 'cluster-kind-not-known'], data: { kind: 'Widget', count: 2 } },
    { says: 'a namespace beside it does not make it less', object: widget, kinds, selection: { all: true, namespaceGiven: true }, codes: ['all-of-cluster-scoped-kind', 'cluster-kind-not-known'] },
    { says: 'everything in every namespace is refused', pod: inShop, also: inOthers, objects, selection: { all: true, allNamespaces: true }, codes: ['bare-pod', 'all-in-all-namespaces'], data: { count: 3, namespaces: 3 } },
    { says: 'a selector in every namespace is asked about', pod: inShop, also: inOthers, objects, selection: { allNamespaces: true, labelSelector: 'app=lone' }, codes: ['bare-pod', 'selector-in-all-namespaces'], data: { selector: 'app=lone', count: 3, namespaces: ['old', 'shop', 'team'] } },
    { says: 'so is a selector by fields', pod: inShop, objects, selection: { allNamespaces: true, fieldSelector: 'spec.nodeName=node-1' }, codes: ['bare-pod', 'selector-in-all-namespaces'] },
    { says: 'one that runs among 300 evicted pods is enough', pod: inShop, also: evicted, objects, selection: { allNamespaces: true, fieldSelector: 'spec.nodeName=node-1' }, codes: ['bare-pod', 'selector-in-all-namespaces'], data: { count: 1, namespaces: ['shop'] } },
    ...['!app', 'app!=web', 'app notin (web,api)', 'app!=web,!tier'].map((labelSelector) => ({ says: `a selector of negations only: ${labelSelector}`, pod: first, objects, selection: { labelSelector }, codes: ['bare-pod', 'only-negations'] as const, data: { selector: labelSelector, count: 1 } })),
    { says: 'a selector by fields that only negates', pod: first, objects, selection: { fieldSelector: 'status.phase!=Running' }, codes: ['bare-pod', 'only-negations'] },
    { says: 'both selectors only negate', pod: first, objects, selection: { labelSelector: '!app', fieldSelector: 'status.phase!=Running' }, codes: ['bare-pod', 'only-negations'] },
    { says: 'a namespace beside a named object that has none is a note', object: widget, kinds, selection: { namespaceGiven: true }, codes: ['namespace-means-nothing', 'cluster-kind-not-known'] },
    { says: 'the category all is not everything', pod: first, objects, selection: { all: true, categoryAll: true }, codes: ['bare-pod', 'all-leaves-some'] },
  ],
  clear: [
    { says: 'all pods of a namespace are all that is asked for', pod: first, objects, selection: { all: true, categoryAll: false }, codes: ['bare-pod'] },
    { says: 'all of a kind in one namespace is what it looks like', pod: inShop, objects, selection: { all: true, namespaceGiven: true }, codes: ['bare-pod'] },
    { says: '300 evicted pods of every namespace are no question', pod: evicted[0] ?? first, also: evicted.slice(1), objects, selection: { allNamespaces: true, fieldSelector: 'status.phase=Failed' }, codes: ['finished-pod'] },
    { says: 'nor by what they are not', pod: evicted[0] ?? first, also: evicted.slice(1), objects, selection: { allNamespaces: true, fieldSelector: 'status.phase!=Running' }, codes: ['finished-pod'] },
    { says: 'a negation beside what is meant', pod: first, objects, selection: { labelSelector: 'app=lone,tier!=db' }, codes: ['bare-pod'] },
    { says: 'a negation by label beside a field that is meant', pod: first, objects, selection: { labelSelector: '!app', fieldSelector: 'status.phase=Running' }, codes: ['bare-pod'] },
    { says: 'a label that is there, and one in a set', pod: first, objects, selection: { labelSelector: 'app,tier in (a,b)' }, codes: ['bare-pod'] },
    { says: 'a named object that has no namespace, without one on the command line', object: widget, also: widgets, kinds, codes: ['cluster-kind-not-known'] },
    { says: 'a namespace beside files says where the others go', object: widget, kinds, selection: { namespaceGiven: true, manifests: true }, codes: ['cluster-kind-not-known'] },
    { says: '20 objects are not', pod: first, also: others.slice(1), objects, codes: ['bare-pod'] },
    { says: 'and not on the others', pod: pod('last', finished), also: [first, ...others], objects, codes: ['finished-pod'] },
    { says: '300 evicted pods are no question', pod: pod('evicted', finished), also: lone(300, finished), objects, codes: ['finished-pod'] },
    { says: 'what is Terminating already is not deleted by this run', pod: first, also: [...others.slice(1), pod('going', { metadata: marked(30, 5) })], objects, codes: ['bare-pod'] },
  ],
  unknown: [],
};
