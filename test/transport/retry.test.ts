import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import { openPort } from '../../src/cluster/transport.ts';
import { realClock } from '../connection/world.ts';
import { endpointTo, podA, pods, portTo } from './endpoint.ts';
import { pod, sendJson, startServer } from './fake-server.ts';
import type { Seen } from './fake-server.ts';

const busy = (response: ServerResponse, status: number, seconds: string | null): void => {
  response.writeHead(status, { 'content-type': 'text/plain', ...(seconds === null ? {} : { 'retry-after': seconds }) });
  response.end('Too many requests, please try again later.');
};

for (const [verb, status] of [
  ['get', 429],
  ['delete', 429],
  ['create', 429],
  ['delete', 503],
] as const) {
  test(`${verb}: ${status} with Retry-After is waited for and asked again with the same body`, async () => {
    const server = await startServer((_request, response, count) => {
      if (count < 3) busy(response, status, '0');
      else sendJson(response, pod('a'));
    });
    const port = portTo(server.url);
    const answer =
      verb === 'get' ? await port.get(podA) : verb === 'delete' ? await port.delete(podA, { preconditions: { uid: 'x' } }) : await port.create({ ...podA, subresource: 'eviction' }, { kind: 'Eviction' });
    assert.ok(answer.ok, JSON.stringify(answer));
    assert.equal(new Set(server.seen.map(({ method, body }) => method + body)).size, 1);
    assert.equal(server.seen.length, 3);
    port.close();
    await server.close();
  });
}

test('Retry-After of a second is a second', async () => {
  const server = await startServer((_request, response, count) => {
    if (count === 1) busy(response, 429, '1');
    else sendJson(response, pod('a'));
  });
  const port = portTo(server.url);
  const started = Date.now();
  assert.ok((await port.get(podA)).ok);
  assert.ok(Date.now() - started >= 990);
  port.close();
  await server.close();
});

test('a wait beyond the limit of the call is not begun: the answer comes at once with its seconds', async () => {
  const server = await startServer((_request, response) => {
    busy(response, 429, '60');
  });
  const port = portTo(server.url);
  const started = Date.now();
  const answer = await port.delete(podA, { preconditions: { uid: 'x' } }, { timeoutMs: 1000 });
  assert.ok(!answer.ok && answer.problem.kind === 'status');
  assert.deepEqual([answer.problem.httpStatus, answer.problem.reason, answer.problem.retryAfterSeconds], [429, 'TooManyRequests', 60]);
  assert.ok(Date.now() - started < 500);
  port.close();
  await server.close();
});

test('after ten retries the last answer is given', async () => {
  const server = await startServer((_request, response) => {
    busy(response, 429, '0');
  });
  const port = portTo(server.url);
  const answer = await port.get(podA);
  assert.ok(!answer.ok);
  assert.equal(server.seen.length, 11);
  port.close();
  await server.close();
});

for (const status of [409, 429, 500, 503]) {
  test(`${status} without Retry-After is the answer`, async () => {
    const server = await startServer((_request, response) => {
      busy(response, status, null);
    });
    const port = portTo(server.url);
    const answer = await port.get(podA);
    assert.ok(!answer.ok && answer.problem.kind === 'status' && answer.problem.httpStatus === status);
    assert.equal(server.seen.length, 1);
    port.close();
    await server.close();
  });
}

/** Answers the first request, then breaks the connection under the second. */
const breakSecond = (request: Seen, response: ServerResponse, count: number): void => {
  if (count === 2) response.socket?.destroy();
  else sendJson(response, request.url.endsWith('/pods') ? { items: [] } : pod('a'));
};

test('a GET whose kept-alive connection broke is sent again at once on another', async () => {
  const server = await startServer(breakSecond);
  const port = portTo(server.url);
  assert.ok((await port.get(podA)).ok);
  const started = Date.now();
  assert.ok((await port.list(pods)).ok);
  assert.ok(Date.now() - started < 500);
  assert.equal(server.seen.length, 3);
  assert.equal(server.connections(), 2);
  port.close();
  await server.close();
});

for (const verb of ['delete', 'create'] as const) {
  test(`a ${verb} whose connection broke is never sent again, and says that it was sent`, async () => {
    const server = await startServer(breakSecond);
    const port = portTo(server.url);
    assert.ok((await port.get(podA)).ok);
    const answer = verb === 'delete' ? await port.delete(podA, { preconditions: { uid: 'x' } }) : await port.create(pods, {});
    assert.ok(!answer.ok);
    assert.deepEqual(answer.problem, { kind: 'unreachable', cause: 'reset', message: 'the connection was closed before the answer was complete', sent: true });
    assert.equal(server.seen.length, 2);
    port.close();
    await server.close();
  });
}

test('a GET that was cut off in the middle of its answer is sent again', async () => {
  const server = await startServer((_request, response, count) => {
    if (count > 1) return sendJson(response, pod('a'));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '500' });
    response.write('{"kind":');
    setTimeout(() => response.socket?.destroy(), 10);
  });
  const port = portTo(server.url);
  assert.ok((await port.get(podA)).ok);
  assert.equal(server.seen.length, 2);
  port.close();
  await server.close();
});

test('after a 401 the credential is renewed once and the request repeated, a DELETE as well', async () => {
  const server = await startServer((request, response) => {
    if (request.headers.authorization === 'Bearer new') return sendJson(response, pod('a'));
    sendJson(response, { kind: 'Status', reason: 'Unauthorized', code: 401, message: 'Unauthorized' }, 401);
  });
  const old = { authorization: 'Bearer old', certificate: null };
  let renewals = 0;
  const port = portTo(server.url, {
    credentials: {
      current: async () => await Promise.resolve({ ok: true, credential: old }),
      renewed: async (used) => {
        assert.equal(used, old);
        renewals += 1;
        return await Promise.resolve({ ok: true, credential: { authorization: 'Bearer new', certificate: null } });
      },
    },
  });
  assert.ok((await port.delete(podA, { preconditions: { uid: 'x' } })).ok);
  assert.deepEqual([server.seen.length, renewals], [2, 1]);
  port.close();
  await server.close();
});

test('a connection that was idle for long is not used again, a fresh one is', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  });
  let later = 0;
  const port = openPort(endpointTo(server.url), { clock: { ...realClock, now: () => Date.now() + later } });
  await port.get(podA);
  await port.get(podA);
  assert.equal(server.connections(), 1);
  later = 50_000;
  assert.ok((await port.delete(podA, { preconditions: { uid: 'x' } })).ok);
  assert.equal(server.connections(), 2);
  port.close();
  await server.close();
});
