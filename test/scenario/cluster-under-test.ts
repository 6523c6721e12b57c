/** What a run of the scenarios needs of a cluster, whichever it is. Each kind of cluster has one file that gives this. */
import type { Need } from './scenario.ts';

/** One request as the API server saw it. */
export interface AuditedRequest {
  /** get, list, watch, create, update, patch, delete, deletecollection. */
  readonly verb: string;
  readonly user: string;
  readonly userAgent: string;
  readonly requestURI: string;
  readonly apiGroup: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** HTTP status of the answer. */
  readonly code: number;
  readonly dryRun: boolean;
  /** The parsed body of a deletion; null where there was none or it was not kept. */
  readonly body: unknown;
}

export interface Audit {
  /** Gives what reads the requests from now on. */
  readonly mark: () => () => Promise<readonly AuditedRequest[]>;
}

export interface ClusterFaults {
  /** Pods on the node go on, but nobody stops them or reports on them. Resolves once the node counts as not Ready. */
  readonly freezeNode: () => Promise<void>;
  readonly thawNode: () => Promise<void>;
  readonly killApiserver: () => Promise<void>;
  readonly startApiserver: () => Promise<void>;
  readonly stopControllers: () => Promise<void>;
  readonly startControllers: () => Promise<void>;
}

/** A user without rights: its kubeconfig, and how a RoleBinding names it. */
export interface NewUser {
  readonly kubeconfig: string;
  readonly subject: { readonly kind: 'User' | 'ServiceAccount'; readonly name: string; readonly namespace?: string; readonly apiGroup?: string };
}

export interface ClusterUnderTest {
  /** For the line that says where the scenarios ran. */
  readonly title: string;
  /** An administrator's. */
  readonly kubeconfig: string;
  /** null: there is none, and the executable is run itself. */
  readonly kubectl: string | null;
  readonly offers: ReadonlySet<Need>;
  /** How a container of it gets busybox. */
  readonly image: { readonly image: string; readonly imagePullPolicy: string };
  readonly newUser: (namespace: string) => Promise<NewUser>;
  readonly audit: Audit | null;
  readonly faults: ClusterFaults | null;
  readonly staticPodDir: string | null;
  /** A kubeconfig whose credential has expired; null where there is none to be had. */
  readonly expiredKubeconfig: (() => string) | null;
  /** Another cluster of the same kind, where one costs nothing: what hits everyone gets one of its own. The caller closes it. */
  readonly another: (() => Promise<ClusterUnderTest>) | null;
  /** Scenarios at a time. */
  readonly width: number;
  readonly close: () => Promise<void>;
}
