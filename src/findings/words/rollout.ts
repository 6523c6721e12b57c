import { typeSlashName } from '../../model/ref.ts';
import type { Ref } from '../../model/ref.ts';
import type { CodesByCheck, Command } from '../finding.ts';
import type { CheckWords } from '../words.ts';

type Going = CodesByCheck['rollout']['rollout-in-progress'];

const rolloutOf = (verb: string, ref: Ref, why: string): readonly Command[] => [{ argv: ['kubectl', 'rollout', verb, typeSlashName(ref), ...(ref.namespace === null ? [] : ['-n', ref.namespace])], why }];
const newest = (d: Going): string => `${d.updated} of ${d.wanted} pods are of the newest version${d.updated >= d.wanted && d.available < d.wanted ? `, and ${d.available} of ${d.wanted} available` : ''}`;
/** The workload itself goes, and its rollout with it: there is nothing to wait for, to resume or to undo. */
const goesItself = (data: { readonly workload: Ref }, target: Ref): boolean => data.workload.kind === target.kind && data.workload.name === target.name;
const asItIs = (d: Going, target: Ref): string => (d.ofOldVersion ? `; ${target.name} is of an older one and comes back as that` : '');

export const rollout: CheckWords<'rollout'> = {
  id: 'rollout',
  looksAt: 'in progress, paused, failed; partition and OnDelete',
  codes: {
    'comes-back-as-other-version': {
      severity: 'warning',
      means: "The pod is of an older template than the DaemonSet's newest one: the replacement is made from that.",
      message: (data, target) =>
        `${target.name} comes back as another version: it runs revision ${data.from ?? 'unknown'} of daemonset ${data.workload.name}, the replacement is made from ${data.to} (${data.strategy}).`,
      remedy: (data) => `Make sure that the update of ${data.workload.name} is meant to reach this node now.`,
      commands: (data) => rolloutOf('history', data.workload, 'see the revisions'),
    },
    'rollout-in-progress': {
      severity: 'note',
      means: 'An update of the workload is going on; its controller starts and stops pods meanwhile.',
      message: (data, target) => `A rollout of ${typeSlashName(data.workload)} is in progress: ${newest(data)}${asItIs(data, target)}${data.ofOldVersion ? ', until the rollout replaces it' : ''}.`,
      remedy: (data, target) => (goesItself(data, target) ? 'Nothing to do: it ends with it.' : 'Wait for the rollout if you want to see the effect of the deletion alone.'),
      commands: (data, target) => (goesItself(data, target) ? [] : rolloutOf('status', data.workload, 'follow the rollout')),
    },
    'rollout-paused': {
      severity: 'note',
      means: 'The Deployment is paused: changes of its template do not reach its pods, a replacement neither.',
      message: (data, target) => `${typeSlashName(data.workload)} is paused: ${data.wanted === 0 ? '' : `${newest(data)}${asItIs(data, target)}, and `}changes of its template wait.`,
      remedy: (data, target) => (goesItself(data, target) ? 'Nothing to do: what waits goes with it.' : 'Resume it if the replacement is meant to be the newest version.'),
      commands: (data, target) => (goesItself(data, target) ? [] : rolloutOf('resume', data.workload, 'let changes of the template roll out')),
    },
    'rollout-failed': {
      severity: 'note',
      means: 'The last rollout gave up before it was complete.',
      message: (data, target) => `The last rollout of ${typeSlashName(data.workload)} failed${data.message === null ? '' : ` (${data.message.replace(/\.$/u, '')})`}: ${newest(data)}${asItIs(data, target)}.`,
      remedy: (data, target) => (goesItself(data, target) ? 'Nothing to do, unless you want to see why.' : 'Mend or undo the rollout first.'),
      commands: (data, target) => (goesItself(data, target) ? [] : rolloutOf('undo', data.workload, 'go back to the version before')),
    },
    'revision-lost': {
      severity: 'note',
      means: 'An older ReplicaSet keeps a version to go back to: without it that version is not in the history any more.',
      message: (data, target) => `${target.name} is revision ${data.revision} of ${typeSlashName(data.workload)}: without it nobody can roll back to that.`,
      remedy: (data) => `Nothing to do; the number of revisions that ${typeSlashName(data.workload)} keeps is its revisionHistoryLimit.`,
      commands: (data) => rolloutOf('history', data.workload, 'see the revisions'),
    },
  },
};
