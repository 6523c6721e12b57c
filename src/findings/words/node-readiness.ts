import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

const see = (name: string): readonly Command[] => [{ argv: ['kubectl', 'describe', 'node', name], why: 'see since when and why' }];

export const nodeReadiness: CheckWords<'node-readiness'> = {
  id: 'node-readiness',
  looksAt: 'NotReady, Unknown, gone, out-of-service, stale lease',
  codes: {
    'node-not-ready': {
      severity: 'warning',
      means: 'The kubelet of the node does not answer, or says that it is not well: the pod stays Terminating until it does.',
      message: (data, target) =>
        `Node ${data.node} is ${data.status === 'Unknown' ? 'silent (Ready is Unknown)' : 'NotReady'}${data.since === null ? '' : ` since ${data.since}`}${data.reason === null ? '' : ` (${data.reason})`}: ${target.name} stays Terminating until its kubelet answers.`,
      remedy: (data) => `Get node ${data.node} back, or make sure that it is powered off.`,
      commands: (data) => see(data.node),
    },
    'node-gone': {
      severity: 'warning',
      means: 'The Node object does not exist: nothing reports how the containers end, and the pod garbage collector removes the pod.',
      message: (data, target) => `Node ${data.node} does not exist any more: the pod garbage collector removes ${target.name} within a minute, and no exit code is reported.`,
      remedy: (data) => `Make sure that the machine of ${data.node} is really off.`,
    },
    'node-out-of-service': {
      severity: 'warning',
      means: 'Someone declared the node shut down: a Terminating pod on it is removed by force.',
      message: (data, target) => `Node ${data.node} is marked out-of-service: once deleted, ${target.name} is removed without its kubelet, and no exit code is reported.`,
      remedy: (data) => `Make sure that ${data.node} is powered off.`,
      commands: (data) => see(data.node),
    },
    'node-lease-stale': {
      severity: 'warning',
      means: 'The node still counts as Ready, but its kubelet has not renewed its lease.',
      message: (data, target) => `The kubelet of node ${data.node} has given no sign of life for ${data.ageSeconds} s: ${target.name} may stay Terminating.`,
      remedy: (data) => `Look at node ${data.node} first.`,
      commands: (data) => see(data.node),
    },
    'finished-pod-on-lost-node': {
      severity: 'note',
      means: 'The node does not answer, but the pod has ended: deleting it needs no kubelet.',
      message: (data, target) => `Node ${data.node} does not answer, but ${target.name} has ended already (${data.phase}).`,
      remedy: () => 'Nothing to do.',
    },
  },
};
