import type { Ref } from '../../model/ref.ts';
import type { CodesByCheck, Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

type Fails = CodesByCheck['job']['job-fails'];

const where = (ref: Ref): readonly string[] => (ref.namespace === null ? [] : ['-n', ref.namespace]);
const suspend = (job: Ref): readonly Command[] => [{ argv: ['kubectl', 'patch', `job.batch/${job.name}`, ...where(job), '--type=merge', '-p', '{"spec":{"suspend":true}}'], why: 'stop the Job and keep it: pods that go for this are no failures' }];
const look = (job: Ref): readonly Command[] => [{ argv: ['kubectl', 'describe', `job.batch/${job.name}`, ...where(job)], why: 'see its limits and failures' }];
const unless = (itSucceeds: boolean, pod: string): string => (itSucceeds ? `, unless ${pod} ends with 0` : '');
const failures = (n: number): string => (n === 1 ? '1 failure' : `${n} failures`);

const whyFails = (d: Fails, pod: string): string => {
  switch (d.because) {
    case 'backoff-limit':
      return `Job ${d.job.name} fails by it${unless(d.unlessItSucceeds, pod)}: it has ${failures(d.failed)}, this run adds ${d.going}, and more than ${d.backoffLimit ?? 0} (backoffLimit) fail it; its other pods are deleted then.`;
    case 'index':
      return `Index ${d.index?.index ?? ''} of job ${d.job.name} fails by it${unless(d.unlessItSucceeds, pod)}: it has had ${failures(d.index?.failures ?? 0)}, and a Job with a failed index ends as Failed (backoffLimitPerIndex ${d.index?.limit ?? 0}).`;
    case 'failure-policy':
      return `Job ${d.job.name} fails if ${pod} ends by the signal that stops it (143 or 137): its podFailurePolicy says so; its other pods are deleted then.`;
  }
};

export const job: CheckWords<'job'> = {
  id: 'job',
  looksAt: 'a deleted pod that counts as a failure',
  codes: {
    'job-fails': {
      severity: 'warning',
      means: 'The deleted pod counts as a failure, and it is one more than the Job may have: the Job fails.',
      message: (data, target) => whyFails(data, target.name),
      remedy: (data) => `Suspend job ${data.job.name} instead, or let the pod end by itself.`,
      commands: (data) => suspend(data.job),
    },
    'retries-left': {
      severity: 'note',
      means: 'The deleted pod counts as a failure of its Job, which makes another one.',
      message: (data, target) =>
        data.limit === null || data.left === null
          ? `${target.name} counts as a failure of job ${data.job.name}${unless(data.unlessItSucceeds, 'it')}, which has no limit of failures; another pod begins its work again.`
          : `${target.name} counts as a failure of ${data.index === null ? '' : `index ${data.index} of `}job ${data.job.name}${unless(data.unlessItSucceeds, 'it')}: ${data.failed} of ${data.limit} before, ${data.left} left after it; another pod begins its work again.`,
      remedy: (data) => `To stop the work without counting a failure, suspend job ${data.job.name}.`,
    },
    'failure-ignored': {
      severity: 'note',
      means: "The Job's podFailurePolicy ignores the end of a pod that is stopped by a signal: it does not count as a failure.",
      message: (data, target) => `The podFailurePolicy of job ${data.job.name} ignores an end by signal (143 or 137): ${target.name} counts as a failure only if it ends with another code.`,
      remedy: () => 'Nothing to do: another pod begins its work again.',
    },
    'managed-elsewhere': {
      severity: 'note',
      means: "Another controller than Kubernetes' own decides what a deleted pod means for the Job.",
      message: (data, target) => `Job ${data.job.name} is managed by ${data.managedBy}: what the end of ${target.name} counts as is up to that controller.`,
      remedy: (data) => `See what ${data.managedBy} says about failed pods.`,
      commands: (data) => look(data.job),
    },
    'counted-already': {
      severity: 'note',
      means: 'The pod has ended and its Job counts it as such: deleting it changes nothing for the Job.',
      message: (data, target) => `${target.name} has ended (${data.phase}) and job ${data.job.name} ${data.jobIs === null ? 'goes on' : `is ${data.jobIs}`}: the deletion changes nothing for it.`,
      remedy: () => 'Nothing to do.',
    },
  },
};
