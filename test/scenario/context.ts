/** What a scenario works with: a namespace of its own, the plugin, and a view of the cluster that does not go through the plugin. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiError } from './api.ts';
import type { Api, Live, Manifest, Where } from './api.ts';
import type { AuditedRequest, ClusterFaults, ClusterUnderTest, NewUser } from './cluster-under-test.ts';
import type { Executable } from './executable.ts';
import { Manifests } from './manifests.ts';
import { startPlugin } from './plugin.ts';
import type { PluginOptions, PluginRun, RunningPlugin } from './plugin.ts';

export interface Rule {
  readonly verbs: readonly string[];
  readonly resources: readonly string[];
  readonly apiGroups?: readonly string[];
}

const pods = (namespace: string): Where => ({ apiVersion: 'v1', kind: 'Pod', namespace });
const APPS = 'apps/v1';
const RBAC = 'rbac.authorization.k8s.io/v1';

export const sleep = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

export class ScenarioContext {
  readonly namespace: string;
  readonly api: Api;
  readonly make: Manifests;
  readonly cluster: ClusterUnderTest;
  readonly #executable: Executable;
  readonly #deferred: (() => Promise<void> | void)[] = [];
  readonly #runs: PluginRun[] = [];
  #directory: string | null = null;

  constructor(cluster: ClusterUnderTest, executable: Executable, api: Api) {
    this.cluster = cluster;
    this.#executable = executable;
    this.api = api;
    this.namespace = `scenario-${randomBytes(4).toString('hex')}`;
    this.make = new Manifests(cluster.image);
  }

  async open(): Promise<void> {
    await this.api.create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: this.namespace } }, '');
    // Without its default ServiceAccount pods are refused.
    await this.until('the default ServiceAccount', async () => await this.api.find({ apiVersion: 'v1', kind: 'ServiceAccount', namespace: this.namespace }, 'default'));
  }

  /** Takes everything away again; what deletes the namespace is not waited for. */
  async close(): Promise<void> {
    for (const undo of this.#deferred.toReversed()) await undo();
    const held = (await this.api.list(pods(this.namespace))).filter((p) => (p.metadata.finalizers ?? []).length > 0);
    for (const pod of held) await this.release(pod.metadata.name);
    await this.api.delete({ apiVersion: 'v1', kind: 'Namespace', namespace: '' }, this.namespace);
    if (this.#directory !== null) rmSync(this.#directory, { recursive: true, force: true });
  }

  /** Runs at the end, last one first, whatever happened. */
  defer(undo: () => Promise<void> | void): void {
    this.#deferred.push(undo);
  }

  /** What the plugin was asked and what it said, for a failed scenario. */
  transcript(): string {
    return this.#runs.map((r) => `$ ${r.argv.join(' ')}\n${r.stdout.slice(0, 12_000)}${r.stderr.slice(0, 4000)}exit code ${r.code} after ${Math.round(r.ms)} ms`).join('\n');
  }

  /** A file of this scenario. */
  file(name: string, text: string): string {
    this.#directory ??= mkdtempSync(join(tmpdir(), 'scenario-'));
    const path = join(this.#directory, name);
    writeFileSync(path, text, { mode: 0o600 });
    return path;
  }

  // The cluster, seen without the plugin.

  async apply(...manifests: readonly Manifest[]): Promise<void> {
    for (const manifest of manifests) await this.api.create(manifest, this.namespace);
  }

  async pod(name: string): Promise<Live | undefined> {
    return await this.api.find(pods(this.namespace), name);
  }

  /** The pod, which has to be there. */
  async theObject(kind: 'Pod' | 'StatefulSet' | 'Deployment' | 'PersistentVolumeClaim', name: string): Promise<Live> {
    const apiVersion = kind === 'StatefulSet' || kind === 'Deployment' ? APPS : 'v1';
    const found = await this.api.find({ apiVersion, kind, namespace: this.namespace }, name);
    assert.ok(found !== undefined, `${kind} ${name} is there`);
    return found;
  }

  async pods(labelSelector = ''): Promise<readonly Live[]> {
    return await this.api.list(pods(this.namespace), labelSelector);
  }

  async patchPod(name: string, patch: object, subresource = ''): Promise<void> {
    await this.api.patch(pods(this.namespace), name, patch, subresource);
  }

  /** Takes every finalizer off a pod; nothing when it is gone. */
  async release(name: string): Promise<void> {
    try {
      await this.patchPod(name, { metadata: { finalizers: null } });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
    }
  }

  async deletePod(name: string, options: object = {}): Promise<void> {
    await this.api.delete(pods(this.namespace), name, options);
  }

  /** Looks again and again until there is something; fails after the time with the words. */
  async until<T>(what: string, look: () => Promise<T | undefined | false | null>, timeoutMs = 45_000): Promise<T> {
    const end = Date.now() + timeoutMs;
    for (;;) {
      const found = await look();
      if (found !== undefined && found !== false && found !== null) return found;
      if (Date.now() > end) throw new Error(`not seen within ${timeoutMs} ms: ${what}`);
      await sleep(100);
    }
  }

  async untilReady(...names: readonly string[]): Promise<void> {
    for (const name of names) {
      await this.until(`pod ${name} is Ready`, async () => {
        const pod = await this.pod(name);
        return pod?.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True');
      });
    }
  }

  async untilPhase(name: string, phase: string): Promise<void> {
    await this.until(`pod ${name} is ${phase}`, async () => (await this.pod(name))?.status?.phase === phase);
  }

  async untilGone(name: string): Promise<void> {
    await this.until(`pod ${name} is gone`, async () => (await this.pod(name)) === undefined);
  }

  async untilSetReady(kind: 'Deployment' | 'StatefulSet', name: string, replicas: number): Promise<void> {
    await this.until(`${kind} ${name} has ${replicas} ready replicas`, async () => (await this.theObject(kind, name)).status?.readyReplicas === replicas);
  }

  /** Remembers the pods; the check fails unless each is still exactly the same object, unchanged. */
  async untouched(...names: readonly string[]): Promise<() => Promise<void>> {
    const before = await Promise.all(names.map(async (name) => await this.#settled(name)));
    return async () => {
      for (const pod of before) {
        const now = await this.theObject('Pod', pod.metadata.name);
        assert.equal(now.metadata.uid, pod.metadata.uid, `pod ${pod.metadata.name} is the same object`);
        assert.equal(now.metadata.deletionTimestamp, undefined, `pod ${pod.metadata.name} is not Terminating`);
        assert.equal(now.metadata.resourceVersion, pod.metadata.resourceVersion, `pod ${pod.metadata.name} was not written`);
      }
    };
  }

  /** The pod once its kubelet has nothing more to write about it: a second status may follow the one that says Ready. */
  async #settled(name: string): Promise<Live> {
    let pod = await this.theObject('Pod', name);
    for (;;) {
      await sleep(400);
      const now = await this.theObject('Pod', name);
      if (now.metadata.resourceVersion === pod.metadata.resourceVersion) return now;
      pod = now;
    }
  }

  /** A user with exactly these rights in the namespace. `revoke` takes them away again. */
  async userWith(...rules: readonly Rule[]): Promise<NewUser & { readonly revoke: () => Promise<void> }> {
    const user = await this.cluster.newUser(this.namespace);
    const metadata = { name: `rights-${randomBytes(3).toString('hex')}` };
    if (rules.length > 0) {
      await this.apply(
        { apiVersion: RBAC, kind: 'Role', metadata, rules: rules.map((r) => ({ apiGroups: [''], ...r })) },
        { apiVersion: RBAC, kind: 'RoleBinding', metadata, subjects: [user.subject], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name } },
      );
    }
    return { ...user, revoke: async () => await this.api.delete({ apiVersion: RBAC, kind: 'RoleBinding', namespace: this.namespace }, metadata.name) };
  }

  /** From now on: the plugin's requests, dry runs among them, that reached the API server in this namespace or outside of all. */
  auditMark(): () => Promise<readonly AuditedRequest[]> {
    const { audit } = this.cluster;
    if (audit === null) throw new Error('this cluster has no audit log');
    const since = audit.mark();
    return async () => (await since()).filter((r) => r.userAgent.startsWith('kubectl-safe_delete') && (r.namespace === this.namespace || r.namespace === ''));
  }

  get faults(): ClusterFaults {
    const { faults } = this.cluster;
    if (faults === null) throw new Error('this cluster has no faults');
    return faults;
  }

  /** Runs the real kubectl; fails unless it succeeds. */
  async kubectl(...args: readonly string[]): Promise<string> {
    const { kubectl, kubeconfig } = this.cluster;
    if (kubectl === null) throw new Error('there is no kubectl');
    return await new Promise((resolve, reject) => {
      execFile(kubectl, ['-n', this.namespace, ...args], { env: { ...process.env, KUBECONFIG: kubeconfig } }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`kubectl ${args.join(' ')}: ${stderr}`, { cause: error }));
      });
    });
  }

  // The plugin.

  /** Starts it and gives it back running. */
  start(args: readonly string[], options: PluginOptions & { readonly tty?: boolean | 'unsized' } = {}): RunningPlugin {
    const namespace = options.namespace === undefined ? this.namespace : options.namespace;
    const running = startPlugin(this.#executable, {
      ...options,
      args: [...args, ...(namespace === null ? [] : ['-n', namespace])],
      // CI=true would take the question away from the scenarios that ask; proxies of the machine do not lead to the cluster.
      environment: { HOME: process.env['HOME'], TERM: 'xterm', KUBECONFIG: options.kubeconfig ?? this.cluster.kubeconfig },
      tty: options.tty ?? false,
    });
    void running.done.then(
      (run) => this.#runs.push(run),
      () => undefined,
    );
    return running;
  }

  /** How long it takes to start and end without doing anything, on this machine now; in milliseconds. */
  async startup(): Promise<number> {
    return (await this.plugin(['--version'], { namespace: null })).ms;
  }

  /** Runs it to its end. */
  async plugin(args: readonly string[], options: PluginOptions = {}): Promise<PluginRun> {
    return await this.start(args, options).done;
  }
}
