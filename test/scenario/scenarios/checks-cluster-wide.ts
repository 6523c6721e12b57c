/** What the whole cluster uses, and who may do what: in use it is asked about, unused it goes quietly. */
import assert from 'node:assert/strict';
import { foundFor, goesQuietly, goesWith, made, own } from '../any-object.ts';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { codesOf, findingOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { deployed, quick, runningPod, served } from '../staging.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';
const ADMISSION = 'admissionregistration.k8s.io/v1';
const roleRef = (kind: 'Role' | 'ClusterRole', name: string): object => ({ apiGroup: 'rbac.authorization.k8s.io', kind, name });
const binding = (name: string, subjects: readonly object[], role: object): Manifest => ({ apiVersion: RBAC, kind: 'RoleBinding', metadata: { name }, subjects, roleRef: role });
const group = (name: string): object => ({ kind: 'Group', name, apiGroup: 'rbac.authorization.k8s.io' });
const reading = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];

/** Fails open, and of a group that nobody uses. */
const webhook = (t: ScenarioContext, name: string, backend: string): Manifest => ({
  apiVersion: ADMISSION,
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: own(t, name) },
  webhooks: [
    {
      name: 'guard.scenario.example', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Ignore',
      clientConfig: { service: { namespace: t.namespace, name: backend } },
      rules: [{ apiGroups: [`${t.namespace}.example`], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
    },
  ],
});

const policy = (name: string): Manifest => ({
  apiVersion: ADMISSION, kind: 'ValidatingAdmissionPolicy', metadata: { name },
  spec: { matchConstraints: { resourceRules: [{ apiGroups: ['scenario.example'], apiVersions: ['*'], operations: ['CREATE'], resources: ['nothings'] }] }, validations: [{ expression: 'true' }] },
});

export const checksClusterWide = [
  scenario({
    id: 'cluster-wide',
    name: 'webhooks that answer and policies that are bound are asked about; those whose backend is gone, and unbound ones, go quietly',
    run: async (t) => {
      await deployed(t, 'guard', 1, quick);
      await served(t, 'guard', 1);
      const [live, dead] = [webhook(t, 'live', 'guard'), webhook(t, 'dead', 'gone')];
      const [bound, free] = [policy(own(t, 'bound')), policy(own(t, 'free'))];
      const bindingOf: Manifest = { apiVersion: ADMISSION, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: own(t, 'binding') }, spec: { policyName: bound.metadata.name, validationActions: ['Audit'] } };
      await made(t, live, dead, bound, free, bindingOf);
      assert.deepEqual(findingOf(await foundFor(t, live, 'admission-ends'), 'admission-ends').data['webhooks'], ['guard.scenario.example']);
      assert.deepEqual(findingOf(await foundFor(t, bound, 'admission-policy-ends'), 'admission-policy-ends').data['bindings'], [bindingOf.metadata.name]);
      await foundFor(t, bindingOf, 'admission-policy-ends');
      await goesQuietly(t, dead, 'not-in-use');
      await goesQuietly(t, free, 'not-in-use');
      await goesWith(t, bindingOf, '-y');
      await goesQuietly(t, bound, 'not-in-use');
      await goesWith(t, live, '-y');
    },
  }),
  scenario({
    id: 'cluster-wide',
    name: 'classes, drivers and ClusterRoles are asked about where something names them, and go quietly where nothing does',
    run: async (t) => {
      const role = (name: string): Manifest => ({ apiVersion: RBAC, kind: 'ClusterRole', metadata: { name: own(t, name) }, rules: reading });
      const storage = (name: string): Manifest => ({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: own(t, name) }, provisioner: 'scenario.example/none' });
      const priority = (name: string): Manifest => ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: own(t, name) }, value: 10 });
      const driver = (name: string): Manifest => ({ apiVersion: 'storage.k8s.io/v1', kind: 'CSIDriver', metadata: { name: `${own(t, name)}.example` }, spec: { attachRequired: false } });
      const volume: Manifest = { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: own(t, 'disk') }, spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', storageClassName: own(t, 'nothing'), csi: { driver: driver('used').metadata.name, volumeHandle: 'x' } } };
      await made(t, ...[role, storage, priority, driver].flatMap((make) => [make('used'), make('free')]), volume);
      await t.apply(binding('given', [group('developers')], roleRef('ClusterRole', role('used').metadata.name)));
      await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'waiting' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: storage('used').metadata.name, resources: { requests: { storage: '1Mi' } } } });
      await runningPod(t, 'urgent', { ...quick, spec: { priorityClassName: priority('used').metadata.name } });
      assert.deepEqual(findingOf(await foundFor(t, role('used'), 'cluster-role-given'), 'cluster-role-given').data['subjects'], ['Group developers']);
      assert.deepEqual(findingOf(await foundFor(t, storage('used'), 'storage-class-used'), 'storage-class-used').data['claims'], 1);
      assert.deepEqual(findingOf(await foundFor(t, priority('used'), 'priority-class-used'), 'priority-class-used').data['names'], [`${t.namespace}/urgent`]);
      assert.deepEqual(findingOf(await foundFor(t, driver('used'), 'csi-driver-used'), 'csi-driver-used').data['volumes'], 1);
      for (const make of [role, storage, priority, driver]) await goesQuietly(t, make('free'), 'not-in-use');
      for (const make of [role, storage, driver]) await goesWith(t, make('used'), '-y');
      await t.deletePod('urgent');
      await t.untilGone('urgent');
      await goesQuietly(t, priority('used'), 'not-in-use');
    },
  }),
  scenario({
    id: 'access',
    name: 'bindings, roles, accounts and tokens that pods or you depend on are asked about; those of others go quietly',
    run: async (t) => {
      const account: Manifest = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ci' } };
      const role: Manifest = { apiVersion: RBAC, kind: 'Role', metadata: { name: 'reader' }, rules: reading };
      const ofPods = binding('pods', [{ kind: 'ServiceAccount', name: 'ci', namespace: t.namespace }], roleRef('Role', 'reader'));
      const ofOthers = binding('others', [group('developers')], roleRef('Role', 'reader'));
      await t.apply(account, role, ofPods, ofOthers);
      const { metadata } = await t.until('the account is there', async () => await t.api.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: t.namespace }, 'ci'));
      await runningPod(t, 'robot', { ...quick, spec: { serviceAccountName: 'ci', automountServiceAccountToken: true } });
      assert.deepEqual(findingOf(await foundFor(t, ofPods, 'pods-lose-access'), 'pods-lose-access').data['accounts'], [{ namespace: t.namespace, name: 'ci', pods: 1 }]);
      await foundFor(t, role, 'pods-lose-access');
      assert.ok(codesOf(await foundFor(t, account, 'pods-lose-access')).includes('used'), 'that pods name it is in-use');
      // A Secret of another type keeps these annotations as they are; its type is not read.
      const token: Manifest = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ci-token', annotations: { 'kubernetes.io/service-account.name': 'ci', 'kubernetes.io/service-account.uid': metadata.uid } }, type: 'Opaque' };
      await t.apply(token);
      await foundFor(t, token, 'token-ends');
      await goesQuietly(t, ofOthers, 'access-of-others');
      const user = await t.userWith({ verbs: ['*'], resources: ['*'], apiGroups: ['*'] });
      const [mine] = (await t.api.list({ apiVersion: RBAC, kind: 'RoleBinding', namespace: t.namespace })).filter((b) => b.metadata.name.startsWith('rights-'));
      const run = await t.plugin([`rolebinding/${mine?.metadata.name ?? ''}`, '--no-input', '-o', 'json'], { kubeconfig: user.kubeconfig });
      assert.equal(run.code, 3);
      assert.ok(run.report !== null && findingOf(run.report.targets[0] ?? assert.fail('a target'), 'your-access-ends').severity === 'warning');
      await goesWith(t, token, '-y');
      await goesWith(t, ofPods, '-y');
      await goesQuietly(t, role);
    },
  }),
];
