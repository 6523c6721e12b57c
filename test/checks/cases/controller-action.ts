import type { Code } from '../../../src/findings/finding.ts';
import type { KubeObject } from '../../../src/model/wire.ts';
import { groupVersion } from '../../../src/model/ref.ts';
import { healthyNode, object, ownedBy, pod, time } from '../../model/objects.ts';
import type { Parts } from '../../model/objects.ts';
import type { Case, CheckCases } from '../case.ts';

const one = (says: string, code: Code | null, of: KubeObject, more: Partial<Case> = {}): Case => {
  const { group, version } = groupVersion(of.apiVersion ?? '');
  const kind = of.kind ?? '';
  return { says, object: of, kinds: [{ group, version, kind, resource: `${kind.toLowerCase()}s` }], codes: code === null ? [] : [code], ...more };
};
const removes = (says: string, apiVersion: string, kind: string, parts: Parts = {}, more: Partial<Case> = {}): Case => one(says, 'controller-removes', object(apiVersion, kind, 'it', parts), more);
const stops = (says: string, apiVersion: string, kind: string, parts: Parts = {}, more: Partial<Case> = {}): Case => one(says, 'controller-stops', object(apiVersion, kind, 'it', parts), more);
const leaves = (says: string, apiVersion: string, kind: string, parts: Parts = {}, more: Partial<Case> = {}): Case => one(says, 'controller-leaves', object(apiVersion, kind, 'it', parts), more);

const ARGO = 'argoproj.io/v1alpha1';
const KUSTOMIZE = 'kustomize.toolkit.fluxcd.io/v1';
const HELM = 'helm.toolkit.fluxcd.io/v2';
const CAPI = 'cluster.x-k8s.io/v1beta1';
const BUCKET = 's3.aws.upbound.io/v1beta1';
const cascades = { finalizers: ['resources-finalizer.argocd.argoproj.io'] };
const managed = { forProvider: {}, providerConfigRef: { name: 'default' } };
const SNAPSHOT = 'snapshot.storage.k8s.io/v1';
const snapshots = ['VolumeSnapshot', 'VolumeSnapshotContent'].map((kind) => ({ group: 'snapshot.storage.k8s.io', version: 'v1', kind, resource: `${kind.toLowerCase()}s` }));
const bound: Parts = { status: { boundVolumeSnapshotContentName: 'content' } };
const content = (deletionPolicy: string): KubeObject => object(SNAPSHOT, 'VolumeSnapshotContent', 'content', { metadata: { namespace: undefined }, spec: { deletionPolicy } });
const orphan = { cascade: 'orphan' } as const;

export const cases: CheckCases = {
  check: 'controller-action',
  found: [
    removes('Argo CD removes what an Application with its finalizer deployed', ARGO, 'Application', { metadata: cascades, spec: { destination: { namespace: 'shop' } }, status: { resources: [{}, {}] } }, { codes: ['controller-removes', 'finalizer-controller-unknown'], data: { by: 'Argo CD', what: 'all 2 resources that it manages in namespace shop' } }),
    removes('the finalizer may say how it cascades', ARGO, 'Application', { metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io/background'] } }, { codes: ['controller-removes', 'finalizer-controller-unknown'] }),
    removes('an ApplicationSet takes its Applications along, and what they deployed', ARGO, 'ApplicationSet', { spec: {} }),
    removes('a Kustomization that prunes', KUSTOMIZE, 'Kustomization', { spec: { prune: true }, status: { inventory: { entries: [{}, {}, {}] } } }, { data: { by: 'Flux', what: 'all 3 resources that it applied' } }),
    removes('a Kustomization whose deletion policy says so', KUSTOMIZE, 'Kustomization', { spec: { prune: false, deletionPolicy: 'Delete' } }),
    removes('a HelmRelease is uninstalled', HELM, 'HelmRelease', { spec: { releaseName: 'shop' } }, { data: { what: 'Helm release shop and everything in it (helm uninstall)' } }),
    removes('a Terraform that destroys', 'infra.contrib.fluxcd.io/v1alpha2', 'Terraform', { spec: { destroyResourcesOnDeletion: true } }),
    removes('a whole cluster', CAPI, 'Cluster'),
    removes('a machine', CAPI, 'Machine'),
    removes('the machines of a set', CAPI, 'MachineDeployment', { spec: { replicas: 3 } }),
    removes('a managed resource of Crossplane, of any group', BUCKET, 'Bucket', { spec: { ...managed, deletionPolicy: 'Delete' } }, { data: { by: 'Crossplane', what: 'the resource that it stands for outside of the cluster' } }),
    removes('Delete is the policy when none is given', BUCKET, 'Bucket', { spec: managed }),
    removes('a claim of Crossplane', 'platform.example.com/v1', 'Database', { spec: { compositionRef: { name: 'c' }, resourceRef: { name: 'db-x' } } }),
    removes('a composite of Crossplane 2', 'platform.example.com/v1', 'Database', { spec: { crossplane: { resourceRefs: [{}, {}] } } }, { data: { what: 'all 2 resources that it is composed of' } }),
    removes("a resource of Google's Config Connector", 'storage.cnrm.cloud.google.com/v1beta1', 'StorageBucket'),
    removes('a resource of ACK', 's3.services.k8s.aws/v1alpha1', 'Bucket'),
    removes('a resource of Azure Service Operator', 'storage.azure.com/v1', 'StorageAccount'),
    removes('a PostgreSQL cluster with its claims', 'postgresql.cnpg.io/v1', 'Cluster'),
    removes("Zalando's", 'acid.zalan.do/v1', 'postgresql'),
    removes('Kafka with claims that go', 'kafka.strimzi.io/v1beta2', 'Kafka', { spec: { kafka: { storage: { type: 'jbod', volumes: [{ type: 'persistent-claim', deleteClaim: false }, { type: 'persistent-claim', deleteClaim: true }] } } } }),
    removes('Kafka whose node pools decide', 'kafka.strimzi.io/v1', 'Kafka', { spec: { kafka: {} } }),
    removes('a topic with its messages', 'kafka.strimzi.io/v1', 'KafkaTopic'),
    removes('a database whose finalizer deletes the claims', 'pxc.percona.com/v1', 'PerconaXtraDBCluster', { metadata: { finalizers: ['percona.com/delete-pxc-pvc'] } }, { codes: ['controller-removes', 'finalizer-controller-unknown'] }),
    removes('a message broker', 'rabbitmq.com/v1beta1', 'RabbitmqCluster'),
    removes('Redis', 'redis.redis.opstreelabs.in/v1beta2', 'RedisCluster'),
    removes('Elasticsearch', 'elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', { spec: {} }),
    removes('a snapshot with its content', SNAPSHOT, 'VolumeSnapshot', bound, { kinds: snapshots, objects: [content('Delete')] }),
    removes('a snapshot whose content is not there counts as Delete', SNAPSHOT, 'VolumeSnapshot', bound, { kinds: snapshots }),
    removes('a virtual machine with the disks that were made for it', 'kubevirt.io/v1', 'VirtualMachine', { spec: { dataVolumeTemplates: [{}] } }, { data: { what: 'the virtual machine and its disk with the data' } }),
    removes('a DataVolume with its claim', 'cdi.kubevirt.io/v1beta1', 'DataVolume'),
    removes('a Ceph cluster', 'ceph.rook.io/v1', 'CephCluster'),
    removes('a volume of Longhorn', 'longhorn.io/v1beta2', 'Volume'),
    stops('the Secret of an ExternalSecret goes', 'external-secrets.io/v1', 'ExternalSecret', { spec: { target: { name: 'db-password' } } }, { data: { by: 'External Secrets', what: 'Secret db-password' } }),
    stops('the Secret of a SealedSecret goes', 'bitnami.com/v1alpha1', 'SealedSecret'),
    stops('brokers whose claims stay', 'kafka.strimzi.io/v1beta2', 'Kafka', { spec: { kafka: { storage: { type: 'persistent-claim', deleteClaim: false } } } }),
    stops('a database whose claims stay', 'psmdb.percona.com/v1', 'PerconaServerMongoDB'),
    stops('Elasticsearch whose claims stay', 'elasticsearch.k8s.elastic.co/v1', 'Elasticsearch', { spec: { volumeClaimDeletePolicy: 'DeleteOnScaledownOnly' } }),
    stops('MongoDB', 'mongodbcommunity.mongodb.com/v1', 'MongoDBCommunity'),
    stops('a virtual machine that runs', 'kubevirt.io/v1', 'VirtualMachine', { spec: {}, status: { printableStatus: 'Running' } }),
    stops('what Knative serves', 'serving.knative.dev/v1', 'Service'),
    stops('a run of Tekton that is not over', 'tekton.dev/v1', 'PipelineRun', { status: {} }),
    leaves('an Application without its finalizer leaves what it deployed', ARGO, 'Application', { spec: {}, status: { resources: [{}] } }, { data: { what: 'it has no resources-finalizer, so what it deployed stays, unmanaged' } }),
  ],
  clear: [
    leaves('an Application that manages nothing', ARGO, 'Application', { metadata: cascades, status: { resources: [] } }, { codes: ['controller-leaves', 'finalizer-controller-unknown'] }),
    leaves('a finalizer that only looks like it', ARGO, 'Application', { metadata: { finalizers: ['resources-finalizer.argocd.argoproj.io.example.com/x'] } }, { codes: ['controller-leaves', 'finalizer-controller-missing'] }),
    stops('an ApplicationSet that preserves what was deployed', ARGO, 'ApplicationSet', { spec: { syncPolicy: { preserveResourcesOnDeletion: true } } }),
    leaves('an ApplicationSet whose Applications are orphaned', ARGO, 'ApplicationSet', { spec: {} }, orphan),
    leaves('a project', ARGO, 'AppProject'),
    leaves('a Rollout without pods', ARGO, 'Rollout'),
    one('the pods of a Rollout are for dependents', 'controller-leaves', object(ARGO, 'Rollout', 'it'), {
      objects: [object('apps/v1', 'ReplicaSet', 'it-1', { metadata: ownedBy(ARGO, 'Rollout', 'it') }), pod('it-1-a', { metadata: ownedBy('apps/v1', 'ReplicaSet', 'it-1') }), ...healthyNode()],
      codes: ['controller-leaves', 'serving-pods-go'],
    }),
    leaves('a Kustomization that does not prune', KUSTOMIZE, 'Kustomization', { spec: { prune: false } }),
    leaves('a Kustomization that orphans', KUSTOMIZE, 'Kustomization', { spec: { prune: true, deletionPolicy: 'Orphan' } }),
    leaves('a Kustomization that is suspended', KUSTOMIZE, 'Kustomization', { spec: { prune: true, suspend: true } }),
    leaves('a HelmRelease that is suspended', HELM, 'HelmRelease', { spec: { suspend: true } }),
    leaves('a source of Flux', 'source.toolkit.fluxcd.io/v1', 'GitRepository'),
    leaves('machines that are none', CAPI, 'MachineDeployment', { spec: { replicas: 0 } }),
    leaves('a managed resource that is orphaned', BUCKET, 'Bucket', { spec: { ...managed, deletionPolicy: 'Orphan' } }),
    leaves('a managed resource that is only observed', BUCKET, 'Bucket', { spec: { ...managed, managementPolicies: ['Observe'] } }),
    leaves('a bucket that is abandoned', 'storage.cnrm.cloud.google.com/v1beta1', 'StorageBucket', { metadata: { annotations: { 'cnrm.cloud.google.com/deletion-policy': 'abandon' } } }),
    leaves('a bucket that is retained', 's3.services.k8s.aws/v1alpha1', 'Bucket', { metadata: { annotations: { 'services.k8s.aws/deletion-policy': 'retain' } } }),
    leaves('an account that is detached', 'storage.azure.com/v1', 'StorageAccount', { metadata: { annotations: { 'serviceoperator.azure.com/reconcile-policy': 'detach-on-delete' } } }),
    leaves('a topic that is not managed', 'kafka.strimzi.io/v1', 'KafkaTopic', { metadata: { annotations: { 'strimzi.io/managed': 'false' } } }),
    leaves('a database that is retained in its cluster', 'postgresql.cnpg.io/v1', 'Database', { spec: {} }),
    leaves('a backup of Velero', 'velero.io/v1', 'Backup'),
    leaves('a restore of Velero', 'velero.io/v1', 'Restore'),
    leaves('a Certificate', 'cert-manager.io/v1', 'Certificate'),
    leaves('an ExternalSecret that does not own the Secret', 'external-secrets.io/v1', 'ExternalSecret', { spec: { target: { creationPolicy: 'Orphan' } } }),
    leaves('an ExternalSecret whose Secret is orphaned', 'external-secrets.io/v1', 'ExternalSecret', { spec: {} }, orphan),
    leaves('the content of a snapshot that is retained', SNAPSHOT, 'VolumeSnapshotContent', { metadata: { namespace: undefined }, spec: { deletionPolicy: 'Retain' } }),
    leaves('a snapshot whose content is retained', SNAPSHOT, 'VolumeSnapshot', bound, { kinds: snapshots, objects: [content('Retain')] }),
    leaves('a snapshot that was never made', SNAPSHOT, 'VolumeSnapshot', { status: {} }),
    leaves('a filesystem that is preserved', 'ceph.rook.io/v1', 'CephFilesystem', { spec: { preserveFilesystemOnDelete: true } }),
    leaves('a run of Tekton that is over', 'tekton.dev/v1', 'TaskRun', { status: { completionTime: time(-60) } }),
    leaves('a Task', 'tekton.dev/v1', 'Task'),
    one('a kind that nobody knows is for coverage', 'kind-not-known', object('example.com/v1', 'Widget', 'it', { spec: { deletionPolicy: 'Delete' } })),
    one('the kind of another group', 'kind-not-known', object('example.com/v1', 'Application', 'it', { metadata: {} })),
    one('names of object properties are kinds like others', 'kind-not-known', object('argoproj.io/v1alpha1', 'constructor', 'it')),
    removes('what is Terminating already is not judged again', ARGO, 'Application', { metadata: { ...cascades, deletionTimestamp: time(-60) } }, { codes: ['already-terminating'] }),
  ],
  unknown: [removes('a content that may not be read counts as Delete', SNAPSHOT, 'VolumeSnapshot', bound, { kinds: snapshots, objects: [content('Retain')], troubles: [{ verb: 'get', resource: 'volumesnapshotcontents', how: 'forbidden' }], unknown: ['controller-action'] })],
};
