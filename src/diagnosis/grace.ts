import type { Pod } from '../model/wire.ts';
import type { Cause } from './case.ts';
import { waitingFor } from './waiting-on.ts';

/** A little patience past the deadline: the kubelet starts its own countdown when it acts, and preStop may get 2 s more. */
const SLACK_SECONDS = 5;

/** Seconds until the deadline; negative after it. null: not being deleted. */
export const secondsLeft = (pod: Pod, now: number): number | null => {
  const deadline = pod.metadata.deletionTimestamp;
  return deadline === undefined ? null : Math.ceil((Date.parse(deadline) - now) / 1000);
};

export const isInGrace = (pod: Pod, now: number): boolean => (secondsLeft(pod, now) ?? 0) > -SLACK_SECONDS;

/** The grace period still runs, or has just ended. */
export const onGrace: Cause = ({ target, now }) => {
  const left = secondsLeft(target.object, now);
  if (left === null || left <= -SLACK_SECONDS) return [];
  return [
    waitingFor({
      kind: 'grace',
      name: `${left > 0 ? left : 0}s`,
      message: left > 0 ? `the grace period ends in ${left} s` : 'the grace period has just ended; SIGKILL follows',
      remedy: 'Wait: this is in order.',
    }),
  ];
};
