/** One DELETE, sent until its fate is known: everything goes into its body, the uid too. */
import type { ClusterPort } from '../cluster/port.ts';
import { deleteBody } from '../facts/ask-server.ts';
import type { Ref } from '../model/ref.ts';
import type { ApiStatus, KubeObject } from '../model/wire.ts';
import { sendUntilKnown } from './fate.ts';
import type { DeletionRequest, DeletionResult, SendLimits } from './fate.ts';

export type { DeletionRequest, DeletionResult } from './fate.ts';

type Sender = Pick<ClusterPort, 'get' | 'delete'>;

const isStatus = (value: KubeObject | ApiStatus): value is ApiStatus => value.kind === 'Status';

/** Of a Namespace alone: it goes when they are gone, whatever its metadata say. */
const specFinalizers = (object: KubeObject): readonly unknown[] => {
  const listed = (object as { readonly spec?: { readonly finalizers?: unknown } | null }).spec?.finalizers;
  return object.kind === 'Namespace' && Array.isArray(listed) ? listed : [];
};

/**
 * DELETE of a pod answers with the Pod: grace 0 or none and no finalizers mean that this request removed it; other kinds answer with a
 * Status when they are gone (k8s.io/kubernetes pkg/registry/core/pod/storage ReturnDeletedObject). The HTTP code says nothing.
 */
const isGone = (object: KubeObject | ApiStatus): boolean => {
  if (isStatus(object)) return true;
  const { deletionGracePeriodSeconds = 0, deletionTimestamp, finalizers = [] } = object.metadata;
  return (deletionGracePeriodSeconds === 0 || deletionTimestamp === undefined) && finalizers.length === 0 && specFinalizers(object).length === 0;
};

/** Sends the DELETE and, when its answer is lost, decides by GET and uid. Gives up at `until` (local time) or on abort. */
export const sendDelete = async (sender: Sender, ref: Ref & { readonly uid: string }, request: DeletionRequest, limits: SendLimits): Promise<DeletionResult> => {
  const at = { group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, name: ref.name };
  const body = deleteBody(ref.uid, { ...request, dryRun: false });
  return await sendUntilKnown({
    send: async () => {
      const answer = await sender.delete(at, body, { signal: limits.signal });
      if (!answer.ok) return answer;
      return { ...answer, value: { object: isStatus(answer.value) ? null : answer.value, gone: isGone(answer.value) } };
    },
    get: sender.get,
    ref,
    request,
    limits,
  });
};
