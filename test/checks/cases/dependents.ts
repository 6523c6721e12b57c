import type { Pod } from '../../../src/model/wire.ts';
import { healthyNode, marked, notReady, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { CheckCases } from '../case.ts';

const driver = pod('driver');
const owner = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', name, uid: `uid-${name}`, controller: true });
const executor = (name: string, parts: Parts = {}, owners: readonly object[] = [owner('driver')]): Pod => pod(name, { ...parts, metadata: { ...parts.metadata, ownerReferences: owners } });
const node = healthyNode();

export const cases: CheckCases = {
  check: 'dependents',
  found: [
    { says: 'the Ready pods of a Spark driver go with it', pod: driver, objects: [executor('exec-1'), executor('exec-2'), ...node], codes: ['bare-pod', 'serving-pods-go'], data: { kind: 'Pod', count: 2, serving: 2, names: ['exec-1', 'exec-2'] } },
    { says: 'one of them is Ready: that one is named', pod: driver, objects: [executor('exec-1', { status: notReady }), executor('exec-2'), ...node], codes: ['bare-pod', 'serving-pods-go'], data: { count: 2, serving: 1, names: ['exec-2'] } },
    { says: 'pods that serve nothing are a note', pod: driver, objects: [executor('exec-1', { status: { phase: 'Succeeded', ...notReady } }), ...node], codes: ['bare-pod', 'dependents-go'], data: { count: 1, serving: 0 } },
    { says: 'one that is Terminating serves nothing any more', pod: driver, objects: [executor('exec-1', { metadata: marked(30, 5) }), ...node], codes: ['bare-pod', 'dependents-go'] },
    { says: 'what they own goes too', pod: driver, objects: [executor('exec-1', { status: notReady }), executor('worker', {}, [owner('exec-1')]), ...node], codes: ['bare-pod', 'serving-pods-go'], data: { count: 2, names: ['worker'] } },
    { says: 'a finished driver takes them along as well', pod: pod('driver', { status: { phase: 'Failed', ...notReady } }), objects: [executor('exec-1'), ...node], codes: ['finished-pod', 'serving-pods-go'] },
    { says: 'two owners that both go leave nothing to hold it', pod: driver, also: [pod('second')], objects: [executor('exec-1', {}, [owner('driver'), { ...owner('second'), controller: false }]), ...node], codes: ['bare-pod', 'serving-pods-go'] },
    {
      says: 'many of them cost one list more, not a read each',
      pod: driver,
      objects: [...Array.from({ length: 40 }, (_, i) => executor(`exec-${i}`)), ...node],
      codes: ['bare-pod', 'serving-pods-go'],
      data: { count: 40, serving: 40 },
    },
  ],
  clear: [
    { says: 'a pod that owns nothing', pod: driver, objects: [pod('other'), ...node], codes: ['bare-pod'] },
    { says: 'a pod of the same name in the reference, with another uid, is owned by a predecessor', pod: driver, objects: [executor('exec-1', {}, [{ ...owner('driver'), uid: 'uid-of-a-predecessor' }]), ...node], codes: ['bare-pod'] },
    { says: 'another owner holds it', pod: driver, objects: [executor('exec-1', {}, [owner('driver'), { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'uid-c' }]), ...node], codes: ['bare-pod'] },
    { says: 'what the command names itself does not go along', pod: driver, also: [executor('exec-1')], objects: node, codes: ['bare-pod'] },
    { says: 'pods of another namespace cannot be owned', pod: driver, objects: [executor('exec-1', { metadata: { namespace: 'other' } }), ...node], codes: ['bare-pod'] },
  ],
  unknown: [
    { says: 'pods that may not be listed are unknown', pod: driver, objects: [executor('exec-1'), ...node], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['bare-pod'], unknown: ['dependents'] },
    { says: 'owned pods that may not be read are unknown', pod: driver, objects: [executor('exec-1'), ...node], troubles: [{ verb: 'get', resource: 'pods', how: 'forbidden' }], codes: ['bare-pod'], unknown: ['dependents'] },
  ],
};
