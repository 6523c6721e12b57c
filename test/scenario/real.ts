/** The real cluster of test/cluster: every component as users have it, with its audit log and its faults. */
import { closeSync, openSync, readSync } from 'node:fs';
import { openCluster } from '../cluster/cluster.ts';
import type { AuditMark, RealCluster } from '../cluster/cluster.ts';
import { offeredHere, serviceAccountUsers } from './by-kubeconfig.ts';
import type { ClusterUnderTest } from './cluster-under-test.ts';
import type { Need } from './scenario.ts';

/** A mark at the end of a line: the server may be in the middle of writing one. */
const markOfWholeLine = (cluster: RealCluster): AuditMark => {
  const log = openSync(cluster.auditLog, 'r');
  const last = Buffer.alloc(1);
  try {
    for (;;) {
      const mark = cluster.auditMark();
      if (mark.position === 0 || (readSync(log, last, 0, 1, mark.position - 1) === 1 && last.toString() === '\n')) return mark;
    }
  } finally {
    closeSync(log);
  }
};

/** `faults`: nobody else uses the cluster, so its kubelet and API server may be hit. */
export const realCluster = async (name: string | undefined, faults: boolean): Promise<ClusterUnderTest> => {
  const cluster = await openCluster(name);
  const users = serviceAccountUsers(cluster.kubeconfig);
  return {
    title: `real cluster ${cluster.name} (${cluster.server})`,
    kubeconfig: cluster.kubeconfig,
    kubectl: cluster.kubectlPath,
    offers: new Set<Need>([
      ...offeredHere(cluster.kubectlPath),
      'audit',
      'volumes',
      'static-pod',
      'expired-credential',
      'real-processes',
      ...(faults ? (['kubelet-fault', 'apiserver-fault', 'controller-fault'] as const) : []),
    ]),
    image: { image: 'localhost/busybox:1', imagePullPolicy: 'Never' },
    newUser: users.newUser,
    audit: {
      mark: () => {
        const mark = markOfWholeLine(cluster);
        return async () =>
          (await cluster.auditSince(mark)).map((e) => ({
            verb: e.verb,
            user: e.impersonatedUser ?? e.user,
            userAgent: e.userAgent,
            requestURI: e.requestURI,
            apiGroup: e.apiGroup,
            resource: e.resource ?? '',
            subresource: e.subresource ?? '',
            namespace: e.namespace ?? '',
            name: e.name ?? '',
            code: e.code ?? 0,
            dryRun: e.dryRun,
            body: e.body ?? null,
          }));
      },
    },
    faults: faults
      ? {
          freezeNode: async () => {
            cluster.freezeKubelet();
            await cluster.waitNodeReady(false);
          },
          thawNode: async () => {
            cluster.thawKubelet();
            await cluster.waitNodeReady(true);
          },
          killApiserver: async () => await cluster.killApiserver(),
          startApiserver: async () => await cluster.startApiserver(),
          stopControllers: async () => await cluster.stopControllerManager(),
          startControllers: async () => await cluster.startControllerManager(),
        }
      : null,
    staticPodDir: cluster.staticPodDir,
    expiredKubeconfig: () => cluster.expiredKubeconfig(),
    another: null,
    width: 4,
    close: async () => {
      await users.close();
      if (faults) await cluster.heal();
    },
  };
};
