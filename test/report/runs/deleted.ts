/** Runs that end with the object gone. */
import { accepted, at, container, found, header, outcome, phase, plan, plannedPod, podRef, ref, runs, successor, type RecordedRun } from './made.ts';

const web = podRef('web-7d4b9c6f5-x2x9q');
const set = ref('ReplicaSet', 'web-7d4b9c6f5', 'apps');
const top = ref('Deployment', 'web', 'apps');

export const recreated = found(
  { check: 'owner-controller', code: 'recreated', data: { owner: set, top, sameName: false, meant: 'scale', replicas: 3 }, objects: [set, top] },
  'note',
  'replicaset.apps/web-7d4b9c6f5 will create another pod in its place.',
  'To have fewer pods, scale deployment.apps/web.',
  { commands: [{ argv: ['kubectl', 'scale', 'deployment/web', '-n', 'shop', '--replicas=2'], why: 'if fewer pods are meant' }] },
);

const next = podRef('web-7d4b9c6f5-k8s5j');

/** A hook, a sidecar, and one that will not stop. */
const threeRunning = {
  spec: {
    nodeName: 'node-1',
    terminationGracePeriodSeconds: 30,
    initContainers: [{ name: 'proxy', image: 'proxy:1', restartPolicy: 'Always' }],
    containers: [{ name: 'app', image: 'app:1', lifecycle: { preStop: { exec: { command: ['/drain'] } } } }, { name: 'stubborn', image: 'stubborn:1' }],
  },
  status: { phase: 'Running', initContainerStatuses: [runs('proxy')], containerStatuses: [runs('app'), runs('stubborn')] },
} as const;

/** Ends with 0, by SIGTERM, and by SIGKILL after the grace period. */
export const threeContainers: RecordedRun = {
  name: 'three-containers',
  command: 'pod web-7d4b9c6f5-x2x9q',
  dryRun: 'none',
  header: header(),
  events: [
    plan([plannedPod(web.name, { findings: [recreated], object: threeRunning })]),
    ...accepted(web, 0.4),
    phase(web, 0.5, 'pre-stop', 'preStop runs about now, before the signal and inside the 30 s: app (exec)', 'estimated'),
    phase(web, 0.5, 'term-signal', 'the kubelet sends SIGTERM to stubborn about now; sidecar proxy after those', 'estimated'),
    phase(web, 0.6, 'not-ready-in-endpoints', 'not ready in the endpoints of web any more, 0.2 s after the request'),
    phase(web, 0.7, 'stopping', 'the kubelet has begun to stop its containers'),
    // A watch that resumes shows it again.
    phase(web, 0.9, 'stopping', 'the kubelet has begun to stop its containers'),
    phase(web, 1.1, 'pre-stop', 'the preStop hook of app failed (FailedPreStopHook): its signal follows at once', 'observed', 'app'),
    phase(web, 1.2, 'term-signal', 'the kubelet sends SIGTERM to app about now: its preStop hook failed', 'estimated', 'app'),
    { type: 'replacement', at: at(1.4), ref: web, replacement: { ref: next, createdAt: new Date(at(1)).toISOString(), ready: false, readyAt: null, reason: 'ContainerCreating' } },
    phase(web, 1.4, 'replacement-created', `${next.name} was created`),
    phase(web, 2.4, 'log-ended', 'log of app ended, 2.0 s after the request', 'observed', 'app'),
    { type: 'waiting', at: at(3), ref: web, on: [{ kind: 'grace', name: '30s', message: 'its containers have 27 s left to end', remedy: '', objects: [], commands: [], danger: '', lastResort: null }] },
    { type: 'replacement', at: at(4.4), ref: web, replacement: { ref: next, createdAt: new Date(at(1)).toISOString(), ready: true, readyAt: new Date(at(4)).toISOString(), reason: null } },
    phase(web, 4.4, 'replacement-ready', `${next.name} is Ready`),
    { type: 'heartbeat', at: at(30.4), message: 'still waiting for pod/web-7d4b9c6f5-x2x9q: its grace period ends now' },
    container(web, 31, 'app', { finishedAt: new Date(at(2.4)).toISOString(), logEndedAt: new Date(at(2.4)).toISOString(), secondsAfterRequest: 2, order: 1 }),
    container(web, 31, 'proxy', { type: 'sidecar', exitCode: 143, signal: 'SIGTERM', reason: 'Error', verdict: 'ended-by-stop-signal', meaning: 'ended by SIGTERM, its stop signal', finishedAt: new Date(at(30.4)).toISOString(), secondsAfterRequest: 30, order: 2 }),
    container(web, 31, 'stubborn', { exitCode: 137, signal: 'SIGKILL', reason: 'Error', verdict: 'killed-after-grace-period', meaning: 'killed by SIGKILL when its grace period of 30 s was over', finishedAt: new Date(at(30.4)).toISOString(), secondsAfterRequest: 30, order: 2 }),
    phase(web, 31, 'containers-exited', 'all containers have ended'),
    phase(web, 31.1, 'cleaning-up', 'phase Failed; the kubelet cleans up'),
    phase(web, 31.2, 'removed-from-endpoints', 'removed from the endpoints of web, 30.8 s after the request'),
    phase(web, 31.4, 'gone', 'gone from the API server'),
    outcome(web, 31.4, 'deleted'),
  ],
  finishedAt: at(31.4),
  exitCode: 0,
  moments: [0.5, 3.5, 31.1],
};

const db = podRef('db-0');
const setOfDb = ref('StatefulSet', 'db', 'apps');
const after = successor(db);

/** A StatefulSet's pod comes back under its name: another object, followed by its uid. */
export const sameName: RecordedRun = {
  name: 'stateful-set-pod',
  command: 'pod/db-0 --yes',
  dryRun: 'none',
  header: header(),
  events: [
    plan(
      [
        plannedPod(db.name, {
          verdict: 'ask',
          grace: 600,
          preStop: true,
          findings: [
            found(
              { check: 'stateful-set', code: 'below-majority', data: { set: setOfDb, replicas: 3, readyNow: 2, readyAfter: 1, majority: 2 }, objects: [setOfDb] },
              'warning',
              'Of 3 members of statefulset.apps/db, 1 would be ready, and a majority is 2: the set may stop serving.',
              'Wait until db-2 is ready.',
              { pass: '--yes', commands: [{ argv: ['kubectl', 'get', 'pod', '-n', 'shop', '-l', 'app in (db, cache)', '-w'], why: 'wait for 3 ready members' }] },
            ),
            found(
              { check: 'owner-controller', code: 'recreated', data: { owner: setOfDb, top: setOfDb, sameName: true, meant: 'scale', replicas: 3 }, objects: [setOfDb] },
              'note',
              'statefulset.apps/db will create db-0 again, with the same name and claims.',
              '',
            ),
          ],
        }),
      ],
      { timeoutSeconds: 660 },
    ),
    { type: 'consent', at: at(0.1), consent: { needed: 'yes', given: 'yes' } },
    ...accepted(db, 0.2, 600),
    { type: 'api-warning', at: at(0.3), text: 'this API is old' },
    phase(db, 0.4, 'pre-stop', 'its preStop hook runs about now', 'estimated'),
    container(db, 6, 'db', { secondsAfterRequest: 5.5, order: 1, finishedAt: new Date(at(5.7)).toISOString() }),
    phase(db, 6, 'containers-exited', 'all containers have ended'),
    phase(db, 6.3, 'gone', 'the object is gone'),
    { type: 'replacement', at: at(6.6), ref: db, replacement: { ref: after, createdAt: new Date(at(6)).toISOString(), ready: false, readyAt: null, reason: 'ContainerCreating' } },
    outcome(db, 6.7, 'deleted'),
  ],
  finishedAt: at(6.7),
  exitCode: 0,
};

/** --wait=false: over when the server has accepted it. */
export const notWaited: RecordedRun = {
  name: 'wait-false',
  command: 'pod web-7d4b9c6f5-x2x9q --wait=false',
  dryRun: 'none',
  header: header({}, { wait: false }),
  events: [plan([plannedPod(web.name, { findings: [recreated] })]), ...accepted(web, 0.2), outcome(web, 0.3, 'accepted')],
  finishedAt: at(0.3),
  exitCode: 0,
};

const forcedPod = podRef('batch-1');

/** Force: the kubelet reports nothing, and nothing is guessed. */
export const forced: RecordedRun = {
  name: 'forced',
  command: 'pod batch-1 --force --yes',
  dryRun: 'none',
  header: header({}, { gracePeriodSeconds: 0 }),
  events: [
    plan([plannedPod(forcedPod.name, { grace: 0 })]),
    ...accepted(forcedPod, 0.2, 0),
    container(forcedPod, 0.3, 'main', { exitCode: null, reason: null, verdict: 'not-reported', meaning: 'not reported: the object went before the kubelet could tell; its process may still run' }),
    container(forcedPod, 0.3, 'setup', { type: 'init', endedBefore: true, finishedAt: new Date(at(-3590)).toISOString() }),
    phase(forcedPod, 0.3, 'gone', 'the object is gone'),
    outcome(forcedPod, 0.3, 'deleted'),
  ],
  finishedAt: at(0.3),
  exitCode: 0,
};
