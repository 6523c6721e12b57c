/** How a pod will be stopped, by what its own object says (docs/reference/termination.md 1.2). Data in, data out. */
import type { Pod } from './wire.ts';

export type ContainerType = 'app' | 'init' | 'sidecar' | 'ephemeral';

export interface StopHook {
  readonly kind: 'exec' | 'httpGet' | 'tcpSocket' | 'sleep';
  /** Of a sleep: how long it takes, if nothing else ends first. */
  readonly seconds: number | null;
}

export interface ContainerStop {
  readonly name: string;
  readonly type: ContainerType;
  /** null: its image may name another than SIGTERM, and the API does not show it (KEP-4960). */
  readonly signal: string | null;
  readonly hook: StopHook | null;
  readonly running: boolean;
}

export interface PodStop {
  /** Stopped at once, in parallel. */
  readonly first: readonly ContainerStop[];
  /** Stopped when those have ended, one after another, in the reverse order of the spec (KEP-753). Their preStop hooks run at the start. */
  readonly last: readonly ContainerStop[];
}

interface SpecContainer {
  readonly name: string;
  readonly restartPolicy?: string;
  readonly lifecycle?: {
    readonly stopSignal?: string;
    readonly preStop?: { readonly exec?: unknown; readonly httpGet?: unknown; readonly tcpSocket?: unknown; readonly sleep?: { readonly seconds: number } };
  };
}

const hookOf = ({ lifecycle }: SpecContainer): StopHook | null => {
  const preStop = lifecycle?.preStop;
  if (preStop === undefined) return null;
  if (preStop.sleep !== undefined) return { kind: 'sleep', seconds: preStop.sleep.seconds };
  return { kind: preStop.httpGet !== undefined ? 'httpGet' : preStop.exec !== undefined ? 'exec' : 'tcpSocket', seconds: null };
};

/** The containers that a deletion stops. Init containers that are no sidecars have ended, or keep the others from starting. */
export const stopOf = (pod: Pod): PodStop => {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? []), ...(pod.status?.ephemeralContainerStatuses ?? [])];
  const stop = (c: SpecContainer, type: ContainerType): ContainerStop => {
    const status = statuses.find((s) => s.name === c.name);
    return { name: c.name, type, signal: status?.stopSignal ?? c.lifecycle?.stopSignal ?? null, hook: hookOf(c), running: status?.state?.running !== undefined };
  };
  const init = (pod.spec?.initContainers ?? []) as readonly SpecContainer[];
  return {
    first: [
      ...init.filter((c) => c.restartPolicy !== 'Always').map((c) => stop(c, 'init')).filter((c) => c.running),
      ...(pod.spec?.containers ?? []).map((c) => stop(c, 'app')),
      ...(pod.spec?.ephemeralContainers ?? []).map((c) => stop(c, 'ephemeral')),
    ],
    last: init.filter((c) => c.restartPolicy === 'Always').map((c) => stop(c, 'sidecar')).toReversed(),
  };
};

/** `preStop exec`, `preStop sleep 5 s`. */
export const hookText = (hook: StopHook): string => (hook.seconds === null ? `preStop ${hook.kind}` : `preStop ${hook.kind} ${hook.seconds} s`);

export interface Disruption {
  readonly reason: string;
  /** Who removes the pod, in words. */
  readonly by: string;
  readonly message: string;
}

/** KEP-3329: the condition that others leave on a pod that they remove. */
const REMOVERS: Readonly<Record<string, string>> = {
  DeletionByPodGC: 'the pod garbage collector',
  DeletionByTaintManager: "the NoExecute taint of its node",
  EvictionByEvictionAPI: 'an eviction',
  PreemptionByScheduler: 'the scheduler, for a pod of higher priority',
  TerminationByKubelet: 'its kubelet (node pressure or shutdown)',
};

/** Who else removes the pod, by its condition DisruptionTarget; null: nobody says so. */
export const disruptionOf = (pod: Pod): Disruption | null => {
  const condition = (pod.status?.conditions ?? []).find((c) => c.type === 'DisruptionTarget' && c.status === 'True');
  const by = REMOVERS[condition?.reason ?? ''];
  return condition === undefined || by === undefined ? null : { reason: condition.reason ?? '', by, message: condition.message ?? '' };
};

/** Ended by its phase, while its containers are shown as running: a kubelet never reports that; the pod garbage collector does. */
export const wasCollected = (pod: Pod): boolean => {
  const { phase } = pod.status ?? {};
  return (phase === 'Failed' || phase === 'Succeeded') && (pod.status?.containerStatuses ?? []).some((s) => s.state?.running !== undefined);
};
