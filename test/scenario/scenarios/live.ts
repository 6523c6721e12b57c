/** E2, E3, E4, E9, E10, E11 and --logs: what is seen while a pod stops, beside its own object. */
import assert from 'node:assert/strict';
import type { WireTarget } from '../../../src/report/wire.ts';
import { endsByTerm, ignoresTerm, onTerm } from '../manifests.ts';
import type { ScenarioContext } from '../context.ts';
import { between, containerOf, ended, endsOf, phasesInOrder, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const delete1 = (name: string, ...flags: readonly string[]): readonly string[] => ['pod', name, '-y', '-o', 'json', ...flags];

const entries = (target: WireTarget, phase: string, evidence?: string): readonly WireTarget['timeline'][number][] =>
  target.timeline.filter((e) => e.phase === phase && (evidence === undefined || e.evidence === evidence));

const messages = (target: WireTarget, phase: string, evidence?: string): string => entries(target, phase, evidence).map((e) => e.message).join('\n');

const labelled = (app: string) => ({ metadata: { labels: { app } } }) as const;

interface Slice {
  readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean }; readonly targetRef?: { readonly uid?: string } }[] | null;
}

/** The pod is Ready, and the slices say so. */
const untilServed = async (t: ScenarioContext, name: string): Promise<void> => {
  await t.untilReady(name);
  const { uid } = (await t.theObject('Pod', name)).metadata;
  await t.until(`${name} is an endpoint that is ready`, async () => {
    const slices = await t.api.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: t.namespace });
    return slices.some((s) => (s as unknown as Slice).endpoints?.some((e) => e.targetRef?.uid === uid && e.conditions?.ready !== false) === true);
  });
};

const service = async (t: ScenarioContext, name: string, spec: object = {}): Promise<void> => {
  await t.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: `${name}-svc` }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...spec } });
};

/** Ends later than the others: the run goes on, and what the slices say of those is still seen. */
const LATER = { grace: 9, containers: [{ command: onTerm(0, 'sleep 5; ') }] } as const;

export const live = [
  scenario({
    id: 'E2',
    name: 'traffic and containers are followed side by side: out of the Service at once, its container later, and both with their time',
    run: async (t) => {
      await t.apply(t.make.pod('web', { grace: 8, ...labelled('web'), containers: [{ command: onTerm(0, 'sleep 2; ') }] }));
      await t.apply(t.make.pod('later', LATER));
      await service(t, 'web');
      await untilServed(t, 'web');
      await t.untilReady('later');
      const run = await t.plugin(['pod', 'web', 'later', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run, 'web');
      const [out] = entries(target, 'not-ready-in-endpoints', 'observed');
      assert.match(out?.message ?? '', /^not ready in the endpoints of web-svc any more, \d\.\d s after the request$/);
      const removed = messages(target, 'removed-from-endpoints', 'observed');
      assert.match(removed, /^removed from the endpoints of web-svc, \d+\.\d s after the request$/);
      phasesInOrder(target, 'accepted', 'not-ready-in-endpoints', 'containers-exited');
      const at = (phase: string): number => Date.parse(entries(target, phase)[0]?.at ?? '');
      assert.ok(at('not-ready-in-endpoints') < at('containers-exited') - 500, 'traffic goes before the container does');
      assert.deepEqual(target.notObserved, []);
      await t.apply(t.make.pod('web', { grace: 4, ...labelled('web') }));
      await untilServed(t, 'web');
      const words = await t.plugin(['pod', 'web', '-y']);
      assert.match(words.stdout, /traffic: not ready in the endpoints of web-svc any more, \d\.\d s after the request/);
    },
  }),
  scenario({
    id: 'E2',
    name: 'a Service that publishes addresses which are not ready keeps the pod until it has ended: only the removal is told',
    run: async (t) => {
      await t.apply(t.make.pod('peer', { grace: 8, ...labelled('peer'), containers: [{ command: onTerm(0, 'sleep 1; ') }] }));
      await t.apply(t.make.pod('later', LATER));
      await service(t, 'peer', { clusterIP: 'None', publishNotReadyAddresses: true });
      await untilServed(t, 'peer');
      await t.untilReady('later');
      const run = await t.plugin(['pod', 'peer', 'later', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run, 'peer');
      assert.equal(messages(target, 'not-ready-in-endpoints'), '');
      assert.match(messages(target, 'removed-from-endpoints'), /peer-svc/);
    },
  }),
  scenario({
    id: 'E2',
    name: 'without the right to watch EndpointSlices and read logs the pod goes all the same, and what is not observed is said',
    run: async (t) => {
      await t.apply(t.make.pod('shy', { grace: 6, ...labelled('shy'), containers: [{ name: 'one', command: onTerm(0, 'sleep 1; ') }, { name: 'two', command: onTerm(0, 'sleep 2; ') }] }));
      await service(t, 'shy');
      await untilServed(t, 'shy');
      const { kubeconfig } = await t.userWith(
        { verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] },
        { verbs: ['list'], resources: ['endpointslices'], apiGroups: ['discovery.k8s.io'] },
      );
      const run = await t.plugin(delete1('shy'), { kubeconfig });
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.deepEqual(endsOf(target), [['one', 0, 'exited-cleanly'], ['two', 0, 'exited-cleanly']]);
      assert.deepEqual(target.notObserved.map((n) => n.lane).toSorted(), ['logs', 'traffic'], JSON.stringify(target.notObserved));
      assert.match(target.notObserved.find((n) => n.lane === 'traffic')?.message ?? '', /may not watch endpointslices/);
      assert.deepEqual([messages(target, 'log-ended'), messages(target, 'removed-from-endpoints')], ['', '']);
    },
  }),
  scenario({
    id: 'E3',
    name: 'a preStop hook that fails is shown, with the signal that follows at once, and as a hint',
    run: async (t) => {
      await t.apply(t.make.pod('badhook', { grace: 9, containers: [{ command: onTerm(0, 'sleep 3; '), lifecycle: { preStop: { exec: { command: ['false'] } } } }] }));
      await t.untilReady('badhook');
      const run = await t.plugin(delete1('badhook'), { timeoutMs: 60_000 });
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.match(messages(target, 'pre-stop', 'estimated'), /^preStop runs about now, before the signal and inside the 9 s: app \(exec\)$/);
      const failed = entries(target, 'pre-stop', 'observed');
      assert.deepEqual(failed.map((e) => e.container), ['app']);
      assert.match(failed[0]?.message ?? '', /FailedPreStopHook/);
      assert.match(messages(target, 'term-signal', 'estimated'), /SIGTERM to app about now: its preStop hook failed$/);
      assert.equal(messages(target, 'term-signal', 'observed'), '', 'nobody sees a signal');
    },
  }),
  scenario({
    id: 'E3',
    name: 'a preStop sleep is named with its seconds, and the signal is estimated for its end',
    run: async (t) => {
      await t.apply(t.make.pod('sleepy', { grace: 9, containers: [{ command: onTerm(0, 'sleep 1; '), lifecycle: { preStop: { sleep: { seconds: 2 } } } }] }));
      await t.untilReady('sleepy');
      const plan = await t.plugin(['pod', 'sleepy', '--dry-run']);
      assert.match((plan.stdout + plan.stderr).replaceAll(/\s+/g, ' '), /preStop sleep 2 s, then SIGTERM/);
      const run = await t.plugin(delete1('sleepy'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      assert.match(messages(target, 'pre-stop', 'estimated'), /app \(sleep 2 s\)/);
      const [signal] = entries(target, 'term-signal', 'estimated');
      assert.match(signal?.message ?? '', /SIGTERM to app about now: its preStop sleep of 2 s is over$/);
      between(containerOf(target, 'app').secondsAfterRequest, 1, 6, 'seconds of the container');
    },
  }),
  scenario({
    id: 'E4',
    name: 'the signal is named before, and told as an estimate when it is about to be sent',
    run: async (t) => {
      await t.apply(t.make.pod('asked', { grace: 5 }));
      await t.untilReady('asked');
      const run = await t.plugin(['pod', 'asked', '-y']);
      assert.match(run.stderr, /SIGTERM, or the image's own stop signal; SIGKILL after 5s/);
      assert.match(run.stderr, / ~ the kubelet sends SIGTERM to app about now \(estimated\)/);
      assert.match(run.stdout, /SIGTERM/);
    },
  }),
  scenario({
    id: 'E4',
    name: "a pod's own stop signal is the one that is named",
    needs: ['stop-signals'],
    run: async (t) => {
      await t.apply(
        t.make.pod('usr2', {
          containers: [{ command: ['sh', '-c', `trap 'exit 140' USR2; while true; do sleep 0.2; done`], lifecycle: { stopSignal: 'SIGUSR2' } }],
          spec: { os: { name: 'linux' } },
        }),
      );
      await t.untilReady('usr2');
      const plan = await t.plugin(['pod', 'usr2', '--dry-run']);
      assert.match(plan.stdout + plan.stderr, /SIGUSR2; SIGKILL after/);
      const run = await t.plugin(delete1('usr2'));
      assert.match(messages(targetOf(run), 'term-signal', 'estimated'), /SIGUSR2 to app about now/);
    },
  }),
  scenario({
    id: 'E9',
    name: 'after a forced deletion nothing of its containers is called known, and it is said that the process may live on',
    run: async (t) => {
      await t.apply(t.make.pod('torn', { grace: 30, containers: [{ name: 'a', command: ignoresTerm }, { name: 'b', command: endsByTerm }] }));
      await t.untilReady('torn');
      const run = await t.plugin(['pod', 'torn', '-y', '--force', '--grace-period=0']);
      assert.equal(run.code, 0);
      assert.match(run.stdout, /force deleted/);
      assert.match(run.stdout.replaceAll(/\s+/g, ' '), /hint a, b may still run: nobody waited for the kubelet/);
      assert.doesNotMatch(run.stdout, /exited|log of/);
    },
  }),
  scenario({
    id: 'E10',
    name: 'sidecars stop after the main container, in reverse order: live by the ends of their logs, and in the order of finish times after',
    run: async (t) => {
      await t.apply(
        t.make.pod('crew', {
          grace: 20,
          initContainers: [
            { name: 'first', command: onTerm(0, 'sleep 1; '), restartPolicy: 'Always' },
            { name: 'second', command: onTerm(0, 'sleep 2; '), restartPolicy: 'Always' },
          ],
          containers: [{ name: 'main', command: onTerm(0, 'sleep 2; ') }],
        }),
      );
      await t.untilReady('crew');
      const plan = await t.plugin(['pod', 'crew', '--dry-run']);
      assert.match((plan.stdout + plan.stderr).replaceAll(/\s+/g, ' '), /sidecars second, then first last/);
      const run = await t.plugin(delete1('crew'));
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const logs = entries(target, 'log-ended', 'observed');
      assert.match(logs[0]?.message ?? '', /^log of main ended, \d+\.\d s after the request$/);
      assert.ok(Date.parse(logs[0]?.at ?? '') < Date.parse(entries(target, 'containers-exited')[0]?.at ?? '') - 1000, 'the end of main is seen long before the API reports it');
      assert.deepEqual(logs.map((e) => e.container).slice(0, 2), ['main', 'second']);
      const [main, second, first] = [containerOf(target, 'main'), containerOf(target, 'second'), containerOf(target, 'first')];
      assert.ok(main.logEndedAt !== null && second.logEndedAt !== null && main.logEndedAt < second.logEndedAt);
      assert.ok((main.order ?? 9) < (second.order ?? 0) && (second.order ?? 9) < (first.order ?? 0), `${main.order} ${second.order} ${first.order}`);
      assert.match(messages(target, 'term-signal'), /sidecars second, then first after it/);
    },
  }),
  scenario({
    id: 'E10',
    name: 'a container in a crash loop is restarted while its log is followed: that is no end, and its log is followed on',
    run: async (t) => {
      await t.apply(t.make.pod('loop', { grace: 6, containers: [{ name: 'crash', command: ['sh', '-c', 'sleep 1; exit 7'] }, { name: 'steady', command: onTerm(0, 'sleep 2; ') }] }));
      await t.until('it was restarted', async () => (await t.pod('loop'))?.status?.containerStatuses?.some((c) => c.name === 'crash' && (c.restartCount ?? 0) > 0));
      const run = await t.plugin(delete1('loop'));
      ended(run, 0, 'deleted');
      const steady = containerOf(targetOf(run), 'steady');
      assert.deepEqual([steady.exitCode, steady.verdict], [0, 'exited-cleanly']);
      for (const { container, at } of entries(targetOf(run), 'log-ended')) assert.ok(container !== 'steady' || Date.parse(at) >= Date.parse(targetOf(run).requestedAt ?? '') + 1500);
    },
  }),
  scenario({
    id: 'E11',
    name: 'a pod whose node is gone is removed by the pod garbage collector, and that is named as the reason it went',
    run: async (t) => {
      const node = `live-${t.namespace}`;
      const nodes = { apiVersion: 'v1', kind: 'Node', namespace: '' } as const;
      await t.api.create({ apiVersion: 'v1', kind: 'Node', metadata: { name: node }, spec: {} }, '');
      let removed = false;
      const remove = async (): Promise<void> => {
        if (!removed) await t.api.delete(nodes, node);
        removed = true;
      };
      t.defer(remove);
      await t.apply(t.make.pod('orphan', { grace: 2, spec: { nodeName: node, tolerations: [{ operator: 'Exists' }] } }));
      await t.until('it is bound', async () => (await t.pod('orphan'))?.spec?.nodeName === node);
      const running = t.start(['pod', 'orphan', '-y', '--timeout=150s', '--skip', 'node-readiness', '-o', 'json'], { timeoutMs: 170_000 });
      await t.until('it is Terminating', async () => (await t.pod('orphan'))?.metadata.deletionTimestamp);
      await remove();
      const run = await running.done;
      ended(run, 0, 'deleted');
      assert.match(messages(targetOf(run), 'gone'), /^gone from the API server; removed by the pod garbage collector \(DeletionByPodGC: PodGC: node no longer exists\)$/);
    },
  }),
  scenario({
    id: 'E11',
    name: 'a pod that others were removing already says who',
    run: async (t) => {
      await t.apply(t.make.pod('evicted', { grace: 5, containers: [{ command: onTerm(0, 'sleep 2; ') }] }));
      await t.untilReady('evicted');
      const conditions = (await t.theObject('Pod', 'evicted')).status?.conditions ?? [];
      await t.patchPod('evicted', { status: { conditions: [...conditions, { type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI', message: 'Eviction API: evicting', lastTransitionTime: new Date().toISOString() }] } }, '/status');
      const run = await t.plugin(delete1('evicted'));
      ended(run, 0, 'deleted');
      assert.match(messages(targetOf(run), 'accepted'), /removed by an eviction \(EvictionByEvictionAPI: Eviction API: evicting\)$/);
    },
  }),
  scenario({
    id: 'output',
    name: '--logs shows what the containers write while they stop, each line with its container, and nothing from before',
    run: async (t) => {
      await t.apply(
        t.make.pod('talks', {
          grace: 8,
          containers: [
            { name: 'app', command: ['sh', '-c', `echo from before; trap 'echo draining; sleep 1; echo bye; exit 0' TERM; while true; do sleep 0.2; done`] },
            { name: 'side', command: ['sh', '-c', `trap 'echo side is done; exit 0' TERM; while true; do sleep 0.2; done`] },
          ],
        }),
      );
      await t.untilReady('talks');
      const run = await t.plugin(['pod', 'talks', '-y', '--logs']);
      assert.equal(run.code, 0);
      assert.match(run.stderr, /^\[app\] draining$/m);
      assert.match(run.stderr, /^\[app\] bye$/m);
      assert.match(run.stderr, /^\[side\] side is done$/m);
      assert.doesNotMatch(run.stdout + run.stderr, /from before/);
      assert.doesNotMatch(run.stdout, /draining/);
    },
  }),
  scenario({
    id: 'output',
    name: '--logs with -o ndjson gives log events, with -o json the lines go to stderr, and without it nothing of a log is shown',
    run: async (t) => {
      const talks = (name: string) => t.make.pod(name, { grace: 6, containers: [{ command: ['sh', '-c', `trap 'echo "secret\u001b[31m"; sleep 1; exit 0' TERM; while true; do sleep 0.2; done`] }] });
      await t.apply(talks('one'), talks('two'), talks('three'));
      await t.untilReady('one', 'two', 'three');
      const lines = await t.plugin(['pod', 'one', '-y', '--logs', '-o', 'ndjson']);
      const logs = lines.events.filter((e) => e.type === 'log');
      assert.deepEqual(logs.map((e) => e['container']), ['app']);
      assert.match(String(logs[0]?.['line']), /^secret/);
      assert.doesNotMatch(lines.stderr, /secret/);
      const json = await t.plugin(['pod', 'two', '-y', '--logs', '-o', 'json']);
      assert.match(json.stderr, /^\[app\] secret$/m);
      assert.doesNotMatch(json.stdout, /secret/);
      const quiet = await t.plugin(['pod', 'three', '-y', '-o', 'ndjson']);
      assert.doesNotMatch(quiet.stdout + quiet.stderr, /secret/);
    },
  }),
];
