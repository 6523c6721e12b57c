/** A cluster for reads: objects in, answers out. Counts requests; can refuse them or stay silent. */
import type { Answer, ClusterPort, Problem, ResourcePath } from '../../src/cluster/port.ts';
import { builtInKinds } from '../../src/discovery/built-in.ts';
import { groupVersion } from '../../src/model/ref.ts';
import type { ClusterEvent, KubeObject, Pod } from '../../src/model/wire.ts';

export interface Trouble {
  readonly verb: 'get' | 'list' | 'raw' | 'create' | 'delete';
  /** Plural resource, or the path of a raw read. */
  readonly resource: string;
  /** `silence`: no answer until the signal is aborted. */
  readonly how: 'forbidden' | 'not-found-page' | 'server-error' | 'silence';
}

export interface CustomKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly resource: string;
  /** Default true. */
  readonly namespaced?: boolean;
}

export interface Answers {
  readonly troubles?: readonly Trouble[];
  readonly kinds?: readonly CustomKind[];
  /** What an access review denies: `delete`, or `delete web-a` for one name while it allows it for others; `delete *` only for all at once. */
  readonly denied?: readonly string[];
  /** What an access review gives as the reason why it allows. */
  readonly grantedBy?: string;
  /** Who the caller is to this cluster; by default `anna`. */
  readonly self?: { readonly user: string; readonly groups: readonly string[] };
  /** What a dry run of the DELETE answers instead of success. */
  readonly dryRun?: Problem;
}

export interface FakeReader extends Pick<ClusterPort, 'get' | 'list' | 'raw' | 'create' | 'delete'> {
  /** `get pods shop/web-1`, `list pods shop app=web`, `list pods shop metadata`, `raw /apis`, in order. */
  readonly requests: readonly string[];
}

export const notFound = (resource: string, name: string): Problem => ({
  kind: 'status',
  httpStatus: 404,
  reason: 'NotFound',
  message: `${resource} "${name}" not found`,
  details: { name, kind: resource },
  retryAfterSeconds: null,
});

export const forbidden = (what: string): Problem => ({ kind: 'status', httpStatus: 403, reason: 'Forbidden', message: `${what} is forbidden`, details: {}, retryAfterSeconds: null });

const problemOf = (how: Exclude<Trouble['how'], 'silence'>, what: string): Problem => {
  switch (how) {
    case 'forbidden':
      return forbidden(what);
    case 'not-found-page':
      return { kind: 'status', httpStatus: 404, reason: 'NotFound', message: 'the server could not find the requested resource', details: null, retryAfterSeconds: null };
    case 'server-error':
      return { kind: 'status', httpStatus: 500, reason: 'InternalError', message: `${what}: etcd is slow`, details: null, retryAfterSeconds: null };
  }
};

const VERBS = ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'];

const aborted = async (signal: AbortSignal | undefined): Promise<void> => {
  if (signal === undefined) throw new Error('a silent read without a signal would never end');
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => {
      resolve();
    }, { once: true });
  });
};

/** `a=b,c in (d,e),!f,g` against labels. */
const selects = (selector: string, labels: Readonly<Record<string, string>>): boolean =>
  [...selector.matchAll(/[^,(]+(?:\([^)]*\))?/gu)].every(([term]) => {
    const set = /^(\S+) (in|notin) \(([^)]*)\)$/u.exec(term);
    if (set !== null) return (set[3] ?? '').split(',').includes(labels[set[1] ?? ''] ?? '\0') === (set[2] === 'in');
    if (term.startsWith('!')) return labels[term.slice(1)] === undefined;
    const [key = '', value] = term.split('=');
    return value === undefined ? labels[key] !== undefined : labels[key] === value;
  });

const metadataOf = (o: KubeObject): KubeObject => ({ apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata', metadata: o.metadata });

export const fakeReader = (objects: readonly KubeObject[], more: Answers = {}): FakeReader => {
  const requests: string[] = [];
  const customs = more.kinds ?? [];
  const resourceOf = (o: KubeObject): string => {
    const { group } = groupVersion(o.apiVersion ?? 'v1');
    const kind = [...builtInKinds, ...customs].find((k) => k.group === group && k.kind === o.kind);
    if (kind === undefined) throw new Error(`the fake cluster serves no ${o.apiVersion ?? ''} ${o.kind ?? ''}`);
    return `${kind.group}/${kind.version}/${kind.resource}`;
  };
  const placed = objects.map((o) => ({ o, resource: resourceOf(o) }));
  const troubled = async (verb: Trouble['verb'], resource: string, signal: AbortSignal | undefined): Promise<{ readonly ok: false; readonly problem: Problem } | null> => {
    const trouble = more.troubles?.find((t) => t.verb === verb && t.resource === resource);
    if (trouble === undefined) return signal?.aborted === true ? { ok: false, problem: { kind: 'aborted' } } : null;
    if (trouble.how !== 'silence') return { ok: false, problem: problemOf(trouble.how, `${verb} ${resource}`) };
    await aborted(signal);
    return { ok: false, problem: { kind: 'aborted' } };
  };
  const at = (path: ResourcePath) => placed.filter((p) => p.resource === `${path.group}/${path.version}/${path.resource}` && (path.namespace === null || p.o.metadata.namespace === path.namespace));
  return {
    requests,
    get: async (path, options = {}): Promise<Answer<KubeObject>> => {
      requests.push(`get ${path.resource} ${path.namespace === null ? '' : `${path.namespace}/`}${path.name ?? ''}`);
      const trouble = await troubled('get', path.resource, options.signal);
      if (trouble !== null) return trouble;
      const found = at(path).find((p) => p.o.metadata.name === path.name)?.o;
      if (found === undefined) return { ok: false, problem: notFound(path.resource, path.name ?? '') };
      return { ok: true, value: options.metadataOnly === true ? metadataOf(found) : found, warnings: [] };
    },
    list: async (path, options = {}) => {
      const selector = options.labelSelector ?? '';
      requests.push(`list ${path.resource} ${path.namespace ?? ''}${selector === '' ? '' : ` ${selector}`}${options.fieldSelector === undefined ? '' : ` ${options.fieldSelector}`}${options.metadataOnly === true ? ' metadata' : ''}${options.continue === undefined ? '' : ' continued'}`);
      const trouble = await troubled('list', path.resource, options.signal);
      if (trouble !== null) return trouble;
      const node = /^spec\.nodeName=(.+)$/u.exec(options.fieldSelector ?? '')?.[1];
      const involved = /^involvedObject\.uid=(.+)$/u.exec(options.fieldSelector ?? '')?.[1];
      const isAbout = (o: KubeObject): boolean => involved === undefined || (o as ClusterEvent).involvedObject.uid === involved;
      if (options.fieldSelector !== undefined && node === undefined && involved === undefined) throw new Error(`the fake cluster cannot select by ${options.fieldSelector}`);
      const isOnNode = (o: KubeObject): boolean => node === undefined || (o as Pod).spec?.nodeName === node;
      const all = at(path).filter((p) => (selector === '' || selects(selector, p.o.metadata.labels ?? {})) && isOnNode(p.o) && isAbout(p.o));
      const from = options.continue === undefined ? 0 : Number(options.continue);
      const to = from + (options.limit ?? all.length);
      // Items of a list carry no apiVersion and kind.
      const items = all.slice(from, to).map(({ o }) => {
        const { apiVersion: _version, kind: _kind, ...rest } = options.metadataOnly === true ? metadataOf(o) : o;
        return rest;
      });
      return { ok: true, value: { items, metadata: { resourceVersion: '1', ...(to < all.length ? { continue: String(to), ...(selector === '' ? { remainingItemCount: all.length - to } : {}) } : {}) } }, warnings: [] };
    },
    create: async (path, body, options = {}) => {
      if (path.resource === 'selfsubjectreviews') {
        requests.push('create selfsubjectreviews');
        const mute = await troubled('create', path.resource, options.signal);
        return mute ?? { ok: true, value: { kind: 'SelfSubjectReview', status: { userInfo: { username: more.self?.user ?? 'anna', groups: more.self?.groups ?? ['system:authenticated'] } } }, warnings: [] };
      }
      if (path.subresource === 'eviction') {
        const evicted = body as { readonly deleteOptions?: { readonly dryRun?: readonly string[] } };
        if (!(evicted.deleteOptions?.dryRun?.includes('All') ?? false)) throw new Error('a read evicted something');
        requests.push(`dry-run evict ${path.resource} ${path.name ?? ''}`);
        return more.dryRun === undefined ? { ok: true, value: { kind: 'Status', status: 'Success' }, warnings: [] } : { ok: false, problem: more.dryRun };
      }
      const { verb, name } = (body as { readonly spec: { readonly resourceAttributes: { readonly verb: string; readonly name?: string } } }).spec.resourceAttributes;
      requests.push(`create ${path.resource} ${verb}${name === undefined ? '' : ` ${name}`}`);
      const trouble = await troubled('create', path.resource, options.signal);
      if (trouble !== null) return trouble;
      const isDenied = more.denied?.includes(verb) === true || more.denied?.includes(`${verb} ${name ?? '*'}`) === true;
      return { ok: true, value: { kind: 'SelfSubjectAccessReview', status: { allowed: !isDenied, ...(more.grantedBy === undefined || isDenied ? {} : { reason: more.grantedBy }) } }, warnings: [] };
    },
    delete: async (path, body, options = {}) => {
      if (!(body.dryRun?.includes('All') ?? false)) throw new Error('a read deleted something');
      requests.push(`dry-run delete ${path.resource} ${path.name ?? ''}`);
      const trouble = await troubled('delete', path.resource, options.signal);
      if (trouble !== null) return trouble;
      if (more.dryRun !== undefined) return { ok: false, problem: more.dryRun };
      const found = at(path).find((p) => p.o.metadata.name === path.name)?.o;
      if (found === undefined) return { ok: false, problem: notFound(path.resource, path.name ?? '') };
      return { ok: true, value: found, warnings: [] };
    },
    raw: async (path, options = {}) => {
      requests.push(`raw ${path}`);
      const trouble = await troubled('raw', path, options.signal);
      if (trouble !== null) return trouble;
      const kinds = [...builtInKinds, ...customs];
      if (path === '/api') return { ok: true, value: { kind: 'APIVersions', versions: ['v1'] }, warnings: [] };
      if (path === '/apis') {
        const groups = [...new Map(kinds.filter((k) => k.group !== '').map((k) => [k.group, { name: k.group, preferredVersion: { version: k.version }, versions: [{ version: k.version }] }])).values()];
        return { ok: true, value: { kind: 'APIGroupList', groups }, warnings: [] };
      }
      const resources = kinds.filter((k) => path === (k.group === '' ? `/api/${k.version}` : `/apis/${k.group}/${k.version}`));
      if (resources.length === 0) return { ok: false, problem: problemOf('not-found-page', path) };
      return { ok: true, value: { kind: 'APIResourceList', resources: resources.map((k) => ({ name: k.resource, kind: k.kind, namespaced: k.namespaced ?? true, singularName: k.kind.toLowerCase(), verbs: VERBS })) }, warnings: [] };
    },
  };
};
