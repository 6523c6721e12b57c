/** Pods that may not just go. */
import type { Named } from '../loud.ts';
import { loudly } from '../loud.ts';
import type { Dangerous } from '../loud.ts';
import { onTerm } from '../manifests.ts';
import { budgeted, careful, deployed, evicted, jobOf, made, nowhere, quick, runningPod, served, setReady } from '../staging.ts';

const pod = (name: string): Named => ({ apiVersion: 'v1', kind: 'Pod', name });
const withAnnotation = (key: string, value: string): object => ({ ...quick, metadata: { annotations: { [key]: value } } });

const dangerous: readonly Dangerous[] = [
  { name: 'a bare pod', code: 3, first: 'bare-pod', stage: async (t) => ({ args: ['pod', await runningPod(t, 'bare')], stays: [pod('bare')] }) },
  {
    name: 'a forced deletion of a member of a StatefulSet', code: 2, first: 'forced-identity',
    stage: async (t) => {
      await setReady(t, 'db', 3);
      return { args: ['pod', 'db-2', '--force'], stays: [pod('db-2')] };
    },
  },
  {
    name: 'a member without which the majority is lost', code: 3, first: 'below-majority',
    stage: async (t) => {
      await setReady(t, 'db', 2, careful);
      return { args: ['pod', 'db-1'], stays: [pod('db-1')] };
    },
  },
  {
    name: 'two members of three together', code: 3, first: 'below-majority',
    stage: async (t) => {
      await setReady(t, 'db', 3, careful);
      return { args: ['pod', 'db-1', 'db-2'], stays: [pod('db-1'), pod('db-2')] };
    },
  },
  {
    name: 'more Ready pods than their budget allows, together', code: 2, first: 'budget-exceeded',
    stage: async (t) => {
      const [a = '', b = ''] = await deployed(t, 'web', 3);
      await budgeted(t, 'web', { minAvailable: 2 }, 3);
      return { args: ['pod', a, b], stays: [pod(a), pod(b)] };
    },
  },
  {
    name: 'the last ready endpoint of a Service', code: 3, first: 'no-endpoint-left',
    stage: async (t) => {
      const [only = ''] = await deployed(t, 'web', 1);
      await served(t, 'web', 1);
      return { args: ['pod', only], stays: [pod(only)] };
    },
  },
  {
    name: 'the last Ready pod of a workload without a Service', code: 3, first: 'last-ready-pods',
    stage: async (t) => {
      const [only = ''] = await deployed(t, 'web', 1);
      return { args: ['pod', only], stays: [pod(only)] };
    },
  },
  {
    name: 'both Ready pods of a workload together', code: 3, first: 'last-ready-pods',
    stage: async (t) => {
      const [a = '', b = ''] = await deployed(t, 'web', 2);
      return { args: ['pod', a, b], stays: [pod(a), pod(b)] };
    },
  },
  {
    name: 'the last backend of a fail-closed webhook', code: 2, first: 'api-backend-left-empty',
    stage: async (t) => {
      const [only = ''] = await deployed(t, 'guard', 1);
      await served(t, 'guard', 1);
      await made(t, {
        apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: t.namespace },
        webhooks: [{ name: 'guard.scenario.example', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Fail', clientConfig: { service: { namespace: t.namespace, name: 'guard' } }, rules: [{ apiGroups: ['scenario.example'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] }],
      });
      return { args: ['pod', only], stays: [pod(only)] };
    },
  },
  {
    name: 'the last backend of an API', code: 2, first: 'api-backend-left-empty', serial: true,
    stage: async (t) => {
      const [only = ''] = await deployed(t, 'metrics', 1);
      await served(t, 'metrics', 1);
      const group = `${t.namespace}.example.com`;
      await made(t, { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name: `v1.${group}` }, spec: { group, version: 'v1', service: { namespace: t.namespace, name: 'metrics' }, groupPriorityMinimum: 100, versionPriority: 10, insecureSkipTLSVerify: true } });
      return { args: ['pod', only], stays: [pod(only)] };
    },
  },
  {
    name: 'a pod held by a finalizer whose controller is missing', code: 3, first: 'finalizer-controller-missing',
    stage: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2, { ...careful, metadata: { finalizers: ['cleanup.nobody.example/x'] } });
      return { args: ['pod', name], stays: [pod(name)] };
    },
  },
  { name: 'a pod that says why it must stay', code: 2, first: 'protected-by-reason', stage: async (t) => ({ args: ['pod', await runningPod(t, 'kept', withAnnotation('kubectl-safe-delete/protect', 'billing runs until noon'))], stays: [pod('kept')] }) },
  { name: 'a pod that Helm is told to keep', code: 2, first: 'keep', stage: async (t) => ({ args: ['pod', await runningPod(t, 'kept', withAnnotation('helm.sh/resource-policy', 'keep'))], stays: [pod('kept')] }) },
  { name: 'a pod that Argo CD may not delete', code: 2, first: 'keep', stage: async (t) => ({ args: ['pod', await runningPod(t, 'kept', withAnnotation('argocd.argoproj.io/sync-options', 'Delete=false'))], stays: [pod('kept')] }) },
  {
    name: 'a member whose spec has a grace period of 0', code: 2, first: 'zero-grace-with-data',
    stage: async (t) => {
      await setReady(t, 'db', 3, { grace: 0 });
      return { args: ['pod', 'db-2'], stays: [pod('db-2')] };
    },
  },
  {
    name: 'a member with a shorter grace period than its own', code: 3, first: 'shorter-grace-with-data',
    stage: async (t) => {
      await setReady(t, 'db', 3, { ...careful, grace: 60 });
      return { args: ['pod', 'db-2', '--grace-period=5'], stays: [pod('db-2')] };
    },
  },
  {
    name: 'a member with scratch data on its node', code: 3, first: 'member-data-lost',
    stage: async (t) => {
      await setReady(t, 'db', 3, { ...careful, containers: [{ ...careful.containers?.[0], volumeMounts: [{ name: 'data', mountPath: '/data' }] }], spec: { volumes: [{ name: 'data', emptyDir: {} }] } });
      return { args: ['pod', 'db-2'], stays: [pod('db-2')] };
    },
  },
  {
    name: 'a forced deletion of a replica that runs', code: 3, first: 'force-not-proved',
    stage: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2);
      return { args: ['pod', name, '--force'], stays: [pod(name)] };
    },
  },
  {
    name: 'a pod without which its Job fails', code: 3, first: 'job-fails',
    stage: async (t) => {
      await t.apply(jobOf(t, 'batch', { backoffLimit: 0 }, { grace: 2, containers: [{ command: onTerm(1) }] }));
      const name = await t.until('it runs', async () => (await t.pods('app=batch')).find((p) => p.status?.phase === 'Running')?.metadata.name);
      return { args: ['pod', name], stays: [pod(name)] };
    },
  },
  {
    name: 'a member that comes back as another version', code: 3, first: 'other-revision',
    stage: async (t) => {
      await setReady(t, 'db', 3, careful, { updateStrategy: { type: 'OnDelete' } });
      const where = { apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: t.namespace };
      await t.api.patch(where, 'db', { spec: { template: { metadata: { annotations: { version: '2' } } } } });
      await t.until('the new revision is known', async () => {
        const { status } = await t.theObject('StatefulSet', 'db');
        return status?.updateRevision !== undefined && status.updateRevision !== status.currentRevision;
      });
      return { args: ['pod', 'db-2'], stays: [pod('db-2')] };
    },
  },
  {
    name: '21 pods that no node takes', code: 3, first: 'many-objects',
    stage: async (t) => {
      // No scheduler writes to them either.
      await t.apply(t.make.deployment('many', 21, { spec: { schedulerName: 'nobody' } }));
      await t.until('they are there', async () => (await t.pods('app=many')).length === 21);
      return { args: ['pods', '-l', 'app=many'], stays: (await t.pods('app=many')).map((p) => pod(p.metadata.name)) };
    },
  },
  {
    name: 'pods that a policy of the cluster does not let go', code: 2, first: 'denied',
    stage: async (t) => {
      const api = 'admissionregistration.k8s.io/v1';
      const [name = ''] = await deployed(t, 'web', 2);
      await made(t, {
        apiVersion: api, kind: 'ValidatingAdmissionPolicy', metadata: { name: t.namespace },
        spec: { failurePolicy: 'Fail', matchConstraints: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': t.namespace } }, resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['pods'] }] }, validations: [{ expression: 'false', message: 'not on a Friday' }] },
      });
      await made(t, { apiVersion: api, kind: 'ValidatingAdmissionPolicyBinding', metadata: { name: t.namespace }, spec: { policyName: t.namespace, validationActions: ['Deny'] } });
      await t.until('the policy is in force', async () => (await t.api.call('DELETE', `/api/v1/namespaces/${t.namespace}/pods/${name}?dryRun=All`)).status >= 400);
      return { args: ['pod', name], stays: [pod(name)] };
    },
    needs: ['real-processes'],
  },
  {
    name: 'a pod with a check that can block left out', code: 3, first: 'check-skipped',
    stage: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2);
      return { args: ['pod', name, '--skip=disruption-budget'], stays: [pod(name)] };
    },
  },
  {
    name: 'what an own rule of the site forbids', code: 2, first: 'rule',
    stage: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2);
      const file = t.file('site.yaml', 'apiVersion: kubectl-safe-delete/v1\nkind: Policy\nrules:\n  - name: no-web\n    when: object.metadata.labels.app == "web"\n    message: the shop is open\n');
      return { args: ['pod', name, `--policy=${file}`], stays: [pod(name)] };
    },
  },
  {
    name: 'failed pods everywhere that are not all failed', code: 3, first: 'selector-in-all-namespaces', anywhere: true,
    stage: async (t) => {
      await evicted(t, 3, { of: t.namespace });
      await t.apply(t.make.deployment('web', 1, { ...nowhere, metadata: { labels: { app: 'web', of: t.namespace } } }));
      await t.until('it is there', async () => (await t.pods('app=web')).length === 1);
      return { args: ['pods', '-A', '-l', `of=${t.namespace}`], stays: (await t.pods()).map((p) => pod(p.metadata.name)) };
    },
  },
  {
    name: 'what does not have a label', code: 3, first: 'only-negations',
    stage: async (t) => {
      await t.apply(t.make.deployment('web', 2, { spec: { schedulerName: 'nobody' } }));
      await t.until('its pods are there', async () => (await t.pods()).length === 2);
      return { args: ['pods', '-l', 'keep!=true'], stays: (await t.pods()).map((p) => pod(p.metadata.name)) };
    },
  },
];

export const loudPods = loudly(dangerous);
