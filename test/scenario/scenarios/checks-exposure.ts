/** Services, Ingresses and what the API server needs: what ends with them, each followed to its end once. */
import assert from 'node:assert/strict';
import { foundFor, goesQuietly, goesWith, made } from '../any-object.ts';
import type { Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { codesOf, findingOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { deployed, quick, served, setReady } from '../staging.ts';

const service = (name: string, spec: object = {}): Manifest => ({ apiVersion: 'v1', kind: 'Service', metadata: { name }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } });

/** Of a group that nobody uses: what fails closed hits nobody else. */
const webhook = (t: ScenarioContext, backend: string): Manifest => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: t.namespace },
  webhooks: [
    {
      name: 'guard.scenario.example', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail',
      clientConfig: { service: { namespace: t.namespace, name: backend } },
      rules: [{ apiGroups: [`${t.namespace}.example`], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
    },
  ],
});

const ingress = (name: string, backend: string): Manifest => ({
  apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name },
  spec: { rules: [{ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: backend, port: { number: 80 } } } }] } }] },
});

const address = { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } };

export const checksExposure = [
  scenario({
    id: 'exposure',
    name: 'a Service, an Ingress and a headless Service of a set with ready endpoints are asked about; with nothing behind them they go quietly',
    run: async (t) => {
      await deployed(t, 'web', 1, quick);
      await served(t, 'web', 1);
      await t.apply(ingress('live', 'web'), ingress('dead', 'nobody'), service('db', { clusterIP: 'None' }), service('empty', { type: 'NodePort' }), service('alias', { type: 'ExternalName', externalName: 'db.example', selector: undefined, ports: undefined }));
      await setReady(t, 'db', 1, quick);
      const found = findingOf(await foundFor(t, service('web'), 'service-traffic-ends'), 'service-traffic-ends');
      assert.equal(found.data['ready'], 1);
      assert.deepEqual(findingOf(await foundFor(t, ingress('live', 'web'), 'route-traffic-ends'), 'route-traffic-ends').data['hosts'], ['a.example']);
      assert.deepEqual(findingOf(await foundFor(t, service('db'), 'members-lose-names'), 'members-lose-names').objects.map((o) => o.name), ['db']);
      await foundFor(t, service('alias'), 'alias-ends');
      await goesQuietly(t, ingress('dead', 'nobody'), 'nothing-behind');
      await goesQuietly(t, service('empty'), 'nothing-behind');
      await goesWith(t, ingress('live', 'web'), '-y');
      await goesWith(t, service('web'), '-y');
    },
  }),
  scenario({
    id: 'exposure',
    name: 'a load balancer with an address takes its name, waits for its finalizer, and --yes is not enough',
    run: async (t) => {
      const manifest = service('public', { type: 'LoadBalancer' });
      const where = { apiVersion: 'v1', kind: 'Service', namespace: t.namespace };
      await t.apply({ ...manifest, metadata: { name: 'public', finalizers: ['service.kubernetes.io/load-balancer-cleanup'] } });
      t.defer(async () => {
        await t.api.patch(where, 'public', { metadata: { finalizers: null } }).catch(() => undefined);
      });
      await t.api.patch(where, 'public', address, '/status');
      const target = await foundFor(t, manifest, 'address-may-not-return', 'confirm');
      const found = findingOf(target, 'address-may-not-return');
      assert.deepEqual([found.data['addresses'], found.data['finalizer'], found.pass], [['203.0.113.7'], 'service.kubernetes.io/load-balancer-cleanup', '--confirm public']);
      const running = t.start(['service/public', '--confirm', 'public', '--no-input', '-o', 'json']);
      await t.until('it is Terminating', async () => (await t.api.find(where, 'public'))?.metadata.deletionTimestamp);
      await t.api.patch(where, 'public', { metadata: { finalizers: null } });
      assert.equal((await running.done).code, 0);
    },
  }),
  scenario({
    id: 'W6',
    name: 'the Service of a fail-closed webhook is refused like its last endpoint, and is a Service like any other once its webhook is gone',
    run: async (t) => {
      await deployed(t, 'guard', 1, quick);
      await served(t, 'guard', 1);
      const hook = webhook(t, 'guard');
      await made(t, hook);
      const target = await foundFor(t, service('guard'), 'api-backend-goes', 'block');
      assert.ok(!codesOf(target).includes('service-traffic-ends'), 'one fact, one finding');
      await t.api.delete({ apiVersion: hook.apiVersion, kind: hook.kind, namespace: '' }, t.namespace);
      await goesWith(t, service('guard'), '-y');
    },
  }),
];
