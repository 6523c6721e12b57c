import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pod } from '../../src/model/wire.ts';
import { atStart, goneText, signalsAfterHooks, step } from '../../src/termination/status.ts';
import type { Progress } from '../../src/termination/status.ts';
import { ended, marked, NOW, notReady, pod, running, time } from '../model/objects.ts';

/** The phases that each of these states shows for the first time. */
const phases = (...states: readonly Pod[]): readonly (readonly string[])[] => {
  let progress: Progress = atStart;
  return states.map((state) => {
    const next = step(progress, state);
    progress = next.progress;
    return next.phases.map((p) => p.phase);
  });
};

const alive = pod('a');
const going = pod('a', { metadata: marked(30, 0) });
const exited = pod('a', { metadata: marked(30, 0), status: { containerStatuses: [ended('app', 143, 2)] } });
const failed = pod('a', { metadata: marked(30, 0), status: { phase: 'Failed', containerStatuses: [ended('app', 143, 2)] } });
const finalDelete = pod('a', { metadata: marked(0, -3), status: { phase: 'Failed', containerStatuses: [ended('app', 143, 2)] } });
const held = pod('a', { metadata: { ...marked(0, -3), finalizers: ['x', 'y'] }, status: { phase: 'Failed', containerStatuses: [ended('app', 143, 2)] } });
const preStop = { containers: [{ name: 'app', image: 'app', lifecycle: { preStop: { exec: { command: ['sleep', '5'] } } } }] };

interface Case {
  readonly says: string;
  readonly states: readonly Pod[];
  readonly shown: readonly (readonly string[])[];
}

const cases: readonly Case[] = [
  { says: 'a pod that lives shows nothing', states: [alive, pod('a', { status: notReady })], shown: [[], []] },
  { says: 'the usual order', states: [alive, going, exited, failed, finalDelete], shown: [[], ['accepted', 'term-signal'], ['containers-exited'], ['cleaning-up'], []] },
  { says: 'each phase is shown once, however often the state comes', states: [going, going, exited, exited], shown: [['accepted', 'term-signal'], [], ['containers-exited'], []] },
  { says: 'end and phase in one state', states: [going, failed], shown: [['accepted', 'term-signal'], ['containers-exited', 'cleaning-up']] },
  { says: 'everything at once after a gap', states: [alive, held], shown: [[], ['accepted', 'containers-exited', 'cleaning-up', 'waiting-for-finalizers']] },
  { says: 'finalizers are waited for when nothing else holds it', states: [going, held], shown: [['accepted', 'term-signal'], ['containers-exited', 'cleaning-up', 'waiting-for-finalizers']] },
  { says: 'finalizers are not waited for while the grace period runs', states: [pod('a', { metadata: { ...marked(30, 0), finalizers: ['x'] } })], shown: [['accepted', 'term-signal']] },
  { says: 'a preStop hook comes before the signal, and nobody knows when that is sent', states: [pod('a', { metadata: marked(30, 0), spec: preStop }), exited], shown: [['accepted', 'pre-stop'], ['containers-exited']] },
  { says: 'no hook and no signal with grace 0', states: [pod('a', { metadata: { ...marked(0, 0), finalizers: ['x'] }, spec: preStop })], shown: [['accepted', 'waiting-for-finalizers']] },
  { says: 'no signal for a pod whose containers do not run', states: [pod('a', { metadata: marked(30, 0), status: { phase: 'Pending', containerStatuses: [{ ...running('app'), state: { waiting: { reason: 'ContainerCreating' } } }] } })], shown: [['accepted']] },
  { says: 'one of two containers that has ended is not the end', states: [pod('a', { metadata: marked(30, 0), spec: { containers: [{ name: 'app', image: 'app' }, { name: 'log', image: 'log' }] }, status: { containerStatuses: [ended('app', 0, 1), running('log')] } })], shown: [['accepted', 'term-signal']] },
  { says: 'a sidecar that runs on is not the end', states: [pod('a', { metadata: marked(30, 0), status: { initContainerStatuses: [running('proxy')], containerStatuses: [ended('app', 0, 1)] } })], shown: [['accepted']] },
  { says: 'a finished pod that is not marked shows nothing', states: [pod('a', { status: { phase: 'Succeeded', containerStatuses: [ended('app', 0, -50)] } })], shown: [[]] },
];

describe('phases', () => {
  for (const { says, states, shown } of cases) {
    test(says, () => {
      assert.deepEqual(phases(...states), shown);
    });
  }
});

const messages = (state: Pod): Readonly<Record<string, readonly [evidence: string, message: string]>> => Object.fromEntries(step(atStart, state).phases.map((p) => [p.phase, [p.evidence, p.message] as const]));

describe('the mark', () => {
  test('is the first that was seen: the kubelet overwrites it in the end', () => {
    const first = step(atStart, going);
    assert.deepEqual(first.progress.mark, { deadline: time(30), gracePeriodSeconds: 30, requestedAt: NOW });
    assert.ok(first.markIsNew);
    const last = step(first.progress, finalDelete);
    assert.deepEqual([last.progress.mark, last.markIsNew], [first.progress.mark, false]);
  });

  test('without a grace period counts as 0', () => {
    const { progress } = step(atStart, pod('a', { metadata: { deletionTimestamp: time(0) } }));
    assert.deepEqual(progress.mark, { deadline: time(0), gracePeriodSeconds: 0, requestedAt: NOW });
  });
});

describe('what is said', () => {
  test('a hook or a signal is an estimate, the rest was observed', () => {
    assert.equal(messages(pod('a', { metadata: marked(30, 0), spec: preStop }))['pre-stop']?.[0], 'estimated');
    assert.equal(messages(going)['term-signal']?.[0], 'estimated');
    assert.ok(Object.entries(messages(held)).every(([, [evidence]]) => evidence === 'observed'));
  });

  test('the signal is the one that will be sent: of the status, else of the spec, else SIGTERM', () => {
    const two = { containers: [{ name: 'app', image: 'a' }, { name: 'web', image: 'w', lifecycle: { stopSignal: 'SIGQUIT' } }] };
    assert.match(messages(pod('a', { metadata: marked(30, 0), spec: two, status: { containerStatuses: [running('app'), running('web')] } }))['term-signal']?.[1] ?? '', /SIGTERM to app; SIGQUIT to web/u);
    assert.match(messages(pod('a', { metadata: marked(30, 0), status: { containerStatuses: [running('app', { stopSignal: 'SIGUSR1' })] } }))['term-signal']?.[1] ?? '', /SIGUSR1/u);
    assert.match(messages(going)['term-signal']?.[1] ?? '', /SIGTERM/u);
  });

  test('the finalizers are named', () => {
    assert.match(messages(held)['waiting-for-finalizers']?.[1] ?? '', /x, y/u);
  });
});

const hook = (name: string, action: object): object => ({ name, image: name, lifecycle: { preStop: action } });

describe('how a pod is stopped', () => {
  const spec = {
    initContainers: [{ name: 'first', image: 'x', restartPolicy: 'Always' }, { name: 'second', image: 'x', restartPolicy: 'Always' }, { name: 'setup', image: 'x' }],
    containers: [hook('exec', { exec: { command: ['true'] } }), hook('nap', { sleep: { seconds: 5 } }), { name: 'plain', image: 'x' }],
  };
  const status = { initContainerStatuses: [running('first'), running('second'), ended('setup', 0, -99)], containerStatuses: [running('exec'), running('nap'), running('plain')] };
  const going3 = pod('a', { metadata: marked(30, 0), spec, status });

  test('hooks are named with their kind, the signal goes to who has none, and sidecars follow in reverse order', () => {
    const said = messages(going3);
    assert.equal(said['pre-stop']?.[1], 'preStop runs about now, before the signal and inside the 30 s: exec (exec), nap (sleep 5 s)');
    assert.equal(said['term-signal']?.[1], 'the kubelet sends SIGTERM to plain about now; sidecars second, then first after those');
  });

  const mark = { deadline: time(30), gracePeriodSeconds: 30, requestedAt: NOW };
  const after = (passed: number, broken: readonly string[] = [], over: readonly string[] = []): readonly string[] =>
    signalsAfterHooks(going3, mark, new Set(broken), new Set(over), passed).map((p) => `${p.container ?? ''}: ${p.message.split(': ')[1] ?? ''}`);

  test('a signal after a hook is estimated when something tells that the hook is over', () => {
    assert.deepEqual(after(1), []);
    assert.deepEqual(after(1, ['exec']), ['exec: its preStop hook failed']);
    assert.deepEqual(after(5), ['nap: its preStop sleep of 5 s is over']);
    assert.deepEqual(after(5, [], ['nap']), []);
    assert.deepEqual(after(30), ['exec: its preStop hook has used up the grace period; SIGKILL 2 s later', 'nap: its preStop sleep of 5 s is over']);
  });
});

const condition = (reason: string) => ({ conditions: [{ type: 'DisruptionTarget', status: 'True', reason, message: 'because' }] });

describe('why it went', () => {
  test('the condition that others leave is named, when it is marked and when it is gone', () => {
    assert.match(messages(pod('a', { metadata: marked(30, 0), status: condition('PreemptionByScheduler') }))['accepted']?.[1] ?? '', /removed by the scheduler, for a pod of higher priority \(PreemptionByScheduler: because\)$/u);
    assert.equal(goneText(pod('a', { status: condition('DeletionByPodGC') }), true), 'gone from the API server; removed by the pod garbage collector (DeletionByPodGC: because)');
    assert.equal(goneText(pod('a', { status: condition('SomethingNew') }), true), 'gone from the API server');
  });
  test('a phase that was set while containers run is what the garbage collector does; an ordinary end says nothing more', () => {
    assert.match(goneText(pod('a', { status: { phase: 'Failed' } }), true), /which only the pod garbage collector does$/u);
    assert.equal(goneText(failed, true), 'gone from the API server');
    assert.equal(goneText(alive, true), 'gone from the API server');
  });
});
