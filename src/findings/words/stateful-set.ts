import type { CheckWords } from '../words.ts';

const members = (n: number): string => (n === 1 ? '1 ready member' : `${n} ready members`);

export const statefulSet: CheckWords<'stateful-set'> = {
  id: 'stateful-set',
  looksAt: "identity, members left against the majority, a lower ordinal that holds up the replacement, revision on return",
  codes: {
    'forced-identity': {
      severity: 'blocker',
      means: 'A forced deletion frees the identity while the process may still run: two pods could write as the same member.',
      message: (data, target) =>
        `Forced deletion frees the name ${target.name} of statefulset ${data.set.name} at once, and nothing proves that its process has ended${data.node === null ? '' : ` on node ${data.node}`}: two pods could run as the same member and write the same data.`,
      remedy: (data) =>
        data.nodeReady
          ? 'Delete it without force: its node is Ready, so its kubelet can stop it.'
          : 'Delete it without force; if its node is dead for good, make sure that it is powered off, then taint it out-of-service or delete the Node object.',
      // The taint evicts everything on the node: not a thing to paste for one that answers.
      commands: (data) =>
        data.node === null || data.nodeReady
          ? []
          : [
              { argv: ['kubectl', 'get', 'node', data.node], why: 'is the node alive' },
              { argv: ['kubectl', 'taint', 'node', data.node, 'node.kubernetes.io/out-of-service=nodeshutdown:NoExecute'], why: 'only when the node is powered off: lets the cluster remove its pods and detach its volumes' },
            ],
    },
    'below-majority': {
      severity: 'warning',
      means: 'After the deletion fewer members are ready than a majority of the replicas, until the replacement is Ready.',
      message: (data, target) => {
        const set = `statefulset ${data.set.name}`;
        const going = data.readyNow - data.readyAfter;
        if (data.replicas === 1) return `${target.name} is the only member of ${set}: nothing of it works until its replacement is Ready.`;
        const left = `${data.readyAfter === 0 ? 'no ready member' : members(data.readyAfter)} of ${data.replicas}; a majority is ${data.majority}`;
        return going > 1 ? `This run deletes ${members(going)} of ${set}, ${target.name} among them, and leaves ${left}.` : `Without ${target.name}, ${set} has ${left}.`;
      },
      remedy: (data) => {
        if (data.replicas === 1) return 'Make sure that its clients can wait for that.';
        return data.readyNow - data.readyAfter > 1 ? 'Delete fewer at a time, the next when the replacement is Ready (--one-at-a-time), unless its software needs no majority.' : 'Wait until the other members are Ready, unless its software needs no majority.';
      },
      commands: (data) => [{ argv: ['kubectl', 'get', `statefulset/${data.set.name}`, '-n', data.set.namespace ?? 'default', '--watch'], why: 'watch its ready members' }],
    },
    'other-revision': {
      severity: 'warning',
      means: 'The replacement is made from another revision of the template than the pod that goes.',
      message: (data, target) => `${target.name} comes back as another version: it runs revision ${data.from}, the replacement is made from ${data.to} (${data.strategy}).`,
      remedy: (data) => `Make sure that the update of ${data.set.name} is meant to reach this pod now.`,
      commands: (data) => [{ argv: ['kubectl', 'rollout', 'history', `statefulset/${data.set.name}`, '-n', data.set.namespace ?? 'default'], why: 'see the revisions' }],
    },
    'lower-ordinal-unhealthy': {
      severity: 'warning',
      means: 'With ordered pods the controller stops at the first unhealthy ordinal: the replacement is not created before that one is well.',
      message: (data, target) => `${target.name} will not come back until ${data.podName} is well: it is ${data.state}, and statefulset ${data.set.name} starts its pods in order.`,
      remedy: (data) => `Mend ${data.podName} first.`,
      commands: (data) => [{ argv: ['kubectl', 'describe', 'pod', data.podName, '-n', data.set.namespace ?? 'default'], why: 'see why it is not well' }],
    },
    'margin-left': {
      severity: 'note',
      means: 'Enough members stay ready for a majority; readiness is not membership, so this is advice.',
      message: (data, target) => `Without ${target.name}, statefulset ${data.set.name} keeps ${members(data.readyAfter)} of ${data.replicas} (majority ${data.majority}); one at a time is safest.`,
      remedy: () => 'Let the replacement become Ready before you delete the next member.',
    },
  },
};
