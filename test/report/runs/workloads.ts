/** Runs whose targets are workloads: what goes with them, and what is still going when they are gone. */
import type { PlannedTarget } from '../../../src/plan/plan.ts';
import { at, found, header, outcome, phase, plan, ref, requested, type RecordedRun } from './made.ts';

const web = ref('Deployment', 'web', 'apps');
const names = ['web-7d-a', 'web-7d-b', 'web-7d-c'];
const kinds = [{ group: 'apps', kind: 'ReplicaSet', count: 1 }, { group: '', kind: 'Pod', count: 3 }];

const going = found(
  { check: 'dependents', code: 'serving-pods-go', data: { kinds, names, atLeast: false, count: 3, serving: 3, gentler: null }, objects: [] },
  'warning',
  `3 pods, all Ready, go with deployment web: ${names.join(', ')}.`,
  'Make sure that their work may end.',
  { pass: '--yes', commands: [{ argv: ['kubectl', 'scale', 'deployment.apps/web', '-n', 'shop', '--replicas=0'], why: 'stop its pods and keep it' }] },
);

const deployment: PlannedTarget = {
  target: { ref: web, object: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: web.name, namespace: 'shop', uid: web.uid } } },
  findings: [going],
  checks: [{ id: 'dependents', status: 'found', reason: null, missingRights: [] }, { id: 'rollout', status: 'passed', reason: null, missingRights: [] }],
  verdict: 'ask',
  owners: [],
  recreatedBy: null,
  gracePeriodSeconds: null,
  dependents: kinds.map((k) => ({ ...k, atLeast: false, state: 'going' as const })),
  dependentsGraceSeconds: 30,
};

/** In the background: its object is gone at once, its pods a while later. */
export const deploymentInBackground: RecordedRun = {
  name: 'deployment-in-background',
  command: 'deployment web --yes',
  dryRun: 'none',
  header: header(),
  events: [
    plan([deployment]),
    { type: 'consent', at: at(0.1), consent: { needed: 'yes', given: 'yes' } },
    requested(web, 0.2),
    phase(web, 0.3, 'gone', 'gone from the API server'),
    outcome(web, 0.3, 'deleted'),
    {
      type: 'dependents',
      at: at(0.4),
      ref: web,
      dependents: [
        { group: 'apps', kind: 'ReplicaSet', count: 1, atLeast: false, state: 'gone' },
        { group: '', kind: 'Pod', count: 3, atLeast: false, state: 'going' },
      ],
    },
  ],
  finishedAt: at(0.4),
  exitCode: 0,
};

/** With orphan cascade its ReplicaSet and pods stay. */
export const deploymentAlone: RecordedRun = {
  name: 'deployment-alone',
  command: 'deployment web --cascade=orphan',
  dryRun: 'none',
  header: header({}, { cascade: 'orphan' }),
  events: [
    plan([
      {
        ...deployment,
        findings: [found({ check: 'dependents', code: 'left-behind', data: { kinds, names, atLeast: false }, objects: [] }, 'note', '1 ReplicaSet, 3 pods (web-7d-a, web-7d-b, web-7d-c) stay without deployment web.', 'Delete them when they are no longer needed.')],
        verdict: 'proceed',
        dependents: kinds.map((k) => ({ ...k, atLeast: false, state: 'left-behind' as const })),
      },
    ]),
    requested(web, 0.2),
    phase(web, 0.2, 'accepted', 'marked for deletion'),
    phase(web, 0.3, 'gone', 'gone from the API server'),
    outcome(web, 0.3, 'deleted'),
  ],
  finishedAt: at(0.4),
  exitCode: 0,
};
