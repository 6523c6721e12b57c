import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { connect } from '../../src/connection/connect.ts';
import type { ConnectionFlags } from '../../src/options/connection-flags.ts';
import type { World } from '../../src/model/world.ts';
import { makeAuthority, skipWithoutOpenssl } from './certificates.ts';
import { flagsWith, worldWith } from './world.ts';

const DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';

/** A World whose only files are these. */
const withFiles = (files: Readonly<Record<string, string>>, env: World['env']): World =>
  worldWith({
    env,
    homeDirectory: '/home/u',
    files: {
      ...worldWith().files,
      read: async (path) => {
        await Promise.resolve();
        const text = files[path];
        if (text === undefined) throw Object.assign(new Error('missing'), { code: 'ENOENT' });
        return Buffer.from(text);
      },
    },
  });

const podEnv = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };

const podFiles = (): Readonly<Record<string, string>> => ({ [`${DIRECTORY}/token`]: 'pod-token\n', [`${DIRECTORY}/ca.crt`]: makeAuthority('pod-ca').cert, [`${DIRECTORY}/namespace`]: 'pod-space\n' });

const contextWith = async (changes: { readonly env?: World['env']; readonly flags?: Partial<ConnectionFlags>; readonly files?: Readonly<Record<string, string>>; readonly without?: string }): Promise<unknown> => {
  const files = { ...podFiles(), ...changes.files };
  const kept = Object.fromEntries(Object.entries(files).filter(([path]) => path !== changes.without));
  const connected = await connect(flagsWith(changes.flags), withFiles(kept, { ...podEnv, ...changes.env }));
  if (!connected.ok) return connected.error;
  connected.value.port.close();
  return connected.value.context;
};

describe('inside a pod', { skip: skipWithoutOpenssl }, () => {
  const own = { name: null, cluster: null, server: 'https://10.0.0.1:443', user: null, namespace: 'pod-space' };
  const localhost = { name: null, cluster: null, server: 'http://localhost:8080', user: null, namespace: 'default' };

  test('without any kubeconfig the pod’s own cluster counts, in the pod’s namespace', async () => {
    assert.deepEqual(await contextWith({}), own);
  });

  test('POD_NAMESPACE wins over the file, -n over both', async () => {
    assert.deepEqual(await contextWith({ env: { POD_NAMESPACE: 'by-env' } }), { ...own, namespace: 'by-env' });
    assert.deepEqual(await contextWith({ env: { POD_NAMESPACE: 'by-env' }, flags: { namespace: 'by-flag' } }), { ...own, namespace: 'by-flag' });
    assert.deepEqual(await contextWith({ without: `${DIRECTORY}/namespace` }), { ...own, namespace: 'default' });
  });

  test('an IPv6 address of the API server is bracketed', async () => {
    assert.deepEqual(await contextWith({ env: { KUBERNETES_SERVICE_HOST: 'fd00::1' } }), { ...own, server: 'https://[fd00::1]:443' });
  });

  test('a kubeconfig with a cluster wins', async () => {
    const config = 'current-context: c\ncontexts: [{name: c, context: {cluster: k, user: u}}]\nclusters: [{name: k, cluster: {server: "https://elsewhere"}}]\nusers: [{name: u, user: {token: t}}]\n';
    assert.deepEqual(await contextWith({ files: { '/home/u/.kube/config': config } }), { name: 'c', cluster: 'k', server: 'https://elsewhere', user: 'u', namespace: 'default' });
  });

  test('an empty kubeconfig does not win', async () => {
    assert.deepEqual(await contextWith({ files: { '/home/u/.kube/config': '' } }), own);
  });

  test('without a token or the address it is not a pod', async () => {
    assert.deepEqual(await contextWith({ without: `${DIRECTORY}/token` }), localhost);
    assert.deepEqual(await contextWith({ env: { KUBERNETES_SERVICE_HOST: '' } }), localhost);
  });

  test('--as or --request-timeout rule the pod’s cluster out, as in kubectl', async () => {
    assert.deepEqual(await contextWith({ flags: { as: 'jane' } }), { ...localhost, user: 'as jane' });
    assert.deepEqual(await contextWith({ flags: { requestTimeoutMs: 5000 } }), localhost);
  });
});

test('the token of a pod is read again, since the kubelet rotates it', { skip: skipWithoutOpenssl }, async () => {
  const { tokenFromFile } = await import('../../src/connection/credentials.ts');
  let token = 'first\n';
  let now = 0;
  let reads = 0;
  const files = {
    ...worldWith().files,
    read: async (): Promise<Uint8Array> => {
      reads += 1;
      if (token === '') throw Object.assign(new Error('missing'), { code: 'ENOENT' });
      return await Promise.resolve(Buffer.from(token));
    },
  };
  const credentials = tokenFromFile('/token', null, null, files, { now: () => now, sleep: async () => await Promise.resolve() });
  const authorization = async (): Promise<unknown> => {
    const obtained = await credentials.current();
    return obtained.ok ? obtained.credential.authorization : obtained.message;
  };
  assert.equal(await authorization(), 'Bearer first');
  token = 'second';
  now += 40_000;
  assert.deepEqual([await authorization(), reads], ['Bearer first', 1]);
  now += 20_000;
  assert.deepEqual([await authorization(), reads], ['Bearer second', 2]);
  token = '';
  now += 60_000;
  assert.equal(await authorization(), 'Bearer second', 'a file that vanished leaves the last token');
  token = 'second';
  const used = await credentials.current();
  assert.ok(used.ok);
  token = 'third';
  const renewed = await credentials.renewed(used.credential);
  assert.equal(renewed?.ok === true && renewed.credential.authorization, 'Bearer third', 'a 401 reads it at once');
});
