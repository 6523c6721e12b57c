/** pvc-protection and pv-protection: a claim is held by pods, a volume by its claim. */
import { kubectl, listed } from './case.ts';
import type { Cause } from './case.ts';
import { waitingFor } from './waiting-on.ts';

/** The pods that hold the claim, the unfinished first. */
export const onUsersOfClaim: Cause = ({ target, views }) => {
  const { users } = views.claimUsers;
  if (users === null || users.length === 0) return [];
  const live = users.filter((u) => !u.finished);
  const finished = users.filter((u) => u.finished);
  const sorted = [...live, ...finished];
  const first = sorted[0]?.ref.name ?? '';
  const parts = [
    ...(live.length === 0 ? [] : [`${live.length === 1 ? 'pod' : 'pods'} ${listed(live.map((u) => `${u.ref.name}${u.terminating ? ' (Terminating)' : ''}`))} ${live.length === 1 ? 'uses' : 'use'} it`]),
    ...(finished.length === 0 ? [] : [`${live.length === 0 ? 'only ' : ''}finished ${finished.length === 1 ? 'pod' : 'pods'} ${listed(finished.map((u) => u.ref.name))} ${finished.length === 1 ? 'names' : 'name'} it, which holds it too`]),
  ];
  return [
    waitingFor({
      kind: 'claim',
      name: first,
      message: parts.join(', and '),
      remedy: live.length === 0 ? 'Delete the finished pods if nobody needs their logs any more; the claim goes then.' : 'Stop the workload of these pods first; the claim goes when the last of them is gone.',
      objects: sorted.map((u) => u.ref),
      commands: sorted.slice(0, 1).map((u) => kubectl('get', u.ref, 'what it is, and who owns it', '-o', 'wide')),
      danger: `Without its finalizer claim ${target.ref.name} goes under the pods that write to it, and with reclaim policy Delete so does the data.`,
    }),
  ];
};

/** The claim that a volume is bound to. */
export const onClaimOfVolume: Cause = ({ target, views }) => {
  const { boundTo } = views.claimUsers;
  if (boundTo === null || !boundTo.there) return [];
  const { ref } = boundTo;
  return [
    waitingFor({
      kind: 'claim',
      name: ref.name,
      message: `it is bound to claim ${ref.name} in namespace ${ref.namespace ?? ''}`,
      remedy: 'Delete the claim first, if its data may go; a volume goes after its claim.',
      objects: [ref],
      commands: [kubectl('get', ref, 'whether it is wanted, and Terminating', '-o', 'wide')],
      danger: `Without its finalizer volume ${target.ref.name} goes while claim ${ref.name} is bound to it: the claim is Lost then.`,
    }),
  ];
};
