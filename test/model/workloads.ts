/** Workloads as their controllers keep them. */
import type { KubeObject, Pod } from '../../src/model/wire.ts';
import { healthyNode, object, ownedBy, pod, time } from './objects.ts';
import type { Parts } from './objects.ts';

/** Deployment web of 2, rolled out. */
export const deployment = (parts: Parts = {}): KubeObject =>
  object('apps/v1', 'Deployment', 'web', {
    metadata: { generation: 1, annotations: { 'deployment.kubernetes.io/revision': '1' }, ...parts.metadata },
    spec: { replicas: 2, ...parts.spec },
    status: {
      observedGeneration: 1,
      replicas: 2,
      updatedReplicas: 2,
      availableReplicas: 2,
      conditions: [{ type: 'Progressing', status: 'True', reason: 'NewReplicaSetAvailable' }],
      ...parts.status,
    },
  });

export const replicaSet = (parts: Parts = {}): KubeObject =>
  object('apps/v1', 'ReplicaSet', 'web-7d', {
    ...parts,
    metadata: { annotations: { 'deployment.kubernetes.io/revision': '1' }, ...ownedBy('apps/v1', 'Deployment', 'web'), ...parts.metadata },
    spec: { replicas: 2, selector: { matchLabels: { app: 'web' } }, ...parts.spec },
  });

/** A pod of replica set web-7d. */
export const webPod = (name: string, parts: Parts = {}): Pod =>
  pod(name, { ...parts, metadata: { labels: { app: 'web' }, ...ownedBy('apps/v1', 'ReplicaSet', 'web-7d'), ...parts.metadata } });

/** Deployment web and its replica set, with a second pod that is Ready. */
export const webController: readonly KubeObject[] = [deployment(), replicaSet(), webPod('web-spare')];

/** What stands around a web pod that gives one note only, `recreated`: its workload and a healthy node. */
export const webWorkload: readonly KubeObject[] = [...webController, ...healthyNode()];

/** StatefulSet db of 3, on revision r1. */
export const statefulSet = (parts: Parts = {}): KubeObject =>
  object('apps/v1', 'StatefulSet', 'db', {
    ...parts,
    spec: { replicas: 3, selector: { matchLabels: { app: 'db' } }, updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, ...parts.spec },
    status: { currentRevision: 'r1', updateRevision: 'r1', currentReplicas: 3, ...parts.status },
  });

/** Member db-N. */
export const member = (ordinal: number, parts: Parts = {}): Pod =>
  pod(`db-${ordinal}`, {
    ...parts,
    metadata: { labels: { app: 'db', 'controller-revision-hash': 'r1', 'apps.kubernetes.io/pod-index': String(ordinal) }, ...ownedBy('apps/v1', 'StatefulSet', 'db'), ...parts.metadata },
  });

export const claim = (name: string, parts: Parts = {}): KubeObject =>
  object('v1', 'PersistentVolumeClaim', name, { ...parts, spec: { accessModes: ['ReadWriteOnce'], volumeName: `pv-${name}`, ...parts.spec }, status: { phase: 'Bound', ...parts.status } });

export const volume = (claimName: string, reclaim: 'Delete' | 'Retain' | 'Recycle'): KubeObject =>
  object('v1', 'PersistentVolume', `pv-${claimName}`, { spec: { persistentVolumeReclaimPolicy: reclaim } });

export const mounts = (...claims: readonly string[]): { readonly volumes: readonly unknown[] } => ({
  volumes: claims.map((claimName, i) => ({ name: `v${i}`, persistentVolumeClaim: { claimName } })),
});

/** The leader Lease of kube-controller-manager, renewed `ageSeconds` ago. */
export const controllerManagerLease = (ageSeconds: number): KubeObject =>
  object('coordination.k8s.io/v1', 'Lease', 'kube-controller-manager', { metadata: { namespace: 'kube-system' }, spec: { renewTime: time(-ageSeconds) } });
