import type { CheckWords } from '../words.ts';

export const access: CheckWords<'access'> = {
  id: 'access',
  looksAt: 'a binding, ServiceAccount or token that you or pods depend on',
  codes: {},
};
