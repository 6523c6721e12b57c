/** Definitions and their instances, and custom resources whose controllers remove other things. */
import assert from 'node:assert/strict';
import type { Manifest } from '../api.ts';
import type { AuditedRequest } from '../cluster-under-test.ts';
import type { ScenarioContext } from '../context.ts';
import { checkOf, codesOf, ended, findingOf, phasesInOrder, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { definition, made, whereOf } from '../staging.ts';

const HOLD = 'scenario.example/hold';
const definitions = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition', namespace: '' };
const anywhere = { namespace: null };

/** A kind of this scenario's own. */
const ownKind = async (t: ScenarioContext): Promise<{ readonly crd: string; readonly apiVersion: string }> => {
  const group = `${t.namespace}.example.com`;
  await definition(t, group, 'Widget', 'widgets', { mine: true });
  return { crd: `widgets.${group}`, apiVersion: `${group}/v1` };
};
const widget = (apiVersion: string, name: string, metadata: object = {}): Manifest => ({ apiVersion, kind: 'Widget', metadata: { name, ...metadata } });
const release = async (t: ScenarioContext, manifest: Manifest): Promise<void> => {
  await t.api.patch(whereOf(t, manifest), manifest.metadata.name, { metadata: { finalizers: null } }).catch(() => undefined);
};

const ofDefinitions = [
  scenario({
    id: 'custom-resources',
    name: 'a definition takes its instances along: counted, named, typed; they go first, and it is gone at the end',
    run: async (t) => {
      const { crd, apiVersion } = await ownKind(t);
      await t.apply(widget(apiVersion, 'a'), widget(apiVersion, 'b'));
      const asked = await t.plugin(['crd', crd, '-y', '-o', 'json'], anywhere);
      ended(asked, 3, 'declined');
      const found = findingOf(targetOf(asked), 'instances-go');
      assert.deepEqual([found.irreversible, found.data['count'], found.data['namespaces'], found.data['names']], [true, 2, 1, [`${t.namespace}/a`, `${t.namespace}/b`]]);
      assert.ok(!codesOf(targetOf(asked)).includes('instances-held'));
      const run = await t.plugin(['crd', crd, '--confirm', crd, '-o', 'json'], anywhere);
      ended(run, 0, 'deleted');
      assert.equal(reportOf(run).options.timeoutSeconds, 600);
      assert.equal(await t.api.find(definitions, crd), undefined);
    },
  }),
  scenario({
    id: 'custom-resources',
    name: 'instances with finalizers hold their definition: said before, still there at --timeout, gone when they are released',
    run: async (t) => {
      const { crd, apiVersion } = await ownKind(t);
      const held = widget(apiVersion, 'held', { finalizers: [HOLD] });
      await made(t, { ...held, metadata: { ...held.metadata, namespace: t.namespace } });
      const first = await t.plugin(['crd', crd, '--confirm', crd, '--timeout=4s', '-o', 'json'], anywhere);
      ended(first, 4, 'still-there');
      const found = findingOf(targetOf(first), 'instances-held');
      assert.deepEqual([found.severity, found.data['finalizers'], reportOf(first).goesOn], ['warning', [{ name: HOLD, count: 1 }], true]);
      assert.notEqual((await t.api.find(whereOf(t, held), 'held'))?.metadata.deletionTimestamp, undefined, 'the instance is asked to go first');
      await release(t, held);
      await t.until('the definition is gone', async () => (await t.api.find(definitions, crd)) === undefined);
    },
  }),
  scenario({
    id: 'custom-resources',
    name: 'a definition without instances goes without a question',
    run: async (t) => {
      const { crd } = await ownKind(t);
      const run = await t.plugin(['crd', crd, '--no-input', '-o', 'json'], anywhere);
      ended(run, 0, 'deleted');
      assert.deepEqual([findingOf(targetOf(run), 'no-instances').severity, codesOf(targetOf(run)).filter((c) => c.endsWith('-known'))], ['note', []]);
    },
  }),
  scenario({
    id: 'D1',
    name: 'an instance and its definition in one command: the instance is sent first, both are gone',
    needs: ['audit'],
    run: async (t) => {
      const { crd, apiVersion } = await ownKind(t);
      await t.apply(widget(apiVersion, 'a'));
      const since = t.auditMark();
      const run = await t.plugin([`crd/${crd}`, `${crd}/a`, '--confirm', '2', '-o', 'json']);
      ended(run, 0, 'deleted', { [crd]: 'deleted', a: 'deleted' });
      const sent = (await since()).filter((r: AuditedRequest) => r.verb === 'delete' && !r.dryRun && [crd, 'a'].includes(r.name)).map((r) => r.resource);
      assert.deepEqual(sent, ['widgets', 'customresourcedefinitions']);
    },
  }),
  scenario({
    id: 'custom-resources',
    name: 'a custom resource with a finalizer is followed until its controller has removed it',
    run: async (t) => {
      const { crd, apiVersion } = await ownKind(t);
      const held = widget(apiVersion, 'held', { finalizers: [HOLD] });
      await made(t, { ...held, metadata: { ...held.metadata, namespace: t.namespace } });
      const going = t.start([`${crd}/held`, '-y', '-o', 'json']);
      await t.until('it is Terminating', async () => (await t.api.find(whereOf(t, held), 'held'))?.metadata.deletionTimestamp);
      await release(t, held);
      const run = await going.done;
      ended(run, 0, 'deleted');
      phasesInOrder(targetOf(run), 'accepted', 'waiting-for-finalizers', 'gone');
      assert.equal(reportOf(run).options.timeoutSeconds, 600);
    },
  }),
];

interface Acting {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly name: string;
  readonly metadata?: object;
  readonly spec?: object;
  readonly status?: object;
  /** The code, and words of the message. */
  readonly code: string;
  readonly says: RegExp;
}

const argo = { group: 'argoproj.io', version: 'v1alpha1' };
const flux = { group: 'kustomize.toolkit.fluxcd.io', version: 'v1', kind: 'Kustomization', plural: 'kustomizations' };
const managed = { group: 's3.scenario.upbound.io', version: 'v1beta1', kind: 'Bucket', plural: 'buckets' };

const loud: readonly Acting[] = [
  { ...argo, kind: 'Application', plural: 'applications', name: 'cascades', metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io'] }, spec: { destination: { namespace: 'shop' } }, status: { resources: [{ kind: 'Deployment' }, { kind: 'Service' }] }, code: 'controller-removes', says: /^Argo CD removes all 2 resources that it manages in namespace shop when Application cascades goes\.$/u },
  { ...argo, kind: 'ApplicationSet', plural: 'applicationsets', name: 'fleet', spec: {}, code: 'controller-removes', says: /its Applications, and with them everything/u },
  { ...flux, name: 'prunes', spec: { prune: true }, code: 'controller-removes', says: /^Flux removes everything that it applied/u },
  { group: 'helm.toolkit.fluxcd.io', version: 'v2', kind: 'HelmRelease', plural: 'helmreleases', name: 'shop', spec: { releaseName: 'shop-1' }, code: 'controller-removes', says: /Helm release shop-1 and everything in it/u },
  { group: 'cluster.x-k8s.io', version: 'v1beta1', kind: 'Machine', plural: 'machines', name: 'worker-1', code: 'controller-removes', says: /^Cluster API removes the machine/u },
  { ...managed, name: 'deleted', spec: { forProvider: {}, providerConfigRef: { name: 'default' }, deletionPolicy: 'Delete' }, code: 'controller-removes', says: /^Crossplane removes the resource that it stands for outside/u },
  { group: 'postgresql.cnpg.io', version: 'v1', kind: 'Cluster', plural: 'clusters', name: 'db', spec: { instances: 3 }, code: 'controller-removes', says: /^CloudNativePG removes the database/u },
  { group: 'external-secrets.io', version: 'v1', kind: 'ExternalSecret', plural: 'externalsecrets', name: 'owned', spec: { target: { name: 'password' } }, code: 'controller-stops', says: /Secret password\.$/u },
];

const quiet: readonly Acting[] = [
  { ...argo, kind: 'Application', plural: 'applications', name: 'leaves', spec: {}, code: 'controller-leaves', says: /no resources-finalizer/u },
  { ...flux, name: 'keeps', spec: { prune: false }, code: 'controller-leaves', says: /does not prune/u },
  { ...managed, name: 'orphaned', spec: { forProvider: {}, providerConfigRef: { name: 'default' }, deletionPolicy: 'Orphan' }, code: 'controller-leaves', says: /outside of the cluster stays/u },
  { group: 'velero.io', version: 'v1', kind: 'Backup', plural: 'backups', name: 'nightly', code: 'controller-leaves', says: /object store stays/u },
  { group: 'cert-manager.io', version: 'v1', kind: 'Certificate', plural: 'certificates', name: 'tls', code: 'controller-leaves', says: /Secret with the certificate stays/u },
  { group: 'tekton.dev', version: 'v1', kind: 'Task', plural: 'tasks', name: 'build', code: 'controller-leaves', says: /^Tekton removes nothing else/u },
  { group: 'external-secrets.io', version: 'v1', kind: 'ExternalSecret', plural: 'externalsecrets', name: 'merged', spec: { target: { creationPolicy: 'Merge' } }, code: 'controller-leaves', says: /the Secret stays/u },
];

/** Their definitions are those of everybody on the cluster: whoever needs one makes it, and it stays. */
const stage = async (t: ScenarioContext, all: readonly Acting[]): Promise<readonly string[]> => {
  for (const { group, version, kind, plural, name, metadata = {}, spec, status } of all) {
    await definition(t, group, kind, plural, { version });
    await made(t, { apiVersion: `${group}/${version}`, kind, metadata: { name, namespace: t.namespace, ...metadata }, ...(spec === undefined ? {} : { spec }) });
    if (status !== undefined) await t.api.patch({ apiVersion: `${group}/${version}`, kind, namespace: t.namespace }, name, { status }, '/status');
  }
  return all.map(({ plural, version, group, name }) => `${plural}.${version}.${group}/${name}`);
};

const ofControllers = [
  scenario({
    id: 'controller-action',
    name: 'what controllers remove or stop is a warning on each, and the typed name is asked for',
    run: async (t) => {
      const words = await stage(t, loud);
      const run = await t.plugin([...words, '-y', '-o', 'json']);
      ended(run, 3, 'declined');
      for (const { name, code, says } of loud) {
        const found = findingOf(targetOf(run, name), code);
        assert.deepEqual([found.check, found.severity, found.irreversible], ['controller-action', 'warning', code === 'controller-removes'], name);
        assert.match(found.message, says);
      }
      for (const { group, version, kind, name } of loud) assert.equal((await t.api.find({ apiVersion: `${group}/${version}`, kind, namespace: t.namespace }, name))?.metadata.deletionTimestamp, undefined, name);
    },
  }),
  scenario({
    id: 'controller-action',
    name: 'the quiet neighbours leave what they manage: notes, no question, and they go',
    run: async (t) => {
      const words = await stage(t, quiet);
      const run = await t.plugin([...words, '--no-input', '-o', 'json']);
      ended(run, 0, 'deleted');
      for (const { name, code, says } of quiet) {
        const target = targetOf(run, name);
        assert.match(findingOf(target, code).message, says);
        assert.deepEqual(target.findings.filter((f) => f.severity !== 'note').map((f) => f.code), [], name);
        assert.equal(checkOf(target, 'coverage').status, 'not-applicable', name);
      }
    },
  }),
];

const ofUnknownKinds = [
  scenario({
    id: 'coverage',
    name: 'a kind that no check knows is a note, once for a kind, where it is in a namespace',
    run: async (t) => {
      const { crd, apiVersion } = await ownKind(t);
      await t.apply(widget(apiVersion, 'a'), widget(apiVersion, 'b'));
      const run = await t.plugin([crd, 'a', 'b', '--no-input', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = reportOf(run).targets.flatMap((target) => target.findings.filter((f) => f.check === 'coverage'));
      assert.deepEqual(found.map((f) => [f.code, f.severity, f.data['kind'], f.data['count']]), [['kind-not-known', 'note', 'Widget', 2]]);
    },
  }),
  scenario({
    id: 'coverage',
    name: 'one that has no namespace is a warning; pods and Events are no news',
    run: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'ClusterWidget', 'clusterwidgets', { scope: 'Cluster', mine: true });
      await made(t, { apiVersion: `${group}/v1`, kind: 'ClusterWidget', metadata: { name: 'wide' } });
      await t.apply(t.make.pod('lone'), { apiVersion: 'v1', kind: 'Event', metadata: { name: 'told' }, involvedObject: { kind: 'Pod', name: 'lone', namespace: t.namespace }, reason: 'Test', message: 'x', type: 'Normal' });
      const run = await t.plugin([`clusterwidgets.${group}/wide`, 'pod/lone', 'event/told', '--dry-run=client', '-o', 'json']);
      assert.deepEqual([findingOf(targetOf(run, 'wide'), 'cluster-kind-not-known').severity, ...['lone', 'told'].map((name) => checkOf(targetOf(run, name), 'coverage').status)], ['warning', 'not-applicable', 'not-applicable']);
    },
  }),
];

export const customKinds = [...ofDefinitions, ...ofControllers, ...ofUnknownKinds];
