import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { proxyFor } from '../../src/connection/proxy-for.ts';
import { parseServer } from '../../src/connection/server-url.ts';

type Row = readonly [server: string, env: Readonly<Record<string, string>>, expected: string | null, proxyUrl?: string];

const P = 'http://proxy.example:3128';
const https = (noProxy: string): Readonly<Record<string, string>> => ({ HTTPS_PROXY: P, NO_PROXY: noProxy });

/** Expectations: golang.org/x/net/http/httpproxy and its tests, net/http. */
const rows: readonly Row[] = [
  ['https://api.example', {}, null],
  ['https://api.example', { HTTPS_PROXY: P }, 'http proxy.example 3128'],
  ['https://api.example', { https_proxy: P }, 'http proxy.example 3128'],
  ['https://api.example', { HTTPS_PROXY: P, https_proxy: 'http://lower:1' }, 'http proxy.example 3128'],
  ['https://api.example', { HTTP_PROXY: P }, null],
  ['http://api.example', { HTTP_PROXY: P }, 'http proxy.example 3128'],
  ['http://api.example', { HTTPS_PROXY: P }, null],
  ['https://api.example', { ALL_PROXY: P }, null],
  ['https://api.example', { HTTPS_PROXY: 'proxy.example:3128' }, 'http proxy.example 3128'],
  ['https://api.example', { HTTPS_PROXY: 'proxy.example' }, 'http proxy.example 80'],
  ['https://api.example', { HTTPS_PROXY: 'https://proxy.example' }, 'https proxy.example 443'],
  ['https://api.example', { HTTPS_PROXY: 'socks5://proxy.example' }, 'socks5 proxy.example 1080'],
  ['https://api.example', { HTTPS_PROXY: 'socks5h://proxy.example:9' }, 'socks5 proxy.example 9'],
  ['https://localhost:6443', { HTTPS_PROXY: P }, null],
  ['https://127.0.0.1:6443', { HTTPS_PROXY: P }, null],
  ['https://127.3.2.1:6443', { HTTPS_PROXY: P }, null],
  ['https://[::1]:6443', { HTTPS_PROXY: P }, null],
  ['https://localhost.example', { HTTPS_PROXY: P }, 'http proxy.example 3128'],
  ['https://127.0.0.1:6443', {}, 'http proxy.example 3128', P],
  ['https://api.example', { HTTPS_PROXY: 'http://other:1', NO_PROXY: '*' }, 'socks5 s 1080', 'socks5://s'],
  ['https://api.example', https('*'), null],
  ['https://api.example', https('api.example'), null],
  ['https://API.Example', https('api.EXAMPLE'), null],
  ['https://api.example', https('example'), null],
  ['https://api.example', https('.example'), null],
  ['https://api.example', https('*.example'), null],
  ['https://example', https('.example'), 'http proxy.example 3128'],
  ['https://example', https('*.example'), 'http proxy.example 3128'],
  ['https://example', https('example'), null],
  ['https://notexample', https('example'), 'http proxy.example 3128'],
  ['https://api.example', https('i.example'), 'http proxy.example 3128'],
  ['https://api.example:6443', https('api.example:6443'), null],
  ['https://api.example:6443', https('api.example:443'), 'http proxy.example 3128'],
  ['https://api.example', https('api.example:443'), null],
  ['https://api.example', https(' other , api.example '), null],
  ['https://api.example', https('other,,'), 'http proxy.example 3128'],
  ['https://10.1.2.3:6443', https('10.0.0.0/8'), null],
  ['https://11.1.2.3:6443', https('10.0.0.0/8'), 'http proxy.example 3128'],
  ['https://10.1.2.3:6443', https('10.1.2.3'), null],
  ['https://10.1.2.3:6443', https('10.1.2.3:6443'), null],
  ['https://10.1.2.3:6443', https('10.1.2.3:443'), 'http proxy.example 3128'],
  ['https://10.1.2.3:6443', https('.2.3'), 'http proxy.example 3128'],
  ['https://[fd00::1]:6443', https('fd00::/8'), null],
  ['https://[fe00::1]:6443', https('fd00::/8'), 'http proxy.example 3128'],
  ['https://[fd00::1]:6443', https('fd00::1'), null],
  ['https://[fd00::1]:6443', https('fd00:0:0::1'), null],
  ['https://[fd00::1]:6443', https('[fd00::1]:6443'), null],
  ['https://api.example', https('10.0.0.0/8'), 'http proxy.example 3128'],
  ['https://api.example', { HTTPS_PROXY: P, no_proxy: 'api.example' }, null],
  ['https://api.example', { HTTPS_PROXY: '', https_proxy: P }, 'http proxy.example 3128'],
];

describe('the proxy for a server', () => {
  for (const [server, env, expected, proxyUrl] of rows) {
    const named = [`HTTPS_PROXY`, `NO_PROXY`].flatMap((name) => (env[name] === undefined ? [] : [`${name}=${env[name]}`])).join(' ');
    test(`${server} with ${proxyUrl === undefined ? named || JSON.stringify(env) : `proxy-url ${proxyUrl}`} goes ${expected === null ? 'directly' : `through ${expected}`}`, () => {
      const parsed = parseServer(server);
      assert.ok(parsed.ok);
      const proxy = proxyFor(parsed.value.address, proxyUrl ?? null, env);
      assert.equal(proxy === null ? null : `${proxy.protocol} ${proxy.host} ${proxy.port}`, expected);
    });
  }

  test('credentials of a proxy URL are decoded', () => {
    const parsed = parseServer('https://api.example');
    assert.ok(parsed.ok);
    const proxy = proxyFor(parsed.value.address, 'http://me:p%40ss@proxy:1', {});
    assert.deepEqual(proxy, { protocol: 'http', host: 'proxy', port: 1, username: 'me', password: 'p@ss' });
  });
});
