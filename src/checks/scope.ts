import type { Given } from '../facts/fact.ts';
import type { FindingOf } from '../findings/finding.ts';
import { deletionChangesSomething, isFinished, isPodKind } from '../model/pod.ts';
import type { Target } from '../model/target.ts';
import { defineCheck } from './check.ts';

const check = 'scope' as const;

/** More than a person looks through. */
const MANY = 20;

/** Records of what happened; nothing stops when they go. */
const isEvent = (target: Target): boolean => target.ref.kind === 'Event' && (target.ref.group === '' || target.ref.group === 'events.k8s.io');

/** What this run would really end: not finished pods, Events, or what is Terminating anyway. */
const counts = (target: Target, given: Given): boolean =>
  !isEvent(target) && !(isPodKind(target.ref) && isFinished(target.object)) && deletionChangesSomething(target.object, given.gracePeriodSeconds);

const find = (target: Target, given: Given): readonly FindingOf<'scope'>[] => {
  // One finding for the run, on the first that counts: it speaks of all of them.
  const first = given.targets.find((t) => counts(t, given));
  if (first === undefined || first.ref.uid !== target.ref.uid) return [];
  const count = given.targets.filter((t) => counts(t, given)).length;
  return count > MANY ? [{ check, code: 'many-objects', data: { count, limit: MANY }, objects: [] }] : [];
};

export const scope = defineCheck({
  id: 'scope',
  kinds: 'every',
  needs: [],
  find: (_pod, _views, given, target) => find(target, given),
});
