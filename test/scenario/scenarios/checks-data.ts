/** Checks about data, grace, markers, managers, dependents and scope: what each finds, and the ordinary deletions beside it that stay quiet. */
import assert from 'node:assert/strict';
import type { ScenarioContext } from '../context.ts';
import type { PodOptions } from '../manifests.ts';
import { checkOf, codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { made, whereOf } from '../staging.ts';

const scratch = (mountPath: string): PodOptions => ({
  grace: 2,
  containers: [{ volumeMounts: [{ name: 'scratch', mountPath }] }],
  spec: { volumes: [{ name: 'scratch', emptyDir: {} }] },
});

/** A pod of a Deployment with a spare replica: nothing stands against it by itself. */
const spare = async (t: ScenarioContext, options: PodOptions = {}): Promise<string> => {
  await t.apply(t.make.deployment('web', 2, { grace: 2, ...options }));
  await t.untilSetReady('Deployment', 'web', 2);
  return (await t.pods('app=web'))[0]?.metadata.name ?? '';
};

/** Nodes of this label are nowhere: such a pod costs nothing and is not finished. */
const nowhere = { nodeSelector: { 'scenario/nowhere': 'true' } };

const localData = [
  scenario({
    id: 'local-data',
    name: "a disk emptyDir of a StatefulSet's pod is a warning, with the command that keeps a copy",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, scratch('/data')));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const check = await t.untouched('db-0');
      const run = await t.plugin(['pod', 'db-0', '-o', 'json']);
      ended(run, 3, 'declined');
      const found = findingOf(targetOf(run), 'member-data-lost');
      assert.deepEqual([found.check, found.severity, found.irreversible, found.pass], ['local-data', 'warning', false, '--yes']);
      assert.deepEqual(found.data['volumes'], [{ name: 'scratch', container: 'app', path: '/data' }]);
      assert.deepEqual(found.objects.map((o) => [o.kind, o.name]), [['StatefulSet', 'db']]);
      assert.deepEqual(found.commands[0]?.argv.slice(0, 2), ['kubectl', 'cp']);
      await check();
    },
  }),
  scenario({
    id: 'local-data',
    name: "an emptyDir of a Deployment's pod, or for the temporary files of a StatefulSet's, is a note and no question",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 3, scratch('/tmp'), { podManagementPolicy: 'Parallel' }));
      const name = await spare(t, scratch('/data'));
      await t.untilSetReady('StatefulSet', 'db', 3);
      const run = await t.plugin(['pod', name, 'db-0', '-o', 'json']);
      ended(run, 0, 'deleted');
      for (const pod of [name, 'db-0']) assert.equal(findingOf(targetOf(run, pod), 'local-data-lost').severity, 'note');
    },
  }),
];

const gracePeriod = [
  scenario({
    id: 'grace-period',
    name: "grace 0 in the spec of a StatefulSet's pod blocks the plain delete that it would force, and a grace of its own goes through",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 0 }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const check = await t.untouched('db-0');
      const run = await t.plugin(['pod', 'db-0', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      const found = findingOf(targetOf(run), 'zero-grace-with-data');
      assert.deepEqual([found.check, found.severity, found.pass], ['grace-period', 'blocker', '--allow grace-period']);
      assert.ok(found.commands.some((c) => c.argv.includes('--grace-period=30')), 'the command that was meant');
      await check();
      const gentle = await t.plugin(['pod', 'db-0', '--grace-period=5', '-y', '-o', 'json']);
      ended(gentle, 0, 'deleted');
      assert.ok(!codesOf(targetOf(gentle)).includes('zero-grace-with-data'));
      assert.deepEqual(targetOf(gentle).containers.map((c) => c.exitCode), [143]);
    },
  }),
  scenario({
    id: 'D9',
    name: 'a forced deletion of a pod that still runs asks, of one that was never scheduled it does not',
    run: async (t) => {
      const name = await spare(t);
      const check = await t.untouched(name);
      const run = await t.plugin(['pod', name, '--force', '--grace-period=0', '-o', 'json']);
      ended(run, 3, 'declined');
      const found = findingOf(targetOf(run), 'force-not-proved');
      assert.deepEqual([found.check, found.severity], ['grace-period', 'warning']);
      await check();
      await t.apply(t.make.deployment('idle', 1, { spec: nowhere }));
      const idle = await t.until('the pod that nothing can run', async () => (await t.pods('app=idle'))[0]?.metadata.name);
      const forced = await t.plugin(['pod', idle, '--force', '--grace-period=0', '-o', 'json']);
      ended(forced, 0, 'deleted');
      assert.equal(checkOf(targetOf(forced), 'grace-period').status, 'not-applicable');
    },
  }),
  scenario({
    id: 'D9',
    name: 'a forced deletion of a member is refused while its node is only silent, and goes once somebody has said that the node is out of service',
    run: async (t) => {
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: `dead-${t.namespace}` } };
      await made(t, { ...node, spec: { unschedulable: true } });
      const condition = { type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'Kubelet stopped posting node status.', lastHeartbeatTime: '2026-01-01T00:00:00Z', lastTransitionTime: '2026-01-01T00:00:00Z' };
      await t.api.patch(whereOf(t, node), node.metadata.name, { status: { conditions: [condition] } }, '/status');
      await t.apply(t.make.statefulSet('db', 1, { grace: 5, spec: { nodeName: node.metadata.name, tolerations: [{ operator: 'Exists' }] } }));
      await t.until('its member is there', async () => await t.pod('db-0'));
      // Running, as the kubelet said before it fell silent: a pod that never started would be no danger.
      await t.patchPod('db-0', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'False' }], containerStatuses: [{ name: 'app', ready: false, restartCount: 0, image: 'x', imageID: 'x', containerID: 'containerd://x', state: { running: { startedAt: '2026-01-01T00:00:00Z' } } }] } }, '/status');
      const check = await t.untouched('db-0');
      const silent = await t.plugin(['pod', 'db-0', '--force', '-y', '-o', 'json']);
      ended(silent, 2, 'blocked');
      assert.equal(findingOf(targetOf(silent), 'forced-identity').severity, 'blocker');
      await check();
      await t.api.patch(whereOf(t, node), node.metadata.name, { spec: { taints: [{ key: 'node.kubernetes.io/out-of-service', value: 'nodeshutdown', effect: 'NoExecute' }] } });
      const dead = await t.plugin(['pod', 'db-0', '--force', '-y', '-o', 'json']);
      ended(dead, 0, 'deleted');
      assert.ok(!codesOf(targetOf(dead)).includes('forced-identity'));
    },
  }),
  scenario({
    id: 'W7',
    name: "a very short grace of a StatefulSet's pod is a note, a shorter one than its own a warning",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 20 }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const own = await t.plugin(['pod', 'db-0', '--dry-run=client', '-o', 'json']);
      const note = findingOf(targetOf(own), 'short-for-its-kind');
      assert.deepEqual([note.severity, note.data['usual']], ['note', 600]);
      const run = await t.plugin(['pod', 'db-0', '--grace-period=3', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([run.code, findingOf(targetOf(run), 'shorter-grace-with-data').severity], [3, 'warning']);
    },
  }),
  scenario({
    id: 'grace-period',
    name: "a Deployment's pod with its own grace passes; a preStop that is longer than it is a note",
    run: async (t) => {
      const name = await spare(t);
      const run = await t.plugin(['pod', name, '--dry-run=client', '-o', 'json']);
      ended(run, 0, 'would-delete');
      assert.equal(checkOf(targetOf(run), 'grace-period').status, 'passed');
      await t.apply(t.make.pod('slow', { grace: 3, containers: [{ lifecycle: { preStop: { exec: { command: ['sleep', '30'] } } } }] }));
      await t.untilReady('slow');
      const slow = await t.plugin(['pod', 'slow', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([findingOf(targetOf(slow), 'pre-stop-overruns').severity, findingOf(targetOf(slow), 'pre-stop-overruns').data['seconds']], ['note', 30]);
    },
  }),
];

const markers = [
  scenario({
    id: 'protection-markers',
    name: 'a pod that is marked kubectl-safe-delete/protect is refused with the reason; --allow lets it go',
    run: async (t) => {
      await t.apply(t.make.pod('ledger', { grace: 2, metadata: { annotations: { 'kubectl-safe-delete/protect': 'month end runs here' } } }));
      await t.untilReady('ledger');
      const check = await t.untouched('ledger');
      const run = await t.plugin(['pod', 'ledger', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      const found = findingOf(targetOf(run), 'protected-by-reason');
      assert.deepEqual([found.check, found.severity, found.pass], ['protection-markers', 'blocker', '--allow protection-markers']);
      assert.match(found.message, /month end runs here/);
      const words = await t.plugin(['pod', 'ledger', '-y']);
      assert.equal(words.code, 2);
      assert.match(words.stderr, /month end runs here/);
      await check();
      ended(await t.plugin(['pod', 'ledger', '-y', '--allow', 'protection-markers', '-o', 'json']), 0, 'deleted');
    },
  }),
  scenario({
    id: 'protection-markers',
    name: 'markers of other tools: keep blocks, Prune=false asks, the autoscaler is a note',
    run: async (t) => {
      const marked = (name: string, annotations: Readonly<Record<string, string>>) => t.make.pod(name, { spec: nowhere, metadata: { annotations } });
      await t.apply(
        marked('kept', { 'argocd.argoproj.io/sync-options': 'Replace=true, Delete=false' }),
        marked('unpruned', { 'argocd.argoproj.io/sync-options': 'Prune=false' }),
        marked('busy', { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' }),
      );
      const run = await t.plugin(['pod', 'kept', 'unpruned', 'busy', '--dry-run=client', '-o', 'json']);
      assert.equal(run.code, 2);
      const of = (name: string): readonly string[] => targetOf(run, name).findings.filter((f) => f.check === 'protection-markers').map((f) => `${f.code} ${f.severity}`);
      assert.deepEqual([of('kept'), of('unpruned'), of('busy')], [['keep blocker'], ['not-to-be-pruned warning'], ['not-to-be-disrupted note']]);
    },
  }),
  scenario({
    id: 'protection-markers',
    name: 'a pod with the labels and annotations of Helm, Argo CD and Flux from its template goes without a question',
    run: async (t) => {
      const name = await spare(t, {
        metadata: {
          labels: { app: 'web', 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'shop', 'argocd.argoproj.io/instance': 'shop', 'kustomize.toolkit.fluxcd.io/name': 'apps', 'kustomize.toolkit.fluxcd.io/namespace': 'flux-system' },
          annotations: { 'meta.helm.sh/release-name': 'shop', 'argocd.argoproj.io/tracking-id': `shop:apps/Deployment:${t.namespace}/web`, 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false', 'helm.sh/resource-policy': 'keep' },
        },
      });
      const run = await t.plugin(['pod', name, '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual([checkOf(targetOf(run), 'protection-markers').status, checkOf(targetOf(run), 'gitops-owner').status], ['passed', 'not-applicable']);
    },
  }),
];

const managers = [
  scenario({
    id: 'gitops-owner',
    name: 'a bare pod of a Helm release is a warning; one with the common instance label alone is not',
    run: async (t) => {
      const labels = { 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'shop' };
      await t.apply(
        t.make.pod('released', { spec: nowhere, metadata: { labels, annotations: { 'meta.helm.sh/release-name': 'shop', 'meta.helm.sh/release-namespace': t.namespace } } }),
        t.make.pod('labelled', { spec: nowhere, metadata: { labels } }),
      );
      const run = await t.plugin(['pod', 'released', 'labelled', '--dry-run=client', '-o', 'json']);
      ended(run, 3, 'would-ask');
      const found = findingOf(targetOf(run, 'released'), 'helm-release');
      assert.deepEqual([found.check, found.severity, found.data['release']], ['gitops-owner', 'warning', 'shop']);
      assert.equal(checkOf(targetOf(run, 'labelled'), 'gitops-owner').status, 'passed');
    },
  }),
  scenario({
    id: 'gitops-owner',
    name: 'a bare pod that Argo CD tracks, with no Application here, is unknown and not passed',
    run: async (t) => {
      await t.apply(t.make.pod('tracked', { spec: nowhere, metadata: { annotations: { 'argocd.argoproj.io/tracking-id': `shop:/Pod:${t.namespace}/tracked` } } }));
      const run = await t.plugin(['pod', 'tracked', '--dry-run=client', '-o', 'json']);
      const check = checkOf(targetOf(run), 'gitops-owner');
      assert.equal(check.status, 'unknown');
      assert.match(check.reason ?? '', /Application shop is not in this cluster/);
    },
  }),
];

const dependents = [
  scenario({
    id: 'dependents',
    name: 'a driver pod takes the Ready pods that it owns along: a warning that counts them, and they go',
    run: async (t) => {
      await t.apply(t.make.pod('driver', { grace: 2 }));
      await t.untilReady('driver');
      const { uid } = (await t.theObject('Pod', 'driver')).metadata;
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid, controller: true }];
      await t.apply(t.make.pod('exec-1', { grace: 2, metadata: { ownerReferences } }), t.make.pod('exec-2', { spec: nowhere, metadata: { ownerReferences } }));
      await t.untilReady('exec-1');
      const check = await t.untouched('driver', 'exec-1', 'exec-2');
      const asked = await t.plugin(['pod', 'driver', '-o', 'json']);
      ended(asked, 3, 'declined');
      const found = findingOf(targetOf(asked), 'serving-pods-go');
      assert.deepEqual([found.check, found.severity, found.data['count'], found.data['serving'], found.data['names']], ['dependents', 'warning', 2, 1, ['exec-1']]);
      assert.deepEqual(found.objects.map((o) => o.name).toSorted(), ['exec-1', 'exec-2']);
      await check();
      const run = await t.plugin(['pod', 'driver', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      await t.untilGone('exec-1');
      await t.untilGone('exec-2');
    },
  }),
  scenario({
    id: 'dependents',
    name: 'pods that it owns and that serve nothing are a note; a pod that owns none passes',
    run: async (t) => {
      await t.apply(t.make.pod('driver', { spec: nowhere }), t.make.pod('lone', { spec: nowhere }));
      const { uid } = (await t.theObject('Pod', 'driver')).metadata;
      await t.apply(t.make.pod('exec-1', { spec: nowhere, metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: 'driver', uid }] } }));
      const run = await t.plugin(['pod', 'driver', 'lone', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([findingOf(targetOf(run, 'driver'), 'dependents-go').severity, checkOf(targetOf(run, 'lone'), 'dependents').status], ['note', 'passed']);
    },
  }),
];

const scope = [
  scenario({
    id: 'scope',
    name: 'more than 20 pods are asked for once, on the first; 20 are not',
    run: async (t) => {
      const names = Array.from({ length: 21 }, (_, i) => `many-${i}`);
      await t.apply(...names.map((name) => t.make.pod(name, { spec: nowhere })));
      const codes = (run: Awaited<ReturnType<typeof t.plugin>>): readonly string[] => reportOf(run).targets.flatMap((target) => target.findings.filter((f) => f.check === 'scope').map((f) => `${f.severity} ${String(f.data['count'])}`));
      assert.deepEqual(codes(await t.plugin(['pod', ...names, '--dry-run=client', '-o', 'json'])), ['warning 21']);
      assert.deepEqual(codes(await t.plugin(['pod', ...names.slice(1), '--dry-run=client', '-o', 'json'])), []);
    },
  }),
];

const KEY = 'kubectl-safe-delete/ephemeral';
const ephemeral = [
  scenario({
    id: 'ephemeral',
    name: 'a bare pod that is marked ephemeral goes without a question, and the report says what the marker changed',
    run: async (t) => {
      await t.apply(t.make.pod('preview', { grace: 2, metadata: { annotations: { [KEY]: 'true' } } }));
      await t.untilReady('preview');
      const run = await t.plugin(['pod', 'preview', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = findingOf(targetOf(run), 'bare-pod');
      assert.deepEqual([found.severity, found.originalSeverity, found.changedBy, found.pass], ['note', 'warning', 'marker', null]);
      assert.deepEqual(reportOf(run).consent, { needed: 'none', given: 'none' });
    },
  }),
  scenario({
    id: 'ephemeral',
    name: 'a namespace that is marked ephemeral excuses its pods, but no blocker; who may not read the namespace is asked',
    run: async (t) => {
      await t.api.patch({ apiVersion: 'v1', kind: 'Namespace', namespace: '' }, t.namespace, { metadata: { labels: { [KEY]: 'true' } } });
      await t.apply(t.make.pod('first', { grace: 2 }), t.make.pod('second', { grace: 2 }), t.make.pod('kept', { spec: nowhere, metadata: { annotations: { 'kubectl-safe-delete/protect': 'evidence' } } }));
      await t.untilReady('first', 'second');
      ended(await t.plugin(['pod', 'kept', '-o', 'json']), 2, 'blocked');
      ended(await t.plugin(['pod', 'first', '-o', 'json']), 0, 'deleted');
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', 'second', '-o', 'json'], { kubeconfig });
      ended(run, 3, 'declined');
      assert.equal(findingOf(targetOf(run), 'bare-pod').severity, 'warning');
      assert.ok(!targetOf(run).checks.some((c) => c.missingRights.some((r) => r.resource === 'namespaces')), 'an unread namespace makes nothing unknown');
    },
  }),
  scenario({
    id: 'ephemeral',
    name: 'another value of the marker changes nothing',
    run: async (t) => {
      await t.apply(t.make.pod('preview', { spec: nowhere, metadata: { annotations: { [KEY]: 'no' } } }));
      const run = await t.plugin(['pod', 'preview', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([run.code, findingOf(targetOf(run), 'bare-pod').severity], [3, 'warning']);
    },
  }),
];

export const checksData = [...localData, ...gracePeriod, ...markers, ...managers, ...dependents, ...scope, ...ephemeral];
