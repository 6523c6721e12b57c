/** Plain requests to the API server of a kubeconfig: what scenarios set up and look at does not go through the plugin's own code. */
import { Agent, request } from 'node:https';
import type { KubeConfig } from '@kubernetes/client-node';

export interface Metadata {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly ownerReferences?: readonly { readonly kind: string; readonly name: string; readonly uid: string }[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
}

export interface Container {
  readonly name: string;
  readonly ready?: boolean;
  readonly restartCount?: number;
  readonly containerID?: string;
  readonly state?: { readonly running?: object; readonly waiting?: { readonly reason?: string }; readonly terminated?: { readonly exitCode: number } };
}

/** As much of any object as scenarios look at. */
export interface Live {
  readonly kind?: string;
  readonly metadata: Metadata;
  readonly spec?: Readonly<Record<string, unknown>> & { readonly nodeName?: string; readonly replicas?: number };
  readonly status?: {
    readonly phase?: string;
    readonly reason?: string;
    readonly readyReplicas?: number;
    readonly currentRevision?: string;
    readonly updateRevision?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string; readonly reason?: string }[];
    readonly containerStatuses?: readonly Container[];
    readonly initContainerStatuses?: readonly Container[];
  };
}

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly [field: string]: unknown };
  readonly [field: string]: unknown;
}

const resources: Readonly<Record<string, { readonly plural: string; readonly clusterScoped?: true }>> = {
  Pod: { plural: 'pods' },
  ConfigMap: { plural: 'configmaps' },
  Secret: { plural: 'secrets' },
  ResourceQuota: { plural: 'resourcequotas' },
  LimitRange: { plural: 'limitranges' },
  Service: { plural: 'services' },
  Ingress: { plural: 'ingresses' },
  NetworkPolicy: { plural: 'networkpolicies' },
  HorizontalPodAutoscaler: { plural: 'horizontalpodautoscalers' },
  ServiceAccount: { plural: 'serviceaccounts' },
  PersistentVolumeClaim: { plural: 'persistentvolumeclaims' },
  PersistentVolume: { plural: 'persistentvolumes', clusterScoped: true },
  Namespace: { plural: 'namespaces', clusterScoped: true },
  Node: { plural: 'nodes', clusterScoped: true },
  Deployment: { plural: 'deployments' },
  ReplicaSet: { plural: 'replicasets' },
  StatefulSet: { plural: 'statefulsets' },
  DaemonSet: { plural: 'daemonsets' },
  Job: { plural: 'jobs' },
  Role: { plural: 'roles' },
  RoleBinding: { plural: 'rolebindings' },
  PodDisruptionBudget: { plural: 'poddisruptionbudgets' },
  EndpointSlice: { plural: 'endpointslices' },
  ClusterRole: { plural: 'clusterroles', clusterScoped: true },
  ClusterRoleBinding: { plural: 'clusterrolebindings', clusterScoped: true },
  StorageClass: { plural: 'storageclasses', clusterScoped: true },
  PriorityClass: { plural: 'priorityclasses', clusterScoped: true },
  CSIDriver: { plural: 'csidrivers', clusterScoped: true },
  ValidatingAdmissionPolicy: { plural: 'validatingadmissionpolicies', clusterScoped: true },
  ValidatingAdmissionPolicyBinding: { plural: 'validatingadmissionpolicybindings', clusterScoped: true },
  ValidatingWebhookConfiguration: { plural: 'validatingwebhookconfigurations', clusterScoped: true },
  APIService: { plural: 'apiservices', clusterScoped: true },
};

/** Kinds that are not in the table above and have no namespace. */
const clusterScoped: ReadonlySet<string> = new Set([
  'ClusterRole', 'ClusterRoleBinding', 'PriorityClass', 'StorageClass', 'IngressClass', 'RuntimeClass', 'CSIDriver', 'CustomResourceDefinition', 'MutatingWebhookConfiguration', 'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding', 'VolumeAttachment', 'ClusterWidget',
]);

const pluralOf = (kind: string): string => {
  const lower = kind.toLowerCase();
  if (/[^aeiou]y$/u.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(?:s|x|ch)$/u.test(lower) ? `${lower}es` : `${lower}s`;
};

export interface Where {
  readonly apiVersion: string;
  readonly kind: string;
  /** Not looked at for kinds without a namespace. */
  readonly namespace: string;
}

/** The path of a collection. */
export const pathOf = ({ apiVersion, kind, namespace }: Where): string => {
  const resource = resources[kind] ?? { plural: pluralOf(kind), ...(clusterScoped.has(kind) ? { clusterScoped: true } : {}) };
  const root = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return resource.clusterScoped === true ? `${root}/${resource.plural}` : `${root}/namespaces/${namespace}/${resource.plural}`;
};

export class ApiError extends Error {
  readonly status: number;
  constructor(method: string, path: string, status: number, body: string) {
    super(`${method} ${path} was answered with ${status}: ${body.slice(0, 500)}`);
    this.status = status;
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The API server of a kubeconfig's current context. */
export class Api {
  readonly #config: KubeConfig;
  readonly #server: string;
  readonly #agent: Agent;

  private constructor(config: KubeConfig, server: string, agent: Agent) {
    this.#config = config;
    this.#server = server;
    this.#agent = agent;
  }

  static async of(kubeconfig: string): Promise<Api> {
    // A second of its own to load, so only where it is used.
    const { KubeConfig } = await import('@kubernetes/client-node');
    const config = new KubeConfig();
    config.loadFromFile(kubeconfig);
    const server = config.getCurrentCluster()?.server;
    if (server === undefined) throw new Error(`${kubeconfig} has no current cluster`);
    const options: { agent?: unknown } = {};
    await config.applyToHTTPSOptions(options);
    const made = options.agent as Agent;
    return new Api(config, server, new Agent({ ...made.options, keepAlive: true, maxSockets: 8, timeout: 15_000 }));
  }

  get server(): string {
    return this.#server;
  }

  async call(method: string, path: string, body?: object, contentType = 'application/json'): Promise<Answer> {
    const options: { headers?: Record<string, string> } = {};
    await this.#config.applyToHTTPSOptions(options);
    const text = body === undefined ? undefined : JSON.stringify(body);
    // Node sends the body of a DELETE without its length.
    const length = text === undefined ? {} : { 'content-type': contentType, 'content-length': Buffer.byteLength(text) };
    const headers = { ...options.headers, accept: 'application/json', 'user-agent': 'scenario', ...length };
    return await this.#send(method, path, headers, text);
  }

  async #send(method: string, path: string, headers: Readonly<Record<string, string | number>>, text: string | undefined): Promise<Answer> {
    return await new Promise((resolve, reject) => {
      const sent = request(new URL(path, this.#server), { method, agent: this.#agent, headers, timeout: 15_000 }, (response) => {
        let answer = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          answer += part;
        });
        response.once('end', () => {
          resolve({ status: response.statusCode ?? 0, body: answer });
        });
        response.once('error', reject);
      });
      sent.once('timeout', () => sent.destroy(new Error(`${method} ${path}: no answer within 15 s`)));
      sent.once('error', (error: NodeJS.ErrnoException) => {
        // A connection that was kept and that the server had closed meanwhile, or lost with an API server that was killed.
        if (sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE')) resolve(this.#send(method, path, headers, text));
        else reject(error);
      });
      sent.end(text);
    });
  }

  /** Watches a collection until the signal: every line of the stream. Begins again when the server ends it. */
  async watch(path: string, onLine: (line: string) => void, signal: AbortSignal): Promise<void> {
    const options: { headers?: Record<string, string> } = {};
    await this.#config.applyToHTTPSOptions(options);
    while (!signal.aborted) {
      await new Promise<void>((resolve) => {
        const sent = request(new URL(`${path}?watch=true&allowWatchBookmarks=true`, this.#server), { agent: this.#agent, headers: { ...options.headers, accept: 'application/json', 'user-agent': 'scenario' }, timeout: 0, signal }, (response) => {
          let rest = '';
          response.setEncoding('utf8').on('data', (part: string) => {
            const lines = (rest + part).split('\n');
            rest = lines.pop() ?? '';
            for (const line of lines) onLine(line);
          });
          response.once('close', resolve).once('error', () => undefined);
        });
        sent.once('error', () => {
          resolve();
        });
        sent.end();
      });
      // A server that is away must not be asked without a pause.
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async #must<T>(method: string, path: string, body?: object, contentType?: string): Promise<T> {
    const answer = await this.call(method, path, body, contentType);
    if (answer.status >= 300) throw new ApiError(method, path, answer.status, answer.body);
    return JSON.parse(answer.body) as T;
  }

  /** Lets go of its connections, which would keep a server from closing. */
  close(): void {
    this.#agent.destroy();
  }

  async create(manifest: Manifest, namespace: string, subresource = ''): Promise<Live> {
    return await this.#must('POST', `${pathOf({ ...manifest, namespace })}${subresource}`, manifest);
  }

  /** undefined when there is none. */
  async find(where: Where, name: string): Promise<Live | undefined> {
    const path = `${pathOf(where)}/${name}`;
    const answer = await this.call('GET', path);
    if (answer.status === 404) return undefined;
    if (answer.status >= 300) throw new ApiError('GET', path, answer.status, answer.body);
    return JSON.parse(answer.body) as Live;
  }

  async list(where: Where, labelSelector = ''): Promise<readonly Live[]> {
    const query = labelSelector === '' ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`;
    return (await this.#must<{ readonly items: readonly Live[] }>('GET', `${pathOf(where)}${query}`)).items;
  }

  /** A JSON merge patch. */
  async patch(where: Where, name: string, patch: object, subresource = ''): Promise<Live> {
    return await this.#must('PATCH', `${pathOf(where)}/${name}${subresource}`, patch, 'application/merge-patch+json');
  }

  /** Nothing happens when it is gone already. */
  async delete(where: Where, name: string, options: object = {}): Promise<void> {
    const path = `${pathOf(where)}/${name}`;
    const answer = await this.call('DELETE', path, { apiVersion: 'v1', kind: 'DeleteOptions', ...options });
    if (answer.status >= 300 && answer.status !== 404) throw new ApiError('DELETE', path, answer.status, answer.body);
  }
}
