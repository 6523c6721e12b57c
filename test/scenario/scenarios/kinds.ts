/** D1: every kind to its end, with what hangs on it, for each cascade; and what a command line may name besides pods. */
import assert from 'node:assert/strict';
import type { WireTarget } from '../../../src/report/wire.ts';
import type { Live, Manifest, Where } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { ignoresTerm } from '../manifests.ts';
import { codesOf, ended, findingOf, phasesInOrder, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { configMap, definition, finishedJob, jobOf, made, quick, secret, whereOf } from '../staging.ts';

const GROUP = 'kinds.scenario.example';

interface Workload {
  readonly kind: string;
  /** Word of the command line. */
  readonly type: string;
  readonly apiVersion: string;
  /** How many of each kind hang on it; its name is `it`, and its pods are labelled `app: it`. */
  readonly hangs: Readonly<Record<string, number>>;
  readonly apply: (t: ScenarioContext) => Promise<void>;
}

const labels = { app: 'it' };
const template = (t: ScenarioContext): object => ({ metadata: { labels }, spec: t.make.podSpec(quick) });
const withSelector = (t: ScenarioContext, apiVersion: string, kind: string, spec: object): Manifest => ({ apiVersion, kind, metadata: { name: 'it' }, spec: { selector: { matchLabels: labels }, template: template(t), ...spec } });

const ownedBy = (owner: Live, apiVersion: string, kind: string, more: object = {}): object => ({ ownerReferences: [{ apiVersion, kind, name: owner.metadata.name, uid: owner.metadata.uid, ...more }] });

const cronJob = (name: string): Manifest => ({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name }, spec: { schedule: '0 3 1 1 *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'app', image: 'nothing' }] } } } } } });

const workloads: readonly Workload[] = [
  { kind: 'Deployment', type: 'deploy', apiVersion: 'apps/v1', hangs: { ReplicaSet: 1, Pod: 2 }, apply: async (t) => await t.apply(t.make.deployment('it', 2, quick)) },
  { kind: 'ReplicaSet', type: 'rs', apiVersion: 'apps/v1', hangs: { Pod: 2 }, apply: async (t) => await t.apply(withSelector(t, 'apps/v1', 'ReplicaSet', { replicas: 2 })) },
  { kind: 'StatefulSet', type: 'sts', apiVersion: 'apps/v1', hangs: { ControllerRevision: 1, Pod: 2 }, apply: async (t) => await t.apply(t.make.statefulSet('it', 2, quick)) },
  { kind: 'DaemonSet', type: 'ds', apiVersion: 'apps/v1', hangs: { ControllerRevision: 1, Pod: 1 }, apply: async (t) => await t.apply(withSelector(t, 'apps/v1', 'DaemonSet', {})) },
  { kind: 'ReplicationController', type: 'rc', apiVersion: 'v1', hangs: { Pod: 2 }, apply: async (t) => await t.apply({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'it' }, spec: { replicas: 2, selector: labels, template: template(t) } }) },
  { kind: 'Job', type: 'job', apiVersion: 'batch/v1', hangs: { Pod: 1 }, apply: async (t) => await t.apply(jobOf(t, 'it', {})) },
  {
    kind: 'CronJob',
    type: 'cj',
    apiVersion: 'batch/v1',
    hangs: { Job: 1, Pod: 1 },
    apply: async (t) => {
      const owner = await t.api.create(cronJob('it'), t.namespace);
      const job = jobOf(t, 'it-now', {});
      await t.apply({ ...job, metadata: { ...job.metadata, ...ownedBy(owner, 'batch/v1', 'CronJob', { controller: true, blockOwnerDeletion: true }) }, spec: { template: { ...template(t), spec: { ...t.make.podSpec(quick), restartPolicy: 'Never' } } } });
    },
  },
  {
    kind: 'Widget',
    type: `widgets.${GROUP}`,
    apiVersion: `${GROUP}/v1`,
    hangs: { Deployment: 1, ReplicaSet: 1, Pod: 1 },
    apply: async (t) => {
      await definition(t, GROUP, 'Widget', 'widgets');
      const owner = await t.api.create({ apiVersion: `${GROUP}/v1`, kind: 'Widget', metadata: { name: 'it' } }, t.namespace);
      const below = t.make.deployment('it', 1, quick);
      await t.apply({ ...below, metadata: { ...below.metadata, ...ownedBy(owner, `${GROUP}/v1`, 'Widget', { controller: true, blockOwnerDeletion: true }) } });
    },
  },
];

/** How many of each kind the report counts, whatever has become of them. */
const countsOf = (target: WireTarget, ...states: readonly string[]): Readonly<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const d of target.dependents) if (states.includes(d.state)) counts[d.kind] = (counts[d.kind] ?? 0) + d.count;
  return counts;
};

const podsReady = async (t: ScenarioContext, count: number): Promise<readonly Live[]> =>
  await t.until(`${count} pods are Ready`, async () => {
    const pods = await t.pods('app=it');
    return pods.length === count && pods.every((p) => p.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true) ? pods : undefined;
  });

const podsGone = async (t: ScenarioContext): Promise<void> => {
  await t.until('the pods are gone', async () => (await t.pods('app=it')).length === 0);
};

const staged = async (t: ScenarioContext, w: Workload): Promise<{ readonly where: Where; readonly uid: string; readonly pods: readonly Live[] }> => {
  await w.apply(t);
  const pods = await podsReady(t, w.hangs['Pod'] ?? 0);
  const where: Where = { apiVersion: w.apiVersion, kind: w.kind, namespace: t.namespace };
  const live = await t.api.find(where, 'it');
  assert.ok(live !== undefined);
  return { where, uid: live.metadata.uid, pods };
};

const ofWorkload = (w: Workload): readonly Scenario[] => [
  scenario({
    id: 'D1',
    name: `${w.kind} in the background: Ready pods behind it are asked about, it is deleted when its object is gone, and what is still going is counted`,
    run: async (t) => {
      const { where, uid } = await staged(t, w);
      const refused = await t.plugin([w.type, 'it', '-o', 'json']);
      ended(refused, 3, 'declined');
      const warning = findingOf(targetOf(refused), 'serving-pods-go');
      assert.deepEqual([warning.severity, warning.data['serving']], ['warning', w.hangs['Pod']]);
      assert.deepEqual(codesOf(targetOf(refused)).filter((code) => ['budget-exceeded', 'last-ready-pods', 'no-endpoint-left'].includes(code)), [], 'one fact, one finding');
      assert.equal((await t.api.find(where, 'it'))?.metadata.uid, uid);
      const run = await t.plugin([w.type, 'it', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.deepEqual(countsOf(target, 'going', 'gone'), w.hangs);
      assert.equal(await t.api.find(where, 'it'), undefined);
      await podsGone(t);
    },
  }),
  scenario({
    id: 'D1',
    name: `${w.kind} in the foreground: waits for what it owns, and all of that is gone at the end`,
    run: async (t) => {
      const { where } = await staged(t, w);
      const run = await t.plugin([w.type, 'it', '-y', '--cascade=foreground', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      phasesInOrder(target, 'accepted', 'dependents-going', 'gone');
      assert.deepEqual(countsOf(target, 'gone'), w.hangs);
      assert.deepEqual([await t.api.find(where, 'it'), await t.pods('app=it')], [undefined, []]);
    },
  }),
  scenario({
    id: 'D1',
    name: `${w.kind} with orphan cascade: goes without a question and leaves behind what it owns`,
    run: async (t) => {
      const { where, uid, pods } = await staged(t, w);
      const run = await t.plugin([w.type, 'it', '--cascade=orphan', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.deepEqual(countsOf(target, 'left-behind'), w.hangs);
      assert.equal(findingOf(target, 'left-behind').severity, 'note');
      assert.equal(await t.api.find(where, 'it'), undefined);
      for (const before of pods) {
        const now = await t.theObject('Pod', before.metadata.name);
        assert.deepEqual([now.metadata.uid, now.metadata.deletionTimestamp], [before.metadata.uid, undefined], `${before.metadata.name} stays`);
        const owners = (now.metadata as { readonly ownerReferences?: readonly { readonly uid: string }[] }).ownerReferences ?? [];
        assert.ok(owners.every((o) => o.uid !== uid), 'the reference to the owner is off');
      }
    },
  }),
];

export const kinds: readonly Scenario[] = [
  ...workloads.flatMap(ofWorkload),
  scenario({
    id: 'D1',
    name: 'ConfigMap, Secret, Service and a custom resource have no grace period: gone at once, and counted with what hangs on them',
    run: async (t) => {
      await definition(t, GROUP, 'Widget', 'widgets');
      await t.apply(configMap('plain'), secret('plain'), { apiVersion: 'v1', kind: 'Service', metadata: { name: 'plain' }, spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] } });
      await t.apply({ apiVersion: `${GROUP}/v1`, kind: 'Widget', metadata: { name: 'plain' } });
      await t.until('the Service has its slice', async () => (await t.api.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: t.namespace })).length === 1);
      for (const type of ['cm', 'secret', 'svc', `widgets.${GROUP}`]) {
        const run = await t.plugin([type, 'plain', '-o', 'json']);
        ended(run, 0, 'deleted');
        const target = targetOf(run);
        assert.deepEqual([target.gracePeriodSeconds, target.deadline, target.containers], [null, null, []], type);
        assert.deepEqual(countsOf(target, 'going', 'gone'), type === 'svc' ? { EndpointSlice: 1 } : {}, type);
      }
    },
  }),
  scenario({
    id: 'D1',
    name: 'in the foreground an owner stays as long as a pod of it is held, and the report names the pod',
    run: async (t) => {
      await t.apply(t.make.deployment('held', 1, { ...quick, metadata: { finalizers: ['scenario.example/hold'] } }));
      await t.untilSetReady('Deployment', 'held', 1);
      const [pod] = await t.pods('app=held');
      const run = await t.plugin(['deploy', 'held', '-y', '--cascade=foreground', '--timeout=5s', '-o', 'json']);
      ended(run, 4, 'still-there');
      const target = targetOf(run);
      assert.equal(target.waitingOn[0]?.kind, 'dependents');
      assert.equal((await t.theObject('Deployment', 'held')).metadata.finalizers?.includes('foregroundDeletion'), true, 'it is still there');
      assert.deepEqual(countsOf(target, 'going'), { ReplicaSet: 1, Pod: 1 });
      await t.release(pod?.metadata.name ?? '');
      await t.until('it has gone', async () => (await t.api.find({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: t.namespace }, 'held')) === undefined);
    },
  }),
  scenario({
    id: 'D1',
    name: 'a grace period is for pods that are named: the pods of a deleted Deployment keep their own, and the plan says so',
    run: async (t) => {
      await t.apply(t.make.deployment('slow', 1, { grace: 20, containers: [{ command: ignoresTerm }] }));
      await t.untilSetReady('Deployment', 'slow', 1);
      const run = await t.plugin(['deploy', 'slow', '-y', '--grace-period=1', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(findingOf(targetOf(run), 'grace-not-passed-on').data, { grace: 1, pods: 1, longest: 20 });
      const pod = await t.until('the pod is marked', async () => (await t.pods('app=slow')).find((p) => p.metadata.deletionTimestamp !== undefined));
      assert.equal((pod.metadata as { readonly deletionGracePeriodSeconds?: number }).deletionGracePeriodSeconds, 20);
    },
  }),
  scenario({
    id: 'D1',
    name: 'people are told what goes with a Deployment, and what is still going when it is gone',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 5, containers: [{ command: ignoresTerm }] }));
      await t.untilSetReady('Deployment', 'web', 2);
      const run = await t.plugin(['deploy', 'web', '-y']);
      assert.equal(run.code, 0);
      assert.match(run.stderr, /goes with it: 1 ReplicaSet, 2 pods/u);
      assert.match(run.stdout, /^deployment\.apps "web" deleted from \S+ namespace .*2 pods are still going/mu);
    },
  }),
  scenario({
    id: 'D1',
    name: 'missing names and namespaces, empty selections and what is gone meanwhile, for other kinds than pods',
    run: async (t) => {
      await t.apply(configMap('here'));
      const missing = await t.plugin(['cm', 'here', 'nowhere', '-o', 'json']);
      ended(missing, 7, 'mixed', { here: 'deleted', nowhere: 'not-found' });
      ended(await t.plugin(['deploy', 'nowhere', '-o', 'json']), 6, 'not-found');
      ended(await t.plugin(['deploy/nowhere', '--ignore-not-found', '-o', 'json']), 0, 'not-found');
      ended(await t.plugin(['sts,ds', '-l', 'app=nobody', '-o', 'json']), 0, 'nothing-matched');
      ended(await t.plugin(['sts,ds', '-l', 'app=nobody', '--strict', '-o', 'json']), 6, 'nothing-matched');
      const nowhere = await t.plugin(['deploy', 'web', '-n', `${t.namespace}-not`], { namespace: null });
      assert.equal(nowhere.code, 6);
      assert.match(nowhere.stdout + nowhere.stderr, new RegExp(`${t.namespace}-not`, 'u'));
      await t.apply(configMap('first'), configMap('second'));
      const both = await Promise.all([t.plugin(['cm', 'first', 'second', '-o', 'json']), t.plugin(['cm', 'second', 'first', '-o', 'json'])]);
      for (const run of both) assert.ok(['deleted', 'already-gone', 'not-found'].includes(reportOf(run).outcome) || reportOf(run).outcome === 'mixed', reportOf(run).outcome);
      const again = await t.plugin(['cm', 'first', '-o', 'json']);
      ended(again, 6, 'not-found');
    },
  }),
  scenario({
    id: 'D6',
    name: 'a ReplicaSet of a Deployment comes back under its name, which the plan says beside the way without a gap',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, quick));
      await t.untilSetReady('Deployment', 'web', 2);
      const where: Where = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace };
      const [before] = await t.api.list(where);
      const name = before?.metadata.name ?? '';
      const plan = await t.plugin(['rs', name, '--dry-run', '-o', 'json']);
      ended(plan, 3, 'would-ask');
      assert.deepEqual([findingOf(targetOf(plan), 'recreated').data['sameName'], findingOf(targetOf(plan), 'recreated').data['meant']], [true, 'delete']);
      assert.deepEqual(findingOf(targetOf(plan), 'serving-pods-go').commands.map((c) => c.argv.slice(0, 3)), [['kubectl', 'rollout', 'restart']]);
      const run = await t.plugin(['rs', name, '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const again = await t.until('it is there again', async () => await t.api.find(where, name));
      assert.notEqual(again.metadata.uid, before?.metadata.uid);
      assert.equal(targetOf(run).replacement?.ref.uid, again.metadata.uid, 'the replacement is named');
      await t.untilSetReady('Deployment', 'web', 2);
    },
  }),
  scenario({
    id: 'D6',
    name: 'a Job of a CronJob does not come back, but another one does at its time; a finished Job takes its pods along without a question',
    run: async (t) => {
      const owner = await t.api.create(cronJob('nightly'), t.namespace);
      await finishedJob(t, 'done', 0);
      const job = whereOf(t, jobOf(t, 'done', {}));
      await t.api.patch(job, 'done', { metadata: ownedBy(owner, 'batch/v1', 'CronJob', { controller: true }) });
      const run = await t.plugin(['job', 'done', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'next-on-schedule').severity, 'note');
      assert.equal(findingOf(targetOf(run), 'dependents-go').severity, 'note');
      await t.until('its pod is gone', async () => (await t.pods('app=done')).length === 0);
    },
  }),
  scenario({
    id: 'W1',
    name: 'an older ReplicaSet is a version to go back to, and does not come back; one in the middle of a rollout says so',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 1, quick));
      await t.untilSetReady('Deployment', 'web', 1);
      const deployment: Where = { apiVersion: 'apps/v1', kind: 'Deployment', namespace: t.namespace };
      const where: Where = { ...deployment, kind: 'ReplicaSet' };
      await t.api.patch(deployment, 'web', { spec: { template: { metadata: { annotations: { version: '2' } } } } });
      const old = await t.until('the rollout is over', async () => {
        const sets = await t.api.list(where);
        const done = sets.filter((s) => s.spec?.replicas === 0);
        return sets.length === 2 && done.length === 1 && (await t.pods('app=web')).length === 1 ? done[0] : undefined;
      });
      const run = await t.plugin(['rs', old.metadata.name, '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'revision-lost').data['revision'], '1');
      assert.ok(!codesOf(targetOf(run)).includes('recreated'));
      await t.api.patch(deployment, 'web', { spec: { paused: true } });
      const plan = await t.plugin(['deploy', 'web', '--dry-run', '-o', 'json']);
      ended(plan, 3, 'would-ask');
      assert.equal(findingOf(targetOf(plan), 'rollout-paused').severity, 'note');
    },
  }),
  scenario({
    id: 'D1',
    name: 'a check that can say nothing about a kind is not applicable, not unknown: the status list of workloads and what they use',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 1, quick), t.make.statefulSet('db', 1, quick), configMap('settings'), jobOf(t, 'once', {}), cronJob('nightly'));
      await made(t, { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
      await t.untilSetReady('Deployment', 'web', 1);
      for (const target of ['deploy/web', 'sts/db', 'cm/settings', 'job/once', 'cj/nightly', 'svc/web']) {
        const run = await t.plugin([target, '--dry-run', '-o', 'json']);
        const { checks } = targetOf(run);
        assert.deepEqual(checks.filter((c) => c.status === 'unknown').map((c) => c.id), [], target);
        // A Service is what service-endpoints looks at.
        const ofPods = ['disruption-budget', ...(target === 'svc/web' ? [] : ['service-endpoints']), 'last-replica', 'local-data', 'stateful-set', 'job', 'daemon-set', 'node-readiness', 'mirror-pod'];
        assert.deepEqual(checks.filter((c) => ofPods.includes(c.id) && c.status !== 'not-applicable').map((c) => c.id), [], target);
      }
    },
  }),
];
