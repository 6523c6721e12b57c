import type { KubeObject, Pod } from '../../../src/model/wire.ts';
import { healthyNode, node, nodeLease, object, ownedBy, pod } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import { claim, deployment, member, mounts, replicaSet, statefulSet, webController, webPod, webWorkload } from '../../model/workloads.ts';
import type { CheckCases } from '../case.ts';

const db = (parts: Parts = {}): { readonly pod: Pod; readonly objects: readonly KubeObject[] } => ({ pod: member(0, parts), objects: [statefulSet(), member(1), member(2), ...healthyNode()] });
const web = (parts: Parts = {}, ...more: readonly KubeObject[]): { readonly pod: Pod; readonly objects: readonly KubeObject[] } => ({ pod: webPod('web-a', parts), objects: [...webWorkload, ...more] });
const grace = (terminationGracePeriodSeconds: number, more: object = {}) => ({ spec: { terminationGracePeriodSeconds, ...more } });
const hook = (preStop: object, more: object = {}) => ({ containers: [{ name: 'app', image: 'app', lifecycle: { preStop } }], ...more });
const shell = (line: string) => ({ exec: { command: ['sh', '-c', line] } });
const job = object('batch/v1', 'Job', 'batch', { spec: { selector: { matchLabels: { 'job-name': 'batch' } } } });
const jobPod = (parts: Parts = {}) => pod('batch-x', { ...parts, metadata: { ...ownedBy('batch/v1', 'Job', 'batch') } });
const kruise = { group: 'apps.kruise.io', version: 'v1beta1', kind: 'StatefulSet', resource: 'statefulsets' };
const ofKruise = pod('db-0', { metadata: ownedBy('apps.kruise.io/v1beta1', 'StatefulSet', 'db') });
const kruiseSet: KubeObject = { apiVersion: 'apps.kruise.io/v1beta1', kind: 'StatefulSet', metadata: { name: 'db', uid: 'uid-db', namespace: 'shop' } };
const readOnlyMount = { containers: [{ name: 'app', image: 'app', volumeMounts: [{ name: 'v0', mountPath: '/data', readOnly: true }] }] };

export const cases: CheckCases = {
  check: 'grace-period',
  found: [
    { says: "grace 0 in the spec of a StatefulSet's pod blocks a plain delete", ...db(grace(0)), codes: ['recreated', 'margin-left', 'zero-grace-with-data'], data: { set: 'db', claims: [], node: 'node-1' } },
    { says: 'grace 0 in the spec of a pod that can write to a claim blocks it', ...web(grace(0, mounts('data')), claim('data')), codes: ['recreated', 'claims-stay', 'zero-grace-with-data'], data: { set: null, claims: ['data'] } },
    { says: 'grace 0 in the spec of any other pod is a note', ...web(grace(0)), codes: ['recreated', 'zero-grace'] },
    { says: "a shorter grace for a StatefulSet's pod is a warning", ...db(), grace: 5, codes: ['recreated', 'margin-left', 'shorter-grace-with-data'], data: { grace: 5, own: 30, set: 'db' } },
    { says: 'a shorter grace for a pod that can write to a claim is a warning', ...web({ spec: mounts('data') }, claim('data')), grace: 1, codes: ['recreated', 'claims-stay', 'shorter-grace-with-data'], data: { claims: ['data'] } },
    { says: 'a shorter grace for any other pod is a note', ...web(), grace: 5, codes: ['recreated', 'shorter-grace'] },
    { says: 'a forced deletion of a pod that may still run is a warning', ...web(), force: true, grace: 0, codes: ['recreated', 'force-not-proved'], data: { node: 'node-1' } },
    { says: 'a bare pod too', pod: pod('bare'), objects: healthyNode(), force: true, grace: 0, codes: ['bare-pod', 'force-not-proved'] },
    { says: "and a pod of OpenKruise's StatefulSet", pod: ofKruise, objects: [kruiseSet, ...healthyNode()], kinds: [kruise], force: true, grace: 0, codes: ['owned-by-unknown-kind', 'force-not-proved'] },
    { says: 'a silent node proves nothing about its processes', ...web(), objects: [...webController, node('node-1', 'Unknown'), nodeLease('node-1', 300)], force: true, grace: 0, codes: ['recreated', 'node-not-ready', 'force-not-proved'] },
    { says: 'a preStop sleep longer than the grace is cut', ...web(grace(10, hook({ sleep: { seconds: 15 } }))), codes: ['recreated', 'pre-stop-overruns'], data: { container: 'app', seconds: 15, grace: 10 } },
    { says: 'a preStop command that sleeps longer than the grace is cut', ...web(grace(60, hook(shell('sleep 1.5m; nginx -s quit; sleep 5')))), codes: ['recreated', 'pre-stop-overruns'], data: { seconds: 95 } },
    { says: 'a preStop command of unknown length may be cut by a shorter grace', ...web(grace(60, hook(shell('nginx -s quit')))), grace: 5, codes: ['recreated', 'shorter-grace', 'pre-stop-may-be-cut'], data: { grace: 5, own: 60 } },
    { says: "a sidecar's preStop counts", ...web(grace(10, { initContainers: [{ name: 'proxy', image: 'x', restartPolicy: 'Always', lifecycle: { preStop: { sleep: { seconds: 20 } } } }] })), codes: ['recreated', 'pre-stop-overruns'], data: { container: 'proxy' } },
    { says: "a StatefulSet's pod with a very short grace of its own is a note", ...db(grace(5)), codes: ['recreated', 'margin-left', 'short-for-its-kind'], data: { kind: 'stateful', grace: 5, usual: 600 } },
    { says: "a Job's pod with a very short grace of its own is a note", pod: jobPod(grace(10)), objects: [job, ...healthyNode()], codes: ['recreated', 'short-for-its-kind', 'retries-left'], data: { kind: 'batch', usual: 300 } },
    { says: 'the pods of a deleted workload keep their own', object: deployment({ spec: { selector: { matchLabels: { app: 'web' } } } }), objects: [replicaSet(), webPod('web-a')], grace: 5, codes: ['serving-pods-go', 'grace-not-passed-on'], data: { grace: 5, pods: 1, longest: 30 } },
  ],
  clear: [
    { says: 'a grace period for a workload whose pods stay', object: deployment({ spec: { selector: { matchLabels: { app: 'web' } } } }), objects: [replicaSet(), webPod('web-a')], cascade: 'orphan', grace: 5, codes: ['left-behind'] },
    { says: 'a grace period for a ConfigMap', object: object('v1', 'ConfigMap', 'settings'), grace: 5, codes: [] },
    { says: "the pod's own grace", ...db(), codes: ['recreated', 'margin-left'] },
    { says: 'a longer grace than its own', ...db(), grace: 120, codes: ['recreated', 'margin-left'] },
    { says: 'a grace period of its own makes a 0 in the spec harmless', ...db(grace(0)), grace: 30, codes: ['recreated', 'margin-left'] },
    { says: "forcing a StatefulSet's pod is stateful-set's to say", ...db(), force: true, grace: 0, codes: ['recreated', 'margin-left', 'forced-identity'] },
    { says: 'and with grace 0 in the spec it is said once', ...db(grace(0)), force: true, grace: 0, codes: ['recreated', 'margin-left', 'forced-identity'] },
    { says: 'a finished pod has nothing to stop', ...web({ ...grace(0, mounts('data')), status: { phase: 'Succeeded', conditions: [] } }, claim('data')), codes: ['finished-pod', 'claims-stay'] },
    { says: 'an unscheduled pod has nothing to stop', ...web({ spec: { nodeName: '' }, status: { phase: 'Pending', conditions: [] } }), force: true, grace: 0, codes: ['recreated'] },
    { says: 'a node that is gone proves that its processes are', ...web(grace(0, mounts('data')), claim('data')), objects: [...webController, claim('data')], codes: ['recreated', 'claims-stay', 'node-gone'] },
    { says: 'a claim that is only read gets no second writer', ...web(grace(0, { ...mounts('data'), ...readOnlyMount }), claim('data')), codes: ['recreated', 'claims-stay', 'zero-grace'] },
    { says: 'a ReadOnlyMany claim gets none either', ...web(grace(0, mounts('data')), claim('data', { spec: { accessModes: ['ReadOnlyMany'] } })), codes: ['recreated', 'claims-stay', 'zero-grace'] },
    { says: 'a preStop sleep within the grace', ...web(grace(30, hook({ sleep: { seconds: 15 } }))), codes: ['recreated'] },
    { says: 'a preStop command of unknown length with the grace it was written for', ...web(grace(30, hook(shell('nginx -s quit')))), codes: ['recreated'] },
    { says: "a web pod's short grace is its own business", ...web(grace(5)), codes: ['recreated'] },
    { says: "a Job's pod with the default grace", pod: jobPod(), objects: [job, ...healthyNode()], codes: ['recreated', 'retries-left'] },
    { says: 'a static pod is not stopped at all', pod: pod('etcd', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } }), objects: healthyNode(), force: true, grace: 0, codes: ['static-pod'] },
  ],
  unknown: [
    { says: 'a claim that may not be read counts as writable', ...web(grace(0, mounts('data')), claim('data', { spec: { accessModes: ['ReadOnlyMany'] } })), troubles: [{ verb: 'get', resource: 'persistentvolumeclaims', how: 'forbidden' }], codes: ['recreated', 'zero-grace-with-data'], unknown: ['persistent-volume-claims'] },
    { says: 'a node that may not be read proves nothing', ...web(), objects: webController, troubles: [{ verb: 'get', resource: 'nodes', how: 'forbidden' }], force: true, grace: 0, codes: ['recreated', 'force-not-proved'], unknown: ['node-readiness'] },
  ],
};
