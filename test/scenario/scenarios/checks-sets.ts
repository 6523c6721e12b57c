/** What a run leaves behind: budgets, ready endpoints, replicas, rollouts, Jobs and DaemonSets, judged over all targets together. */
import assert from 'node:assert/strict';
import type { WireTarget } from '../../../src/report/wire.ts';
import type { Live, Manifest } from '../api.ts';
import type { ScenarioContext } from '../context.ts';
import { onTerm } from '../manifests.ts';
import type { PodOptions } from '../manifests.ts';
import { checkOf, codesOf, ended, findingOf, reportOf, targetOf } from '../reading.ts';
import { scenario } from '../scenario.ts';

type Fields = Readonly<Record<string, unknown>>;

const policy = 'policy/v1';
const quick: PodOptions = { grace: 2 };
const careful: PodOptions = { grace: 2, containers: [{ readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 }, lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } } }] };
const neverReady: PodOptions = { grace: 2, containers: [{ readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }] };

const statusOf = (live: Live | undefined): Fields => ({ ...live?.status });

/** A workload of this name that is Ready. */
const deployed = async (t: ScenarioContext, name: string, replicas: number, options: PodOptions = quick, spec: object = {}): Promise<readonly string[]> => {
  await t.apply(t.make.deployment(name, replicas, options, spec));
  await t.untilSetReady('Deployment', name, replicas);
  return (await t.pods(`app=${name}`)).map((p) => p.metadata.name);
};

/** A budget for the pods of a workload that the controller has computed for this many Ready pods. */
const budgeted = async (t: ScenarioContext, name: string, app: string, spec: object, currentHealthy: number): Promise<void> => {
  await t.apply({ apiVersion: policy, kind: 'PodDisruptionBudget', metadata: { name }, spec: { selector: { matchLabels: { app } }, ...spec } });
  await t.until(`budget ${name} is computed`, async () => statusOf(await t.api.find({ apiVersion: policy, kind: 'PodDisruptionBudget', namespace: t.namespace }, name))['currentHealthy'] === currentHealthy);
};

/** A Service for the pods of a workload, with this many ready endpoints. */
const served = async (t: ScenarioContext, app: string, endpoints: number): Promise<void> => {
  await t.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: app }, spec: { selector: { app }, ports: [{ port: 80 }] } });
  await t.until(`service ${app} has ${endpoints} ready endpoints`, async () => {
    const slices = (await t.api.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: t.namespace }, `kubernetes.io/service-name=${app}`)) as readonly (Live & { readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] })[];
    return slices.flatMap((s) => s.endpoints ?? []).filter((e) => e.conditions?.ready === true).length === endpoints;
  });
};

const apps = (t: ScenarioContext, kind: 'Deployment' | 'DaemonSet') => ({ apiVersion: 'apps/v1', kind, namespace: t.namespace });

const newTemplate = { spec: { template: { metadata: { annotations: { version: '2' } } } } };

const jobOf = (t: ScenarioContext, name: string, spec: object, options: PodOptions = quick): Manifest => ({
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name },
  spec: { ...spec, template: { metadata: { labels: { app: name } }, spec: { ...t.make.podSpec(options), restartPolicy: 'Never' } } },
});

const firstPod = async (t: ScenarioContext, app: string): Promise<string> => {
  const pod = await t.until(`a pod of ${app} runs`, async () => (await t.pods(`app=${app}`)).find((p) => p.status?.phase === 'Running' && p.metadata.deletionTimestamp === undefined));
  return pod.metadata.name;
};

const jobStatus = async (t: ScenarioContext, name: string): Promise<Fields> => statusOf(await t.api.find({ apiVersion: 'batch/v1', kind: 'Job', namespace: t.namespace }, name));

const agents = async (t: ScenarioContext, updateStrategy: object): Promise<string> => {
  await t.apply({
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: { app: 'agent' } }, updateStrategy, template: { metadata: { labels: { app: 'agent' } }, spec: t.make.podSpec(quick) } },
  });
  const name = await firstPod(t, 'agent');
  await t.untilReady(name);
  return name;
};

const dryRun = async (t: ScenarioContext, ...names: readonly string[]): Promise<ReturnType<ScenarioContext['plugin']>> => await t.plugin(['pod', ...names, '--dry-run', '-o', 'json']);

/** The numbers of a finding that a person is told. */
const numbers = (target: WireTarget, code: string, ...keys: readonly string[]): readonly unknown[] => {
  const { data } = findingOf(target, code);
  return keys.map((k) => data[k]);
};

const quiet = (target: WireTarget, ...checks: readonly string[]): void => {
  for (const id of checks) {
    assert.notEqual(checkOf(target, id).status, 'unknown', `${id} could be made`);
    assert.deepEqual(target.findings.filter((f) => f.check === id && f.severity !== 'note').map((f) => f.code), [], `${id} stays quiet`);
  }
};

export const checksSets = [
  scenario({
    id: 'W5',
    name: 'a DELETE of more Ready pods than a budget allows is refused with its numbers, for all targets together, and --allow lets it go',
    run: async (t) => {
      const names = await deployed(t, 'web', 2);
      await budgeted(t, 'web', 'web', { minAvailable: 1 }, 2);
      const check = await t.untouched(...names);
      const one = await dryRun(t, names[0] ?? '');
      ended(one, 0, 'would-delete');
      assert.deepEqual(numbers(targetOf(one), 'budget-has-room', 'disruptionsAllowed', 'going'), [1, 1]);
      quiet(targetOf(one), 'disruption-budget', 'last-replica', 'service-endpoints', 'rollout');
      const both = await t.plugin(['pod', ...names, '-y', '-o', 'json']);
      ended(both, 2, 'blocked');
      for (const name of names) {
        assert.deepEqual(numbers(targetOf(both, name), 'budget-exceeded', 'desiredHealthy', 'currentHealthy', 'disruptionsAllowed', 'expectedPods', 'going'), [1, 2, 1, 2, 2]);
        assert.equal(findingOf(targetOf(both, name), 'budget-exceeded').pass, '--allow disruption-budget');
      }
      await check();
      const allowed = await t.plugin(['pod', ...names, '-y', '--allow', 'disruption-budget', '-o', 'json']);
      ended(allowed, 0, 'deleted');
      assert.equal(findingOf(targetOf(allowed, names[0]), 'budget-exceeded').changedBy, 'allow');
    },
  }),
  scenario({
    id: 'W5',
    name: 'two budgets on one pod are warned about, and a pod that is not Ready raises no budget',
    run: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2);
      await budgeted(t, 'first', 'web', { minAvailable: 1 }, 2);
      await budgeted(t, 'second', 'web', { maxUnavailable: 1 }, 2);
      const run = await dryRun(t, name);
      ended(run, 3, 'would-ask');
      assert.equal(findingOf(targetOf(run), 'several-budgets').severity, 'warning');
      await t.apply(t.make.deployment('broken', 1, neverReady));
      await budgeted(t, 'broken', 'broken', { minAvailable: 1 }, 0);
      const crashing = await dryRun(t, await firstPod(t, 'broken'));
      ended(crashing, 0, 'would-delete');
      assert.deepEqual(targetOf(crashing).findings.filter((f) => f.severity !== 'note'), []);
    },
  }),
  scenario({
    id: 'W5',
    name: 'a Service that is left without a ready endpoint is warned about once, and one that keeps an endpoint is not',
    run: async (t) => {
      const [single = ''] = await deployed(t, 'single', 1);
      await served(t, 'single', 1);
      const pair = await deployed(t, 'pair', 2, careful);
      await served(t, 'pair', 2);
      const alone = await dryRun(t, single);
      ended(alone, 3, 'would-ask');
      const found = findingOf(targetOf(alone), 'no-endpoint-left');
      assert.deepEqual([found.severity, found.objects.map((o) => o.name)], ['warning', ['single']]);
      assert.deepEqual(found.commands.map((c) => c.argv.slice(0, 3)), [['kubectl', 'rollout', 'restart']]);
      quiet(targetOf(alone), 'last-replica');
      const spare = await dryRun(t, pair[0] ?? '');
      ended(spare, 0, 'would-delete');
      assert.deepEqual(codesOf(targetOf(spare)).filter((c) => c !== 'recreated'), []);
      const all = await dryRun(t, ...pair);
      ended(all, 3, 'would-ask');
      assert.deepEqual(numbers(targetOf(all, pair[0]), 'no-endpoint-left', 'readyNow'), [2]);
    },
  }),
  scenario({
    id: 'D2',
    name: 'the last backend of a fail-closed webhook is refused; with a second one it goes',
    run: async (t) => {
      const [name = ''] = await deployed(t, 'guard', 1, careful);
      await served(t, 'guard', 1);
      const where = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration', namespace: '' };
      t.defer(async () => await t.api.delete(where, t.namespace));
      await t.api.create(
        {
          apiVersion: where.apiVersion,
          kind: where.kind,
          metadata: { name: t.namespace },
          webhooks: [
            {
              name: 'guard.scenario.example',
              admissionReviewVersions: ['v1'],
              sideEffects: 'None',
              failurePolicy: 'Fail',
              clientConfig: { service: { namespace: t.namespace, name: 'guard' } },
              rules: [{ apiGroups: ['scenario.example'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
            },
          ],
        },
        '',
      );
      const check = await t.untouched(name);
      const run = await t.plugin(['pod', name, '-y', '-o', 'json']);
      ended(run, 2, 'blocked');
      const found = findingOf(targetOf(run), 'api-backend-left-empty');
      assert.deepEqual(found.objects.map((o) => [o.kind, o.name]), [['Service', 'guard'], ['ValidatingWebhookConfiguration', t.namespace]]);
      await check();
      await t.api.patch(apps(t, 'Deployment'), 'guard', { spec: { replicas: 2 } });
      await t.untilSetReady('Deployment', 'guard', 2);
      await t.until('the second endpoint is served', async () => {
        const slices = (await t.api.list({ apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: t.namespace })) as readonly (Live & { readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] })[];
        return slices.flatMap((s) => s.endpoints ?? []).filter((e) => e.conditions?.ready === true).length === 2;
      });
      ended(await t.plugin(['pod', name, '-o', 'json']), 0, 'deleted');
    },
  }),
  scenario({
    id: 'W5',
    name: 'the last Ready pods of a Deployment are warned about, and spare ones or ones that never were Ready are not',
    run: async (t) => {
      const pair = await deployed(t, 'pair', 2);
      await t.apply(t.make.deployment('broken', 1, neverReady));
      const all = await dryRun(t, ...pair);
      ended(all, 3, 'would-ask');
      assert.deepEqual(numbers(targetOf(all, pair[0]), 'last-ready-pods', 'readyNow', 'replicas'), [2, 2]);
      const spare = await dryRun(t, pair[0] ?? '');
      ended(spare, 0, 'would-delete');
      quiet(targetOf(spare), 'last-replica');
      const fresh = await dryRun(t, await firstPod(t, 'broken'));
      ended(fresh, 0, 'would-delete');
      assert.equal(checkOf(targetOf(fresh), 'last-replica').status, 'not-applicable');
    },
  }),
  scenario({
    id: 'W5',
    name: 'a Ready pod of the newer ReplicaSet is a spare replica for one of the older, which comes back as what it is while the rollout goes on',
    run: async (t) => {
      const [old = ''] = await deployed(t, 'web', 1, quick, { progressDeadlineSeconds: 600, strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } }, minReadySeconds: 300 });
      await t.api.patch(apps(t, 'Deployment'), 'web', newTemplate);
      await t.untilSetReady('Deployment', 'web', 2);
      const run = await dryRun(t, old);
      ended(run, 0, 'would-delete');
      assert.deepEqual(numbers(targetOf(run), 'rollout-in-progress', 'updated', 'wanted', 'ofOldVersion'), [1, 1, true]);
      quiet(targetOf(run), 'last-replica', 'rollout');
      const versions = async (): Promise<readonly string[]> => (await t.pods('app=web')).map((p) => p.metadata.annotations?.['version'] ?? 'none');
      ended(await t.plugin(['pod', old, '-o', 'json']), 0, 'deleted');
      await t.until('the replacement of the older version is there', async () => (await t.pods('app=web')).length === 2);
      assert.deepEqual((await versions()).toSorted(), ['2', 'none']);
      await t.api.patch(apps(t, 'Deployment'), 'web', { spec: { paused: true } });
      const [one] = await t.pods('app=web');
      findingOf(targetOf(await dryRun(t, one?.metadata.name ?? '')), 'rollout-paused');
    },
  }),
  scenario({
    id: 'W2',
    name: "a DaemonSet's pod comes straight back on its node; under OnDelete as another version, which is warned about",
    run: async (t) => {
      const name = await agents(t, { type: 'OnDelete' });
      const same = await dryRun(t, name);
      ended(same, 0, 'would-delete');
      assert.deepEqual(codesOf(targetOf(same)).toSorted(), ['comes-straight-back', 'recreated']);
      await t.api.patch(apps(t, 'DaemonSet'), 'agent', newTemplate);
      await t.until('the controller has seen the new template', async () => statusOf(await t.api.find(apps(t, 'DaemonSet'), 'agent'))['observedGeneration'] === 2);
      const run = await t.until('the new revision is there', async () => {
        const tried = await dryRun(t, name);
        return codesOf(targetOf(tried)).includes('comes-back-as-other-version') ? tried : false;
      });
      ended(run, 3, 'would-ask');
      assert.deepEqual(numbers(targetOf(run), 'comes-back-as-other-version', 'strategy'), ['OnDelete']);
      ended(await t.plugin(['pod', name, '-y', '-o', 'json']), 0, 'deleted');
      const back = await firstPod(t, 'agent');
      const [from, to] = numbers(targetOf(run), 'comes-back-as-other-version', 'from', 'to');
      assert.notEqual(from, to);
      assert.equal((await t.pod(back))?.metadata.labels?.['controller-revision-hash'], to, 'it is the version that was announced');
    },
  }),
  scenario({
    id: 'job',
    name: "a Job's pod counts as a failure: a note with the retries left, a warning where the Job fails by it, and the Job does",
    run: async (t) => {
      await t.apply(jobOf(t, 'patient', { backoffLimit: 6 }), jobOf(t, 'strict', { backoffLimit: 0 }));
      const patient = await dryRun(t, await firstPod(t, 'patient'));
      ended(patient, 0, 'would-delete');
      assert.deepEqual(numbers(targetOf(patient), 'retries-left', 'failed', 'limit', 'left'), [0, 6, 5]);
      const name = await firstPod(t, 'strict');
      const strict = await t.plugin(['pod', name, '-o', 'json']);
      ended(strict, 3, 'declined');
      assert.deepEqual(numbers(targetOf(strict), 'job-fails', 'because', 'failed', 'backoffLimit', 'unlessItSucceeds'), ['backoff-limit', 0, 0, false]);
      assert.equal((await jobStatus(t, 'strict'))['failed'], undefined);
      ended(await t.plugin(['pod', name, '-y', '-o', 'json']), 0, 'deleted');
      await t.until('the Job has failed', async () => (await jobStatus(t, 'strict'))['failed'] === 1);
    },
  }),
  scenario({
    id: 'job',
    name: "a Job that replaces failed pods only counts a deleted pod by its end, and a finished Job's pods are a note",
    run: async (t) => {
      await t.apply(jobOf(t, 'graceful', { backoffLimit: 0, podReplacementPolicy: 'Failed' }, { grace: 5, containers: [{ command: onTerm(0) }] }));
      const name = await firstPod(t, 'graceful');
      const run = await t.plugin(['pod', name, '-y', '-o', 'json']);
      ended(run, 0, 'deleted');
      assert.deepEqual(numbers(targetOf(run), 'job-fails', 'unlessItSucceeds'), [true]);
      await t.until('the Job counts it as a success', async () => (await jobStatus(t, 'graceful'))['succeeded'] === 1);
      await t.apply(jobOf(t, 'done', {}, { containers: [{ command: ['true'] }] }));
      const finished = await t.until('its pod has finished', async () => (await t.pods('app=done')).find((p) => p.status?.phase === 'Succeeded'));
      await t.until('the Job is complete', async () => (await jobStatus(t, 'done'))['succeeded'] === 1);
      const note = await dryRun(t, finished.metadata.name);
      ended(note, 0, 'would-delete');
      assert.equal(findingOf(targetOf(note), 'counted-already').severity, 'note');
    },
  }),
  scenario({
    id: 'rights',
    name: 'what may not be listed makes its check unknown, and the deletion of an ordinary pod goes on',
    run: async (t) => {
      const [name = ''] = await deployed(t, 'web', 2, careful);
      await served(t, 'web', 2);
      const user = await t.userWith({ verbs: ['get', 'list', 'watch', 'delete'], resources: ['pods'] }, { verbs: ['get', 'list'], resources: ['replicasets', 'deployments'], apiGroups: ['apps'] });
      const run = await t.plugin(['pod', name, '--dry-run', '-o', 'json'], { kubeconfig: user.kubeconfig });
      ended(run, 0, 'would-delete');
      for (const [id, resource] of [['disruption-budget', 'poddisruptionbudgets'], ['service-endpoints', 'endpointslices']] as const) {
        const made = checkOf(targetOf(run), id);
        assert.equal(made.status, 'unknown');
        assert.ok(made.missingRights.some((r) => r.resource === resource && r.verb === 'list'), `${id} names the missing right`);
      }
      quiet(targetOf(run), 'last-replica', 'rollout');
      assert.equal(reportOf(run).summary['unknown'] === 0, false);
    },
  }),
];
