import assert from 'node:assert/strict';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../../src/connection/connect.ts';
import { podA } from '../transport/endpoint.ts';
import { pod, sendJson, startServer } from '../transport/fake-server.ts';
import type { FakeServer } from '../transport/fake-server.ts';
import { makeAuthority, makeLeaf, scratch, skipWithoutOpenssl } from './certificates.ts';
import type { KeyPair } from './certificates.ts';
import { flagsWith, worldWith } from './world.ts';

const jwt = (exp: number, name: string): string => `e30.${Buffer.from(JSON.stringify({ exp, name })).toString('base64url')}.x`;
const expired = jwt(1, 'old');
const fresh = jwt(4_102_444_800, 'new');

let count = 0;
const kubeconfig = (ca: KeyPair, server: FakeServer, provider: FakeServer, extra = ''): string => {
  const file = join(scratch(), `oidc-${(count += 1)}`);
  writeFileSync(
    file,
    `# my clusters
current-context: c
contexts: [{name: c, context: {cluster: k, user: u}}]
clusters:
- name: k
  cluster: {server: "${server.url}", certificate-authority: "${ca.certFile}"}
users:
- name: other
  user: {token: keep-me}
- name: u # that is me
  user:
    auth-provider:
      name: oidc
      config:
        idp-issuer-url: ${provider.url}/realm
        idp-certificate-authority: ${ca.certFile}
        client-id: kube
        client-secret: s3cret
        id-token: ${expired}
        refresh-token: refresh-1
${extra}`,
  );
  return file;
};

interface Stage {
  readonly ca: KeyPair;
  readonly server: FakeServer;
  readonly provider: FakeServer;
}

/** An API server that takes only the fresh token, and an identity provider that takes the client's secret as `style`. */
const stage = async (style: 'header' | 'form', answer: Readonly<Record<string, unknown>>): Promise<Stage> => {
  const ca = makeAuthority('oidc-ca');
  const pair = makeLeaf(ca, { names: 'IP:127.0.0.1' });
  const server = await startServer((request, response) => {
    if (request.headers.authorization === `Bearer ${fresh}`) sendJson(response, pod('a'));
    else sendJson(response, { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' }, 401);
  }, pair);
  const provider: FakeServer = await startServer((request, response) => {
    if (request.url === '/realm/.well-known/openid-configuration') return sendJson(response, { token_endpoint: `${provider.url}/token` });
    const known = style === 'header' ? request.headers.authorization === `Basic ${Buffer.from('kube:s3cret').toString('base64')}` : request.body.includes('client_id=kube&client_secret=s3cret');
    const right = known && request.body.startsWith('grant_type=refresh_token&refresh_token=refresh-1');
    sendJson(response, right ? answer : { error: 'invalid_client' }, right ? 200 : 401);
  }, pair);
  return { ca, server, provider };
};

for (const style of ['header', 'form'] as const) {
  test(`an expired id-token is renewed once for all calls, with the client’s secret in the ${style}, and stored where it was`, { skip: skipWithoutOpenssl }, async () => {
    const { ca, server, provider } = await stage(style, { id_token: fresh, refresh_token: 'refresh-2' });
    const file = kubeconfig(ca, server, provider);
    const before = readFileSync(file, 'utf8');
    const connected = await connect(flagsWith({ kubeconfig: file }), worldWith());
    assert.ok(connected.ok);
    const { port } = connected.value;
    const answers = await Promise.all(Array.from({ length: 5 }, async () => await port.get(podA)));
    port.close();
    assert.ok(answers.every((answer) => answer.ok), JSON.stringify(answers));
    assert.equal(provider.seen.filter(({ url }) => url === '/token').length, style === 'header' ? 1 : 2);
    assert.ok(provider.seen.every(({ headers }) => !(headers.authorization ?? '').startsWith('Bearer')));
    assert.equal(readFileSync(file, 'utf8').replaceAll(' ', ''), before.replace(expired, fresh).replace('refresh-1', 'refresh-2').replaceAll(' ', ''), 'nothing else of the file changes');
    assert.equal(statSync(file).isFile(), true);
  });
}

test('a provider that refuses is one sentence without a token, and the file stays as it was', { skip: skipWithoutOpenssl }, async () => {
  const { ca, server, provider } = await stage('header', {});
  const file = kubeconfig(ca, server, provider);
  const before = readFileSync(file, 'utf8');
  const connected = await connect(flagsWith({ kubeconfig: file }), worldWith());
  assert.ok(connected.ok);
  const answer = await connected.value.port.get(podA);
  connected.value.port.close();
  assert.ok(!answer.ok && answer.problem.kind === 'credentials');
  assert.match(answer.problem.message, /^token response did not contain an id_token/u);
  assert.equal(readFileSync(file, 'utf8'), before);
  assert.equal(server.seen.length, 0);
});

test('tokens that cannot be stored are not used', { skip: skipWithoutOpenssl }, async () => {
  const { ca, server, provider } = await stage('header', { id_token: fresh });
  const world = worldWith();
  const readOnly = {
    ...world.files,
    replace: async () => {
      await Promise.resolve();
      throw Object.assign(new Error('read only'), { code: 'EACCES' });
    },
  };
  const connected = await connect(flagsWith({ kubeconfig: kubeconfig(ca, server, provider) }), { ...world, files: readOnly });
  assert.ok(connected.ok);
  const answer = await connected.value.port.get(podA);
  connected.value.port.close();
  assert.ok(!answer.ok && answer.problem.kind === 'credentials');
  assert.match(answer.problem.message, /^could not persist new tokens: open .*: permission denied$/u);
});
