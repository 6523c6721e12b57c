import { ended, healthyNode, marked, node, time } from '../../model/objects.ts';
import { webController, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const going = (graceSeconds: number, ago: number, more: Readonly<Record<string, unknown>> = {}, status = {}) => webPod('web-a', { metadata: { ...marked(graceSeconds, ago), ...more }, status });
const mark = 'already-terminating' as const;

export const cases: CheckCases = {
  check: 'terminating',
  found: [
    { says: 'the deadline is deletionTimestamp, the request was its grace period earlier', pod: going(30, 5), objects: webWorkload, codes: [mark], data: { deadline: time(25), since: new Date(Date.parse(time(-5))).toISOString(), overdueSeconds: 0, waitsFor: 'its grace period', graceLowered: false } },
    { says: 'past the deadline it waits for its containers', pod: going(30, 90), objects: webWorkload, codes: [mark], data: { overdueSeconds: 60, waitsFor: 'its containers to end' } },
    { says: 'containers that have ended wait for the kubelet', pod: going(30, 5, {}, { containerStatuses: [ended('app', 0, -1)] }), objects: webWorkload, codes: [mark], data: { waitsFor: "the kubelet's clean-up" } },
    { says: 'with grace 0 only its finalizers hold it', pod: going(0, 5, { finalizers: ['a.example.com/x', 'b'] }), objects: webWorkload, codes: [mark], data: { waitsFor: 'finalizer a.example.com/x, b' } },
    { says: 'a finalizer comes after the grace period', pod: going(30, 5, { finalizers: ['b'] }), objects: webWorkload, codes: [mark], data: { waitsFor: 'its grace period, then finalizer b' } },
    { says: 'on a silent node it waits for the kubelet', pod: going(30, 90), objects: [node('node-1', 'Unknown'), ...webController], codes: [mark], data: { waitsFor: 'node node-1, whose kubelet does not answer' } },
    { says: 'without a node it waits for the garbage collector', pod: going(30, 90), objects: webController, codes: [mark], data: { waitsFor: 'the pod garbage collector: its node is gone' } },
    { says: 'a shorter grace period is sent, and then the other checks count', pod: going(30, 5), objects: webWorkload, grace: 2, codes: ['recreated', mark, 'shorter-grace'], data: { graceLowered: true } },
    { says: 'a longer grace period changes nothing', pod: going(30, 5), objects: webWorkload, grace: 60, codes: [mark], data: { graceLowered: false } },
  ],
  clear: [{ says: 'a pod that lives', pod: webPod('web-a'), objects: webWorkload, codes: ['recreated'] }],
  unknown: [
    { says: 'a node that may not be read does not hide the mark', pod: going(30, 5), objects: [...healthyNode()], troubles: [{ verb: 'get', resource: 'nodes', how: 'forbidden' }], codes: [mark], unknown: [] },
  ],
};
