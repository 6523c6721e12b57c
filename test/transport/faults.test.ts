import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Answer, ClusterPort, Problem } from '../../src/cluster/port.ts';
import { sentenceOf } from '../../src/cluster/problem.ts';
import { makeAuthority, makeLeaf, skipWithoutOpenssl } from '../connection/certificates.ts';
import type { KeyPair } from '../connection/certificates.ts';
import { podA, pods, portTo } from './endpoint.ts';
import { pod, sendJson, startServer } from './fake-server.ts';
import type { FakeServer } from './fake-server.ts';

const problemOf = (answer: Answer<unknown>): Problem => {
  assert.ok(!answer.ok, 'the call must fail');
  return answer.problem;
};

/** One sentence that names no credential. */
const sentence = (problem: Problem, server = 'https://127.0.0.1:1'): string => {
  const { message } = sentenceOf(problem, { server, user: 'u' });
  assert.doesNotMatch(message, /secret-token|\n/u);
  return message;
};

describe('a server that cannot be trusted', { skip: skipWithoutOpenssl }, () => {
  let ca: KeyPair;
  const open: FakeServer[] = [];
  const ports: ClusterPort[] = [];
  const serverWith = async (pair: KeyPair): Promise<FakeServer> => {
    const server = await startServer((_request, response) => {
      sendJson(response, pod('a'));
    }, pair);
    open.push(server);
    return server;
  };
  const ask = async (server: FakeServer, tls: { ca?: readonly string[] | null; insecure?: boolean; serverName?: string | null }): Promise<Answer<unknown>> => {
    const port = portTo(server.url, { tls: { ca: [ca.cert], insecure: false, serverName: null, ...tls } });
    ports.push(port);
    return await port.get(podA);
  };
  before(() => {
    ca = makeAuthority('good-ca');
  });
  after(async () => {
    for (const port of ports) port.close();
    for (const server of open) await server.close();
  });

  test('a certificate for another name is refused before anything was sent', async () => {
    const server = await serverWith(makeLeaf(ca, { names: 'DNS:other.example,DNS:more.example' }));
    const problem = problemOf(await ask(server, { serverName: 'api.example' }));
    assert.equal(sentence(problem), 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate is valid for other.example, more.example, not api.example');
    assert.deepEqual(problem.kind === 'unreachable' && [problem.cause, problem.sent], ['tls', false]);
    assert.equal(server.seen.length, 0);
  });

  test('a certificate without IP names is refused for an IP address', async () => {
    const server = await serverWith(makeLeaf(ca, { names: 'DNS:localhost' }));
    assert.equal(
      sentence(problemOf(await ask(server, {}))),
      "Unable to connect to the server: tls: failed to verify certificate: x509: cannot validate certificate for 127.0.0.1 because it doesn't contain any IP SANs",
    );
  });

  test('a certificate with only a Common Name is refused, as in Go', async () => {
    const server = await serverWith(makeLeaf(ca, { commonName: 'api.example' }));
    assert.match(sentence(problemOf(await ask(server, { serverName: 'api.example' }))), /certificate relies on legacy Common Name field, use SANs instead/u);
    assert.equal(server.seen.length, 0);
  });

  test('an unknown CA is refused before anything was sent', async () => {
    const server = await serverWith(makeLeaf(makeAuthority('other-ca'), { names: 'IP:127.0.0.1' }));
    const problem = problemOf(await ask(server, {}));
    assert.equal(sentence(problem), 'Unable to connect to the server: tls: failed to verify certificate: x509: certificate signed by unknown authority');
    assert.equal(server.seen.length, 0);
  });

  test('an expired certificate is refused', async () => {
    const server = await serverWith(makeLeaf(ca, { names: 'IP:127.0.0.1', expired: true }));
    assert.match(sentence(problemOf(await ask(server, {}))), /x509: certificate has expired or is not yet valid/u);
  });

  test('NODE_TLS_REJECT_UNAUTHORIZED=0 in the environment does not switch the check off', async () => {
    const server = await serverWith(makeLeaf(makeAuthority('third-ca'), { names: 'IP:127.0.0.1' }));
    process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
    try {
      assert.equal(problemOf(await ask(server, {})).kind, 'unreachable');
      assert.equal(server.seen.length, 0);
    } finally {
      delete process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
    }
  });

  test('the check is off only when the user asked for it', async () => {
    const server = await serverWith(makeLeaf(makeAuthority('fourth-ca'), { names: 'DNS:other.example' }));
    const answer = await ask(server, { ca: null, insecure: true });
    assert.ok(answer.ok);
  });

  test('tls-server-name is what the certificate must be for', async () => {
    const server = await serverWith(makeLeaf(ca, { names: 'DNS:api.example' }));
    const answer = await ask(server, { serverName: 'api.example' });
    assert.ok(answer.ok, JSON.stringify(answer));
  });

  test('a resumed TLS session does not skip the check of the name', async () => {
    const server = await serverWith(makeLeaf(ca, { names: 'DNS:other.example' }));
    const port = portTo(server.url, { tls: { ca: [ca.cert], insecure: false, serverName: 'api.example' } });
    ports.push(port);
    for (let attempt = 0; attempt < 3; attempt += 1) assert.equal(problemOf(await port.get(podA)).kind, 'unreachable');
    assert.equal(server.seen.length, 0);
  });

  test('plain http on an https address is one clear sentence', async () => {
    const server = await startServer((_request, response) => response.end('hello'));
    open.push(server);
    const port = portTo(server.url.replace('http:', 'https:'));
    ports.push(port);
    const problem = problemOf(await port.get(podA));
    assert.equal(sentence(problem), 'Unable to connect to the server: http: server gave HTTP response to HTTPS client');
  });
});

describe('a server that is not there or not Kubernetes', () => {
  test('a refused connection is kubectl’s sentence, and nothing was sent', async () => {
    const gone = await startServer(() => undefined);
    await gone.close();
    const problem = problemOf(await portTo(gone.url).get(podA));
    assert.deepEqual(problem.kind === 'unreachable' && [problem.cause, problem.sent], ['refused', false]);
    assert.equal(sentence(problem, gone.url), `The connection to the server 127.0.0.1:${gone.port} was refused - did you specify the right host or port?`);
  });

  test('a name that does not exist says so', async () => {
    const problem = problemOf(await portTo('http://no-such-host.invalid').get(podA));
    assert.deepEqual(problem.kind === 'unreachable' && [problem.cause, problem.sent], ['dns', false]);
    assert.match(sentence(problem), /^Unable to connect to the server: dial tcp: lookup no-such-host\.invalid: /u);
  });

  test('a redirect to another host is not followed, and that host gets nothing', async () => {
    const other = await startServer((_request, response) => {
      sendJson(response, pod('a'));
    });
    const server = await startServer((_request, response) => {
      response.writeHead(302, { location: `${other.url}/api/v1/pods?token=abc` });
      response.end();
    });
    const port = portTo(server.url);
    for (const answer of [await port.get(podA), await port.delete(podA, { preconditions: { uid: 'x' } }), await port.list(pods)]) {
      assert.equal(
        sentence(problemOf(answer), server.url),
        `The server 127.0.0.1:${server.port} is not a Kubernetes API server: it redirects to http://127.0.0.1:${other.port} (HTTP 302), and redirects are not followed: credentials go to no other host.`,
      );
    }
    assert.equal(other.connections(), 0);
    port.close();
    await server.close();
    await other.close();
  });

  test('an answer that is another object than the one asked for is no object, because a path may have been rewritten on the way', async () => {
    const server = await startServer((_request, response) => {
      sendJson(response, { ...pod('a'), metadata: { ...pod('a').metadata, name: 'default' } });
    });
    const port = portTo(server.url);
    assert.equal(problemOf(await port.get(podA)).kind, 'not-kubernetes');
    port.close();
    await server.close();
  });

  for (const status of [200, 403, 502]) {
    test(`an HTML page with status ${status} is one clear sentence, not a pile of HTML`, async () => {
      const server = await startServer((_request, response) => {
        response.writeHead(status, { 'content-type': 'text/html; charset=utf-8' });
        response.end('<html><body>Please log in</body></html>');
      });
      const port = portTo(server.url);
      const problem = problemOf(await port.get(podA));
      assert.equal(problem.kind, 'not-kubernetes');
      assert.doesNotMatch(sentence(problem, server.url), /</u);
      port.close();
      await server.close();
    });
  }

  test('an expired token is kubectl’s sentence', async () => {
    const server = await startServer((_request, response) => {
      sendJson(response, { kind: 'Status', status: 'Failure', reason: 'Unauthorized', code: 401, message: 'Unauthorized' }, 401);
    });
    const port = portTo(server.url);
    const problem = problemOf(await port.get(podA));
    assert.deepEqual(sentenceOf(problem, { server: server.url, user: 'u' }), {
      code: 'unauthorized',
      message: 'error: You must be logged in to the server (Unauthorized)',
      remedy: 'Log in again as user "u": its credential is missing, expired or not known to this cluster.',
    });
    assert.equal(server.seen.length, 1);
    port.close();
    await server.close();
  });

  const bodies: readonly (readonly [name: string, body: string, headers: Readonly<Record<string, string>>])[] = [
    ['truncated JSON', '{"kind":"Pod","metadata":{"na', {}],
    ['an empty body', '', {}],
    ['a JSON list', '[]', {}],
    ['an object without a uid', '{"kind":"Pod","metadata":{"name":"a"}}', {}],
  ];
  for (const [name, body, headers] of bodies) {
    test(`${name} with status 200 is never taken for an object`, async () => {
      const server = await startServer((_request, response) => {
        response.writeHead(200, { 'content-type': 'application/json', ...headers });
        response.end(body);
      });
      const port = portTo(server.url);
      assert.equal(problemOf(await port.get(podA)).kind, 'not-kubernetes');
      port.close();
      await server.close();
    });
  }

  test('an answer that is cut off is a reset, not a shorter list', async () => {
    const server = await startServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items":[]}');
      setTimeout(() => response.socket?.destroy(), 20);
    });
    const port = portTo(server.url);
    const problem = problemOf(await port.list(pods, { timeoutMs: 900 }));
    assert.deepEqual(problem, { kind: 'unreachable', cause: 'reset', message: 'the connection was closed before the answer was complete', sent: true });
    port.close();
    await server.close();
  });

  test('a server that never answers ends with the call’s own limit, and the request counts as sent', async () => {
    const server = await startServer(() => undefined);
    const port = portTo(server.url);
    const problem = problemOf(await port.get(podA, { timeoutMs: 150 }));
    assert.deepEqual(problem, { kind: 'timed-out', message: 'no answer in time', sent: true });
    port.close();
    await server.close();
  });

  test('a server that takes the connection but never does the TLS handshake ends with the limit, and nothing was sent', async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => {
      mute.listen(0, '127.0.0.1', resolve);
    });
    const port = portTo(`https://127.0.0.1:${(mute.address() as AddressInfo).port}`);
    const problem = problemOf(await port.delete(podA, { preconditions: { uid: 'x' } }, { timeoutMs: 150 }));
    assert.deepEqual(problem, { kind: 'timed-out', message: 'no connection in time', sent: false });
    port.close();
    mute.close();
  });

  test('--request-timeout lowers the limit of each request', async () => {
    const server = await startServer(() => undefined);
    const port = portTo(server.url, { requestTimeoutMs: 100 });
    const started = Date.now();
    assert.equal(problemOf(await port.get(podA)).kind, 'timed-out');
    assert.ok(Date.now() - started < 2000);
    port.close();
    await server.close();
  });

  test('an abort ends a call at once', async () => {
    const server = await startServer(() => undefined);
    const port = portTo(server.url);
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 50);
    assert.deepEqual(problemOf(await port.get(podA, { signal: controller.signal })), { kind: 'aborted' });
    assert.deepEqual(problemOf(await port.get(podA, { signal: controller.signal })), { kind: 'aborted' });
    port.close();
    await server.close();
  });

  test('a token that no header can carry is a credentials problem that does not show it', async () => {
    const server = await startServer(() => undefined);
    const bad = portTo(server.url, { credentials: { current: async () => await Promise.resolve({ ok: true, credential: { authorization: 'Bearer secret-token\n', certificate: null } }), renewed: async () => await Promise.resolve(null) } });
    const problem = problemOf(await bad.get(podA));
    assert.equal(problem.kind, 'credentials');
    sentence(problem);
    bad.close();
    await server.close();
  });
});
