/** D7 and the plan's part of S4: what goes with a namespace, and a namespace followed to its end. */
import assert from 'node:assert/strict';
import type { CountOfKind } from '../../../src/findings/codes/namespace-contents.ts';
import type { ScenarioContext } from '../context.ts';
import type { WireTarget } from '../../../src/report/wire.ts';
import { checkOf, codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { boundClaim, configMap, deployed, made, quick, whereOf } from '../staging.ts';

const namespaces = { apiVersion: 'v1', kind: 'Namespace', namespace: '' };
const EPHEMERAL = 'kubectl-safe-delete/ephemeral';
/** No namespace of the command's own: the target is one. */
const anywhere = { namespace: null };

const countsOf = (target: WireTarget): readonly string[] => (findingOf(target, 'contents-go').data['kinds'] as readonly CountOfKind[]).map((k) => `${k.count} ${k.kind}`);
const untilGone = async (t: ScenarioContext, name: string): Promise<void> => {
  await t.until(`namespace ${name} is gone`, async () => (await t.api.find(namespaces, name)) === undefined);
};
const stays = async (t: ScenarioContext): Promise<void> => {
  assert.equal((await t.api.find(namespaces, t.namespace))?.metadata.deletionTimestamp, undefined, 'the namespace is not Terminating');
};

export const namespaceScenarios = [
  scenario({
    id: 'D7',
    name: 'a namespace takes everything along: an inventory, the typed name, and "deleted" when it is gone',
    needs: ['volumes'],
    run: async (t) => {
      await deployed(t, 'web', 2, quick);
      await boundClaim(t, 'data', 'Delete');
      const front = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'front' }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } };
      await t.apply(configMap('settings'), front);
      await t.api.patch(whereOf(t, front), 'front', { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }, '/status');
      const args = ['ns', t.namespace];
      const asked = await t.plugin([...args, '-y', '-o', 'json'], anywhere);
      ended(asked, 3, 'declined');
      const target = targetOf(asked);
      assert.deepEqual(countsOf(target), ['1 Deployment', '1 PersistentVolumeClaim', '1 Service', '1 ConfigMap']);
      const contents = findingOf(target, 'contents-go');
      assert.deepEqual([contents.severity, contents.irreversible, contents.pass, contents.data['owned'], contents.data['atLeast']], ['warning', true, `--confirm ${t.namespace}`, 3, false]);
      assert.deepEqual([findingOf(target, 'claims-go').irreversible, findingOf(target, 'load-balancers-go').data['names']], [true, ['front']]);
      await stays(t);
      const wrong = await t.plugin([...args, '--confirm', 'another', '-o', 'json'], anywhere);
      ended(wrong, 3, 'declined');
      await stays(t);
      const run = await t.plugin([...args, '--confirm', t.namespace, '-o', 'json'], anywhere);
      ended(run, 0, 'deleted');
      assert.deepEqual([reportOf(run).options.timeoutSeconds, targetOf(run).outcome], [600, 'deleted']);
      assert.equal(await t.api.find(namespaces, t.namespace), undefined, 'deleted is said when it is gone');
    },
  }),
  scenario({
    id: 'D7',
    name: 'people read what goes, and that it cannot be undone',
    run: async (t) => {
      await t.apply(configMap('one'), configMap('two'));
      const run = await t.plugin(['ns', t.namespace, '--dry-run=client'], anywhere);
      assert.equal(run.code, 3);
      const said = (run.stdout + run.stderr).replaceAll(/\s+/gu, ' ');
      assert.match(said, new RegExp(`Cannot be undone: Namespace ${t.namespace} is not empty: 2 ConfigMaps go with it`, 'u'));
      assert.match(said, new RegExp(`--confirm ${t.namespace}`, 'u'));
    },
  }),
  scenario({
    id: 'namespace-contents',
    name: 'with nothing but what it got by itself a namespace goes without a question',
    run: async (t) => {
      await t.until('it has its ConfigMap', async () => await t.api.find({ apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace }, 'kube-root-ca.crt'));
      const run = await t.plugin(['ns', t.namespace, '--no-input', '-o', 'json'], anywhere);
      ended(run, 0, 'deleted');
      assert.deepEqual([findingOf(targetOf(run), 'namespace-empty').severity, checkOf(targetOf(run), 'namespace-contents').status, reportOf(run).consent.needed], ['note', 'found', 'none']);
    },
  }),
  scenario({
    id: 'namespace-contents',
    name: 'the namespaces of the cluster are refused',
    run: async (t) => {
      for (const name of ['default', 'kube-system', 'kube-node-lease']) {
        const run = await t.plugin(['ns', name, '--confirm', name, '--dry-run=client', '-o', 'json'], anywhere);
        ended(run, 2, 'blocked');
        assert.deepEqual([findingOf(targetOf(run), 'system-namespace').severity, findingOf(targetOf(run), 'system-namespace').pass], ['blocker', '--allow namespace-contents'], name);
      }
    },
  }),
  scenario({
    id: 'namespace-contents',
    name: 'who may not list what is in it is asked as for one that is not empty, and told what is missing',
    run: async (t) => {
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['namespaces', 'configmaps'] });
      const run = await t.plugin(['ns', t.namespace, '-y', '-o', 'json'], { ...anywhere, kubeconfig });
      ended(run, 3, 'declined');
      const check = checkOf(targetOf(run), 'namespace-contents');
      assert.equal(check.status, 'unknown');
      for (const resource of ['secrets', 'pods', 'deployments']) assert.ok(check.missingRights.some((r) => r.resource === resource && r.verb === 'list' && r.namespace === t.namespace), resource);
      assert.ok(!check.missingRights.some((r) => r.resource === 'configmaps'));
      const found = findingOf(targetOf(run), 'contents-not-known');
      assert.deepEqual([found.severity, found.irreversible], ['warning', true]);
      await stays(t);
    },
  }),
  scenario({
    id: 'namespace-contents',
    name: 'a claim whose volume is retained leaves its data',
    needs: ['volumes'],
    run: async (t) => {
      const volume = await boundClaim(t, 'data', 'Retain');
      const run = await t.plugin(['ns', t.namespace, '--dry-run=client', '-o', 'json'], anywhere);
      assert.deepEqual([findingOf(targetOf(run), 'volumes-stay').data['volumes'], codesOf(targetOf(run)).includes('claims-go')], [[volume], false]);
    },
  }),
  scenario({
    id: 'ephemeral',
    name: 'a namespace that says that it is meant to go goes with --yes, but not without',
    run: async (t) => {
      await t.api.patch(namespaces, t.namespace, { metadata: { labels: { [EPHEMERAL]: 'true' } } });
      await t.apply(configMap('settings'), t.make.pod('preview', quick));
      await t.untilReady('preview');
      const asked = await t.plugin(['ns', t.namespace, '-o', 'json'], anywhere);
      ended(asked, 3, 'declined');
      const found = findingOf(targetOf(asked), 'contents-go');
      assert.deepEqual([found.severity, found.irreversible, found.pass, found.changedBy, reportOf(asked).consent.needed], ['warning', false, '--yes', 'marker', 'yes']);
      await stays(t);
      ended(await t.plugin(['ns', t.namespace, '-y', '-o', 'json'], anywhere), 0, 'deleted');
    },
  }),
  scenario({
    id: 'S4',
    name: 'a namespace whose content is held is still there at --timeout, and goes when it is released',
    run: async (t) => {
      await t.apply(configMap('held', { finalizers: ['scenario.example/hold'] }));
      t.defer(async () => {
        await t.api.patch({ apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace }, 'held', { metadata: { finalizers: null } }).catch(() => undefined);
      });
      const first = await t.plugin(['ns', t.namespace, '--confirm', t.namespace, '--timeout=6s', '-o', 'json'], anywhere);
      ended(first, 4, 'still-there');
      assert.deepEqual([reportOf(first).goesOn, findingOf(targetOf(first), 'contents-held').data['finalizers']], [true, [{ name: 'scenario.example/hold', count: 1 }]]);
      const conditions = (await t.api.find(namespaces, t.namespace))?.status?.conditions ?? [];
      assert.ok(conditions.some((c) => c.type === 'NamespaceFinalizersRemaining' && c.status === 'True'), 'the server says why as well');
      const going = t.start(['ns', t.namespace, '-o', 'ndjson'], anywhere);
      await going.shows(/"type":"plan"/u);
      await t.api.patch({ apiVersion: 'v1', kind: 'ConfigMap', namespace: t.namespace }, 'held', { metadata: { finalizers: null } });
      const second = await going.done;
      ended(second, 0, 'deleted');
      assert.ok(codesOf(targetOf(second)).includes('already-terminating'));
      await untilGone(t, t.namespace);
    },
  }),
  scenario({
    id: 'S4',
    name: 'an API server that does not answer is named before: the namespace would stay Terminating',
    serial: true,
    needs: ['controller-fault'],
    run: async (t) => {
      const group = `${t.namespace}.example.com`;
      await made(t, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `v1.${group}` }, spec: { group, version: 'v1', service: { namespace: t.namespace, name: 'nowhere' }, groupPriorityMinimum: 100, versionPriority: 10, insecureSkipTLSVerify: true } });
      const services = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', namespace: '' };
      await t.until('it is not available', async () => (await t.api.find(services, `v1.${group}`))?.status?.conditions?.some((c) => c.type === 'Available' && c.status === 'False'));
      const asked = await t.plugin(['ns', t.namespace, '--dry-run=client', '-o', 'json'], anywhere);
      const found = findingOf(targetOf(asked), 'api-server-missing');
      assert.deepEqual([asked.code, found.severity, (found.data['services'] as readonly { readonly name: string; readonly reason: string }[]).map((s) => [s.name, s.reason])], [3, 'warning', [[`v1.${group}`, 'ServiceNotFound']]]);
      assert.equal(checkOf(targetOf(asked), 'namespace-contents').status, 'unknown', 'what it holds of the namespace is not known');
      const first = await t.plugin(['ns', t.namespace, '--confirm', t.namespace, '--timeout=5s', '-o', 'json'], anywhere);
      ended(first, 4, 'still-there');
      await t.until('the server says so too', async () => (await t.api.find(namespaces, t.namespace))?.status?.conditions?.some((c) => c.type === 'NamespaceDeletionDiscoveryFailure' && c.status === 'True'));
      await t.api.delete(services, `v1.${group}`);
      await untilGone(t, t.namespace);
    },
  }),
];
