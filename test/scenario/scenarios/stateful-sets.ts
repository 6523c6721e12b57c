/** W2 and W4: identity, order and revision of a StatefulSet's pods. */
import assert from 'node:assert/strict';
import { endsOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const statefulSets = [
  scenario({
    id: 'W2',
    name: "a StatefulSet's pod is followed by uid to the new pod of the same name",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 3, { grace: 4 }));
      await t.untilSetReady('StatefulSet', 'db', 3);
      const before = await t.theObject('Pod', 'db-2');
      const run = await t.plugin(['pod', 'db-2', '-o', 'json']);
      ended(run, 0, 'deleted', { 'db-2': 'deleted' });
      const target = targetOf(run);
      assert.equal(target.ref.uid, before.metadata.uid);
      const { replacement } = target;
      assert.ok(replacement !== null, 'the successor is named');
      assert.equal(replacement.ref.name, 'db-2');
      assert.notEqual(replacement.ref.uid, before.metadata.uid);
      assert.equal((await t.theObject('Pod', 'db-2')).metadata.uid, replacement.ref.uid);
      assert.deepEqual(endsOf(target), [['app', 143, 'ended-by-stop-signal']]);
      const margin = findingOf(target, 'margin-left');
      assert.deepEqual([margin.severity, margin.data['readyAfter'], margin.data['majority']], ['note', 2, 2]);
    },
  }),
  scenario({
    id: 'W4',
    name: "forcing a StatefulSet's pod away is refused with exit 2, and the pod is untouched",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const check = await t.untouched('db-0');
      for (const consentFlags of [[], ['-y'], ['--confirm', 'db-0']]) {
        const run = await t.plugin(['pod', 'db-0', '--force', '--grace-period=0', ...consentFlags, '-o', 'json']);
        ended(run, 2, 'blocked', { 'db-0': 'blocked' });
        const found = findingOf(targetOf(run), 'forced-identity');
        assert.deepEqual([found.check, found.severity, found.pass], ['stateful-set', 'blocker', '--allow stateful-set']);
        assert.equal(reportOf(run).planDigest, null);
      }
      await check();
    },
  }),
  scenario({
    id: 'W4',
    name: 'with --allow stateful-set and -y the forced deletion goes, and its containers are not reported',
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 3 }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const before = await t.theObject('Pod', 'db-0');
      const check = await t.untouched('db-0');
      const asks = await t.plugin(['pod', 'db-0', '--force', '--grace-period=0', '--allow', 'stateful-set', '-o', 'json']);
      ended(asks, 3, 'declined');
      await check();
      const run = await t.plugin(['pod', 'db-0', '--force', '--grace-period=0', '--allow', 'stateful-set', '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const found = findingOf(target, 'forced-identity');
      assert.deepEqual([found.severity, found.originalSeverity, found.changedBy], ['warning', 'blocker', 'allow']);
      assert.deepEqual(endsOf(target), [['app', null, 'not-reported']]);
      const now = await t.until('the successor is there', async () => await t.pod('db-0'));
      assert.notEqual(now.metadata.uid, before.metadata.uid);
    },
  }),
  scenario({
    id: 'W2',
    name: 'a pod that comes back as another revision is warned about',
    run: async (t) => {
      await t.apply(t.make.statefulSet('held', 1, { grace: 3 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'held', 1);
      await t.api.patch({ apiVersion: 'apps/v1', kind: 'StatefulSet', namespace: t.namespace }, 'held', { spec: { template: { metadata: { annotations: { version: '2' } } } } });
      await t.until('the controller has made the new revision', async () => {
        const { status } = await t.theObject('StatefulSet', 'held');
        return status?.updateRevision !== status?.currentRevision;
      });
      const run = await t.plugin(['pod', 'held-0', '--dry-run=client', '-o', 'json']);
      ended(run, 3, 'would-ask');
      const found = findingOf(targetOf(run), 'other-revision');
      assert.deepEqual([found.severity, found.data['strategy']], ['warning', 'OnDelete']);
    },
  }),
  scenario({
    id: 'W2',
    name: 'an unhealthy lower ordinal, which holds up the replacement, is warned about by name',
    run: async (t) => {
      await t.apply(t.make.statefulSet('ring', 2, { grace: 2, containers: [{ readinessProbe: { exec: { command: ['sh', '-c', 'test ! -e /tmp/broken'] }, periodSeconds: 1, failureThreshold: 1 } }] }));
      await t.untilSetReady('StatefulSet', 'ring', 2);
      await t.api.create({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'unused' }, spec: { selector: { app: 'ring' }, ports: [{ port: 80 }] } }, t.namespace);
      await t.patchPod('ring-0', { metadata: { finalizers: ['scenario.example/hold'] } });
      t.defer(async () => await t.release('ring-0'));
      await t.deletePod('ring-0');
      const run = await t.plugin(['pod', 'ring-1', '--dry-run=client', '-o', 'json']);
      ended(run, 3, 'would-ask');
      const found = findingOf(targetOf(run), 'lower-ordinal-unhealthy');
      assert.deepEqual([found.severity, found.data['podName'], found.data['state']], ['warning', 'ring-0', 'Terminating']);
    },
  }),
  scenario({
    id: 'W5',
    name: 'a deletion that leaves fewer ready members than a majority needs consent',
    run: async (t) => {
      await t.apply(t.make.statefulSet('pair', 2));
      await t.untilSetReady('StatefulSet', 'pair', 2);
      const check = await t.untouched('pair-1');
      const run = await t.plugin(['pod', 'pair-1', '-o', 'json']);
      ended(run, 3, 'declined');
      const found = findingOf(targetOf(run), 'below-majority');
      assert.deepEqual([found.severity, found.data['readyAfter'], found.data['majority']], ['warning', 1, 2]);
      await check();
    },
  }),
];
