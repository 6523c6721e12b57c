/** Who uses a ConfigMap, Secret, ServiceAccount or class, and who does not count as a user. */
import assert from 'node:assert/strict';
import { own } from '../any-object.ts';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import type { PodOptions } from '../manifests.ts';
import type { WireTarget } from '../../../src/report/wire.ts';
import { checkOf, ended, findingOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { configMap, made, nowhere, secret } from '../staging.ts';

const idle = (parts: { readonly spec?: object; readonly container?: object }): PodOptions => ({ ...nowhere, spec: { ...nowhere.spec, ...parts.spec }, containers: [{ ...parts.container }] });

/** kind, name, fields and whether it is optional, of every user. */
const usersOf = (target: WireTarget): readonly (readonly unknown[])[] => (findingOf(target, 'used').data['users'] as readonly { readonly kind: string; readonly name: string; readonly how: readonly string[]; readonly optional: boolean }[]).map((u) => [u.kind, u.name, u.how, u.optional]);

const ingress = (name: string, spec: object): Manifest => ({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name }, spec: { defaultBackend: { service: { name: 'web', port: { number: 80 } } }, ...spec } });

const asked = async (t: ScenarioContext, args: readonly string[], options: { readonly namespace?: string | null } = {}): Promise<WireTarget> => {
  const run = await t.plugin([...args, '-o', 'json'], options);
  ended(run, 3, 'declined');
  const found = findingOf(targetOf(run), 'used');
  assert.deepEqual([found.check, found.severity, found.irreversible, found.pass], ['in-use', 'warning', false, '--yes']);
  return targetOf(run);
};

export const inUse = [
  scenario({
    id: 'in-use',
    name: 'a ConfigMap: every way to name it, each workload once, and optional references are said to be optional',
    run: async (t) => {
      await t.apply(configMap('settings'), configMap('extra'));
      const key = { name: 'A', valueFrom: { configMapKeyRef: { name: 'settings', key: 'a' } } };
      const volume = { volumes: [{ name: 'v', projected: { sources: [{ configMap: { name: 'settings' } }] } }] };
      await t.apply(t.make.deployment('web', 2, idle({ container: { env: [key] }, spec: volume })));
      await t.apply(t.make.pod('lone', idle({ container: { envFrom: [{ configMapRef: { name: 'extra', optional: true } }] } })));
      await t.until('the pods are there', async () => (await t.pods('app=web')).length === 2);
      assert.deepEqual(usersOf(await asked(t, ['cm', 'settings'])), [['Deployment', 'web', ['projected volume', 'env'], false]]);
      const optional = await asked(t, ['cm', 'extra']);
      assert.deepEqual(usersOf(optional), [['Pod', 'lone', ['envFrom'], true]]);
      assert.match(findingOf(optional, 'used').message, /optional/);
    },
  }),
  scenario({
    id: 'in-use',
    name: 'what goes in the same run, has finished or belongs to another namespace is no user: no question',
    run: async (t) => {
      await t.apply(configMap('settings'), secret('keys'));
      await t.apply(t.make.deployment('web', 1, idle({ container: { envFrom: [{ configMapRef: { name: 'settings' } }] } })));
      await t.until('the pod is there', async () => (await t.pods('app=web')).length === 1);
      await t.apply(t.make.pod('done', { spec: { restartPolicy: 'Never', volumes: [{ name: 'k', secret: { secretName: 'keys' } }] }, containers: [{ command: ['true'] }] }));
      await t.untilPhase('done', 'Succeeded');
      const run = await t.plugin(['cm/settings', 'deploy/web', 'secret/keys', '-o', 'json']);
      ended(run, 0, 'deleted');
      for (const name of ['settings', 'keys']) assert.equal(checkOf(targetOf(run, name), 'in-use').status, 'passed');
    },
  }),
  scenario({
    id: 'in-use',
    name: 'a ConfigMap that only an old ReplicaSet names is a note',
    run: async (t) => {
      await t.apply(configMap('settings'));
      await t.apply(t.make.deployment('web', 1, idle({ container: { envFrom: [{ configMapRef: { name: 'settings' } }] } })));
      const sets = { apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace };
      await t.until('its ReplicaSet is there', async () => (await t.api.list(sets)).length === 1);
      await t.api.patch({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: t.namespace }, 'web', { spec: { strategy: { type: 'Recreate', rollingUpdate: null }, template: { spec: t.make.podSpec(idle({})) } } });
      await t.until('the old one is scaled down', async () => {
        const all = await t.api.list(sets);
        return all.length === 2 && all.some((s) => s.spec?.replicas === 0) && (await t.pods('app=web')).length === 1;
      });
      const run = await t.plugin(['cm', 'settings', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.equal(findingOf(targetOf(run), 'used-by-old-replica-sets').severity, 'note');
    },
  }),
  scenario({
    id: 'in-use',
    name: 'a Secret: the certificate of an Ingress, an account that pulls images with it, and a StorageClass',
    run: async (t) => {
      await t.apply(secret('keys'), ingress('front', { tls: [{ hosts: ['a.example'], secretName: 'keys' }] }));
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' }, imagePullSecrets: [{ name: 'keys' }] });
      await made(t, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: own(t, 'fast') }, provisioner: 'example.com/none', parameters: { 'csi.storage.k8s.io/node-stage-secret-name': 'keys', 'csi.storage.k8s.io/node-stage-secret-namespace': t.namespace } });
      assert.deepEqual(usersOf(await asked(t, ['secret', 'keys'])).map(([kind, name]) => `${String(kind)} ${String(name)}`).toSorted(), ['Ingress front', 'ServiceAccount robot', `StorageClass ${own(t, 'fast')}`]);
    },
  }),
  scenario({
    id: 'in-use',
    name: 'a ServiceAccount that a workload runs as is asked about; the one of every namespace comes back',
    run: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }, t.make.deployment('web', 1, idle({ spec: { serviceAccountName: 'robot' } })));
      await t.until('the pod is there', async () => (await t.pods('app=web')).length === 1);
      assert.deepEqual(usersOf(await asked(t, ['sa', 'robot'])), [['Deployment', 'web', ['serviceAccountName'], false]]);
      const again = await t.plugin(['sa/default', 'cm/kube-root-ca.crt', '--dry-run=client', '-o', 'json']);
      for (const name of ['default', 'kube-root-ca.crt']) assert.equal(checkOf(targetOf(again, name), 'in-use').status, 'not-applicable');
    },
  }),
  scenario({
    id: 'in-use',
    name: 'classes that Ingresses and pods of any namespace name are asked about, others are not',
    run: async (t) => {
      const [used, unused, sandbox] = [own(t, 'used'), own(t, 'unused'), own(t, 'sandbox')];
      for (const name of [used, unused]) await made(t, { apiVersion: 'networking.k8s.io/v1', kind: 'IngressClass', metadata: { name }, spec: { controller: 'example.com/none' } });
      await made(t, { apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: sandbox }, handler: 'runc' });
      await t.apply(ingress('front', { ingressClassName: used }), t.make.pod('inside', idle({ spec: { runtimeClassName: sandbox } })));
      assert.deepEqual(usersOf(await asked(t, ['ingressclass', used], { namespace: null })), [['Ingress', 'front', ['ingressClassName'], false]]);
      assert.deepEqual(usersOf(await asked(t, ['runtimeclass', sandbox], { namespace: null })), [['Pod', 'inside', ['runtimeClassName'], false]]);
      const run = await t.plugin(['ingressclass', unused, '-o', 'json'], { namespace: null });
      assert.equal(checkOf(targetOf(run), 'in-use').status, 'passed');
    },
  }),
  scenario({
    id: 'in-use',
    name: 'who may not list a kind of user gets unknown, not a pass',
    run: async (t) => {
      await t.apply(configMap('settings'));
      const user = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['configmaps', 'pods'] });
      const run = await t.plugin(['cm', 'settings', '--dry-run=client', '-o', 'json'], { kubeconfig: user.kubeconfig });
      const check = checkOf(targetOf(run), 'in-use');
      assert.equal(check.status, 'unknown');
      assert.ok(check.missingRights.some((r) => r.resource === 'cronjobs' && r.verb === 'list'));
    },
  }),
];
