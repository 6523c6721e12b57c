/** What stands around pods: budgets, Services and who needs them, Jobs, DaemonSets. */
import type { KubeObject, Pod } from '../../src/model/wire.ts';
import { object, ownedBy, pod } from './objects.ts';
import type { Parts } from './objects.ts';

type Part = Readonly<Record<string, unknown>>;

/** A budget for `app: web` that wants 1 healthy pod, has 2 and allows 1 disruption. */
export const budget = (name: string, parts: Parts = {}): KubeObject =>
  object('policy/v1', 'PodDisruptionBudget', name, {
    metadata: { generation: 1, ...parts.metadata },
    spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } }, ...parts.spec },
    status: { observedGeneration: 1, desiredHealthy: 1, currentHealthy: 2, expectedPods: 2, disruptionsAllowed: 1, ...parts.status },
  });

export const service = (name: string, spec: Part = { selector: { app: 'web' } }, metadata: Part = {}): KubeObject =>
  object('v1', 'Service', name, { metadata, spec: { type: 'ClusterIP', clusterIP: '10.0.0.1', ...spec } });

type Conditions = { readonly ready?: boolean; readonly serving?: boolean; readonly terminating?: boolean };

/** An endpoint as the endpoint slice controller writes it. */
export const endpoint = (of: string, conditions: Conditions = { ready: true, serving: true, terminating: false }): Part => ({
  addresses: ['10.1.0.1'],
  conditions,
  targetRef: { kind: 'Pod', name: of, namespace: 'shop', uid: `uid-${of}` },
});

export const slice = (serviceName: string, endpoints: readonly Part[], name = `${serviceName}-1`): KubeObject => {
  const made = object('discovery.k8s.io/v1', 'EndpointSlice', name, { metadata: { labels: { 'kubernetes.io/service-name': serviceName } } });
  return { ...made, addressType: 'IPv4', endpoints } as KubeObject;
};

/** A service of the name and its only slice. */
export const routed = (name: string, ...pods: readonly string[]): readonly KubeObject[] => [service(name), slice(name, pods.map((p) => endpoint(p)))];

const rules = [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] }];
export const podRules = [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['pods'] }];

export const webhooks = (kind: 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration', name: string, backend: string, more: Part = {}): KubeObject => {
  const made = object('admissionregistration.k8s.io/v1', kind, name);
  return { ...made, webhooks: [{ name: `${name}.example.com`, clientConfig: { service: { namespace: 'shop', name: backend } }, rules, failurePolicy: 'Fail', sideEffects: 'None', ...more }] } as KubeObject;
};

export const apiService = (name: string, backend: string | null): KubeObject =>
  object('apiregistration.k8s.io/v1', 'APIService', name, { spec: { group: 'example.com', version: 'v1', ...(backend === null ? {} : { service: { namespace: 'shop', name: backend } }) } });

/** Job import, running, with its default limit of 6 failures. */
export const job = (parts: Parts = {}): KubeObject =>
  object('batch/v1', 'Job', 'import', {
    ...parts,
    spec: { backoffLimit: 6, podReplacementPolicy: 'TerminatingOrFailed', selector: { matchLabels: { job: 'import' } }, template: { spec: { restartPolicy: 'Never' } }, ...parts.spec },
  });

export const jobPod = (name: string, parts: Parts = {}): Pod => pod(name, { ...parts, metadata: { labels: { job: 'import' }, ...ownedBy('batch/v1', 'Job', 'import'), ...parts.metadata } });

/** DaemonSet agent, rolled out everywhere at template generation 3. */
export const daemonSet = (parts: Parts = {}): KubeObject =>
  object('apps/v1', 'DaemonSet', 'agent', {
    metadata: { generation: 3, annotations: { 'deprecated.daemonset.template.generation': '3' }, ...parts.metadata },
    spec: { selector: { matchLabels: { app: 'agent' } }, updateStrategy: { type: 'RollingUpdate' }, ...parts.spec },
    status: { observedGeneration: 3, desiredNumberScheduled: 2, updatedNumberScheduled: 2, ...parts.status },
  });

/** Its pod on node-1, of this generation and hash. */
export const daemonPod = (generation: string, hash: string, parts: Parts = {}): Pod =>
  pod('agent-x', { ...parts, metadata: { labels: { app: 'agent', 'pod-template-generation': generation, 'controller-revision-hash': hash }, ...ownedBy('apps/v1', 'DaemonSet', 'agent'), ...parts.metadata } });

export const daemonRevision = (hash: string, revision: number, owner = 'agent'): KubeObject => {
  const made = object('apps/v1', 'ControllerRevision', `${owner}-${hash}`, { metadata: { labels: { app: 'agent', 'controller-revision-hash': hash }, ...ownedBy('apps/v1', 'DaemonSet', owner) } });
  return { ...made, revision } as KubeObject;
};
