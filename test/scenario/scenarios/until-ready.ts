/** --until=ready (D6), and S5: what comes after a pod, until it is Ready or the reason why it is not. */
import assert from 'node:assert/strict';
import type { WireTarget } from '../../../src/report/wire.ts';
import type { ScenarioContext } from '../context.ts';
import { ended, findingOf, phasesInOrder, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

const ready = '--until=ready';

const podsOf = async (t: ScenarioContext, app: string): Promise<readonly string[]> => (await t.pods(`app=${app}`)).filter((p) => p.metadata.deletionTimestamp === undefined).map((p) => p.metadata.name);

const notReady = (target: WireTarget, reason: RegExp): void => {
  assert.notEqual(target.replacement?.ready, true);
  assert.match(target.waitingOn[0]?.message ?? '', reason);
};

const patch = async (t: ScenarioContext, kind: 'Deployment' | 'StatefulSet', name: string, body: object): Promise<void> => {
  await t.api.patch({ apiVersion: 'apps/v1', kind, namespace: t.namespace }, name, body);
};

const broken = { spec: { template: { spec: { containers: [{ name: 'app', image: 'localhost/no-such-image:1', imagePullPolicy: 'Never', command: ['sh', '-c', 'exit 0'] }] } } } };

export const untilReady = [
  scenario({
    id: 'D6',
    name: 'the replacement of a Deployment is followed until it is Ready',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 2, containers: [{ readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1, initialDelaySeconds: 2 } }] }));
      await t.untilSetReady('Deployment', 'web', 2);
      const [name = ''] = await podsOf(t, 'web');
      const run = await t.plugin(['pod', name, '-y', ready, '-o', 'json']);
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      phasesInOrder(target, 'replacement-created', 'replacement-ready');
      const now = await t.theObject('Pod', target.replacement?.ref.name ?? '');
      assert.deepEqual([target.replacement?.ref.uid, target.replacement?.ready], [now.metadata.uid, true]);
      assert.ok(now.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True'));
    },
  }),
  scenario({
    id: 'D6',
    name: 'each of several pods has its own replacement',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 3, { grace: 2 }));
      await t.untilSetReady('Deployment', 'web', 3);
      const run = await t.plugin(['pod', ...(await podsOf(t, 'web')).slice(0, 2), '-y', ready, '-o', 'json']);
      ended(run, 0, 'deleted');
      const uids = reportOf(run).targets.map((x) => x.replacement?.ref.uid);
      assert.equal(new Set(uids).size, 2);
      assert.ok(reportOf(run).targets.every((x) => x.replacement?.ready === true));
    },
  }),
  scenario({
    id: 'D6',
    name: "a StatefulSet's pod comes back under its name, with another uid; with OnDelete as another version",
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 2 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      const before = await t.theObject('Pod', 'db-0');
      const run = await t.plugin(['pod', 'db-0', '-y', ready, '-o', 'json']);
      ended(run, 0, 'deleted');
      const { replacement } = targetOf(run);
      assert.deepEqual([replacement?.ref.name, replacement?.ready], ['db-0', true]);
      assert.notEqual(replacement?.ref.uid, before.metadata.uid);
    },
  }),
  scenario({
    id: 'D6',
    name: 'an image that cannot be pulled: the pod is deleted, exit 10, and the image is the reason',
    needs: ['real-processes'],
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 1 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      await patch(t, 'StatefulSet', 'db', broken);
      const run = await t.plugin(['pod', 'db-0', '-y', ready, '--timeout=15s', '-o', 'json']);
      ended(run, 10, 'deleted');
      notReady(targetOf(run), /the image .*no-such-image.* cannot be pulled/);
    },
  }),
  scenario({
    id: 'D6',
    name: 'a quota that has no room: nothing comes, exit 10, and the quota is the reason',
    needs: ['real-processes'],
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 1 }));
      await t.untilSetReady('Deployment', 'web', 2);
      await t.apply({ apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'few' }, spec: { hard: { pods: '1' } } });
      await t.until('the quota counts', async () => JSON.stringify(await t.api.find({ apiVersion: 'v1', kind: 'ResourceQuota', namespace: t.namespace }, 'few')).includes('"used"'));
      const [name = ''] = await podsOf(t, 'web');
      const run = await t.plugin(['pod', name, '-y', ready, '--timeout=12s', '-o', 'json']);
      ended(run, 10, 'deleted');
      notReady(targetOf(run), /exceeded quota: few/);
      assert.match(targetOf(run).waitingOn[0]?.remedy ?? '', /quota few/);
    },
  }),
  scenario({
    id: 'D6',
    name: 'no node takes it: exit 10, with the scheduler\'s words',
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 1 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      await patch(t, 'StatefulSet', 'db', { spec: { template: { spec: { nodeSelector: { 'no-such': 'node' } } } } });
      const run = await t.plugin(['pod', 'db-0', '-y', ready, '--timeout=12s', '-o', 'json']);
      ended(run, 10, 'deleted');
      notReady(targetOf(run), /no node takes db-0/);
    },
  }),
  scenario({
    id: 'D6',
    name: 'a crash loop: exit 10, with the code of its last end',
    needs: ['real-processes'],
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 1, { grace: 1 }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'db', 1);
      await patch(t, 'StatefulSet', 'db', { spec: { template: { spec: { containers: [t.make.container({ command: ['sh', '-c', 'exit 7'], readinessProbe: { exec: { command: ['true'] }, initialDelaySeconds: 5 } })] } } } });
      const run = await t.plugin(['pod', 'db-0', '-y', ready, '--timeout=16s', '-o', 'json']);
      ended(run, 10, 'deleted');
      notReady(targetOf(run), /crashes again and again .*it ended last with 7/);
    },
  }),
  scenario({
    id: 'D6',
    name: 'a lower ordinal that is not Ready holds the replacement up (OrderedReady): exit 10, and that pod is named',
    run: async (t) => {
      await t.apply(t.make.statefulSet('db', 2, { grace: 1, containers: [{ command: ['sh', '-c', "touch /tmp/ready; trap 'exit 143' TERM; while true; do sleep 0.2; done"], readinessProbe: { exec: { command: ['cat', '/tmp/ready'] }, periodSeconds: 1, failureThreshold: 1 } }] }, { updateStrategy: { type: 'OnDelete' } }));
      await t.untilSetReady('StatefulSet', 'db', 2);
      // db-0 comes back with a probe that fails, before db-1 goes.
      await patch(t, 'StatefulSet', 'db', { spec: { template: { spec: { containers: [{ ...t.make.container({}), readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1, failureThreshold: 1 } }] } } } });
      await t.deletePod('db-0');
      await t.until('db-0 is back', async () => ((await t.pod('db-0'))?.status?.containerStatuses?.[0]?.state?.running === undefined ? false : (await t.pod('db-0'))?.metadata.deletionTimestamp === undefined));
      const run = await t.plugin(['pod', 'db-1', '-y', '--allow', 'stateful-set', ready, '--timeout=12s', '-o', 'json']);
      ended(run, 10, 'deleted');
      const target = targetOf(run);
      assert.deepEqual([target.waitingOn[0]?.kind, target.waitingOn[0]?.name], ['dependents', 'pod/db-0'], JSON.stringify(target.waitingOn));
    },
  }),
  scenario({
    id: 'D6',
    name: 'what nothing recreates: as with gone, and it is said before',
    run: async (t) => {
      await t.apply(t.make.pod('alone', { grace: 1 }));
      await t.untilReady('alone');
      const run = await t.plugin(['pod', 'alone', '-y', ready]);
      assert.equal(run.code, 0);
      assert.match(run.stderr, /Nothing will replace it/);
    },
  }),
  scenario({
    id: 'S5',
    name: 'a forced deletion is said to leave its process; the volume that is still attached elsewhere and the Multi-Attach error of the replacement are shown',
    needs: ['real-processes', 'volumes'],
    run: async (t) => {
      await t.apply({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: `${t.namespace}-disk` }, spec: { capacity: { storage: '1Mi' }, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: 'Retain', storageClassName: t.namespace, hostPath: { path: `/tmp/${t.namespace}`, type: 'DirectoryOrCreate' } } });
      t.defer(async () => await t.api.delete({ apiVersion: 'v1', kind: 'PersistentVolume', namespace: '' }, `${t.namespace}-disk`));
      await t.apply(
        t.make.statefulSet('db', 1, { grace: 1 }, {
          updateStrategy: { type: 'OnDelete' },
          volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: t.namespace, resources: { requests: { storage: '1Mi' } } } }],
        }),
      );
      await t.untilSetReady('StatefulSet', 'db', 1);
      const attachments = '/apis/storage.k8s.io/v1/volumeattachments';
      const name = `va-${t.namespace}`;
      assert.equal((await t.api.call('POST', attachments, { apiVersion: 'storage.k8s.io/v1', kind: 'VolumeAttachment', metadata: { name, finalizers: ['external-attacher/scenario-example'] }, spec: { attacher: 'csi.scenario.example', nodeName: 'node-that-was-lost', source: { persistentVolumeName: `${t.namespace}-disk` } } })).status, 201);
      t.defer(async () => {
        await t.api.call('PATCH', `${attachments}/${name}`, { metadata: { finalizers: null } }, 'application/merge-patch+json');
        await t.api.call('DELETE', `${attachments}/${name}`);
      });
      await t.api.call('PATCH', `${attachments}/${name}/status`, { status: { attached: true } }, 'application/merge-patch+json');
      await patch(t, 'StatefulSet', 'db', broken);
      const before = await t.theObject('Pod', 'db-0');
      const refused = await t.plugin(['pod', 'db-0', '--force', '-y', '-o', 'json']);
      ended(refused, 2, 'blocked');
      assert.equal(findingOf(targetOf(refused), 'forced-identity').severity, 'blocker');
      const running = t.start(['pod', 'db-0', '--force', '--allow', 'stateful-set', '-y', '--confirm', 'db-0', ready, '--timeout=14s', '-o', 'json']);
      const after = await t.until('the replacement', async () => {
        const pod = await t.pod('db-0');
        return pod !== undefined && pod.metadata.uid !== before.metadata.uid ? pod : undefined;
      });
      // What the attach-detach controller says of a volume that a lost node still has.
      const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: `multi-${t.namespace}` }, involvedObject: { apiVersion: 'v1', kind: 'Pod', namespace: t.namespace, name: 'db-0', uid: after.metadata.uid }, reason: 'FailedAttachVolume', type: 'Warning', message: `Multi-Attach error for volume "${t.namespace}-disk" Volume is already exclusively attached to one node and can't be attached to another`, lastTimestamp: new Date().toISOString(), count: 1 };
      assert.equal((await t.api.call('POST', `/api/v1/namespaces/${t.namespace}/events`, event)).status, 201);
      const run = await running.done;
      ended(run, 10, 'deleted');
      const target = targetOf(run);
      assert.ok(target.containers.every((c) => c.exitCode === null), 'no code is guessed');
      notReady(target, /Multi-Attach error.*attached to node node-that-was-lost \(VolumeAttachment va-/);
      assert.equal(target.waitingOn[0]?.kind, 'volume');
    },
  }),
];
