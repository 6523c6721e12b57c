import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Ref } from '../../src/model/ref.ts';
import { inWaves } from '../../src/plan/order.ts';
import type { PlannedTarget } from '../../src/plan/plan.ts';
import { pod } from '../model/objects.ts';
import { judged, planOf } from './planned.ts';

/** `apps/Deployment/web`, `Pod/a`: group and kind as an owner reference has them. */
const refOf = (word: string): Ref & { readonly uid: string } => {
  const [name = '', kind = '', group = ''] = word.split('/').toReversed();
  return { group, version: 'v1', kind, resource: `${kind.toLowerCase()}s`, namespace: 'shop', name, uid: `uid-${kind}-${name}` };
};

const planned = (word: string, ...owners: readonly string[]): PlannedTarget => {
  const [made] = planOf([judged(pod('x'))]).targets;
  if (made === undefined) throw new Error('no target');
  return { ...made, target: { ...made.target, ref: refOf(word) }, owners: owners.map(refOf) };
};

const waves = (...targets: readonly PlannedTarget[]): readonly (readonly string[])[] => inWaves(targets).map((wave) => wave.map((t) => `${t.target.ref.kind}/${t.target.ref.name}`));

describe('the order in which targets are sent', () => {
  const cases: readonly (readonly [says: string, targets: readonly PlannedTarget[], expected: readonly (readonly string[])[]])[] = [
    ['targets without relation go at once, in their order', [planned('Pod/b'), planned('Pod/a')], [['Pod/b', 'Pod/a']]],
    ['a Deployment before its ReplicaSet before its pods', [planned('Pod/a', 'apps/ReplicaSet/w', 'apps/Deployment/w'), planned('apps/ReplicaSet/w', 'apps/Deployment/w'), planned('apps/Deployment/w')], [['Deployment/w'], ['ReplicaSet/w'], ['Pod/a']]],
    ['an owner of the same kind first', [planned('Pod/executor', 'Pod/driver'), planned('Pod/driver')], [['Pod/driver'], ['Pod/executor']]],
    ['a Service before the slices that it owns', [planned('discovery.k8s.io/EndpointSlice/web-x', 'Service/web'), planned('Service/web')], [['Service/web'], ['EndpointSlice/web-x']]],
    ['an owner of a late kind before a workload', [planned('apps/Deployment/w', 'ConfigMap/c'), planned('Pod/a', 'apps/ReplicaSet/w', 'apps/Deployment/w', 'ConfigMap/c'), planned('ConfigMap/c')], [['ConfigMap/c'], ['Deployment/w'], ['Pod/a']]],
    ['an owner that is no target does not matter', [planned('Pod/a', 'apps/ReplicaSet/w'), planned('Pod/b')], [['Pod/a', 'Pod/b']]],
    ['users before what they use', [planned('PersistentVolumeClaim/data'), planned('ConfigMap/c'), planned('Pod/a'), planned('PersistentVolume/v'), planned('Service/s')], [['Pod/a'], ['Service/s'], ['ConfigMap/c'], ['PersistentVolumeClaim/data'], ['PersistentVolume/v']]],
    ['an autoscaler before what it scales', [planned('apps/Deployment/w'), planned('autoscaling/HorizontalPodAutoscaler/w')], [['HorizontalPodAutoscaler/w'], ['Deployment/w']]],
    ['custom resources first, their definition late', [planned('apiextensions.k8s.io/CustomResourceDefinition/t'), planned('Pod/a'), planned('example.com/Thing/t')], [['Thing/t'], ['Pod/a'], ['CustomResourceDefinition/t']]],
    ['a Namespace last', [planned('Namespace/shop'), planned('Node/n'), planned('apps/Deployment/w')], [['Deployment/w'], ['Node/n'], ['Namespace/shop']]],
  ];
  for (const [says, targets, expected] of cases) {
    test(says, () => {
      assert.deepEqual(waves(...targets), expected);
      assert.deepEqual(waves(...targets.toReversed()).map((w) => w.toSorted()), expected.map((w) => w.toSorted()), 'whatever order they were named in');
    });
  }

  test('nothing gives nothing', () => {
    assert.deepEqual(inWaves([]), []);
  });
});
