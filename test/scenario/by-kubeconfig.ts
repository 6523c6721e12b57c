/** Any cluster that a kubeconfig leads to. Its audit log and its machines are out of reach. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { Api } from './api.ts';
import type { ClusterUnderTest, NewUser } from './cluster-under-test.ts';
import { programOnPath } from './on-this-machine.ts';
import type { Need } from './scenario.ts';

interface KubeconfigFile {
  readonly 'current-context': string;
  readonly contexts: readonly { readonly name: string; readonly context: { readonly cluster: string } }[];
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
}

/** A kubeconfig for the same cluster with this token alone. */
export const withToken = (kubeconfig: string, token: string, user: string): string => {
  const file = parse(readFileSync(kubeconfig, 'utf8')) as KubeconfigFile;
  const context = file.contexts.find((c) => c.name === file['current-context']);
  const cluster = file.clusters.find((c) => c.name === context?.context.cluster);
  if (cluster === undefined) throw new Error(`${kubeconfig} has no current cluster`);
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [cluster],
    users: [{ name: user, user: { token } }],
    contexts: [{ name: user, context: { cluster: cluster.name, user } }],
    'current-context': user,
  });
};

/** Makes users out of ServiceAccounts: works on every cluster. */
export const serviceAccountUsers = (kubeconfig: string): { readonly newUser: (namespace: string) => Promise<NewUser>; readonly close: () => Promise<void> } => {
  const directory = mkdtempSync(join(tmpdir(), 'scenario-users-'));
  let made = 0;
  let admin: Promise<Api> | null = null;
  return {
    newUser: async (namespace) => {
      admin ??= Api.of(kubeconfig);
      const api = await admin;
      made += 1;
      const name = `user-${made}`;
      await api.create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name } }, namespace);
      const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
      const answer = await api.call('POST', path, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 3600 } });
      const { status } = JSON.parse(answer.body) as { readonly status: { readonly token: string } };
      const file = join(directory, name);
      writeFileSync(file, withToken(kubeconfig, status.token, name), { mode: 0o600 });
      return { kubeconfig: file, subject: { kind: 'ServiceAccount', name, namespace } };
    },
    close: async () => {
      rmSync(directory, { recursive: true, force: true });
      (await admin)?.close();
    },
  };
};

/** What needs nothing of the cluster. */
export const offeredHere = (kubectl: string | null): readonly Need[] => [
  ...(kubectl === null ? [] : (['kubectl'] as const)),
  ...(programOnPath('script') === null ? [] : (['terminal'] as const)),
];

/** The cluster of a kubeconfig's current context. SCENARIO_IMAGE names a busybox that its nodes can pull. */
export const clusterByKubeconfig = (kubeconfig: string, env: NodeJS.ProcessEnv = process.env): ClusterUnderTest => {
  const kubectl = programOnPath('kubectl');
  const users = serviceAccountUsers(kubeconfig);
  return {
    title: `the cluster of ${kubeconfig}`,
    kubeconfig,
    kubectl,
    offers: new Set<Need>([...offeredHere(kubectl), 'volumes', 'real-processes']),
    image: { image: env['SCENARIO_IMAGE'] ?? 'busybox:1.37', imagePullPolicy: 'IfNotPresent' },
    newUser: users.newUser,
    audit: null,
    faults: null,
    staticPodDir: null,
    expiredKubeconfig: null,
    another: null,
    width: 4,
    close: users.close,
  };
};
