/** A run for each outcome of a report, as docs/report.md shows them. */
import { ignoresTerm, onTerm } from '../scenario/manifests.ts';
import { barePod, db, web } from './scenes.ts';
import { make, reportOf, type How, type Ran, type Stage } from './stage.ts';

export interface OutcomeRun {
  /** The outcome, as the report spells it. */
  readonly outcome: string;
  readonly exitCode: number;
  readonly says: string;
  readonly play: (stage: Stage) => Promise<Ran>;
}

const inShop = ['-n', 'shop', '-o', 'json'] as const;

const on =
  (set: ((stage: Stage) => Promise<unknown>) | null, words: readonly string[], how: How = {}): OutcomeRun['play'] =>
  async (stage) => {
    await set?.(stage);
    return await stage.run([...words, ...inShop], how);
  };

const force = { kind: 'DeleteOptions', apiVersion: 'v1', gracePeriodSeconds: 0 };
const pod = '/api/v1/namespaces/shop/pods';

/** Removes a pod and puts another one in its place under the same name. */
const replace = async (stage: Stage, name: string): Promise<void> => {
  await stage.send('DELETE', `${pod}/${name}`, force);
  await stage.create(make.pod(name, { grace: 5, containers: [{ name: 'main', command: onTerm(0) }] }));
};

const budgeted = async (stage: Stage): Promise<void> => {
  await web(stage);
  await stage.create({ apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'web' }, spec: { minAvailable: 2, selector: { matchLabels: { app: 'web' } } } });
  await stage.pass(5000);
};

/** A user that may read and delete in the namespace until the right is taken back. */
const reader = async (stage: Stage): Promise<void> => {
  await stage.create(make.pod('report-once', { grace: 30, containers: [{ name: 'main', command: ignoresTerm }] }));
  await stage.pass(20_000);
  stage.user('ci-token', [{ apiGroups: ['*'], resources: ['*'], verbs: ['get', 'list', 'watch', 'delete', 'create'] }]);
};

export const outcomeRuns: readonly OutcomeRun[] = [
  {
    outcome: 'deleted',
    exitCode: 0,
    says: 'The object is gone. Every container that the cluster reported has its end; the replacement is named if it is there.',
    play: async (stage) => await stage.run(['pod', await web(stage), ...inShop]),
  },
  { outcome: 'already-gone', exitCode: 0, says: 'It was there when it was checked, and gone when its DELETE arrived.', play: on(barePod, ['pod', 'report-once', '--yes'], { beforeDelete: async (stage) => void (await stage.send('DELETE', `${pod}/report-once`, force)) }) },
  { outcome: 'accepted', exitCode: 0, says: 'With `--wait=false` the run ends when the API server has accepted the deletion.', play: on(barePod, ['pod', 'report-once', '--yes', '--wait=false']) },
  { outcome: 'nothing-matched', exitCode: 0, says: 'A selector or `--all` that selects nothing. With `--strict` the exit code is 6.', play: on(null, ['pods', '-l', 'app=old']) },
  { outcome: 'would-delete', exitCode: 0, says: 'A dry run that found nothing which needs consent, or got it.', play: async (stage) => await stage.run(['pod', await web(stage), '--dry-run', ...inShop]) },
  { outcome: 'failed', exitCode: 1, says: 'An error of the API server, with its words; for usage and connection errors `targets` is empty and `error` says what is wrong.', play: on(null, ['pod', 'report-once', '--grace-period=10', '--now']) },
  { outcome: 'not-terminating', exitCode: 1, says: 'With `--attach`, for an object that nobody has deleted.', play: on(barePod, ['pod', 'report-once', '--attach']) },
  { outcome: 'blocked', exitCode: 2, says: 'A blocker that `--allow` does not name. Nothing was deleted: a target beside it, that nothing stands against, is `not-attempted`.', play: on(async (stage) => {
    await db(stage);
    await barePod(stage);
  }, ['pod', 'db-1', 'report-once', '--force', '--yes']) },
  { outcome: 'evict-refused', exitCode: 2, says: 'With `--evict`, when a budget refused until `--timeout`.', play: async (stage) => {
    await budgeted(stage);
    return await stage.run(['pod', await stage.podOf('web'), '--evict', '--timeout=20s', ...inShop]);
  } },
  { outcome: 'declined', exitCode: 3, says: 'Something needs consent and nobody gave it: `pass` names the flag.', play: on(barePod, ['pod', 'report-once']) },
  { outcome: 'would-ask', exitCode: 3, says: 'The same in a dry run. `planDigest` is what `--confirm-plan` takes.', play: on(barePod, ['pod', 'report-once', '--dry-run']) },
  { outcome: 'still-there', exitCode: 4, says: 'Not gone at `--timeout`; `waitingOn` says what it waits for. The deletion goes on.', play: on(async (stage) => {
    await stage.create(make.pod('import-7', { grace: 2, containers: [{ name: 'main', command: onTerm(0) }], metadata: { finalizers: ['backup.example.com/before-delete'] } }));
    await stage.pass(20_000);
  }, ['pod', 'import-7', '--yes', '--timeout=10s']) },
  { outcome: 'replaced', exitCode: 5, says: 'Another object has the name now. It was not touched.', play: on(barePod, ['pod', 'report-once', '--yes'], { beforeDelete: async (stage) => await replace(stage, 'report-once') }) },
  { outcome: 'plan-changed', exitCode: 5, says: 'With `--confirm-plan`, when the plan is another one than the digest stands for. Nothing was deleted.', play: async (stage) => {
    await barePod(stage);
    const { planDigest } = reportOf(await stage.run(['pod', 'report-once', '--dry-run', ...inShop]));
    await stage.send('PATCH', `${pod}/report-once`, { metadata: { finalizers: ['backup.example.com/before-delete'] } });
    return await stage.run(['pod', 'report-once', '--confirm-plan', planDigest ?? '', ...inShop]);
  } },
  { outcome: 'not-found', exitCode: 6, says: 'No object of that name. With `--ignore-not-found` the exit code is 0.', play: on(null, ['pod', 'nobody']) },
  { outcome: 'mixed', exitCode: 7, says: 'Several targets that ended differently: here one is gone and one was not found.', play: on(barePod, ['pod', 'report-once', 'nobody', '--yes']) },
  { outcome: 'deleted', exitCode: 8, says: 'With `--require-clean-exit`: gone, but a container had to be killed.', play: on(async (stage) => {
    await stage.create(make.pod('report-once', { grace: 3, containers: [{ name: 'main', command: ignoresTerm }] }));
    await stage.pass(20_000);
  }, ['pod', 'report-once', '--yes', '--require-clean-exit']) },
  { outcome: 'unobserved', exitCode: 9, says: 'The deletion was requested, and then the right to look was taken away: whether the object is gone is not known.', play: on(reader, ['pod', 'report-once', '--yes'], { token: 'ci-token', meanwhile: [{ at: 3000, act: (stage) => { stage.cluster.revoke('ci-token'); stage.cut(); } }] }) },
  { outcome: 'interrupted', exitCode: 130, says: 'Ctrl-C after the DELETE: the watching ends, the deletion goes on.', play: on(async (stage) => {
    await stage.create(make.pod('report-once', { grace: 30, containers: [{ name: 'main', command: ignoresTerm }] }));
    await stage.pass(20_000);
  }, ['pod', 'report-once', '--yes'], { interruptAt: 4000 }) },
  { outcome: 'deleted', exitCode: 10, says: 'With `--until=ready`: gone, but its replacement was not Ready in time; `replacement.reason` says why.', play: async (stage) => {
    await stage.create(make.deployment('api', 1, { grace: 2, containers: [{ command: onTerm(0), readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }] }));
    await stage.pass(20_000);
    return await stage.run(['pod', await stage.podOf('api'), '--until=ready', '--timeout=15s', ...inShop]);
  } },
];
