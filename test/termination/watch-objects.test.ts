import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { watchObjects } from '../../src/termination/watch-objects.ts';
import type { Seen } from '../../src/termination/watch-objects.ts';
import { marked, NOW, pod } from '../model/objects.ts';
import { driveUntil, drivenClock, settle } from '../run/driven-clock.ts';
import type { DrivenClock } from '../run/driven-clock.ts';
import { expired, lost, MemoryCluster, refused, status } from '../run/memory-cluster.ts';

interface Watched {
  readonly clock: DrivenClock;
  readonly cluster: MemoryCluster;
  readonly told: readonly string[];
  /** Ends the watch and checks that nothing is left of it. */
  readonly end: () => Promise<void>;
  /** Resolves when it ended by itself. */
  readonly over: Promise<void>;
}

const shown = (seen: Seen): string => {
  switch (seen.type) {
    case 'present':
    case 'deleted':
      return `${seen.type} ${seen.object.metadata.name} ${seen.object.metadata.uid}${seen.object.metadata.deletionTimestamp === undefined ? '' : ' marked'}`;
    case 'absent':
      return `absent ${seen.name}`;
    case 'standing':
      return 'standing';
    case 'polling':
    case 'unobservable':
    case 'trouble':
      return seen.type;
  }
};

const watching = async (names: readonly string[], prepare: (cluster: MemoryCluster) => void = () => undefined): Promise<Watched> => {
  const clock = drivenClock(NOW);
  const cluster = new MemoryCluster(clock, names.map((name) => pod(name)));
  prepare(cluster);
  const told: string[] = [];
  const stop = new AbortController();
  const scope = { group: '', version: 'v1', resource: 'pods', namespace: 'shop', names: () => names };
  const over = watchObjects(cluster.port, scope, { clock, signal: stop.signal }, (seen) => {
    const line = shown(seen);
    // Trouble may be told again and again; once in a row is enough to compare.
    if (told.at(-1) !== line) told.push(line);
  });
  await settle();
  const end = async (): Promise<void> => {
    stop.abort();
    await driveUntil(clock, over, 1000);
    assert.equal(clock.pending(), 0, 'timers left');
    assert.equal(cluster.openWatches, 0, 'watches left');
  };
  return { clock, cluster, told, end, over };
};

describe('a watch of one name', () => {
  test('stands, shows what is there and what changes, and ends when it is stopped', async () => {
    const w = await watching(['a']);
    w.cluster.change('a', { metadata: marked(30, 0) });
    await settle();
    w.cluster.remove('a');
    await settle();
    assert.deepEqual(w.told, ['standing', 'present a uid-a', 'present a uid-a marked', 'deleted a uid-a marked']);
    await w.end();
  });

  test('resumes from the last resourceVersion and sees what happened in between', async () => {
    const w = await watching(['a']);
    w.cluster.endWatches(lost);
    w.cluster.remove('a');
    w.cluster.put(pod('a', { metadata: { uid: 'uid-2' } }));
    await w.clock.advance(200);
    assert.deepEqual(w.told, ['standing', 'present a uid-a', 'trouble', 'deleted a uid-a', 'present a uid-2']);
    assert.equal(w.cluster.requests.filter((r) => r.verb === 'watch').at(-1)?.resourceVersion, '101');
    await w.end();
  });

  test('resumes from a bookmark when the history before it is gone', async () => {
    const w = await watching(['a']);
    w.cluster.bookmark();
    await settle();
    w.cluster.compact();
    w.cluster.endWatches(null);
    await w.clock.advance(200);
    w.cluster.remove('a');
    await settle();
    assert.deepEqual(w.told, ['standing', 'present a uid-a', 'deleted a uid-a']);
    assert.equal(w.cluster.count('get'), 0, 'no read was needed');
    await w.end();
  });

  const gaps: readonly (readonly [string, (cluster: MemoryCluster) => void])[] = [
    ['as an answer to the next watch', (cluster) => {
      cluster.endWatches(lost);
      cluster.compact();
    }],
    ['as an ERROR event of the watch that stands', (cluster) => {
      cluster.compact();
      cluster.endWatches(expired);
    }],
  ];
  for (const [how, make] of gaps) {
    test(`410 ${how}: a successor under the same name is seen`, async () => {
      const w = await watching(['a']);
      w.cluster.remove('a');
      w.cluster.put(pod('a', { metadata: { uid: 'uid-2' } }));
      // Neither event reaches the watcher.
      const lines = w.told.length;
      make(w.cluster);
      await w.clock.advance(1000);
      assert.ok(w.told.slice(lines).includes('present a uid-2'), w.told.join(', '));
      await w.end();
    });

    test(`410 ${how}: an object that went in the gap is absent`, async () => {
      const w = await watching(['a']);
      w.cluster.endWatches(lost);
      await settle();
      w.cluster.remove('a');
      make(w.cluster);
      await w.clock.advance(1000);
      assert.ok(w.told.includes('absent a') || w.told.includes('deleted a uid-a'), w.told.join(', '));
      await w.end();
    });
  }

  test('410: an object that goes after the reads and before the next watch is absent as soon as that stands', async () => {
    const w = await watching(['a']);
    w.cluster.compact();
    w.cluster.endWatches(expired);
    await settle();
    assert.equal(w.cluster.openWatches, 0);
    w.cluster.remove('a');
    w.cluster.compact();
    await w.clock.advance(300);
    assert.equal(w.told.at(-1), 'absent a');
    await w.end();
  });

  test('a server that is away for ten seconds is asked seldom, and what happened meanwhile is seen', async () => {
    const w = await watching(['a']);
    w.cluster.fault = () => refused;
    w.cluster.endWatches(lost);
    await settle();
    w.cluster.remove('a');
    const before = w.cluster.requests.length;
    await w.clock.advance(10_000);
    assert.ok(w.cluster.requests.length - before <= 15, `${w.cluster.requests.length - before} requests in 10 s`);
    w.cluster.fault = () => null;
    await w.clock.advance(2500);
    assert.ok(w.told.includes('deleted a uid-a') || w.told.includes('absent a'), w.told.join(', '));
    await w.end();
  });

  test('an object that went while no watch can be opened is seen by a read', async () => {
    const w = await watching(['a']);
    w.cluster.fault = (r) => (r.verb === 'watch' ? status(502, 'InternalError') : null);
    w.cluster.endWatches(lost);
    await settle();
    w.cluster.remove('a');
    await w.clock.advance(11_000);
    assert.ok(w.told.includes('absent a'), w.told.join(', '));
    await w.end();
  });

  test('a quiet watch is checked by a read: an event that was lost is made up for', async () => {
    const w = await watching(['a']);
    // The object is gone, and no event says so.
    w.cluster.fault = (r) => (r.verb === 'get' ? { kind: 'status', httpStatus: 404, reason: 'NotFound', message: 'pods "a" not found', details: { name: 'a' }, retryAfterSeconds: null } : null);
    await w.clock.advance(30_000);
    assert.ok(w.told.includes('absent a'));
    await w.end();
  });

  test("a gateway's 404 page is no absence", async () => {
    const w = await watching(['a']);
    w.cluster.fault = (r) => (r.verb === 'get' ? status(404, 'NotFound', 'the server could not find the requested resource') : null);
    await w.clock.advance(45_000);
    assert.ok(!w.told.includes('absent a'), w.told.join(', '));
    await w.end();
  });
});

describe('rights', () => {
  test('who may not watch polls', async () => {
    const w = await watching(['a'], (cluster) => {
      cluster.fault = (r) => (r.verb === 'watch' ? status(403, 'Forbidden') : null);
    });
    await w.clock.advance(1500);
    w.cluster.remove('a');
    await w.clock.advance(1500);
    assert.deepEqual(w.told, ['polling', 'standing', 'present a uid-a', 'absent a']);
    assert.ok(w.cluster.count('get') <= 4);
    await w.end();
  });

  for (const code of [401, 403] as const) {
    test(`a lasting ${code} for everything ends it as unobservable`, async () => {
      const w = await watching(['a']);
      w.cluster.fault = () => status(code, code === 401 ? 'Unauthorized' : 'Forbidden');
      w.cluster.endWatches(status(code, 'Unauthorized'));
      await driveUntil(w.clock, w.over, 15_000);
      assert.equal(w.told.at(-1), 'unobservable');
      await w.end();
    });
  }

  test('a credential that cannot be made any more ends it too', async () => {
    const w = await watching(['a']);
    w.cluster.fault = () => ({ kind: 'credentials', message: 'exec: plugin failed' });
    w.cluster.endWatches(lost);
    await driveUntil(w.clock, w.over, 15_000);
    assert.equal(w.told.at(-1), 'unobservable');
    await w.end();
  });

  test('a server that is starting denies everybody for a moment: that is ignored', async () => {
    const w = await watching(['a']);
    let left = 2;
    w.cluster.fault = () => {
      left -= 1;
      return left >= 0 ? status(403, 'Forbidden') : null;
    };
    w.cluster.endWatches(lost);
    await w.clock.advance(4000);
    w.cluster.remove('a');
    await settle();
    assert.ok(!w.told.includes('unobservable') && !w.told.includes('polling'), w.told.join(', '));
    assert.equal(w.told.at(-1), 'deleted a uid-a');
    await w.end();
  });

  test('a watch that was lost for good is polled', async () => {
    const w = await watching(['a']);
    w.cluster.fault = (r) => (r.verb === 'watch' ? status(403, 'Forbidden') : null);
    w.cluster.endWatches(lost);
    await w.clock.advance(6000);
    assert.ok(w.told.includes('polling'));
    w.cluster.remove('a');
    await w.clock.advance(1500);
    assert.equal(w.told.at(-1), 'absent a');
    await w.end();
  });
});

describe('a watch of several names', () => {
  test('is one watch of the namespace from a known point', async () => {
    const w = await watching(['a', 'b']);
    assert.equal(w.cluster.count('watch'), 1);
    assert.equal(w.cluster.requests.find((r) => r.verb === 'watch')?.resourceVersion, '102');
    w.cluster.remove('b');
    await settle();
    assert.deepEqual(w.told, ['standing', 'deleted b uid-b']);
    await w.end();
  });

  test('after 410 every name is read', async () => {
    const w = await watching(['a', 'b']);
    w.cluster.endWatches(expired);
    await settle();
    w.cluster.remove('a');
    w.cluster.compact();
    await w.clock.advance(500);
    assert.ok(w.told.includes('absent a') || w.told.includes('deleted a uid-a'), w.told.join(', '));
    assert.ok(w.told.includes('present b uid-b'));
    await w.end();
  });

  test('a busy namespace does not hide a name of which nothing is heard', async () => {
    const w = await watching(['a', 'b']);
    w.cluster.fault = (r) => (r.verb === 'get' && r.what === 'pods/a' ? { kind: 'status', httpStatus: 404, reason: 'NotFound', message: 'pods "a" not found', details: { name: 'a' }, retryAfterSeconds: null } : null);
    for (let second = 0; second < 40; second += 1) {
      w.cluster.put(pod('busy', { metadata: { annotations: { beat: String(second) } } }));
      await w.clock.advance(1000);
    }
    assert.ok(w.told.includes('absent a'), 'a was looked at');
    await w.end();
  });

  test('polling 200 names takes turns', async () => {
    const names = Array.from({ length: 200 }, (_, i) => `p${i}`);
    const w = await watching(names, (cluster) => {
      cluster.fault = (r) => (r.verb === 'watch' ? status(403, 'Forbidden') : null);
    });
    await w.clock.advance(20_000);
    assert.ok(w.cluster.count('get') <= 20 * 21 + 200, `${w.cluster.count('get')} reads in 20 s`);
    await w.end();
  });
});

describe('no fault makes it ask without a pause', () => {
  const faults: readonly (readonly [string, (cluster: MemoryCluster) => void])[] = [
    ['the connection is refused', (c) => {
      c.fault = () => refused;
    }],
    ['410 for ever', (c) => {
      c.fault = (r) => (r.verb === 'watch' ? expired : null);
    }],
    ['429 with Retry-After 0', (c) => {
      c.fault = () => status(429, 'TooManyRequests', 'later', 0);
    }],
    ['500 for ever', (c) => {
      c.fault = () => status(500, 'InternalError');
    }],
    ['403 for watches', (c) => {
      c.fault = (r) => (r.verb === 'watch' ? status(403, 'Forbidden') : null);
    }],
    ['something answers that is no API server', (c) => {
      c.fault = () => ({ kind: 'not-kubernetes', httpStatus: 200, message: 'HTML' });
    }],
  ];
  for (const names of [['a'], ['a', 'b']]) {
    for (const [what, make] of faults) {
      test(`${what}, ${names.length} names`, async () => {
        const w = await watching(names);
        make(w.cluster);
        w.cluster.endWatches(lost);
        await settle();
        const before = w.cluster.requests.length;
        await w.clock.advance(30_000);
        const perSecond = (w.cluster.requests.length - before) / 30;
        assert.ok(perSecond <= 3, `${perSecond} requests a second`);
        await w.end();
      });
    }
  }

  for (const [what, each] of [
    ['the server ends every watch at once', (c: MemoryCluster) => {
      c.endWatches(null);
    }],
    ['the server ends every watch after a bookmark', (c: MemoryCluster) => {
      c.bookmark();
      c.endWatches(null);
    }],
    ['the server ends every watch after an event', (c: MemoryCluster) => {
      c.change('a', {});
      c.endWatches(null);
    }],
    ['every watch breaks at once', (c: MemoryCluster) => {
      c.endWatches(lost);
    }],
  ] as const) {
    test(what, async () => {
      const w = await watching(['a']);
      const before = w.cluster.requests.length;
      for (let i = 0; i < 1000; i += 1) {
        if (w.cluster.openWatches > 0) each(w.cluster);
        await w.clock.advance(30);
      }
      const perSecond = (w.cluster.requests.length - before) / 30;
      assert.ok(perSecond <= 3, `${perSecond} requests a second`);
      await w.end();
    });
  }

  test('Retry-After is kept, but not for an hour', async () => {
    const w = await watching(['a']);
    w.cluster.fault = (r) => (r.verb === 'watch' ? status(429, 'TooManyRequests', 'later', 3600) : null);
    w.cluster.endWatches(lost);
    await w.clock.advance(29_000);
    assert.ok(w.cluster.count('watch') <= 2);
    w.cluster.fault = () => null;
    await w.clock.advance(3000);
    assert.ok(w.cluster.openWatches === 1, 'it watches again');
    await w.end();
  });
});
