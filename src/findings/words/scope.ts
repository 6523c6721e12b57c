import type { CheckWords } from '../words.ts';

export const scope: CheckWords<'scope'> = {
  id: 'scope',
  looksAt: 'more than it looks: `--all` or `-A` with cluster-scoped kinds, a selector of negations only, many objects, `-n` with a cluster-scoped kind',
  codes: {
    'many-objects': {
      severity: 'warning',
      means: 'The command names more than 20 objects; finished pods and Events are not counted.',
      message: (data) => `This deletes ${data.count} objects at once (finished pods and Events not counted).`,
      remedy: () => 'Make sure that all of them are meant, or delete them in smaller groups.',
    },
  },
};
