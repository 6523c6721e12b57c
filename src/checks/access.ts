import { defineCheck } from './check.ts';

export const access = defineCheck({
  id: 'access',
  needs: [],
  kinds: [],
  find: () => [],
});
