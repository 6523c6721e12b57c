import type { CheckWords } from '../words.ts';

export const controllerAction: CheckWords<'controller-action'> = {
  id: 'controller-action',
  looksAt: 'a custom resource whose controller removes other things',
  codes: {},
};
