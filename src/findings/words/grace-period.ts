import type { Ref } from '../../model/ref.ts';
import type { Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

interface AtRisk {
  readonly set: string | null;
  readonly claims: readonly string[];
}

const onNode = (node: string | null): string => (node === null ? '' : ` on node ${node}`);
const seconds = (n: number): string => `${n} s`;

/** What would get a second writer. */
const what = (risk: AtRisk): string =>
  [...(risk.set === null ? [] : [`its identity in statefulset ${risk.set}`]), ...(risk.claims.length === 0 ? [] : [risk.claims.map((c) => `claim ${c}`).join(', ')])].join(' and ');

const deleteWith = (target: Ref, grace: number): readonly Command[] => [
  { argv: ['kubectl', 'safe-delete', 'pod', target.name, ...(target.namespace === null ? [] : ['-n', target.namespace]), `--grace-period=${grace}`], why: `give it ${grace} s to stop` },
];

export const gracePeriod: CheckWords<'grace-period'> = {
  id: 'grace-period',
  looksAt: "grace 0 in the spec (hidden force delete), preStop longer than the grace, shorter than the pod's own, `--force` on a pod whose process is not proved dead",
  codes: {
    'zero-grace-with-data': {
      severity: 'blocker',
      means: "The pod's own spec asks for a grace period of 0: a plain delete frees its identity or claim at once, while its process may still run and write.",
      message: (data, target) =>
        `The spec of ${target.name} has terminationGracePeriodSeconds 0, so a plain delete is a forced one: it frees ${what(data)} at once, and nothing proves that its process has ended${onNode(data.node)}.`,
      remedy: () => 'Delete it with a grace period of its own, and mend the spec.',
      commands: (_data, target) => deleteWith(target, 30),
    },
    'zero-grace': {
      severity: 'note',
      means: "The pod's own spec asks for a grace period of 0: its object goes at once, and its process is killed some time later.",
      message: (data, target) => `The spec of ${target.name} has terminationGracePeriodSeconds 0: its object goes at once, its process is killed later${onNode(data.node)}, and no exit code is reported.`,
      remedy: () => 'Delete it with a grace period if it has to stop cleanly.',
      commands: (_data, target) => deleteWith(target, 30),
    },
    'shorter-grace-with-data': {
      severity: 'warning',
      means: "The grace period asked for is shorter than the pod's own, and the pod has an identity or a claim that it can write to.",
      message: (data, target) => `${target.name} gets ${seconds(data.grace)} to stop instead of its own ${seconds(data.own)}, and it may have data to finish writing: it has ${what(data)}.`,
      remedy: (data) => `Let it have its ${seconds(data.own)}.`,
    },
    'shorter-grace': {
      severity: 'note',
      means: "The grace period asked for is shorter than the pod's own.",
      message: (data, target) => `${target.name} gets ${seconds(data.grace)} to stop instead of its own ${seconds(data.own)}.`,
      remedy: () => 'Requests that it is serving may be cut off.',
    },
    'force-not-proved': {
      severity: 'warning',
      means: 'A forced deletion removes the object without waiting for the kubelet, and nothing proves that the process has ended.',
      message: (data, target) => `Forced deletion removes ${target.name} from the API at once, and nothing proves that its process has ended${onNode(data.node)}: it may run on unseen, and no exit code is reported.`,
      remedy: () => 'Delete it without force; a grace period of 1 s is enough to be quick.',
      commands: (_data, target) => deleteWith(target, 1),
    },
    'pre-stop-overruns': {
      severity: 'note',
      means: 'A preStop hook takes longer than the grace period: it is cut, and the container gets 2 s more before it is killed.',
      message: (data) => `The preStop hook of ${data.container} takes ${seconds(data.seconds)} or more, the grace period is ${seconds(data.grace)}: the hook is cut, and ${data.container} gets 2 s to stop before it is killed.`,
      remedy: (data) => (data.own > data.seconds ? `Let it have its own ${seconds(data.own)}.` : `Give it more than ${seconds(data.seconds)}.`),
      commands: (data, target) => (data.own > data.seconds ? [] : deleteWith(target, Math.ceil(data.seconds) + 30)),
    },
    'pre-stop-may-be-cut': {
      severity: 'note',
      means: "A preStop hook whose length is not known gets less time than the pod's own grace period.",
      message: (data) => `The preStop hook of ${data.container} was written for a grace period of ${seconds(data.own)} and gets ${seconds(data.grace)}: it may be cut.`,
      remedy: (data) => `Let it have its ${seconds(data.own)}.`,
    },
    'short-for-its-kind': {
      severity: 'note',
      means: "A StatefulSet's or Job's pod has a grace period below Kubernetes' default of 30 s; 600 s are usual for databases, 300 s for batch work.",
      message: (data, target) => `${target.name} is ${data.kind === 'stateful' ? 'a member of a StatefulSet' : 'batch work'} and has ${seconds(data.grace)} to stop; ${seconds(data.usual)} are usual.`,
      remedy: () => 'Make sure that it can save its state in that time.',
      commands: (data, target) => deleteWith(target, data.usual),
    },
    'grace-not-passed-on': {
      severity: 'note',
      means: 'A grace period is asked for with a target that is no pod: the pods that go with it keep their own.',
      message: (data, target) =>
        `A grace period of ${seconds(data.grace)} is for pods that are named: the ${data.pods === 1 ? 'pod that goes' : `${data.pods} pods that go`} with ${target.kind.toLowerCase()} ${target.name} ${data.pods === 1 ? 'keeps its' : 'keep their'} own, up to ${seconds(data.longest)}.`,
      remedy: () => 'Nothing to do, unless they have to stop sooner: then name the pods as well.',
    },
  },
};
