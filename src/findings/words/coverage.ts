import type { CheckWords } from '../words.ts';

export const coverage: CheckWords<'coverage'> = {
  id: 'coverage',
  looksAt: 'whether any check knows this kind',
  codes: {},
};
