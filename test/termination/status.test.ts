import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Pod } from '../../src/model/wire.ts';
import { atStart, step } from '../../src/termination/status.ts';
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
