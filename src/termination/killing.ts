import type { ClusterPort } from '../cluster/port.ts';
import type { Ref } from '../model/ref.ts';
import type { ClusterEvent } from '../model/wire.ts';

/**
 * When the kubelet began to stop each container: its Killing events, recorded before preStop and before any signal (kubernetes
 * kuberuntime_container.go killContainer). Events are best effort: an empty map when they may not be listed or did not come.
 * Times in milliseconds, by the node's clock, with one second of resolution.
 */
export const killingTimes = async (reader: Pick<ClusterPort, 'list'>, ref: Ref, signal: AbortSignal): Promise<ReadonlyMap<string, number>> => {
  const answer = await reader.list(
    { group: '', version: 'v1', resource: 'events', namespace: ref.namespace, name: null },
    { fieldSelector: `involvedObject.uid=${ref.uid ?? ''},reason=Killing`, signal },
  );
  if (!answer.ok) return new Map();
  return new Map(
    (answer.value.items as readonly ClusterEvent[]).flatMap((event) => {
      const container = /\{(.+)\}$/.exec(event.involvedObject.fieldPath ?? '')?.[1];
      const time = event.lastTimestamp ?? event.firstTimestamp ?? event.eventTime;
      return container === undefined || time === undefined ? [] : [[container, Date.parse(time)] as const];
    }),
  );
};
