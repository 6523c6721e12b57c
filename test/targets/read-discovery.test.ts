import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Answer, Problem } from '../../src/cluster/port.ts';
import type { Discovery } from '../../src/discovery/documents.ts';
import { discoverySource } from '../../src/targets/discovery-source.ts';
import { readDiscovery } from '../../src/targets/read-discovery.ts';
import { recorded, served } from '../discovery/recorded.ts';

const signal = new AbortController().signal;
const status = (httpStatus: number): Problem => ({ kind: 'status', httpStatus, reason: '', message: 'no', details: null, retryAfterSeconds: null });
const unreachable: Problem = { kind: 'unreachable', cause: 'refused', message: 'refused', sent: false };

/** A server that answers from documents: null for a version that it cannot ask for, a problem for what fails. */
const server = (answers: (path: string, aggregated: boolean) => unknown) => {
  const requests: string[] = [];
  return {
    requests,
    raw: async (path: string, options: { readonly accept?: string }): Promise<Answer<unknown>> => {
      requests.push(path);
      const value = answers(path, options.accept?.includes('APIGroupDiscoveryList') === true);
      if (value === undefined || value === null) return await Promise.resolve({ ok: false, problem: status(value === null ? 503 : 404) });
      if (typeof value === 'object' && 'httpStatus' in value) return { ok: false, problem: value as unknown as Problem };
      if (value === unreachable) return { ok: false, problem: unreachable };
      return { ok: true, value, warnings: [] };
    },
  };
};

const aggregating = (path: string): unknown => recorded.aggregated[path];
const listing = (path: string): unknown => recorded.lists[path];

const withTypes = (d: Discovery): Discovery => ({ ...d, groups: d.groups.filter((g) => g.versions.length > 0) });

const inNameOrder = (discovery: Discovery): unknown =>
  discovery.groups.map((g) => ({ ...g, versions: g.versions.map((v) => ({ ...v, kinds: v.kinds.toSorted((a, b) => (a.resource < b.resource ? -1 : 1)) })) }));

describe('reading what a server serves', () => {
  test('takes two requests of a server that aggregates', async () => {
    const s = server(aggregating);
    assert.deepEqual(await readDiscovery(s, signal), { ok: true, value: served });
    assert.deepEqual(s.requests, ['/api', '/apis']);
  });

  test('gives the same from the old lists, one request for each version', async () => {
    const s = server(listing);
    const read = await readDiscovery(s, signal);
    assert.ok(read.ok);
    assert.deepEqual(read.value.stale, served.stale);
    assert.deepEqual(inNameOrder(withTypes(read.value)), inNameOrder(withTypes(served)));
    assert.equal(s.requests.length, Object.keys(recorded.lists).length);
  });

  test('reads the lists of both when only one path aggregates', async () => {
    const s = server((path, asked) => (asked && path === '/apis' ? aggregating(path) : listing(path)));
    const read = await readDiscovery(s, signal);
    assert.ok(read.ok);
    assert.equal(read.value.groups.find((g) => g.name === 'apps')?.versions[0]?.kinds.length, 5);
  });

  test('does without a core group', async () => {
    const read = await readDiscovery(server((path) => (path === '/api' ? undefined : aggregating(path))), signal);
    assert.ok(read.ok);
    assert.equal(read.value.groups[0]?.name, 'apiregistration.k8s.io');
  });

  for (const [name, answers] of Object.entries({
    'the server may not be asked': () => status(403),
    'the credential is not known': (path: string) => (path === '/apis/apps/v1' ? status(401) : listing(path)),
    'there is no server': () => unreachable,
  })) {
    test(`says why there is nothing when ${name}`, async () => assert.equal((await readDiscovery(server(answers), signal)).ok, false));
  }
});

describe('discovery of a run', () => {
  const nowhere = { directory: null, clock: { now: () => 0, sleep: async () => await Promise.resolve() }, files: { read: async () => await Promise.reject(new Error('no')), makeDirectory: async () => await Promise.resolve(), replace: async () => await Promise.resolve() } };
  test('asks the server once, however often it is asked itself', async () => {
    const s = server(aggregating);
    const source = discoverySource(s, 'https://a', nowhere);
    await source.current(signal);
    await source.fresh(signal);
    await source.current(signal);
    assert.equal(s.requests.length, 2);
  });
});
