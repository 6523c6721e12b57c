/** Brings objects into states in which they are not allowed to go, without the plugin. */
import assert from 'node:assert/strict';
import type { ScenarioContext } from './context.ts';
import { sleep } from './context.ts';

/** A finalizer of a controller that is nowhere. */
export const HOLD = 'stuck.nobody.example/hold';

export const ok = async (t: ScenarioContext, method: string, path: string, body?: object, contentType?: string): Promise<string> => {
  const answer = await t.api.call(method, path, body, contentType);
  assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.body.slice(0, 300)}`);
  return answer.body;
};

export const merge = async (t: ScenarioContext, path: string, patch: object): Promise<void> => {
  await ok(t, 'PATCH', path, patch, 'application/merge-patch+json');
};

/** Asks for its deletion, as somebody else did before. */
export const deleted = async (t: ScenarioContext, path: string, options: object = {}): Promise<void> => {
  await ok(t, 'DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
};

export const unhold = async (t: ScenarioContext, path: string): Promise<void> => {
  await t.api.call('PATCH', path, { metadata: { finalizers: null } }, 'application/merge-patch+json');
};

export const inNamespace = (t: ScenarioContext, rest: string, group = ''): string => `${group === '' ? '/api/v1' : `/apis/${group}`}/namespaces/${t.namespace}/${rest}`;

export const configMap = async (t: ScenarioContext, name: string, finalizers: readonly string[] = [HOLD]): Promise<string> => {
  await ok(t, 'POST', inNamespace(t, 'configmaps'), { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, finalizers } });
  const path = inNamespace(t, `configmaps/${name}`);
  t.defer(async () => await unhold(t, path));
  return path;
};

export const versionOf = async (t: ScenarioContext, path: string): Promise<string> => {
  const { metadata } = JSON.parse(await ok(t, 'GET', path)) as { readonly metadata: { readonly uid: string; readonly resourceVersion: string } };
  return `${metadata.uid} ${metadata.resourceVersion}`;
};

/** A node without a kubelet that counts as healthy for a while. */
export const fakeNode = async (t: ScenarioContext): Promise<string> => {
  const name = `fake-${t.namespace}`;
  const now = new Date().toISOString();
  await ok(t, 'POST', '/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec: { taints: [{ key: 'scenario.example/fake', effect: 'NoSchedule' }] } });
  t.defer(async () => void (await t.api.call('DELETE', `/api/v1/nodes/${name}`)));
  await ok(t, 'POST', '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases', { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now.replace('Z', '000Z') } });
  t.defer(async () => void (await t.api.call('DELETE', `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${name}`)));
  await merge(t, `/api/v1/nodes/${name}/status`, { status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now }] } });
  return name;
};

export const definition = (group: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `widgets.${group}` },
  spec: { group, scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget', listKind: 'WidgetList' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
});

const webhook = (t: ScenarioContext, resource: string, operation: string) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name: t.namespace },
  webhooks: [
    {
      name: 'guard.scenario.example',
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      failurePolicy: 'Fail',
      timeoutSeconds: 2,
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': t.namespace } },
      clientConfig: { service: { namespace: t.namespace, name: 'guard' } },
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: [operation], resources: [resource] }],
    },
  ],
});

export const installWebhook = async (t: ScenarioContext, resource: string, operation: string): Promise<void> => {
  const all = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  await ok(t, 'POST', all, webhook(t, resource, operation));
  t.defer(async () => void (await t.api.call('DELETE', `${all}/${t.namespace}`)));
};

export const heldNamespace = async (t: ScenarioContext): Promise<string> => {
  const name = `${t.namespace}-going`;
  await ok(t, 'POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
  return name;
};

export const conditionOf = async (t: ScenarioContext, path: string, type: string): Promise<boolean> => {
  const { status } = JSON.parse(await ok(t, 'GET', path)) as { readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } };
  return (status?.conditions ?? []).some((c) => c.type === type && c.status === 'True');
};

/** kube-controller-manager stops, and its Lease with it. The clusters here run one without leader election, so the Lease is written as it would be. */
export const silence = async (t: ScenarioContext): Promise<void> => {
  t.defer(t.faults.startControllers);
  await t.faults.stopControllers();
  const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases';
  const renewTime = new Date(Date.now() - 30_000).toISOString().replace('Z', '000Z');
  const made = await t.api.call('POST', leases, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'kube-controller-manager' }, spec: { holderIdentity: 'node-1_gone', leaseDurationSeconds: 15, renewTime } });
  if (made.status === 409) await sleep(20_000);
  else t.defer(async () => void (await t.api.call('DELETE', `${leases}/kube-controller-manager`)));
};
