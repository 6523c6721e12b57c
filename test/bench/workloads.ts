// The pods of the bench: one container that ends at once on SIGTERM.
const container = {
  name: 'main',
  image: 'localhost/busybox:1',
  imagePullPolicy: 'Never',
  command: ['sh', '-c', "trap 'exit 0' TERM; sleep 100000 & wait"],
};

export const barePod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { bench: 'bare' } },
  spec: { terminationGracePeriodSeconds: 30, containers: [container] },
});

export const deployment = (replicas: number): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web' },
  spec: {
    replicas,
    selector: { matchLabels: { bench: 'web' } },
    template: { metadata: { labels: { bench: 'web' } }, spec: { terminationGracePeriodSeconds: 30, containers: [container] } },
  },
});
