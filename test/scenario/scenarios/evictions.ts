/** Evictions: the cases of kubernetes' own test/e2e/apps/disruption.go, through --evict. */
import assert from 'node:assert/strict';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import type { ContainerOptions, PodOptions } from '../manifests.ts';
import { ended, findingOf, phasesInOrder, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const POLICY = 'policy/v1';
const budget = (name: string, app: string, spec: object): Manifest => ({ apiVersion: POLICY, kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } });

/** A probe that fails as long as the file is not there. */
const readyWhen = (file: string): ContainerOptions => ({ readinessProbe: { exec: { command: ['sh', '-c', `test -e ${file}`] }, periodSeconds: 1, failureThreshold: 1 } });
const labelled = (app: string): PodOptions => ({ metadata: { labels: { app } } });

const observed = async (t: ScenarioContext, name: string, healthy: number): Promise<void> => {
  await t.until(`budget ${name} counts ${healthy} healthy pods`, async () => {
    const found = (await t.api.find({ apiVersion: POLICY, kind: 'PodDisruptionBudget', namespace: t.namespace }, name)) as { readonly metadata: { readonly generation?: number }; readonly status?: { readonly currentHealthy?: number; readonly observedGeneration?: number } } | undefined;
    return found?.status?.currentHealthy === healthy && found.status.observedGeneration === found.metadata.generation;
  });
};

/** Three pods of a ReplicaSet, all Ready. */
const three = async (t: ScenarioContext, spec: object): Promise<readonly string[]> => {
  await t.apply(t.make.deployment('web', 3, { grace: 2 }), budget('web', 'web', spec));
  await t.untilSetReady('Deployment', 'web', 3);
  await observed(t, 'web', 3);
  return (await t.pods('app=web')).map((p) => p.metadata.name).toSorted();
};

const letsGo = (what: string, spec: object) =>
  scenario({
    id: 'D2',
    name: `--evict: ${what} lets one pod of three go`,
    run: async (t) => {
      const [first = ''] = await three(t, spec);
      const run = await t.plugin(['pod', first, '--evict', '-o', 'json']);
      ended(run, 0, 'deleted');
      phasesInOrder(targetOf(run), 'evicting', 'accepted', 'gone');
      assert.equal(findingOf(targetOf(run), 'budget-has-room').severity, 'note');
      assert.deepEqual(targetOf(run).eviction, { attempts: 1, budgets: [], lastMessage: null });
    },
  });

const refuses = (what: string, spec: object, needs: number) =>
  scenario({
    id: 'D2',
    name: `--evict: ${what} refuses until --timeout, with its numbers, and nothing is deleted`,
    run: async (t) => {
      const [first = ''] = await three(t, spec);
      const check = await t.untouched(first);
      const run = await t.plugin(['pod', first, '--evict', '--timeout=4s', '-o', 'json']);
      ended(run, 2, 'evict-refused');
      const target = targetOf(run);
      assert.deepEqual([target.requestedAt, target.eviction?.budgets.map((b) => [b.ref.name, b.needs, b.has])], [null, [['web', needs, 3]]]);
      assert.ok((target.eviction?.attempts ?? 0) >= 2, `${target.eviction?.attempts ?? 0} attempts`);
      assert.deepEqual(target.waitingOn.map((w) => [w.kind, w.name]), [['budget', 'web']]);
      assert.equal(findingOf(target, 'eviction-waits').severity, 'note');
      phasesInOrder(target, 'evicting', 'eviction-refused');
      await check();
    },
  });

/** Two pods without a controller: one Ready, one not. */
const oneSick = async (t: ScenarioContext, spec: object): Promise<void> => {
  await t.apply(t.make.pod('well', { grace: 2, ...labelled('duo') }), t.make.pod('sick', { grace: 2, ...labelled('duo'), containers: [readyWhen('/tmp/never')] }), budget('duo', 'duo', spec));
  await t.untilReady('well');
  await t.untilPhase('sick', 'Running');
  await observed(t, 'duo', 1);
};

export const evictions = [
  scenario({
    id: 'D2',
    name: '--evict: a pod without a budget is evicted, by one request to its eviction subresource and no DELETE',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.pod('lone', { grace: 2 }));
      await t.untilReady('lone');
      const since = t.auditMark();
      const run = await t.plugin(['pod', 'lone', '--evict', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const writes = (await since()).filter((r) => !r.dryRun && ['create', 'delete'].includes(r.verb) && r.resource === 'pods');
      assert.deepEqual(writes.map((r) => [r.verb, r.subresource, r.code]), [['create', 'eviction', 201]]);
    },
  }),
  letsGo('an absolute minAvailable', { minAvailable: 2 }),
  letsGo('a percentage', { minAvailable: '60%' }),
  letsGo('maxUnavailable', { maxUnavailable: 1 }),
  refuses('an absolute minAvailable', { minAvailable: 3 }, 3),
  refuses('a percentage', { minAvailable: '90%' }, 3),
  refuses('maxUnavailable', { maxUnavailable: 0 }, 3),
  scenario({
    id: 'D2',
    name: '--evict: a budget that is changed while it waits lets the pod go',
    run: async (t) => {
      const [first = ''] = await three(t, { minAvailable: 3 });
      const running = t.start(['pod', first, '--evict', '-o', 'ndjson']);
      await running.shows(/eviction-refused/u);
      await t.api.patch({ apiVersion: POLICY, kind: 'PodDisruptionBudget', namespace: t.namespace }, 'web', { spec: { minAvailable: 2 } });
      const run = await running.done;
      ended(run, 0, 'deleted');
      phasesInOrder(targetOf(run), 'evicting', 'eviction-refused', 'accepted', 'gone');
      assert.ok((targetOf(run).eviction?.attempts ?? 0) > 1);
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict: two pods of a budget that spares one go one after the other',
    run: async (t) => {
      const [first = '', second = ''] = await three(t, { maxUnavailable: 1 });
      const run = await t.plugin(['pod', first, second, '--evict', '-o', 'json']);
      ended(run, 0, 'deleted', { [first]: 'deleted', [second]: 'deleted' });
      assert.ok(run.report?.targets.some((t2) => (t2.eviction?.attempts ?? 0) > 1), 'one of them had to wait');
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict: a pod that is not Ready goes while the budget is satisfied (IfHealthyBudget), and is refused while it is not',
    run: async (t) => {
      await oneSick(t, { minAvailable: 1 });
      ended(await t.plugin(['pod', 'sick', '--evict', '-y', '-o', 'json']), 0, 'deleted');
      await t.apply(t.make.pod('worse', { grace: 2, ...labelled('solo'), containers: [readyWhen('/tmp/never')] }), budget('solo', 'solo', { minAvailable: 1 }));
      await t.untilPhase('worse', 'Running');
      await observed(t, 'solo', 0);
      const refused = await t.plugin(['pod', 'worse', '--evict', '-y', '--timeout=3s', '-o', 'json']);
      ended(refused, 2, 'evict-refused');
      assert.deepEqual(targetOf(refused).eviction?.budgets.map((b) => [b.needs, b.has]), [[1, 0]]);
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict: a pod that is not Ready always goes with unhealthyPodEvictionPolicy AlwaysAllow',
    run: async (t) => {
      await oneSick(t, { minAvailable: 2, unhealthyPodEvictionPolicy: 'AlwaysAllow' });
      ended(await t.plugin(['pod', 'sick', '--evict', '-y', '-o', 'json']), 0, 'deleted');
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict: a pod with two budgets is refused at once, with both named, and --evict never turns into a DELETE',
    needs: ['audit'],
    run: async (t) => {
      await t.apply(t.make.pod('both', { grace: 2, ...labelled('both') }));
      await t.untilReady('both');
      // Of two budgets on a pod the disruption controller counts its later changes in one only.
      await t.apply(budget('one', 'both', { minAvailable: 0 }), budget('two', 'both', { minAvailable: 0 }));
      await observed(t, 'one', 1);
      await observed(t, 'two', 1);
      const check = await t.untouched('both');
      const since = t.auditMark();
      const run = await t.plugin(['pod', 'both', '--evict', '-y', '-o', 'json']);
      ended(run, 2, 'evict-refused');
      const target = targetOf(run);
      assert.deepEqual(target.eviction?.budgets.map((b) => b.ref.name).toSorted(), ['one', 'two']);
      assert.match(target.error?.message ?? '', /select it together/u);
      assert.equal(findingOf(target, 'several-budgets').severity, 'warning');
      assert.deepEqual((await since()).filter((r) => !r.dryRun && r.verb === 'delete'), []);
      await check();
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict needs the right to evict and not the right to delete',
    run: async (t) => {
      await t.apply(t.make.pod('lone', { grace: 2 }));
      await t.untilReady('lone');
      const reads = { verbs: ['get', 'list', 'watch'], resources: ['pods'] };
      const may = await t.userWith(reads, { verbs: ['create'], resources: ['pods/eviction'] });
      const mayNot = await t.userWith(reads, { verbs: ['delete'], resources: ['pods'] });
      const blocked = await t.plugin(['pod', 'lone', '--evict', '-y', '-o', 'json'], { kubeconfig: mayNot.kubeconfig });
      ended(blocked, 2, 'blocked');
      assert.equal(findingOf(targetOf(blocked), 'may-not-evict').pass, null);
      ended(await t.plugin(['pod', 'lone', '--evict', '-y', '-o', 'json'], { kubeconfig: may.kubeconfig }), 0, 'deleted');
    },
  }),
  scenario({
    id: 'D2',
    name: '--evict of another kind than a pod is a usage error, and a pod that is Terminating is followed',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 1), t.make.pod('held', { grace: 1, metadata: { finalizers: ['scenario.example/hold'] } }));
      await t.untilReady('held');
      const wrong = await t.plugin(['deployment', 'web', '--evict', '-y', '-o', 'json']);
      assert.deepEqual([wrong.code, wrong.report?.error?.code], [1, 'not-a-pod']);
      await t.deletePod('held');
      const running = t.start(['pod', 'held', '--evict', '-o', 'json']);
      setTimeout(() => void t.release('held'), 2000);
      ended(await running.done, 0, 'deleted');
    },
  }),
];
