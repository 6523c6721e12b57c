/**
 * Many runs against clusters that misbehave at random: what must hold whatever happens. The seed of a failure is in its name; RUNS=5000 (and FIRST=…) for more.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Ref } from '../../src/model/ref.ts';
import type { KubeObject } from '../../src/model/wire.ts';
import { NOW, ownedBy } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import { expired, lost, refused, status } from './memory-cluster.ts';
import type { Request } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';
import type { Scene } from './running.ts';

const RUNS = Number(process.env['RUNS'] ?? 60);
const FIRST = Number(process.env['FIRST'] ?? 1);

/** Numbers from 0 to 1 that a seed decides (mulberry32). */
const randomOf = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
};

const troubles = [
  () => refused,
  () => lost,
  () => 'silence' as const,
  () => status(500, 'InternalError'),
  () => status(503, 'ServiceUnavailable', 'later', 1),
  () => status(429, 'TooManyRequests', 'later', 1),
  () => status(403, 'Forbidden'),
  () => status(401, 'Unauthorized'),
  () => status(404, 'NotFound', 'the server could not find the requested resource'),
  () => ({ kind: 'not-kubernetes', httpStatus: 502, message: 'Bad Gateway' }) as const,
];
const verbs: readonly (readonly Request['verb'][])[] = [['get', 'list', 'watch', 'delete', 'create', 'raw'], ['watch'], ['get'], ['delete'], ['watch', 'get'], ['list']];
const flags = ['', '', '--timeout=20s', '--timeout=20s', '--wait=false', '--grace-period=5', '--force', '--skip-blocked', '--dry-run', '--strict'];

for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
  test(`run ${seed}`, async () => {
    const random = randomOf(seed);
    const one = <T>(of: readonly T[]): T => {
      const chosen = of[Math.floor(random() * of.length)];
      if (chosen === undefined) throw new Error('nothing to choose from');
      return chosen;
    };
    const names = ['web-a', 'web-b', 'web-c'].slice(0, 1 + Math.floor(random() * 3));
    // Some are owned by the first: they go in a wave of their own.
    const pods: KubeObject[] = names.map((name) =>
      webPod(name, { metadata: { ...(random() < 0.15 ? { finalizers: ['cleanup.example.com/x'] } : {}), ...(name !== 'web-a' && random() < 0.2 ? ownedBy('v1', 'Pod', 'web-a', { controller: false }) : {}) } }),
    );
    const argv = ['pod', ...names, ...(random() < 0.1 ? ['nobody'] : []), ...(random() < 0.8 ? ['--yes'] : []), one(flags)].filter((w) => w !== '').join(' ');
    const script: string[] = [];
    const scenes = (scene: Scene): void => {
      const { cluster, after } = scene;
      const slow = random() < 0.3 ? 0 : random() * 900;
      cluster.latency = () => slow * random();
      for (const name of names) if (random() < 0.85) kubelet(scene, name, random() * 12_000);
      for (let i = Math.floor(random() * 4); i > 0; i -= 1) {
        const from = random() < 0.2 ? 0 : random() * 8000;
        const lasts = random() * 6000;
        const trouble = one(troubles);
        const on = one(verbs);
        script.push(`${Math.round(from)}: ${JSON.stringify(trouble())} on ${on.join(',')} for ${Math.round(lasts)}`);
        after(from, () => {
          cluster.fault = (r) => (on.includes(r.verb) ? trouble() : null);
          if (on.includes('watch')) cluster.endWatches(lost);
        });
        after(from + lasts, () => {
          cluster.fault = () => null;
        });
      }
      if (random() < 0.3) after(random() * 8000, () => {
        cluster.endWatches(random() < 0.5 ? null : expired);
        if (random() < 0.5) cluster.compact();
      });
      if (random() < 0.3) {
        const until = NOW + random() * 6000;
        cluster.faultOnAnswer = (r) => (!r.dryRun && r.at < until && random() < 0.7 ? lost : null);
      }
      if (random() < 0.3) {
        const name = one(names);
        const when = random() * 9000;
        script.push(`${Math.round(when)}: ${name} is replaced`);
        after(when, () => {
          if (cluster.has(name)) cluster.remove(name);
          if (random() < 0.7) cluster.put(webPod(name, { metadata: { uid: `uid-${name}-2` } }));
        });
      }
      if (random() < 0.1) after(random() * 15_000, scene.interrupt);
    };
    try {
      const ran = await play({ argv, pods, others: webWorkload, play: scenes, limitMs: 900_000 });
      const { report, cluster } = ran;
      const isThere = ({ name, uid }: Ref): boolean => cluster.has(name) && cluster.pod(name).metadata.uid === uid;
      for (const target of report.targets) {
        const { name } = target.ref;
        const sent = cluster.deletes.filter((d) => d.what === `pods/${name}`);
        assert.ok(sent.every((d) => d.body?.preconditions.uid === target.ref.uid), 'another uid was sent');
        // What the server refused was not requested.
        const wasRefused = ['replaced', 'failed', 'already-gone'].includes(target.outcome);
        assert.ok(target.requestedAt === null ? sent.length === 0 || wasRefused : sent.length > 0, `${name}: ${target.outcome}, requested ${String(target.requestedAt)}, ${sent.length} sent`);
        switch (target.outcome) {
          case 'deleted':
          case 'already-gone':
          case 'replaced':
            assert.ok(!isThere(target.ref), `${name} is ${target.outcome} but there`);
            break;
          case 'not-attempted':
          case 'declined':
          case 'would-ask':
          case 'would-delete':
          case 'not-found':
          case 'blocked':
            assert.equal(sent.length, 0, `${name} is ${target.outcome}, and a DELETE was sent`);
            break;
          case 'accepted':
          case 'still-there':
          case 'interrupted':
          case 'unobserved':
          case 'failed':
            break;
          case 'evict-refused':
          case 'not-terminating':
          case 'nothing-matched':
          case 'plan-changed':
            assert.fail(`${name} is ${target.outcome}`);
        }
        if (target.outcome === 'replaced') assert.ok(report.exitCode !== 0);
        assert.doesNotMatch(JSON.stringify(target), /NaN|undefined/u);
      }
      const fine = report.targets.every((t) => ['deleted', 'already-gone', 'accepted', 'would-delete'].includes(t.outcome)) && report.error === null;
      const interrupted = ran.events.some((e) => e.type === 'interrupted');
      if (report.targets.length > 0) assert.equal(report.exitCode === 0, fine && !interrupted, `exit ${report.exitCode}`);
      if (report.goesOn) assert.ok(report.deletionRequested);
      const limit = (report.options.timeoutSeconds ?? 0) * 1000 + 50_000;
      assert.ok(ran.took <= limit, `${ran.took} ms`);
      assert.ok(cluster.requests.length <= 120 + (ran.took / 1000) * 8, `${cluster.requests.length} requests in ${ran.took} ms`);
    } catch (error) {
      throw new Error(`seed ${seed}: ${argv}\n${script.join('\n')}`, { cause: error });
    }
  });
}
