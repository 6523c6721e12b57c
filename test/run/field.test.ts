/**
 * The cases of kubectl's own suites (pkg/drain, pkg/cmd/drain, pkg/cmd/delete, pkg/cmd/wait), under their names, and those that none of
 * them covers (docs/reference/termination.md 8).
 */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/model/wire.ts';
import { ended, healthyNode, marked, node, object, ownedBy, pod } from '../model/objects.ts';
import { claim, member, mounts, statefulSet, volume, webPod, webWorkload } from '../model/workloads.ts';
import { expired, lost, status } from './memory-cluster.ts';
import { kubelet, optionsOf, play } from './running.ts';
import type { Ran } from './running.ts';
import { bare, ends, quiet, uidOf, web, webB } from './scenes.ts';

const told = (ran: Ran): readonly unknown[] => [ran.report.exitCode, ran.outcomes];
const dryRun = async (of: KubeObject, others: readonly KubeObject[], flags = ''): Promise<readonly [code: number, findings: readonly string[]]> => {
  const ran = await play({ argv: `pod ${of.metadata.name} --dry-run=client${flags}`, pods: [of], others: [...others, ...healthyNode()] });
  return [ran.report.exitCode, ran.report.targets.flatMap((t) => t.findings.filter((f) => f.severity !== 'note').map((f) => f.code))];
};
const of = (kind: string, apiVersion: string, name: string): Readonly<Record<string, unknown>> => ({ labels: { app: name }, ...ownedBy(apiVersion, kind, name) });
/** Another object of the same name, as a controller or a person makes it. */
const again = webPod('web-a', { metadata: { uid: 'uid-2' } });

describe('pkg/drain TestDeletePods', () => {
  test('Wait for deleting to complete', async () => {
    assert.deepEqual(told(await play({ argv: 'pod web-a web-b', pods: [web, webB], others: webWorkload, play: ends('web-a', 'web-b') })), [0, { 'web-a': 'deleted', 'web-b': 'deleted' }]);
  });
  test('Pod found with same name but different UID', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      scene.after(1500, () => {
        scene.cluster.remove('web-a');
        scene.cluster.put(again);
      });
    } });
    assert.deepEqual(told(ran), [0, { 'web-a': 'deleted' }]);
    assert.deepEqual(ran.cluster.deletes.map((d) => uidOf(d.body)), ['uid-web-a']);
  });
  test('Deleting could timeout', async () => {
    assert.deepEqual(told(await play({ argv: 'pod web-a --timeout=3s', ...quiet })), [4, { 'web-a': 'still-there' }]);
  });
  test('Context Canceled', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => scene.after(1000, scene.interrupt) });
    assert.deepEqual(told(ran), [130, { 'web-a': 'interrupted' }]);
  });
  test('Skip Deleted Pod', async () => {
    const ran = await play({ argv: 'pod web-a web-b', pods: [webPod('web-a', { metadata: marked(30, 5) }), webB], others: webWorkload, play: ends('web-a', 'web-b') });
    assert.deepEqual([told(ran), ran.cluster.deletes.map((d) => d.what)], [[0, { 'web-a': 'deleted', 'web-b': 'deleted' }], ['pods/web-b']]);
  });
  test('Client error could be passed out', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ({ cluster }) => {
      cluster.fault = (r) => (r.verb === 'delete' && !r.dryRun ? status(403, 'Forbidden', 'not you') : null);
    } });
    assert.deepEqual([told(ran), ran.report.targets[0]?.error?.message], [[1, { 'web-a': 'failed' }], 'not you']);
  });
});

describe('pkg/cmd/drain TestDrain', () => {
  const controller = object('v1', 'ReplicationController', 'rc', { spec: { replicas: 2, selector: { app: 'rc' } } });
  const daemons = object('apps/v1', 'DaemonSet', 'ds', { spec: { selector: { matchLabels: { app: 'ds' } } } });
  const job = object('batch/v1', 'Job', 'batch', { spec: { backoffLimit: 6 } });
  const spare = pod('spare', { metadata: { labels: { app: 'rc' }, ...ownedBy('v1', 'ReplicationController', 'rc') } });
  const emptyDir = { volumes: [{ name: 'scratch', emptyDir: {} }] };
  test('RC-managed pod', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('ReplicationController', 'v1', 'rc') }), [controller, spare]), [0, []]);
  });
  test('DS-managed pod', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('DaemonSet', 'apps/v1', 'ds') }), [daemons]), [0, []]);
  });
  test('DS-managed terminated pod', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('DaemonSet', 'apps/v1', 'ds'), status: { phase: 'Failed' } }), [daemons]), [0, []]);
  });
  test('orphaned DS-managed pod', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('DaemonSet', 'apps/v1', 'gone') }), []), [3, ['owner-gone']]);
  });
  test('orphaned DS-managed pod with --force', async () => {
    const [code, findings] = await dryRun(pod('a', { metadata: of('DaemonSet', 'apps/v1', 'gone') }), [], ' --force -y');
    assert.deepEqual([code, findings.includes('force-not-proved')], [0, true]);
  });
  test('Job-managed pod with local storage', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('Job', 'batch/v1', 'batch'), spec: emptyDir }), [job]), [0, []]);
  });
  test('Job-managed terminated pod', async () => {
    assert.deepEqual(await dryRun(pod('a', { metadata: of('Job', 'batch/v1', 'batch'), status: { phase: 'Succeeded' } }), [job]), [0, []]);
  });
  test('RS-managed pod', async () => {
    assert.deepEqual(await dryRun(web, webWorkload.filter((o) => o.kind !== 'Node' && o.kind !== 'Lease')), [0, []]);
  });
  test('naked pod', async () => {
    assert.deepEqual(await dryRun(pod('a'), []), [3, ['bare-pod']]);
  });
  test('naked pod with --force', async () => {
    assert.equal((await dryRun(pod('a'), [], ' --force'))[0], 3);
  });
  test('pod with EmptyDir', async () => {
    assert.deepEqual(await dryRun(webPod('web-a', { spec: emptyDir }), webWorkload.filter((o) => o.kind !== 'Node' && o.kind !== 'Lease')), [0, []]);
  });
  test('terminated pod with emptyDir', async () => {
    assert.deepEqual(await dryRun(pod('a', { spec: emptyDir, status: { phase: 'Failed' } }), []), [0, []]);
  });
  test('fail to list pods', async () => {
    const ran = await play({ argv: 'pods --all -y', ...bare, play: ({ cluster }) => {
      cluster.fault = (r) => (r.verb === 'list' && r.what === 'pods' ? status(403, 'Forbidden', 'may not list') : null);
    } });
    assert.deepEqual([ran.report.exitCode, ran.report.deletionRequested, ran.cluster.deletes.length], [1, false, 0]);
  });
});

describe('pkg/cmd/delete', () => {
  test('TestGracePeriodScenarios', async () => {
    const graces = await Promise.all(['', '--grace-period=5', '--grace-period=0', '--now', '--force', '--grace-period=0 --force', '--force --grace-period=-1'].map(async (f) => (await optionsOf(`pod a ${f}`.trim())).deletion.gracePeriodSeconds));
    assert.deepEqual(graces, [null, 5, 1, 1, 0, 0, 0]);
    for (const wrong of ['--now --grace-period=5', '--force --grace-period=5', '--now --force']) await assert.rejects(async () => await optionsOf(`pod a ${wrong}`));
  });
  test('TestCascadingStrategy', async () => {
    const cascades = await Promise.all(['', '--cascade', '--cascade=true', '--cascade=false', '--cascade=background', '--cascade=foreground', '--cascade=orphan'].map(async (f) => (await optionsOf(`pod a ${f}`.trim())).deletion.cascade));
    assert.deepEqual(cascades, ['background', 'background', 'background', 'orphan', 'background', 'foreground', 'orphan']);
    await assert.rejects(async () => await optionsOf('pod a --cascade=other'));
  });
  test('TestDeleteObjectWithInteractive', async () => {
    const no = await play({ argv: 'pod web-a -i', ...quiet, answers: [() => 'no'] });
    assert.deepEqual([told(no), no.cluster.deletes.length], [[3, { 'web-a': 'declined' }], 0]);
    const yes = await play({ argv: 'pod web-a -i', ...quiet, answers: [() => 'yes'], play: ends('web-a') });
    assert.deepEqual(told(yes), [0, { 'web-a': 'deleted' }]);
  });
  test('TestPreviewResultEqualToResult', async () => {
    const preview = await play({ argv: 'pod web-a --dry-run', ...quiet });
    const result = await play({ argv: 'pod web-a', ...quiet, play: ends('web-a') });
    assert.deepEqual(preview.report.targets.map((t) => t.ref), result.report.targets.map((t) => t.ref));
    assert.equal(preview.report.planDigest, result.report.planDigest);
  });
  test('TestDeleteMultipleResourcesWithTheSameName', async () => {
    const ran = await play({ argv: 'pod web-a web-a', ...quiet, play: ends('web-a') });
    assert.deepEqual([told(ran), ran.cluster.deletes.length], [[0, { 'web-a': 'deleted' }], 1]);
  });
  test('TestDeleteObjectIgnoreNotFound', async () => {
    assert.deepEqual(told(await play({ argv: 'pod nobody --ignore-not-found', pods: [] })), [0, { nobody: 'not-found' }]);
    assert.deepEqual(told(await play({ argv: 'pod nobody', pods: [] })), [6, { nobody: 'not-found' }]);
  });
});

describe('pkg/cmd/wait TestWaitForDeletion', () => {
  test('missing on get', async () => {
    assert.deepEqual(told(await play({ argv: 'pod nobody', pods: [] })), [6, { nobody: 'not-found' }]);
  });
  test('uid conflict on get', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ({ cluster, after }) => {
      // The watch shows nothing of it: only a read by name does.
      after(1000, () => {
        cluster.fault = (r) => (r.verb === 'watch' ? lost : null);
        cluster.endWatches(lost);
        cluster.remove('web-a');
        cluster.put(again);
      });
    } });
    assert.deepEqual([told(ran), ran.cluster.has('web-a')], [[0, { 'web-a': 'deleted' }], true]);
  });
  test('times out', async () => {
    assert.deepEqual(told(await play({ argv: 'pod web-a --timeout=1s', ...quiet })), [4, { 'web-a': 'still-there' }]);
  });
  test('handles watch close out', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      for (const at of [500, 1000, 1500]) scene.after(at, () => { scene.cluster.endWatches(null); });
      kubelet(scene, 'web-a', 4000);
    } });
    assert.deepEqual(told(ran), [0, { 'web-a': 'deleted' }]);
  });
  test('handles watch delete', async () => {
    assert.deepEqual(told(await play({ argv: 'pod web-a', ...quiet, play: ends('web-a') })), [0, { 'web-a': 'deleted' }]);
  });
  test('handles watch delete multiple', async () => {
    assert.deepEqual(told(await play({ argv: 'pod web-a web-b', pods: [web, webB], others: webWorkload, play: ends('web-b', 'web-a') })), [0, { 'web-a': 'deleted', 'web-b': 'deleted' }]);
  });
  test('ignores watch error', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      scene.after(500, () => { scene.cluster.endWatches(status(500, 'InternalError')); });
      kubelet(scene, 'web-a', 3000);
    } });
    assert.deepEqual(told(ran), [0, { 'web-a': 'deleted' }]);
  });
  test('when list watch, receives a new pod', async () => {
    const ran = await play({ argv: 'pods --all -y', pods: [web], others: webWorkload.filter((o) => o.kind !== 'Pod'), play: (scene) => {
      scene.after(500, () => { scene.cluster.put(webPod('web-new')); });
      kubelet(scene, 'web-a', 2000);
    } });
    assert.deepEqual([told(ran), ran.cluster.deletes.map((d) => d.what)], [[0, { 'web-a': 'deleted' }], ['pods/web-a']]);
    assert.ok(ran.cluster.has('web-new'));
  });
});

describe('what none of them covers', () => {
  test('recreate inside a watch gap', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ({ cluster, after }) => {
      after(500, () => {
        cluster.fault = (r) => (r.verb === 'watch' ? lost : null);
        cluster.endWatches(lost);
        cluster.remove('web-a');
        cluster.put(again);
        cluster.compact();
      });
      after(2000, () => { cluster.fault = () => null; });
    } });
    assert.deepEqual([told(ran), ran.cluster.pod('web-a').metadata.uid, ran.cluster.deletes.length], [[0, { 'web-a': 'deleted' }], 'uid-2', 1]);
  });
  test('409 after a lost response', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ({ cluster }) => {
      let answered = false;
      cluster.faultOnAnswer = (r) => {
        if (r.dryRun || answered) return null;
        answered = true;
        cluster.remove('web-a');
        cluster.put(again);
        return lost;
      };
    } });
    assert.deepEqual([told(ran), ran.cluster.pod('web-a').metadata.uid], [[0, { 'web-a': 'deleted' }], 'uid-2']);
  });
  test('dry-run with body + query', async () => {
    const ran = await play({ argv: 'pod web-a --dry-run', ...quiet });
    const probes = ran.cluster.requests.filter((r) => r.verb === 'delete');
    assert.ok(probes.length > 0 && probes.every((r) => r.dryRun && uidOf(r.body) === 'uid-web-a'));
  });
  test('terminationGracePeriodSeconds 0', async () => {
    const zero = member(0, { spec: { terminationGracePeriodSeconds: 0 } });
    const ran = await play({ argv: 'pod db-0 -y', pods: [zero, member(1), member(2)], others: [statefulSet(), ...healthyNode()] });
    assert.deepEqual([told(ran), ran.report.targets[0]?.findings[0]?.code], [[2, { 'db-0': 'blocked' }], 'zero-grace-with-data']);
  });
  test('PVC already terminating', async () => {
    const going = claim('data', { metadata: { ...marked(0, 60), finalizers: ['kubernetes.io/pvc-protection'] } });
    const ran = await play({ argv: 'pod lone -y', pods: [pod('lone', { spec: mounts('data') })], others: [going, volume('data', 'Delete'), ...healthyNode()] });
    assert.deepEqual([told(ran), ran.report.targets[0]?.findings[0]?.code], [[2, { lone: 'blocked' }], 'last-user-of-terminating-claim']);
  });
  test('OrderedReady with an unhealthy lower ordinal', async () => {
    const sick = member(0, { status: { conditions: [{ type: 'Ready', status: 'False' }] } });
    const ran = await play({ argv: 'pod db-2 --dry-run=client', pods: [member(2), sick, member(1)], others: [statefulSet({ spec: { podManagementPolicy: 'OrderedReady' } }), ...healthyNode()] });
    assert.ok(ran.report.targets[0]?.findings.some((f) => f.code === 'lower-ordinal-unhealthy'));
  });
  test('multi-container status flip', async () => {
    const two = webPod('web-a', { spec: { containers: [{ name: 'app', image: 'app' }, { name: 'proxy', image: 'app' }] } });
    const ran = await play({ argv: 'pod web-a', pods: [two], others: webWorkload, play: (scene) => {
      scene.cluster.onMarked('web-a', () => {
        scene.after(3000, () => {
          // Both ends come in one update, whichever came first.
          scene.cluster.change('web-a', { status: { phase: 'Failed', containerStatuses: [ended('app', 0, 1), ended('proxy', 137, 3)] } });
          scene.cluster.remove('web-a');
        });
      });
    } });
    assert.deepEqual(ran.report.targets[0]?.containers.map((c) => [c.name, c.exitCode, c.order]), [['app', 0, 1], ['proxy', 137, 2]]);
  });
  test('ContainerStatusUnknown', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      scene.cluster.onMarked('web-a', () => {
        scene.after(1000, () => {
          scene.cluster.change('web-a', { status: { phase: 'Failed', containerStatuses: [ended('app', 137, 0, { reason: 'ContainerStatusUnknown', startedAt: null, finishedAt: null })] } });
          scene.cluster.remove('web-a');
        });
      });
    } });
    assert.deepEqual(ran.report.targets[0]?.containers.map((c) => [c.exitCode, c.verdict]), [[null, 'not-reported']]);
  });
  test('429 on watch', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      let refusals = 3;
      scene.cluster.fault = (r) => (r.verb === 'watch' && (refusals -= 1) >= 0 ? status(429, 'TooManyRequests', 'later', 1) : null);
      kubelet(scene, 'web-a', 2000);
    } });
    assert.deepEqual(told(ran), [0, { 'web-a': 'deleted' }]);
  });
  test('token expiry mid-wait', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: ({ cluster, after }) => {
      after(1000, () => {
        cluster.fault = () => status(401, 'Unauthorized');
        cluster.endWatches(status(401, 'Unauthorized'));
      });
    } });
    assert.deepEqual([told(ran), ran.report.goesOn], [[9, { 'web-a': 'unobserved' }], true]);
  });
  test('shortened grace ignored', async () => {
    // The server keeps the old period: what the mark says counts, not what was asked for.
    const ran = await play({ argv: 'pod web-a --grace-period=2 --timeout=20s', pods: [webPod('web-a', { metadata: marked(30, 5) })], others: [...webWorkload, node('node-2', 'True')], play: ({ cluster }) => {
      const { port } = cluster;
      const send = port.delete;
      Object.assign(port, { delete: async (...args: Parameters<typeof send>) => (args[1].dryRun === undefined ? { ok: true, value: cluster.pod('web-a'), warnings: [] } : await send(...args)) });
      cluster.compact();
    } });
    assert.deepEqual([ran.report.exitCode, ran.report.targets[0]?.gracePeriodSeconds], [4, 30]);
  });
  test('a watch that has expired is begun again', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, play: (scene) => {
      scene.after(500, () => {
        scene.cluster.compact();
        scene.cluster.endWatches(expired);
      });
      kubelet(scene, 'web-a', 3000);
    } });
    assert.deepEqual(told(ran), [0, { 'web-a': 'deleted' }]);
  });
});
