/** What is looked at beside the pods while they stop: it shows what it can, and holds up nothing. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { KubeObject } from '../../src/model/wire.ts';
import type { WireTarget } from '../../src/report/wire.ts';
import { ended, object, running, time } from '../model/objects.ts';
import { webPod, webWorkload } from '../model/workloads.ts';
import { status } from './memory-cluster.ts';
import { kubelet, play } from './running.ts';
import type { Ran, Scene } from './running.ts';

const two = { containers: [{ name: 'app', image: 'app' }, { name: 'side', image: 'side' }] };
const pair = (name: string): KubeObject => webPod(name, { spec: two, status: { podIP: '10.0.0.7', containerStatuses: [running('app'), running('side')] } });
const slice = (...uids: readonly string[]): KubeObject =>
  ({ ...object('discovery.k8s.io/v1', 'EndpointSlice', 'web-x', { metadata: { labels: { 'kubernetes.io/service-name': 'web' } } }), endpoints: uids.map((uid) => ({ addresses: ['10.0.0.7'], conditions: { ready: true }, targetRef: { kind: 'Pod', uid } })) }) as KubeObject;

const target = (ran: Ran): WireTarget => {
  const [found] = ran.report.targets;
  assert.ok(found !== undefined);
  return found;
};
const both = { pods: [pair('web-a')], others: [...webWorkload, slice('uid-web-a', 'uid-web-spare')] } as const;

describe('lanes', () => {
  test('a log that ends is told with its time, and stands beside the code of its container', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...both,
      play: (scene: Scene) => {
        scene.cluster.logEnds.set('web-a/app', scene.clock.sleep(1000));
        scene.cluster.onMarked('web-a', () => {
          scene.after(4000, () => {
            scene.cluster.change('web-a', { status: { phase: 'Failed', containerStatuses: [ended('app', 0, 1), ended('side', 143, 4)] } });
            scene.cluster.remove('web-a');
          });
        });
      },
    });
    const told = target(ran).timeline.filter((e) => e.phase === 'log-ended');
    assert.deepEqual(told.map((e) => [e.container, e.evidence]), [['app', 'observed']]);
    const [app, side] = target(ran).containers;
    assert.equal(app?.logEndedAt, told[0]?.at);
    assert.equal(side?.logEndedAt, null);
  });

  test('slices, Events and logs that never answer hold up neither the DELETE nor the end', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...both,
      play: (scene) => {
        let lists = 0;
        scene.cluster.fault = (r) => {
          if (r.what === 'endpointslices' && r.verb === 'list') lists += 1;
          return r.verb === 'logs' || (r.what === 'endpointslices' && lists > 1) ? 'silence' : null;
        };
        kubelet(scene, 'web-a', 2000);
      },
    });
    assert.deepEqual([ran.outcomes, ran.took < 2500], [{ 'web-a': 'deleted' }, true], `${ran.took} ms`);
    assert.ok((ran.cluster.deletes[0]?.at ?? 0) - (ran.cluster.requests[0]?.at ?? 0) < 100);
  });

  test('logs that may not be read are said once, and the others are not asked for again', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...both,
      play: (scene) => {
        scene.cluster.fault = (r) => (r.verb === 'logs' ? status(403, 'Forbidden', 'pods/log is forbidden') : null);
        kubelet(scene, 'web-a', 2000);
      },
    });
    assert.deepEqual(target(ran).notObserved.map((n) => n.lane), ['logs']);
    assert.ok(ran.cluster.count('logs') <= 2);
  });

  test('of many containers a bounded number is followed, and that is said', async () => {
    const names = Array.from({ length: 20 }, (_, i) => `web-${i}`);
    const ran = await play({
      argv: `pod ${names.join(' ')} --yes --allow disruption-budget`,
      pods: names.map(pair),
      others: webWorkload,
      play: (scene) => {
        for (const name of names) kubelet(scene, name, 2000);
      },
    });
    assert.equal(ran.cluster.count('logs'), 32);
    const left = ran.report.targets.filter((t) => t.notObserved.some((n) => n.lane === 'logs'));
    assert.equal(left.length, 4);
    assert.match(left[0]?.notObserved[0]?.message ?? '', /of 40 containers only the logs of 32 are followed/u);
  });

  test("a pod's only container needs no log: its end is the pod's", async () => {
    const ran = await play({ argv: 'pod web-a', pods: [webPod('web-a')], others: webWorkload, play: (scene) => kubelet(scene, 'web-a', 2000) });
    assert.equal(ran.cluster.count('logs'), 0);
  });

  test('what ended between the plan and the DELETE had ended before: its answer counts, not what the plan read', async () => {
    const crashed = { ...ended('app', 7, 3), lastState: {} };
    const ran = await play({
      argv: 'pod web-a -i',
      ...both,
      answers: [
        async (scene): Promise<'yes'> => {
          await scene.clock.sleep(5000);
          scene.cluster.change('web-a', { status: { containerStatuses: [crashed, running('side')] } });
          return 'yes';
        },
      ],
      play: (scene) => {
        scene.cluster.onMarked('web-a', () => {
          scene.after(1000, () => {
            scene.cluster.change('web-a', { status: { phase: 'Failed', containerStatuses: [crashed, ended('side', 143, 6)] } });
            scene.cluster.remove('web-a');
          });
        });
      },
    });
    assert.deepEqual(target(ran).containers.map((c) => [c.name, c.endedBefore]), [['app', true], ['side', false]]);
    assert.equal(target(ran).containers[0]?.finishedAt, time(3));
  });
});
