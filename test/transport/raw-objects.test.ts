import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openPool } from '../../src/cluster/pool.ts';
import { openPort } from '../../src/cluster/transport.ts';
import { WATCH_IDLE_MS } from '../../src/cluster/streams.ts';
import { realClock } from '../connection/world.ts';
import { endpointTo, podA, pods, portTo } from './endpoint.ts';
import { collect, pod, sendJson, startServer } from './fake-server.ts';

const rich = { ...pod('a'), spec: { fromTheFuture: { x: [1] } }, metadata: { ...pod('a').metadata, creationTimestamp: '2026-01-01T00:00:00Z', continue: 'kept' } };

test('objects come as the server sends them: unknown fields stay, times are strings, in a get and a watch alike', async () => {
  const server = await startServer((request, response) => {
    if (!request.url.includes('watch')) return sendJson(response, rich);
    response.end(`${JSON.stringify({ type: 'MODIFIED', object: rich })}\n`);
  });
  const port = portTo(server.url);
  const got = await port.get(podA);
  assert.deepEqual(got.ok && got.value, rich);
  const [, changed] = await collect(port.watch(pods, { signal: new AbortController().signal }));
  assert.deepEqual(changed, { type: 'MODIFIED', object: rich });
});

test('names keep their case in the path, and cannot leave it', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  });
  const port = portTo(server.url);
  await port.get({ group: 'Example.io', version: 'v1', resource: 'things', namespace: 'A', name: 'MyName' });
  await port.get({ ...pods, name: '../../secrets/x?y#z' });
  assert.deepEqual(
    server.seen.map(({ url }) => url),
    ['/apis/Example.io/v1/namespaces/A/things/MyName', '/api/v1/namespaces/default/pods/..%2F..%2Fsecrets%2Fx%3Fy%23z'],
  );
});

test('twenty reads one after another use one connection, twenty at a time at most twenty', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  });
  const port = portTo(server.url);
  for (let at = 0; at < 20; at += 1) await port.get(podA);
  assert.equal(server.connections(), 1);
  await Promise.all(Array.from({ length: 20 }, async () => await port.get(podA)));
  assert.ok(server.connections() <= 20);
});

test('a hundred deletions at a time use at most 64 connections', async () => {
  const server = await startServer((_request, response) => {
    setTimeout(() => {
      sendJson(response, pod('a'));
    }, 5);
  });
  const port = portTo(server.url);
  const answers = await Promise.all(Array.from({ length: 100 }, async () => await port.delete(podA, { preconditions: { uid: 'x' } })));
  assert.ok(answers.every((answer) => answer.ok));
  assert.ok(server.connections() <= 64);
});

test('a compressed answer is read, and --disable-compression asks for none', async () => {
  const { gzipSync } = await import('node:zlib');
  const server = await startServer((request, response) => {
    const plain = JSON.stringify({ kind: 'PodList', items: [rich], metadata: {} });
    if (!(request.headers['accept-encoding'] ?? '').includes('gzip')) {
      response.setHeader('content-type', 'application/json');
      response.end(plain);
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' });
    response.end(gzipSync(plain));
  });
  for (const compression of [true, false]) {
    const answer = await portTo(server.url, { compression }).list(pods);
    assert.deepEqual(answer.ok && answer.value.items, [rich]);
  }
  assert.deepEqual(
    server.seen.map(({ headers }) => headers['accept-encoding']),
    ['gzip', undefined],
  );
});

test('metadataOnly asks for PartialObjectMetadata', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, { kind: 'PartialObjectMetadataList', items: null, metadata: { resourceVersion: '3', continue: 'next' } });
  });
  const answer = await portTo(server.url).list(pods, { metadataOnly: true, limit: 500, continue: 'a b' });
  assert.deepEqual(answer.ok && [answer.value.items, answer.value.metadata], [[], { resourceVersion: '3', continue: 'next' }]);
  assert.equal(server.seen[0]?.headers.accept, 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json');
  assert.equal(server.seen[0].url, '/api/v1/namespaces/default/pods?limit=500&continue=a%20b');
});

test('no socket has a time-out of its own: a stream may be silent for longer than any default', async () => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain' });
    response.flushHeaders();
  });
  const pool = openPool(endpointTo(server.url), realClock);
  const options: unknown = Reflect.get(pool.agent('stream', null), 'options');
  assert.equal(Reflect.get(options as object, 'timeout'), undefined);
  assert.ok(WATCH_IDLE_MS > 60_000, 'bookmarks come about once a minute');
  pool.close();
});

test('several Warning headers come in order, decoded', async () => {
  const server = await startServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', Warning: ['299 - "first \\"one\\""', '299 - "second, with comma", 299 - "third"', '199 - "not for us"'] });
    response.end(JSON.stringify(pod('a')));
  });
  const answer = await portTo(server.url).get(podA);
  assert.deepEqual(answer.ok && answer.warnings, ['first "one"', 'second, with comma', 'third']);
});

test('a credential that cannot be made ends a watch as a problem instead of an exception', async () => {
  const credentials = { current: async () => await Promise.resolve({ ok: false, message: 'getting credentials: exec: executable x not found' } as const), renewed: async () => await Promise.resolve(null) };
  const port = openPort(endpointTo('http://127.0.0.1:1', { credentials }), { clock: realClock });
  assert.deepEqual(await collect(port.watch(pods, { signal: new AbortController().signal })), [{ type: 'ended', problem: { kind: 'credentials', message: 'getting credentials: exec: executable x not found' } }]);
});

test('the time that a person takes to log in does not count against a call, and an abort ends the waiting', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  });
  const slow = {
    current: async () => {
      await realClock.sleep(250);
      return { ok: true, credential: { authorization: null, certificate: null } } as const;
    },
    renewed: async () => await Promise.resolve(null),
  };
  const port = portTo(server.url, { credentials: slow });
  assert.ok((await port.get(podA, { timeoutMs: 100 })).ok);
  const controller = new AbortController();
  setTimeout(() => {
    controller.abort();
  }, 20);
  const started = Date.now();
  assert.deepEqual(await port.get(podA, { signal: controller.signal }), { ok: false, problem: { kind: 'aborted' } });
  assert.ok(Date.now() - started < 200);
});

test('an object that was replaced under its name is two events with two uids', async () => {
  const server = await startServer((_request, response) => {
    response.end(`${JSON.stringify({ type: 'DELETED', object: pod('a', 'one') })}\n${JSON.stringify({ type: 'ADDED', object: pod('a', 'two') })}\n`);
  });
  const signals = await collect(portTo(server.url).watch(podA, { signal: new AbortController().signal }));
  assert.deepEqual(
    signals.flatMap((signal) => ('object' in signal ? [`${signal.type} ${signal.object.metadata.uid}`] : [])),
    ['DELETED one', 'ADDED two'],
  );
});

test('each impersonated group is a header of its own', async () => {
  const server = await startServer((_request, response) => {
    sendJson(response, pod('a'));
  });
  await portTo(server.url, { headers: [['Impersonate-User', 'jane'], ['Impersonate-Group', 'a'], ['Impersonate-Group', 'b']] }).get(podA);
  const raw = server.seen[0]?.rawHeaders ?? [];
  assert.deepEqual(
    raw.flatMap((header, at) => (header === 'Impersonate-Group' ? [raw[at + 1]] : [])),
    ['a', 'b'],
  );
});
