import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { test } from 'node:test';
import type { WatchSignal } from '../../src/cluster/port.ts';
import { podA, pods, portTo } from './endpoint.ts';
import { collect, pod, sendJson, startServer } from './fake-server.ts';
import type { FakeServer } from './fake-server.ts';

const event = (type: string, object: unknown): string => `${JSON.stringify({ type, object })}\n`;

const open = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.flushHeaders();
};

/** Runs one watch against a server whose answer is `serve`, and gives all signals. */
const watched = async (serve: (response: ServerResponse, server: FakeServer) => void, limits: { watchIdleMs?: number } = {}, signal = new AbortController().signal): Promise<readonly WatchSignal[]> => {
  const server: FakeServer = await startServer((_request, response) => {
    serve(response, server);
  });
  const port = portTo(server.url, {}, limits);
  try {
    return await collect(port.watch(pods, { signal, resourceVersion: '1' }));
  } finally {
    port.close();
    await server.close();
  }
};

const pause = async (ms: number): Promise<void> => {
  await new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
};

test('events that are split anywhere, also inside a character, arrive whole', async () => {
  const text = event('ADDED', pod('größe-日本-🚀')) + event('MODIFIED', pod('b'));
  const bytes = Buffer.from(text);
  const signals = await watched((response) => {
    open(response);
    void (async () => {
      for (let at = 0; at < bytes.length; at += 7) {
        response.write(bytes.subarray(at, at + 7));
        await pause(1);
      }
      response.end();
    })();
  });
  assert.deepEqual(signals, [{ type: 'opened' }, { type: 'ADDED', object: pod('größe-日本-🚀') }, { type: 'MODIFIED', object: pod('b') }, { type: 'ended', problem: null }]);
});

test('a line of 10 MB is one event', async () => {
  const big = { ...pod('big'), data: 'x'.repeat(10_000_000) };
  const signals = await watched((response) => {
    open(response);
    response.end(event('ADDED', big));
  });
  const [, added] = signals;
  assert.ok(added?.type === 'ADDED' && JSON.stringify(added.object).length > 10_000_000);
  assert.equal(signals.length, 3);
});

test('a server that closes in order is no problem', async () => {
  const signals = await watched((response) => {
    open(response);
    response.end();
  });
  assert.deepEqual(signals, [{ type: 'opened' }, { type: 'ended', problem: null }]);
});

test('a connection that breaks in the middle of an event ends as reset, and the half event is not delivered', async () => {
  const signals = await watched((response) => {
    open(response);
    response.write(event('ADDED', pod('a')) + event('ADDED', pod('b')).slice(0, 20));
    setTimeout(() => response.socket?.destroy(), 20);
  });
  assert.deepEqual(
    signals.map(({ type }) => type),
    ['opened', 'ADDED', 'ended'],
  );
  const last = signals.at(-1);
  assert.ok(last?.type === 'ended' && last.problem?.kind === 'unreachable' && last.problem.cause === 'reset');
});

const expired = { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'too old resource version: 1 (9)', reason: 'Expired', code: 410 };

test('a 410 is the same problem as an ERROR event and as an HTTP status', async () => {
  const byEvent = await watched((response) => {
    open(response);
    response.write(event('ERROR', expired));
  });
  const byStatus = await watched((response) => {
    sendJson(response, expired, 410);
  });
  const problem = { kind: 'status', httpStatus: 410, reason: 'Expired', message: expired.message, details: null, retryAfterSeconds: null };
  assert.deepEqual(byEvent, [{ type: 'opened' }, { type: 'ended', problem }]);
  assert.deepEqual(byStatus, [{ type: 'ended', problem }]);
});

test('a refused watch keeps the Status and its Retry-After', async () => {
  const signals = await watched((response) => {
    sendJson(response, { kind: 'Status', reason: 'Forbidden', code: 403, message: 'pods is forbidden' }, 403);
  });
  assert.deepEqual(signals, [{ type: 'ended', problem: { kind: 'status', httpStatus: 403, reason: 'Forbidden', message: 'pods is forbidden', details: null, retryAfterSeconds: null } }]);
});

test('a silent half-open connection is found by an own timer', async () => {
  const started = Date.now();
  const signals = await watched(
    (response) => {
      open(response);
      response.write(event('ADDED', pod('a')));
    },
    { watchIdleMs: 200 },
  );
  assert.deepEqual(signals.at(-1), { type: 'ended', problem: { kind: 'timed-out', message: 'nothing came for 0 s, not even a bookmark', sent: true } });
  assert.equal(signals.length, 3);
  assert.ok(Date.now() - started < 2000);
});

test('bookmarks keep a quiet watch alive', async () => {
  const signals = await watched(
    (response) => {
      open(response);
      void (async () => {
        for (let at = 0; at < 6; at += 1) {
          response.write(event('BOOKMARK', { kind: 'Pod', metadata: { resourceVersion: String(at) } }));
          await pause(100);
        }
        response.end();
      })();
    },
    { watchIdleMs: 300 },
  );
  assert.deepEqual(signals.slice(1, 3), [
    { type: 'BOOKMARK', resourceVersion: '0' },
    { type: 'BOOKMARK', resourceVersion: '1' },
  ]);
  assert.deepEqual(signals.at(-1), { type: 'ended', problem: null });
});

test('a slow reader does not make a watch look silent', async () => {
  const server = await startServer((_request, response) => {
    open(response);
    response.end(event('ADDED', pod('a')) + event('ADDED', pod('b')));
  });
  const port = portTo(server.url, {}, { watchIdleMs: 150 });
  const types: string[] = [];
  for await (const signal of port.watch(pods, { signal: new AbortController().signal })) {
    types.push(signal.type === 'ended' ? `ended ${signal.problem?.kind ?? 'in order'}` : signal.type);
    await pause(220);
  }
  assert.deepEqual(types, ['opened', 'ADDED', 'ADDED', 'ended in order']);
  port.close();
  await server.close();
});

test('an abort ends an open watch at once, and one that waits for its answer', async () => {
  for (const answers of [true, false]) {
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort();
    }, 80);
    const started = Date.now();
    const signals = await watched(
      (response) => {
        if (answers) open(response);
      },
      {},
      controller.signal,
    );
    assert.deepEqual(signals.at(-1), { type: 'ended', problem: { kind: 'aborted' } });
    assert.ok(Date.now() - started < 1000);
  }
});

test('an exception of the reader is the reader’s, and the connection is closed', async () => {
  const server = await startServer((_request, response) => {
    open(response);
    response.write(event('ADDED', pod('a')));
  });
  const port = portTo(server.url);
  await assert.rejects(
    async () => {
      for await (const signal of port.watch(pods, { signal: new AbortController().signal })) if (signal.type === 'ADDED') throw new Error('mine');
    },
    { message: 'mine' },
  );
  await pause(50);
  assert.equal(server.sockets.size, 0);
  port.close();
  await server.close();
});

test('a line that is not an event ends the watch instead of being skipped', async () => {
  const signals = await watched((response) => {
    open(response);
    response.write('<html>\n');
  });
  assert.deepEqual(signals.at(-1), { type: 'ended', problem: { kind: 'not-kubernetes', httpStatus: 200, message: 'the watch sent a line that is not an event' } });
});

test('a watch of one name asks for it by field selector, with bookmarks, from the given version', async () => {
  const server = await startServer((_request, response) => {
    open(response);
    response.end();
  });
  const port = portTo(server.url);
  await collect(port.watch(podA, { signal: new AbortController().signal, resourceVersion: '5', timeoutSeconds: 300 }));
  assert.equal(server.seen[0]?.url, '/api/v1/namespaces/default/pods?watch=true&allowWatchBookmarks=true&fieldSelector=metadata.name%3Da&resourceVersion=5&timeoutSeconds=300');
  port.close();
  await server.close();
});

test('a hundred watches do not keep a request waiting', async () => {
  const server = await startServer((request, response) => {
    if (request.url.includes('watch')) open(response);
    else sendJson(response, pod('a'));
  });
  const port = portTo(server.url);
  const controller = new AbortController();
  const watches = Array.from({ length: 100 }, () => port.watch(pods, { signal: controller.signal })[Symbol.asyncIterator]());
  for (const first of await Promise.all(watches.map(async (one) => await one.next()))) assert.deepEqual(first.value, { type: 'opened' });
  const started = Date.now();
  assert.ok((await port.get(podA)).ok);
  assert.ok(Date.now() - started < 500);
  controller.abort();
  for (const last of await Promise.all(watches.map(async (one) => await one.next()))) assert.deepEqual(last.value, { type: 'ended', problem: { kind: 'aborted' } });
  port.close();
  await server.close();
});

test('a log comes line by line, a last line without an end too, and says in order that it ended', async () => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.write('one\r\ntwo ü');
    setTimeout(() => response.end('\n\nlast'), 30);
  });
  const port = portTo(server.url);
  const signals = await collect(port.logs(podA, { signal: new AbortController().signal, container: 'main', follow: true, tailLines: 5 }));
  assert.deepEqual(signals, [
    { type: 'opened' },
    { type: 'line', text: 'one' },
    { type: 'line', text: 'two ü' },
    { type: 'line', text: '' },
    { type: 'line', text: 'last' },
    { type: 'ended', problem: null },
  ]);
  assert.equal(server.seen[0]?.url, '/api/v1/namespaces/default/pods/a/log?container=main&follow=true&tailLines=5');
  port.close();
  await server.close();
});

test('a log of a container that is not there is a problem with the server’s words', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, { kind: 'Status', reason: 'BadRequest', code: 400, message: 'container x is not valid for pod a' }, 400);
  });
  const port = portTo(server.url);
  const signals = await collect(port.logs(podA, { signal: new AbortController().signal, container: 'x', follow: true }));
  assert.deepEqual(signals, [{ type: 'ended', problem: { kind: 'status', httpStatus: 400, reason: 'BadRequest', message: 'container x is not valid for pod a', details: null, retryAfterSeconds: null } }]);
  port.close();
  await server.close();
});

test('a followed log may take its time for the first byte, a request limit does not count', async () => {
  const server = await startServer((_request, response) => {
    setTimeout(() => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('late\n');
    }, 300);
  });
  const port = portTo(server.url, { requestTimeoutMs: 100 });
  const signals = await collect(port.logs(podA, { signal: new AbortController().signal, container: 'main', follow: true }));
  assert.deepEqual(
    signals.map(({ type }) => type),
    ['opened', 'line', 'ended'],
  );
});
