import type { CheckWords } from '../words.ts';

const by = (setBy: string | null): string => (setBy === null ? '' : ` (set by ${setBy})`);

export const finalizers: CheckWords<'finalizers'> = {
  id: 'finalizers',
  looksAt: 'each finalizer, who removes it, is that controller alive',
  codes: {
    'finalizer-controller-missing': {
      severity: 'warning',
      means: 'No API group of the cluster belongs to the finalizer: the controller that removes it is probably not installed.',
      message: (data, target) => `Finalizer ${data.finalizer}${by(data.setBy)} holds ${target.name}, and the cluster has no API of ${data.domain}: the controller that removes it seems not to be installed.`,
      remedy: () => 'Find out who set it before you delete: the object may stay Terminating for ever.',
      commands: (data, target) => [
        {
          argv: ['kubectl', 'get', target.resource, target.name, ...(target.namespace === null ? [] : ['-n', target.namespace]), '--show-managed-fields', '-o', 'yaml'],
          why: `see who set ${data.finalizer}`,
        },
      ],
    },
    'finalizer-controller-dead': {
      severity: 'warning',
      means: 'The controller that removes the finalizer gives no sign of life.',
      message: (data, target) => `Finalizer ${data.finalizer} holds ${target.name}, and ${data.controller} has given no sign of life for ${data.lastSeenSeconds} s.`,
      remedy: (data) => `Bring ${data.controller} back first.`,
    },
    'finalizer-controller-unknown': {
      severity: 'warning',
      means: 'Nothing shows which controller removes the finalizer, or whether it runs.',
      message: (data, target) => `Finalizer ${data.finalizer}${by(data.setBy)} holds ${target.name}, and nothing shows whether the controller that removes it is alive.`,
      remedy: (data) => (data.domain === null ? 'Find out who set it, and that it runs.' : `Make sure that the controller of ${data.domain} runs.`),
    },
    'finalizer-known': {
      severity: 'note',
      means: 'A well-known finalizer; its controller is alive as far as can be seen.',
      message: (data) => `Finalizer ${data.finalizer}: ${data.controller} removes it; it waits for ${data.waitsFor}.`,
      remedy: () => 'Nothing to do.',
    },
  },
};
