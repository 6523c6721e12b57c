import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import type { Endpoint, ProxyAddress } from '../../src/cluster/endpoint.ts';
import { sentenceOf } from '../../src/cluster/problem.ts';
import { makeAuthority, makeLeaf, skipWithoutOpenssl } from '../connection/certificates.ts';
import type { KeyPair } from '../connection/certificates.ts';
import { podA, portTo } from './endpoint.ts';
import { startHttpProxy, startSocksProxy } from './fake-proxy.ts';
import { pod, sendJson, startServer } from './fake-server.ts';
import type { FakeServer } from './fake-server.ts';

const via = (protocol: ProxyAddress['protocol'], port: number, username: string | null = null, password: string | null = null): ProxyAddress => ({ protocol, host: '127.0.0.1', port, username, password });

describe('an https server behind a proxy', { skip: skipWithoutOpenssl }, () => {
  let ca: KeyPair;
  let server: FakeServer;
  let tls: Endpoint['tls'];
  before(async () => {
    ca = makeAuthority('proxied-ca');
    server = await startServer((_request, response) => {
      sendJson(response, pod('a'));
    }, makeLeaf(ca, { names: 'DNS:api.example' }));
    tls = { ca: [ca.cert], insecure: false, serverName: null };
  });
  const url = (): string => `https://api.example:${server.port}`;

  test('is reached through a CONNECT tunnel, its name checked and looked up by the proxy', async () => {
    const proxy = await startHttpProxy();
    const port = portTo(url(), { tls, proxy: via('http', proxy.port) });
    const answer = await port.get(podA);
    assert.ok(answer.ok, JSON.stringify(answer));
    await port.get(podA);
    assert.deepEqual(proxy.seen, [`CONNECT api.example:${server.port} -`]);
  });

  test('the proxy gets its own credentials and never those of the cluster', async () => {
    const proxy = await startHttpProxy();
    const port = portTo(url(), { tls, proxy: via('http', proxy.port, 'me', 'p@ss') });
    assert.ok((await port.get(podA)).ok);
    assert.deepEqual(proxy.seen, [`CONNECT api.example:${server.port} Basic ${Buffer.from('me:p@ss').toString('base64')}`]);
    assert.equal(server.seen.at(-1)?.headers['proxy-authorization'], undefined);
  });

  test('a certificate for another name is refused through a proxy as well', async () => {
    const proxy = await startHttpProxy();
    const seenBefore = server.seen.length;
    const port = portTo(`https://other.example:${server.port}`, { tls, proxy: via('http', proxy.port) });
    const answer = await port.get(podA);
    assert.ok(!answer.ok && answer.problem.kind === 'unreachable' && answer.problem.cause === 'tls' && !answer.problem.sent);
    assert.equal(server.seen.length, seenBefore);
  });

  test('is reached through SOCKS 5, with and without a password', async () => {
    for (const password of [null, 'p']) {
      const proxy = await startSocksProxy(password);
      const port = portTo(url(), { tls, proxy: via('socks5', proxy.port, password === null ? null : 'me', password) });
      const answer = await port.get(podA);
      assert.ok(answer.ok, JSON.stringify(answer));
      assert.deepEqual(proxy.seen, [`api.example:${server.port}`]);
    }
  });

  test('a wrong SOCKS password is one clear sentence without the password', async () => {
    const proxy = await startSocksProxy('right');
    const answer = await portTo(url(), { tls, proxy: via('socks5', proxy.port, 'me', 'wrong-password') }).get(podA);
    assert.ok(!answer.ok);
    const { message } = sentenceOf(answer.problem, { server: url(), user: null });
    assert.equal(message, `Unable to connect to the server: proxyconnect tcp: 127.0.0.1:${proxy.port}: socks connect: username/password authentication failed`);
  });

  test('a proxy that answers HTML to CONNECT is one clear sentence, and the cluster’s token stays here', async () => {
    const proxy = await startHttpProxy(null, 'HTTP/1.1 403 Forbidden\r\nContent-Type: text/html\r\n\r\n<html><body>Blocked</body></html>');
    const answer = await portTo(url(), { tls, proxy: via('http', proxy.port) }).get(podA);
    assert.ok(!answer.ok);
    const { message } = sentenceOf(answer.problem, { server: url(), user: null });
    assert.equal(message, `Unable to connect to the server: proxyconnect tcp: 127.0.0.1:${proxy.port}: the proxy refused the connection: 403 Forbidden`);
    assert.deepEqual(answer.problem.kind === 'unreachable' && [answer.problem.cause, answer.problem.sent], ['proxy', false]);
  });

  test('a proxy that is not there names the proxy, not the server', async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const answer = await portTo(url(), { tls, proxy: via('http', gone.port) }).get(podA);
    assert.ok(!answer.ok);
    const { message } = sentenceOf(answer.problem, { server: url(), user: null });
    assert.match(message, new RegExp(`proxyconnect tcp: 127\\.0\\.0\\.1:${gone.port}: .*connection refused`, 'u'));
  });

  test('an https proxy whose certificate this machine does not trust is refused', async () => {
    const proxy = await startHttpProxy(makeLeaf(ca, { names: 'IP:127.0.0.1' }));
    const answer = await portTo(url(), { tls, proxy: via('https', proxy.port) }).get(podA);
    assert.ok(!answer.ok && answer.problem.kind === 'unreachable' && answer.problem.cause === 'proxy');
    assert.equal(proxy.seen.length, 0);
  });
});

test('requests for an http server go to the proxy with an absolute URL, as in Go', async () => {
  const proxy = await startHttpProxy();
  const port = portTo('http://api.example:8080/base', { proxy: via('http', proxy.port, 'me', 'p') });
  const answer = await port.get(podA);
  assert.ok(answer.ok && answer.value.metadata.uid === 'via-proxy', JSON.stringify(answer));
  assert.deepEqual(proxy.seen, [`GET http://api.example:8080/base/api/v1/namespaces/default/pods/a Basic ${Buffer.from('me:p').toString('base64')}`]);
});
