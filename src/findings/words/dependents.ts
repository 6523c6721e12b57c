import { typeSlashName } from '../../model/ref.ts';
import type { Ref } from '../../model/ref.ts';
import type { KindCount } from '../codes/dependents.ts';
import type { Command } from '../finding.ts';
import { gentlerCommands } from '../gentler.ts';
import { kindCountsText } from '../kind-counts.ts';
import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const names = (all: readonly string[]): string => `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ', …' : ''}`;
const pods = (n: number): string => (n === 1 ? '1 pod' : `${n} pods`);
const isOne = (kinds: readonly KindCount[]): boolean => kinds.reduce((sum, k) => sum + k.count, 0) === 1;
const where = (target: Ref): readonly string[] => (target.namespace === null ? [] : ['-n', target.namespace]);

/** What stops the work and keeps the object, or shows what it owns. */
const instead = (target: Ref): Command => {
  const name = typeSlashName(target);
  switch (`${target.group}/${target.kind}`) {
    case 'apps/Deployment':
    case 'apps/ReplicaSet':
    case 'apps/StatefulSet':
    case '/ReplicationController':
      return { argv: ['kubectl', 'scale', name, ...where(target), '--replicas=0'], why: 'stop its pods and keep it' };
    case 'batch/Job':
    case 'batch/CronJob':
      return { argv: ['kubectl', 'patch', name, ...where(target), '--type=merge', '-p', '{"spec":{"suspend":true}}'], why: target.kind === 'Job' ? 'stop its pods and keep it' : 'start no more of them and keep it' };
    default:
      return { argv: ['kubectl', 'get', 'pods', ...where(target), '-o', 'custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].name,PHASE:.status.phase'], why: 'see which pods it owns' };
  }
};

export const dependents: CheckWords<'dependents'> = {
  id: 'dependents',
  looksAt: 'what goes with it, counted by kind',
  codes: {
    'serving-pods-go': {
      severity: 'warning',
      means: 'Ready pods are owned by the target, by itself or through others: the garbage collector deletes them after it.',
      message: (data, target) =>
        `${data.atLeast ? 'At least ' : ''}${pods(data.count)}, ${data.count === 1 ? 'which is' : data.serving === data.count ? 'all' : `${data.serving} of them`} Ready, ${data.count === 1 ? 'goes' : 'go'} with ${target.kind.toLowerCase()} ${target.name}: ${names(data.names)}.`,
      remedy: (data) =>
        data.gentler === null ? `Make sure that ${data.count === 1 ? 'its' : 'their'} work may end.` : `To restart ${typeSlashName(data.gentler.workload)}, roll it out anew instead: that keeps pods Ready meanwhile.`,
      commands: (data, target) => (data.gentler === null ? [instead(target)] : gentlerCommands(data.gentler)),
    },
    'dependents-go': {
      severity: 'note',
      means: 'The target owns other objects, none of them known to be a Ready pod: the garbage collector deletes them after it.',
      message: (data, target) =>
        `${data.atLeast ? 'At least ' : ''}${kindCountsText(data.kinds)}${data.names.length === 0 ? '' : ` (${names(data.names)})`} ${isOne(data.kinds) ? 'goes' : 'go'} with ${target.kind.toLowerCase()} ${target.name}.`,
      remedy: () => 'Nothing to do, unless you want to keep their logs or manifests.',
    },
    'left-behind': {
      severity: 'note',
      means: 'With orphan cascade what the target owns stays, without an owner.',
      message: (data, target) => `${data.atLeast ? 'At least ' : ''}${kindCountsText(data.kinds)}${data.names.length === 0 ? '' : ` (${names(data.names)})`} ${isOne(data.kinds) ? 'stays' : 'stay'} without ${target.kind.toLowerCase()} ${target.name}.`,
      remedy: () => 'An owner whose selector matches adopts them; otherwise delete them when they are no longer needed.',
    },
  },
};
