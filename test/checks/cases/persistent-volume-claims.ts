import type { KubeObject } from '../../../src/model/wire.ts';
import { healthyNode, marked, notReady, object, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, mounts, statefulSet, volume, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const uses = (name: string, parts: Parts = {}) => webPod(name, { ...parts, spec: { ...mounts('data'), ...parts.spec } });
const ofPod = { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-a', uid: 'uid-web-a' }] };
const going = claim('data', { metadata: marked(0, 60) });
const ephemeral = { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: {} } } }] };

/** Claims of set db by its templates, and the set with a policy for when it is deleted. */
const ofSet = ownedBy('apps/v1', 'StatefulSet', 'db');
const set = (whenDeleted?: 'Delete' | 'Retain', parts: Parts = {}): KubeObject =>
  statefulSet({ ...parts, spec: { replicas: 2, volumeClaimTemplates: [{ metadata: { name: 'data' } }], ...(whenDeleted === undefined ? {} : { persistentVolumeClaimRetentionPolicy: { whenDeleted, whenScaled: 'Retain' } }), ...parts.spec } });
const members = (parts: Parts = {}): readonly KubeObject[] => ['data-db-0', 'data-db-1'].map((name) => claim(name, parts));
const volumes = (reclaim: 'Delete' | 'Retain'): readonly KubeObject[] => ['data-db-0', 'data-db-1'].map((name) => volume(name, reclaim));

const boundTo = { claimRef: { namespace: 'shop', name: 'data', uid: 'uid-data' } };
const pv = (reclaim: 'Delete' | 'Retain' | undefined, phase: string, parts: Parts = {}): KubeObject =>
  object('v1', 'PersistentVolume', 'disk', { metadata: { finalizers: ['kubernetes.io/pv-protection'], ...parts.metadata }, spec: { persistentVolumeReclaimPolicy: reclaim, ...parts.spec }, status: { phase } });
const onNode = { local: { path: '/mnt/disk-1' }, nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node-1'] }] }] } } };
const localVolume = object('v1', 'PersistentVolume', 'pv-data', { spec: { persistentVolumeReclaimPolicy: 'Retain', ...onNode } });
const leader = object('coordination.k8s.io/v1', 'Lease', 'kube-controller-manager', { metadata: { namespace: 'kube-system' }, spec: { renewTime: '2026-03-01T11:59:58Z' } });

const kinds = [{ group: 'db.example.com', version: 'v1', kind: 'Cluster', resource: 'clusters' }];
const cluster = object('db.example.com/v1', 'Cluster', 'main');
const ofCluster = ownedBy('db.example.com/v1', 'Cluster', 'main');
const driver = pod('driver', { metadata: { labels: { app: 'spark' } } });
const executor = pod('exec-1', { ...notReady, metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid: 'uid-driver', controller: true }] }, spec: mounts('exec-1-pvc'), status: { phase: 'Pending', ...notReady } });
const ofDriver = { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid: 'uid-driver', controller: true }] };

export const cases: CheckCases = {
  check: 'persistent-volume-claims',
  found: [
    { says: 'a claim stays when its pod goes', pod: uses('web-a'), objects: [claim('data'), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claims-stay'], data: { claims: [{ name: 'data', accessModes: ['ReadWriteOnce'] }] } },
    { says: 'a claim that the pod owns goes with it, and the data', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claim-goes-with-pod'], data: { volume: 'pv-data', reclaim: 'Delete' } },
    { says: 'Recycle wipes the data and counts as Delete', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Recycle'), ...webWorkload], codes: ['recreated', 'claim-goes-with-pod'], data: { reclaim: 'Delete' } },
    { says: 'the last user of a claim that is Terminating takes it along', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a finished pod holds a claim as well', pod: uses('web-a', { status: { phase: 'Succeeded', ...notReady } }), objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['finished-pod', 'last-user-of-terminating-claim'] },
    { says: 'two targets that are the last users together are the last users', pod: uses('web-a'), also: [uses('web-b')], objects: [going, volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a user that is not scheduled holds no claim', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b', { spec: { nodeName: '' }, status: { phase: 'Pending', ...notReady } }), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'a user that is Terminating itself does not hold it for long', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b', { metadata: marked(30, 5) }), ...webWorkload], codes: ['recreated', 'last-user-of-terminating-claim'] },
    { says: 'Retain keeps volume and data', pod: uses('web-a'), objects: [going, volume('data', 'Retain'), ...webWorkload], codes: ['recreated', 'volume-retained'] },
    { says: 'a generic ephemeral volume is meant to go', pod: webPod('web-a', { spec: ephemeral }), objects: [claim('web-a-scratch', { metadata: ofPod }), volume('web-a-scratch', 'Delete'), ...webWorkload], codes: ['recreated', 'ephemeral-volume'] },
    { says: 'a named claim takes its data along', object: claim('data'), objects: [volume('data', 'Delete')], codes: ['claim-data-lost'], data: { volume: 'pv-data', reclaim: 'Delete' } },
    { says: 'of a named claim with Retain only the claim goes, and it is said where the data stays', object: claim('data'), objects: [localVolume], codes: ['volume-retained'], data: { volume: 'pv-data', place: 'on node node-1 (/mnt/disk-1)' } },
    { says: 'a named claim that was never bound has no data', object: claim('data', { spec: { volumeName: undefined }, status: { phase: 'Pending' } }), codes: ['claim-without-data'], data: { state: 'unbound' } },
    { says: 'a named claim whose volume is gone has no data', object: claim('data', { status: { phase: 'Lost' } }), codes: ['claim-without-data'], data: { state: 'lost', volume: 'pv-data' } },
    { says: 'a named volume of a claim goes with its data once the claim goes', object: pv('Delete', 'Bound', { spec: boundTo }), objects: [leader], codes: ['volume-data-lost', 'finalizer-known'], data: { claim: 'shop/data', reclaim: 'Delete', phase: 'Bound' } },
    { says: 'a named volume that is Released with Delete still has its data', object: pv('Delete', 'Released', { spec: boundTo }), objects: [leader], codes: ['volume-data-lost', 'finalizer-known'], data: { claim: null, phase: 'Released' } },
    { says: 'a named volume without a policy counts as Delete', object: pv(undefined, 'Bound', { spec: boundTo }), objects: [leader], codes: ['volume-data-lost', 'finalizer-known'], data: { reclaim: 'unknown' } },
    { says: 'a volume whose provisioner deletes the data goes with it, bound or not', object: pv('Delete', 'Available', { metadata: { finalizers: ['external-provisioner.volume.kubernetes.io/finalizer'] } }), codes: ['volume-data-lost', 'finalizer-known'] },
    { says: 'a retained volume of a claim that stays hangs', object: pv('Retain', 'Bound', { spec: { ...boundTo, ...onNode } }), objects: [leader, claim('data')], codes: ['volume-of-bound-claim', 'finalizer-known'], data: { claim: 'shop/data', held: true, place: 'on node node-1 (/mnt/disk-1)' } },
    { says: 'a retained volume that nothing protects leaves its claim Lost', object: pv('Retain', 'Bound', { metadata: { finalizers: [] }, spec: boundTo }), objects: [claim('data')], codes: ['volume-of-bound-claim'], data: { held: false } },
    { says: 'a retained volume whose claim goes in the same run leaves its data', object: pv('Retain', 'Bound', { spec: boundTo }), also: [claim('data', { spec: { volumeName: 'disk' } })], objects: [leader], codes: ['volume-data-stays', 'finalizer-known'], data: { phase: 'Bound', reclaim: 'Retain' } },
    { says: 'a retained volume that is Released leaves its data', object: pv('Retain', 'Released', { spec: boundTo }), objects: [leader], codes: ['volume-data-stays', 'finalizer-known'], data: { phase: 'Released' } },
    { says: 'a volume that was never bound is not reclaimed', object: pv('Delete', 'Available', { spec: { hostPath: { path: '/srv/disk' } } }), objects: [leader], codes: ['volume-data-stays', 'finalizer-known'], data: { place: 'on the node that it was written on (/srv/disk)' } },
    { says: 'the claims of a named set stay by default', object: set(), objects: [...members(), ...volumes('Delete')], codes: ['claims-stay'], data: { claims: [{ name: 'data-db-0', accessModes: ['ReadWriteOnce'] }, { name: 'data-db-1', accessModes: ['ReadWriteOnce'] }] } },
    { says: 'the claims of a named set go where its retention policy says so', object: set('Delete'), objects: [...members({ metadata: ofSet }), ...volumes('Delete')], codes: ['claims-of-set-go', 'dependents-go'], data: { claims: [{ name: 'data-db-0', volume: 'pv-data-db-0', reclaim: 'Delete', place: null }, { name: 'data-db-1', volume: 'pv-data-db-1', reclaim: 'Delete', place: null }] } },
    { says: 'claims that the controller is about to give to the set count as going', object: set('Delete'), objects: [...members(), ...volumes('Delete')], codes: ['claims-of-set-go'] },
    { says: 'of a set whose volumes are retained the claims go and the data stays', object: set('Delete'), objects: [...members({ metadata: ofSet }), ...volumes('Retain')], codes: ['volumes-retained', 'dependents-go'] },
    { says: 'with orphan cascade the claims of a set stay', object: set('Delete'), objects: [...members({ metadata: ofSet }), ...volumes('Delete')], cascade: 'orphan', codes: ['claims-stay', 'left-behind'] },
    { says: 'a claim beyond the replicas of a set stays although its policy is Delete', object: set('Delete'), objects: [claim('data-db-7'), volume('data-db-7', 'Delete')], codes: ['claims-stay'] },
    { says: 'a claim that a custom resource owns goes with it', object: cluster, kinds, objects: [claim('main-1', { metadata: ofCluster }), volume('main-1', 'Delete')], codes: ['claims-go-with-owner', 'dependents-go', 'kind-not-known'], data: { claims: [{ name: 'main-1', volume: 'pv-main-1', reclaim: 'Delete', place: null }] } },
    { says: 'a claim of a set that a custom resource owns goes with that', object: cluster, kinds, objects: [set('Delete', { metadata: ofCluster }), ...members({ metadata: ofSet }), ...volumes('Delete')], codes: ['claims-go-with-owner', 'dependents-go', 'kind-not-known'] },
    { says: 'a claim that goes through an owner and is retained is a note', object: cluster, kinds, objects: [claim('main-1', { metadata: ofCluster }), volume('main-1', 'Retain')], codes: ['volumes-retained', 'dependents-go', 'kind-not-known'] },
    { says: 'a claim that a custom resource without a namespace owns goes with it, wherever it is', object: object('db.example.com/v1', 'Fleet', 'all', { metadata: { namespace: undefined } }), kinds: [{ group: 'db.example.com', version: 'v1', kind: 'Fleet', resource: 'fleets' }], objects: [claim('main-1', { metadata: { ...ownedBy('db.example.com/v1', 'Fleet', 'all'), namespace: 'other' } }), volume('main-1', 'Delete')], codes: ['claims-go-with-owner', 'cluster-kind-not-known'], data: { claims: [{ name: 'main-1', volume: 'pv-main-1', reclaim: 'Delete', place: null }] } },
    { says: 'a driver pod takes the claims of its executors along', pod: driver, objects: [...healthyNode(), executor, claim('exec-1-pvc', { metadata: ofDriver }), volume('exec-1-pvc', 'Delete')], codes: ['bare-pod', 'dependents-go', 'claims-go-with-owner'] },
    { says: 'a claim that does not exist is missing', pod: uses('web-a'), objects: webWorkload, codes: ['recreated', 'claim-missing'] },
  ],
  clear: [
    { says: 'a pod without claims', pod: webPod('web-a', { spec: { volumes: [{ name: 'tmp', emptyDir: {} }] } }), objects: webWorkload, codes: ['recreated', 'local-data-lost'] },
    { says: 'another running user holds a claim that is Terminating', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b'), ...webWorkload], codes: ['recreated', 'claims-stay'] },
    { says: 'a claim that another object owns stays', pod: uses('web-a'), objects: [claim('data', { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'web-a', uid: 'uid-of-a-predecessor' }] } }), volume('data', 'Delete'), ...webWorkload], codes: ['recreated', 'claims-stay'] },
    { says: 'a claim that goes and never had a volume has no data to lose, and is not said to stay', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod, spec: { volumeName: undefined }, status: { phase: 'Pending' } }), ...webWorkload], codes: ['recreated'] },
    { says: 'a claim that another set of a like name made is none of this set', object: set(), objects: [claim('data-db-0-1'), claim('data-db-x'), claim('logs-db-0')], codes: [] },
    { says: 'a claim that another owner keeps stays', object: cluster, kinds, objects: [object('v1', 'ConfigMap', 'keeper'), claim('main-1', { metadata: { ownerReferences: [...ofCluster['ownerReferences'] as readonly object[], { apiVersion: 'v1', kind: 'ConfigMap', name: 'keeper', uid: 'uid-keeper' }] } }), volume('main-1', 'Delete')], codes: ['kind-not-known'] },
    { says: 'a claim that is named too is judged by itself', object: cluster, kinds, also: [claim('main-1', { metadata: ofCluster })], objects: [volume('main-1', 'Delete')], codes: ['kind-not-known'] },
    { says: 'ephemeral claims of pods that go are meant to go', object: set(), objects: [pod('db-0', { metadata: ofSet, spec: ephemeral, status: { phase: 'Pending', ...notReady } }), claim('db-0-scratch', { metadata: ownedBy('v1', 'Pod', 'db-0') }), volume('db-0-scratch', 'Delete')], codes: [] },
    { says: 'an object that owns no claim', object: object('v1', 'ConfigMap', 'settings'), objects: [claim('data', { metadata: ofSet }), set()], codes: [] },
  ],
  unknown: [
    { says: 'a named claim whose volume may not be read counts as losing its data', object: claim('data'), objects: [volume('data', 'Retain')], troubles: [{ verb: 'get', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['claim-data-lost'], unknown: ['persistent-volume-claims'], data: { reclaim: 'unknown' } },
    { says: 'the volumes of a set that may not be read count as Delete', object: set('Delete'), objects: [...members({ metadata: ofSet }), ...volumes('Retain')], troubles: [{ verb: 'get', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['claims-of-set-go', 'dependents-go'], unknown: ['persistent-volume-claims'] },
    { says: 'claims that may not be listed are unknown', object: set('Delete'), objects: [...members({ metadata: ofSet })], troubles: [{ verb: 'list', resource: 'persistentvolumeclaims', how: 'forbidden' }], codes: [], unknown: ['persistent-volume-claims', 'dependents'] },
    { says: 'a claim that may not be read is unknown', pod: uses('web-a'), objects: [claim('data'), ...webWorkload], troubles: [{ verb: 'get', resource: 'persistentvolumeclaims', how: 'forbidden' }], codes: ['recreated'], unknown: ['persistent-volume-claims'] },
    { says: 'a reclaim policy that may not be read counts as Delete', pod: uses('web-a'), objects: [claim('data', { metadata: ofPod }), volume('data', 'Retain'), ...webWorkload], troubles: [{ verb: 'get', resource: 'persistentvolumes', how: 'forbidden' }], codes: ['recreated', 'claim-goes-with-pod'], unknown: ['persistent-volume-claims'], data: { reclaim: 'unknown' } },
    { says: 'users that may not be listed count as none', pod: uses('web-a'), objects: [going, volume('data', 'Delete'), uses('web-b'), ...webWorkload], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['recreated', 'last-user-of-terminating-claim'], unknown: ['dependents', 'persistent-volume-claims', 'last-replica'] },
  ],
};
