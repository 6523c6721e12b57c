/**
 * Objects as the API server sends them. @kubernetes/client-node's model types describe its own decoded objects: they have Dates where
 * raw JSON has strings and `_continue` for `continue`. Wire<T> is the raw form; everything is readonly, because facts are shared.
 */
import type {
  CoreV1Event,
  V1ContainerStatus,
  V1APIService,
  V1ClusterRole,
  V1ClusterRoleBinding,
  V1ControllerRevision,
  V1CSINode,
  V1CronJob,
  V1CustomResourceDefinition,
  V1DaemonSet,
  V1Deployment,
  V1EndpointSlice,
  V1Ingress,
  V1Job,
  V1Lease,
  V1LimitRange,
  V1MutatingWebhookConfiguration,
  V1NetworkPolicy,
  V1Namespace,
  V1Node,
  V1ObjectMeta,
  V1OwnerReference,
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Pod,
  V1PodDisruptionBudget,
  V1PriorityClass,
  V1ReplicaSet,
  V1ResourceQuota,
  V1Role,
  V1RoleBinding,
  V1Service,
  V1ServiceAccount,
  V1StatefulSet,
  V1StorageClass,
  V1ValidatingWebhookConfiguration,
  V2HorizontalPodAutoscaler,
  V1VolumeAttachment,
} from '@kubernetes/client-node';

export type Wire<T> = T extends Date
  ? string
  : T extends readonly (infer U)[]
    ? readonly Wire<U>[]
    : T extends object
      ? { readonly [K in keyof T as K extends `_${infer R}` ? R : K]: Wire<T[K]> }
      : T;

export type ObjectMeta = Wire<V1ObjectMeta>;
export type OwnerReference = Wire<V1OwnerReference>;

/** Any object of the API. The metadata of everything that is read one at a time has a name and a uid. */
export interface KubeObject {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata: ObjectMeta & { readonly name: string; readonly uid: string };
}

export interface KubeList {
  readonly items: readonly KubeObject[];
  readonly metadata: { readonly resourceVersion?: string; readonly continue?: string; readonly remainingItemCount?: number };
}

type Known<T> = KubeObject & Omit<Wire<T>, 'metadata' | 'apiVersion' | 'kind'>;
export type Pod = Known<V1Pod>;
export type ReplicaSet = Known<V1ReplicaSet>;
export type Deployment = Known<V1Deployment>;
export type StatefulSet = Known<V1StatefulSet>;
export type DaemonSet = Known<V1DaemonSet>;
export type Job = Known<V1Job>;
export type CronJob = Known<V1CronJob>;
export type ServiceAccount = Known<V1ServiceAccount>;
export type ControllerRevision = Known<V1ControllerRevision>;
export type Claim = Known<V1PersistentVolumeClaim>;
export type Volume = Known<V1PersistentVolume>;
export type Attachment = Known<V1VolumeAttachment>;
export type StorageClass = Known<V1StorageClass>;
export type Definition = Known<V1CustomResourceDefinition>;
export type Namespace = Known<V1Namespace>;
export type Node = Known<V1Node>;
export type Lease = Known<V1Lease>;
export type Service = Known<V1Service>;
export type EndpointSlice = Known<V1EndpointSlice>;
export type Budget = Known<V1PodDisruptionBudget>;
export type ApiService = Known<V1APIService>;
/** Validating and mutating ones have the same fields here. */
export type WebhookConfiguration = Known<V1ValidatingWebhookConfiguration> | Known<V1MutatingWebhookConfiguration>;
export type Ingress = Known<V1Ingress>;
export type NetworkPolicy = Known<V1NetworkPolicy>;
export type ResourceQuota = Known<V1ResourceQuota>;
export type LimitRange = Known<V1LimitRange>;
export type Autoscaler = Known<V2HorizontalPodAutoscaler>;
export type Role = Known<V1Role>;
export type ClusterRole = Known<V1ClusterRole>;
/** Both kinds of binding have the same fields here. */
export type Binding = Known<V1RoleBinding> | Known<V1ClusterRoleBinding>;
export type PriorityClass = Known<V1PriorityClass>;
/** A node without drivers has `drivers: null` on the wire. */
export type CsiNode = KubeObject & { readonly spec: { readonly drivers: Wire<V1CSINode>['spec']['drivers'] | null } };
export type ClusterEvent = Known<CoreV1Event>;
export type ContainerStatus = Wire<V1ContainerStatus>;
/** A custom or unknown kind: only metadata is typed, spec and status are read with care. */
export type Unstructured = KubeObject & { readonly spec?: unknown; readonly status?: unknown };

/** Body of a DELETE (meta/v1 DeleteOptions). Everything goes into the body: a query is ignored when there is one. */
export interface DeleteOptions {
  readonly gracePeriodSeconds?: number;
  readonly propagationPolicy?: 'Background' | 'Foreground' | 'Orphan';
  readonly preconditions: { readonly uid: string };
  readonly dryRun?: readonly ['All'];
}

/** An API error, and the answer of a DELETE that removed an object without grace (meta/v1 Status). */
export interface ApiStatus {
  readonly kind: 'Status';
  readonly status?: string;
  readonly code?: number;
  readonly reason?: string;
  readonly message?: string;
  readonly details?: {
    readonly name?: string;
    readonly kind?: string;
    readonly uid?: string;
    readonly retryAfterSeconds?: number;
    readonly causes?: readonly { readonly reason?: string; readonly message?: string; readonly field?: string }[];
  };
}
