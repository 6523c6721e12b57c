/**
 * Where the runs of the documentation are played: main() over pipes against an embedded cluster, under a driven clock and with seeded names,
 * so that the same sources give the same text to the letter.
 */
// What the product loads late is loaded beforehand: no driven time may pass while the machine reads a file.
import '../../src/report/ci/files.ts';
import '../../src/report/ci/markdown.ts';
import '../../src/report/human/live.ts';
import '../../src/report/human/table.ts';
import 'yargs';
import { openPort } from '../../src/cluster/transport.ts';
import { main } from '../../src/main.ts';
import type { DeletionReport } from '../../src/report/wire.ts';
import { drivenClock } from '../embedded/clock.ts';
import type { Rule } from '../embedded/auth.ts';
import { startEmbedded, type EmbeddedCluster } from '../embedded/embedded.ts';
import { inProcess } from '../embedded/in-process.ts';
import { seedRandom } from '../embedded/random.ts';
import type { Traffic } from '../faults/pipe.ts';
import { FaultyServer } from '../faults/server.ts';
import { modelWorld } from '../faults/world.ts';
import { pathOf, type Manifest } from '../scenario/api.ts';
import { Manifests } from '../scenario/manifests.ts';
import { randomOf } from '../truth/random.ts';

const START = Date.UTC(2026, 4, 6, 9, 30);
const ADDRESS = '127.0.0.1:6443';

export const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });

/** How a run is started. */
export interface How {
  /** Columns of the terminal; absent: there is none, and nobody is asked. */
  readonly terminal?: number;
  readonly color?: boolean;
  /** What the person at the terminal types. */
  readonly answer?: string;
  /** Whose token is sent; absent: the administrator's. */
  readonly token?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after the start at which something happens beside the run. */
  readonly meanwhile?: readonly { readonly at: number; readonly act: (stage: Stage) => Promise<void> | void }[];
  /** What happens between the checks and the first DELETE. */
  readonly beforeDelete?: (stage: Stage) => Promise<void>;
  /** Milliseconds after the start at which Ctrl-C is pressed. */
  readonly interruptAt?: number;
  /** Milliseconds after the start at which the screen is kept. */
  readonly looks?: readonly number[];
}

export interface Ran {
  readonly words: readonly string[];
  readonly exitCode: number;
  readonly stdout: string;
  /** Both streams and what was typed, in the order in which a terminal gets them. */
  readonly shown: string;
  /** The same up to each of the moments that were asked for. */
  readonly looks: readonly string[];
  /** The files that it wrote. */
  readonly files: ReadonlyMap<string, string>;
}

const quoted = (word: string): string => (/^[\w./:=,@%+-]+$/u.test(word) ? word : `'${word}'`);

/** The command line as a person types it. */
export const commandLine = (words: readonly string[]): string => ['kubectl', 'safe-delete', ...words.map(quoted)].join(' ');

export class Stage {
  readonly cluster: EmbeddedCluster;
  readonly #clock: ReturnType<typeof drivenClock>;
  readonly #traffic: Traffic;
  readonly #send: ReturnType<typeof inProcess>;
  #server: FaultyServer | null = null;

  private constructor(cluster: EmbeddedCluster, clock: ReturnType<typeof drivenClock>, traffic: Traffic) {
    this.cluster = cluster;
    this.#clock = clock;
    this.#traffic = traffic;
    this.#send = inProcess(cluster);
  }

  /** A cluster with one node and the namespace `shop`; `seed` decides the names that it generates. */
  static async open(seed: number): Promise<Stage> {
    seedRandom(seed);
    // The product spreads its pauses by chance.
    Math.random = randomOf(seed).next;
    const traffic: Traffic = { moved: 0 };
    const clock = drivenClock(START, async () => {
      for (let still = 0; still < 2; ) {
        const before = traffic.moved;
        await new Promise<void>((resolve) => {
          setImmediate(resolve);
        });
        still = traffic.moved === before ? still + 1 : 0;
      }
    });
    const stage = new Stage(await startEmbedded({ clock, port: -1 }), clock, traffic);
    await stage.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    return stage;
  }

  async create(manifest: Manifest, namespace = 'shop'): Promise<void> {
    await this.send('POST', pathOf({ ...manifest, namespace }), manifest);
  }

  async send(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await this.#send(method, path, body, { headers: { 'user-agent': 'kubectl/v1.36.3' } });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** The first pod whose name begins so. */
  async podOf(workload: string, namespace = 'shop'): Promise<string> {
    const { items } = (await this.send('GET', `/api/v1/namespaces/${namespace}/pods`)) as { readonly items: readonly { readonly metadata: { readonly name: string } }[] };
    const found = items.map((p) => p.metadata.name).find((name) => name.startsWith(`${workload}-`));
    if (found === undefined) throw new Error(`no pod of ${workload}`);
    return found;
  }

  async pass(ms: number): Promise<void> {
    await this.#clock.advance(ms);
  }

  /** Breaks the connections of the run; new ones are accepted. */
  cut(): void {
    this.#server?.kill();
    if (this.#server !== null) this.#server.isUp = true;
  }

  user(token: string, rules: readonly Rule[]): void {
    this.cluster.user(token, rules);
  }

  /** Runs one command line to its end. */
  async run(words: readonly string[], how: How = {}): Promise<Ran> {
    const clock = this.#clock;
    let beforeDelete = how.beforeDelete;
    const handle: EmbeddedCluster['handle'] = async (request) => {
      if (request.method === 'DELETE' && !request.url.includes('dryRun') && !request.body.includes('dryRun') && beforeDelete !== undefined) {
        const act = beforeDelete;
        beforeDelete = undefined;
        await act(this);
      }
      return await this.cluster.handle(request);
    };
    const server = new FaultyServer({ handle, clock, troubles: [], random: randomOf(1), traffic: this.#traffic });
    this.#server = server;
    const kept = modelWorld(clock, 0, how.answer ?? (how.terminal === undefined ? null : ''));
    let stdout = '';
    let shown = '';
    const looks: string[] = [];
    const files = new Map<string, string>();
    const isTTY = how.terminal !== undefined;
    const sink = (also: (text: string) => void) => ({
      isTTY,
      columns: () => how.terminal ?? 100,
      rows: () => 60,
      write: (text: string) => {
        shown += text;
        also(text);
      },
    });
    const write = async (path: string, data: string): Promise<void> => {
      files.set(path, data);
      await Promise.resolve();
    };
    const readLine = kept.world.stdin.readLine;
    const world: typeof kept.world = {
      ...kept.world,
      env: { ...kept.world.env, ...(how.color === true ? { FORCE_COLOR: '1' } : { NO_COLOR: '1' }), ...how.env },
      stdin: {
        ...kept.world.stdin,
        isTTY,
        readLine: async (signal) => {
          const line = await readLine(signal);
          shown += `${line ?? ''}\n`;
          return line;
        },
      },
      stdout: sink((text) => {
        stdout += text;
      }),
      stderr: sink(() => undefined),
      files: { ...kept.world.files, write, replace: write, makeDirectory: async () => await Promise.resolve(), append: async (path, data) => await write(path, (files.get(path) ?? '') + data) },
    };
    for (const at of how.looks ?? []) clock.setTimer(at, () => looks.push(shown));
    if (how.interruptAt !== undefined) clock.setTimer(how.interruptAt, kept.interrupt);
    for (const { at, act } of how.meanwhile ?? []) {
      clock.setTimer(at, () => {
        Promise.resolve(act(this)).catch((error: unknown) => {
          console.error('what should have happened meanwhile failed:', error);
          process.exitCode = 1;
        });
      });
    }
    const over = main(words, world, async (flags, of) => {
      const credential = { authorization: `Bearer ${how.token ?? 'admin-token'}`, certificate: null };
      const port = openPort(
        {
          server: { secure: false, host: '127.0.0.1', port: 6443, prefix: '', authority: ADDRESS },
          tls: { ca: null, insecure: false, serverName: null },
          credentials: { current: async () => await Promise.resolve({ ok: true, credential }), renewed: async () => await Promise.resolve(null) },
          headers: [], proxy: null, userAgent: 'kubectl-safe_delete/docs', requestTimeoutMs: null, compression: false,
        },
        of,
        { dial: server.dial },
      );
      const user = (how.token ?? 'admin-token').replace(/-token$/u, '');
      return await Promise.resolve({ ok: true as const, value: { port, context: { name: 'dev', cluster: 'dev', server: `https://${ADDRESS}`, user, namespace: flags.namespace ?? 'default' } } });
    });
    const exitCode = await clock.runUntil(over, { limit: 3600_000 });
    await clock.settle();
    server.close();
    return { words, exitCode, stdout, shown, looks, files };
  }

  async close(): Promise<void> {
    await this.cluster.stop();
  }
}

/** The report that a run with `-o json` or `-o ndjson` printed. */
export const reportOf = (ran: Ran): DeletionReport => {
  const text = ran.words.includes('ndjson') ? (ran.stdout.trimEnd().split('\n').at(-1) ?? '') : ran.stdout;
  return JSON.parse(text) as DeletionReport;
};
