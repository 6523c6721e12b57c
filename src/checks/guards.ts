import { defineCheck } from './check.ts';

export const guards = defineCheck({
  id: 'guards',
  needs: [],
  kinds: [],
  find: () => [],
});
