/** Objects of other kinds that go without a question. */
import { onTerm } from '../manifests.ts';
import type { Ordinary } from '../quiet.ts';
import { quietly } from '../quiet.ts';
import { boundClaim, budgeted, careful, configMap, definition, deployed, finishedJob, jobOf, made, nowhere, quick, secret, setReady, using, whereOf } from '../staging.ts';

const rbac = 'rbac.authorization.k8s.io/v1';

const ordinary: readonly Ordinary[] = [
  {
    name: 'an old ReplicaSet',
    stage: async (t) => {
      await deployed(t, 'web', 1);
      const before = (await t.api.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace }))[0]?.metadata.name ?? '';
      await t.api.patch({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: t.namespace }, 'web', { spec: { template: { metadata: { annotations: { version: '2' } } } } });
      await t.until('the old one has no replicas', async () => (await t.api.find({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace }, before))?.spec?.replicas === 0);
      return ['rs', before];
    },
  },
  {
    name: 'a Job that has finished',
    stage: async (t) => {
      await finishedJob(t, 'done', 0);
      return ['job', 'done'];
    },
  },
  {
    name: 'a Job that has failed, in the foreground',
    stage: async (t) => {
      await finishedJob(t, 'failed', 1);
      return ['job/failed', '--cascade=foreground'];
    },
  },
  {
    name: 'a CronJob that runs nothing',
    stage: async (t) => {
      const { spec } = jobOf(t, 'nightly', {});
      await t.apply({ apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'nightly' }, spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec } } });
      return ['cronjob', 'nightly'];
    },
  },
  {
    name: 'a Deployment of no replicas',
    stage: async (t) => {
      await t.apply(t.make.deployment('asleep', 0));
      return ['deploy', 'asleep'];
    },
  },
  {
    name: 'a Deployment that never became Ready',
    stage: async (t) => {
      await t.apply(t.make.deployment('broken', 2, nowhere));
      await t.until('its pods are there', async () => (await t.pods('app=broken')).length === 2);
      return ['deployment/broken'];
    },
  },
  {
    name: 'a StatefulSet of no replicas',
    stage: async (t) => {
      await t.apply(t.make.statefulSet('asleep', 0));
      return ['sts', 'asleep'];
    },
  },
  {
    name: 'a StatefulSet whose pods stay',
    stage: async (t) => {
      await setReady(t, 'db', 2);
      return ['sts', 'db', '--cascade=orphan'];
    },
  },
  {
    name: 'a ReplicationController of no replicas',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'old' }, spec: { replicas: 0, selector: { app: 'old' }, template: { metadata: { labels: { app: 'old' } }, spec: t.make.podSpec(quick) } } });
      return ['rc', 'old'];
    },
  },
  {
    name: 'a ConfigMap that nothing uses',
    stage: async (t) => {
      await t.apply(configMap('unused'));
      return ['cm', 'unused'];
    },
  },
  {
    name: 'a Secret that nothing uses',
    stage: async (t) => {
      await t.apply(secret('unused'));
      return ['secret', 'unused'];
    },
  },
  {
    name: 'a ConfigMap that only an old ReplicaSet uses',
    stage: async (t) => {
      await t.apply(configMap('old'), configMap('new'));
      const from = (name: string): object => ({ template: { metadata: { labels: { app: 'web' } }, spec: t.make.podSpec({ ...careful, containers: [{ ...careful.containers?.[0], envFrom: [{ configMapRef: { name } }] }] }) } });
      await deployed(t, 'web', 1, careful, from('old'));
      await t.api.patch({ apiVersion: 'apps/v1', kind: 'Deployment', namespace: t.namespace }, 'web', { spec: { template: { spec: { containers: [{ name: 'app', image: t.cluster.image.image, imagePullPolicy: t.cluster.image.imagePullPolicy, command: onTerm(0), envFrom: [{ configMapRef: { name: 'new' } }] }] } } } });
      await t.until('only new pods are left', async () => {
        const sets = await t.api.list({ apiVersion: 'apps/v1', kind: 'ReplicaSet', namespace: t.namespace });
        return sets.length === 2 && sets.some((s) => s.spec?.replicas === 0) && (await t.pods('app=web')).length === 1;
      });
      return ['configmap', 'old'];
    },
  },
  {
    name: 'a ConfigMap that only a finished pod used',
    stage: async (t) => {
      await t.apply(configMap('input'), t.make.pod('once', { containers: [{ command: ['sh', '-c', 'exit 0'], envFrom: [{ configMapRef: { name: 'input' } }] }], spec: { restartPolicy: 'Never' } }));
      await t.untilPhase('once', 'Succeeded');
      return ['cm/input'];
    },
  },
  {
    name: 'a ServiceAccount that nothing uses',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody' } });
      return ['sa', 'nobody'];
    },
  },
  {
    name: 'a claim without a volume',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'waiting' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'none-such', resources: { requests: { storage: '1Mi' } } } });
      return ['pvc', 'waiting'];
    },
  },
  {
    name: 'a claim that nothing uses and whose volume is retained',
    needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'kept', 'Retain');
      return ['pvc', 'kept'];
    },
  },
  {
    name: 'a pod whose claim stays',
    needs: ['volumes'],
    stage: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      const [pod = ''] = await deployed(t, 'web', 2, using('data', careful));
      return ['pod', pod];
    },
  },
  {
    name: 'a Service with nothing behind it',
    stage: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'empty' }, spec: { selector: { app: 'nobody' }, ports: [{ port: 80 }] } });
      return ['svc', 'empty'];
    },
  },
  {
    name: 'an Ingress with nothing behind it',
    stage: async (t) => {
      await t.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'Ingress', metadata: { name: 'empty' }, spec: { rules: [{ host: 'a.example', http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'nobody', port: { number: 80 } } } }] } }] } });
      return ['ingress', 'empty'];
    },
  },
  {
    name: 'a disruption budget',
    stage: async (t) => {
      await deployed(t, 'web', 1);
      await budgeted(t, 'web', { minAvailable: 0 }, 1);
      return ['pdb', 'web'];
    },
  },
  {
    name: 'an autoscaler',
    stage: async (t) => {
      await t.apply(t.make.deployment('web', 0), { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name: 'web' }, spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' }, maxReplicas: 3 } });
      return ['hpa', 'web'];
    },
  },
  {
    name: 'a NetworkPolicy that selects no pod',
    stage: async (t) => {
      await t.apply({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'none' }, spec: { podSelector: { matchLabels: { app: 'nobody' } } } });
      return ['netpol', 'none'];
    },
  },
  {
    name: 'all Events of a namespace',
    stage: async (t) => {
      for (let i = 0; i < 25; i += 1) await t.apply({ apiVersion: 'v1', kind: 'Event', metadata: { name: `e-${i}` }, involvedObject: { kind: 'Pod', name: 'x', namespace: t.namespace }, reason: 'Test', message: 'x', type: 'Normal' });
      return ['events', '--all'];
    },
  },
  {
    name: 'a Lease',
    stage: async (t) => {
      await t.apply({ apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'leader' }, spec: { holderIdentity: 'a' } });
      return ['lease', 'leader'];
    },
  },
  {
    name: 'a Role that nobody is bound to',
    stage: async (t) => {
      await t.apply({ apiVersion: rbac, kind: 'Role', metadata: { name: 'unbound' }, rules: [] });
      return ['role', 'unbound'];
    },
  },
  {
    name: 'a binding of a user who is somebody else',
    stage: async (t) => {
      await t.apply({ apiVersion: rbac, kind: 'Role', metadata: { name: 'reader' }, rules: [] }, { apiVersion: rbac, kind: 'RoleBinding', metadata: { name: 'left' }, subjects: [{ kind: 'User', name: 'somebody-who-left', apiGroup: 'rbac.authorization.k8s.io' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' } });
      return ['rolebinding', 'left'];
    },
  },
  {
    name: 'a ClusterRole that nobody is bound to',
    stage: async (t) => {
      await made(t, { apiVersion: rbac, kind: 'ClusterRole', metadata: { name: `unbound-${t.namespace}` }, rules: [] });
      return ['clusterrole', `unbound-${t.namespace}`];
    },
    anywhere: true,
  },
  {
    name: 'a PriorityClass that no pod has',
    stage: async (t) => {
      await made(t, { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: `unused-${t.namespace}` }, value: 10 });
      return ['priorityclass', `unused-${t.namespace}`];
    },
    anywhere: true,
  },
  {
    name: 'a StorageClass that no volume has',
    stage: async (t) => {
      await made(t, { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: `unused-${t.namespace}` }, provisioner: 'example.com/none' });
      return ['sc', `unused-${t.namespace}`];
    },
    anywhere: true,
  },
  {
    name: 'a definition without instances',
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'Empty', 'empties', { mine: true });
      return ['crd', `empties.${group}`];
    },
    anywhere: true,
  },
  {
    name: 'an empty Namespace',
    stage: async (t) => {
      const name = `${t.namespace}-empty`;
      await made(t, { apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
      await t.until('its ServiceAccount is there', async () => await t.api.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: name }, 'default'));
      return ['ns', name];
    },
    anywhere: true,
  },
  {
    name: 'a Node that is dead and empty',
    stage: async (t) => {
      const name = `dead-${t.namespace}`;
      const node = { apiVersion: 'v1', kind: 'Node', metadata: { name } };
      await made(t, { ...node, spec: { unschedulable: true } });
      await t.api.patch(whereOf(t, node), name, { status: { conditions: [{ type: 'Ready', status: 'Unknown', reason: 'NodeStatusUnknown', message: 'gone', lastHeartbeatTime: '2026-01-01T00:00:00Z', lastTransitionTime: '2026-01-01T00:00:00Z' }] } }, '/status');
      return ['node', name];
    },
    anywhere: true,
  },
  {
    name: 'a custom resource that no check knows',
    stage: async (t) => {
      const group = `${t.namespace}.example.com`;
      await definition(t, group, 'Widget', 'widgets', { mine: true });
      await t.apply({ apiVersion: `${group}/v1`, kind: 'Widget', metadata: { name: 'a' } });
      return [`widgets.${group}`, 'a'];
    },
  },
  {
    name: 'an Argo CD Application that leaves its resources',
    stage: async (t) => {
      await definition(t, 'argoproj.io', 'Application', 'applications', { version: 'v1alpha1' });
      await t.apply({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata: { name: 'shop' }, spec: { project: 'default' } });
      return ['applications.argoproj.io', 'shop'];
    },
  },
];

export const quietKinds = quietly(ordinary);
