import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { LogOptions, LogSignal, Problem } from '../../src/cluster/port.ts';
import { LogFollowing } from '../../src/termination/log-ends.ts';
import { NOW } from '../model/objects.ts';
import { driveUntil, drivenClock } from '../run/driven-clock.ts';

const lost: Problem = { kind: 'unreachable', cause: 'reset', message: 'read ECONNRESET', sent: true };
const refused: Problem = { kind: 'unreachable', cause: 'refused', message: 'connect ECONNREFUSED', sent: false };
const denied: Problem = { kind: 'status', httpStatus: 403, reason: 'Forbidden', message: 'pods/log is forbidden', details: null, retryAfterSeconds: null };

/** One stream: lines at times after it was opened, then its end. `end: null`: it stays open. */
interface Stream {
  readonly lines?: readonly (readonly [ms: number, text: string])[];
  readonly end: { readonly ms: number; readonly problem: Problem | null } | null;
  readonly opens?: boolean;
}

interface Followed {
  readonly ended: readonly number[];
  readonly lines: readonly string[];
  readonly denied: readonly Problem[];
  readonly asked: readonly LogOptions[];
}

/** Follows these streams for 20 s of driven time. */
const follow = async (streams: readonly Stream[], options: { readonly lines?: boolean; readonly settleAt?: number } = {}): Promise<Followed> => {
  const clock = drivenClock(NOW);
  const over = new AbortController();
  const ended: number[] = [];
  const lines: string[] = [];
  const refusals: Problem[] = [];
  const asked: LogOptions[] = [];
  async function* logs(_at: unknown, ask: LogOptions): AsyncGenerator<LogSignal> {
    const stream: Stream = streams[asked.length] ?? { end: { ms: 0, problem: refused }, opens: false };
    asked.push(ask);
    const from = clock.now();
    if (stream.opens !== false) yield { type: 'opened' };
    for (const [ms, text] of stream.lines ?? []) {
      await clock.sleep(from + ms - clock.now(), ask.signal);
      yield { type: 'line', text };
    }
    await clock.sleep(stream.end === null ? 1e9 : from + stream.end.ms - clock.now(), ask.signal);
    yield { type: 'ended', problem: ask.signal.aborted ? { kind: 'aborted' } : (stream.end?.problem ?? null) };
  }
  const ref = { group: '', version: 'v1', kind: 'Pod', resource: 'pods', namespace: 'shop', name: 'a', uid: 'uid-a' };
  const following = new LogFollowing({ logs }, { ref, container: 'app' }, { clock, signal: over.signal, lines: options.lines ?? false }, {
    ended: (at) => ended.push(at - NOW),
    line: (text) => lines.push(text),
    denied: (problem) => refusals.push(problem),
  });
  const { settleAt } = options;
  if (settleAt !== undefined) void clock.sleep(settleAt).then(() => {
    following.settle();
  });
  void clock.sleep(20_000).then(() => {
    over.abort();
  });
  await driveUntil(clock, following.run(), 30_000);
  return { ended, lines, denied: refusals, asked };
};

const inOrder = (ms: number): Stream => ({ end: { ms, problem: null } });

describe('the end of a log', () => {
  test('a stream that ends, and ends at once when it is opened again, ended with its process', async () => {
    const { ended, asked } = await follow([inOrder(2000), inOrder(5)]);
    assert.deepEqual(ended, [2000]);
    assert.deepEqual(asked.map((o) => [o.follow, o.tailLines, o.longestLine]), [[true, 0, 0], [true, 0, 0]]);
  });
  test('a stream that stays open the second time was cut: the container runs, and is followed on', async () => {
    assert.deepEqual((await follow([inOrder(1000), { end: null }])).ended, []);
    assert.deepEqual((await follow([inOrder(1000), inOrder(4000), inOrder(5)])).ended, [5250]);
  });
  test('a connection that breaks says nothing by itself; a second stream that ends at once does, for then', async () => {
    const { ended } = await follow([{ end: { ms: 1000, problem: lost } }, inOrder(5)]);
    assert.deepEqual(ended, [1255]);
  });
  test('when nobody answers any more, nothing is proved', async () => {
    const { ended, asked } = await follow([inOrder(1000)]);
    assert.deepEqual([ended, asked.length], [[], 6]);
  });
  test('what is refused the second time is not asked for again', async () => {
    const { ended, asked } = await follow([inOrder(1000), { end: { ms: 0, problem: denied }, opens: false }]);
    assert.deepEqual([ended, asked.length], [[], 2]);
  });
  test('a log that may not be read is told, once', async () => {
    assert.deepEqual((await follow([{ end: { ms: 0, problem: denied }, opens: false }])).denied, [denied]);
  });
  test('the status with the end is as good: no second stream', async () => {
    const { ended, asked } = await follow([inOrder(2000), inOrder(5)], { settleAt: 2100 });
    assert.deepEqual([ended, asked.length], [[2000], 1]);
  });
  test('after the status a stream that ends is not opened again, and says nothing new', async () => {
    const { ended, asked } = await follow([inOrder(2000), inOrder(5)], { settleAt: 1900 });
    assert.deepEqual([ended, asked.length], [[], 1]);
  });
});

const stamp = (ms: number): string => new Date(NOW + ms).toISOString().replace('Z', '000000Z');

describe('the lines of a log', () => {
  test('are dropped when nobody wants them', async () => {
    assert.deepEqual((await follow([{ lines: [[100, 'secret']], end: null }])).lines, []);
  });
  test('come without the times that the kubelet wrote beside them', async () => {
    const { lines, asked } = await follow([{ lines: [[100, `${stamp(100)} a b`], [200, `${stamp(200)} `], [300, 'no time']], end: null }], { lines: true });
    assert.deepEqual(lines, ['a b', '', 'no time']);
    assert.deepEqual([asked[0]?.timestamps, asked[0]?.tailLines, asked[0]?.longestLine], [true, 0, 4096]);
  });
  test('are not told twice when the stream is opened again', async () => {
    const { lines, asked } = await follow([{ lines: [[100, `${stamp(100)} a`]], end: { ms: 200, problem: lost } }, { lines: [[0, `${stamp(100)} a`], [10, `${stamp(150)} b`]], end: null }], { lines: true });
    assert.deepEqual(lines, ['a', 'b']);
    assert.equal(asked[1]?.sinceTime, stamp(100));
  });
});
