import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { WaitingKind } from '../../src/diagnosis/waiting-on.ts';
import type { KubeObject, Pod } from '../../src/model/wire.ts';
import type { Trouble } from '../facts/fake-reader.ts';
import { ended, healthyNode, marked, node, nodeLease, pod, running } from '../model/objects.ts';
import { reasonsFor } from './reasons-for.ts';

interface Case {
  readonly says: string;
  readonly pod: Pod;
  readonly objects?: readonly KubeObject[];
  readonly troubles?: readonly Trouble[];
  readonly waits: readonly (readonly [WaitingKind, name: string])[];
  readonly message?: RegExp;
}

const late = marked(30, 90);
const exited = { phase: 'Failed', containerStatuses: [ended('app', 143, -60)] };

const cases: readonly Case[] = [
  { says: 'a pod that lives waits for nothing', pod: pod('a'), waits: [] },
  { says: 'within the grace period that is all', pod: pod('a', { metadata: marked(30, 10) }), waits: [['grace', '20s']], message: /ends in 20 s/u },
  { says: 'a moment after the deadline SIGKILL follows', pod: pod('a', { metadata: marked(30, 33) }), waits: [['grace', '0s']] },
  { says: 'late, with its node Ready: the container', pod: pod('a', { metadata: late }), waits: [['container', 'app']], message: /60 s past the deadline, container app is still shown as running, and its node is Ready/u },
  { says: 'late, with two containers that run', pod: pod('a', { metadata: late, status: { containerStatuses: [running('app'), running('log')] } }), waits: [['container', 'app']], message: /containers app, log are/u },
  { says: 'late, with one that has ended', pod: pod('a', { metadata: late, status: { containerStatuses: [ended('app', 0, -50), running('log')] } }), waits: [['container', 'log']] },
  { says: 'late, and the container was never started', pod: pod('a', { metadata: late, status: { containerStatuses: [{ ...running('app'), state: { waiting: { reason: 'ContainerCreating' } } }] } }), waits: [['container', 'app']], message: /waiting \(ContainerCreating\)/u },
  { says: 'late, and nothing was ever reported', pod: pod('a', { metadata: late, status: { containerStatuses: [] } }), waits: [['container', 'a']], message: /nothing is reported/u },
  { says: 'late, and the node may not be read: nothing is said of it', pod: pod('a', { metadata: late }), troubles: [{ verb: 'get', resource: 'nodes', how: 'forbidden' }], waits: [['container', 'app']], message: /its node could not be read/u },
  { says: 'all containers have ended: the kubelet cleans up', pod: pod('a', { metadata: late, status: exited }), waits: [['volume', 'a']] },
  { says: 'a silent node comes first', pod: pod('a', { metadata: late }), objects: [node('node-1', 'Unknown'), nodeLease('node-1', 300)], waits: [['node', 'node-1']], message: /does not answer/u },
  { says: 'a silent node is said within the grace period already', pod: pod('a', { metadata: marked(30, 5) }), objects: [node('node-1', 'Unknown'), nodeLease('node-1', 300)], waits: [['node', 'node-1']] },
  { says: 'a kubelet that has just died', pod: pod('a', { metadata: late }), objects: [node('node-1', 'True'), nodeLease('node-1', 55)], waits: [['node', 'node-1']], message: /no sign of life for 55 s/u },
  { says: 'a node that is gone leaves it to the garbage collector', pod: pod('a', { metadata: late }), objects: [], waits: [['controller', 'pod-garbage-collector']] },
  { says: 'so does a pod on no node', pod: pod('a', { metadata: late, spec: { nodeName: '' } }), waits: [['controller', 'pod-garbage-collector']] },
  { says: 'a static pod', pod: pod('a', { metadata: { ...late, annotations: { 'kubernetes.io/config.mirror': 'x' } } }), waits: [['node', 'node-1']], message: /static pod/u },
  { says: 'only finalizers hold it', pod: pod('a', { metadata: { ...marked(0, 60), finalizers: ['a.example.com/x', 'y'] }, status: exited }), waits: [['finalizer', 'a.example.com/x'], ['finalizer', 'y']] },
  { says: 'finalizers come after what holds it first', pod: pod('a', { metadata: { ...late, finalizers: ['y'] } }), waits: [['container', 'app'], ['finalizer', 'y']] },
  { says: 'a known finalizer says who waits for what', pod: pod('a', { metadata: { ...marked(0, 60), finalizers: ['batch.kubernetes.io/job-tracking'] } }), waits: [['finalizer', 'batch.kubernetes.io/job-tracking']], message: /Job controller/u },
  { says: 'a finalizer named like a property of objects', pod: pod('a', { metadata: { ...marked(0, 60), finalizers: ['toString'] } }), waits: [['finalizer', 'toString']] },
];

describe('why a Terminating pod is still there', () => {
  for (const c of cases) {
    test(c.says, async () => {
      const reasons = await reasonsFor({ ...c, object: c.pod, objects: c.objects ?? healthyNode() });
      assert.deepEqual(reasons.map((r) => [r.kind, r.name]), c.waits);
      if (c.message !== undefined) assert.match(reasons[0]?.message ?? '', c.message);
    });
  }
});
