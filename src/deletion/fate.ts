/**
 * A request that deletes one object, sent until its fate is known. It carries the uid of the checked object as a precondition: a successor
 * under the same name cannot be hit, and sending it again is harmless (docs/reference/termination.md 7.4).
 */
import type { Answer, ClusterPort, Problem } from '../cluster/port.ts';
import { provesAbsence } from '../facts/absence.ts';
import type { Ref } from '../model/ref.ts';
import type { KubeObject } from '../model/wire.ts';
import type { Clock } from '../model/world.ts';

export interface DeletionRequest {
  readonly gracePeriodSeconds: number | null;
  readonly cascade: 'background' | 'foreground' | 'orphan';
}

export type DeletionResult =
  /** `object` as the server answered it: marked, or as it was when it was removed at once. null when nothing shows it any more. `readLater`: by a GET, some time after. */
  | { readonly kind: 'accepted'; readonly object: KubeObject | null; readonly gone: boolean; readonly warnings: readonly string[]; readonly readLater?: boolean }
  | { readonly kind: 'already-gone' }
  /** Another object has the name. `ours`: an earlier try of this request may have removed the original. */
  | { readonly kind: 'replaced'; readonly ours: boolean }
  | { readonly kind: 'failed'; readonly problem: Problem };

export interface SendLimits {
  readonly clock: Clock;
  /** Local time at which nothing is sent again. */
  readonly until: number;
  readonly signal: AbortSignal;
}

/** What an accepted request answers. */
export interface Accepted {
  readonly object: KubeObject | null;
  readonly gone: boolean;
}

export interface Sending {
  readonly send: () => Promise<Answer<Accepted>>;
  readonly get: ClusterPort['get'];
  readonly ref: Ref & { readonly uid: string };
  readonly request: DeletionRequest;
  readonly limits: SendLimits;
  /** An answer that decides, whatever its code: it is given back at once. */
  readonly decides?: (problem: Problem) => boolean;
}

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

const goneByUs: DeletionResult = { kind: 'accepted', object: null, gone: true, warnings: [] };

/** Sends and, when the answer is lost, decides by GET and uid. Gives up at `until` or on abort. */
export const sendUntilKnown = async ({ send, get, ref, request, limits, decides }: Sending): Promise<DeletionResult> => {
  const at = { group: ref.group, version: ref.version, resource: ref.resource, namespace: ref.namespace, name: ref.name };
  let uncertain = false;
  let backoff = 200;
  for (;;) {
    const answer = await send();
    if (answer.ok) return { kind: 'accepted', ...answer.value, warnings: answer.warnings };
    const { problem } = answer;
    if (provesAbsence(problem)) return uncertain ? goneByUs : { kind: 'already-gone' };
    if (decides?.(problem) === true) return { kind: 'failed', problem };
    uncertain ||= mayHaveWorked(problem);
    if (limits.signal.aborted) return { kind: 'failed', problem };
    const uidConflict = problem.kind === 'status' && problem.httpStatus === 409 && !isDenial(problem);
    if (uidConflict || uncertain) {
      const now = await get(at, { signal: limits.signal });
      if (now.ok && now.value.metadata.uid !== ref.uid) return { kind: 'replaced', ours: uncertain };
      if (now.ok && uncertain && showsRequest(now.value, request)) return { kind: 'accepted', object: now.value, gone: false, warnings: [], readLater: true };
      if (!now.ok && provesAbsence(now.problem)) return uncertain ? goneByUs : { kind: 'already-gone' };
    }
    const asked = problem.kind === 'status' && problem.retryAfterSeconds !== null ? problem.retryAfterSeconds * 1000 : 0;
    const pause = Math.max(backoff, asked);
    if (!isPassing(problem) || limits.clock.now() + pause >= limits.until) return { kind: 'failed', problem };
    await limits.clock.sleep(pause, limits.signal);
    backoff = Math.min(backoff * 2, 2000);
  }
};
