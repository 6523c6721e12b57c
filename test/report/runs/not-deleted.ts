/** Runs that end with the object still there, or not asked to go. */
import { accepted, at, container, found, header, outcome, phase, plan, plannedPod, podRef, ref, type RecordedRun } from './made.ts';
import { recreated } from './deleted.ts';

const bare = podRef('web-1');

export const bareFinding = found(
  { check: 'owner-controller', code: 'bare-pod', data: { phase: 'Running' }, objects: [] },
  'warning',
  'Nothing owns this pod: it will not be created again.',
  'Keep its manifest, if you do not have it.',
  { pass: '--yes', commands: [{ argv: ['kubectl', 'get', 'pod', 'web-1', '-n', 'shop', '-o', 'yaml'], why: 'keep its manifest' }] },
);

/** No terminal, no --yes. */
export const declined: RecordedRun = {
  name: 'bare-pod-declined',
  command: 'pod web-1',
  dryRun: 'none',
  header: header(),
  events: [
    plan([plannedPod(bare.name, { findings: [bareFinding], verdict: 'ask' })]),
    { type: 'consent', at: at(0.1), consent: { needed: 'yes', given: 'none' } },
    outcome(bare, 0.1, 'declined'),
  ],
  finishedAt: at(0.1),
  exitCode: 3,
};

const db = podRef('db-0');
const set = ref('StatefulSet', 'db', 'apps');

export const identity = found(
  { check: 'stateful-set', code: 'forced-identity', data: { set, by: 'force', node: 'node-1', nodeReady: true }, objects: [set, ref('Node', 'node-1')] },
  'blocker',
  'db-0 is a member of statefulset.apps/db: removed by force, its process may go on on node-1 while a second db-0 starts, and both write to the same data.',
  'Delete it without force, or prove first that node-1 is off.',
  { pass: '--allow stateful-set', commands: [{ argv: ['kubectl', 'get', 'node', 'node-1'], why: 'is it Ready?' }] },
);

export const blocked: RecordedRun = {
  name: 'stateful-set-forced',
  command: 'pod db-0 --force --grace-period=0 --yes',
  dryRun: 'none',
  header: header({}, { gracePeriodSeconds: 0 }),
  events: [plan([plannedPod(db.name, { findings: [identity], verdict: 'refuse', grace: 0 })]), outcome(db, 0.1, 'blocked')],
  finishedAt: at(0.1),
  exitCode: 2,
};

const stuck = podRef('stuck-1');

export const stillThere: RecordedRun = {
  name: 'finalizer-still-there',
  command: 'pod stuck-1 --timeout=5s --yes',
  dryRun: 'none',
  header: header({}, { timeoutSeconds: 5 }),
  events: [
    plan(
      [
        plannedPod(stuck.name, {
          verdict: 'ask',
          grace: 1,
          findings: [
            found(
              { check: 'finalizers', code: 'finalizer-controller-unknown', data: { finalizer: 'example.com/hold', domain: 'example.com', setBy: 'kubectl-edit' }, objects: [] },
              'warning',
              'The finalizer example.com/hold keeps the object until somebody removes it, and no controller of example.com was found.',
              'Find out who removes it before you delete the pod.',
              { pass: '--yes' },
            ),
          ],
        }),
      ],
      { timeoutSeconds: 5 },
    ),
    { type: 'consent', at: at(0.1), consent: { needed: 'yes', given: 'yes' } },
    ...accepted(stuck, 0.2, 1),
    container(stuck, 1.4, 'app', { exitCode: 143, signal: 'SIGTERM', reason: 'Error', verdict: 'ended-by-stop-signal', meaning: 'ended by SIGTERM, its stop signal', secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString() }),
    phase(stuck, 1.4, 'containers-exited', 'all containers have ended'),
    phase(stuck, 1.5, 'waiting-for-finalizers', 'only its finalizers keep the object'),
    {
      type: 'waiting',
      at: at(1.6),
      ref: stuck,
      on: [{ kind: 'finalizer', name: 'example.com/hold', message: 'nobody has removed it for 0 s', remedy: 'Look for the controller of example.com and its logs; it has to remove the finalizer.', objects: [], commands: [{ argv: ['kubectl', 'get', 'pods', 'stuck-1', '-n', 'shop', '-o', 'yaml', '--show-managed-fields'], why: 'see who set example.com/hold' }], danger: 'Taken off by hand, nothing of what its controller would clean up is cleaned up.', lastResort: { argv: ['kubectl', 'patch', 'pods', 'stuck-1', '-n', 'shop', '--type=json', '-p', '[{"op":"test","path":"/metadata/finalizers/0","value":"example.com/hold"},{"op":"remove","path":"/metadata/finalizers/0"}]'], why: 'last resort: takes the finalizer off' } }],
    },
    {
      type: 'waiting',
      at: at(4.6),
      ref: stuck,
      on: [{ kind: 'finalizer', name: 'example.com/hold', message: 'nobody has removed it for 3 s', remedy: 'Look for the controller of example.com and its logs; it has to remove the finalizer.', objects: [], commands: [{ argv: ['kubectl', 'get', 'pods', 'stuck-1', '-n', 'shop', '-o', 'yaml', '--show-managed-fields'], why: 'see who set example.com/hold' }], danger: 'Taken off by hand, nothing of what its controller would clean up is cleaned up.', lastResort: { argv: ['kubectl', 'patch', 'pods', 'stuck-1', '-n', 'shop', '--type=json', '-p', '[{"op":"test","path":"/metadata/finalizers/0","value":"example.com/hold"},{"op":"remove","path":"/metadata/finalizers/0"}]'], why: 'last resort: takes the finalizer off' } }],
    },
    outcome(stuck, 5.2, 'still-there'),
  ],
  finishedAt: at(5.2),
  exitCode: 4,
};

const frozen = podRef('cache-0');
const node = ref('Node', 'node-2');

export const frozenNode: RecordedRun = {
  name: 'frozen-node',
  command: 'pod cache-0 --timeout=45s --yes',
  dryRun: 'none',
  header: header({}, { timeoutSeconds: 45 }),
  events: [
    plan(
      [
        plannedPod(frozen.name, {
          verdict: 'ask',
          findings: [
            found(
              { check: 'node-readiness', code: 'node-not-ready', data: { node: 'node-2', status: 'Unknown', reason: 'NodeStatusUnknown', since: '2026-11-21T11:52:00Z' }, objects: [node] },
              'warning',
              'node-2 has not answered since 11:52:00 UTC: the pod will stay Terminating until it answers.',
              'Bring the node back, or prove that it is off and delete the Node.',
              { pass: '--yes' },
            ),
          ],
          unknown: [{ id: 'finalizers', status: 'unknown', reason: 'leases could not be read', missingRights: [{ verb: 'list', group: 'coordination.k8s.io', resource: 'leases', namespace: null }] }],
        }),
      ],
      { timeoutSeconds: 45 },
    ),
    { type: 'consent', at: at(0.1), consent: { needed: 'yes', given: 'yes' } },
    ...accepted(frozen, 0.2),
    { type: 'heartbeat', at: at(30.2), message: 'still waiting for pod/cache-0: its grace period ends now' },
    {
      type: 'waiting',
      at: at(35.2),
      ref: frozen,
      on: [{ kind: 'node', name: 'node-2', message: 'its kubelet has not answered for 8 min', remedy: 'Bring node-2 back, or delete the Node when the machine is surely off.', objects: [node], commands: [], danger: 'Forced away while the node still runs, its process lives on.', lastResort: null }],
    },
    outcome(frozen, 45.2, 'still-there'),
  ],
  finishedAt: at(45.2),
  exitCode: 4,
  moments: [40],
};

const web = podRef('web-7d4b9c6f5-x2x9q');

export const unobserved: RecordedRun = {
  name: 'unobserved',
  command: 'pod web-7d4b9c6f5-x2x9q',
  dryRun: 'none',
  header: header(),
  events: [
    plan([plannedPod(web.name, { findings: [recreated] })]),
    ...accepted(web, 0.2),
    { type: 'outcome', at: at(2), ref: web, outcome: 'unobserved', error: { httpStatus: 403, reason: 'Forbidden', message: 'pods "web-7d4b9c6f5-x2x9q" is forbidden: User "alice" cannot get resource "pods"' } },
  ],
  finishedAt: at(2),
  exitCode: 9,
};

export const interrupted: RecordedRun = {
  name: 'interrupted',
  command: 'pod web-7d4b9c6f5-x2x9q',
  dryRun: 'none',
  header: header(),
  events: [plan([plannedPod(web.name, { findings: [recreated] })]), ...accepted(web, 0.2), { type: 'interrupted', at: at(3), signal: 'SIGINT' }, outcome(web, 3, 'interrupted')],
  finishedAt: at(3),
  exitCode: 130,
};

const missing = { ...podRef('web-9'), uid: null };
const missingMessage = 'pods "web-9" not found';

export const notFound: RecordedRun = {
  name: 'not-found',
  command: 'pod web-9',
  dryRun: 'none',
  header: header(),
  events: [plan([], { missing: [{ ref: missing, message: missingMessage }], digest: null }), { type: 'outcome', at: at(0.1), ref: missing, outcome: 'not-found', error: { httpStatus: 404, reason: 'NotFound', message: missingMessage } }],
  finishedAt: at(0.1),
  exitCode: 6,
};

/** One goes, one was never there. */
export const mixed: RecordedRun = {
  name: 'two-targets-mixed',
  command: 'pod web-7d4b9c6f5-x2x9q web-9',
  dryRun: 'none',
  header: header(),
  events: [
    plan([plannedPod(web.name, { findings: [recreated] })], { missing: [{ ref: missing, message: missingMessage }] }),
    ...accepted(web, 0.2),
    container(web, 2, 'app', { exitCode: 1, reason: 'Error', verdict: 'exited-with-error', meaning: 'exited with an error of its own', secondsAfterRequest: 1, order: 1, finishedAt: new Date(at(1.2)).toISOString() }),
    phase(web, 2.1, 'gone', 'the object is gone'),
    outcome(web, 2.1, 'deleted'),
    outcome(missing, 2.1, 'not-found'),
  ],
  finishedAt: at(2.1),
  exitCode: 7,
};

/** One is blocked, so the other is left alone. */
export const asAWhole: RecordedRun = {
  name: 'two-targets-one-blocked',
  command: 'pod db-0 web-1 --force --yes',
  dryRun: 'none',
  header: header({}, { gracePeriodSeconds: 0 }),
  events: [
    plan([plannedPod(db.name, { findings: [identity], verdict: 'refuse', grace: 0 }), plannedPod(bare.name, { grace: 0 })]),
    outcome(db, 0.1, 'blocked'),
    outcome(bare, 0.1, 'not-attempted'),
  ],
  finishedAt: at(0.1),
  exitCode: 2,
};

export const serverError: RecordedRun = {
  name: 'server-error',
  command: 'pod web-1',
  dryRun: 'none',
  header: header({ context: { name: null, cluster: null, server: 'https://127.0.0.1:1', user: null, namespace: 'default' } }),
  events: [{ type: 'error', at: at(0.1), code: 'unreachable', message: 'The connection to the server 127.0.0.1:1 was refused - did you specify the right host or port?', remedy: null }],
  finishedAt: at(0.1),
  exitCode: 1,
};
