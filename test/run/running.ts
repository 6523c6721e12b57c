/** One run over a cluster in memory, under a driven clock, with its events folded into the report. */
import assert from 'node:assert/strict';
import { parse } from '../../src/cli/parse.ts';
import type { Event } from '../../src/events/event.ts';
import type { KubeObject } from '../../src/model/wire.ts';
import type { Files } from '../../src/model/world.ts';
import type { DeleteOptionsOfRun } from '../../src/options/options.ts';
import type { Question } from '../../src/plan/question.ts';
import { CODE_OF_OUTCOME } from '../../src/report/exit-code.ts';
import { emptyRun, step } from '../../src/report/fold.ts';
import { reportOf } from '../../src/report/report.ts';
import type { DeletionReport } from '../../src/report/wire.ts';
import { run } from '../../src/run/run.ts';
import type { Sources } from '../../src/targets/resolve.ts';
import { NOW } from '../model/objects.ts';
import { driveUntil, drivenClock } from './driven-clock.ts';
import type { DrivenClock } from './driven-clock.ts';
import { MemoryCluster } from './memory-cluster.ts';

export interface Scene {
  readonly clock: DrivenClock;
  readonly cluster: MemoryCluster;
  readonly interrupt: () => void;
  /** Does this when the driven time has come so many milliseconds after the start. */
  readonly after: (ms: number, act: () => void) => void;
}

export interface Ran {
  readonly report: DeletionReport;
  readonly events: readonly Event[];
  readonly questions: readonly Question[];
  readonly cluster: MemoryCluster;
  /** Milliseconds of driven time. */
  readonly took: number;
  readonly outcomes: Readonly<Record<string, string>>;
}

export interface Setting {
  /** The command line after the plugin's name. */
  readonly argv: string;
  readonly pods?: readonly KubeObject[];
  readonly others?: readonly KubeObject[];
  /** A terminal is there; the answers to its questions, in order. May take driven time. */
  readonly answers?: readonly ((scene: Scene) => 'yes' | 'no' | Promise<'yes' | 'no'>)[];
  /** What happens in the cluster. */
  readonly play?: (scene: Scene) => void;
  readonly limitMs?: number;
}

/** The options that a command line gives, through the real grammar. */
export const optionsOf = async (argv: string): Promise<DeleteOptionsOfRun> => {
  const parsed = await parse(argv.split(' '), {});
  if (!parsed.ok) throw new Error(parsed.error.message);
  if (parsed.value.command !== 'delete') throw new Error(`not a deletion: ${argv}`);
  return parsed.value;
};

/** The kubelet: a pod that is marked ends `afterMs` later with exit code 143, and its object goes. */
export const kubelet = ({ cluster, after }: Scene, name: string, afterMs: number): void => {
  cluster.onMarked(name, () => {
    const { uid } = cluster.pod(name).metadata;
    after(afterMs, () => {
      if (!cluster.has(name) || cluster.pod(name).metadata.uid !== uid) return;
      const finishedAt = cluster.now();
      cluster.change(name, { status: { phase: 'Failed', containerStatuses: [{ name: 'app', ready: false, restartCount: 0, image: 'app', imageID: 'app', containerID: 'containerd://app-1', state: { terminated: { exitCode: 143, reason: 'Error', finishedAt, containerID: 'containerd://app-1' } } }] } });
      cluster.remove(name);
    });
  });
};

const neverAsked = (): never => {
  throw new Error('pods need no discovery and no files');
};
const noFiles: Files = { read: neverAsked, write: neverAsked, append: neverAsked, makeDirectory: neverAsked, replace: neverAsked, look: neverAsked, list: neverAsked };
const noSources = (): Sources => ({ discovery: { current: neverAsked, fresh: neverAsked }, manifests: neverAsked, remembered: { matched: null } });

const context = { name: 'here', cluster: 'here', server: 'https://here:6443', user: 'jane', namespace: 'shop' };

/** Plays it to its end and checks what holds for every run: one outcome a target, no timer left, the exit code of the outcomes. */
export const play = async (setting: Setting): Promise<Ran> => {
  const clock = drivenClock(NOW);
  const cluster = new MemoryCluster(clock, setting.pods ?? [], setting.others ?? []);
  const options = await optionsOf(setting.argv);
  const interrupted = new AbortController();
  const events: Event[] = [];
  const questions: Question[] = [];
  const scene: Scene = {
    clock,
    cluster,
    interrupt: () => {
      events.push({ type: 'interrupted', at: clock.now(), signal: 'SIGINT' });
      interrupted.abort();
    },
    after: (ms, act) => {
      void clock.sleep(ms).then(() => {
        if (!cluster.closed) act();
      });
    },
  };
  const answers = [...(setting.answers ?? [])];
  setting.play?.(scene);
  const over = run({
    options,
    port: cluster.port,
    context,
    sources: noSources(),
    files: noFiles,
    clock,
    serverNow: clock.now,
    signal: interrupted.signal,
    emit: (event) => {
      events.push(event);
    },
    ask: async (question) => {
      questions.push(question);
      const answer = answers.shift();
      assert.ok(answer !== undefined, 'a question too many');
      return await answer(scene);
    },
    mayAsk: setting.answers !== undefined && !options.consent.noInput,
  });
  await driveUntil(clock, over, setting.limitMs ?? 700_000);
  const took = clock.now() - NOW;
  assert.equal(cluster.openWatches, 0, 'open watches');
  // What still sleeps now belongs to the scene; the run itself has to leave nothing.
  cluster.port.close();
  await clock.advance(800_000);
  assert.equal(clock.pending(), 0, 'timers that the run left behind');
  assert.equal(cluster.requests.filter((r) => r.at > NOW + took).length, 0, 'requests after the end');

  const header = {
    toolVersion: '0.0.0', startedAt: NOW, dryRun: options.dryRun !== 'none', ignoreNotFound: options.deletion.ignoreNotFound, context,
    options: { gracePeriodSeconds: options.deletion.gracePeriodSeconds, cascade: options.deletion.cascade, evict: options.evict, wait: options.deletion.wait, timeoutSeconds: options.deletion.timeoutSeconds, until: options.until },
  };
  const report = reportOf(events.reduce(step, emptyRun(header)), clock.now());
  const told = events.flatMap((e) => (e.type === 'outcome' ? [e.ref.uid ?? ''] : []));
  assert.equal(new Set(told).size, told.length, 'a target had two outcomes');
  const [only, ...more] = new Set(report.targets.map((t) => t.outcome));
  if (only !== undefined && more.length === 0 && report.error === null && !events.some((e) => e.type === 'interrupted') && only !== 'not-attempted' && only !== 'not-found' && report.exitCode !== 10) assert.equal(report.exitCode, CODE_OF_OUTCOME[only]);
  return { report, events, questions, cluster, took, outcomes: Object.fromEntries(report.targets.map((t) => [t.ref.name, t.outcome])) };
};
