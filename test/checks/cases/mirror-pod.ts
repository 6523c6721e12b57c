import { healthyNode, marked, ownedBy, pod } from '../../model/objects.ts';
import { mounts } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const mirror = (more: Readonly<Record<string, unknown>> = {}, source = 'file') =>
  pod('etcd-node-1', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'abc', 'kubernetes.io/config.source': source }, ...ownedBy('v1', 'Node', 'node-1'), ...more } });

export const cases: CheckCases = {
  check: 'mirror-pod',
  found: [
    { says: 'a static pod is refused', pod: mirror(), objects: healthyNode(), codes: ['static-pod'], data: { node: 'node-1', source: 'file' } },
    { says: 'a static pod from a URL says so', pod: mirror({}, 'http'), objects: healthyNode(), codes: ['static-pod'], data: { source: 'http' } },
    { says: 'force changes nothing about it', pod: mirror(), objects: healthyNode(), force: true, grace: 0, codes: ['static-pod'] },
    { says: 'a static pod that is Terminating is refused too', pod: mirror(marked(30, 5)), objects: healthyNode(), codes: ['static-pod', 'already-terminating'] },
    { says: 'a silent node is not its point', pod: mirror(), codes: ['static-pod'] },
  ],
  clear: [
    { says: 'a pod that merely belongs to a Node is none', pod: pod('x', { metadata: ownedBy('v1', 'Node', 'node-1') }), objects: healthyNode(), codes: ['recreated'] },
    { says: 'the source annotation alone makes no mirror', pod: pod('x', { metadata: { annotations: { 'kubernetes.io/config.source': 'file' } }, spec: mounts() }), objects: healthyNode(), codes: ['bare-pod'] },
  ],
  unknown: [],
};
