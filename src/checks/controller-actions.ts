/**
 * What controllers do when one of their custom resources goes, as data: the projects' own docs say it. `removes`: other objects, data or
 * outside resources go for good; `stops`: what runs goes and can be made again; `leaves`: nothing but the object goes.
 */
import type { Target } from '../model/target.ts';
import type { KubeObject } from '../model/wire.ts';

export interface ControllerAct {
  readonly does: 'removes' | 'stops' | 'leaves';
  readonly by: string;
  readonly what: string;
}

type Fields = { readonly [key: string]: unknown };
type Act = (object: KubeObject, orphan: boolean) => Omit<ControllerAct, 'by'>;

const removes = (what: string): Omit<ControllerAct, 'by'> => ({ does: 'removes', what });
const stops = (what: string): Omit<ControllerAct, 'by'> => ({ does: 'stops', what });
const leaves = (what: string): Omit<ControllerAct, 'by'> => ({ does: 'leaves', what });

/** A field by its path; undefined where any part of it is not there. */
const at = (object: KubeObject, path: string): unknown => path.split('.').reduce<unknown>((o, key) => (typeof o === 'object' && o !== null && Object.hasOwn(o, key) ? (o as Fields)[key] : undefined), object);
const text = (object: KubeObject, path: string): string => {
  const value = at(object, path);
  return typeof value === 'string' ? value : '';
};
const listAt = (object: KubeObject, path: string): readonly unknown[] | null => {
  const value = at(object, path);
  return Array.isArray(value) ? value : null;
};
const has = (object: KubeObject, finalizer: RegExp): boolean => (object.metadata.finalizers ?? []).some((f) => finalizer.test(f));
const annotation = (object: KubeObject, key: string): string => object.metadata.annotations?.[key] ?? '';
const atLeastOne = (object: KubeObject, path: string): boolean => Number(at(object, path) ?? 0) > 0;

/** For what goes by its owner references alone. */
const unlessOrphaned = (act: Act): Act => (object, orphan) => (orphan ? leaves('what it owns is orphaned and stays') : act(object, orphan));
const always = (act: ReturnType<Act>): Act => () => act;

const resources = (n: number | null): string => (n === null ? 'everything that it manages' : n === 1 ? 'the 1 resource that it manages' : `all ${n} resources that it manages`);

const argoApplication: Act = (object) => {
  const managed = listAt(object, 'status.resources');
  if (!has(object, /^resources-finalizer\.argocd\.argoproj\.io(?:\/|$)/u)) return leaves('it has no resources-finalizer, so what it deployed stays, unmanaged');
  if (managed?.length === 0) return leaves('it manages no resource');
  const place = text(object, 'spec.destination.namespace');
  return removes(`${resources(managed?.length ?? null)}${place === '' ? '' : ` in namespace ${place}`}`);
};
const applicationSet = unlessOrphaned((object) =>
  at(object, 'spec.syncPolicy.preserveResourcesOnDeletion') === true ? stops('its Applications, while what they deployed stays') : removes('its Applications, and with them everything that they deployed'),
);

const kustomization: Act = (object) => {
  if (at(object, 'spec.suspend') === true) return leaves('it is suspended, so what it applied stays');
  const policy = text(object, 'spec.deletionPolicy');
  if (policy === 'Orphan' || (at(object, 'spec.prune') !== true && !['Delete', 'WaitForTermination'].includes(policy))) return leaves('it does not prune, so what it applied stays');
  const applied = listAt(object, 'status.inventory.entries');
  return applied?.length === 0 ? leaves('it has applied nothing') : removes(resources(applied?.length ?? null).replace('manages', 'applied'));
};
const helmRelease: Act = (object) => {
  if (at(object, 'spec.suspend') === true) return leaves('it is suspended, so the Helm release stays');
  const name = text(object, 'spec.releaseName');
  return removes(`Helm release ${name === '' ? object.metadata.name : name} and everything in it (helm uninstall)`);
};

const outside = 'the resource that it stands for outside of the cluster';
const outsideStays = leaves(`${outside} stays`);
const crossplaneManaged: Act = (object) => {
  const policies = listAt(object, 'spec.managementPolicies');
  if (policies !== null && !policies.includes('*') && !policies.includes('Delete')) return outsideStays;
  return text(object, 'spec.deletionPolicy') === 'Orphan' ? outsideStays : removes(outside);
};

const database = 'the database with its claims and their data';
const claimsStay = 'its pods, while its claims and their data stay';
/** Percona and others delete claims only where a finalizer asks for it. */
const claimsByFinalizer: Act = (object) => (has(object, /delete-.*pvc|delete-pvc/u) ? removes(database) : stops(claimsStay));
const keeps = (path: string, kept: (value: unknown) => boolean): Act => (object) => (kept(at(object, path)) ? stops(claimsStay) : removes(database));

const deletesClaim = (storage: unknown): boolean => {
  const s = (storage ?? {}) as { readonly type?: unknown; readonly deleteClaim?: unknown; readonly volumes?: unknown };
  return s.type === 'ephemeral' || s.deleteClaim === true || (Array.isArray(s.volumes) && s.volumes.some(deletesClaim));
};
const kafka: Act = (object) => {
  const storage = at(object, 'spec.kafka.storage');
  if (storage === undefined) return removes('the Kafka cluster, and the data of those node pools whose storage says so');
  return deletesClaim(storage) ? removes('the Kafka cluster with its data') : stops('its brokers, while their claims and data stay');
};

const virtualMachine: Act = (object) => {
  const disks = listAt(object, 'spec.dataVolumeTemplates')?.length ?? 0;
  if (disks > 0) return removes(`the virtual machine and ${disks === 1 ? 'its disk' : `its ${disks} disks`} with the data`);
  return at(object, 'status.created') === true || text(object, 'status.printableStatus') === 'Running' ? stops('the running virtual machine, while its disks stay') : leaves('the virtual machine does not run, and its disks stay');
};

const replicated = (what: string): Act => (object) => (atLeastOne(object, 'spec.replicas') || atLeastOne(object, 'status.replicas') ? removes(what) : leaves('it has no replicas'));
const unlessPolicy = (path: string, kept: readonly string[], what: string): Act => (object) => (kept.includes(text(object, path)) ? leaves(`${what} stays`) : removes(what));
const onlyIf = (path: string, value: unknown, what: string): Act => (object) => (at(object, path) === value ? removes(what) : leaves(`${what} stays`));
const unlessKept = (path: string, what: string): Act => (object) => (at(object, path) === true ? leaves(`${what} stays`) : removes(what));
const whileRunning = (ended: string, what: string): Act => (object) => (at(object, ended) === undefined ? stops(what) : leaves('it has ended'));

type Entries = Readonly<Record<string, Act>>;
const every = (kinds: readonly string[], act: Act): Entries => Object.fromEntries(kinds.map((kind) => [kind, act]));

/** By API group: the project, and what it does for each of its kinds. */
const projects: Readonly<Record<string, { readonly by: string; readonly kinds: Entries }>> = {
  'argoproj.io': {
    by: 'Argo',
    kinds: {
      Application: argoApplication,
      ApplicationSet: applicationSet,
      AppProject: always(leaves('what its Applications deployed stays, but they stop syncing')),
      // What it owns is for the check of dependents.
      Rollout: unlessOrphaned(always(leaves('its ReplicaSets and pods go by their owner references'))),
      Workflow: whileRunning('status.finishedAt', 'the workflow that is running'),
    },
  },
  'kustomize.toolkit.fluxcd.io': { by: 'Flux', kinds: { Kustomization: kustomization } },
  'helm.toolkit.fluxcd.io': { by: 'Flux', kinds: { HelmRelease: helmRelease } },
  'source.toolkit.fluxcd.io': { by: 'Flux', kinds: every(['GitRepository', 'OCIRepository', 'HelmRepository', 'HelmChart', 'Bucket'], always(leaves('what was applied from it stays, and is not updated any more'))) },
  'infra.contrib.fluxcd.io': { by: 'the Tofu controller', kinds: { Terraform: onlyIf('spec.destroyResourcesOnDeletion', true, 'everything that it provisioned') } },
  'cluster.x-k8s.io': {
    by: 'Cluster API',
    kinds: {
      Cluster: always(removes('the whole cluster: its machines, control plane and network')),
      Machine: always(removes('the machine behind it')),
      MachineSet: replicated('its machines'),
      MachineDeployment: replicated('its machines'),
      MachinePool: replicated('its machines'),
    },
  },
  'karpenter.sh': { by: 'Karpenter', kinds: { NodeClaim: always(removes('the machine behind it')), NodePool: always(removes('all of its nodes, after draining them')) } },
  'postgresql.cnpg.io': {
    by: 'CloudNativePG',
    kinds: {
      Cluster: unlessOrphaned(always(removes(database))),
      Database: unlessPolicy('spec.databaseReclaimPolicy', ['', 'retain'], 'the database in its cluster'),
      Pooler: always(stops('its connection pool')),
      ...every(['Backup', 'ScheduledBackup'], always(leaves('the backups in the object store stay'))),
    },
  },
  'acid.zalan.do': { by: "Zalando's Postgres operator", kinds: { postgresql: always(removes(database)) } },
  'postgres-operator.crunchydata.com': { by: "Crunchy's Postgres operator", kinds: { PostgresCluster: unlessOrphaned(always(removes(`${database} and its backups in claims`))) } },
  'pxc.percona.com': { by: "Percona's operator", kinds: { PerconaXtraDBCluster: claimsByFinalizer } },
  'psmdb.percona.com': { by: "Percona's operator", kinds: { PerconaServerMongoDB: claimsByFinalizer } },
  'pgv2.percona.com': { by: "Percona's operator", kinds: { PerconaPGCluster: claimsByFinalizer } },
  'ps.percona.com': { by: "Percona's operator", kinds: { PerconaServerMySQL: claimsByFinalizer } },
  'mongodbcommunity.mongodb.com': { by: "MongoDB's operator", kinds: { MongoDBCommunity: unlessOrphaned(always(stops(claimsStay))) } },
  'kafka.strimzi.io': {
    by: 'Strimzi',
    kinds: {
      Kafka: kafka,
      KafkaNodePool: (o) => (deletesClaim(at(o, 'spec.storage')) ? removes('its brokers with their data') : stops('its brokers, while their claims and data stay')),
      KafkaTopic: (o) => (annotation(o, 'strimzi.io/managed') === 'false' ? leaves('the topic and its messages stay') : removes('the topic with all of its messages')),
      KafkaUser: always(stops('the user and the Secret with its credentials')),
    },
  },
  'rabbitmq.com': {
    by: "RabbitMQ's operator",
    kinds: {
      RabbitmqCluster: unlessOrphaned(always(removes('the broker with its claims and messages'))),
      Queue: unlessPolicy('spec.deletionPolicy', ['retain'], 'the queue with its messages'),
      Vhost: unlessPolicy('spec.deletionPolicy', ['retain'], 'the virtual host with its queues and messages'),
    },
  },
  'redis.redis.opstreelabs.in': { by: 'the Redis operator', kinds: every(['Redis', 'RedisCluster', 'RedisReplication'], keeps('spec.storage.keepAfterDelete', (v) => v === true)) },
  'databases.spotahome.com': { by: 'the Redis operator', kinds: { RedisFailover: keeps('spec.redis.storage.keepAfterDeletion', (v) => v === true) } },
  'elasticsearch.k8s.elastic.co': { by: 'Elastic Cloud on Kubernetes', kinds: { Elasticsearch: keeps('spec.volumeClaimDeletePolicy', (v) => v === 'DeleteOnScaledownOnly') } },
  'velero.io': {
    by: 'Velero',
    kinds: {
      Backup: always(leaves('the backup in the object store stays, and brings the object back')),
      Schedule: always(leaves('the backups that it made stay')),
      Restore: always(leaves('what was restored stays')),
    },
  },
  'snapshot.storage.k8s.io': {
    by: 'the snapshot controller',
    kinds: {
      // What its content says comes first.
      VolumeSnapshot: always(removes('the snapshot in the storage system')),
      VolumeSnapshotContent: unlessPolicy('spec.deletionPolicy', ['Retain'], 'the snapshot in the storage system'),
    },
  },
  'cert-manager.io': {
    by: 'cert-manager',
    kinds: { Certificate: always(leaves('the Secret with the certificate stays, and is not renewed any more')), ...every(['Issuer', 'ClusterIssuer'], always(leaves('the certificates that were issued stay, and are not renewed any more'))) },
  },
  'external-secrets.io': {
    by: 'External Secrets',
    kinds: {
      ExternalSecret: unlessOrphaned((o) => (['', 'Owner'].includes(text(o, 'spec.target.creationPolicy')) ? stops(`Secret ${text(o, 'spec.target.name') || o.metadata.name}`) : leaves('the Secret stays'))),
      PushSecret: onlyIf('spec.deletionPolicy', 'Delete', 'what it pushed to the provider'),
    },
  },
  'bitnami.com': { by: 'Sealed Secrets', kinds: { SealedSecret: unlessOrphaned((o) => stops(`Secret ${text(o, 'spec.template.metadata.name') || o.metadata.name}`)) } },
  'kubevirt.io': { by: 'KubeVirt', kinds: { VirtualMachine: unlessOrphaned(virtualMachine), VirtualMachineInstance: always(stops('the running virtual machine')) } },
  'cdi.kubevirt.io': { by: 'the Containerized Data Importer', kinds: { DataVolume: unlessOrphaned(always(removes('its claim with the data'))) } },
  'ceph.rook.io': {
    by: 'Rook',
    kinds: {
      CephCluster: always(removes('the Ceph cluster, and with it every volume that is stored there')),
      CephBlockPool: always(removes('the pool with every volume in it')),
      CephFilesystem: unlessKept('spec.preserveFilesystemOnDelete', 'the filesystem with every volume in it'),
      CephObjectStore: unlessKept('spec.preservePoolsOnDelete', 'the object store with every bucket in it'),
    },
  },
  'longhorn.io': { by: 'Longhorn', kinds: { Volume: always(removes('the volume with all replicas of its data')), Backup: always(removes('the backup of the volume')) } },
  'tekton.dev': {
    by: 'Tekton',
    kinds: { ...every(['PipelineRun', 'TaskRun'], whileRunning('status.completionTime', 'the run and its pods')), ...every(['Pipeline', 'Task'], always(leaves('the runs that were made of it stay'))) },
  },
  'serving.knative.dev': { by: 'Knative', kinds: { Service: unlessOrphaned(always(stops('its routes, revisions and pods'))) } },
};

/** Objects of any group that a project tells by their form: providers bring their own kinds. */
const byForm: readonly { readonly by: string; readonly is: (target: Target) => boolean; readonly act: Act }[] = [
  {
    by: 'Crossplane',
    is: ({ object }) => has(object, /^finalizer\.managedresource\.crossplane\.io$/u) || (at(object, 'spec.forProvider') !== undefined && (at(object, 'spec.providerConfigRef') !== undefined || at(object, 'spec.deletionPolicy') !== undefined || at(object, 'spec.managementPolicies') !== undefined)),
    act: crossplaneManaged,
  },
  {
    by: 'Crossplane',
    is: ({ object }) => has(object, /^(?:finalizer\.apiextensions|composite\.apiextensions)\.crossplane\.io$/u) || at(object, 'spec.crossplane.resourceRefs') !== undefined || (at(object, 'spec.compositionRef') !== undefined && (at(object, 'spec.resourceRef') !== undefined || at(object, 'spec.resourceRefs') !== undefined)),
    act: (object) => {
      const composed = listAt(object, 'spec.crossplane.resourceRefs') ?? listAt(object, 'spec.resourceRefs');
      return composed?.length === 0 ? leaves('it is composed of nothing') : removes(composed === null ? 'everything that it is composed of' : `all ${composed.length} resources that it is composed of`);
    },
  },
  { by: 'Config Connector', is: ({ ref }) => ref.group.endsWith('.cnrm.cloud.google.com'), act: (o) => (annotation(o, 'cnrm.cloud.google.com/deletion-policy') === 'abandon' ? outsideStays : removes(outside)) },
  { by: 'AWS Controllers for Kubernetes', is: ({ ref }) => ref.group.endsWith('.services.k8s.aws') && ref.group !== 'services.k8s.aws', act: (o) => (annotation(o, 'services.k8s.aws/deletion-policy') === 'retain' ? outsideStays : removes(outside)) },
  { by: 'Azure Service Operator', is: ({ ref }) => ref.group.endsWith('.azure.com') && ref.namespace !== null, act: (o) => (['skip', 'detach-on-delete'].includes(annotation(o, 'serviceoperator.azure.com/reconcile-policy')) ? outsideStays : removes(outside)) },
];

interface Known {
  readonly by: string;
  readonly act: Act;
}

const knownFor = (target: Target): Known | null => {
  const { group, kind } = target.ref;
  const project = Object.hasOwn(projects, group) ? projects[group] : undefined;
  const act = project !== undefined && Object.hasOwn(project.kinds, kind) ? project.kinds[kind] : undefined;
  if (project !== undefined && act !== undefined) return { by: group === 'argoproj.io' && kind.startsWith('App') ? 'Argo CD' : project.by, act };
  // What Kubernetes serves itself has none of these forms.
  return group.includes('.') && !group.endsWith('.k8s.io') ? (byForm.find((form) => form.is(target)) ?? null) : null;
};

export const isKnown = (target: Target): boolean => knownFor(target) !== null;

/** Of a VolumeSnapshot: what its content says. */
const snapshotStays = (target: Target, policy: 'Delete' | 'Retain' | null): ControllerAct | null => {
  if (target.ref.group !== 'snapshot.storage.k8s.io' || target.ref.kind !== 'VolumeSnapshot' || policy === 'Delete') return null;
  return { by: 'the snapshot controller', ...leaves(policy === null ? 'no snapshot is bound to it' : 'the snapshot in the storage system stays') };
};

/**
 * What happens when the object goes. `orphan`: owner references are taken off what it owns; `snapshot`: the deletion policy of its
 * content. null: nothing is known of its kind.
 */
export const actFor = (target: Target, orphan: boolean, snapshot: 'Delete' | 'Retain' | null): ControllerAct | null => {
  const stays = snapshotStays(target, snapshot);
  if (stays !== null) return stays;
  const known = knownFor(target);
  return known === null ? null : { ...known.act(target.object, orphan), by: known.by };
};
