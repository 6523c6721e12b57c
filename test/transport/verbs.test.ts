import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { connect } from '../../src/connection/connect.ts';
import { makeAuthority, makeLeaf, scratch, skipWithoutOpenssl } from '../connection/certificates.ts';
import { flagsWith, worldWith } from '../connection/world.ts';
import { collect, pod, sendJson, startServer } from './fake-server.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

const at = { group: '', version: 'v1', resource: 'pods', namespace: 'default', name: null };

test('an ordinary kubeconfig with CA, client certificate and token reaches the server with every verb over one connection', { skip: skipWithoutOpenssl }, async () => {
  const ca = makeAuthority('ca');
  const serverPair = makeLeaf(ca, { names: 'IP:127.0.0.1' });
  const client = makeLeaf(ca, { usage: 'clientAuth', commonName: 'alice' });
  const server = await startServer(
    (request, response) => {
      if (request.method === 'DELETE') return sendJson(response, { kind: 'Status', status: 'Success' });
      if (request.method === 'POST') return sendJson(response, { kind: 'Eviction' }, 201, { Warning: '299 - "watch out"' });
      if (request.url.includes('watch=true')) {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.write(`${JSON.stringify({ type: 'ADDED', object: pod('a') })}\n`);
        return response.end(`${JSON.stringify({ type: 'BOOKMARK', object: { metadata: { resourceVersion: '7' } } })}\n`);
      }
      if (request.url.includes('/log')) return response.end('one\ntwo');
      if (request.url === '/version') return sendJson(response, { gitVersion: 'v1.36.3' });
      return sendJson(response, request.url.endsWith('/pods/a') ? pod('a') : { kind: 'PodList', items: [pod('a')], metadata: { resourceVersion: '1' } });
    },
    { cert: serverPair.cert, key: serverPair.key, ca: ca.cert, requestCert: true, rejectUnauthorized: true },
  );
  const file = join(scratch(), 'ordinary');
  writeFileSync(
    file,
    `apiVersion: v1
kind: Config
current-context: c
contexts: [{name: c, context: {cluster: k, user: u, namespace: team}}]
clusters: [{name: k, cluster: {server: "${server.url}", certificate-authority-data: ${base64(ca.cert)}}}]
users: [{name: u, user: {token: tok, client-certificate: ${client.certFile}, client-key-data: ${base64(client.key)}}}]
`,
  );
  const connected = await connect(flagsWith({ kubeconfig: file }), worldWith(), '1.2.3');
  assert.ok(connected.ok, JSON.stringify(connected));
  const { port, context } = connected.value;
  assert.deepEqual(context, { name: 'c', cluster: 'k', server: server.url, user: 'u', namespace: 'team' });
  const got = await port.get({ ...at, name: 'a' });
  assert.ok(got.ok && got.value.metadata.name === 'a', JSON.stringify(got));
  const listed = await port.list(at, { limit: 500, labelSelector: 'a=b,c' });
  assert.ok(listed.ok && listed.value.items.length === 1);
  const removed = await port.delete({ ...at, name: 'a' }, { preconditions: { uid: 'uid-a' }, gracePeriodSeconds: 5 });
  assert.ok(removed.ok, JSON.stringify(removed));
  const made = await port.create({ ...at, name: 'a', subresource: 'eviction' }, { kind: 'Eviction' });
  assert.deepEqual(made.ok && made.warnings, ['watch out']);
  assert.deepEqual(await port.raw('/version'), { ok: true, value: { gitVersion: 'v1.36.3' }, warnings: [] });
  const events = await collect(port.watch(at, { signal: new AbortController().signal, resourceVersion: '1' }));
  assert.deepEqual(events, [{ type: 'opened' }, { type: 'ADDED', object: pod('a') }, { type: 'BOOKMARK', resourceVersion: '7' }, { type: 'ended', problem: null }]);
  const log = await collect(port.logs({ ...at, name: 'a' }, { signal: new AbortController().signal, container: 'main', follow: true }));
  assert.deepEqual(log, [{ type: 'opened' }, { type: 'line', text: 'one' }, { type: 'line', text: 'two' }, { type: 'ended', problem: null }]);
  port.close();
  await server.close();
  assert.equal(server.connections(), 2, 'one connection for requests and one for streams');
  assert.deepEqual(
    server.seen.map(({ method, url }) => `${method} ${url}`),
    [
      'GET /api/v1/namespaces/default/pods/a',
      'GET /api/v1/namespaces/default/pods?labelSelector=a%3Db%2Cc&limit=500',
      'DELETE /api/v1/namespaces/default/pods/a',
      'POST /api/v1/namespaces/default/pods/a/eviction',
      'GET /version',
      'GET /api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true&resourceVersion=1',
      'GET /api/v1/namespaces/default/pods/a/log?container=main&follow=true',
    ],
  );
  assert.deepEqual(JSON.parse(server.seen[2]?.body ?? ''), { kind: 'DeleteOptions', apiVersion: 'v1', preconditions: { uid: 'uid-a' }, gracePeriodSeconds: 5 });
  assert.equal(server.seen[0]?.headers.authorization, 'Bearer tok');
  assert.match(server.seen[0].headers['user-agent'] ?? '', /^kubectl-safe_delete\/1\.2\.3 \((?:linux|darwin|windows)\/(?:amd64|arm64)\)$/u);
});
