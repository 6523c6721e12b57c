// Many pods at once, on fake nodes that kwok plays: against plain kubectl, and how time, memory and requests grow.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { onFakeNode, type AuditEvent, type RealCluster } from '../cluster/cluster.ts';
import { columns } from './numbers.ts';

export interface ManySubject {
  readonly title: string;
  readonly command: readonly string[];
  readonly consent: readonly string[];
  readonly agent: RegExp;
}

export interface Ended {
  readonly ms: number;
  /** Greatest resident memory, in MB; of a program that ends within the first look unknown. */
  readonly residentMb: number;
}

const FAKE_NODES = 20;
const AT_ONCE = 32;

const fakePod = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, labels: { bench: 'many' } },
  spec: { terminationGracePeriodSeconds: 5, automountServiceAccountToken: false, containers: [{ name: 'main', image: 'localhost/busybox:1' }], ...onFakeNode },
});

/** Makes that many pods and waits until all are Ready. */
const makePods = async (cluster: RealCluster, namespace: string, count: number): Promise<void> => {
  await cluster.fakeNodes(FAKE_NODES);
  const names = Array.from({ length: count }, (_, i) => `many-${i}`)[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      for (const name of names) {
        const { status, body } = await cluster.api('POST', `/api/v1/namespaces/${namespace}/pods`, fakePod(name));
        if (status !== 201) throw new Error(`${name}: ${status} ${body}`);
      }
    }),
  );
  for (const end = performance.now() + 600_000; performance.now() < end; await sleep(1000)) {
    const running = await cluster.get<{ readonly items: readonly unknown[]; readonly metadata: { readonly remainingItemCount?: number } }>(`/api/v1/namespaces/${namespace}/pods?limit=1&fieldSelector=status.phase%3DRunning`);
    if ((running?.items.length ?? 0) + (running?.metadata.remainingItemCount ?? 0) >= count) return;
    const all = await cluster.get<{ readonly items: readonly unknown[] }>(`/api/v1/namespaces/${namespace}/pods?fieldSelector=status.phase%3DRunning`);
    if ((all?.items.length ?? 0) >= count) return;
  }
  throw new Error(`${count} pods of fake nodes did not come up in 10 min`);
};

/** Runs it to its end and looks at its memory on the way (Linux). */
const watched = async ([command = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  await new Promise((done, fail) => {
    const started = performance.now();
    let output = '';
    let residentMb = 0;
    const child = spawn(command, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString('utf8')).slice(-4000)));
    const looking = setInterval(() => {
      try {
        const high = /VmHWM:\s+(\d+) kB/u.exec(readFileSync(`/proc/${child.pid ?? 0}/status`, 'utf8'))?.[1];
        residentMb = Math.max(residentMb, Number(high ?? 0) / 1000);
      } catch {
        // It has just ended, or this is not Linux.
      }
    }, 100);
    child.once('error', fail);
    child.once('close', (code) => {
      clearInterval(looking);
      if (code === 0) done({ ms: performance.now() - started, residentMb });
      else fail(new Error(`${[command, ...args].join(' ')} ended with ${String(code)}:\n${output}`));
    });
  });

const isContinued = ({ requestURI }: AuditEvent): boolean => /[?&]continue=/u.test(requestURI);

/** Requests before the first DELETE, without the probes (one a target) and the further pages of lists. */
const readsBefore = (events: readonly AuditEvent[]): number => {
  const first = events.findIndex(({ verb, dryRun }) => verb === 'delete' && !dryRun);
  return events.slice(0, first < 0 ? events.length : first).filter((e) => !e.dryRun && !isContinued(e)).length;
};

const seconds = (ms: number): string => (ms / 1000).toFixed(1);

const deleteAll = async (cluster: RealCluster, { command, consent, agent }: ManySubject, count: number): Promise<Ended & { readonly before: number; readonly requests: number }> => {
  const namespace = await cluster.createNamespace('bench-many');
  try {
    await makePods(cluster, namespace, count);
    await sleep(2000);
    const mark = cluster.auditMark();
    const ended = await watched([...command, 'pod', '--all', '-n', namespace, ...consent], { ...process.env, KUBECONFIG: cluster.kubeconfig });
    const events = await cluster.auditSince(mark, ({ userAgent }) => agent.test(userAgent));
    return { ...ended, before: readsBefore(events), requests: events.length };
  } finally {
    await cluster.deleteNamespace(namespace);
  }
};

/** The same number of pods, with every subject in turn; gives the table. */
export const deleteMany = async (cluster: RealCluster, subjects: readonly ManySubject[], count: number): Promise<string> => {
  const rows: string[][] = [];
  let base = Number.NaN;
  for (const [index, subject] of subjects.entries()) {
    const { ms, residentMb, requests } = await deleteAll(cluster, subject, count);
    if (index === 0) base = ms;
    rows.push([subject.title, seconds(ms), index === 0 ? '' : (base / ms).toFixed(1), residentMb === 0 ? '' : residentMb.toFixed(0), String(requests)]);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return columns([['', 's', 'times faster than the first', 'resident MB', 'requests'], ...rows]);
};

/** How the requests before the first DELETE depend on the number of pods of one namespace. */
export const readsForMany = async (cluster: RealCluster, subject: ManySubject, counts: readonly number[]): Promise<string> => {
  const rows: string[][] = [];
  for (const count of counts) {
    const { before, requests } = await deleteAll(cluster, subject, count);
    rows.push([String(count), String(before), String(requests)]);
    process.stderr.write('.');
  }
  process.stderr.write('\n');
  return columns([['pods of one namespace', 'requests before the first DELETE, probes and pages apart', 'all requests'], ...rows]);
};
