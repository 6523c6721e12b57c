/** Users who may do less than an administrator: what cannot be read is unknown, never passed, and what may not be done is not done. */
import assert from 'node:assert/strict';
import { ignoresTerm, onTerm } from '../manifests.ts';
import { checkOf, ended, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

export const rights = [
  scenario({
    id: 'rights',
    name: 'with get and delete alone the pod goes, polled instead of watched, and what could not be checked is unknown with the missing right',
    run: async (t) => {
      await t.apply(t.make.pod('small', { grace: 4, containers: [{ command: onTerm(0, 'sleep 1; ') }] }));
      await t.untilReady('small');
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', 'small', '-y', '-o', 'json'], { kubeconfig });
      ended(run, 0, 'deleted');
      const target = targetOf(run);
      const node = checkOf(target, 'node-readiness');
      assert.equal(node.status, 'unknown');
      assert.ok(node.missingRights.some((r) => r.verb === 'get' && r.resource === 'nodes' && r.group === '' && r.namespace === null), JSON.stringify(node));
      const unknown = target.checks.filter((c) => c.status === 'unknown');
      assert.equal(reportOf(run).summary['unknown'], unknown.length);
      for (const { id, missingRights, reason } of unknown) assert.ok(missingRights.length > 0 && (reason ?? '') !== '', `${id} names the right that is missing`);
      for (const id of ['node-readiness', 'disruption-budget', 'service-endpoints', 'dependents']) assert.notEqual(checkOf(target, id).status, 'passed', `${id} needs more than the pod`);
      assert.ok(target.containers.every((c) => c.exitCode === 0 || c.exitCode === null), 'a code that polling missed is not guessed');
      assert.equal(await t.pod('small'), undefined);
    },
  }),
  scenario({
    id: 'rights',
    name: 'without get nothing is sent: exit 1, and the pod is untouched',
    run: async (t) => {
      await t.apply(t.make.pod('blind'));
      await t.untilReady('blind');
      const check = await t.untouched('blind');
      const { kubeconfig } = await t.userWith({ verbs: ['delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', 'blind', '-y', '-o', 'json'], { kubeconfig });
      assert.equal(run.code, 1);
      assert.equal(reportOf(run).error?.code, 'forbidden');
      assert.equal(reportOf(run).deletionRequested, false);
      const words = await t.plugin(['pod', 'blind', '-y'], { kubeconfig });
      assert.match(words.stderr, /Error from server \(Forbidden\): pods "blind" is forbidden/);
      await check();
    },
  }),
  scenario({
    id: 'rights',
    name: 'without delete it is refused before anything is sent: exit 2, which nothing can allow, and the pod is untouched',
    run: async (t) => {
      await t.apply(t.make.pod('kept'));
      await t.untilReady('kept');
      const check = await t.untouched('kept');
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'list', 'watch'], resources: ['pods'] });
      const run = await t.plugin(['pod', 'kept', '-y', '-o', 'json'], { kubeconfig });
      ended(run, 2, 'blocked');
      const found = targetOf(run).findings.find((f) => f.check === 'permissions');
      assert.deepEqual([found?.severity, found?.pass], ['blocker', null]);
      assert.equal(reportOf(run).goesOn, false);
      await check();
    },
  }),
  scenario({
    id: 'rights',
    name: 'with list and without get what a selector matches is refused: exit 2, which nothing can allow, and the pod is untouched',
    run: async (t) => {
      await t.apply(t.make.pod('listed', { metadata: { labels: { app: 'listed' } } }));
      await t.untilReady('listed');
      const check = await t.untouched('listed');
      const { kubeconfig } = await t.userWith({ verbs: ['list', 'watch', 'delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', '-l', 'app=listed', '-y', '-o', 'json'], { kubeconfig });
      ended(run, 2, 'blocked');
      assert.deepEqual(targetOf(run).findings.filter((f) => f.check === 'permissions').map((f) => [f.code, f.severity, f.pass]), [['may-not-get', 'blocker', null]]);
      await check();
    },
  }),
  scenario({
    id: 'rights',
    name: 'rights that are lost while it waits: exit 9, never a success',
    run: async (t) => {
      await t.apply(t.make.pod('lost', { grace: 12, containers: [{ command: ignoresTerm }] }));
      await t.untilReady('lost');
      const { kubeconfig, revoke } = await t.userWith({ verbs: ['get', 'delete'], resources: ['pods'] });
      const running = t.start(['pod', 'lost', '-y', '-o', 'ndjson'], { kubeconfig });
      await running.shows(/"accepted"/);
      await revoke();
      const run = await running.done;
      ended(run, 9, 'unobserved', { lost: 'unobserved' });
      const target = targetOf(run);
      assert.equal(target.error?.httpStatus, 403);
      assert.deepEqual([reportOf(run).deletionRequested, reportOf(run).goesOn], [true, true]);
    },
  }),
  scenario({
    id: 'rights',
    name: "with rights to pods alone a Deployment's pod goes, and who recreates it is unknown instead of nobody",
    run: async (t) => {
      await t.apply(t.make.deployment('web', 2, { grace: 2 }));
      await t.untilSetReady('Deployment', 'web', 2);
      const name = (await t.pods('app=web'))[0]?.metadata.name ?? '';
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', name, '-o', 'json'], { kubeconfig });
      ended(run, 0, 'deleted');
      const owner = checkOf(targetOf(run), 'owner-controller');
      assert.equal(owner.status, 'unknown');
      assert.ok(owner.missingRights.some((r) => r.verb === 'get' && r.group === 'apps' && r.resource === 'replicasets' && r.namespace === t.namespace), JSON.stringify(owner));
    },
  }),
  scenario({
    id: 'rights',
    name: 'a forced deletion needs consent',
    run: async (t) => {
      await t.apply(t.make.deployment('web', 1, { grace: 2 }));
      await t.untilSetReady('Deployment', 'web', 1);
      const name = (await t.pods('app=web'))[0]?.metadata.name ?? '';
      const check = await t.untouched(name);
      const { kubeconfig } = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] });
      const run = await t.plugin(['pod', name, '--force', '--grace-period=0', '-o', 'json'], { kubeconfig });
      assert.equal(run.code, 3);
      await check();
    },
  }),
];
