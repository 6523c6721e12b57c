import type { CheckWords } from '../words.ts';

export const guards: CheckWords<'guards'> = {
  id: 'guards',
  looksAt: 'a NetworkPolicy, quota, budget or autoscaler in force',
  codes: {},
};
