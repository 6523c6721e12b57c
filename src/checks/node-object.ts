import { defineCheck } from './check.ts';

export const nodeObject = defineCheck({
  id: 'node-object',
  needs: [],
  kinds: [],
  find: () => [],
});
