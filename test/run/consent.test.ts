import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { healthyNode, pod } from '../model/objects.ts';
import { webWorkload } from '../model/workloads.ts';
import { refused } from './memory-cluster.ts';
import { play } from './running.ts';
import type { Scene } from './running.ts';
import { bare, ends, lone, quiet, uidOf, web } from './scenes.ts';

const later = (ms: number, act: (scene: Scene) => void, answer: 'yes' | 'no' = 'yes') => async (scene: Scene): Promise<'yes' | 'no'> => {
  act(scene);
  await scene.clock.sleep(ms);
  return answer;
};
const nothing = (): void => undefined;
const reads = (ran: { readonly cluster: { readonly requests: readonly { readonly verb: string; readonly what: string }[] } }, what: string): number => ran.cluster.requests.filter((r) => r.what === what && r.verb === 'get').length;

describe('consent', () => {
  test('with nothing that needs it there is no question', async () => {
    const ran = await play({ argv: 'pod web-a', ...quiet, answers: [], play: ends('web-a') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.questions.length, ran.report.consent], [0, { 'web-a': 'deleted' }, 0, { needed: 'none', given: 'none' }]);
    assert.deepEqual(ran.cluster.deletes.map((d) => uidOf(d.body)), ['uid-web-a']);
  });

  test('without a terminal a warning is declined, and nothing is deleted', async () => {
    const ran = await play({ argv: 'pod lone', ...bare });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [3, { lone: 'declined' }, 0]);
  });

  for (const [answer, code, outcome] of [['yes', 0, 'deleted'], ['no', 3, 'declined']] as const) {
    test(`on a terminal the answer ${answer} counts`, async () => {
      const ran = await play({ argv: 'pod lone', ...bare, answers: [() => answer], play: ends('lone') });
      assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [code, { lone: outcome }, answer === 'yes' ? 1 : 0]);
      assert.deepEqual(ran.report.consent, { needed: 'yes', given: answer === 'yes' ? 'terminal' : 'none' });
      assert.deepEqual(ran.questions.map((q) => [q.needed, q.targets.map((t) => t.name)]), [['yes', ['lone']]]);
    });
  }

  test('--yes accepts the warning', async () => {
    const ran = await play({ argv: 'pod lone --yes', ...bare, play: ends('lone') });
    assert.deepEqual([ran.report.exitCode, ran.report.consent], [0, { needed: 'yes', given: 'yes' }]);
  });

  for (const flag of ['--no-input', '-o json']) {
    test(`${flag} never asks, terminal or not`, async () => {
      const ran = await play({ argv: `pod lone ${flag}`, ...bare, answers: [] });
      assert.equal(ran.report.exitCode, 3);
    });
  }

  test('--interactive asks although nothing warns', async () => {
    const ran = await play({ argv: 'pod web-a -i', ...quiet, answers: [() => 'no'] });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [3, { 'web-a': 'declined' }, 0]);
  });

  test('one that needs consent holds up the others: the run is decided as a whole', async () => {
    const ran = await play({ argv: 'pod web-a lone', pods: [web, lone], others: webWorkload });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [3, { 'web-a': 'not-attempted', lone: 'declined' }, 0]);
  });

  test('one that is blocked holds up the others, whatever is consented to', async () => {
    const mirror = pod('etcd', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    const ran = await play({ argv: 'pod lone etcd --yes', pods: [lone, mirror], others: healthyNode() });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length, ran.report.planDigest], [2, { lone: 'not-attempted', etcd: 'blocked' }, 0, null]);
  });

  test('--skip-blocked leaves it out', async () => {
    const mirror = pod('etcd', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    const ran = await play({ argv: 'pod lone etcd --yes --skip-blocked', pods: [lone, mirror], others: healthyNode(), play: ends('lone') });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [7, { lone: 'deleted', etcd: 'blocked' }, 1]);
  });

  test('--confirm of something else is declined', async () => {
    const ran = await play({ argv: 'pod lone --confirm other', ...bare, answers: [] });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [3, { lone: 'declined' }, 0]);
  });

  test('--confirm-plan takes the digest of the dry run, and no other', async () => {
    const dry = await play({ argv: 'pod lone --dry-run -o json', ...bare });
    assert.deepEqual([dry.report.exitCode, dry.outcomes], [3, { lone: 'would-ask' }]);
    const digest = dry.report.planDigest ?? '';
    const ran = await play({ argv: `pod lone --confirm-plan ${digest}`, ...bare, play: ends('lone') });
    assert.deepEqual([ran.report.exitCode, ran.report.consent], [0, { needed: 'yes', given: 'plan' }]);
    const other = await play({ argv: `pod lone --confirm-plan ${digest}`, pods: [pod('lone', { metadata: { uid: 'uid-new' } })], others: healthyNode() });
    assert.deepEqual([other.report.exitCode, other.outcomes, other.cluster.deletes.length], [5, { lone: 'plan-changed' }, 0]);
  });
});

describe('while the question stands', () => {
  test('facts of nine seconds hold', async () => {
    const ran = await play({ argv: 'pod lone', ...bare, answers: [later(9000, nothing)], play: ends('lone') });
    assert.deepEqual([ran.report.exitCode, reads(ran, 'nodes/node-1')], [0, 1]);
  });

  test('older facts are read again; when nothing is new there is no second question', async () => {
    const ran = await play({ argv: 'pod lone', ...bare, answers: [later(11_000, nothing)], play: ends('lone') });
    assert.deepEqual([ran.report.exitCode, reads(ran, 'nodes/node-1'), ran.questions.length], [0, 2, 1]);
  });

  test('a new warning is asked for', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.change('lone', { metadata: { finalizers: ['cleanup.example.com/x'] } });
        }),
        () => 'no',
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.questions.length, ran.outcomes, ran.cluster.deletes.length], [3, 2, { lone: 'declined' }, 0]);
    assert.equal(ran.events.filter((e) => e.type === 'plan').length, 2, 'the new plan was shown');
  });

  test('a new blocker refuses', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.change('lone', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
        }),
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length], [2, { lone: 'blocked' }, 0]);
  });

  test('another object took the name: nothing is deleted, exit 5', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.remove('lone');
          cluster.put(pod('lone', { metadata: { uid: 'uid-2' } }));
        }),
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.report.targets.map((t) => [t.outcome, t.ref.uid])], [5, 0, [['replaced', 'uid-lone']]]);
  });

  test('another object took the name within ten seconds: the precondition protects it', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        later(3000, ({ cluster }) => {
          cluster.remove('lone');
          cluster.put(pod('lone', { metadata: { uid: 'uid-2' } }));
        }),
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.report.targets.map((t) => [t.outcome, t.ref.uid])], [5, [['replaced', 'uid-lone']]]);
    assert.ok(ran.cluster.has('lone') && ran.cluster.pod('lone').metadata.deletionTimestamp === undefined, 'the successor is untouched');
  });

  for (const ms of [3000, 11_000]) {
    test(`a target that went by itself after ${ms} ms is already gone: success`, async () => {
      const ran = await play({
        argv: 'pod lone',
        ...bare,
        answers: [
          later(ms, ({ cluster }) => {
            cluster.remove('lone');
          }),
        ],
      });
      assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { lone: 'already-gone' }]);
    });
  }

  test('of two targets one went by itself: the other is deleted', async () => {
    const ran = await play({
      argv: 'pod lone other',
      pods: [lone, pod('other')],
      others: healthyNode(),
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.remove('lone');
        }),
      ],
      play: ends('other'),
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [0, { lone: 'already-gone', other: 'deleted' }]);
  });

  test('one went, and the other has a new warning: the second plan keeps what happened to the first', async () => {
    const ran = await play({
      argv: 'pod lone other',
      pods: [lone, pod('other')],
      others: healthyNode(),
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.remove('lone');
          cluster.change('other', { metadata: { finalizers: ['cleanup.example.com/x'] } });
        }),
        () => 'no',
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [3, { lone: 'already-gone', other: 'declined' }]);
  });

  test('the server does not answer the second look: nothing is deleted', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        later(11_000, ({ cluster }) => {
          cluster.fault = () => refused;
        }),
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.report.error?.code], [1, 0, 'unreachable']);
  });

  test('Ctrl-C is 130, and nothing is deleted', async () => {
    const ran = await play({
      argv: 'pod lone',
      ...bare,
      answers: [
        (scene) => {
          scene.interrupt();
          return 'no';
        },
      ],
    });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.report.deletionRequested], [130, 0, false]);
  });
});

