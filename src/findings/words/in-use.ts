import type { UserData } from '../codes/in-use.ts';
import { typeSlashName } from '../../model/ref.ts';
import type { CheckWords } from '../words.ts';

const SHOWN = 5;
const listed = (all: readonly string[]): string => `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ` and ${all.length - SHOWN} more` : ''}`;
const plural = (n: number, one: string): string => (n === 1 ? one : `${one}s`);

const user = (u: UserData): string => {
  const pods = u.kind === 'Pod' || u.pods === 0 ? '' : `; ${u.pods} ${plural(u.pods, 'pod')}`;
  return `${u.kind} ${u.namespace === null ? '' : `${u.namespace}/`}${u.name} (${u.how.join(', ')}${pods})`;
};

/** What happens to those who use an object of this kind. */
const consequence = (kind: string): string => {
  switch (kind) {
    case 'PersistentVolumeClaim':
      return 'their pods stay Pending without it, or start with an empty one';
    case 'ServiceAccount':
      return 'their tokens are refused from then on, and new pods are not created';
    case 'IngressClass':
    case 'GatewayClass':
      return 'their controller stops serving them';
    case 'RuntimeClass':
      return 'new pods of theirs are not created';
    default:
      return 'what starts anew does not start without it';
  }
};

export const inUse: CheckWords<'in-use'> = {
  id: 'in-use',
  looksAt: 'who uses a claim, ConfigMap, Secret, ServiceAccount or class',
  codes: {
    'claim-mounted': {
      severity: 'blocker',
      means: 'A pod on a node that has not finished names the claim, and does not go in the same run: the claim would hang Terminating, and go, often with its data, as soon as that pod ends.',
      message: (data, target) =>
        `Claim ${target.name} is used by ${plural(data.pods.length, 'pod')} ${listed(data.pods)}: it would stay Terminating, which nothing undoes, and go when ${data.pods.length === 1 ? 'that pod ends' : 'the last of them ends'}.`,
      remedy: () => 'Stop what uses it first: scale its workload to 0 or delete it.',
      commands: (data, target) => data.workloads.map((w) => ({ argv: ['kubectl', 'scale', typeSlashName(w), ...(target.namespace === null ? [] : ['-n', target.namespace]), '--replicas=0'], why: 'stop its pods and keep it' })),
    },
    used: {
      severity: 'warning',
      means: 'Pods that have not finished, templates of workloads or other objects name it and do not go in the same run. Templates in custom resources are not looked through.',
      message: (data, target) =>
        `${target.kind} ${target.name} is used by ${listed(data.users.map(user))}: ${data.optional ? 'all of these references are optional, so they start without what it holds' : consequence(target.kind)}.`,
      remedy: (_data, target) => `Change or delete what uses ${target.name} first.`,
    },
    'held-by-finished-pods': {
      severity: 'note',
      means: 'Pods that have finished name the claim: it stays Terminating until they are deleted.',
      message: (data, target) => `Claim ${target.name} stays Terminating until finished ${plural(data.pods.length, 'pod')} ${listed(data.pods)} ${data.pods.length === 1 ? 'is' : 'are'} deleted.`,
      remedy: (data) => `Delete ${plural(data.pods.length, 'pod')} ${listed(data.pods)} as well.`,
    },
    'used-by-old-replica-sets': {
      severity: 'note',
      means: 'Only ReplicaSets of 0 replicas name it, the history of a workload: a rollback to them would miss it.',
      message: (data, target) => `Only old ${plural(data.replicaSets.length, 'ReplicaSet')} ${listed(data.replicaSets)} of 0 replicas still ${data.replicaSets.length === 1 ? 'names' : 'name'} ${target.name}: a rollback there would miss it.`,
      remedy: () => 'Nothing to do, unless you want to be able to roll back.',
    },
  },
};
