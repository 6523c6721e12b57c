/** Sees every state of the pods of a namespace by a watch of its own: which containers there were, and what the API last said of them. */
import type { Api } from '../scenario/api.ts';

interface Terminated {
  readonly exitCode: number;
  readonly reason?: string;
  readonly finishedAt?: string | null;
  readonly containerID?: string;
}

interface State {
  readonly running?: object;
  readonly terminated?: Terminated;
  readonly waiting?: { readonly reason?: string };
}

export interface SeenStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly state?: State;
  readonly lastState?: State;
}

export interface SeenPod {
  readonly metadata: { readonly name: string; readonly uid: string };
  readonly status?: { readonly initContainerStatuses?: readonly SeenStatus[]; readonly containerStatuses?: readonly SeenStatus[]; readonly ephemeralContainerStatuses?: readonly SeenStatus[] };
}

export const statusesOf = (pod: SeenPod): readonly SeenStatus[] => [
  ...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? []),
];

export class Recorder {
  /** By uid: the last state of the pod. */
  readonly last = new Map<string, SeenPod>();
  /** By `uid/container`: the ids of its containers, oldest first. */
  readonly #ids = new Map<string, string[]>();
  readonly #gone = new Set<string>();
  readonly #stop = new AbortController();
  readonly #work: Promise<void>;

  constructor(api: Api, namespace: string) {
    this.#work = api.watch(`/api/v1/namespaces/${namespace}/pods`, (line) => this.#see(JSON.parse(line) as { readonly type: string; readonly object: SeenPod }), this.#stop.signal);
  }

  #see({ type, object }: { readonly type: string; readonly object: SeenPod }): void {
    if (type !== 'ADDED' && type !== 'MODIFIED' && type !== 'DELETED') return;
    const { uid } = object.metadata;
    this.last.set(uid, object);
    if (type === 'DELETED') this.#gone.add(uid);
    for (const status of statusesOf(object)) {
      const key = `${uid}/${status.name}`;
      const ids = this.#ids.get(key) ?? [];
      for (const id of [status.lastState?.terminated?.containerID, status.state?.terminated?.containerID, status.containerID]) {
        if (id !== undefined && id !== '' && !ids.includes(id)) ids.push(id);
      }
      this.#ids.set(key, ids);
    }
  }

  ids(uid: string, container: string): readonly string[] {
    return this.#ids.get(`${uid}/${container}`) ?? [];
  }

  isGone(uid: string): boolean {
    return this.#gone.has(uid);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#work;
  }
}
