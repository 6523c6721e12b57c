/**
 * Every configuration of the table beside the real kubectl: the same server, user, groups, namespace and TLS outcome. Needs a real
 * cluster (`npm run cluster -- up`); run with `node --test test/connection/kubectl-table.check.ts`.
 */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { ConnectionFlags } from '../../src/options/connection-flags.ts';
import { openCluster } from '../cluster/cluster.ts';
import { scratch } from './certificates.ts';
import { configurations } from './configurations-all.ts';
import type { Configuration } from './configurations.ts';
import { settingFor } from './fake-identity.ts';
import { describeUser, difference, fill, place, resolveOurselves } from './setting.ts';
import type { Outcome, Placed, Setting } from './setting.ts';

const NAMES: Readonly<Record<keyof ConnectionFlags, string>> = {
  kubeconfig: 'kubeconfig',
  context: 'context',
  cluster: 'cluster',
  user: 'user',
  namespace: 'namespace',
  server: 'server',
  token: 'token',
  username: 'username',
  password: 'password',
  as: 'as',
  asUid: 'as-uid',
  asGroup: 'as-group',
  asUserExtra: 'as-user-extra',
  certificateAuthority: 'certificate-authority',
  clientCertificate: 'client-certificate',
  clientKey: 'client-key',
  insecureSkipTlsVerify: 'insecure-skip-tls-verify',
  tlsServerName: 'tls-server-name',
  requestTimeoutMs: 'request-timeout',
  cacheDir: 'cache-dir',
  disableCompression: 'disable-compression',
};

const argumentsOf = (flags: ConnectionFlags): readonly string[] =>
  Object.entries(NAMES).flatMap(([key, name]) => {
    const value = flags[key as keyof ConnectionFlags];
    if (value === null) return [];
    if (typeof value === 'object') return value.map((item) => `--${name}=${item}`);
    return [`--${name}=${key === 'requestTimeoutMs' ? `${value}ms` : value}`];
  });

interface Ran {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

const run = async (kubectl: string, args: readonly string[], { directory, env, flags }: Placed): Promise<Ran> =>
  await new Promise((resolve) => {
    const options = { cwd: directory, env: { ...env, KUBECACHEDIR: join(scratch(), 'kubectl-cache') }, timeout: 30_000 };
    const child = execFile(kubectl, [...args, ...argumentsOf(flags)], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : 1, stdout, stderr });
    });
    child.stdin?.end();
  });

const urlIn = (log: string): string => /url="([^"]+)"/u.exec(log)?.[1] ?? '';

/** What kubectl makes of a configuration: whom it is, and where it would look for pods. */
const resolveByKubectl = async (kubectl: string, placed: Placed): Promise<Outcome> => {
  const who = await run(kubectl, ['auth', 'whoami', '-o', 'json', '-v=6'], placed);
  if (who.code !== 0) {
    const lines = who.stderr.split('\n').filter((line) => line !== '' && !/^[IEW]\d{4} /u.test(line));
    return { failure: lines.join('\n') };
  }
  const { status } = JSON.parse(who.stdout) as { readonly status: { readonly userInfo: Parameters<typeof describeUser>[0] } };
  const server = urlIn(who.stderr).split('/apis/')[0] ?? '';
  const pods = server.startsWith('https:') ? urlIn((await run(kubectl, ['get', 'pods', '-v=6'], placed)).stderr.split('\n').findLast((line) => line.includes('/pods?')) ?? '') : '';
  return { server, namespace: /\/namespaces\/([^/]+)\/pods/u.exec(pods)?.[1] ?? 'not asked', ...describeUser(status.userInfo) };
};

/** Why kubectl and this program differ; null when they agree. */
const disagreement = (ours: Outcome, theirs: Outcome, configuration: Configuration): string | null => {
  const { expected } = configuration;
  if ('fails' in expected) {
    const words = expected.kubectl ?? expected.fails;
    return 'failure' in theirs && words.test(theirs.failure) ? null : `kubectl: ${JSON.stringify(theirs)}`;
  }
  if ('failure' in ours || 'failure' in theirs) return `ours: ${JSON.stringify(ours)}; kubectl: ${JSON.stringify(theirs)}`;
  const theirNamespace = theirs.namespace === 'not asked' ? ours.namespace : theirs.namespace;
  const same = JSON.stringify(ours) === JSON.stringify({ ...theirs, namespace: theirNamespace });
  return same ? null : `ours: ${JSON.stringify(ours)}; kubectl: ${JSON.stringify(theirs)}`;
};

describe('kubectl beside this program', () => {
  let setting: Setting;
  let kubectl: string;
  let version = '';
  const differences: string[] = [];
  let rows = 0;

  before(async () => {
    const cluster = await openCluster(process.env['CLUSTER_NAME']);
    kubectl = cluster.kubectlPath;
    version = (await cluster.kubectl(['version', '--client'])).stdout.split('\n')[0] ?? '';
    const identity = await cluster.clientCertificate('cert-user', ['cert-group']);
    const client = { certFile: identity.certificate, keyFile: identity.key, cert: readFileSync(identity.certificate, 'utf8'), key: readFileSync(identity.key, 'utf8') };
    const ca = { certFile: cluster.caFile, cert: readFileSync(cluster.caFile, 'utf8') };
    const token = await cluster.serviceAccountToken('default');
    setting = { ...(await settingFor(Number(new URL(cluster.server).port), ca, client)), JWT: token, JWT_USER: 'system:serviceaccount:default:default' };
  });

  after(() => {
    console.log(`${version}: ${rows} configurations, ${differences.length} differences`);
    for (const one of differences) console.log(one);
  });

  for (const configuration of configurations) {
    test(configuration.name, async () => {
      rows += 1;
      const ours = await resolveOurselves(place(configuration, setting));
      const theirs = await resolveByKubectl(kubectl, place(configuration, setting));
      const wrong = difference(ours, configuration, setting) ?? disagreement(ours, theirs, configuration);
      if (wrong !== null) differences.push(fill(`${configuration.name}: ${wrong}`, setting));
      assert.equal(wrong, null);
    });
  }
});
