/** The question, on a pseudo-terminal: only a clear yes there is one, and what changed while it stood is not deleted. */
import assert from 'node:assert/strict';
import { sleep } from '../context.ts';
import type { ScenarioContext } from '../context.ts';
import { endsByTerm } from '../manifests.ts';
import { between } from '../reading.ts';
import { scenario } from '../scenario.ts';

const QUESTION = /\[y\/N\]/;

const bare = async (t: ScenarioContext, name = 'asked'): Promise<void> => {
  await t.apply(t.make.pod(name, { grace: 3, containers: [{ command: endsByTerm }] }));
  await t.untilReady(name);
};

/** Deletes the pod and makes another of the same name. */
const recreate = async (t: ScenarioContext, name = 'asked'): Promise<void> => {
  await t.deletePod(name, { gracePeriodSeconds: 0 });
  await t.untilGone(name);
  await bare(t, name);
};

export const asking = [
  scenario({
    id: 'consent',
    name: 'on a terminal y deletes',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      running.type('y\n');
      const run = await running.done;
      assert.equal(run.code, 0);
      assert.equal(await t.pod('asked'), undefined);
      assert.match(run.stdout, /143/, 'the exit code is shown');
    },
  }),
  scenario({
    id: 'consent',
    name: 'a terminal whose size nobody has set is a terminal like any other',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const running = t.start(['pod', 'asked'], { tty: 'unsized', timeoutMs: 30_000 });
      await running.shows(QUESTION);
      running.type('y\n');
      const run = await running.done;
      assert.equal(run.code, 0);
      assert.ok(run.stdout.length < 100_000, 'it does not redraw without end');
    },
  }),
  ...[
    { answer: 'n\n', words: 'n' },
    { answer: '\n', words: 'an empty line' },
    { answer: 'maybe\n', words: 'any other word' },
    { answer: '\u0004', words: 'the end of the input' },
  ].map(({ answer, words }) =>
    scenario({
      id: 'consent',
      name: `on a terminal ${words} is no: exit 3, and the pod is untouched`,
      needs: ['terminal'],
      run: async (t) => {
        await bare(t);
        const check = await t.untouched('asked');
        const running = t.start(['pod', 'asked'], { tty: true });
        await running.shows(QUESTION);
        running.type(answer);
        assert.equal((await running.done).code, 3);
        await check();
      },
    }),
  ),
  scenario({
    id: 'consent',
    name: 'Ctrl-C at the question is 130, at once, and the pod is untouched',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const check = await t.untouched('asked');
      const soon = Math.max(1500, await t.startup());
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      const from = performance.now();
      running.type('\u0003');
      assert.equal((await running.done).code, 130);
      between(performance.now() - from, 0, soon, 'milliseconds from Ctrl-C to the end');
      await check();
    },
  }),
  scenario({
    id: 'consent',
    name: 'Ctrl-C while it waits is 130, at once, and the deletion goes on',
    needs: ['terminal'],
    run: async (t) => {
      await t.apply(t.make.pod('asked', { grace: 6, containers: [{ command: ['sh', '-c', `trap '' TERM; while true; do sleep 0.2; done`] }] }));
      await t.untilReady('asked');
      const soon = Math.max(1500, await t.startup());
      const running = t.start(['pod', 'asked', '-y'], { tty: true });
      await t.until('the pod is Terminating', async () => (await t.pod('asked'))?.metadata.deletionTimestamp);
      const from = performance.now();
      running.type('\u0003');
      const run = await running.done;
      assert.equal(run.code, 130);
      between(performance.now() - from, 0, soon, 'milliseconds from Ctrl-C to the end');
      assert.match(run.stdout, /goes on/);
      await t.untilGone('asked');
    },
  }),
  scenario({
    id: 'consent',
    name: '-i asks even where nothing has to be asked',
    needs: ['terminal'],
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2));
      await t.untilSetReady('Deployment', 'web', 2);
      const name = (await t.pods('app=web'))[0]?.metadata.name ?? '';
      const check = await t.untouched(name);
      const running = t.start(['pod', name, '-i'], { tty: true });
      await running.shows(QUESTION);
      running.type('n\n');
      assert.equal((await running.done).code, 3);
      await check();
    },
  }),
  ...[{ flags: ['--no-input'], env: {} }, { flags: [], env: { CI: 'true' } }, { flags: ['-o', 'json'], env: {} }, { flags: ['-o', 'name'], env: {} }].map(({ flags, env }) =>
    scenario({
      id: 'consent',
      name: `${flags.length === 0 ? 'CI=true' : flags.join(' ')} never asks, on a terminal neither`,
      needs: ['terminal'],
      run: async (t) => {
        await bare(t);
        const check = await t.untouched('asked');
        const run = await t.start(['pod', 'asked', ...flags], { tty: true, env, timeoutMs: 15_000 }).done;
        assert.equal(run.code, 3);
        assert.doesNotMatch(run.stdout, QUESTION);
        await check();
      },
    }),
  ),
  scenario({
    id: 'race',
    name: 'a pod that was deleted and created again while the question stood is another pod: exit 5, and it is untouched',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      await recreate(t);
      const check = await t.untouched('asked');
      running.type('y\n');
      const run = await running.done;
      assert.equal(run.code, 5);
      await check();
    },
  }),
  scenario({
    id: 'race',
    name: 'the same after the facts have grown old and are read again',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      await Promise.all([recreate(t), sleep(11_000)]);
      const check = await t.untouched('asked');
      running.type('y\n');
      const run = await running.done;
      assert.equal(run.code, 5);
      await check();
    },
  }),
  scenario({
    id: 'race',
    name: 'a pod that went by itself while the question stood is gone already: success',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      await t.deletePod('asked', { gracePeriodSeconds: 0 });
      await t.untilGone('asked');
      running.type('y\n');
      assert.equal((await running.done).code, 0);
    },
  }),
  scenario({
    id: 'race',
    name: 'a new warning that came while the question stood is asked about again',
    needs: ['terminal'],
    run: async (t) => {
      await bare(t);
      const check = await t.theObject('Pod', 'asked');
      const running = t.start(['pod', 'asked'], { tty: true });
      await running.shows(QUESTION);
      await t.patchPod('asked', { metadata: { finalizers: ['scenario.example/late'] } });
      await sleep(11_000);
      running.type('y\n');
      await running.shows(/scenario\.example\/late[\s\S]*\[y\/N\]/);
      running.type('n\n');
      assert.equal((await running.done).code, 3);
      const now = await t.theObject('Pod', 'asked');
      assert.deepEqual([now.metadata.uid, now.metadata.deletionTimestamp], [check.metadata.uid, undefined]);
    },
  }),
];
