import type { Pod } from '../../../src/model/wire.ts';
import { healthyNode, marked, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const lone = (n: number, parts: Parts = {}): readonly Pod[] => Array.from({ length: n }, (_, i) => pod(`lone-${i}`, parts));
const finished: Parts = { status: { phase: 'Failed', reason: 'Evicted', conditions: [] } };
const [first = pod('lone-0'), ...others] = lone(21);
const objects = healthyNode();

export const cases: CheckCases = {
  check: 'scope',
  found: [
    { says: '21 objects are many', pod: first, also: others, objects, codes: ['bare-pod', 'many-objects'], data: { count: 21, limit: 20 } },
    { says: 'finished pods beside them are not counted', pod: first, also: [...others, ...lone(5, finished).map((p) => ({ ...p, metadata: { ...p.metadata, name: `old-${p.metadata.name}`, uid: `uid-old-${p.metadata.name}` } }))], objects, codes: ['bare-pod', 'many-objects'], data: { count: 21 } },
    { says: 'it is said on the first that counts', pod: others[0] ?? first, also: [...others.slice(1), first], objects, codes: ['bare-pod', 'many-objects'] },
  ],
  clear: [
    { says: '20 objects are not', pod: first, also: others.slice(1), objects, codes: ['bare-pod'] },
    { says: 'and not on the others', pod: pod('last', finished), also: [first, ...others], objects, codes: ['finished-pod'] },
    { says: '300 evicted pods are no question', pod: pod('evicted', finished), also: lone(300, finished), objects, codes: ['finished-pod'] },
    { says: 'what is Terminating already is not deleted by this run', pod: first, also: [...others.slice(1), pod('going', { metadata: marked(30, 5) })], objects, codes: ['bare-pod'] },
  ],
  unknown: [],
};
