/** The embedded cluster: an API server with controllers and simulated kubelets in this process, so everyone can run the scenarios anywhere. */
import type { AuditEntry } from '../embedded/embedded.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { offeredHere } from './by-kubeconfig.ts';
import type { AuditedRequest, ClusterUnderTest } from './cluster-under-test.ts';
import { programOnPath } from './on-this-machine.ts';
import type { Need } from './scenario.ts';

const NODE = 'node-1';

const bodyOf = (entry: AuditEntry): unknown => {
  if (entry.body === undefined || entry.body === '') return null;
  try {
    return JSON.parse(entry.body);
  } catch {
    return entry.body;
  }
};

const requestOf = (entry: AuditEntry): AuditedRequest => ({
  verb: entry.verb,
  user: entry.user,
  userAgent: entry.userAgent,
  requestURI: entry.requestURI,
  apiGroup: entry.group,
  resource: entry.resource,
  subresource: entry.subresource,
  namespace: entry.namespace,
  name: entry.name,
  code: entry.code,
  dryRun: entry.dryRun,
  body: bodyOf(entry),
});

/** Starts one; a kubectl is used where the machine has one. */
export const embeddedCluster = async (): Promise<ClusterUnderTest> => {
  const cluster = await startEmbedded({ nodes: [NODE] });
  const kubectl = programOnPath('kubectl');
  let made = 0;
  let answers = true;
  return {
    title: `embedded cluster (${cluster.server})`,
    kubeconfig: cluster.kubeconfig,
    kubectl,
    offers: new Set<Need>([...offeredHere(kubectl), 'audit', 'volumes', 'stop-signals', 'expired-credential', 'static-pod', 'kubelet-fault', 'apiserver-fault', 'controller-fault']),
    image: { image: 'localhost/busybox:1', imagePullPolicy: 'Never' },
    newUser: async () => {
      made += 1;
      const name = `user-${made}`;
      return await Promise.resolve({ kubeconfig: cluster.user(`${name}-token`, []), subject: { kind: 'User', name, apiGroup: 'rbac.authorization.k8s.io' } });
    },
    audit: {
      mark: () => {
        const from = cluster.audit().length;
        return async () => await Promise.resolve(cluster.audit().slice(from).map(requestOf));
      },
    },
    faults: {
      freezeNode: async () => {
        cluster.freezeNode(NODE);
        // The controller needs its two seconds to see the silence.
        await new Promise((resolve) => setTimeout(resolve, 3000));
      },
      thawNode: async () => {
        cluster.thawNode(NODE);
        await new Promise((resolve) => setTimeout(resolve, 500));
      },
      killApiserver: async () => {
        answers = false;
        await cluster.killApiserver();
      },
      startApiserver: async () => {
        if (answers) return;
        answers = true;
        await cluster.startApiserver();
      },
      stopControllers: async () => await Promise.resolve(cluster.stopControllerManager()),
      startControllers: async () => await Promise.resolve(cluster.startControllerManager()),
    },
    staticPodDir: cluster.staticPodDir(NODE),
    expiredKubeconfig: () => {
      made += 1;
      const token = `expired-${made}-token`;
      const kubeconfig = cluster.user(token, []);
      cluster.revoke(token);
      return kubeconfig;
    },
    another: embeddedCluster,
    width: 6,
    close: async () => await cluster.stop(),
  };
};
