/**
 * Why an object is still there: each cause staged, and the first reason that the plugin tells has to be that cause, with the right object, within
 * ten seconds of the deadline, without anything in the cluster being changed by looking.
 */
import assert from 'node:assert/strict';
import type { WaitingOn } from '../../../src/diagnosis/waiting-on.ts';
import type { AuditedRequest } from '../cluster-under-test.ts';
import type { ScenarioContext } from '../context.ts';
import { sleep } from '../context.ts';
import { endsByTerm, ignoresTerm } from '../manifests.ts';
import { reportOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import type { Need, Scenario } from '../scenario.ts';
import { boundClaim, using } from '../staging.ts';
import { conditionOf, configMap, definition, deleted, fakeNode, heldNamespace, HOLD, inNamespace, installWebhook, merge, ok, silence, unhold, versionOf } from '../stuck-staging.ts';

const WITHIN_MS = 10_000;

interface Staged {
  /** The words that name it. */
  readonly argv: readonly string[];
  /** The collection or object whose resourceVersion must not change by looking; null where the cluster itself goes on. */
  readonly paths: readonly string[];
  readonly kind: WaitingOn['kind'];
  readonly name: string;
  readonly message?: RegExp;
  /** A grace period that still runs may be told before. */
  readonly afterGrace?: boolean;
}

interface StuckCase {
  readonly says: string;
  readonly needs?: readonly Need[];
  readonly serial?: boolean;
  readonly stage: (t: ScenarioContext) => Promise<Staged>;
}

const cases: readonly StuckCase[] = [
  {
    says: 'a grace period that still runs',
    stage: async (t) => {
      await t.apply(t.make.pod('slow', { grace: 30, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('slow');
      await t.deletePod('slow');
      t.defer(async () => await t.deletePod('slow', { gracePeriodSeconds: 0 }));
      return { argv: ['pod', 'slow'], paths: [], kind: 'grace', name: '' };
    },
  },
  {
    says: 'a grace period that was made shorter and that the kubelet does not take up',
    needs: ['real-processes'],
    stage: async (t) => {
      await t.apply(t.make.pod('stubborn', { grace: 40, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('stubborn');
      await t.deletePod('stubborn');
      await sleep(1500);
      await t.deletePod('stubborn', { gracePeriodSeconds: 1 });
      return { argv: ['pod', 'stubborn'], paths: [], kind: 'container', name: 'app', message: /grace period of 40 s and does not take the shorter one up/, afterGrace: true };
    },
  },
  {
    says: 'a finalizer on a pod whose controller is not installed',
    stage: async (t) => {
      await t.apply(t.make.pod('held', { grace: 1, metadata: { finalizers: [HOLD] } }));
      await t.untilReady('held');
      await t.deletePod('held');
      await t.until('only the finalizer holds it', async () => (await t.pod('held'))?.status?.phase === 'Failed');
      // The kubelet's own last words.
      await sleep(2500);
      return { argv: ['pod', 'held'], paths: [inNamespace(t, 'pods/held')], kind: 'finalizer', name: HOLD, message: /no API of stuck\.nobody\.example/ };
    },
  },
  {
    says: 'a finalizer on an object of any kind',
    stage: async (t) => {
      const path = await configMap(t, 'settings');
      await deleted(t, path);
      return { argv: ['configmap', 'settings'], paths: [path], kind: 'finalizer', name: HOLD };
    },
  },
  {
    says: 'a webhook without a backend that refuses the update that would take the finalizer off',
    stage: async (t) => {
      const path = await configMap(t, 'settings');
      await deleted(t, path);
      await installWebhook(t, 'configmaps', 'UPDATE');
      return { argv: ['configmap', 'settings'], paths: [path], kind: 'webhook', name: 'guard.scenario.example', message: /every update of this ConfigMap/ };
    },
  },
  {
    says: "a webhook without a backend that refuses the kubelet's own DELETE",
    needs: ['real-processes'],
    stage: async (t) => {
      await t.apply(t.make.pod('ended', { grace: 4, containers: [{ command: endsByTerm }] }));
      await t.untilReady('ended');
      await t.deletePod('ended');
      await installWebhook(t, 'pods', 'DELETE');
      await t.until('its containers have ended', async () => (await t.pod('ended'))?.status?.containerStatuses?.every((s) => s.state?.terminated !== undefined));
      return { argv: ['pod', 'ended'], paths: [], kind: 'webhook', name: 'guard.scenario.example', message: /the kubelet's own DELETE/, afterGrace: true };
    },
  },
  {
    says: 'a claim that a pod uses',
    needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      await t.apply(t.make.pod('user', using('data')));
      await t.untilReady('user');
      const path = inNamespace(t, 'persistentvolumeclaims/data');
      await deleted(t, path);
      return { argv: ['pvc', 'data'], paths: [path], kind: 'claim', name: 'user', message: /pod user uses it/ };
    },
  },
  {
    says: 'a claim that only a finished pod names',
    needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      const { spec, ...rest } = using('data') as { readonly spec?: object };
      await t.apply(t.make.pod('batch', { ...rest, containers: [{ command: ['sh', '-c', 'exit 0'] }], spec: { ...spec, restartPolicy: 'Never' } }));
      await t.untilPhase('batch', 'Succeeded');
      const path = inNamespace(t, 'persistentvolumeclaims/data');
      await deleted(t, path);
      return { argv: ['pvc', 'data'], paths: [path], kind: 'claim', name: 'batch', message: /finished pod batch/ };
    },
  },
  {
    says: 'a volume that is bound to its claim',
    needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      const path = `/api/v1/persistentvolumes/${t.namespace}-data`;
      await deleted(t, path);
      return { argv: ['pv', `${t.namespace}-data`], paths: [path], kind: 'claim', name: 'data' };
    },
  },
  {
    says: 'a volume that is still attached, and whose detaching failed',
    needs: ['volumes'],
    stage: async (t) => {
      const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
      const name = `va-${t.namespace}`;
      await ok(t, 'POST', attachments, { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name, finalizers: ['external-attacher/scenario-example'] }, spec: { attacher: 'csi.scenario.example', nodeName: 'node-1', source: { persistentVolumeName: `pv-${t.namespace}` } } });
      t.defer(async () => await unhold(t, `${attachments}/${name}`));
      await merge(t, `${attachments}/${name}/status`, { status: { attached: true, detachError: { message: 'the disk is busy' } } });
      await deleted(t, `${attachments}/${name}`);
      return { argv: ['volumeattachment', name], paths: [`${attachments}/${name}`], kind: 'volume', name: `pv-${t.namespace}`, message: /detaching it failed: the disk is busy/ };
    },
  },
  {
    says: 'a volume whose attacher has not let it go',
    needs: ['volumes'],
    stage: async (t) => {
      const volume = `/api/v1/persistentvolumes/${t.namespace}-disk`;
      await ok(t, 'POST', '/api/v1/persistentvolumes', { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `${t.namespace}-disk`, finalizers: ['external-attacher/scenario-example'] }, spec: { capacity: { storage: '1Mi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', storageClassName: 'none', hostPath: { path: '/tmp' } } });
      t.defer(async () => await unhold(t, volume));
      const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
      const name = `va2-${t.namespace}`;
      await ok(t, 'POST', attachments, { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name, finalizers: ['external-attacher/scenario-example'] }, spec: { attacher: 'csi.scenario.example', nodeName: 'node-1', source: { persistentVolumeName: `${t.namespace}-disk` } } });
      t.defer(async () => {
        await unhold(t, `${attachments}/${name}`);
        await t.api.call('DELETE', `${attachments}/${name}`);
      });
      await merge(t, `${attachments}/${name}/status`, { status: { attached: true } });
      await deleted(t, volume);
      return { argv: ['pv', `${t.namespace}-disk`], paths: [], kind: 'volume', name: `${t.namespace}-disk`, message: /attached to node node-1/ };
    },
  },
  {
    says: 'the clean-up of a kubelet, after all containers have ended',
    needs: ['real-processes'],
    stage: async (t) => {
      const node = await fakeNode(t);
      await t.apply(t.make.pod('ended', { grace: 1, spec: { nodeName: node } }));
      t.defer(async () => await t.deletePod('ended', { gracePeriodSeconds: 0 }));
      await merge(t, inNamespace(t, 'pods/ended/status'), { status: { phase: 'Running', containerStatuses: [{ name: 'app', image: 'x', imageID: 'x', ready: false, restartCount: 0, state: { running: { startedAt: new Date().toISOString() } } }] } });
      await t.deletePod('ended');
      const now = new Date().toISOString();
      await merge(t, inNamespace(t, 'pods/ended/status'), { status: { phase: 'Failed', containerStatuses: [{ name: 'app', image: 'x', imageID: 'x', ready: false, restartCount: 0, state: { terminated: { exitCode: 143, reason: 'Error', startedAt: now, finishedAt: now } } }] } });
      return { argv: ['pod', 'ended'], paths: [], kind: 'volume', name: 'ended', message: /still unmounts its volumes/, afterGrace: true };
    },
  },
  {
    says: 'a pod on a node that does not exist',
    // The embedded cluster collects it in two seconds.
    needs: ['real-processes'],
    stage: async (t) => {
      await t.apply(t.make.pod('lost', { grace: 1, spec: { nodeName: 'no-such-node' } }));
      await t.deletePod('lost', { gracePeriodSeconds: 20 });
      return { argv: ['pod', 'lost'], paths: [], kind: 'controller', name: 'pod-garbage-collector' };
    },
  },
  {
    says: 'foreground deletion, and a dependent that is held',
    stage: async (t) => {
      await t.apply(t.make.deployment('web', 1, { grace: 1, metadata: { finalizers: [HOLD], labels: { app: 'web' } } }));
      await t.untilSetReady('Deployment', 'web', 1);
      const [pod] = await t.pods('app=web');
      const [set] = await t.api.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace }, 'app=web');
      assert.ok(pod !== undefined && set !== undefined);
      const path = inNamespace(t, 'deployments/web', 'apps/v1');
      await deleted(t, path, { propagationPolicy: 'Foreground' });
      await t.until('the pod is held', async () => (await t.pod(pod.metadata.name))?.metadata.deletionTimestamp);
      return { argv: ['replicaset', set.metadata.name], paths: [], kind: 'dependents', name: `pod/${pod.metadata.name}`, message: /blocks its end/ };
    },
  },
  {
    says: 'a namespace with an object that is held',
    stage: async (t) => {
      const name = await heldNamespace(t);
      const path = `/api/v1/namespaces/${name}`;
      await ok(t, 'POST', `${path}/configmaps`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'held', finalizers: [HOLD] } });
      t.defer(async () => await unhold(t, `${path}/configmaps/held`));
      await deleted(t, path);
      await t.until('the namespace says what is left', async () => await conditionOf(t, path, 'NamespaceFinalizersRemaining'), 60_000);
      return { argv: ['namespace', name], paths: [`${path}/configmaps/held`], kind: 'namespace-content', name: 'configmap/held', message: /finalizer stuck\.nobody\.example\/hold/ };
    },
  },
  {
    says: 'a namespace and an API that does not answer',
    needs: ['apiserver-fault', 'real-processes'],
    serial: true,
    stage: async (t) => {
      const apis = '/apis/apiregistration.k8s.io/v1/apiservices';
      await ok(t, 'POST', apis, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: 'v1.broken.scenario.example' }, spec: { group: 'broken.scenario.example', version: 'v1', groupPriorityMinimum: 100, versionPriority: 10, insecureSkipTLSVerify: true, service: { namespace: t.namespace, name: 'nobody' } } });
      t.defer(async () => void (await t.api.call('DELETE', `${apis}/v1.broken.scenario.example`)));
      const name = await heldNamespace(t);
      const path = `/api/v1/namespaces/${name}`;
      await sleep(3000);
      await deleted(t, path);
      await t.until('the namespace says that discovery fails', async () => await conditionOf(t, path, 'NamespaceDeletionDiscoveryFailure'), 90_000);
      return { argv: ['namespace', name], paths: [], kind: 'api-service', name: 'v1.broken.scenario.example' };
    },
  },
  {
    says: 'a definition with an instance that is held',
    stage: async (t) => {
      const group = `${t.namespace}.scenario.example`;
      const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
      await ok(t, 'POST', definitions, definition(group));
      const path = `${definitions}/widgets.${group}`;
      const widgets = `/apis/${group}/v1/namespaces/${t.namespace}/widgets`;
      await t.until('the kind is served', async () => (await t.api.call('POST', widgets, { apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'held', finalizers: [HOLD] } })).status === 201);
      t.defer(async () => await unhold(t, `${widgets}/held`));
      await deleted(t, path);
      await t.until('it is Terminating', async () => await conditionOf(t, path, 'Terminating'));
      await sleep(500);
      return { argv: ['crd', `widgets.${group}`], paths: [], kind: 'dependents', name: `widgets.${group}`, message: /finalizer stuck\.nobody\.example\/hold/ };
    },
  },
  {
    says: 'a load balancer that nobody deletes',
    stage: async (t) => {
      await ok(t, 'POST', inNamespace(t, 'services'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'outside', finalizers: ['service.kubernetes.io/load-balancer-cleanup'] }, spec: { type: 'LoadBalancer', selector: { app: 'none' }, ports: [{ port: 80 }] } });
      const path = inNamespace(t, 'services/outside');
      t.defer(async () => await unhold(t, path));
      await deleted(t, path);
      return { argv: ['service', 'outside'], paths: [path], kind: 'load-balancer', name: 'outside' };
    },
  },
  {
    says: 'a node that does not answer',
    needs: ['kubelet-fault'],
    serial: true,
    stage: async (t) => {
      await t.apply(t.make.pod('cut-off', { grace: 2 }));
      await t.untilReady('cut-off');
      const node = (await t.theObject('Pod', 'cut-off')).spec?.nodeName ?? '';
      t.defer(t.faults.thawNode);
      await t.faults.freezeNode();
      await t.deletePod('cut-off');
      return { argv: ['pod', 'cut-off'], paths: [inNamespace(t, 'pods/cut-off')], kind: 'node', name: node };
    },
  },
  {
    says: 'a namespace while kube-controller-manager does not run',
    needs: ['controller-fault'],
    serial: true,
    stage: async (t) => {
      const name = await heldNamespace(t);
      await silence(t);
      const path = `/api/v1/namespaces/${name}`;
      await deleted(t, path);
      return { argv: ['namespace', name], paths: [path], kind: 'controller', name: 'kube-controller-manager', message: /namespace controller/ };
    },
  },
  {
    says: 'a pod of a Job while kube-controller-manager does not run',
    needs: ['controller-fault'],
    serial: true,
    stage: async (t) => {
      await t.apply({ apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'batch' }, spec: { template: { spec: { ...t.make.podSpec({ grace: 1 }), restartPolicy: 'Never' } } } });
      const pod = await t.until('its pod', async () => (await t.pods('job-name=batch'))[0]);
      await t.untilReady(pod.metadata.name);
      await silence(t);
      await t.deletePod(pod.metadata.name);
      await t.until('its containers have ended', async () => (await t.pod(pod.metadata.name))?.status?.phase === 'Failed');
      await sleep(1000);
      return { argv: ['pod', pod.metadata.name], paths: [], kind: 'controller', name: 'kube-controller-manager', message: /Job controller/ };
    },
  },
  {
    says: 'foreground deletion while kube-controller-manager does not run',
    needs: ['controller-fault'],
    serial: true,
    stage: async (t) => {
      await t.apply(t.make.deployment('web', 1, { grace: 1 }));
      await t.untilSetReady('Deployment', 'web', 1);
      await silence(t);
      const path = inNamespace(t, 'deployments/web', 'apps/v1');
      await deleted(t, path, { propagationPolicy: 'Foreground' });
      return { argv: ['deployment', 'web'], paths: [path], kind: 'controller', name: 'kube-controller-manager', message: /garbage collector/ };
    },
  },
];

interface WaitingLine {
  readonly at: string;
  readonly waitingOn: readonly WaitingOn[];
}

const played = ({ says, needs = [], serial = false, stage }: StuckCase): Scenario =>
  scenario({
    id: 'S1',
    name: `why it is still there: ${says}`,
    needs,
    serial,
    run: async (t) => {
      const staged = await stage(t);
      const before = await Promise.all(staged.paths.map(async (path) => await versionOf(t, path)));
      const requests = t.cluster.audit === null ? null : t.auditMark();
      const run = await t.plugin([...staged.argv, '--attach', `--timeout=${staged.afterGrace === true ? 14 : 4}s`, '-o', 'ndjson'], { timeoutMs: 40_000 });
      const report = reportOf(run);
      const [target] = report.targets;
      assert.ok(target !== undefined);
      const told = run.events.filter((e) => e.type === 'waiting') as unknown as readonly WaitingLine[];
      const first = told.find((w) => staged.kind === 'grace' || staged.afterGrace !== true || w.waitingOn[0]?.kind !== 'grace');
      const reason = first?.waitingOn[0];
      assert.deepEqual([reason?.kind, staged.name === '' ? '' : reason?.name], [staged.kind, staged.name], JSON.stringify(told));
      if (staged.message !== undefined) assert.match(reason?.message ?? '', staged.message);
      const since = Math.max(Date.parse(report.startedAt), Date.parse(target.deadline ?? report.startedAt));
      const late = Date.parse(first?.at ?? '') - since;
      assert.ok(late <= WITHIN_MS, `told ${late} ms after the deadline`);
      for (const w of told.flatMap((line) => line.waitingOn)) assert.ok(w.message !== '' && w.remedy !== '' && w.commands.every((c) => c.argv[0] === 'kubectl'));
      assert.deepEqual(await Promise.all(staged.paths.map(async (path) => await versionOf(t, path))), before, 'looking changes nothing');
      // Others may use the cluster at the same time.
      const ours = (r: AuditedRequest): boolean => r.namespace === t.namespace || r.name.includes(t.namespace);
      const writes = (await requests?.())?.filter((r) => ours(r) && !['get', 'list', 'watch'].includes(r.verb)) ?? [];
      assert.deepEqual(writes, [], 'only reads were sent');
      assert.deepEqual([report.deletionRequested, report.dryRun], [false, false]);
    },
  });

export const stuckCauses: readonly Scenario[] = [
  ...cases.map(played),
  scenario({
    id: 'S1',
    name: '--attach --wait=false tells the reasons once: exit 4, and the object is as it was',
    run: async (t) => {
      const path = await configMap(t, 'settings');
      await deleted(t, path);
      const before = await versionOf(t, path);
      const run = await t.plugin(['configmap', 'settings', '--attach', '--wait=false', '-o', 'json']);
      assert.deepEqual([run.code, reportOf(run).outcome, reportOf(run).goesOn, reportOf(run).deletionRequested], [4, 'still-there', true, false]);
      const [reason] = reportOf(run).targets[0]?.waitingOn ?? [];
      assert.deepEqual([reason?.kind, reason?.name], ['finalizer', HOLD]);
      assert.equal(await versionOf(t, path), before);
      // The patch that a person gets works as it stands, and only for this object.
      const patch = JSON.parse(reason?.lastResort?.argv.at(-1) ?? '[]') as readonly { readonly op: string; readonly value?: string }[];
      assert.deepEqual(patch.map((p) => p.op), ['test', 'test', 'remove']);
      const other = await t.api.call('PATCH', path, patch.map((p, i) => (i === 0 ? { ...p, value: 'another' } : p)), 'application/json-patch+json');
      assert.ok(other.status >= 400, 'not another object of the same name');
      await ok(t, 'PATCH', path, patch, 'application/json-patch+json');
      assert.equal((await t.api.call('GET', path)).status, 404);
    },
  }),
  scenario({
    id: 'S1',
    name: '--attach on what is not being deleted: exit 1, and nothing is sent but reads',
    run: async (t) => {
      const path = await configMap(t, 'settings', []);
      const before = await versionOf(t, path);
      const run = await t.plugin(['configmap', 'settings', '--attach', '-o', 'json']);
      assert.deepEqual([run.code, reportOf(run).outcome], [1, 'not-terminating']);
      assert.equal(await versionOf(t, path), before);
    },
  }),
  scenario({
    id: 'S1',
    name: '--attach follows a pod to its end, with the codes of its containers',
    run: async (t) => {
      await t.apply(t.make.pod('going', { grace: 6, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('going');
      await t.deletePod('going');
      const run = await t.plugin(['pod', 'going', '--attach', '-o', 'json']);
      assert.deepEqual([run.code, reportOf(run).outcome, reportOf(run).deletionRequested], [0, 'deleted', false]);
      assert.deepEqual(reportOf(run).targets[0]?.containers.map((c) => [c.exitCode, c.verdict]), [[137, 'killed-after-grace-period']]);
    },
  }),
];
