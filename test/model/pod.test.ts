import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { allContainersEnded, deletionChangesSomething, effectiveGrace, isDebugPod, isServing } from '../../src/model/pod.ts';
import { majorityOf, revisionOnReturn } from '../../src/model/stateful-set.ts';
import { ended, marked, notReady, pod, running } from './objects.ts';
import { statefulSet } from './workloads.ts';

describe('the grace period that the API server will choose', () => {
  const rows: readonly (readonly [says: string, of: ReturnType<typeof pod>, requested: number | null, seconds: number])[] = [
    ["the pod's own", pod('a'), null, 30],
    ['the requested one', pod('a'), 5, 5],
    ['a longer requested one', pod('a'), 300, 300],
    ['0 when 0 is requested', pod('a'), 0, 0],
    ['30 where the spec says nothing', pod('a', { spec: { terminationGracePeriodSeconds: undefined } }), null, 30],
    ['0 where the spec says 0: a force in disguise', pod('a', { spec: { terminationGracePeriodSeconds: 0 } }), null, 0],
    ['1 for a negative one', pod('a', { spec: { terminationGracePeriodSeconds: -1 } }), null, 1],
    ['0 on no node, whatever is requested', pod('a', { spec: { nodeName: '' } }), 60, 0],
    ['0 when it has succeeded', pod('a', { status: { phase: 'Succeeded' } }), 60, 0],
    ['0 when it has failed', pod('a', { status: { phase: 'Failed' } }), null, 0],
  ];
  for (const [says, of, requested, seconds] of rows) {
    test(says, () => {
      assert.equal(effectiveGrace(of, requested), seconds);
    });
  }
});

test('what serves is Ready, not Terminating and not finished', () => {
  assert.ok(isServing(pod('a')));
  for (const not of [pod('a', { status: notReady }), pod('a', { metadata: marked(30, 0) }), pod('a', { status: { phase: 'Failed' } }), pod('a', { status: { conditions: [] } })]) assert.ok(!isServing(not));
});

test('all containers have ended when every one of them, sidecars too, is reported so', () => {
  assert.ok(allContainersEnded(pod('a', { status: { containerStatuses: [ended('app', 0, 1)] } })));
  assert.ok(!allContainersEnded(pod('a', { status: { containerStatuses: [ended('app', 0, 1), running('log')] } })));
  assert.ok(!allContainersEnded(pod('a', { status: { initContainerStatuses: [running('proxy')], containerStatuses: [ended('app', 0, 1)] } })));
  assert.ok(!allContainersEnded(pod('a', { status: { containerStatuses: [] } })), 'nothing reported proves nothing');
});

test('a second DELETE changes something only with a shorter grace period', () => {
  const going = pod('a', { metadata: marked(30, 5) });
  assert.deepEqual([null, 60, 30, 29, 0].map((grace) => deletionChangesSomething(going, grace)), [false, false, false, true, true]);
  assert.ok(deletionChangesSomething(pod('a'), null));
  assert.ok(!deletionChangesSomething(pod('a', { metadata: marked(0, 5) }), 0));
});

test('a debug pod is told by its label, or by the name and container of older node debuggers', () => {
  assert.ok(isDebugPod(pod('x', { metadata: { labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } } })));
  assert.ok(isDebugPod(pod('node-debugger-n-1', { spec: { containers: [{ name: 'debugger', image: 'b' }] } })));
  assert.ok(!isDebugPod(pod('node-debugger-n-1')));
  assert.ok(!isDebugPod(pod('web-debugger', { spec: { containers: [{ name: 'debugger', image: 'b' }] } })));
});

test('the majority of a set', () => {
  assert.deepEqual([1, 2, 3, 4, 5, 7].map(majorityOf), [1, 2, 2, 3, 3, 4]);
});

describe('the revision that a pod of a StatefulSet comes back with', () => {
  const updating = { currentRevision: 'r1', updateRevision: 'r2', currentReplicas: 2 };
  const rows: readonly (readonly [says: string, spec: object, ordinal: number, revision: string | null])[] = [
    ['the new one, with a rolling update', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } } }, 0, 'r2'],
    ['the old one below the partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 1, 'r1'],
    ['the new one at the partition', { updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 2, 'r2'],
    ['counted from the start of the ordinals', { ordinals: { start: 5 }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 2 } } }, 6, 'r1'],
    ['the new one with OnDelete', { updateStrategy: { type: 'OnDelete' } }, 0, 'r2'],
    ['without a partition, the old one for those that are not updated yet', { updateStrategy: { type: 'RollingUpdate' } }, 1, 'r1'],
    ['and the new one for the others', { updateStrategy: { type: 'RollingUpdate' } }, 2, 'r2'],
  ];
  for (const [says, spec, ordinal, revision] of rows) {
    test(says, () => {
      assert.equal(revisionOnReturn(statefulSet({ spec: { ...spec }, status: updating }), ordinal), revision);
    });
  }

  test('is not known without a status', () => {
    assert.equal(revisionOnReturn(statefulSet({ status: { currentRevision: undefined, updateRevision: undefined } }), 0), null);
  });
});
