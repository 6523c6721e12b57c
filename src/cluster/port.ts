/**
 * The few verbs that this product needs of an API server. Everything above uses these types only; src/cluster/ implements them over HTTPS.
 * Answers are values: an expected failure is a Problem, never an exception.
 */
import type { ApiStatus, DeleteOptions, KubeList, KubeObject } from '../model/wire.ts';

export interface ResourcePath {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
  readonly namespace: string | null;
  readonly name: string | null;
  readonly subresource?: string;
}

/** Why there is no answer, classified by effect. `sent: false` proves that the server never saw the request. */
export type Problem =
  /** The API server said no, with a Status. */
  | {
      readonly kind: 'status';
      readonly httpStatus: number;
      readonly reason: string;
      readonly message: string;
      readonly details: ApiStatus['details'] | null;
      readonly retryAfterSeconds: number | null;
    }
  /** Something answered that is not an API server: HTML of a proxy, a redirect, truncated JSON. */
  | { readonly kind: 'not-kubernetes'; readonly httpStatus: number; readonly message: string }
  | {
      readonly kind: 'unreachable';
      readonly cause: 'refused' | 'dns' | 'reset' | 'tls' | 'proxy' | 'other';
      readonly message: string;
      readonly sent: boolean;
    }
  | { readonly kind: 'timed-out'; readonly message: string; readonly sent: boolean }
  /** The credential could not be made: an exec plugin failed, a token file cannot be read. Nothing was sent. */
  | { readonly kind: 'credentials'; readonly message: string }
  | { readonly kind: 'aborted' };

/** `warnings`: the texts of the server's Warning headers (RFC 7234 299), in order. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problem: Problem };

export interface CallOptions {
  readonly signal?: AbortSignal;
  /** For the whole call, retries included. The implementation's default is 30 s; --request-timeout lowers each request. */
  readonly timeoutMs?: number;
  /** An answer that asks to wait (Retry-After) is given back instead of being waited out. */
  readonly once?: boolean;
}

export interface ReadOptions extends CallOptions {
  /** Asks for PartialObjectMetadata: identity, owners and finalizers without spec and status. */
  readonly metadataOnly?: boolean;
}

export interface ListOptions extends ReadOptions {
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit?: number;
  readonly continue?: string;
  readonly resourceVersion?: string;
}

export interface WatchOptions {
  readonly signal: AbortSignal;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  /** Resume point; without it the server sends the present state first as ADDED. */
  readonly resourceVersion?: string;
  /** Seconds after which the server is asked to end the watch. */
  readonly timeoutSeconds?: number;
}

/** One watch connection, from opening to end. Exactly one `ended` comes last. */
export type WatchSignal =
  /** The server accepted the watch: changes from now on will be seen. */
  | { readonly type: 'opened' }
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED'; readonly object: KubeObject }
  | { readonly type: 'BOOKMARK'; readonly resourceVersion: string }
  /** `problem` null: the server closed it in order. A 410 comes as a status problem, as HTTP answer and as ERROR event alike. */
  | { readonly type: 'ended'; readonly problem: Problem | null };

export interface LogOptions {
  readonly signal: AbortSignal;
  readonly container: string;
  readonly follow: boolean;
  readonly previous?: boolean;
  readonly tailLines?: number;
  readonly sinceSeconds?: number;
  /** RFC 3339; the kubelet compares with it what it wrote beside each line. */
  readonly sinceTime?: string;
  readonly timestamps?: boolean;
  /** Longer lines are cut to so many characters; what is left out is never kept. */
  readonly longestLine?: number;
}

export type LogSignal =
  | { readonly type: 'opened' }
  | { readonly type: 'line'; readonly text: string }
  | { readonly type: 'ended'; readonly problem: Problem | null };

export interface ClusterPort {
  readonly get: (at: ResourcePath, options?: ReadOptions) => Promise<Answer<KubeObject>>;
  /** One page. */
  readonly list: (at: ResourcePath, options?: ListOptions) => Promise<Answer<KubeList>>;
  readonly watch: (at: ResourcePath, options: WatchOptions) => AsyncIterable<WatchSignal>;
  /** Never retried after a network failure: what was sent may have worked (the caller decides by GET and uid). Retried on Retry-After. */
  readonly delete: (at: ResourcePath, body: DeleteOptions, options?: CallOptions) => Promise<Answer<KubeObject | ApiStatus>>;
  /** POST; the same retry rule as delete. */
  readonly create: (at: ResourcePath, body: unknown, options?: CallOptions) => Promise<Answer<unknown>>;
  /** GET of a path that is no resource: `/version`, `/apis`. */
  readonly raw: (path: string, options?: CallOptions & { readonly accept?: string }) => Promise<Answer<unknown>>;
  readonly logs: (at: ResourcePath, options: LogOptions) => AsyncIterable<LogSignal>;
  /** Milliseconds to add to the local time to get the server's; without it the clocks count as equal. */
  readonly clockOffsetMs?: () => number;
  /** Ends all connections. */
  readonly close: () => void;
}

/** Which cluster, as who: shown in every plan and report. No credential is in it. */
export interface ClusterContext {
  /** Context name; null when the cluster came from flags or from inside a pod. */
  readonly name: string | null;
  readonly cluster: string | null;
  /** The server's URL without credentials. */
  readonly server: string;
  /** kubeconfig user entry (with `as X` when impersonating); null when there is none. */
  readonly user: string | null;
  /** The namespace that names without -n are in. */
  readonly namespace: string;
}
