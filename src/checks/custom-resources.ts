import { defineCheck } from './check.ts';

export const customResources = defineCheck({
  id: 'custom-resources',
  needs: [],
  kinds: [],
  find: () => [],
});
