import type { CheckWords } from '../words.ts';

export const customResources: CheckWords<'custom-resources'> = {
  id: 'custom-resources',
  looksAt: 'instances of a definition; the controller they lose',
  codes: {},
};
