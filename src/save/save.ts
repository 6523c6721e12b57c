/**
 * --save DIR: every target and what goes with it as YAML that `kubectl apply -f DIR` takes back, with the logs and events of pods. All of it is
 * on disk before the first DELETE; what could not be saved for a reason is listed, and a failure means that nothing is deleted.
 */
import type { ClusterPort, Problem, ResourcePath } from '../cluster/port.ts';
import type { Files } from '../model/world.ts';
import type { Target } from '../model/target.ts';
import { isPodKind } from '../model/pod.ts';
import { apiVersionOf, typeSlashName } from '../model/ref.ts';
import type { Ref } from '../model/ref.ts';
import type { ClusterEvent, KubeObject, Pod } from '../model/wire.ts';
import { inParallel } from '../model/in-parallel.ts';
import { isAborted } from '../model/abort.ts';
import type { KindPath } from '../facts/want.ts';
import { applyReady } from './apply-ready.ts';
import { FileNames, manifestName, safeName } from './names.ts';
import { manifestYaml } from './manifest-yaml.ts';
import type { ManifestYaml } from './manifest-yaml.ts';

const PAGE = 250;
const IN_FLIGHT = 8;
const CHUNK = 1_000_000;
/** Secrets, events, logs and whatever else may be in there is nobody else's business. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

/** What is saved with one target. */
export interface Belonging {
  readonly target: Target;
  /** Its owner makes it anew: it is kept for the record, beside what is applied. */
  readonly isRecreated: boolean;
  /** What goes with it, one by one: read whole by name. */
  readonly hanging: readonly Ref[];
  /** What goes with it, kind by kind: a Namespace's content, a definition's instances. */
  readonly collections: readonly { readonly kind: KindPath & { readonly kind: string }; readonly namespace: string | null }[];
  /** Not part of what is lost: what every namespace gets by itself. */
  readonly leavesOut: (kind: KindPath, object: KubeObject) => boolean;
}

export interface SaveRequest {
  readonly dir: string;
  readonly secrets: boolean;
  /** Nothing is written, and no log is read: only what would be. */
  readonly dryRun: boolean;
  readonly belongings: readonly Belonging[];
}

export interface SavedTarget {
  readonly ref: Ref;
  readonly paths: readonly string[];
  readonly notSaved: readonly string[];
}

export type Saved = { readonly ok: true; readonly targets: readonly SavedTarget[] } | { readonly ok: false; readonly message: string; readonly aborted: boolean };

type Reader = Pick<ClusterPort, 'get' | 'list' | 'logs'>;

/** Ends the saving; caught in this file. */
class CannotSave extends Error {
  readonly isAborted: boolean;

  constructor(message: string, aborted = false) {
    super(message);
    this.isAborted = aborted;
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unread = (what: string, problem: Problem): CannotSave =>
  problem.kind === 'aborted' ? new CannotSave('interrupted', true) : new CannotSave(`${what} could not be read: ${problem.message}`);

/** The folder has to be new or empty: nothing is ever written over. null: it is. */
export const folderProblem = async (files: Pick<Files, 'look' | 'list'>, dir: string): Promise<string | null> => {
  try {
    if ((await files.look(dir)) !== 'directory') return `${dir} is there, and is no folder`;
    return (await files.list(dir)).length === 0 ? null : `${dir} is not empty, and nothing is written over`;
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'ENOENT' ? null : messageOf(error);
  }
};

const isSecret = (kind: Pick<Ref, 'group' | 'kind'>): boolean => kind.group === '' && kind.kind === 'Secret';

/** Made again by their controller, and tied to the uid of the account. */
const isToken = (object: KubeObject): boolean => (object as { readonly type?: unknown }).type === 'kubernetes.io/service-account-token';

const isControlled = ({ metadata }: KubeObject): boolean => (metadata.ownerReferences ?? []).some((o) => o.controller === true);

class Saving {
  readonly #port: Reader;
  readonly #files: Files;
  readonly #request: SaveRequest;
  readonly #signal: AbortSignal;
  readonly #yaml: ManifestYaml;
  readonly #names = new FileNames();
  readonly #folders = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #going: Set<string>;
  #paths: string[] = [];
  #notSaved: string[] = [];

  constructor(port: Reader, files: Files, request: SaveRequest, yaml: ManifestYaml, signal: AbortSignal) {
    this.#port = port;
    this.#files = files;
    this.#request = request;
    this.#signal = signal;
    this.#yaml = yaml;
    this.#going = new Set(request.belongings.flatMap(({ target, hanging }) => [target.ref.uid, ...hanging.flatMap((r) => r.uid ?? [])]));
  }

  async all(): Promise<readonly SavedTarget[]> {
    if (!this.#request.dryRun) await this.#folder(this.#request.dir);
    const saved: SavedTarget[] = [];
    for (const belonging of this.#request.belongings) {
      this.#paths = [];
      this.#notSaved = [];
      await this.#target(belonging);
      saved.push({ ref: belonging.target.ref, paths: this.#paths, notSaved: this.#notSaved });
    }
    return saved;
  }

  async #target({ target, isRecreated, hanging, collections, leavesOut }: Belonging): Promise<void> {
    const pods: Pod[] = [];
    const keep = async (ref: Ref, object: KubeObject, recreated: boolean): Promise<void> => {
      await this.#object(ref, object, recreated);
      if (isPodKind(ref)) pods.push(object);
    };
    // A run reads no data of ConfigMaps and Secrets: only who saves them does.
    const partly = target.ref.group === '' && ['ConfigMap', 'Event', ...(this.#request.secrets ? ['Secret'] : [])].includes(target.ref.kind);
    await keep(target.ref, partly ? await this.#whole(target) : target.object, isRecreated);
    await inParallel(hanging.filter((ref) => !this.#leaves(ref)), IN_FLIGHT, async (ref) => {
      const answer = await this.#port.get({ ...ref }, { signal: this.#signal });
      if (!answer.ok) {
        if (answer.problem.kind === 'status' && answer.problem.httpStatus === 404) return;
        throw unread(typeSlashName(ref), answer.problem);
      }
      await keep(ref, answer.value, isControlled(answer.value));
    });
    for (const { kind, namespace } of collections) {
      if (isSecret(kind) && !this.#request.secrets) {
        await this.#pages(kind, namespace, true, async (ref, object) => {
          if (!leavesOut(kind, object)) this.#notSaved.push(`${typeSlashName(ref)}: Secrets need --save-secrets`);
          await Promise.resolve();
        });
        continue;
      }
      await this.#pages(kind, namespace, false, async (ref, object) => {
        this.#going.add(object.metadata.uid);
        if (!leavesOut(kind, object)) await keep(ref, object, isControlled(object));
      });
    }
    await this.#ofPods(pods);
  }

  async #whole({ ref, object }: Target): Promise<KubeObject> {
    const answer = await this.#port.get({ ...ref }, { signal: this.#signal });
    if (!answer.ok) throw unread(typeSlashName(ref), answer.problem);
    return answer.value.metadata.uid === ref.uid ? answer.value : object;
  }

  async #pages(kind: KindPath & { readonly kind: string }, namespace: string | null, metadataOnly: boolean, each: (ref: Ref, object: KubeObject) => Promise<void>): Promise<void> {
    const at: ResourcePath = { group: kind.group, version: kind.version, resource: kind.resource, namespace, name: null };
    let next: string | undefined;
    do {
      const answer = await this.#port.list(at, { limit: PAGE, signal: this.#signal, metadataOnly, ...(next === undefined ? {} : { continue: next }) });
      if (!answer.ok) {
        // Discovery may be a moment behind: a kind that is not served has no objects.
        if (answer.problem.kind === 'status' && (answer.problem.httpStatus === 404 || answer.problem.httpStatus === 405)) return;
        throw unread(`${kind.resource}${namespace === null ? '' : ` of namespace ${namespace}`}`, answer.problem);
      }
      for (const object of answer.value.items) {
        const { name, uid, namespace: inside } = object.metadata;
        await each({ group: kind.group, version: kind.version, kind: kind.kind, resource: kind.resource, namespace: inside ?? null, name, uid }, object);
      }
      next = answer.value.metadata.continue;
    } while (next !== undefined && next !== '');
  }

  /** A Secret that is left out, said so. */
  #leaves(ref: Ref): boolean {
    if (!isSecret(ref) || this.#request.secrets) return false;
    this.#notSaved.push(`${typeSlashName(ref)}: Secrets need --save-secrets`);
    return true;
  }

  async #object(ref: Ref, object: KubeObject, recreated: boolean): Promise<void> {
    // Named twice, or served by two groups.
    if (this.#seen.has(object.metadata.uid)) return;
    this.#seen.add(object.metadata.uid);
    if (this.#leaves(ref)) return;
    if (isSecret(ref) && isToken(object)) {
      this.#notSaved.push(`${typeSlashName(ref)}: the token of a ServiceAccount is made anew`);
      return;
    }
    const ready = applyReady(object, { apiVersion: apiVersionOf(ref), group: ref.group, kind: ref.kind }, (uid) => this.#going.has(uid));
    await this.#write(this.#names.take(recreated ? 'recreated/' : '', manifestName(ref), '.yaml'), this.#yaml(ready));
    if (ref.kind === 'PersistentVolumeClaim' && ref.group === '') this.#notSaved.push(`${typeSlashName(ref)}: the data of its volume`);
  }

  async #ofPods(pods: readonly Pod[]): Promise<void> {
    if (pods.length === 0 || this.#request.dryRun) return;
    await this.#events(pods);
    await inParallel(pods, IN_FLIGHT, async (pod) => {
      const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? [])];
      for (const { name, restartCount, state, lastState } of statuses) {
        if (state?.waiting === undefined || restartCount > 0) await this.#log(pod, name, false);
        if (restartCount > 0 || lastState?.terminated !== undefined) await this.#log(pod, name, true);
      }
    });
  }

  async #log(pod: Pod, container: string, previous: boolean): Promise<void> {
    const { name, namespace = null } = pod.metadata;
    const path = this.#names.take('logs/', safeName(`${namespace ?? ''}-${name}-${container}${previous ? '.previous' : ''}`), '.log');
    let text = '';
    const written = { yet: false };
    const flush = async (): Promise<void> => {
      if (written.yet) await this.#append(path, text);
      else await this.#write(path, text);
      written.yet = true;
      text = '';
    };
    for await (const signal of this.#port.logs({ group: '', version: 'v1', resource: 'pods', namespace, name }, { container, follow: false, previous, signal: this.#signal })) {
      if (signal.type === 'line') text += `${signal.text}\n`;
      if (text.length > CHUNK) await flush();
      if (signal.type !== 'ended') continue;
      if (isAborted(this.#signal)) throw new CannotSave('interrupted', true);
      // A log that its node does not have any more must not keep a pod that has to go.
      if (signal.problem !== null) this.#notSaved.push(`the ${previous ? 'previous ' : ''}log of ${container} in pod/${name}: ${signal.problem.kind === 'aborted' ? 'interrupted' : signal.problem.message}`);
      if (signal.problem === null || written.yet || text !== '') await flush();
    }
  }

  async #events(pods: readonly Pod[]): Promise<void> {
    const byNamespace = new Map<string, Map<string, Pod>>();
    for (const pod of pods) {
      const namespace = pod.metadata.namespace ?? '';
      const inside = byNamespace.get(namespace) ?? new Map<string, Pod>();
      byNamespace.set(namespace, inside.set(pod.metadata.uid, pod));
    }
    for (const [namespace, inside] of byNamespace) {
      const lines = new Map<string, string[]>();
      let next: string | undefined;
      do {
        const only = inside.size === 1 ? [...inside.keys()][0] : undefined;
        const answer = await this.#port.list(
          { group: '', version: 'v1', resource: 'events', namespace, name: null },
          { limit: PAGE, signal: this.#signal, fieldSelector: only === undefined ? 'involvedObject.kind=Pod' : `involvedObject.uid=${only}`, ...(next === undefined ? {} : { continue: next }) },
        );
        if (!answer.ok) {
          if (answer.problem.kind === 'aborted') throw new CannotSave('interrupted', true);
          this.#notSaved.push(`the events of the pods in namespace ${namespace}: ${answer.problem.message}`);
          break;
        }
        for (const event of answer.value.items as readonly ClusterEvent[]) {
          const uid = event.involvedObject.uid ?? '';
          if (!inside.has(uid)) continue;
          const of = lines.get(uid) ?? [];
          lines.set(uid, of);
          of.push(`${event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? ''}  ${event.type ?? ''}  ${event.reason ?? ''}  x${event.count ?? 1}  ${(event.message ?? '').replaceAll(/\s*\n\s*/gu, ' ')}`);
        }
        next = answer.value.metadata.continue;
      } while (next !== undefined && next !== '');
      for (const [uid, of] of lines) {
        const name = inside.get(uid)?.metadata.name ?? uid;
        await this.#write(this.#names.take('events/', safeName(`${namespace}-${name}`), '.txt'), `${of.toSorted().join('\n')}\n`);
      }
    }
  }

  async #write(name: string, text: string): Promise<void> {
    const path = `${this.#request.dir.replace(/\/+$/u, '')}/${name}`;
    this.#paths.push(path);
    if (this.#request.dryRun) return;
    const folder = path.slice(0, path.lastIndexOf('/'));
    await this.#folder(folder);
    await this.#tried(path, async () => await this.#files.write(path, text, FILE_MODE));
  }

  async #append(name: string, text: string): Promise<void> {
    const path = `${this.#request.dir.replace(/\/+$/u, '')}/${name}`;
    await this.#tried(path, async () => await this.#files.append(path, text));
  }

  async #folder(folder: string): Promise<void> {
    if (this.#folders.has(folder)) return;
    await this.#tried(folder, async () => await this.#files.makeDirectory(folder, FOLDER_MODE));
    this.#folders.add(folder);
  }

  async #tried(path: string, act: () => Promise<void>): Promise<void> {
    if (isAborted(this.#signal)) throw new CannotSave('interrupted', true);
    try {
      await act();
    } catch (error) {
      throw new CannotSave(`${path} could not be written: ${messageOf(error)}`);
    }
  }
}

/** Saves everything, or says why not; what was written by then stays. */
export const save = async (port: Reader, files: Files, request: SaveRequest, signal: AbortSignal): Promise<Saved> => {
  try {
    return { ok: true, targets: await new Saving(port, files, request, await manifestYaml(), signal).all() };
  } catch (error) {
    if (error instanceof CannotSave) return { ok: false, message: error.message, aborted: error.isAborted };
    throw error;
  }
};
