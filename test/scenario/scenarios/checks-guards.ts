/** What guards a namespace, what stands on a node, and commands that reach further than they look. */
import assert from 'node:assert/strict';
import { foundFor, goesQuietly, goesWith, made, own } from '../any-object.ts';
import type { Manifest } from '../api.ts';
import { codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const policy = (name: string, podSelector: object): Manifest => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name }, spec: { podSelector, policyTypes: ['Ingress'] } });
const node = (name: string): Manifest => ({ apiVersion: 'v1', kind: 'Node', metadata: { name } });

export const checksGuards = [
  scenario({
    id: 'guards',
    name: 'a network policy, quota and limit range in force are asked about; policies without pods, budgets and autoscalers go quietly',
    run: async (t) => {
      await t.apply(t.make.pod('web', { metadata: { labels: { app: 'web' } } }));
      await t.untilReady('web');
      const inForce = policy('web', { matchLabels: { app: 'web' } });
      const quota: Manifest = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team' }, spec: { hard: { 'count/configmaps': '50' } } };
      const limits: Manifest = { apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'bounds' }, spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '10Gi' } }] } };
      const idle = policy('old', { matchLabels: { app: 'nobody' } });
      const budget: Manifest = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: { selector: { matchLabels: { app: 'web' } }, minAvailable: 0 } };
      const scaler: Manifest = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, minReplicas: 1, maxReplicas: 2 } };
      await t.apply(inForce, quota, limits, idle, budget, scaler);
      const opened = await foundFor(t, inForce, 'network-policy-in-force');
      assert.deepEqual(findingOf(opened, 'network-policy-in-force').data['names'], ['web']);
      await foundFor(t, quota, 'quota-in-force');
      await foundFor(t, limits, 'limit-range-in-force');
      assert.deepEqual(codesOf(await goesQuietly(t, idle)), []);
      await goesQuietly(t, budget, 'budget-goes');
      await goesQuietly(t, scaler, 'autoscaler-goes');
      for (const guard of [inForce, quota, limits]) await goesWith(t, guard, '-y');
    },
  }),
  scenario({
    id: 'node-object',
    name: 'a Ready node is asked about and stays, one that is silent and empty goes quietly, and one with a pod or a volume does not',
    run: async (t) => {
      const nodes = await t.api.list({ apiVersion: 'v1', kind: 'Node', namespace: '' });
      const live = nodes.find((n) => n.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
      assert.ok(live !== undefined, 'a node is Ready');
      await foundFor(t, node(live.metadata.name), 'node-still-ready');
      const dead = node(own(t, 'dead'));
      await made(t, dead);
      await t.apply(t.make.pod('left', { spec: { nodeName: dead.metadata.name, tolerations: [{ operator: 'Exists' }] } }));
      const volume: Manifest = {
        apiVersion: 'v1',
        kind: 'PersistentVolume',
        metadata: { name: own(t, 'disk') },
        spec: {
          capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', storageClassName: '', local: { path: '/data' },
          claimRef: { namespace: t.namespace, name: 'disk' },
          nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [dead.metadata.name] }] }] } },
        },
      };
      await made(t, volume);
      const held = await foundFor(t, dead, 'pods-on-dead-node');
      assert.deepEqual(findingOf(held, 'pods-on-dead-node').data['names'], [`${t.namespace}/left`]);
      assert.equal(findingOf(held, 'local-volumes-on-node').severity, 'warning');
      assert.equal(reportOf(await t.plugin([`node/${dead.metadata.name}`, '--dry-run', '-o', 'json'])).options.timeoutSeconds, 600, 'a node has ten minutes');
      await t.deletePod('left', { gracePeriodSeconds: 0 });
      await t.api.delete({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: '' }, volume.metadata.name);
      await t.until('the volume is gone', async () => (await t.api.find({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: '' }, volume.metadata.name)) === undefined);
      await goesQuietly(t, dead, 'dead-and-empty');
    },
  }),
  scenario({
    id: 'scope',
    name: '--all of a kind without namespaces and --all -A are refused, -A with a selector and negations alone are asked about, and finished pods are no question',
    run: async (t) => {
      await t.apply(t.make.pod('lone', { metadata: { labels: { app: t.namespace } } }), t.make.pod('done', { metadata: { labels: { batch: t.namespace } }, spec: { restartPolicy: 'Never' }, containers: [{ command: ['sh', '-c', 'exit 0'] }] }));
      await t.untilReady('lone');
      await t.untilPhase('done', 'Succeeded');
      const check = await t.untouched('lone', 'done');
      const everyNode = await t.plugin(['nodes', '--all', '--dry-run', '-o', 'json'], { namespace: null });
      ended(everyNode, 2, 'blocked');
      assert.ok(reportOf(everyNode).targets.every((target) => codesOf(target).includes('all-of-cluster-scoped-kind')));
      const everyPod = await t.plugin(['pods', '--all', '-A', '--dry-run', '-o', 'json'], { namespace: null });
      ended(everyPod, 2, 'blocked');
      const chosen = await t.plugin(['pods', '-A', '-l', `app=${t.namespace}`, '--dry-run', '-o', 'json'], { namespace: null });
      ended(chosen, 3, 'would-ask');
      assert.deepEqual(findingOf(targetOf(chosen), 'selector-in-all-namespaces').data['namespaces'], [t.namespace]);
      const negated = await t.plugin(['pods', '-l', '!batch', '--dry-run', '-o', 'json']);
      assert.equal(findingOf(targetOf(negated), 'only-negations').severity, 'warning');
      const named = await t.plugin(['ns/kube-public', '--dry-run=client', '-o', 'json']);
      assert.equal(findingOf(targetOf(named), 'namespace-means-nothing').severity, 'note');
      await check();
      const finished = await t.plugin(['pods', '-A', '-l', `batch=${t.namespace}`, '--no-input', '-o', 'json'], { namespace: null });
      ended(finished, 0, 'deleted');
      assert.deepEqual(targetOf(finished).findings.filter((f) => f.severity !== 'note'), []);
    },
  }),
];
