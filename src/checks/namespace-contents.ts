import { defineCheck } from './check.ts';

export const namespaceContents = defineCheck({
  id: 'namespace-contents',
  needs: [],
  kinds: [],
  find: () => [],
});
