import type { CheckWords } from '../words.ts';

export const controllerAction: CheckWords<'controller-action'> = {
  id: 'controller-action',
  looksAt: 'a custom resource whose controller removes other things (Argo CD Application, Flux, Cluster API, Crossplane, databases)',
  codes: {
    'controller-removes': {
      severity: 'warning',
      irreversible: true,
      means: 'When the object goes, its controller removes other things: objects that it manages, data, or resources outside of the cluster.',
      message: (data, target) => `${data.by} removes ${data.what} when ${target.kind} ${target.name} goes.`,
      remedy: () => 'Make sure that all of it may go, and save what is still needed.',
      commands: (_data, target) => [{ argv: ['kubectl', 'describe', `${target.resource}${target.group === '' ? '' : `.${target.group}`}/${target.name}`, ...(target.namespace === null ? [] : ['-n', target.namespace])], why: 'see what it manages' }],
    },
    'controller-stops': {
      severity: 'warning',
      means: 'When the object goes, what its controller runs or keeps for it ends; it can be made again from the same manifest.',
      message: (data, target) => `With ${target.kind} ${target.name} goes what ${data.by} runs or keeps for it: ${data.what}.`,
      remedy: () => 'Make sure that nobody needs it any more, and keep its manifest.',
    },
    'controller-leaves': {
      severity: 'note',
      means: 'The controller of the object leaves in place what it manages.',
      message: (data, target) => `${data.by} removes nothing else when ${target.kind} ${target.name} goes: ${data.what}.`,
      remedy: () => 'Nothing to do, unless what stays is to go as well.',
    },
  },
};
