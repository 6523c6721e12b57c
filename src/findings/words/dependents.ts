import type { CheckWords } from '../words.ts';

const SHOWN = 3;
const names = (all: readonly string[]): string => `${all.slice(0, SHOWN).join(', ')}${all.length > SHOWN ? ', …' : ''}`;
const pods = (n: number): string => (n === 1 ? '1 other pod' : `${n} other pods`);

export const dependents: CheckWords<'dependents'> = {
  id: 'dependents',
  looksAt: 'what goes with it, counted by kind',
  codes: {
    'serving-pods-go': {
      severity: 'warning',
      means: 'The target owns Ready pods: the garbage collector deletes them after it.',
      message: (data, target) =>
        `${target.name} owns ${pods(data.count)}, ${data.serving === data.count ? 'all' : data.serving} of them Ready, and they go with it: ${names(data.names)}.`,
      remedy: () => 'Make sure that the work of all of them may end.',
      commands: (_data, target) => [
        {
          argv: ['kubectl', 'get', 'pods', ...(target.namespace === null ? [] : ['-n', target.namespace]), '-o', 'custom-columns=NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].name,PHASE:.status.phase'],
          why: 'see which pods it owns',
        },
      ],
    },
    'dependents-go': {
      severity: 'note',
      means: 'The target owns pods, none of them Ready: the garbage collector deletes them after it. Only pods are looked for.',
      message: (data, target) => `${pods(data.count)}, none of them Ready, ${data.count === 1 ? 'goes' : 'go'} with ${target.name}: ${names(data.names)}.`,
      remedy: () => 'Nothing to do, unless you want to keep their logs.',
    },
  },
};
