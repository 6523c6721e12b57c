/** Runs with --logs. */
import { accepted, at, container, header, outcome, phase, plan, plannedPod, podRef, runs, type RecordedRun } from './made.ts';

const one = podRef('web-1');
const two = podRef('web-2');
const object = {
  spec: { nodeName: 'node-1', terminationGracePeriodSeconds: 30, containers: [{ name: 'app', image: 'app:1' }, { name: 'proxy', image: 'proxy:1' }] },
  status: { phase: 'Running', containerStatuses: [runs('app'), runs('proxy')] },
} as const;

const log = (of: typeof one, seconds: number, name: string, line: string) => ({ type: 'log', at: at(seconds), ref: of, container: name, line }) as const;

/** What two pods write while they stop, with what must not reach a terminal in it; the slices may not be read. */
export const logsOfTwo: RecordedRun = {
  name: 'logs-of-two-pods',
  command: 'pod web-1 web-2 --logs',
  dryRun: 'none',
  header: header(),
  events: [
    plan([plannedPod(one.name, { object }), plannedPod(two.name, { object })]),
    { type: 'not-observed', at: at(0.1), ref: one, lane: 'traffic', message: 'whether Services still send it traffic could not be observed: may not list endpointslices' },
    { type: 'not-observed', at: at(0.1), ref: two, lane: 'traffic', message: 'whether Services still send it traffic could not be observed: may not list endpointslices' },
    ...accepted(one, 0.2),
    ...accepted(two, 0.2),
    log(one, 0.5, 'app', 'SIGTERM: draining 3 connections'),
    log(two, 0.6, 'app', '\u001b[31mSIGTERM\u001b[0m: draining\tnothing\u0007'),
    log(one, 0.7, 'proxy', ''),
    log(one, 0.9, 'app', 'x'.repeat(300)),
    phase(one, 1.4, 'log-ended', 'log of app ended, 1.2 s after the request', 'observed', 'app'),
    container(one, 2, 'app', { secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString(), logEndedAt: new Date(at(1.4)).toISOString() }),
    container(one, 2, 'proxy', { secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString() }),
    phase(one, 2.1, 'gone', 'gone from the API server'),
    outcome(one, 2.1, 'deleted'),
    container(two, 2, 'app', { secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString() }),
    container(two, 2, 'proxy', { secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString() }),
    phase(two, 2.3, 'gone', 'gone from the API server'),
    outcome(two, 2.3, 'deleted'),
  ],
  finishedAt: at(2.3),
  exitCode: 0,
  moments: [1],
};
