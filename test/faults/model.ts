/**
 * One random run: a cluster with actors, a connection with troubles, one command line through main(), all under a driven clock. Gives
 * every promise that the run broke.
 */
import { main } from '../../src/main.ts';
import { openPort } from '../../src/cluster/transport.ts';
import type { DeletionReport } from '../../src/report/wire.ts';
import { drivenClock } from '../embedded/clock.ts';
import { startEmbedded } from '../embedded/embedded.ts';
import { inProcess } from '../embedded/in-process.ts';
import { requestInfo } from '../embedded/request.ts';
import { randomOf } from '../truth/random.ts';
import { troublesOf } from './fault.ts';
import type { Traffic } from './pipe.ts';
import { actingOf, commandOf, fill } from './play.ts';
import { brokenPromises } from './promises.ts';
import { FaultyServer } from './server.ts';
import { modelWorld } from './world.ts';

export interface ModelRun {
  readonly seed: number;
  readonly argv: readonly string[];
  /** What happened to it: troubles and actors. */
  readonly script: readonly string[];
  readonly exitCode: number | null;
  readonly report: DeletionReport | null;
  readonly stderr: string;
  /** Milliseconds of driven time. */
  readonly took: number;
  /** Requests that met a fault. */
  readonly met: number;
  readonly broken: readonly string[];
}

const START = Date.UTC(2026, 2, 1, 12);

/** Waits until nothing moves on the connections any more: only then may time pass. */
const stillness = (traffic: Traffic) => async (): Promise<void> => {
  for (let still = 0; still < 2; ) {
    const before = traffic.moved;
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
    still = traffic.moved === before ? still + 1 : 0;
  }
};

const reportIn = (stdout: string): DeletionReport | null => {
  const last = stdout.trimEnd().startsWith('{"') ? (stdout.trimEnd().split('\n').at(-1) ?? '') : stdout;
  try {
    return JSON.parse(last) as DeletionReport;
  } catch {
    return null;
  }
};

/** Plays the run of a seed. */
export const playSeed = async (seed: number): Promise<ModelRun> => {
  const random = randomOf(seed);
  const traffic: Traffic = { moved: 0 };
  const clock = drivenClock(START, stillness(traffic));
  const cluster = await startEmbedded({ clock, port: -1, nodes: ['node-1', 'node-2'] });
  const send = inProcess(cluster);
  await fill(cluster, random);
  await clock.advance(random.one([0, 1500, 3000, 3000, 3000]));
  const argv = commandOf(random);
  const troubles = troublesOf(random);
  const server = new FaultyServer({ handle: cluster.handle, clock, troubles, random, traffic });
  const person = argv.some((w) => w.startsWith('-o')) || random.chance(0.5) ? null : random.one(['y', 'yes', 'n', '', 'p0', '2']);
  const skew = random.one([0, 0, 0, -400_000, 3_000_000]);
  const kept = modelWorld(clock, skew, person);
  const acting = actingOf(random, {
    cluster,
    kill: () => {
      server.kill();
    },
    restart: () => {
      server.isUp = true;
    },
    interrupt: kept.interrupt,
  });
  const startedAt = clock.now();
  for (const { at, act } of acting) {
    clock.setTimer(at, () => void Promise.resolve(act()).catch((error: unknown) => {
      throw error;
    }));
  }
  const rejections: string[] = [];
  const onRejection = (why: unknown): void => {
    rejections.push(why instanceof Error ? (why.stack ?? why.message) : String(why));
  };
  process.on('unhandledRejection', onRejection);
  const before = await objectsOf(send);
  let exitCode: number | null = null;
  const broken: string[] = [];
  let endedAt = 0;
  try {
    const over = main([...argv, '-n', 'shop'], kept.world, async (_flags, world) => {
      const credential = { authorization: 'Bearer admin-token', certificate: null };
      const port = openPort(
        {
          server: { secure: false, host: '127.0.0.1', port: 1, prefix: '', authority: '127.0.0.1:1' },
          tls: { ca: null, insecure: false, serverName: null },
          credentials: { current: async () => await Promise.resolve({ ok: true, credential }), renewed: async () => await Promise.resolve(null) },
          headers: [], proxy: null, userAgent: 'kubectl-safe_delete/model', requestTimeoutMs: null, compression: false,
        },
        world,
        { dial: server.dial },
      );
      return await Promise.resolve({ ok: true as const, value: { port, context: { name: 'model', cluster: 'model', server: 'http://127.0.0.1:1', user: 'admin', namespace: 'shop' } } });
    }).finally(() => {
      endedAt = clock.now();
    });
    exitCode = await clock.runUntil(over, { limit: 3600_000 });
  } catch (error) {
    broken.push(`it did not end by itself: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
  }
  await clock.settle();
  const took = endedAt - startedAt;
  if (kept.asleep() > 0) broken.push(`${kept.asleep()} timers were left behind`);
  const served = [...server.served];
  await clock.advance(200);
  if (server.served.some((s) => s.at > endedAt)) broken.push('requests after the end');
  const now = await objectsOf(send);
  process.off('unhandledRejection', onRejection);
  for (const rejection of rejections) broken.push(`unhandled rejection: ${rejection}`);
  const machine = argv.includes('-o');
  const report = machine && ['json', 'ndjson'].includes(argv[argv.indexOf('-o') + 1] ?? '') ? reportIn(kept.stdout()) : null;
  if (exitCode !== null) broken.push(...brokenPromises({ argv, exitCode, report, stdout: kept.stdout(), stderr: kept.stderr(), questions: kept.questions(), hasPerson: person !== null, interrupted: acting.some((a) => a.says === 'Ctrl-C'), served: served.map((s) => ({ ...s, info: requestInfo(s.method, s.url) })), before, now, took, startedAt }));
  server.close();
  await cluster.stop();
  const script = [...troubles.map((t) => `${t.from}-${t.to} ms: ${JSON.stringify(t.fault)} on ${t.on.join(',')} (${t.probability})`), ...acting.map((a) => `${a.at} ms: ${a.says}`), `clock off by ${skew} ms`, person === null ? 'nobody there' : `a person types ${JSON.stringify(person)}`];
  return { seed, argv, script, exitCode, report, stderr: kept.stderr(), took, met: served.filter((s) => s.fault !== null || s.code === null).length, broken };
};

/** Everything with a uid in the namespace, by uid. */
const objectsOf = async (send: ReturnType<typeof inProcess>): Promise<ReadonlyMap<string, string>> => {
  const found = new Map<string, string>();
  for (const path of ['/api/v1/namespaces/shop/pods', '/api/v1/namespaces/shop/configmaps', '/api/v1/namespaces/shop/services', '/apis/apps/v1/namespaces/shop/deployments', '/apis/apps/v1/namespaces/shop/replicasets', '/apis/apps/v1/namespaces/shop/statefulsets']) {
    const { items } = (await send('GET', path)).body as { readonly items: readonly { readonly metadata: { readonly uid: string; readonly name: string } }[] };
    for (const { metadata } of items) found.set(metadata.uid, `${path.split('/').at(-1) ?? ''}/${metadata.name}`);
  }
  return found;
};
