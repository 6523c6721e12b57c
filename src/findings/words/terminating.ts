import type { CheckWords } from '../words.ts';

export const terminating: CheckWords<'terminating'> = {
  id: 'terminating',
  looksAt: 'already going, since when, what it waits for',
  codes: {
    'already-terminating': {
      severity: 'note',
      means: 'Someone deleted it before: it is followed, and no second DELETE is sent unless the grace period gets shorter.',
      message: (data, target) =>
        `${target.name} is Terminating already${data.since === null ? '' : ` since ${data.since}`}${data.overdueSeconds > 0 ? `, ${data.overdueSeconds} s past its deadline` : `, deadline ${data.deadline}`}; it waits for ${data.waitsFor}.`,
      remedy: (data) => (data.graceLowered ? 'The grace period gets shorter; a kubelet that is stopping the pod does not hurry for it.' : 'No second DELETE is sent: it would change nothing.'),
    },
  },
};
