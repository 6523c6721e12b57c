import type { Problem } from '../cluster/port.ts';

/**
 * Whether this answer to a GET or DELETE by name proves that the object does not exist: the API server's own 404, which names the
 * object (apimachinery errors.NewNotFound). A bare 404 page of a gateway, or of a path that is not served, proves nothing.
 */
export const provesAbsence = (problem: Problem): boolean =>
  problem.kind === 'status' && problem.httpStatus === 404 && problem.reason === 'NotFound' && (problem.details?.name ?? '') !== '';
