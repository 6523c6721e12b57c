/** Dry runs: the plan is the result. */
import { at, found, header, outcome, plan, plannedPod, podRef, ref, type RecordedRun } from './made.ts';
import { recreated } from './deleted.ts';
import { bareFinding, identity } from './not-deleted.ts';

const web = podRef('web-7d4b9c6f5-x2x9q');
const bare = podRef('web-1');
const db = podRef('db-0');

export const wouldDelete: RecordedRun = {
  name: 'dry-run-would-delete',
  command: 'pod web-7d4b9c6f5-x2x9q --dry-run',
  dryRun: 'server',
  header: header({ dryRun: true }),
  events: [plan([plannedPod(web.name, { findings: [recreated], preStop: true })]), outcome(web, 0.1, 'would-delete')],
  finishedAt: at(0.1),
  exitCode: 0,
};

export const wouldAsk: RecordedRun = {
  name: 'dry-run-would-ask',
  command: 'pod web-1 --dry-run=client',
  dryRun: 'client',
  header: header({ dryRun: true }),
  events: [plan([plannedPod(bare.name, { findings: [bareFinding], verdict: 'ask' })]), outcome(bare, 0.1, 'would-ask')],
  finishedAt: at(0.1),
  exitCode: 3,
};

const claim = ref('PersistentVolumeClaim', 'data-db-0');

export const wouldBlock: RecordedRun = {
  name: 'dry-run-blocked',
  command: 'pod db-0 web-1 --force --dry-run',
  dryRun: 'server',
  header: header({ dryRun: true }, { gracePeriodSeconds: 0 }),
  events: [
    plan([
      plannedPod(db.name, {
        findings: [
          identity,
          found(
            { check: 'persistent-volume-claims', code: 'last-user-of-terminating-claim', data: { claim, volume: 'pv-7', reclaim: 'Delete' }, objects: [claim] },
            'warning',
            'persistentvolumeclaim/data-db-0 is Terminating and only this pod holds it: with the pod go the claim, the volume pv-7 and its data.',
            'Copy the data first.',
            { irreversible: true, pass: '--confirm 2' },
          ),
        ],
        verdict: 'refuse',
        grace: 0,
      }),
      plannedPod(bare.name, { findings: [bareFinding], verdict: 'ask', grace: 0 }),
    ]),
    outcome(db, 0.1, 'blocked'),
    outcome(bare, 0.1, 'would-ask'),
  ],
  finishedAt: at(0.1),
  exitCode: 2,
};
