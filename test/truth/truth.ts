/**
 * npm run truth -- [--pods N] [--seed S] [--batch B] [--cluster NAME]: deletes N real pods of random mixes and holds every reported
 * exit code against containerd's own record of that process. Exit 0 only when all of them are true.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openCluster } from '../cluster/cluster.ts';
import { Api } from '../scenario/api.ts';
import type { Live } from '../scenario/api.ts';
import { executableFor } from '../scenario/executable.ts';
import { Manifests } from '../scenario/manifests.ts';
import { startPlugin } from '../scenario/plugin.ts';
import type { WireTarget } from '../../src/report/wire.ts';
import { wrongWith } from './compare.ts';
import { mixedPod, ways } from './mix.ts';
import type { MixedPod, Way } from './mix.ts';
import { randomOf } from './random.ts';
import { Recorder, statusesOf } from './recorder.ts';

const { values } = parseArgs({
  options: { pods: { type: 'string', default: '1000' }, seed: { type: 'string' }, batch: { type: 'string', default: '20' }, cluster: { type: 'string' } },
});
const total = Number(values.pods);
const batchSize = Number(values.batch);
const seed = Number(values.seed ?? randomInt(1_000_000_000));
const cluster = await openCluster(values.cluster);
const api = await Api.of(cluster.kubeconfig);
const executable = executableFor(cluster.kubectlPath, process.env);
const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });
const namespace = `truth-${randomBytes(3).toString('hex')}`;
const pods = { apiVersion: 'v1', kind: 'Pod', namespace } as const;

const sleep = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

const counts = new Map<string, number>();
const count = (what: string): void => {
  counts.set(what, (counts.get(what) ?? 0) + 1);
};
const violations: string[] = [];
let deleted = 0;

const untilStaged = async (batch: readonly MixedPod[]): Promise<void> => {
  const end = Date.now() + 120_000;
  for (;;) {
    const live = new Map((await api.list(pods)).map((p) => [p.metadata.name, p]));
    const late = batch.filter((b) => {
      const pod: Live | undefined = live.get(b.name);
      return pod === undefined || !b.isStaged(pod);
    });
    if (late.length === 0) return;
    if (Date.now() > end) throw new Error(`not staged within 120 s: ${late.map((b) => `${b.name} (${b.says})`).join(', ')}`);
    await sleep(300);
  }
};

const judge = async (pod: MixedPod, target: WireTarget, recorder: Recorder): Promise<void> => {
  const { uid } = target.ref;
  if (target.outcome !== 'deleted' || uid === null) {
    violations.push(`${pod.name} (${pod.says}): ${target.outcome}`);
    return;
  }
  for (let tries = 0; !recorder.isGone(uid) && tries < 100; tries += 1) await sleep(50);
  if (!recorder.isGone(uid)) {
    violations.push(`${pod.name} (${pod.says}): deleted, it says, and it is there`);
    return;
  }
  deleted += 1;
  const exits = cluster.taskExits();
  const last = recorder.last.get(uid);
  const requestedAt = target.requestedAt === null ? null : Date.parse(target.requestedAt);
  for (const said of target.containers) {
    count(said.verdict);
    const evidence = { ids: recorder.ids(uid, said.name), exits, last: last === undefined ? undefined : statusesOf(last).find((s) => s.name === said.name), requestedAt };
    const wrong = wrongWith(said, evidence);
    if (wrong !== null) violations.push(`${pod.name} (${pod.says}), ${said.name}: ${wrong}`);
  }
};

const deleteAll = async (way: Way, batch: readonly MixedPod[], recorder: Recorder): Promise<void> => {
  const those = batch.filter((b) => b.way === way);
  if (those.length === 0) return;
  const args = ['pod', ...those.map((b) => b.name), '-n', namespace, '-y', '-o', 'json', ...ways[way]];
  const environment = { HOME: process.env['HOME'], KUBECONFIG: cluster.kubeconfig };
  const run = await startPlugin(executable, { args, environment, tty: false, timeoutMs: 180_000 }).done;
  if (run.code !== 0) violations.push(`the run of ${way} ended with ${run.code}: ${run.report?.error?.message ?? run.report?.outcome ?? ''}`);
  for (const pod of those) {
    const target = run.report?.targets.find((t) => t.ref.name === pod.name);
    if (target === undefined) violations.push(`${pod.name} (${pod.says}): not in the report`);
    else await judge(pod, target, recorder);
  }
};

const begun = Date.now();
console.log(`seed ${seed}: ${total} pods, ${batchSize} at a time, with ${executable.title}`);
await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, '');
const random = randomOf(seed);
const recorder = new Recorder(api, namespace);
try {
  for (let from = 0; from < total; from += batchSize) {
    const batch = Array.from({ length: Math.min(batchSize, total - from) }, (_, i) => mixedPod(`p${from + i}`, random, make));
    for (const pod of batch) await api.create(pod.manifest, namespace);
    await untilStaged(batch);
    await Promise.all((Object.keys(ways) as readonly Way[]).map(async (way) => await deleteAll(way, batch, recorder)));
    console.log(`${from + batch.length} pods after ${Math.round((Date.now() - begun) / 1000)} s, ${violations.length} violations`);
  }
} finally {
  await api.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: '' }, namespace);
  await recorder.stop();
  api.close();
}
console.log([...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([verdict, n]) => `  ${verdict}: ${n}`).join('\n'));
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(`seed ${seed}: ${deleted} of ${total} pods deleted in ${Math.round((Date.now() - begun) / 1000)} s, ${violations.length} violations`);
process.exitCode = violations.length === 0 && deleted === total ? 0 : 1;
