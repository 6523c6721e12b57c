/**
 * `npm run bench [-- -n ROUNDS] [--name CLUSTER] [--binary FILE]... [--only PART]... [--write FILE]`: how long a deletion takes with the binary and with the bundle, against plain
 * `kubectl delete`, on a real cluster, and how many requests each makes. In every round each subject deletes one pod of the same kind,
 * in turning order; ratios are of runs of the same round. It measures and never judges: no test depends on it.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { loadavg } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openCluster, type AuditEvent, type RealCluster } from '../cluster/cluster.ts';
import { takeDown } from '../cluster/down.ts';
import { bringUp } from '../cluster/up.ts';
import { type GoneWatch, watchGone } from './gone.ts';
import { deleteMany, readsForMany } from './many.ts';
import { columns, shown, spreadOf } from './numbers.ts';
import { Page } from './page.ts';
import { barePod, deployment } from './workloads.ts';

const root = new URL('../../', import.meta.url).pathname;

interface Subject {
  readonly title: string;
  /** The command without the pod: `kubectl delete`, `kubectl-safe_delete`. */
  readonly command: readonly string[];
  /** The command that only prints a version. */
  readonly version: readonly string[];
  readonly agent: RegExp;
  /** What it is told besides the pod; a bare pod needs consent. */
  readonly consent: readonly string[];
  readonly path: readonly string[];
}

interface Run {
  readonly ms: number;
  /** From the pod's end in the API to the end of the process. */
  readonly afterGoneMs: number | undefined;
  readonly requests: number;
  readonly beforeDelete: number;
}

const subjectsOf = (cluster: RealCluster, binaries: readonly string[]): readonly [Subject, ...Subject[]] => {
  const ours = { agent: /^kubectl-safe_delete\//, consent: ['--yes'] };
  const bundle = [process.execPath, join(root, 'dist/kubectl-safe_delete.mjs')];
  return [
    { title: 'kubectl delete', command: [cluster.kubectlPath, 'delete'], version: [cluster.kubectlPath, 'version', '--client'], agent: /^kubectl\//, consent: [], path: [] },
    ...binaries.flatMap((file): readonly Subject[] => {
      const name = binaries.length === 1 ? 'binary' : `binary in ${basename(dirname(file))}/`;
      return [
        { ...ours, title: name, command: [file], version: [file, '--version'], path: [] },
        { ...ours, title: `kubectl safe-delete, ${name}`, command: [cluster.kubectlPath, 'safe-delete'], version: [cluster.kubectlPath, 'safe-delete', '--version'], path: [dirname(file)] },
      ];
    }),
    { ...ours, title: `bundle, Node ${process.versions.node}`, command: bundle, version: [...bundle, '--version'], path: [] },
  ];
};

/** Runs a command to its end; the milliseconds until it ended, on the clock of performance.now(). */
const timed = async ([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<{ readonly ms: number; readonly endedAt: number }> =>
  await new Promise((done, fail) => {
    const started = performance.now();
    let endedAt = 0;
    let output = '';
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
    child.once('error', fail);
    child.once('exit', () => (endedAt = performance.now()));
    child.once('close', (code) => {
      if (code === 0) done({ ms: endedAt - started, endedAt });
      else fail(new Error(`${[command, ...args].join(' ')} ended with ${String(code)}:\n${output}`));
    });
  });

/** How many requests were received before the DELETE that deletes; a dry run's counts among them. */
const countBeforeDelete = (events: readonly AuditEvent[]): number => {
  const first = events.find(({ verb, dryRun }) => verb === 'delete' && !dryRun);
  // The same millisecond counts as before: the watch that stands first may come that close.
  return first === undefined ? events.length : events.filter((event) => event !== first && event.receivedAt.getTime() <= first.receivedAt.getTime()).length;
};

interface Bench {
  readonly cluster: RealCluster;
  readonly namespace: string;
  readonly gone: GoneWatch;
}

const envOf = (cluster: RealCluster, subject: Subject): NodeJS.ProcessEnv => ({ ...process.env, KUBECONFIG: cluster.kubeconfig, PATH: [...subject.path, process.env['PATH'] ?? ''].join(':') });

const deleteOne = async ({ cluster, namespace, gone }: Bench, subject: Subject, pod: string, phaseMs: number): Promise<Run> => {
  // The kubelet looks at its containers once a second, and so a run that follows another at once would always wait for the next
  // look. Every subject of a round starts equally long after the end of the run before it; rounds differ.
  await sleep(phaseMs);
  const mark = cluster.auditMark();
  const { ms, endedAt } = await timed([...subject.command, 'pod', pod, '-n', namespace, ...subject.consent], envOf(cluster, subject));
  const events = await cluster.auditSince(mark, ({ userAgent }) => subject.agent.test(userAgent));
  const goneAt = gone.goneAt(pod);
  return { ms, afterGoneMs: goneAt === undefined ? undefined : endedAt - goneAt, requests: events.length, beforeDelete: countBeforeDelete(events) };
};

/** Waits until as many pods of a label are Ready and not on their way out; gives their names. */
const readyPods = async ({ cluster, namespace }: Bench, label: string, count: number): Promise<readonly string[]> => {
  interface Pods {
    readonly items: readonly { readonly metadata: { readonly name: string; readonly deletionTimestamp?: string }; readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] } }[];
  }
  for (const deadline = performance.now() + 120_000; performance.now() < deadline; await sleep(200)) {
    const pods = await cluster.get<Pods>(`/api/v1/namespaces/${namespace}/pods?labelSelector=bench%3D${label}`);
    const ready = (pods?.items ?? []).filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true);
    if (ready.length >= count && ready.length === pods?.items.length) return ready.map(({ metadata }) => metadata.name);
  }
  throw new Error(`no ${count} Ready pods of bench=${label} in ${namespace} after 2 min`);
};

type Runs = ReadonlyMap<Subject, Run[]>;

/** Every round in an order turned by one, and backwards every second time. */
const orderOf = (subjects: readonly Subject[], round: number): readonly Subject[] => {
  const turned = [...subjects.slice(round % subjects.length), ...subjects.slice(0, round % subjects.length)];
  return round % 2 === 0 ? turned : turned.toReversed();
};

const rounds = async (bench: Bench, subjects: readonly Subject[], count: number, podsFor: (round: number) => Promise<readonly string[]>): Promise<Runs> => {
  const runs = new Map(subjects.map((subject): [Subject, Run[]] => [subject, []]));
  for (let round = 0; round < count; round += 1) {
    const [toBegin = '', ...pods] = await podsFor(round);
    await sleep(500);
    await timed([bench.cluster.kubectlPath, 'delete', 'pod', toBegin, '-n', bench.namespace], { ...process.env, KUBECONFIG: bench.cluster.kubeconfig });
    const phaseMs = 50 + ((round * 370) % 1000);
    for (const [index, subject] of orderOf(subjects, round).entries()) runs.get(subject)?.push(await deleteOne(bench, subject, pods[index] ?? '', phaseMs));
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return runs;
};

const tableOf = ([first, ...others]: readonly [Subject, ...Subject[]], runs: Runs): string => {
  const of = (subject: Subject): readonly Run[] => runs.get(subject) ?? [];
  const base = of(first);
  const line = (subject: Subject): readonly string[] => {
    const own = of(subject);
    const late = own.flatMap(({ afterGoneMs }) => (afterGoneMs === undefined ? [] : [afterGoneMs]));
    return [
      subject.title,
      shown(spreadOf(own.map(({ ms }) => ms))),
      subject === first ? '' : shown(spreadOf(own.map(({ ms }, round) => ms / (base[round]?.ms ?? Number.NaN))), 2),
      late.length === 0 ? 'not seen' : shown(spreadOf(late)),
      shown(spreadOf(own.map(({ beforeDelete }) => beforeDelete))),
      shown(spreadOf(own.map(({ requests }) => requests))),
    ];
  };
  return columns([['', 'ms', 'ratio to kubectl', 'ms after the pod was gone', 'requests before DELETE', 'requests'], ...[first, ...others].map(line)]);
};

const startTimes = async (cluster: RealCluster, subjects: readonly Subject[], count: number): Promise<string> => {
  const times = new Map(subjects.map((subject): [Subject, number[]] => [subject, []]));
  for (let round = 0; round < count; round += 1) {
    for (const subject of orderOf(subjects, round)) times.get(subject)?.push((await timed(subject.version, envOf(cluster, subject))).ms);
  }
  return columns([['', 'ms'], ...subjects.map((subject) => [subject.title, shown(spreadOf(times.get(subject) ?? []))])]);
};

/** The parts that `--only` takes. The last two need minutes and a machine of their own. */
const PARTS = ['start', 'bare', 'owned', 'requests', 'thousand', 'ten-thousand'] as const;
type Part = (typeof PARTS)[number];

const bench = async (cluster: RealCluster, binaries: readonly string[], count: number, parts: ReadonlySet<Part>, page: Page): Promise<void> => {
  const subjects = subjectsOf(cluster, binaries);
  const namespace = await cluster.createNamespace('bench');
  const gone = await watchGone(cluster, namespace);
  const here: Bench = { cluster, namespace, gone };
  // One more than subjects: the first is deleted to begin the round.
  const podsOfRound = subjects.length + 1;
  try {
    console.log(`${count} rounds, ${subjects.length} subjects, load ${loadavg()[0]?.toFixed(1) ?? ''}; median (least–greatest)`);
    if (parts.has('start')) page.add('Start, printing the version', await startTimes(cluster, subjects, 2 * count));
    const bare = !parts.has('bare') ? null : await rounds(here, subjects, count, async (round) => {
      await cluster.apply(Array.from({ length: podsOfRound }, (_, index) => barePod(`bare-${round}-${index}`)), namespace);
      return await readyPods(here, 'bare', podsOfRound);
    });
    if (bare !== null) page.add('A bare pod that ends at once on SIGTERM', tableOf(subjects, bare));
    if (parts.has('owned')) {
      await cluster.apply([deployment(podsOfRound)], namespace);
      page.add("A Deployment's pod that ends at once on SIGTERM", tableOf(subjects, await rounds(here, subjects, count, async () => await readyPods(here, 'web', podsOfRound))));
    }
    // The first is plain kubectl, the second the binary itself.
    const [kubectl, ours = kubectl] = subjects;
    if (parts.has('requests')) page.add('Requests before the first DELETE', await readsForMany(cluster, ours, [1, 200]));
    if (parts.has('thousand')) page.add('1,000 pods on fake nodes (kwok), all checks on', await deleteMany(cluster, [kubectl, ours], 1000));
    if (parts.has('ten-thousand')) page.add('10,000 pods on fake nodes (kwok), all checks on', await deleteMany(cluster, [ours], 10_000));
    console.log(`\nload ${loadavg()[0]?.toFixed(1) ?? ''}`);
  } finally {
    gone.close();
    await cluster.deleteNamespace(namespace);
  }
};

const { values } = parseArgs({ options: { rounds: { type: 'string', short: 'n', default: '7' }, name: { type: 'string' }, only: { type: 'string', multiple: true, default: [] }, write: { type: 'string' }, binary: { type: 'string', multiple: true, default: [join(root, 'dist/bin/kubectl-safe_delete')] } } });
const count = Number(values.rounds);
if (!Number.isSafeInteger(count) || count < 1) throw new Error(`-n takes a number of rounds, not "${values.rounds}"`);
const isPart = (part: string): part is Part => PARTS.some((known) => known === part);
for (const part of values.only) if (!isPart(part)) throw new Error(`--only takes ${PARTS.join(', ')}, not "${part}"`);
const parts = new Set<Part>(values.only.length === 0 ? PARTS : values.only.filter(isPart));
const page = new Page();
const binaries = values.binary.map((file) => resolve(file));
for (const file of [...binaries, join(root, 'dist/kubectl-safe_delete.mjs')]) {
  if (!existsSync(file)) throw new Error(`${file} is not there: npm run build, npm run binary`);
}
const benchOn = async (name: string): Promise<void> => {
  const cluster = await openCluster(name);
  await bench(cluster, binaries, count, parts, page);
  if (values.write !== undefined) await page.write(values.write, (await cluster.get<{ readonly gitVersion?: string }>('/version'))?.gitVersion ?? '');
};

if (values.name === undefined) {
  await bringUp('bench');
  try {
    await benchOn('bench');
  } finally {
    await takeDown('bench');
  }
} else {
  await benchOn(values.name);
}
