/** Objects of other kinds that may not just go. */
import type { Dangerous, Named } from '../loud.ts';
import { loudly } from '../loud.ts';
import { boundClaim, careful, configMap, definition, deployed, jobOf, made, nowhere, quick, runningPod, secret, served, setReady, using, whereOf } from '../staging.ts';

const rbac = 'rbac.authorization.k8s.io/v1';
const core = (kind: string, name: string): Named => ({ apiVersion: 'v1', kind, name });
const ingressOf = (service: string): object => ({ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }] } });

const dangerous: readonly Dangerous[] = [
  {
    name: 'a Deployment whose pods serve', code: 3, first: 'dependents',
    stage: async (t) => {
      await deployed(t, 'web', 2);
      return { args: ['deploy', 'web'], stays: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }] };
    },
  },
  {
    name: 'a StatefulSet that takes its claims and their data along', code: 3, first: 'persistent-volume-claims', irreversible: true, needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data-db-0', 'Delete');
      const claim = { metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', resources: { requests: { storage: '1Mi' } } } };
      await setReady(t, 'db', 1, quick, { persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' }, volumeClaimTemplates: [claim] });
      return { args: ['sts', 'db'], stays: [{ apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, core('PersistentVolumeClaim', 'data-db-0')] };
    },
  },
  {
    name: 'a claim that a running pod has mounted', code: 2, first: 'in-use', irreversible: true, needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await runningPod(t, 'app', using('data'));
      return { args: ['pvc', 'data', '--grace-period=0', '--force'], stays: [core('PersistentVolumeClaim', 'data')] };
    },
  },
  {
    name: 'a claim whose data goes for good', code: 3, first: 'persistent-volume-claims', irreversible: true, needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      return { args: ['pvc', 'data'], stays: [core('PersistentVolumeClaim', 'data')] };
    },
  },
  {
    name: 'a claim whose volume may not be read', code: 3, first: 'persistent-volume-claims', irreversible: true, needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      return { args: ['pvc', 'data'], stays: [core('PersistentVolumeClaim', 'data')] };
    },
    kubeconfig: async (t) => (await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['persistentvolumeclaims', 'pods'] })).kubeconfig,
  },
  {
    name: 'a volume that holds the data of a claim', code: 3, first: 'persistent-volume-claims', irreversible: true, needs: ['volumes'], anywhere: true,
    stage: async (t) => ({ args: ['pv', await boundClaim(t, 'data', 'Delete')], stays: [core('PersistentVolumeClaim', 'data')] }),
  },
  {
    name: 'a ConfigMap that running pods use', code: 3, first: 'in-use',
    stage: async (t) => {
      await t.apply(configMap('settings'));
      await deployed(t, 'web', 1, { ...careful, containers: [{ ...careful.containers?.[0], envFrom: [{ configMapRef: { name: 'settings' } }] }] });
      return { args: ['cm', 'settings'], stays: [core('ConfigMap', 'settings')] };
    },
  },
  {
    name: 'a ConfigMap that only a CronJob uses', code: 3, first: 'in-use',
    stage: async (t) => {
      await t.apply(configMap('settings'));
      const { spec } = jobOf(t, 'nightly', {}, { ...quick, containers: [{ envFrom: [{ configMapRef: { name: 'settings' } }] }] });
      await t.apply({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly' }, spec: { schedule: '0 3 * * *', jobTemplate: { spec } } });
      return { args: ['cm', 'settings'], stays: [core('ConfigMap', 'settings')] };
    },
  },
  {
    name: "a Secret with an Ingress's certificate", code: 3, first: 'in-use',
    stage: async (t) => {
      await t.apply(secret('tls'), { apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec: { tls: [{ hosts: ['a.example'], secretName: 'tls' }], rules: [ingressOf('web')] } });
      return { args: ['secret', 'tls'], stays: [core('Secret', 'tls')] };
    },
  },
  {
    name: 'a Secret that a workload pulls its image with', code: 3, first: 'in-use',
    stage: async (t) => {
      await t.apply(secret('registry'), t.make.deployment('web', 1, { ...nowhere, spec: { ...nowhere.spec, imagePullSecrets: [{ name: 'registry' }] } }));
      return { args: ['secret', 'registry'], stays: [core('Secret', 'registry')] };
    },
  },
  {
    name: 'a ServiceAccount that running pods use', code: 3, first: 'in-use',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } });
      await deployed(t, 'web', 1, { ...careful, spec: { serviceAccountName: 'web' } });
      return { args: ['sa', 'web'], stays: [core('ServiceAccount', 'web')] };
    },
  },
  {
    name: 'a token that somebody signs in with', code: 3, first: 'access',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'ci' } });
      await t.apply({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'ci-token', annotations: { 'kubernetes.io/service-account.name': 'ci' } }, type: 'kubernetes.io/service-account-token' });
      await t.until('the token is there', async () => ((await t.api.find({ apiVersion: 'v1', kind: 'Secret', namespace: t.namespace }, 'ci-token')) as { readonly data?: object } | undefined)?.data);
      return { args: ['secret', 'ci-token'], stays: [core('ServiceAccount', 'ci')] };
    },
    needs: ['real-processes'],
  },
  {
    name: 'a binding that running pods get their rights from', code: 3, first: 'access',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web' } }, { apiVersion: rbac, kind: 'Role', metadata: { name: 'reader' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] });
      await t.apply({ apiVersion: rbac, kind: 'RoleBinding', metadata: { name: 'web' }, subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: t.namespace }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' } });
      await deployed(t, 'web', 1, { ...careful, spec: { serviceAccountName: 'web', automountServiceAccountToken: true } });
      return { args: ['rolebinding', 'web'], stays: [{ apiVersion: rbac, kind: 'RoleBinding', name: 'web' }] };
    },
  },
  {
    name: 'a Service with ready endpoints', code: 3, first: 'exposure',
    stage: async (t) => {
      await deployed(t, 'web', 1);
      await served(t, 'web', 1);
      return { args: ['svc', 'web'], stays: [core('Service', 'web')] };
    },
  },
  {
    name: 'a LoadBalancer with an address', code: 3, first: 'exposure', irreversible: true,
    stage: async (t) => {
      const service = { apiVersion: 'v1', kind: 'Service', metadata: { name: 'public' }, spec: { type: 'LoadBalancer', selector: { app: 'web' }, ports: [{ port: 80 }] } };
      await t.apply(service);
      await t.api.patch(whereOf(t, service), 'public', { status: { loadBalancer: { ingress: [{ ip: '203.0.113.7' }] } } }, '/status');
      return { args: ['svc', 'public'], stays: [core('Service', 'public')] };
    },
  },
  {
    name: 'an Ingress with a ready backend', code: 3, first: 'exposure',
    stage: async (t) => {
      await deployed(t, 'web', 1);
      await served(t, 'web', 1);
      await t.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'web' }, spec: { rules: [ingressOf('web')] } });
      return { args: ['ing', 'web'], stays: [{ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', name: 'web' }] };
    },
  },
  {
    name: 'a NetworkPolicy in force', code: 3, first: 'guards',
    stage: async (t) => {
      await deployed(t, 'web', 1);
      await t.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'closed' }, spec: { podSelector: { matchLabels: { app: 'web' } }, policyTypes: ['Ingress'] } });
      return { args: ['netpol', 'closed'], stays: [{ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', name: 'closed' }] };
    },
  },
  {
    name: 'a quota in force', code: 3, first: 'guards',
    stage: async (t) => {
      const quota = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'limits' }, spec: { hard: { pods: '10' } } };
      await t.apply(quota);
      return { args: ['quota', 'limits'], stays: [core('ResourceQuota', 'limits')] };
    },
  },
  {
    name: 'a Node that is Ready', code: 3, first: 'node-object', anywhere: true,
    stage: async (t) => {
      const name = `ready-${t.namespace}`;
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
      await made(t, { ...node, spec: { unschedulable: true } });
      const now = new Date().toISOString();
      await made(t, { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name, namespace: 'kube-node-lease' }, spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: now.replace('Z', '000Z') } });
      await t.api.patch(whereOf(t, node), name, { status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: '', lastHeartbeatTime: now, lastTransitionTime: now }] } }, '/status');
      return { args: ['node', name], stays: [] };
    },
  },
  {
    name: 'a Namespace with something in it', code: 3, first: 'namespace-contents', irreversible: true, anywhere: true,
    stage: async (t) => {
      await t.apply(configMap('data'));
      return { args: ['ns', t.namespace], stays: [core('ConfigMap', 'data')] };
    },
  },
  { name: 'the Namespace default', code: 2, first: 'namespace-contents', anywhere: true, irreversible: 'either', stage: async () => await Promise.resolve({ args: ['ns', 'default', '--dry-run=client'], stays: [] }) },
  {
    name: 'a definition with instances', code: 3, first: 'custom-resources', irreversible: true, anywhere: true,
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'Widget', 'widgets', { mine: true });
      await t.apply({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'a' } });
      return { args: ['crd', `widgets.${group}`], stays: [{ apiVersion: `${group}/v1`, kind: 'Widget', name: 'a' }] };
    },
  },
  {
    name: 'an Argo CD Application that takes its resources along', code: 3, first: 'controller-action', irreversible: true,
    stage: async (t) => {
      const apiVersion = 'argoproj.io/v1alpha1';
      await definition(t, 'argoproj.io', 'Application', 'applications', { version: 'v1alpha1' });
      await made(t, { apiVersion, kind: 'Application', metadata: { name: 'shop', namespace: t.namespace, finalizers: ['resources-finalizer.argocd.argoproj.io'] }, spec: { project: 'default' } });
      return { args: ['applications.argoproj.io', 'shop'], stays: [{ apiVersion, kind: 'Application', name: 'shop' }] };
    },
  },
  {
    name: 'a Flux Kustomization that prunes', code: 3, first: 'controller-action', irreversible: true,
    stage: async (t) => {
      const apiVersion = 'kustomize.toolkit.fluxcd.io/v1';
      await definition(t, 'kustomize.toolkit.fluxcd.io', 'Kustomization', 'kustomizations');
      await made(t, { apiVersion, kind: 'Kustomization', metadata: { name: 'shop', namespace: t.namespace, finalizers: ['finalizers.fluxcd.io'] }, spec: { prune: true, interval: '1m' } });
      return { args: ['kustomizations.kustomize.toolkit.fluxcd.io', 'shop'], stays: [{ apiVersion, kind: 'Kustomization', name: 'shop' }] };
    },
  },
  {
    name: 'a database that its operator removes', code: 3, first: 'controller-action', irreversible: true,
    stage: async (t) => {
      await definition(t, 'postgresql.cnpg.io', 'Cluster', 'clusters');
      await made(t, { apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', metadata: { name: 'db', namespace: t.namespace }, spec: { instances: 3 } });
      return { args: ['clusters.postgresql.cnpg.io', 'db'], stays: [{ apiVersion: 'postgresql.cnpg.io/v1', kind: 'Cluster', name: 'db' }] };
    },
  },
  {
    name: 'a webhook configuration in force', code: 3, first: 'cluster-wide', anywhere: true,
    stage: async (t) => {
      await deployed(t, 'guard', 1);
      await served(t, 'guard', 1);
      const webhook = { name: 'guard.scenario.example', admissionReviewVersions: ['v1'], sideEffects: 'None', failurePolicy: 'Ignore', clientConfig: { service: { namespace: t.namespace, name: 'guard' } }, rules: [{ apiGroups: ['scenario.example'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }] };
      await made(t, { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', metadata: { name: t.namespace }, webhooks: [webhook] });
      return { args: ['validatingwebhookconfiguration', t.namespace], stays: [{ apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', name: t.namespace }] };
    },
  },
  {
    name: 'a ClusterRole that bindings give', code: 3, first: 'cluster-wide', anywhere: true,
    stage: async (t) => {
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: t.namespace };
      await made(t, { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: t.namespace }, rules: [] });
      await t.apply({ apiVersion: rbac, kind: 'RoleBinding', metadata: { name: 'given' }, subjects: [{ kind: 'Group', name: 'developers', apiGroup: 'rbac.authorization.k8s.io' }], roleRef });
      return { args: ['clusterrole', t.namespace], stays: [{ apiVersion: rbac, kind: 'ClusterRole', name: t.namespace }] };
    },
  },
  {
    name: 'a StorageClass that claims name', code: 3, first: 'cluster-wide', anywhere: true,
    stage: async (t) => {
      await made(t, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: t.namespace }, provisioner: 'example.com/none' });
      await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'waiting' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: t.namespace, resources: { requests: { storage: '1Mi' } } } });
      return { args: ['storageclass', t.namespace], stays: [{ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', name: t.namespace }] };
    },
  },
  {
    name: 'a PriorityClass that pods have', code: 3, first: 'cluster-wide', anywhere: true,
    stage: async (t) => {
      await made(t, { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: t.namespace }, value: 10 });
      await runningPod(t, 'app', { ...quick, spec: { priorityClassName: t.namespace } });
      return { args: ['pc', t.namespace], stays: [{ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', name: t.namespace }] };
    },
  },
  {
    name: 'all objects of a cluster-scoped kind', code: 2, first: 'scope', anywhere: true,
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'ClusterWidget', 'clusterwidgets', { scope: 'Cluster', mine: true });
      const widget = { apiVersion: `${group}/v1`, kind: 'ClusterWidget', metadata: { name: 'a' } };
      await made(t, widget);
      return { args: [`clusterwidgets.${group}`, '--all'], stays: [{ apiVersion: widget.apiVersion, kind: 'ClusterWidget', name: 'a' }] };
    },
  },
  {
    name: 'all objects of a kind in all namespaces', code: 2, first: 'scope', anywhere: true,
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'Widget', 'widgets', { mine: true });
      await t.apply({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'a' } });
      return { args: [`widgets.${group}`, '--all', '-A'], stays: [{ apiVersion: `${group}/v1`, kind: 'Widget', name: 'a' }] };
    },
  },
  {
    name: 'a cluster-scoped object that no check knows', code: 3, first: 'coverage', anywhere: true,
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'ClusterWidget', 'clusterwidgets', { scope: 'Cluster', mine: true });
      const widget = { apiVersion: `${group}/v1`, kind: 'ClusterWidget', metadata: { name: 'a' } };
      await made(t, widget);
      return { args: [`clusterwidgets.${group}`, 'a'], stays: [{ apiVersion: widget.apiVersion, kind: 'ClusterWidget', name: 'a' }] };
    },
  },
];

export const loudKinds = loudly(dangerous);
