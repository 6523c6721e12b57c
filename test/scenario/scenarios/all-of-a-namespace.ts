/** D2: `all --all` of a namespace: owners first, so that nothing starts on the way; what it leaves, and what comes back. */
import assert from 'node:assert/strict';
import type { Where } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import type { PluginRun } from '../plugin.ts';
import { codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import type { Scenario } from '../scenario.ts';
import { configMap, finishedJob, quick, secret } from '../staging.ts';

const PODS = 5;

/** A Deployment of five, a set, a finished Job, and what `all` does not hold. */
const stage = async (t: ScenarioContext): Promise<void> => {
  await t.apply(t.make.deployment('web', PODS, quick), t.make.statefulSet('db', 1, quick), configMap('settings'), secret('password'));
  await t.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'web' }, spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } });
  await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none', resources: { requests: { storage: '1Mi' } } } });
  await finishedJob(t, 'import', 0);
  await t.untilSetReady('Deployment', 'web', PODS);
  await t.untilSetReady('StatefulSet', 'db', 1);
};

const created = async (t: ScenarioContext): Promise<number> => {
  const events = (await t.api.list({ apiVersion: 'v1', kind: 'Event', namespace: t.namespace })) as readonly { readonly reason?: string; readonly count?: number }[];
  return events.filter((e) => e.reason === 'SuccessfulCreate').reduce((sum, e) => sum + (e.count ?? 1), 0);
};

/** Requests of anybody that made a pod in the namespace, since then. The embedded cluster's own controllers make none: their events tell. */
const podsMade = (t: ScenarioContext): (() => Promise<number>) => {
  const { audit } = t.cluster;
  if (audit === null) throw new Error('this cluster has no audit log');
  const since = audit.mark();
  return async () => (await since()).filter((r) => r.verb === 'create' && r.resource === 'pods' && r.subresource === '' && r.namespace === t.namespace && !r.dryRun).length;
};

const leftOver = async (t: ScenarioContext): Promise<readonly string[]> => {
  const kinds = [['v1', 'ConfigMap'], ['v1', 'Secret'], ['v1', 'PersistentVolumeClaim'], ['v1', 'Pod'], ['v1', 'Service'], ['apps/v1', 'Deployment'], ['apps/v1', 'ReplicaSet'], ['apps/v1', 'StatefulSet'], ['batch/v1', 'Job']] as const;
  const all: string[] = [];
  for (const [apiVersion, kind] of kinds) {
    const where: Where = { apiVersion, kind, namespace: t.namespace };
    for (const o of await t.api.list(where)) if (o.metadata.name !== 'kube-root-ca.crt' && !o.metadata.name.startsWith('default-token')) all.push(`${kind}/${o.metadata.name}`);
  }
  return all;
};

const allGone = (run: PluginRun): void => {
  ended(run, 0, reportOf(run).outcome);
  const outcomes = new Set(reportOf(run).targets.map((target) => target.outcome));
  assert.ok([...outcomes].every((o) => o === 'deleted' || o === 'already-gone'), [...outcomes].join(', '));
};

const ofCascade = (cascade: 'background' | 'foreground' | 'orphan'): Scenario =>
  scenario({
    id: 'D2',
    name: `all --all with ${cascade} cascade: owners before what they own, and no pod is created on the way`,
    needs: ['audit'],
    run: async (t) => {
      await stage(t);
      const before = await created(t);
      const made = podsMade(t);
      const plan = await t.plugin(['all', '--all', `--cascade=${cascade}`, '--dry-run', '-o', 'json']);
      for (const target of reportOf(plan).targets.filter((x) => x.ref.kind === 'Pod' || x.ref.kind === 'ReplicaSet')) {
        assert.deepEqual(codesOf(target).filter((code) => ['recreated', 'not-recreated', 'bare-pod', 'last-ready-pods', 'below-majority', 'budget-exceeded'].includes(code)), [], `${target.ref.kind} ${target.ref.name} goes with its owner`);
      }
      const run = await t.plugin(['all', '--all', '-y', `--cascade=${cascade}`, '-o', 'json']);
      allGone(run);
      assert.equal(await made(), 0, 'no request made a pod');
      assert.equal(await created(t), before, 'no controller made anything');
      await t.until('nothing but what all does not hold is left', async () => (await leftOver(t)).join(' ') === 'ConfigMap/settings Secret/password PersistentVolumeClaim/data');
    },
  });

export const allOfANamespace: readonly Scenario[] = [
  ofCascade('background'),
  ofCascade('foreground'),
  ofCascade('orphan'),
  scenario({
    id: 'D2',
    name: 'the plan of all --all says what it does not touch, and what goes once: at the owner',
    run: async (t) => {
      await stage(t);
      const run = await t.plugin(['all', '--all', '--dry-run', '-o', 'json']);
      ended(run, 3, 'would-ask');
      const { targets } = reportOf(run);
      const leaves = targets.flatMap((target) => target.findings.filter((f) => f.code === 'all-leaves-some'));
      assert.deepEqual(leaves.map((f) => f.severity), ['note']);
      assert.match(leaves[0]?.message ?? '', /ConfigMaps, Secrets, claims.* stay\.$/u);
      const deployment = targets.find((target) => target.ref.kind === 'Deployment');
      assert.ok(deployment !== undefined);
      assert.deepEqual([findingOf(deployment, 'serving-pods-go').data['serving'], deployment.dependents], [PODS, []], 'the pods are named themselves');
      assert.deepEqual(targets.filter((target) => codesOf(target).includes('serving-pods-go')).map((target) => target.ref.kind).toSorted(), ['Deployment', 'StatefulSet']);
      assert.match((await t.plugin(['all', '--all', '--dry-run'])).stdout, /The category all is not everything/u);
      const human = await t.plugin(['all', '--all', '-y']);
      assert.equal(human.code, 0);
      assert.match(human.stderr, /The category all is not everything/u);
    },
  }),
  scenario({
    id: 'D2',
    name: 'all --all with --wait=false sends owners first too',
    needs: ['audit'],
    run: async (t) => {
      await stage(t);
      const before = await created(t);
      const made = podsMade(t);
      const run = await t.plugin(['all', '--all', '-y', '--wait=false', '-o', 'json']);
      assert.equal(run.code, 0);
      await t.until('all of it is gone', async () => (await leftOver(t)).length === 3);
      assert.deepEqual([await made(), (await created(t)) - before], [0, 0]);
    },
  }),
  scenario({
    id: 'D2',
    name: 'the Service kubernetes of the namespace default comes back, and the plan says so',
    run: async (t) => {
      const run = await t.plugin(['svc', 'kubernetes', '--dry-run', '-o', 'json', '-n', 'default'], { namespace: null });
      assert.equal(findingOf(targetOf(run), 'made-again').data['by'], 'The API server');
    },
  }),
  scenario({
    id: 'D2',
    name: 'the Service kubernetes is there again soon after it was deleted',
    needs: ['apiserver-fault'],
    serial: true,
    run: async (t) => {
      const where: Where = { apiVersion: 'v1', kind: 'Service', namespace: 'default' };
      const before = await t.api.find(where, 'kubernetes');
      const run = await t.plugin(['svc', 'kubernetes', '-y', '-o', 'json', '-n', 'default'], { namespace: null });
      ended(run, 0, 'deleted');
      const again = await t.until('it is there again', async () => await t.api.find(where, 'kubernetes'));
      assert.notEqual(again.metadata.uid, before?.metadata.uid);
    },
  }),
];
