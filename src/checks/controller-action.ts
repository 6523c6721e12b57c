import { defineCheck } from './check.ts';

export const controllerAction = defineCheck({
  id: 'controller-action',
  needs: [],
  kinds: [],
  find: () => [],
});
