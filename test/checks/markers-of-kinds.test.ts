import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { protectionMarkers } from '../../src/checks/protection-markers.ts';
import type { Given } from '../../src/facts/fact.ts';
import { viewsOf } from '../../src/facts/facts.ts';
import type { Seen } from '../../src/facts/want.ts';
import { groupVersion } from '../../src/model/ref.ts';
import type { Target } from '../../src/model/target.ts';
import { NOW, object } from '../model/objects.ts';
import type { Parts } from '../model/objects.ts';

const notAsked = { state: 'not-asked' } as const;
const nothingRead: Seen = { object: () => notAsked, list: () => notAsked, kinds: () => notAsked, groups: () => notAsked, access: () => notAsked, dryRunDelete: () => notAsked, events: () => notAsked, self: () => notAsked, served: () => notAsked, page: () => notAsked };

const codes = (apiVersion: string, kind: string, parts: Parts = {}): readonly string[] => {
  const made = object(apiVersion, kind, 'it', parts);
  const target: Target = { ref: { ...groupVersion(apiVersion), kind, resource: `${kind.toLowerCase()}s`, namespace: 'shop', name: 'it', uid: 'uid-it' }, object: made };
  const given: Given = { targets: [target], now: NOW, force: false, gracePeriodSeconds: null, cascade: 'background', mayProbe: false };
  assert.equal(protectionMarkers.notApplicable(target, given), null);
  return protectionMarkers.run(target, viewsOf(target, given, nothingRead), given).findings.map((f) => f.code);
};
const annotated = (key: string, value: string): Parts => ({ metadata: { annotations: { [key]: value } } });
const labelled = (key: string, value: string, spec: Parts['spec'] = {}): Parts => ({ metadata: { labels: { [key]: value } }, spec });
const KRUISE = 'policy.kruise.io/delete-protection';

describe('markers that count on some kinds only', () => {
  test('Gardener wants a Shoot to be confirmed, and takes "true" for it', () => {
    assert.deepEqual(codes('core.gardener.cloud/v1beta1', 'Shoot'), ['confirmation-asked']);
    assert.deepEqual(codes('core.gardener.cloud/v1beta1', 'Shoot', annotated('confirmation.gardener.cloud/deletion', 'true')), []);
    assert.deepEqual(codes('apps/v1', 'Deployment'), []);
  });
  test("KubeVirt's label protects a VirtualMachine, with its exact case", () => {
    assert.deepEqual(codes('kubevirt.io/v1', 'VirtualMachine', labelled('kubevirt.io/vm-delete-protection', 'True')), ['delete-protection']);
    assert.deepEqual(codes('kubevirt.io/v1', 'VirtualMachine', labelled('kubevirt.io/vm-delete-protection', 'true')), []);
    assert.deepEqual(codes('v1', 'ConfigMap', labelled('kubevirt.io/vm-delete-protection', 'True')), []);
  });
  test('OpenKruise protects what has replicas with Cascading, and nothing else by it', () => {
    assert.deepEqual(codes('apps/v1', 'Deployment', labelled(KRUISE, 'Cascading', { replicas: 2 })), ['delete-protection']);
    assert.deepEqual(codes('apps/v1', 'Deployment', labelled(KRUISE, 'Cascading', { replicas: 0 })), []);
    assert.deepEqual(codes('v1', 'Service', labelled(KRUISE, 'Always')), ['delete-protection']);
  });
  test('a Node that the autoscaler is to keep is a note', () => {
    assert.deepEqual(codes('v1', 'Node', annotated('cluster-autoscaler.kubernetes.io/scale-down-disabled', 'true')), ['not-to-be-disrupted']);
    assert.deepEqual(codes('v1', 'ConfigMap', annotated('cluster-autoscaler.kubernetes.io/scale-down-disabled', 'true')), []);
  });
  test('a claim that Helm is to keep is a blocker', () => {
    assert.deepEqual(codes('v1', 'PersistentVolumeClaim', annotated('helm.sh/resource-policy', 'keep')), ['keep']);
  });
});
