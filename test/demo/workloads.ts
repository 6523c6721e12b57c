/** What the demo deletes: ordinary workloads, and two that do not end as one hopes. The same manifests run on a real cluster. */
export const namespace = 'shop';

const container = (name: string, command: readonly string[]): object => ({ name, image: 'localhost/busybox:1', imagePullPolicy: 'Never', command });
const shell = (name: string, script: string): object => container(name, ['sh', '-c', script]);
/** Ends with 0 when it is asked to. */
const polite = "trap 'exit 0' TERM; while :; do sleep 0.1; done";

const meta = (name: string, labels: Readonly<Record<string, string>> = {}): object => ({ name, namespace, labels });
const template = (app: string, containers: readonly object[]): object => ({ metadata: { labels: { app } }, spec: { terminationGracePeriodSeconds: 5, containers } });

export const workloads: readonly object[] = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: meta('web'),
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, template: template('web', [shell('app', polite)]) },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: meta('db'),
    spec: { replicas: 3, serviceName: 'db', selector: { matchLabels: { app: 'db' } }, template: template('db', [shell('postgres', polite)]) },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('report'),
    spec: {
      terminationGracePeriodSeconds: 4,
      containers: [shell('clean', polite), shell('by-signal', "trap 'exit 143' TERM; while :; do sleep 0.1; done"), container('stubborn', ['sleep', '3600'])],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'stuck', namespace, finalizers: ['example.com/backup-first'] },
    spec: { terminationGracePeriodSeconds: 1, containers: [shell('app', polite)] },
  },
];
