/** Brings a cluster into the state that a scenario speaks of: workloads that are Ready, budgets that are computed, volumes that are bound. */
import type { Live, Manifest, Where } from './api.ts';
import type { ScenarioContext } from './context.ts';
import type { PodOptions } from './manifests.ts';

/** Ends fast, and its readiness says so. */
export const quick: PodOptions = { grace: 2 };
/** With what keeps traffic from being lost: no note about a gap. */
export const careful: PodOptions = { grace: 2, containers: [{ readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1 }, lifecycle: { preStop: { exec: { command: ['sleep', '1'] } } } }] };
export const neverReady: PodOptions = { grace: 2, containers: [{ readinessProbe: { exec: { command: ['false'] }, periodSeconds: 1 } }] };
/** No node takes it. */
export const nowhere: PodOptions = { grace: 2, spec: { nodeSelector: { 'no-such': 'node' } } };
/** A pod that needs no kubelet to be Failed: its status is written. */
export const failed = { status: { phase: 'Failed', reason: 'Evicted', message: 'The node was low on resource: memory.' } };

export const whereOf = (t: ScenarioContext, manifest: Pick<Manifest, 'apiVersion' | 'kind' | 'metadata'>): Where => ({ apiVersion: manifest.apiVersion, kind: manifest.kind, namespace: (manifest.metadata['namespace'] as string | undefined) ?? t.namespace });

/** Makes an object that is taken away again at the end, with its finalizers; for what does not go with the namespace. */
export const made = async (t: ScenarioContext, manifest: Manifest): Promise<Live> => {
  const where = whereOf(t, manifest);
  const live = await t.api.create(manifest, where.namespace);
  t.defer(async () => {
    await t.api.patch(where, manifest.metadata.name, { metadata: { finalizers: null } }).catch(() => undefined);
    await t.api.delete(where, manifest.metadata.name);
  });
  return live;
};

/** A Deployment of this name with all replicas Ready; the names of its pods. */
export const deployed = async (t: ScenarioContext, name: string, replicas: number, options: PodOptions = careful, spec: object = {}): Promise<readonly string[]> => {
  await t.apply(t.make.deployment(name, replicas, options, spec));
  await t.untilSetReady('Deployment', name, replicas);
  return (await t.pods(`app=${name}`)).map((p) => p.metadata.name).toSorted();
};

export const setReady = async (t: ScenarioContext, name: string, replicas: number, options: PodOptions = quick, spec: object = {}): Promise<void> => {
  await t.apply(t.make.statefulSet(name, replicas, options, { podManagementPolicy: 'Parallel', ...spec }));
  await t.untilSetReady('StatefulSet', name, replicas);
};

export const runningPod = async (t: ScenarioContext, name: string, options: PodOptions = quick): Promise<string> => {
  await t.apply(t.make.pod(name, options));
  await t.untilReady(name);
  return name;
};

/** Bare pods that failed long ago, as an eviction by the kubelet leaves them. */
export const evicted = async (t: ScenarioContext, count: number, labels: Readonly<Record<string, string>>): Promise<void> => {
  const names = Array.from({ length: count }, (_, i) => `evicted-${i}`);
  for (let from = 0; from < names.length; from += 8) {
    await Promise.all(
      names.slice(from, from + 8).map(async (name) => {
        await t.apply(t.make.pod(name, { ...nowhere, metadata: { labels } }));
        await t.patchPod(name, failed, '/status');
      }),
    );
  }
};

/** A budget for the pods of an app, computed for this many Ready pods. */
export const budgeted = async (t: ScenarioContext, app: string, spec: object, currentHealthy: number): Promise<void> => {
  const manifest: Manifest = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: app }, spec: { selector: { matchLabels: { app } }, ...spec } };
  await t.apply(manifest);
  await t.until(`budget ${app} is computed`, async () => {
    const status: Readonly<Record<string, unknown>> = { ...(await t.api.find(whereOf(t, manifest), app))?.status };
    return status['currentHealthy'] === currentHealthy;
  });
};

/** A Service for the pods of an app, once it has this many ready endpoints. */
export const served = async (t: ScenarioContext, app: string, endpoints: number, spec: object = {}): Promise<void> => {
  await t.apply({ apiVersion: 'v1', kind: 'Service', metadata: { name: app }, spec: { selector: { app }, ports: [{ port: 80 }], ...spec } });
  await t.until(`service ${app} has ${endpoints} ready endpoints`, async () => {
    const where = { apiVersion: 'discovery.k8s.io/v1', kind: 'EndpointSlice', namespace: t.namespace };
    const slices = (await t.api.list(where, `kubernetes.io/service-name=${app}`)) as readonly (Live & { readonly endpoints?: readonly { readonly conditions?: { readonly ready?: boolean } }[] })[];
    return slices.flatMap((s) => s.endpoints ?? []).filter((e) => e.conditions?.ready === true).length === endpoints;
  });
};

export const jobOf = (t: ScenarioContext, name: string, spec: object, options: PodOptions = quick): Manifest => ({
  apiVersion: 'batch/v1', kind: 'Job', metadata: { name }, spec: { ...spec, template: { metadata: { labels: { app: name } }, spec: { ...t.make.podSpec(options), restartPolicy: 'Never' } } },
});

/** A Job that has ended, well or badly. */
export const finishedJob = async (t: ScenarioContext, name: string, code: 0 | 1): Promise<void> => {
  const job = jobOf(t, name, { backoffLimit: 0 }, { containers: [{ command: ['sh', '-c', `exit ${code}`] }] });
  await t.apply(job);
  await t.until(`job ${name} is over`, async () => (await t.api.find(whereOf(t, job), name))?.status?.conditions?.some((c) => c.status === 'True' && ['Complete', 'Failed'].includes(c.type)));
};

export const configMap = (name: string, more: object = {}): Manifest => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data: { a: 'b' } });
export const secret = (name: string, more: object = {}): Manifest => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name }, stringData: { a: 'b' }, ...more });

const claimName = (t: ScenarioContext, name: string): string => `${t.namespace}-${name}`;

/** A claim of 1Mi bound to a hostPath volume of its own, with this reclaim policy. */
export const boundClaim = async (t: ScenarioContext, name: string, reclaim: 'Delete' | 'Retain'): Promise<string> => {
  const volume = claimName(t, name);
  const capacity = { storage: '1Mi' };
  await made(t, { apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: volume }, spec: { capacity, accessModes: ['ReadWriteOnce'], persistentVolumeReclaimPolicy: reclaim, storageClassName: '', hostPath: { path: `/tmp/${volume}` }, claimRef: { namespace: t.namespace, name } } });
  await t.apply({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: { accessModes: ['ReadWriteOnce'], storageClassName: '', volumeName: volume, resources: { requests: capacity } } });
  await t.until(`claim ${name} is bound`, async () => (await t.theObject('PersistentVolumeClaim', name)).status?.phase === 'Bound');
  return volume;
};

/** A pod that mounts this claim. */
export const using = (claim: string, options: PodOptions = quick): PodOptions => ({ ...options, spec: { ...options.spec, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] } });

/** A definition of a kind in `GROUP` with any fields; whoever made it first keeps it. */
export const definition = async (t: ScenarioContext, group: string, kind: string, plural: string, options: { readonly scope?: 'Cluster'; readonly version?: string; readonly mine?: true } = {}): Promise<void> => {
  const version = options.version ?? 'v1';
  const manifest: Manifest = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group, scope: options.scope ?? 'Namespaced', names: { kind, plural, singular: kind.toLowerCase() },
      versions: [{ name: version, served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
    },
  };
  const where = whereOf(t, manifest);
  if ((await t.api.find(where, manifest.metadata.name)) === undefined) {
    if (options.mine === true) await made(t, manifest);
    else await t.api.create(manifest, '').catch(() => undefined);
  }
  await t.until(`definition ${manifest.metadata.name} is established`, async () => (await t.api.find(where, manifest.metadata.name))?.status?.conditions?.some((c) => c.type === 'Established' && c.status === 'True'));
  await t.until(`${plural}.${group} is served`, async () => await t.api.list({ apiVersion: `${group}/${version}`, kind, namespace: t.namespace }).then(() => true, () => false));
};
