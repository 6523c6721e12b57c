/** A cluster of pods in memory, behind the port: resourceVersions, watches, uid preconditions, grace. Nothing happens by itself: the test is kubelet and controller. */
import type { Answer, ClusterPort, LogOptions, LogSignal, Problem, ResourcePath, WatchOptions, WatchSignal } from '../../src/cluster/port.ts';
import type { ApiStatus, DeleteOptions, KubeObject, Pod } from '../../src/model/wire.ts';
import type { Clock } from '../../src/model/world.ts';
import { fakeReader, notFound } from '../facts/fake-reader.ts';
import type { FakeReader } from '../facts/fake-reader.ts';
import { frozen } from '../model/objects.ts';

export interface Request {
  readonly verb: 'get' | 'list' | 'watch' | 'delete' | 'create' | 'evict' | 'raw' | 'logs';
  readonly what: string;
  readonly at: number;
  readonly dryRun: boolean;
  readonly body: DeleteOptions | null;
  readonly resourceVersion: string | null;
}

interface Change {
  readonly version: number;
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED';
  readonly object: KubeObject;
}

interface Watcher {
  readonly takes: (object: KubeObject) => boolean;
  readonly queue: WatchSignal[];
  wake: () => void;
}

export const status = (httpStatus: number, reason: string, message = reason, retryAfterSeconds: number | null = null): Problem => ({ kind: 'status', httpStatus, reason, message, details: null, retryAfterSeconds });
export const refused: Problem = { kind: 'unreachable', cause: 'refused', message: 'connect ECONNREFUSED', sent: false };
export const lost: Problem = { kind: 'unreachable', cause: 'reset', message: 'read ECONNRESET', sent: true };
export const expired = status(410, 'Expired', 'too old resource version');

type Fault = (request: Request) => Problem | 'silence' | null;

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

const untilAborted = async (signal: AbortSignal): Promise<void> => {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
};

/** `others`: what a plan reads besides the pods (owners, nodes, leases). */
export class MemoryCluster {
  readonly requests: Request[] = [];
  readonly #clock: Clock;
  readonly #others: FakeReader;
  readonly #pods = new Map<string, KubeObject>();
  #history: Change[] = [];
  #version = 100;
  readonly #watchers = new Set<Watcher>();
  readonly #onMarked = new Map<string, readonly (() => void)[]>();
  /** Looked at before each request is served. */
  fault: Fault = () => null;
  /** Looked at after a DELETE did its work: the answer that is lost on its way back. */
  faultOnAnswer: Fault = () => null;
  /** What budgets say to the eviction of a pod; null: go. */
  budget: (name: string) => Problem | null = () => null;
  /** How long the answer to a DELETE is on its way, in milliseconds. */
  answerTakes = 0;
  /** How long a request takes to be served, in milliseconds. */
  latency: () => number = () => 0;
  closed = false;
  /** When the log of a container ends, by `pod/container`. */
  readonly logEnds = new Map<string, Promise<void>>();

  constructor(clock: Clock, pods: readonly KubeObject[], others: readonly KubeObject[] = []) {
    this.#clock = clock;
    this.#others = fakeReader([...pods, ...others]);
    for (const pod of [...pods, ...others.filter((o) => o.kind === 'Pod')]) this.put(pod);
  }

  /** Creates or changes a pod. */
  put(pod: KubeObject): KubeObject {
    this.#version += 1;
    const known = this.#pods.has(pod.metadata.name);
    const object = frozen({ ...pod, metadata: { ...pod.metadata, resourceVersion: String(this.#version) } });
    this.#pods.set(pod.metadata.name, object);
    this.#tell({ version: this.#version, type: known ? 'MODIFIED' : 'ADDED', object });
    const { name } = pod.metadata;
    const marked = this.#onMarked.get(name);
    if (marked !== undefined && object.metadata.deletionTimestamp !== undefined) {
      this.#onMarked.delete(name);
      for (const act of marked) act();
    }
    return object;
  }

  /** Calls back once when the pod is marked for deletion, at once if it is. */
  onMarked(name: string, act: () => void): void {
    if (this.#pods.get(name)?.metadata.deletionTimestamp !== undefined) act();
    else this.#onMarked.set(name, [...(this.#onMarked.get(name) ?? []), act]);
  }

  /** Removes a pod; its DELETED event carries the last state. */
  remove(name: string): void {
    const pod = this.#pods.get(name);
    if (pod === undefined) throw new Error(`no pod ${name}`);
    this.#version += 1;
    this.#pods.delete(name);
    this.#tell({ version: this.#version, type: 'DELETED', object: frozen({ ...pod, metadata: { ...pod.metadata, resourceVersion: String(this.#version) } }) });
  }

  now(): string {
    return new Date(this.#clock.now()).toISOString();
  }

  pod(name: string): KubeObject {
    const pod = this.#pods.get(name);
    if (pod === undefined) throw new Error(`no pod ${name}`);
    return pod;
  }

  has(name: string): boolean {
    return this.#pods.has(name);
  }

  /** A MODIFIED event of a pod with these parts changed. */
  change(name: string, parts: { readonly metadata?: object; readonly status?: object }): void {
    const pod: Pod = this.pod(name);
    this.put({ ...pod, metadata: { ...pod.metadata, ...parts.metadata }, status: { ...pod.status, ...parts.status } } as Pod);
  }

  /** Forgets the history: who resumes from before gets 410. */
  compact(): void {
    this.#history = [];
  }

  bookmark(): void {
    this.#version += 1;
    for (const watcher of this.#watchers) this.#send(watcher, { type: 'BOOKMARK', resourceVersion: String(this.#version) });
  }

  /** Ends all open watches; null: in order. */
  endWatches(problem: Problem | null): void {
    for (const watcher of this.#watchers) this.#send(watcher, { type: 'ended', problem });
  }

  get openWatches(): number {
    return this.#watchers.size;
  }

  count(verb: Request['verb']): number {
    return this.requests.filter((r) => r.verb === verb && !r.dryRun).length;
  }

  get deletes(): readonly Request[] {
    return this.requests.filter((r) => r.verb === 'delete' && !r.dryRun);
  }

  #tell(change: Change): void {
    this.#history.push(change);
    for (const watcher of this.#watchers) if (watcher.takes(change.object)) this.#send(watcher, { type: change.type, object: change.object });
  }

  #send(watcher: Watcher, signal: WatchSignal): void {
    watcher.queue.push(signal);
    watcher.wake();
  }

  async #faulty(request: Request, fault: Fault, signal: AbortSignal | undefined): Promise<Problem | null> {
    if (signal?.aborted === true) return { kind: 'aborted' };
    const takes = fault === this.fault ? this.latency() : 0;
    if (takes > 0) {
      await this.#clock.sleep(takes, signal);
      if (isAborted(signal)) return { kind: 'aborted' };
    }
    const found = fault(request);
    if (found !== 'silence') return found;
    // The port itself gives up after 30 s.
    await this.#clock.sleep(30_000, signal);
    if (!isAborted(signal)) return { kind: 'timed-out', message: 'no answer in time', sent: true };
    return { kind: 'aborted' };
  }

  #note(verb: Request['verb'], path: ResourcePath | string, body: DeleteOptions | null = null, resourceVersion: string | null = null): Request {
    const what = typeof path === 'string' ? path : `${path.resource}${path.name === null ? '' : `/${path.name}`}`;
    const request = { verb, what, at: this.#clock.now(), dryRun: body?.dryRun !== undefined, body, resourceVersion };
    this.requests.push(request);
    return request;
  }

  readonly port: ClusterPort = {
    get: async (at, options = {}): Promise<Answer<KubeObject>> => {
      const problem = await this.#faulty(this.#note('get', at), this.fault, options.signal);
      if (problem !== null) return { ok: false, problem };
      if (at.resource !== 'pods') return await this.#others.get(at, options);
      const pod = this.#pods.get(at.name ?? '');
      return pod === undefined ? { ok: false, problem: notFound('pods', at.name ?? '') } : { ok: true, value: pod, warnings: [] };
    },
    list: async (at, options = {}) => {
      // Asked beside the deletion, in its own time.
      if (at.resource === 'events' && options.limit === 1) return { ok: true, value: { items: [], metadata: {} }, warnings: [] };
      const problem = await this.#faulty(this.#note('list', at), this.fault, options.signal);
      if (problem !== null) return { ok: false, problem };
      if (at.resource === 'events') return { ok: true, value: { items: [], metadata: {} }, warnings: [] };
      if (at.resource !== 'pods') return await this.#others.list(at, options);
      return { ok: true, value: { items: [...this.#pods.values()], metadata: { resourceVersion: String(this.#version) } }, warnings: [] };
    },
    raw: async (path, options = {}) => {
      const problem = await this.#faulty(this.#note('raw', path), this.fault, options.signal);
      if (problem !== null) return { ok: false, problem };
      return path === '/version' ? { ok: true, value: { gitVersion: 'v1.36.3' }, warnings: [] } : await this.#others.raw(path, options);
    },
    create: async (at, body, options = {}) => {
      const eviction = at.subresource === 'eviction' ? (body as { readonly deleteOptions: DeleteOptions }).deleteOptions : null;
      const problem = await this.#faulty(this.#note(eviction === null ? 'create' : 'evict', at, eviction), this.fault, options.signal);
      if (problem !== null) return { ok: false, problem };
      if (eviction === null) return await this.#others.create(at, body, options);
      const denied = this.budget(at.name ?? '');
      if (denied !== null) return { ok: false, problem: denied };
      const deleted = this.#delete(at.name ?? '', eviction);
      return deleted.ok ? { ok: true, value: { kind: 'Status', status: 'Success' }, warnings: [] } : deleted;
    },
    delete: async (at, body, options = {}) => {
      const request = this.#note('delete', at, body);
      const problem = await this.#faulty(request, this.fault, options.signal);
      if (problem !== null) return { ok: false, problem };
      const answer = this.#delete(at.name ?? '', body);
      if (this.answerTakes > 0 && !request.dryRun) await this.#clock.sleep(this.answerTakes, options.signal);
      const lostAnswer = await this.#faulty(request, this.faultOnAnswer, options.signal);
      return lostAnswer === null ? answer : { ok: false, problem: lostAnswer };
    },
    watch: (at, options) => this.#watch(at, options),
    logs: (at, options) => this.#logs(at, options),
    close: () => {
      this.closed = true;
    },
  };

  #delete(name: string, body: DeleteOptions): Answer<KubeObject | ApiStatus> {
    const pod: Pod | undefined = this.#pods.get(name);
    if (pod === undefined) return { ok: false, problem: notFound('pods', name) };
    if (body.preconditions.uid !== pod.metadata.uid) return { ok: false, problem: status(409, 'Conflict', 'Precondition failed: UID in precondition') };
    if (body.dryRun !== undefined) return { ok: true, value: pod, warnings: [] };
    const grace = (pod.spec?.nodeName ?? '') === '' ? 0 : (body.gracePeriodSeconds ?? pod.spec?.terminationGracePeriodSeconds ?? 30);
    const held = (pod.metadata.finalizers ?? []).length > 0;
    if (pod.metadata.deletionTimestamp === undefined || grace < (pod.metadata.deletionGracePeriodSeconds ?? 0)) {
      const deadline = new Date(this.#clock.now() + grace * 1000).toISOString();
      if (grace > 0 || held) return { ok: true, value: this.put({ ...pod, metadata: { ...pod.metadata, deletionTimestamp: deadline, deletionGracePeriodSeconds: grace } }), warnings: [] };
      this.remove(name);
      return { ok: true, value: pod, warnings: [] };
    }
    return { ok: true, value: pod, warnings: [] };
  }

  async *#logs(at: ResourcePath, options: LogOptions): AsyncGenerator<LogSignal> {
    const problem = await this.#faulty(this.#note('logs', { ...at, name: `${at.name ?? ''}/${options.container}` }), this.fault, options.signal);
    if (problem !== null) {
      yield { type: 'ended', problem };
      return;
    }
    yield { type: 'opened' };
    const ending = this.logEnds.get(`${at.name ?? ''}/${options.container}`);
    const aborted = untilAborted(options.signal);
    await (ending === undefined ? aborted : Promise.race([aborted, ending]));
    yield { type: 'ended', problem: options.signal.aborted ? { kind: 'aborted' } : null };
  }

  async *#watch(at: ResourcePath, options: WatchOptions): AsyncGenerator<WatchSignal> {
    if (at.resource !== 'pods') {
      // What is looked at beside the pods is quiet here.
      yield { type: 'opened' };
      await untilAborted(options.signal);
      yield { type: 'ended', problem: { kind: 'aborted' } };
      return;
    }
    const problem = await this.#faulty(this.#note('watch', at, null, options.resourceVersion ?? null), this.fault, options.signal);
    const from = options.resourceVersion === undefined ? null : Number(options.resourceVersion);
    const oldest = this.#history[0]?.version ?? this.#version + 1;
    const isOld = from !== null && from < oldest - 1 && from < this.#version;
    if (problem !== null || isOld) {
      yield { type: 'ended', problem: problem ?? expired };
      return;
    }
    const name = options.fieldSelector?.replace('metadata.name=', '');
    const takes = (object: KubeObject): boolean => name === undefined || object.metadata.name === name;
    const past: WatchSignal[] =
      from === null
        ? [...this.#pods.values()].filter(takes).map((object) => ({ type: 'ADDED', object }))
        : this.#history.filter((c) => c.version > from && takes(c.object)).map((c) => ({ type: c.type, object: c.object }));
    const watcher: Watcher = { takes, queue: past, wake: () => undefined };
    this.#watchers.add(watcher);
    const onAbort = (): void => {
      this.#send(watcher, { type: 'ended', problem: { kind: 'aborted' } });
    };
    options.signal.addEventListener('abort', onAbort, { once: true });
    try {
      yield { type: 'opened' };
      for (;;) {
        const next = watcher.queue.shift();
        if (next === undefined) {
          await new Promise<void>((resolve) => {
            watcher.wake = resolve;
            if (watcher.queue.length > 0) resolve();
          });
          continue;
        }
        yield next;
        if (next.type === 'ended') return;
      }
    } finally {
      options.signal.removeEventListener('abort', onAbort);
      this.#watchers.delete(watcher);
    }
  }
}
