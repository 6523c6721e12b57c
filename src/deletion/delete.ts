/**
 * One DELETE, sent until its fate is known. Everything goes into the body, with the uid of the checked object as a precondition: a
 * successor under the same name cannot be hit, and sending it again is harmless (docs/reference/termination.md 7.4).
 */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import { provesAbsence } from '../facts/absence.ts';
import { deleteBody } from '../facts/ask-server.ts';
import type { Ref } from '../model/ref.ts';
import type { ApiStatus, KubeObject } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';

export interface DeletionRequest {
  readonly gracePeriodSeconds: number | null;
  readonly cascade: 'background' | 'foreground' | 'orphan';
}

export type DeletionResult =
  /** `object` as the server answered it: marked, or as it was when it was removed at once. null when only a GET told that it worked. */
  | { readonly kind: 'accepted'; readonly object: KubeObject | null; readonly gone: boolean; readonly warnings: readonly string[] }
  | { readonly kind: 'already-gone' }
  /** Another object has the name. `ours`: an earlier try of this request may have removed the original. */
  | { readonly kind: 'replaced'; readonly ours: boolean }
  | { readonly kind: 'failed'; readonly problem: Problem };

type Sender = Pick<ClusterPort, 'get' | 'delete'>;

const isStatus = (value: KubeObject | ApiStatus): value is ApiStatus => value.kind === 'Status';

/**
 * DELETE of a pod answers with the Pod: grace 0 or none and no finalizers mean that this request removed it; other kinds answer with a
 * Status when they are gone (k8s.io/kubernetes pkg/registry/core/pod/storage ReturnDeletedObject). The HTTP code says nothing.
 */
const isGone = (object: KubeObject | ApiStatus): boolean =>
  isStatus(object) || (((object.metadata.deletionGracePeriodSeconds ?? 0) === 0 || object.metadata.deletionTimestamp === undefined) && (object.metadata.finalizers ?? []).length === 0);

/** A webhook or policy said no: with whatever HTTP code it likes, 409, 429 and 5xx too (apiserver pkg/admission/plugin/webhook/errors). */
const isDenial = (problem: Problem): boolean => problem.kind === 'status' && /admission webhook "[^"]*" denied|ValidatingAdmissionPolicy '[^']*'/u.test(problem.message);

/** Whether the request may have worked although no answer came. */
const mayHaveWorked = (problem: Problem): boolean => {
  if (isDenial(problem)) return false;
  switch (problem.kind) {
    case 'unreachable':
    case 'timed-out':
      return problem.sent;
    case 'status':
      return problem.httpStatus >= 500;
    case 'not-kubernetes':
      return problem.httpStatus >= 500 || problem.httpStatus === 200;
    case 'aborted':
      return true;
    case 'credentials':
      return false;
  }
};

/** Worth sending again: nothing was decided by the server, or it asked for patience. */
const isPassing = (problem: Problem): boolean => {
  if (isDenial(problem)) return false;
  switch (problem.kind) {
    case 'unreachable':
      return problem.cause === 'refused' || problem.cause === 'reset' || problem.cause === 'other';
    case 'timed-out':
      return true;
    case 'status':
      return problem.httpStatus === 429 || problem.httpStatus >= 500 || (problem.httpStatus === 409 && problem.reason === 'Conflict');
    case 'not-kubernetes':
      return problem.httpStatus >= 500;
    case 'aborted':
    case 'credentials':
      return false;
  }
};

/** Marked, and with a grace period no longer than asked for: a pod that was Terminating before shows a lost force only by its grace period. */
const showsRequest = ({ metadata }: KubeObject, { gracePeriodSeconds }: DeletionRequest): boolean =>
  metadata.deletionTimestamp !== undefined && (gracePeriodSeconds === null || (metadata.deletionGracePeriodSeconds ?? 0) <= gracePeriodSeconds);

/** Sends the DELETE and, when its answer is lost, decides by GET and uid. Gives up at `until` (local time) or on abort. */
export const sendDelete = async (
  sender: Sender,
  ref: Ref & { readonly uid: string },
  request: DeletionRequest,
  limits: { readonly clock: Clock; readonly until: number; readonly signal: AbortSignal },
): Promise<DeletionResult> => {
  const at = { group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, name: ref.name };
  const body = deleteBody(ref.uid, { ...request, dryRun: false });
  let uncertain = false;
  let backoff = 200;
  for (;;) {
    const answer = await sender.delete(at, body, { signal: limits.signal });
    if (answer.ok) return { kind: 'accepted', object: isStatus(answer.value) ? null : answer.value, gone: isGone(answer.value), warnings: answer.warnings };
    const { problem } = answer;
    if (provesAbsence(problem)) {
      return uncertain ? { kind: 'accepted', object: null, gone: true, warnings: [] } : { kind: 'already-gone' };
    }
    uncertain ||= mayHaveWorked(problem);
    if (limits.signal.aborted) return { kind: 'failed', problem };
    const uidConflict = problem.kind === 'status' && problem.httpStatus === 409 && !isDenial(problem);
    if (uidConflict || uncertain) {
      const now = await sender.get(at, { signal: limits.signal });
      if (now.ok && now.value.metadata.uid !== ref.uid) return { kind: 'replaced', ours: uncertain };
      if (now.ok && uncertain && showsRequest(now.value, request)) return { kind: 'accepted', object: now.value, gone: false, warnings: [] };
      if (!now.ok && provesAbsence(now.problem)) {
        return uncertain ? { kind: 'accepted', object: null, gone: true, warnings: [] } : { kind: 'already-gone' };
      }
    }
    if (!isPassing(problem) || limits.clock.now() + backoff >= limits.until) return { kind: 'failed', problem };
    await limits.clock.sleep(backoff, limits.signal);
    backoff = Math.min(backoff * 2, 2000);
  }
};
