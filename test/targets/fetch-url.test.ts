import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { after, before, describe, test } from 'node:test';
import type { Clock } from '../../src/model/world.ts';
import { fetchUrlWith, URL_LIMIT_BYTES } from '../../src/targets/fetch-url.ts';

/** Pauses take no time; the limit comes only when it is driven. */
const driven = (): { readonly clock: Clock; readonly end: () => void } => {
  let end: (() => void) | null = null;
  return {
    end: () => {
      end?.();
    },
    clock: {
      now: () => 0,
      sleep: async (ms) => {
        if (ms <= 1000) return;
        await new Promise<void>((resolve) => {
          end = resolve;
        });
      },
    },
  };
};

describe('what -f names by URL', () => {
  let server: Server;
  let base = '';
  let hits: string[] = [];
  const answers: Readonly<Record<string, (request: IncomingMessage, response: ServerResponse) => void>> = {
    '/ok': (_request, response) => response.end('text'),
    'http://far.example.test/x': (_request, response) => response.end('from afar'),
    '/missing': (_request, response) => response.writeHead(404, 'Not Found').end(),
    '/flaky': (_request, response) => (hits.length < 3 ? response.writeHead(503).end() : response.end('at last')),
    '/broken': (_request, response) => response.writeHead(500, 'Oh no').end(),
    '/moved': (_request, response) => response.writeHead(302, { location: '/ok' }).end(),
    '/circle': (_request, response) => response.writeHead(302, { location: '/circle' }).end(),
    '/secure': (_request, response) => response.writeHead(301, { location: 'https://other.example.test/x' }).end(),
    '/file': (_request, response) => response.writeHead(301, { location: 'file:///etc/passwd' }).end(),
    '/large': (_request, response) => response.end(Buffer.alloc(URL_LIMIT_BYTES + 1)),
    '/fits': (_request, response) => response.end(Buffer.alloc(URL_LIMIT_BYTES)),
    '/silent': () => undefined,
    '/cut': (_request, response) => {
      response.writeHead(200, { 'content-length': '100' }).write('half');
      setImmediate(() => response.destroy());
    },
  };

  before(async () => {
    server = createServer((request, response) => {
      hits.push(request.url ?? '');
      answers[request.url ?? '']?.(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const got = async (path: string): Promise<string> => {
    hits = [];
    const result = await fetchUrlWith(driven().clock, {})(path.startsWith('/') ? `${base}${path}` : path, new AbortController().signal);
    return result.ok ? `${result.value.length} bytes` : result.error;
  };

  test('is read', async () => assert.equal(await got('/ok'), '4 bytes'));
  test('is read up to its limit', async () => assert.equal(await got('/fits'), `${URL_LIMIT_BYTES} bytes`));
  test('is not read beyond it', async () => assert.match(await got('/large'), /holds more than 10 MB$/));
  test('is followed where it moved', async () => assert.equal(await got('/moved'), '4 bytes'));
  test('is not followed for ever', async () => assert.match(await got('/circle'), /more than 10 redirects$/));
  test('is not followed to another scheme', async () => {
    assert.match(await got('/secure'), /redirects from http to https, which is not followed; name https:\/\/other\.example\.test\/x itself$/);
    assert.match(await got('/file'), /redirects from http to file, which is not followed/);
  });
  test('is tried again when the server fails', async () => {
    assert.equal(await got('/flaky'), '7 bytes');
    assert.equal(hits.length, 3);
  });
  test('is tried three times', async () => {
    assert.match(await got('/broken'), /server reported 500 Oh no, status code=500$/);
    assert.equal(hits.length, 3);
  });
  test('is not tried again when it is not there', async () => {
    assert.match(await got('/missing'), /^unable to read URL "http:.*\/missing", server reported 404 Not Found, status code=404$/);
    assert.equal(hits.length, 1);
  });
  test('is not half of what was sent', async () => assert.match(await got('/cut'), /^unable to read URL/));
  test('is a URL', async () => assert.equal(await got('http://'), 'the URL passed to filename "http://" is not valid'));
  test('has 30 seconds', async () => {
    const { clock, end } = driven();
    hits = [];
    const result = fetchUrlWith(clock, {})(`${base}/silent`, new AbortController().signal);
    while (hits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    end();
    assert.deepEqual(await result, { ok: false, error: `unable to read URL "${base}/silent" within 30 s` });
  });
  test('is read through the proxy of the environment', async () => {
    hits = [];
    const env = { HTTP_PROXY: base, NO_PROXY: 'direct.example.test' };
    const result = await fetchUrlWith(driven().clock, env)('http://far.example.test/x', new AbortController().signal);
    assert.deepEqual([result.ok && result.value.length, hits], [9, ['http://far.example.test/x']]);
  });
  test('is given up at an interrupt', async () => {
    const interrupt = new AbortController();
    hits = [];
    const result = fetchUrlWith(driven().clock, {})(`${base}/silent`, interrupt.signal);
    while (hits.length === 0) await new Promise((resolve) => setImmediate(resolve));
    interrupt.abort();
    assert.equal((await result).ok, false);
  });
});
