import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ContainerEnd, ContainerVerdict } from '../../src/events/event.ts';
import type { Pod } from '../../src/model/wire.ts';
import { containerEnds } from '../../src/termination/container-ends.ts';
import type { EndingContext } from '../../src/termination/container-ends.ts';
import { ended, NOW, pod, running, time } from '../model/objects.ts';

type Part = Readonly<Record<string, unknown>>;

/** The request came at NOW; the kubelet began to stop containers 1 s later, by its own clock. */
interface Case {
  readonly says: string;
  readonly before?: Part;
  readonly last: Part;
  readonly spec?: Part;
  readonly grace?: number | null;
  /** Seconds after NOW of the container's Killing event; null: there is none. */
  readonly killing?: number | null;
  readonly is: readonly [verdict: ContainerVerdict, exitCode: number | null, signal?: string | null];
  readonly also?: Partial<ContainerEnd>;
  readonly meaning?: RegExp;
}

const statuses = (status: Part): Part => ({ containerStatuses: [status] });

const endsOf = (c: { readonly before: Pod; readonly last: Pod; readonly grace?: number | null; readonly killing?: number | null }): readonly ContainerEnd[] => {
  const killing = c.killing === undefined ? 1 : c.killing;
  const context: EndingContext = {
    before: c.before,
    last: c.last,
    gracePeriodSeconds: c.grace === undefined ? 30 : c.grace,
    requestedAt: c.grace === null ? null : NOW,
    killingAt: killing === null ? new Map() : new Map([['app', NOW + killing * 1000]]),
  };
  return containerEnds(context);
};

const placeholder = { reason: 'ContainerStatusUnknown', message: 'The container could not be located when the pod was terminated', startedAt: null, finishedAt: null, containerID: '' };
const crashLoop = (code: number, more: Part = {}): Part => ({
  ...running('app'),
  state: { waiting: { reason: 'CrashLoopBackOff' } },
  lastState: { terminated: { exitCode: code, reason: 'Error', startedAt: time(-100), finishedAt: time(-60), containerID: 'containerd://app-1', ...more } },
});
const creating: Part = { ...running('app'), containerID: '', state: { waiting: { reason: 'ContainerCreating' } } };
const windows = { os: { name: 'windows' } };

const cases: readonly Case[] = [
  { says: '0 is a clean exit', last: ended('app', 0, 3), is: ['exited-cleanly', 0, null], also: { reason: 'Completed', secondsAfterRequest: 3, order: 1, endedBefore: false, finishedAt: time(3) } },
  { says: '0 with OOMKilled is clean, and a child was killed for memory', last: ended('app', 0, 3, { reason: 'OOMKilled' }), is: ['exited-cleanly', 0], meaning: /memory/ },
  { says: '143 is the normal end', last: ended('app', 143, 2), is: ['ended-by-stop-signal', 143, 'SIGTERM'] },
  { says: 'another stop signal in the status is the normal end', last: { ...ended('app', 131, 2), stopSignal: 'SIGQUIT' }, is: ['ended-by-stop-signal', 131, 'SIGQUIT'], also: { stopSignal: 'SIGQUIT' } },
  { says: 'the stop signal of the spec counts where the status has none', last: ended('app', 138, 2), spec: { containers: [{ name: 'app', image: 'app', lifecycle: { stopSignal: 'SIGUSR1' } }] }, is: ['ended-by-stop-signal', 138, 'SIGUSR1'] },
  { says: 'the status shows the effective signal and goes before the spec', last: { ...ended('app', 143, 2), stopSignal: 'SIGTERM' }, spec: { containers: [{ name: 'app', image: 'app', lifecycle: { stopSignal: 'SIGUSR1' } }] }, is: ['ended-by-stop-signal', 143, 'SIGTERM'] },
  { says: '143 is another signal where SIGQUIT was sent', last: { ...ended('app', 143, 2), stopSignal: 'SIGQUIT' }, is: ['ended-by-other-signal', 143, 'SIGTERM'] },
  { says: 'SIGRTMIN+3 (systemd) is 165', last: { ...ended('app', 165, 2), stopSignal: 'SIGRTMIN+3' }, is: ['ended-by-stop-signal', 165, 'SIGRTMIN+3'] },
  { says: 'SIGRTMAX-1 is 191', last: { ...ended('app', 191, 2), stopSignal: 'SIGRTMAX-1' }, is: ['ended-by-stop-signal', 191] },
  { says: 'SIGPOLL is another name of SIGIO', last: { ...ended('app', 157, 2), stopSignal: 'SIGPOLL' }, is: ['ended-by-stop-signal', 157] },
  { says: 'SIGCLD and SIGIOT are other names too', last: { ...ended('app', 134, 2), stopSignal: 'SIGIOT' }, is: ['ended-by-stop-signal', 134] },
  { says: 'a stop signal SIGKILL ends with 137 as asked', last: { ...ended('app', 137, 2), stopSignal: 'SIGKILL' }, is: ['ended-by-stop-signal', 137, 'SIGKILL'] },
  { says: '1 is an error of the program', last: ended('app', 1, 2), is: ['exited-with-error', 1, null] },
  { says: '127 is an error', last: ended('app', 127, 2), is: ['exited-with-error', 127, null] },
  { says: '134 is a crash, also while it is stopped', last: ended('app', 134, 2), is: ['crashed', 134, 'SIGABRT'] },
  { says: '139 is a crash', last: ended('app', 139, 2), is: ['crashed', 139, 'SIGSEGV'] },
  { says: '159 (seccomp) is a crash', last: ended('app', 159, 2), is: ['crashed', 159, 'SIGSYS'] },
  { says: '130 is another signal', last: ended('app', 130, 2), is: ['ended-by-other-signal', 130, 'SIGINT'] },
  { says: '255 tells nothing', last: ended('app', 255, 2), is: ['ambiguous', 255, null] },
  { says: 'containerd that restarted reports 255 Unknown', last: ended('app', 255, 2, { reason: 'Unknown' }), is: ['ambiguous', 255] },
  { says: '128 alone is an error', last: ended('app', 128, 2), is: ['exited-with-error', 128, null] },
  { says: 'StartError never started', last: ended('app', 128, 2, { reason: 'StartError' }), is: ['start-failed', 128, null] },
  { says: 'ContainerCannotRun never started', last: ended('app', 127, 2, { reason: 'ContainerCannotRun' }), is: ['start-failed', 127] },
  { says: 'OOMKilled is out of memory, whatever the time', last: ended('app', 137, 31, { reason: 'OOMKilled' }), is: ['out-of-memory', 137, 'SIGKILL'] },
  { says: 'OOMKilled with a code of its own says both', last: ended('app', 1, 2, { reason: 'OOMKilled' }), is: ['out-of-memory', 1], meaning: /exited with 1/ },
  { says: 'OOMKilled of a child beside the stop signal leaves the verdict', last: ended('app', 143, 2, { reason: 'OOMKilled' }), is: ['ended-by-stop-signal', 143], meaning: /memory/ },

  { says: '137 after the whole grace period since Killing', last: ended('app', 137, 31), is: ['killed-after-grace-period', 137, 'SIGKILL'] },
  { says: '137 within a second of it', last: ended('app', 137, 30), is: ['killed-after-grace-period', 137] },
  { says: '137 two seconds short of it is early', last: ended('app', 137, 28), is: ['killed-early', 137], meaning: /27 s of 30 s/ },
  { says: 'the time of Killing counts, not the time of the request', last: ended('app', 137, 31), killing: 20, is: ['killed-early', 137] },
  { says: 'a node clock that is an hour ahead does not matter beside Killing', last: ended('app', 137, 3631), killing: 3601, is: ['killed-after-grace-period', 137] },
  { says: 'without Killing the request counts, and the meaning says so', last: ended('app', 137, 30), killing: null, is: ['killed-after-grace-period', 137], meaning: /since the request/ },
  { says: 'without Killing and early', last: ended('app', 137, 3), killing: null, is: ['killed-early', 137] },
  { says: 'without a mark nothing is known of the time', last: ended('app', 137, 30), grace: null, is: ['killed', 137], also: { secondsAfterRequest: null } },
  { says: 'grace 1 is over at once', last: ended('app', 137, 2), grace: 1, is: ['killed-after-grace-period', 137] },
  { says: 'a mark with grace 0 that was seen late proves no grace period', last: ended('app', 137, -1), grace: 0, killing: null, is: ['killed', 137] },
  { says: '137 with a preStop hook names it', last: ended('app', 137, 32), spec: { containers: [{ name: 'app', image: 'app', lifecycle: { preStop: { exec: { command: ['sleep'] } } } }] }, is: ['killed-after-grace-period', 137], meaning: /preStop/ },
  { says: '137 without a time is not reported', last: ended('app', 137, 3, { finishedAt: null }), is: ['not-reported', null] },
  { says: '143 after the whole grace period ended by itself at the last moment', last: ended('app', 143, 31), is: ['ended-by-stop-signal', 143] },

  { says: 'the made-up 137 of ContainerStatusUnknown is not reported', last: ended('app', 137, 3, placeholder), is: ['not-reported', null, null], also: { reason: 'ContainerStatusUnknown', finishedAt: null, secondsAfterRequest: null, order: null } },
  { says: 'zero times of an older server are no times', last: ended('app', 137, 3, { ...placeholder, reason: 'Error', finishedAt: '0001-01-01T00:00:00Z' }), is: ['not-reported', null] },
  { says: 'a terminated state without a container is a placeholder', last: ended('app', 137, 3, { containerID: '' }), is: ['not-reported', null] },
  { says: 'the made-up 137 of RestartingAllContainers is not reported', last: ended('app', 137, 3, { reason: 'RestartingAllContainers' }), is: ['not-reported', null] },
  { says: 'removed by force: the last that was seen is running', last: running('app'), grace: 0, is: ['not-reported', null], also: { startedAt: time(-3000), endedBefore: false } },

  { says: 'ended before the deletion with its code', before: ended('app', 1, -50), last: ended('app', 1, -50), is: ['exited-with-error', 1], also: { endedBefore: true, secondsAfterRequest: null, order: null } },
  { says: '137 from before the deletion is not its grace period', before: ended('app', 137, -50), last: ended('app', 137, -50), is: ['killed', 137], also: { endedBefore: true } },
  { says: 'an end that was known before is not lost to a placeholder', before: ended('app', 3, -50), last: ended('app', 137, 3, placeholder), is: ['exited-with-error', 3], also: { endedBefore: true } },
  { says: 'in a crash loop the last run is its end', before: crashLoop(1), last: crashLoop(1), is: ['exited-with-error', 1], also: { endedBefore: true } },
  { says: 'in a crash loop the kubelet shows the last run as its state in the end', before: crashLoop(1), last: ended('app', 1, -60, { startedAt: time(-100) }), is: ['exited-with-error', 1], also: { endedBefore: true } },
  { says: 'a run of a crash loop that was started anew and stopped is a new end', before: crashLoop(1), last: { ...ended('app', 143, 2, { containerID: 'containerd://app-2' }), containerID: 'containerd://app-2' }, is: ['ended-by-stop-signal', 143], also: { endedBefore: false } },
  { says: 'a new run whose end is lost is not the old run', before: crashLoop(1), last: { ...ended('app', 137, 2, placeholder), containerID: 'containerd://app-2' }, is: ['not-reported', null] },
  { says: 'a crash loop that could not start', before: crashLoop(128, { reason: 'StartError' }), last: crashLoop(128, { reason: 'StartError' }), is: ['start-failed', 128] },

  { says: 'a container that was being created never started', before: creating, last: creating, is: ['never-started', null], also: { startedAt: null, reason: 'ContainerCreating' } },
  { says: 'a placeholder for a container that never started', before: creating, last: { ...creating, ...ended('app', 137, 3, placeholder), containerID: '' }, is: ['never-started', null] },
  { says: 'a container that started after all and was lost is not reported', before: creating, last: ended('app', 137, 3, placeholder), is: ['not-reported', null] },
  { says: 'a container that started after all and still runs in the last that was seen', before: creating, last: running('app'), is: ['not-reported', null] },

  { says: 'Windows: 0', last: ended('app', 0, 3), spec: windows, is: ['exited-cleanly', 0, null] },
  { says: 'Windows: STATUS_CONTROL_C_EXIT as a signed number', last: ended('app', -1073741510, 3), spec: windows, is: ['ended-by-stop-signal', -1073741510, null] },
  { says: 'Windows: STATUS_CONTROL_C_EXIT as an unsigned number', last: ended('app', 3221225786, 3), spec: windows, is: ['ended-by-stop-signal', 3221225786, null] },
  { says: 'Windows: access violation', last: ended('app', 3221225477, 3), spec: windows, is: ['crashed', 3221225477, null] },
  { says: 'Windows: 137 is no signal there', last: ended('app', 137, 3), spec: windows, is: ['exited-with-error', 137, null] },
  { says: 'Windows: StartError never started', last: ended('app', 128, 3, { reason: 'StartError' }), spec: windows, is: ['start-failed', 128, null] },
];

describe('the verdict on a container', () => {
  for (const c of cases) {
    test(c.says, () => {
      const spec = c.spec ?? {};
      const [end] = endsOf({
        before: pod('p', { spec, status: statuses(c.before ?? running('app')) }),
        last: pod('p', { spec, status: statuses(c.last) }),
        ...(c.grace === undefined ? {} : { grace: c.grace }),
        ...(c.killing === undefined ? {} : { killing: c.killing }),
      });
      assert.ok(end !== undefined);
      const [verdict, exitCode, signal] = c.is;
      assert.deepEqual([end.verdict, end.exitCode], [verdict, exitCode], end.meaning);
      if (signal !== undefined) assert.equal(end.signal, signal);
      for (const [key, value] of Object.entries(c.also ?? {})) assert.equal(end[key as keyof ContainerEnd], value, key);
      if (c.meaning !== undefined) assert.match(end.meaning, c.meaning);
      assert.doesNotMatch(end.meaning, /NaN|undefined|null/u);
      assert.ok(end.meaning !== '');
    });
  }

  const verdicts: readonly ContainerVerdict[] = [
    'exited-cleanly', 'ended-by-stop-signal', 'exited-with-error', 'killed-after-grace-period', 'killed-early', 'killed', 'out-of-memory',
    'crashed', 'ended-by-other-signal', 'start-failed', 'never-started', 'ambiguous', 'not-reported',
  ];
  test('every verdict has a case', () => {
    assert.deepEqual(verdicts.filter((v) => !cases.some((c) => c.is[0] === v)), []);
  });
});

describe('all containers of a pod', () => {
  const spec = {
    initContainers: [{ name: 'setup', image: 'i' }, { name: 'proxy', image: 'i', restartPolicy: 'Always' }],
    containers: [{ name: 'app', image: 'i' }, { name: 'log', image: 'i' }],
    ephemeralContainers: [{ name: 'debug', image: 'i' }],
  };
  const before = pod('p', { spec, status: { initContainerStatuses: [ended('setup', 0, -2900), running('proxy')], containerStatuses: [running('app'), running('log')], ephemeralContainerStatuses: [running('debug')] } });
  const last = pod('p', { spec, status: { initContainerStatuses: [ended('setup', 0, -2900), ended('proxy', 0, 5)], containerStatuses: [ended('app', 143, 2), ended('log', 0, 2)], ephemeralContainerStatuses: [ended('debug', 137, 31)] } });

  test('come in the order of the spec with their types', () => {
    assert.deepEqual(endsOf({ before, last }).map((e) => [e.name, e.type]), [['setup', 'init'], ['proxy', 'sidecar'], ['app', 'app'], ['log', 'app'], ['debug', 'ephemeral']]);
  });

  test('have the order in which they ended; what ended in the same second shares its place', () => {
    assert.deepEqual(endsOf({ before, last }).map((e) => [e.name, e.order, e.endedBefore]), [['setup', null, true], ['proxy', 2, false], ['app', 1, false], ['log', 1, false], ['debug', 3, false]]);
  });

  test('a forced removal reports nobody but what had ended', () => {
    const forced = endsOf({ before, last: before, grace: 0 });
    assert.deepEqual(forced.map((e) => [e.name, e.verdict, e.exitCode]), [['setup', 'exited-cleanly', 0], ['proxy', 'not-reported', null], ['app', 'not-reported', null], ['log', 'not-reported', null], ['debug', 'not-reported', null]]);
    assert.ok(forced.every((e) => e.order === null));
  });

  test('a pod that was never scheduled has containers that never started', () => {
    const pending = pod('p', { spec: { ...spec, nodeName: '' }, status: { phase: 'Pending', containerStatuses: undefined } });
    assert.deepEqual(endsOf({ before: pending, last: pending, grace: 0 }).map((e) => e.verdict), ['never-started', 'never-started', 'never-started', 'never-started', 'never-started']);
  });
});
