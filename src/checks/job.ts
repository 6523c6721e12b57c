import type { Given } from '../facts/fact.ts';
import type { Views } from '../facts/facts.ts';
import { countGoing, workloadGoes } from '../facts/going.ts';
import type { FindingOf } from '../findings/finding.ts';
import { backoffLimitOf, countedAs, countsByItsEnd, failuresOf, indexOf, isEnding, isLiveForJob, managedElsewhere } from '../model/job.ts';
import type { Counted } from '../model/job.ts';
import { isControlledBy } from '../model/owner.ts';
import { isFinished } from '../model/pod.ts';
import type { Ref } from '../model/ref.ts';
import type { Job, Pod } from '../model/wire.ts';
import { defineCheck, notForMirrors } from './check.ts';

type Found = FindingOf<'job'>;
const check = 'job' as const;

/** How a container ends that is asked to stop: by SIGTERM, or by SIGKILL after the grace period. One that ends with 0 is no failure. */
const ENDS = [143, 137] as const;

const finished = (pod: Pod, ref: Ref, job: Job): Found => {
  const over = (job.status?.conditions ?? []).find((c) => (c.type === 'Complete' || c.type === 'Failed') && c.status === 'True');
  return { check, code: 'counted-already', data: { job: ref, phase: pod.status?.phase ?? '', jobIs: over?.type ?? null }, objects: [ref] };
};

/** null: no failure is counted for it, whatever limit there is. */
const counted = (job: Job, pod: Pod): Exclude<Counted, 'Ignore'> | null => {
  const ways = new Set<Counted>(ENDS.map((code) => countedAs(job, pod, code)));
  const worst = (['FailJob', 'FailIndex', 'Count'] as const).find((way) => ways.has(way));
  return worst ?? null;
};

const live = (pod: Pod, ref: Ref, job: Job, given: Given): Found => {
  const objects = [ref];
  const by = managedElsewhere(job);
  if (by !== null) return { check, code: 'managed-elsewhere', data: { job: ref, managedBy: by }, objects };
  const way = counted(job, pod);
  if (way === null) return { check, code: 'failure-ignored', data: { job: ref }, objects };
  const unlessItSucceeds = countsByItsEnd(job);
  const index = indexOf(job, pod);
  const failed = failuresOf(job);
  const going = countGoing(given, `job ${ref.uid ?? ''}`, (t) => isControlledBy(t.object.metadata, ref.uid ?? '') && isLiveForJob(t.object));
  const backoffLimit = backoffLimitOf(job);
  const fails = (because: 'backoff-limit' | 'index' | 'failure-policy'): Found => ({ check, code: 'job-fails', data: { job: ref, because, failed, going, backoffLimit, index, unlessItSucceeds }, objects });
  if (way === 'FailJob') return fails('failure-policy');
  if (backoffLimit !== null && failed + going > backoffLimit) return fails('backoff-limit');
  if (index !== null && (way === 'FailIndex' || index.failures >= index.limit)) return fails('index');
  const left = index === null ? (backoffLimit === null ? null : backoffLimit - failed - going) : index.limit - index.failures - 1;
  return { check, code: 'retries-left', data: { job: ref, failed: index?.failures ?? failed, limit: index?.limit ?? backoffLimit, left, index: index?.index ?? null, unlessItSucceeds }, objects };
};

/** A live pod of a Job that is over or suspended does not come back, which `owner-controller` says: one fact, one finding. */
const find = (pod: Pod, { owners }: Pick<Views, 'owners'>, given: Given): readonly Found[] => {
  const [owner] = owners.chain;
  if (owner === undefined || !owner.controller || owner.object === null || workloadGoes(owners.chain, given)) return [];
  const job = owner.object as Job;
  if (isFinished(pod)) return [finished(pod, owner.ref, job)];
  return isEnding(job) || job.spec?.suspend === true ? [] : [live(pod, owner.ref, job, given)];
};

export const job = defineCheck({
  id: 'job',
  needs: ['owners'],
  notApplicable: (pod) => notForMirrors(pod) ?? ((pod.metadata.ownerReferences ?? []).some((r) => r.controller === true && r.kind === 'Job' && r.apiVersion.startsWith('batch/')) ? null : 'no Job owns it'),
  find,
});
