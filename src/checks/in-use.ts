import { defineCheck } from './check.ts';

export const inUse = defineCheck({
  id: 'in-use',
  needs: [],
  kinds: [],
  find: () => [],
});
