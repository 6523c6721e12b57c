import { defineCheck } from './check.ts';

export const coverage = defineCheck({
  id: 'coverage',
  needs: [],
  kinds: [],
  find: () => [],
});
