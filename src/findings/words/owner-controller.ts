import type { NotRecreatedBecause } from '../finding.ts';
import { typeSlashName } from '../../model/ref.ts';
import type { Ref } from '../../model/ref.ts';
import type { CheckWords } from '../words.ts';

const inNamespace = (ref: Ref): readonly string[] => (ref.namespace === null ? [] : ['-n', ref.namespace]);

const why: { readonly [B in NotRecreatedBecause]: string } = {
  'owner-terminating': 'is being deleted itself',
  'scaled-to-zero': 'is scaled to 0 replicas',
  'ordinal-outside-replicas': 'has fewer replicas than this ordinal',
  'job-finished': 'has finished',
  'job-suspended': 'is suspended',
};

export const ownerController: CheckWords<'owner-controller'> = {
  id: 'owner-controller',
  looksAt: 'who recreates it, through any chain of owners, custom resources too',
  codes: {
    'bare-pod': {
      severity: 'warning',
      means: 'A live pod that no controller owns: nothing creates it again.',
      message: (_data, target) => `No controller owns pod ${target.name}: nothing creates it again.`,
      remedy: () => 'Keep its manifest if you may need it again.',
      commands: (_data, target) => [{ argv: ['kubectl', 'get', 'pod', target.name, ...inNamespace(target), '-o', 'yaml'], why: 'keep the manifest' }],
    },
    'owner-gone': {
      severity: 'warning',
      means: 'The owner that the pod names does not exist any more: nothing recreates it, and the garbage collector is about to remove it.',
      message: (data, target) => `The owner of pod ${target.name}, ${typeSlashName(data.owner)}, is gone: nothing creates the pod again.`,
      remedy: () => 'The garbage collector removes it anyway; delete it yourself only if it has to go now.',
    },
    'not-recreated': {
      severity: 'warning',
      means: 'The owner will not create a replacement: it is being deleted, scaled to zero, finished or suspended.',
      message: (data, target) => `Nothing replaces pod ${target.name}: ${typeSlashName(data.owner)} ${why[data.because]}.`,
      remedy: (data) => `Look at ${typeSlashName(data.owner)} first.`,
      commands: (data) => [{ argv: ['kubectl', 'get', typeSlashName(data.owner), ...inNamespace(data.owner)], why: 'look at the owner' }],
    },
    recreated: {
      severity: 'note',
      means: 'A controller creates a replacement.',
      message: (data, target) =>
        `${typeSlashName(data.owner)} creates a replacement${data.sameName ? ' under the same name' : ''}; to get rid of ${target.name} for good, ${data.meant} ${typeSlashName(data.top)}.`,
      remedy: () => 'To restart it, go on.',
      commands: (data) => {
        const name = typeSlashName(data.top);
        const where = inNamespace(data.top);
        switch (data.meant) {
          case 'scale':
            return [{ argv: ['kubectl', 'scale', name, ...where, `--replicas=${Math.max(0, (data.replicas ?? 1) - 1)}`], why: 'run one pod fewer' }];
          case 'suspend':
            return [{ argv: ['kubectl', 'patch', name, ...where, '--type=merge', '-p', '{"spec":{"suspend":true}}'], why: 'stop the job and keep it' }];
          case 'delete':
            return [{ argv: ['kubectl', 'delete', name, ...where], why: 'remove the owner and what it owns' }];
        }
      },
    },
    'owned-by-unknown-kind': {
      severity: 'note',
      means: 'A custom resource owns the target: its controller decides whether it comes back.',
      message: (data, target) =>
        data.controller
          ? `${typeSlashName(data.owner)} controls ${target.kind.toLowerCase()} ${target.name}: its controller decides whether it comes back.`
          : `${typeSlashName(data.owner)} owns ${target.kind.toLowerCase()} ${target.name} without being its controller: nothing says that it comes back.`,
      remedy: (data) => `Ask the operator of ${data.owner.kind} how this is done.`,
      commands: (data) => [{ argv: ['kubectl', 'describe', typeSlashName(data.owner), ...inNamespace(data.owner)], why: 'look at the owner' }],
    },
    'finished-pod': {
      severity: 'note',
      means: 'The pod has Succeeded or Failed: no process runs in it.',
      message: (data, target) => `Pod ${target.name} has ended already (${data.phase}): no process runs in it.`,
      remedy: () => 'Its logs and exit codes go with it.',
    },
    'next-on-schedule': {
      severity: 'note',
      means: 'A CronJob made the Job: it makes another one at its next time.',
      message: (data, target) => `${typeSlashName(data.owner)} makes another job after ${target.name} (schedule ${data.schedule}).`,
      remedy: (data) => `To stop that, suspend ${typeSlashName(data.owner)}.`,
      commands: (data) => [{ argv: ['kubectl', 'patch', typeSlashName(data.owner), ...inNamespace(data.owner), '--type=merge', '-p', '{"spec":{"suspend":true}}'], why: 'make no more jobs' }],
    },
    'made-again': {
      severity: 'note',
      means: 'Kubernetes itself makes this object again as soon as it is missing.',
      message: (data, target) => `${data.by} makes ${target.kind.toLowerCase()} ${target.name} again.`,
      remedy: () => 'Nothing is gained by deleting it, except that it is made anew.',
    },
    'debug-pod': {
      severity: 'note',
      means: 'A pod that kubectl debug made.',
      message: (_data, target) => `Pod ${target.name} was made by kubectl debug: nothing creates it again, and nothing is meant to.`,
      remedy: () => 'End the debugging session in it first.',
    },
  },
};
