import { typeSlashName } from '../model/ref.ts';
import type { Command, Gentler } from './finding.ts';

/** The command that restarts a workload without an outage, or comes closest to it. */
export const gentlerCommands = (gentler: Gentler | null): readonly Command[] => {
  if (gentler === null) return [];
  const { how, workload, replicas } = gentler;
  const where = [typeSlashName(workload), ...(workload.namespace === null ? [] : ['-n', workload.namespace])];
  return how === 'restart'
    ? [{ argv: ['kubectl', 'rollout', 'restart', ...where], why: 'restart it: a new pod is Ready before the old one goes' }]
    : [{ argv: ['kubectl', 'scale', ...where, `--replicas=${replicas + 1}`], why: 'run one pod more first, and delete this one when that is Ready' }];
};
