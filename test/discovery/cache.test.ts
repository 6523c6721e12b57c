import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { cacheDirectory, KEPT_MS, readCache, writeCache } from '../../src/discovery/cache.ts';
import type { CachePlace } from '../../src/discovery/cache.ts';
import { served } from './recorded.ts';

const server = 'https://api.example.test:6443';
const complete = { ...served, stale: [] };

interface Kept extends CachePlace {
  readonly kept: Map<string, { readonly text: string; readonly mode: number }>;
  readonly modes: Map<string, number>;
  time: number;
}

const disk = (failing: 'none' | 'write' = 'none'): Kept => {
  const kept = new Map<string, { readonly text: string; readonly mode: number }>();
  const modes = new Map<string, number>();
  const place: Kept = {
    kept,
    modes,
    time: 1_000_000,
    directory: '/cache/x',
    clock: { now: () => place.time, sleep: async () => await Promise.resolve() },
    files: {
      read: async (path) => {
        const file = kept.get(path);
        if (file === undefined) throw Object.assign(new Error('ENOENT'), { code: 'ENOENT' });
        return await Promise.resolve(new TextEncoder().encode(file.text));
      },
      makeDirectory: async (path, mode) => {
        modes.set(path, mode);
        if (failing === 'write') throw Object.assign(new Error('EROFS'), { code: 'EROFS' });
        await Promise.resolve();
      },
      replace: async (path, text, mode) => {
        kept.set(path, { text, mode });
        await Promise.resolve();
      },
    },
  };
  return place;
};

describe('the cache of discovery', () => {
  test('gives back what was kept, from a file that nobody else can read', async () => {
    const place = disk();
    await writeCache(server, complete, place);
    assert.deepEqual(await readCache(server, place), complete);
    assert.equal(place.kept.get('/cache/x/discovery.json')?.mode, 0o600);
    assert.equal(place.modes.get('/cache/x'), 0o700);
  });

  test('forgets after ten minutes, and believes no time to come', async () => {
    const place = disk();
    await writeCache(server, complete, place);
    place.time += KEPT_MS;
    assert.notEqual(await readCache(server, place), null);
    place.time += 1;
    assert.equal(await readCache(server, place), null);
    place.time = 0;
    assert.equal(await readCache(server, place), null);
  });

  test('of another server is not read', async () => {
    const place = disk();
    await writeCache('https://api_example.test:6443', complete, place);
    assert.equal(await readCache(server, place), null);
  });

  test('does not keep what is incomplete', async () => {
    const place = disk();
    await writeCache(server, served, place);
    assert.equal(place.kept.size, 0);
  });

  test('that cannot be written is no error', async () => {
    const place = disk('write');
    await writeCache(server, complete, place);
    assert.equal(await readCache(server, place), null);
  });

  for (const [name, change] of Object.entries({
    'is cut off': (text: string) => text.slice(0, -10),
    'is of another form': (text: string) => text.replace('"form":1', '"form":2'),
    'has a kind without its fields': (text: string) => text.replace('"resource":"pods"', '"resource":5'),
    'is empty': () => '',
    'is no object': () => 'null',
  })) {
    test(`does not believe a file that ${name}`, async () => {
      const place = disk();
      await writeCache(server, complete, place);
      for (const [path, { text, mode }] of place.kept) place.kept.set(path, { text: change(text), mode });
      assert.equal(await readCache(server, place), null);
    });
  }

  const directories: Readonly<Record<string, readonly [cacheDir: string | null, env: string | undefined, home: string, expected: string | null]>> = {
    'is below the home': [null, undefined, '/home/me', '/home/me/.kube/cache/safe-delete/api.example.test_6443'],
    'is below KUBECACHEDIR': [null, '/var/c', '/home/me', '/var/c/safe-delete/api.example.test_6443'],
    'is below --cache-dir first of all': ['/flag', '/var/c', '/home/me', '/flag/safe-delete/api.example.test_6443'],
    'is nowhere without a home': [null, '', '', null],
  };
  for (const [name, [cacheDir, env, homeDirectory, expected]] of Object.entries(directories)) {
    test(name, () => assert.equal(cacheDirectory(server, cacheDir, { env: { KUBECACHEDIR: env }, homeDirectory }), expected));
  }
  test('stays below its folder whatever the server is called', () => {
    assert.equal(cacheDirectory('https://a/../../b', null, { env: {}, homeDirectory: '/h' }), '/h/.kube/cache/safe-delete/a/__/__/b');
  });
});
