import type { CheckWords } from '../words.ts';

export const namespaceContents: CheckWords<'namespace-contents'> = {
  id: 'namespace-contents',
  looksAt: 'everything in the namespace, load balancers, broken APIServices',
  codes: {},
};
