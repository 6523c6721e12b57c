/** W3 and S2: what happens to the claims and the data of a pod. */
import assert from 'node:assert/strict';
import type { ScenarioContext } from '../context.ts';
import { checkOf, codesOf, ended, findingOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';
import { boundClaim, using } from '../staging.ts';

const claims = (t: ScenarioContext): { apiVersion: string; kind: string; namespace: string } => ({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: t.namespace });

/** The claim belongs to the pod, as after a scale-down with whenScaled=Delete. */
const ownedBy = async (t: ScenarioContext, claim: string, pod: string): Promise<void> => {
  const { uid } = (await t.theObject('Pod', pod)).metadata;
  await t.api.patch(claims(t), claim, { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', name: pod, uid }] } });
};

export const claimScenarios = [
  scenario({
    id: 'W3',
    name: 'a plain claim stays: a note, and nothing about data to lose',
    needs: ['volumes'],
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await t.apply(t.make.pod('user', using('data')));
      await t.untilReady('user');
      const run = await t.plugin(['pod', 'user', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const found = findingOf(targetOf(run), 'claims-stay');
      assert.deepEqual([found.check, found.severity, found.data['claims']], ['persistent-volume-claims', 'note', [{ name: 'data', accessModes: ['ReadWriteOnce'] }]]);
      assert.equal((await t.theObject('PersistentVolumeClaim', 'data')).metadata.deletionTimestamp, undefined);
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim that belongs to the pod and would take its data with it is a blocker, whatever consent is given',
    needs: ['volumes'],
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await t.apply(t.make.pod('owner', using('data')));
      await t.untilReady('owner');
      await ownedBy(t, 'data', 'owner');
      const check = await t.untouched('owner');
      for (const consentFlags of [[], ['-y'], ['--confirm', 'owner']]) {
        const run = await t.plugin(['pod', 'owner', ...consentFlags, '-o', 'json']);
        ended(run, 2, 'blocked');
        const found = findingOf(targetOf(run), 'claim-goes-with-pod');
        assert.deepEqual([found.severity, found.data['volume'], found.data['reclaim'], found.objects[0]?.name], ['blocker', `${t.namespace}-data`, 'Delete', 'data']);
        assert.deepEqual(found.commands[0]?.argv.slice(0, 3), ['kubectl', 'patch', 'pv']);
      }
      await check();
      const allowed = await t.plugin(['pod', 'owner', '--allow', 'claim-goes-with-pod', '--dry-run=client', '-o', 'json']);
      ended(allowed, 3, 'would-ask');
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim that belongs to the pod but whose volume is retained is a note',
    needs: ['volumes'],
    run: async (t) => {
      await boundClaim(t, 'data', 'Retain');
      await t.apply(t.make.pod('owner', using('data')));
      await t.untilReady('owner');
      await ownedBy(t, 'data', 'owner');
      const run = await t.plugin(['pod', 'owner', '--dry-run=client', '-y', '-o', 'json']);
      ended(run, 0, 'would-delete');
      assert.equal(findingOf(targetOf(run), 'volume-retained').severity, 'note');
    },
  }),
  scenario({
    id: 'S2',
    name: 'the last user of a Terminating claim is a blocker: the data would go with it',
    needs: ['volumes'],
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await t.apply(t.make.pod('last', using('data')));
      await t.untilReady('last');
      await t.api.delete(claims(t), 'data');
      assert.notEqual((await t.theObject('PersistentVolumeClaim', 'data')).metadata.deletionTimestamp, undefined);
      const check = await t.untouched('last');
      const run = await t.plugin(['pod', 'last', '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      assert.equal(findingOf(targetOf(run), 'last-user-of-terminating-claim').severity, 'blocker');
      await check();
    },
  }),
  scenario({
    id: 'S2',
    name: 'one of two users of a Terminating claim is none, but both of them together are blocked',
    needs: ['volumes'],
    run: async (t) => {
      await boundClaim(t, 'data', 'Delete');
      await t.apply(t.make.pod('left', using('data')), t.make.pod('right', using('data')));
      await t.untilReady('left', 'right');
      await t.api.delete(claims(t), 'data');
      const one = await t.plugin(['pod', 'left', '-y', '--dry-run=client', '-o', 'json']);
      ended(one, 0, 'would-delete');
      assert.ok(!codesOf(targetOf(one)).includes('last-user-of-terminating-claim'));
      const both = await t.plugin(['pod', 'left', 'right', '-y', '--dry-run=client', '-o', 'json']);
      assert.equal(both.code, 2);
    },
  }),
  scenario({
    id: 'W3',
    name: 'a claim that does not exist is a note, and a pod without claims passes the check',
    run: async (t) => {
      await t.apply(t.make.pod('waiting', using('nowhere')), t.make.pod('plain'));
      await t.untilReady('plain');
      const run = await t.plugin(['pod', 'waiting', 'plain', '--dry-run=client', '-o', 'json']);
      assert.equal(findingOf(targetOf(run, 'waiting'), 'claim-missing').data['claim'], 'nowhere');
      assert.equal(checkOf(targetOf(run, 'plain'), 'persistent-volume-claims').status, 'passed');
    },
  }),
];
