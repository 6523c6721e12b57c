import type { CheckWords } from '../words.ts';

export const daemonSet: CheckWords<'daemon-set'> = {
  id: 'daemon-set',
  looksAt: 'comes straight back on that node',
  codes: {
    'comes-straight-back': {
      severity: 'note',
      means: 'A DaemonSet makes a new pod on the same node at once, on a cordoned one too.',
      message: (data, target) => `Daemonset ${data.set.name} makes a new pod on node ${data.node} as soon as ${target.name} is gone, even if the node is cordoned.`,
      remedy: (data) => `To keep it off ${data.node}, change the node selector or tolerations of daemonset ${data.set.name}.`,
    },
  },
};
