/** Pods that go without a question. */
import type { ScenarioContext } from '../context.ts';
import { onTerm } from '../manifests.ts';
import type { Ordinary } from '../quiet.ts';
import { quietly } from '../quiet.ts';
import { budgeted, careful, deployed, evicted, failed, finishedJob, made, neverReady, nowhere, quick, runningPod, served, setReady } from '../staging.ts';

const agent = (t: ScenarioContext, namespace: string): Parameters<typeof made>[1] => ({
  apiVersion: 'apps/v1', kind: 'DaemonSet', metadata: { name: `agent-${t.namespace}`, namespace }, spec: { selector: { matchLabels: { app: t.namespace } }, template: { metadata: { labels: { app: t.namespace } }, spec: t.make.podSpec(quick) } },
});

const ordinary: readonly Ordinary[] = [
  { name: 'one of three replicas', stage: async (t) => ['pod', (await deployed(t, 'web', 3))[0] ?? ''] },
  {
    name: 'one of three replicas behind a Service, with a budget that has room',
    stage: async (t) => {
      const [pod = ''] = await deployed(t, 'web', 3);
      await served(t, 'web', 3);
      await budgeted(t, 'web', { minAvailable: 1 }, 3);
      return ['pod', pod];
    },
  },
  {
    name: 'a single replica that crashes in a loop, under a budget that allows nothing',
    stage: async (t) => {
      // Without a probe it counts as Ready for the moment that it runs, to Kubernetes too.
      const readinessProbe = { exec: { command: ['true'] }, initialDelaySeconds: 5 };
      await t.apply(t.make.deployment('crashing', 1, { grace: 2, containers: [{ command: ['sh', '-c', 'exit 3'], readinessProbe }] }));
      await budgeted(t, 'crashing', { minAvailable: 1 }, 0);
      await t.until('it waits for its next start', async () => (await t.pods('app=crashing')).some((p) => p.status?.containerStatuses?.[0]?.state?.waiting?.reason === 'CrashLoopBackOff'));
      return ['pod', '-l', 'app=crashing'];
    },
  },
  {
    name: 'the only replica while it is not Ready',
    stage: async (t) => {
      await t.apply(t.make.deployment('slow', 1, neverReady));
      await t.until('it runs', async () => (await t.pods('app=slow')).some((p) => p.status?.phase === 'Running'));
      return ['pod', '-l', 'app=slow'];
    },
  },
  {
    name: 'a replica that no node takes',
    stage: async (t) => {
      await t.apply(t.make.deployment('pending', 1, nowhere));
      await t.until('it is there', async () => (await t.pods('app=pending')).length === 1);
      return ['pod', '-l', 'app=pending'];
    },
  },
  {
    name: "a finished Job's pod",
    stage: async (t) => {
      await finishedJob(t, 'done', 0);
      return ['pod', '-l', 'app=done'];
    },
  },
  {
    name: 'a bare pod that has finished',
    stage: async (t) => {
      await t.apply(t.make.pod('once', { containers: [{ command: ['sh', '-c', 'exit 0'] }], spec: { restartPolicy: 'Never' } }));
      await t.untilPhase('once', 'Succeeded');
      return ['pod', 'once'];
    },
  },
  {
    name: 'a bare pod that has failed, with --now',
    stage: async (t) => {
      await t.apply(t.make.pod('broken', nowhere));
      await t.patchPod('broken', failed, '/status');
      return ['pod', 'broken', '--now'];
    },
  },
  {
    name: '300 evicted pods with -A',
    stage: async (t) => {
      await evicted(t, 300, { of: t.namespace });
      return ['pods', '-A', '-l', `of=${t.namespace}`];
    },
    anywhere: true,
  },
  {
    name: 'all failed pods of a namespace by their phase',
    stage: async (t) => {
      await evicted(t, 30, {});
      return ['pods', '--field-selector', 'status.phase=Failed'];
    },
  },
  { name: 'a bare pod that is marked ephemeral', stage: async (t) => ['pod', await runningPod(t, 'preview', { ...quick, metadata: { annotations: { 'kubectl-safe-delete/ephemeral': 'true' } } })] },
  {
    name: 'the debug pod of a node, made by kubectl debug',
    needs: ['kubectl', 'real-processes'],
    stage: async (t) => {
      const pod = await runningPod(t, 'app');
      const node = (await t.theObject('Pod', pod)).spec?.nodeName ?? '';
      await t.kubectl('debug', `node/${node}`, `--image=${t.cluster.image.image}`, '--profile=general', '--', 'sh', '-c', "trap 'exit 0' TERM; while true; do sleep 0.2; done");
      const name = await t.until('the debug pod is there', async () => (await t.pods()).find((p) => p.metadata.name.startsWith('node-debugger-'))?.metadata.name);
      return ['pod', name];
    },
  },
  {
    name: "a DaemonSet's pod in kube-system",
    needs: ['real-processes'],
    stage: async (t) => {
      await made(t, agent(t, 'kube-system'));
      const where = { apiVersion: 'v1', kind: 'Pod', namespace: 'kube-system' };
      const pod = await t.until('its pod is Ready', async () => (await t.api.list(where, `app=${t.namespace}`)).find((p) => p.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')));
      return ['pod', pod.metadata.name, '-n', 'kube-system'];
    },
    anywhere: true,
  },
  {
    name: 'a replica with the labels and annotations of Helm and Argo CD',
    stage: async (t) => {
      const metadata = { labels: { app: 'web', 'app.kubernetes.io/managed-by': 'Helm', 'app.kubernetes.io/instance': 'web', 'argocd.argoproj.io/instance': 'web' }, annotations: { 'meta.helm.sh/release-name': 'web', 'argocd.argoproj.io/tracking-id': 'web:apps/Deployment:shop/web' } };
      const [pod = ''] = await deployed(t, 'web', 2, { ...careful, metadata });
      return ['pod', pod];
    },
  },
  {
    name: "a replica whose sidecar has an emptyDir",
    stage: async (t) => {
      const options = { ...careful, initContainers: [{ name: 'proxy', restartPolicy: 'Always', command: onTerm(0), volumeMounts: [{ name: 'certs', mountPath: '/certs' }] }], spec: { volumes: [{ name: 'certs', emptyDir: {} }] } };
      return ['pod', (await deployed(t, 'web', 2, options))[0] ?? ''];
    },
  },
  {
    name: 'the highest ordinal of a StatefulSet that keeps its majority',
    stage: async (t) => {
      await setReady(t, 'db', 3, { ...careful, grace: 30 });
      return ['pod', 'db-2'];
    },
  },
  {
    name: 'a replica with a longer grace period than its own',
    stage: async (t) => ['pod', (await deployed(t, 'web', 2))[0] ?? '', '--grace-period=20'],
  },
  {
    name: 'a pod that is Terminating already',
    stage: async (t) => {
      await runningPod(t, 'going', { grace: 10, containers: [{ command: onTerm(0, 'sleep 6; ') }] });
      await t.deletePod('going');
      return ['pod', 'going'];
    },
  },
  { name: 'a selector that matches nothing', outcome: 'nothing-matched', stage: async () => await Promise.resolve(['pods', '-l', 'app=nobody']) },
];

export const quietPods = quietly(ordinary);
