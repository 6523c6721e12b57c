import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { healthyNode, pod } from '../model/objects.ts';
import { status } from './memory-cluster.ts';
import { play } from './running.ts';
import { bare, quiet } from './scenes.ts';

describe('a dry run', () => {
  for (const [mode, probes] of [['client', 0], ['server', 1]] as const) {
    test(`--dry-run=${mode} deletes nothing and says what would be`, async () => {
      const ran = await play({ argv: `pod web-a --dry-run=${mode}`, ...quiet });
      assert.deepEqual([ran.report.exitCode, ran.outcomes, ran.cluster.deletes.length, ran.cluster.requests.filter((r) => r.dryRun).length], [0, { 'web-a': 'would-delete' }, 0, probes]);
      assert.match(ran.report.planDigest ?? '', /^[0-9a-f]{64}$/u);
    });
  }

  test('what would be asked is 3, with the flags given 0, and no terminal is asked', async () => {
    assert.equal((await play({ argv: 'pod lone --dry-run', ...bare, answers: [] })).report.exitCode, 3);
    assert.equal((await play({ argv: 'pod lone --dry-run --yes', ...bare, answers: [] })).report.exitCode, 0);
  });

  test('what is blocked is 2', async () => {
    const mirror = pod('etcd', { metadata: { annotations: { 'kubernetes.io/config.mirror': 'x' } } });
    const ran = await play({ argv: 'pod etcd --dry-run --yes', pods: [mirror], others: healthyNode() });
    assert.deepEqual([ran.report.exitCode, ran.outcomes], [2, { etcd: 'blocked' }]);
  });

  test('what is not there is 6', async () => {
    assert.equal((await play({ argv: 'pod nobody --dry-run' })).report.exitCode, 6);
  });
});

describe('before the plan', () => {
  test('a server that refuses the read: exit 1, the error, no target', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: ({ cluster }) => {
        cluster.fault = (r) => (r.verb === 'get' ? status(403, 'Forbidden', 'pods "web-a" is forbidden') : null);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.report.error?.code, ran.report.targets.length], [1, 'forbidden', 0]);
  });

  test('interrupted while the facts are read: 130, nothing deleted', async () => {
    const ran = await play({
      argv: 'pod web-a',
      ...quiet,
      play: (scene) => {
        scene.cluster.fault = (r) => (r.verb === 'list' ? 'silence' : null);
        scene.after(500, scene.interrupt);
      },
    });
    assert.deepEqual([ran.report.exitCode, ran.cluster.deletes.length, ran.took], [130, 0, 500]);
  });
});
