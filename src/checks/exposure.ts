import { defineCheck } from './check.ts';

export const exposure = defineCheck({
  id: 'exposure',
  needs: [],
  kinds: [],
  find: () => [],
});
