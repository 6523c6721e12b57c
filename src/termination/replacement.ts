/** What comes after the target: told from its siblings by owner and uid, never by name alone. */
import type { ClusterPort } from '../cluster/port.ts';
import { podKind } from '../discovery/built-in.ts';
import type { Event, Replacement } from '../events/event.ts';
import { isControlledBy } from '../model/owner.ts';
import { isPodKind, isReady, isTerminating } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { KubeObject, Pod, ReplicaSet } from '../model/wire.ts';
import type { Millis } from '../model/world.ts';

/** Who creates the replacement, and which pods cannot be it. */
export interface Expectation {
  readonly owner: Ref & { readonly uid: string };
  readonly sameName: boolean;
  /** The owner's label selector; null when it is not known. */
  readonly selector: string | null;
  /** Uids that were there before. */
  readonly known: ReadonlySet<string>;
}

/** What keeps a pod from being Ready, as its own status says it. */
const reasonOf = (pod: Pod): string | null => {
  const waiting = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])].find((s) => s.state?.waiting !== undefined)?.state?.waiting;
  if (waiting?.reason !== undefined) return waiting.message === undefined ? waiting.reason : `${waiting.reason}: ${waiting.message}`;
  const scheduled = (pod.status?.conditions ?? []).find((c) => c.type === 'PodScheduled' && c.status === 'False');
  if (scheduled !== undefined) return scheduled.message ?? scheduled.reason ?? 'not scheduled';
  return pod.status?.phase ?? null;
};

const ofPod = (pod: Pod): Omit<Replacement, 'ref' | 'createdAt'> => {
  const ready = isReady(pod);
  const since = (pod.status?.conditions ?? []).find((c) => c.type === 'Ready' && c.status === 'True')?.lastTransitionTime;
  return { ready, readyAt: ready ? (since ?? null) : null, reason: ready ? null : reasonOf(pod) };
};

/** A ReplicaSet is Ready with its pods; when it became so is not in its status. What has no pods is Ready when it is there. */
const ofOther = (object: KubeObject): Omit<Replacement, 'ref' | 'createdAt'> => {
  const { spec, status } = object as Partial<ReplicaSet>;
  const wanted = spec?.replicas ?? 0;
  const ready = status?.readyReplicas ?? 0;
  return { ready: ready >= wanted, readyAt: null, reason: ready >= wanted ? null : `${ready} of ${wanted} pods are Ready` };
};

/** The object that came, of the kind of the target that it replaces. */
export const replacementOf = (object: KubeObject, kind: Pick<Ref, 'group' | 'version' | 'kind' | 'resource'> = podKind): Replacement => {
  const { group, version, resource } = kind;
  const ref: Ref = { group, version, kind: kind.kind, resource, namespace: object.metadata.namespace ?? null, name: object.metadata.name, uid: object.metadata.uid };
  return { ref, createdAt: object.metadata.creationTimestamp ?? '', ...(isPodKind(ref) ? ofPod(object) : ofOther(object)) };
};

/** What is told of it: that it is there, and that it is Ready if it is. */
export const replacementEvents = (target: Ref, replacement: Replacement, at: Millis): readonly Event[] => {
  const { name } = replacement.ref;
  const told = (phase: 'replacement-created' | 'replacement-ready', message: string): Event => ({ type: 'phase', at, ref: target, phase, evidence: 'observed', message });
  return [told('replacement-created', `${name} was created`), ...(replacement.ready ? [told('replacement-ready', `${name} is Ready`)] : []), { type: 'replacement', at, ref: target, replacement }];
};

/** Times of the API have a resolution of a second. */
const isAfter = (pod: Pod, since: number | null): boolean => since === null || !(Date.parse(pod.metadata.creationTimestamp ?? '') < Math.floor(since / 1000) * 1000);

const freshPods = new WeakMap<readonly Pod[], Map<ReadonlySet<string>, readonly Pod[]>>();

/** The owner's new pods, the oldest first; worked out once for all who share a list. */
const freshOf = (listed: readonly Pod[], { owner, known }: Expectation): readonly Pod[] => {
  const byKnown = freshPods.get(listed) ?? new Map<ReadonlySet<string>, readonly Pod[]>();
  freshPods.set(listed, byKnown);
  const before = byKnown.get(known);
  if (before !== undefined) return before;
  const fresh = listed
    .filter((p) => isControlledBy(p.metadata, owner.uid) && !known.has(p.metadata.uid) && !isTerminating(p))
    .toSorted((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1));
  byKnown.set(known, fresh);
  return fresh;
};

/**
 * One look for a new pod of the owner; null when there is none (yet), or it may not be listed. `since`: when the deletion was requested,
 * by the API server's clock, in milliseconds; what is older was there before, also where the plan could not list it. null: not known.
 */
export const findReplacement = async (
  reader: Pick<ClusterPort, 'list'>,
  namespace: string | null,
  expected: Expectation,
  taken: ReadonlySet<string>,
  since: number | null,
  signal: AbortSignal,
): Promise<Pod | null> => {
  if (expected.selector === null) return null;
  const answer = await reader.list(
    { group: '', version: 'v1', resource: 'pods', namespace, name: null },
    { signal, ...(expected.selector === '' ? {} : { labelSelector: expected.selector }) },
  );
  if (!answer.ok) return null;
  return freshOf(answer.value.items, expected).find((p) => !taken.has(p.metadata.uid) && isAfter(p, since)) ?? null;
};

/** A pod's place and uid. */
export const podRef = (pod: Pod): Ref => {
  const { group, version, kind, resource } = podKind;
  return { group, version, kind, resource, namespace: pod.metadata.namespace ?? null, name: pod.metadata.name, uid: pod.metadata.uid };
};
