import type { KubeObject, Pod } from '../../../src/model/wire.ts';
import { service, slice } from '../../model/around.ts';
import { healthyNode, marked, notReady, object, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { deployment, member, replicaSet, statefulSet, webPod } from '../../model/workloads.ts';
import type { CustomKind } from '../../facts/fake-reader.ts';
import type { CheckCases } from '../case.ts';

const driver = pod('driver');
const owner = (name: string) => ({ apiVersion: 'v1', kind: 'Pod', name, uid: `uid-${name}`, controller: true });
const executor = (name: string, parts: Parts = {}, owners: readonly object[] = [owner('driver')]): Pod => pod(name, { ...parts, metadata: { ...parts.metadata, ownerReferences: owners } });
const node = healthyNode();

const owned = (apiVersion: string, kind: string, name: string, by: Parts['metadata'], parts: Parts = {}): KubeObject => object(apiVersion, kind, name, { ...parts, metadata: { ...by, ...parts.metadata } });
const web = { spec: { selector: { matchLabels: { app: 'web' } } } };
const replicas = [replicaSet(), webPod('web-a'), webPod('web-b')];
const older = owned('apps/v1', 'ReplicaSet', 'web-old', ownedBy('apps/v1', 'Deployment', 'web'), { metadata: { annotations: { 'deployment.kubernetes.io/revision': '0' } }, spec: { replicas: 0, ...web.spec } });
const set = statefulSet();
const revision = owned('apps/v1', 'ControllerRevision', 'db-r1', ownedBy('apps/v1', 'StatefulSet', 'db'));
const importJob = (parts: Parts = {}): KubeObject => object('batch/v1', 'Job', 'import', { ...parts, spec: { selector: { matchLabels: { job: 'import' } }, ...parts.spec } });
const jobPod = (parts: Parts = {}): Pod => pod('import-x', { ...parts, metadata: { labels: { job: 'import' }, ...ownedBy('batch/v1', 'Job', 'import'), ...parts.metadata } });
const over: Parts = { status: { phase: 'Succeeded', ...notReady } };
const nightly = object('batch/v1', 'CronJob', 'nightly', { spec: { schedule: '0 3 * * *' } });
const nightlyJob = importJob({ metadata: ownedBy('batch/v1', 'CronJob', 'nightly') });
const widget: CustomKind = { group: 'example.com', version: 'v1', kind: 'Widget', resource: 'widgets' };
const gear: CustomKind = { group: 'example.com', version: 'v1', kind: 'Gear', resource: 'gears' };
const sprocket = object('example.com/v1', 'Widget', 'sprocket');

export const cases: CheckCases = {
  check: 'dependents',
  found: [
    { says: 'the Ready pods of a Spark driver go with it', pod: driver, objects: [executor('exec-1'), executor('exec-2'), ...node], codes: ['bare-pod', 'serving-pods-go'], data: { count: 2, serving: 2, names: ['exec-1', 'exec-2'], atLeast: false } },
    { says: 'one of them is Ready: that one is named', pod: driver, objects: [executor('exec-1', { status: notReady }), executor('exec-2'), ...node], codes: ['bare-pod', 'serving-pods-go'], data: { count: 2, serving: 1, names: ['exec-2'] } },
    { says: 'pods that serve nothing are a note', pod: driver, objects: [executor('exec-1', { status: { phase: 'Succeeded', ...notReady } }), ...node], codes: ['bare-pod', 'dependents-go'], data: { kinds: [{ group: '', kind: 'Pod', count: 1 }], names: ['exec-1'] } },
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
    { says: 'the Ready pods of a Deployment, through its ReplicaSet', object: deployment(web), objects: replicas, codes: ['serving-pods-go'], data: { count: 2, serving: 2, names: ['web-a', 'web-b'], kinds: [{ group: 'apps', kind: 'ReplicaSet', count: 1 }, { group: '', kind: 'Pod', count: 2 }], gentler: null } },
    { says: 'of a Deployment whose pods are named as well it speaks once, at the top', object: deployment(web), also: replicas, codes: ['serving-pods-go'], data: { count: 2, serving: 2, kinds: [] } },
    { says: 'a Deployment without Ready pods is a note', object: deployment(web), objects: [replicaSet(), webPod('web-a', { status: notReady })], codes: ['dependents-go'], data: { kinds: [{ group: 'apps', kind: 'ReplicaSet', count: 1 }, { group: '', kind: 'Pod', count: 1 }] } },
    { says: 'a Deployment of 0 replicas has its ReplicaSets to lose', object: deployment({ spec: { replicas: 0, ...web.spec } }), objects: [replicaSet({ spec: { replicas: 0 } }), older], codes: ['dependents-go'], data: { kinds: [{ group: 'apps', kind: 'ReplicaSet', count: 2 }], names: [] } },
    { says: 'a ReplicaSet that its Deployment makes again: a restart keeps pods Ready', object: replicaSet(), objects: [deployment(), webPod('web-a'), webPod('web-b')], codes: ['recreated', 'serving-pods-go'], data: { count: 2 } },
    { says: 'the members of a set, and its revisions', object: set, objects: [member(0), member(1), revision], codes: ['serving-pods-go'], data: { count: 2, kinds: [{ group: 'apps', kind: 'ControllerRevision', count: 1 }, { group: '', kind: 'Pod', count: 2 }] } },
    { says: 'with orphan cascade the members stay', object: set, objects: [member(0), member(1), revision], cascade: 'orphan', codes: ['left-behind'], data: { names: ['db-0', 'db-1'] } },
    { says: 'the pods of a running Job', object: importJob(), objects: [jobPod()], codes: ['serving-pods-go'], data: { count: 1, names: ['import-x'] } },
    { says: 'a finished Job takes its finished pods along', object: importJob(), objects: [jobPod(over)], codes: ['dependents-go'], data: { names: ['import-x'] } },
    { says: 'the running Jobs of a CronJob, and their pods', object: nightly, objects: [nightlyJob, jobPod()], codes: ['serving-pods-go'], data: { count: 1, kinds: [{ group: 'batch', kind: 'Job', count: 1 }, { group: '', kind: 'Pod', count: 1 }] } },
    { says: 'the slices of a Service', object: service('web'), objects: [{ ...slice('web', []), metadata: { ...slice('web', []).metadata, ...ownedBy('v1', 'Service', 'web', { uid: 'uid-web' }) } }], codes: ['dependents-go', 'nothing-behind'], data: { kinds: [{ group: 'discovery.k8s.io', kind: 'EndpointSlice', count: 1 }] } },
    { says: 'what hangs on a custom resource through another one', object: sprocket, kinds: [widget, gear], objects: [object('example.com/v1', 'Gear', 'g', { metadata: ownedBy('example.com/v1', 'Widget', 'sprocket') }), owned('apps/v1', 'StatefulSet', 'db', ownedBy('example.com/v1', 'Gear', 'g'), web), member(0)], codes: ['serving-pods-go', 'kind-not-known'], data: { count: 1, atLeast: true, kinds: [{ group: 'example.com', kind: 'Gear', count: 1 }, { group: 'apps', kind: 'StatefulSet', count: 1 }, { group: '', kind: 'Pod', count: 1 }] } },
  ],
  clear: [
    { says: 'a pod that owns nothing', pod: driver, objects: [pod('other'), ...node], codes: ['bare-pod'] },
    { says: 'a pod of the same name in the reference, with another uid, is owned by a predecessor', pod: driver, objects: [executor('exec-1', {}, [{ ...owner('driver'), uid: 'uid-of-a-predecessor' }]), ...node], codes: ['bare-pod'] },
    { says: 'another owner holds it', pod: driver, objects: [executor('exec-1', {}, [owner('driver'), { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'uid-c' }]), ...node], codes: ['bare-pod'] },
    { says: 'what the command names itself does not go along', pod: driver, also: [executor('exec-1')], objects: node, codes: ['bare-pod'] },
    { says: 'a ReplicaSet below a Deployment of the same run leaves the word to that', object: replicaSet(), also: [deployment(web)], objects: [webPod('web-a')], codes: [] },
    { says: 'a CronJob that has made no Job', object: nightly, objects: [importJob(), jobPod()], codes: [] },
    { says: 'a ConfigMap owns nothing', object: object('v1', 'ConfigMap', 'settings'), codes: [] },
    { says: 'a custom resource beside which others have pods', object: sprocket, kinds: [widget, gear], objects: [deployment(web), ...replicas], codes: ['kind-not-known'] },
    { says: 'pods of another namespace cannot be owned', pod: driver, objects: [executor('exec-1', { metadata: { namespace: 'other' } }), ...node], codes: ['bare-pod'] },
  ],
  unknown: [
    { says: 'pods that may not be listed are unknown', pod: driver, objects: [executor('exec-1'), ...node], troubles: [{ verb: 'list', resource: 'pods', how: 'forbidden' }], codes: ['bare-pod'], unknown: ['dependents'] },
    { says: 'ReplicaSets that may not be listed leave it open what hangs on them', object: deployment(web), objects: replicas, troubles: [{ verb: 'list', resource: 'replicasets', how: 'forbidden' }], codes: [], unknown: ['dependents'] },
    { says: 'what could be counted is told beside', object: set, objects: [member(0), revision], troubles: [{ verb: 'list', resource: 'controllerrevisions', how: 'forbidden' }], codes: ['serving-pods-go'], unknown: ['dependents'], data: { atLeast: true } },
    { says: 'owned pods that may not be read are unknown', pod: driver, objects: [executor('exec-1'), ...node], troubles: [{ verb: 'get', resource: 'pods', how: 'forbidden' }], codes: ['bare-pod', 'dependents-go'], unknown: ['dependents'] },
  ],
};
