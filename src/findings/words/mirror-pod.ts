import type { CheckWords } from '../words.ts';

export const mirrorPod: CheckWords<'mirror-pod'> = {
  id: 'mirror-pod',
  looksAt: 'static pod that deletion does not stop',
  codes: {
    'static-pod': {
      severity: 'blocker',
      means: 'The object mirrors a static pod: deleting it stops nothing, the kubelet shows it again.',
      message: (data, target) =>
        `${target.name} mirrors a static pod of node ${data.node}: deleting it stops no container. Its manifest is ${data.source === 'http' ? "at the kubelet's staticPodURL" : `in the kubelet's staticPodPath on ${data.node} (usually /etc/kubernetes/manifests)`}.`,
      remedy: (data) => (data.source === 'http' ? 'Take it out of the manifest that the kubelet fetches.' : `Move its manifest out of that folder on ${data.node}.`),
    },
  },
};
