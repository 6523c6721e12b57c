/** A run over many pods in one process, without a network: what the engine itself takes. `node test/run/many-pods.ts [COUNT]` prints it. */
import { realClock } from '../connection/world.ts';
import { healthyNode, pod } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import type { Event } from '../../src/events/event.ts';
import { emptyRun, step } from '../../src/report/fold.ts';
import { reportOf } from '../../src/report/report.ts';
import type { DeletionReport } from '../../src/report/wire.ts';
import { run } from '../../src/run/run.ts';
import { MemoryCluster } from './memory-cluster.ts';
import { optionsOf } from './running.ts';

export interface ManyPods {
  readonly report: DeletionReport;
  readonly cluster: MemoryCluster;
  /** Milliseconds until the plan, until the end, and for the report. */
  readonly planned: number;
  readonly took: number;
  readonly reported: number;
}

const neverAsked = (): never => {
  throw new Error('not asked for');
};

/** Deletes that many pods; the kubelet takes each away as soon as it is marked. */
export const manyPods = async (count: number, kind: 'bare' | 'owned' = 'bare'): Promise<ManyPods> => {
  const names = Array.from({ length: count }, (_, i) => `web-${i}`);
  const pods = names.map((name) => (kind === 'bare' ? pod(name) : webPod(name)));
  const cluster = new MemoryCluster(realClock, pods, kind === 'bare' ? healthyNode() : webWorkload);
  for (const name of kind === 'bare' ? names : [...names, 'web-spare']) {
    cluster.onMarked(name, () => {
      setImmediate(() => {
        if (cluster.has(name)) cluster.remove(name);
      });
    });
  }
  const options = await optionsOf('pod --all -y --check-timeout=120s');
  const context = { name: 'here', cluster: 'here', server: 'https://here:6443', user: 'jane', namespace: 'shop' };
  const startedAt = Date.now();
  const header = { toolVersion: '0.0.0', startedAt, dryRun: false, ignoreNotFound: true, context, options: { gracePeriodSeconds: null, cascade: 'background' as const, evict: false, wait: true, timeoutSeconds: null, until: 'gone' as const } };
  let state = emptyRun(header);
  let planned = 0;
  const begun = performance.now();
  await run({
    options,
    port: cluster.port,
    context,
    sources: { discovery: { current: neverAsked, fresh: neverAsked }, manifests: neverAsked, remembered: { matched: null } },
    files: { read: neverAsked, write: neverAsked, append: neverAsked, makeDirectory: neverAsked, replace: neverAsked, look: neverAsked, list: neverAsked },
    clock: realClock,
    serverNow: Date.now,
    signal: new AbortController().signal,
    emit: (event: Event) => {
      if (event.type === 'plan') planned = performance.now() - begun;
      state = step(state, event);
    },
    ask: neverAsked,
    mayAsk: false,
  });
  const took = performance.now() - begun;
  const report = reportOf(state, Date.now());
  cluster.port.close();
  return { report, cluster, planned, took, reported: performance.now() - begun - took };
};

if (process.argv[1] === import.meta.filename) {
  const count = Number(process.argv[2] ?? 1000);
  const { report, planned, took, reported, cluster } = await manyPods(count, process.argv[3] === 'owned' ? 'owned' : 'bare');
  process.stdout.write(`${count} pods: plan ${Math.round(planned)} ms, all ${Math.round(took)} ms, report ${Math.round(reported)} ms, ${cluster.requests.length} requests, ${Math.round(process.memoryUsage.rss() / 1e6)} MB, ${JSON.stringify(report.summary['deleted'])} deleted, exit ${report.exitCode}\n`);
}
