/**
 * npm run outages -- [--runs N] [--seed S] [--cluster NAME]: deletes real pods while the real API server is killed at a random moment and
 * started again. Every run has to end with what is so: deleted only what is gone, each code as containerd recorded it, nothing touched
 * where it says that nothing was requested. Exit 0 only then. It needs the cluster for itself.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { openCluster } from '../cluster/cluster.ts';
import { Api } from '../scenario/api.ts';
import { executableFor } from '../scenario/executable.ts';
import { ignoresTerm, Manifests, onTerm } from '../scenario/manifests.ts';
import { startPlugin } from '../scenario/plugin.ts';
import type { PluginRun } from '../scenario/plugin.ts';
import { randomOf } from '../truth/random.ts';
import { Recorder } from '../truth/recorder.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '200' }, seed: { type: 'string' }, cluster: { type: 'string' } } });
const runs = Number(values.runs);
const seed = Number(values.seed ?? randomInt(1_000_000_000));
const cluster = await openCluster(values.cluster);
const executable = executableFor(cluster.kubectlPath, process.env);
const api = await Api.of(cluster.kubeconfig);
const make = new Manifests({ image: 'localhost/busybox:1', imagePullPolicy: 'Never' });
const namespace = `outage-${randomBytes(3).toString('hex')}`;
const where = { apiVersion: 'v1', kind: 'Pod', namespace } as const;
const random = randomOf(seed);
const violations: string[] = [];
const outcomes = new Map<string, number>();

const sleep = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

/** What is wrong with the account of a run, once the server answers again. */
const wrongWith = async (name: string, uid: string, run: PluginRun, recorder: Recorder): Promise<string | null> => {
  const { report } = run;
  if (report === null) return 'no report';
  const target = report.targets[0];
  const now = await api.find(where, name);
  const isThere = now?.metadata.uid === uid;
  const outcome = target?.outcome ?? report.error?.code ?? 'nothing';
  outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
  if (target === undefined) return isThere && now.metadata.deletionTimestamp === undefined ? null : `it says ${outcome}, and the pod was touched`;
  if (!report.deletionRequested) return isThere && now.metadata.deletionTimestamp === undefined ? null : `no deletion was requested, it says, and the pod was touched (${outcome})`;
  if (outcome !== 'deleted') return `${outcome} with exit ${run.code}: ${target.error?.message ?? ''}`;
  if (isThere) return 'deleted, it says, and it is there';
  const exits = cluster.taskExits();
  for (const c of target.containers) {
    const ids = recorder.ids(uid, c.name).map((id) => id.replace('containerd://', ''));
    const codes = exits.filter((e) => ids.includes(e.containerId)).map((e) => e.exitCode);
    if (c.exitCode === null ? c.verdict !== 'not-reported' : !codes.includes(c.exitCode)) return `${c.name}: said ${c.verdict} ${String(c.exitCode)}, containerd has ${codes.join(', ') || 'none'}`;
  }
  return null;
};

const begun = Date.now();
console.log(`seed ${seed}: ${runs} runs with ${executable.title}`);
await api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }, '');
const recorder = new Recorder(api, namespace);
try {
  for (let i = 0; i < runs; i += 1) {
    const name = `p${i}`;
    const containers = Array.from({ length: random.between(1, 2) }, (_, n) => ({ name: `app-${n}`, command: random.one([onTerm(0), onTerm(143, 'sleep 1; '), onTerm(random.between(1, 9), 'sleep 2; '), ignoresTerm]) }));
    const { metadata } = await api.create(make.pod(name, { grace: random.between(1, 4), containers }), namespace);
    for (let tries = 0; ; tries += 1) {
      const pod = await api.find(where, name);
      if (pod?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true) break;
      if (tries > 300) throw new Error(`${name} is not Ready after 60 s`);
      await sleep(200);
    }
    const after = random.between(0, 3500);
    const away = random.between(0, 3000);
    const environment = { HOME: process.env['HOME'], KUBECONFIG: cluster.kubeconfig };
    const running = startPlugin(executable, { args: ['pod', name, '-n', namespace, '-y', '-o', 'json', '--timeout=90s'], environment, tty: false, timeoutMs: 150_000 });
    const outage = (async (): Promise<void> => {
      await sleep(after);
      await cluster.killApiserver();
      await sleep(away);
      await cluster.startApiserver();
    })();
    const [run] = await Promise.all([running.done, outage]);
    const wrong = await wrongWith(name, metadata.uid, run, recorder);
    if (wrong !== null) violations.push(`run ${i} (killed after ${after} ms, away for ${away} ms and its start): ${wrong}`);
    await api.delete(where, name, { gracePeriodSeconds: 0 });
    if (i % 10 === 9) console.log(`${i + 1} runs after ${Math.round((Date.now() - begun) / 1000)} s, ${violations.length} violations`);
  }
} finally {
  await cluster.heal();
  await api.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: '' }, namespace);
  await recorder.stop();
  api.close();
}
console.log([...outcomes].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([outcome, n]) => `  ${outcome}: ${n}`).join('\n'));
for (const violation of violations) console.log(`VIOLATION ${violation}`);
console.log(`seed ${seed}: ${runs} runs in ${Math.round((Date.now() - begun) / 1000)} s, ${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
