import type { ClusterPort } from '../cluster/port.ts';
import type { Ref } from '../model/ref.ts';
import type { ClusterEvent } from '../model/wire.ts';

/**
 * When the kubelet began to stop each container: its Killing events, recorded before preStop and before any signal (kubernetes
 * kuberuntime_container.go killContainer). A probe that killed the container before has another text; of several the last one counts,
 * because a kubelet that starts again gives the whole grace period again. Events are best effort: an empty map when they may not be
 * listed or did not come. Times in milliseconds, by the node's clock, with one second of resolution.
 */
export const killingTimes = async (reader: Pick<ClusterPort, 'list'>, ref: Ref, signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
  const answer = await reader.list(
    { group: '', version: 'v1', resource: 'events', namespace: ref.namespace, name: null },
    { fieldSelector: `involvedObject.uid=${ref.uid ?? ''},reason=Killing`, signal },
  );
  if (!answer.ok) return new Map();
  const times = new Map<string, number>();
  for (const event of answer.value.items as readonly ClusterEvent[]) {
    const container = /\{(.+)\}$/u.exec(event.involvedObject.fieldPath ?? '')?.[1];
    const time = Date.parse(event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime ?? '');
    if (container === undefined || Number.isNaN(time) || !(event.message ?? '').startsWith('Stopping container')) continue;
    times.set(container, Math.max(time, times.get(container) ?? time));
  }
  return times;
};
