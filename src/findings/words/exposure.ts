import type { CheckWords } from '../words.ts';

export const exposure: CheckWords<'exposure'> = {
  id: 'exposure',
  looksAt: 'a Service, Ingress or Gateway whose address or traffic ends',
  codes: {},
};
