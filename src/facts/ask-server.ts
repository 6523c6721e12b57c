/** The questions that the API server answers for itself: who is this user, may they, and would it accept the DELETE or eviction. None stores anything. */
import type { ClusterPort, Problem } from '../cluster/port.ts';
import type { DeleteOptions } from '../model/wire.ts';
import type { Access, ProbeAnswer, Self, Want } from './want.ts';

type AccessWant = Extract<Want, { type: 'access' }>;
type ProbeWant = Extract<Want, { type: 'dry-run-delete' }>;
type Asked<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: Problem };

const propagation = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' } as const;

/** Body of every DELETE of this product: all options in the body, because a query beside a body is ignored (apiserver handlers/delete.go). */
export const deleteBody = (
  uid: string,
  options: { readonly gracePeriodSeconds: number | null; readonly cascade: keyof typeof propagation; readonly dryRun: boolean },
): DeleteOptions & { readonly kind: 'DeleteOptions'; readonly apiVersion: 'v1' } => ({
  kind: 'DeleteOptions',
  apiVersion: 'v1',
  ...(options.gracePeriodSeconds === null ? {} : { gracePeriodSeconds: options.gracePeriodSeconds }),
  propagationPolicy: propagation[options.cascade],
  preconditions: { uid },
  ...(options.dryRun ? { dryRun: ['All'] as const } : {}),
});

/** Body of an eviction: the options of the DELETE that the server makes of it, uid and dryRun too (policy/v1 Eviction). */
export const evictionBody = (ref: { readonly name: string; readonly namespace: string | null; readonly uid: string }, options: Parameters<typeof deleteBody>[1]): object => ({
  apiVersion: 'policy/v1',
  kind: 'Eviction',
  metadata: { name: ref.name, ...(ref.namespace === null ? {} : { namespace: ref.namespace }) },
  deleteOptions: deleteBody(ref.uid, options),
});

/** SelfSubjectAccessReview: every authenticated user may ask it (system:basic-user). */
export const askAccess = async (sender: Pick<ClusterPort, 'create'>, want: AccessWant, signal: AbortSignal): Promise<Asked<Access>> => {
  const resourceAttributes = {
    verb: want.verb,
    group: want.kind.group,
    version: want.kind.version,
    resource: want.kind.resource,
    ...(want.subresource === null ? {} : { subresource: want.subresource }),
    ...(want.namespace === null ? {} : { namespace: want.namespace }),
    ...(want.name === null ? {} : { name: want.name }),
  };
  const at = { group: 'authorization.k8s.io', version: 'v1', resource: 'selfsubjectaccessreviews', namespace: null, name: null };
  const answer = await sender.create(at, { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes } }, { signal });
  if (!answer.ok) return answer;
  const status = (answer.value as { readonly status?: { readonly allowed?: boolean; readonly reason?: string } } | null)?.status;
  return { ok: true, value: { allowed: status?.allowed === true, reason: status?.reason ?? '' } };
};

/** SelfSubjectReview, since 1.28: every authenticated user may ask it (system:basic-user). An older server has no such path, which answers nothing. */
export const askSelf = async (sender: Pick<ClusterPort, 'create'>, signal: AbortSignal): Promise<Asked<Self>> => {
  const at = { group: 'authentication.k8s.io', version: 'v1', resource: 'selfsubjectreviews', namespace: null, name: null };
  const answer = await sender.create(at, { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, { signal });
  if (!answer.ok) return answer;
  const info = (answer.value as { readonly status?: { readonly userInfo?: { readonly username?: string; readonly groups?: readonly string[] } } } | null)?.status?.userInfo;
  return { ok: true, value: { user: info?.username ?? '', groups: info?.groups ?? [] } };
};

const answerOf = (problem: Problem): ProbeAnswer | null => {
  if (problem.kind !== 'status') return null;
  const { httpStatus, reason, message } = problem;
  // A webhook may deny with any code, so what its message says comes before what the code says.
  if (message.includes('does not support dry run')) return { kind: 'cannot-dry-run', message };
  if (/admission webhook|failed calling webhook/u.test(message)) return { kind: 'refused', httpStatus, reason, message };
  if (httpStatus === 404 || (httpStatus === 409 && reason === 'Conflict')) return { kind: 'gone' };
  return [400, 403, 405, 422].includes(httpStatus) ? { kind: 'refused', httpStatus, reason, message } : null;
};

/**
 * An eviction with dryRun All: what webhooks and policies say to it. That a budget refuses it (429), or that there are several (500), is
 * no denial: the eviction is asked for again, and `disruption-budget` tells.
 */
export const askEviction = async (sender: Pick<ClusterPort, 'create'>, want: ProbeWant, cascade: keyof typeof propagation, signal: AbortSignal): Promise<Asked<ProbeAnswer>> => {
  const at = { group: want.kind.group, version: want.kind.version, resource: want.kind.resource, namespace: want.namespace, name: want.name, subresource: 'eviction' };
  const answer = await sender.create(at, evictionBody(want, { gracePeriodSeconds: want.gracePeriodSeconds, cascade, dryRun: true }), { signal, once: true });
  if (answer.ok) return { ok: true, value: { kind: 'accepted' } };
  const { problem } = answer;
  const refused = answerOf(problem);
  if (refused !== null) return { ok: true, value: refused };
  const byBudget = problem.kind === 'status' && (problem.httpStatus === 429 || /PodDisruptionBudget/u.test(problem.message));
  return byBudget ? { ok: true, value: { kind: 'accepted' } } : { ok: false, problem };
};

/** DELETE with dryRun All and the uid: the object stays as it is. */
export const askDelete = async (
  sender: { readonly delete: (at: Parameters<ClusterPort['delete']>[0], body: DeleteOptions, options?: { readonly signal?: AbortSignal }) => ReturnType<ClusterPort['delete']> },
  want: ProbeWant,
  cascade: keyof typeof propagation,
  signal: AbortSignal,
): Promise<Asked<ProbeAnswer>> => {
  const at = { group: want.kind.group, version: want.kind.version, resource: want.kind.resource, namespace: want.namespace, name: want.name };
  const answer = await sender.delete(at, deleteBody(want.uid, { gracePeriodSeconds: want.gracePeriodSeconds, cascade, dryRun: true }), { signal });
  if (answer.ok) return { ok: true, value: { kind: 'accepted' } };
  const refused = answerOf(answer.problem);
  return refused === null ? { ok: false, problem: answer.problem } : { ok: true, value: refused };
};

