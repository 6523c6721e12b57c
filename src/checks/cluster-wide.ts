import { defineCheck } from './check.ts';

export const clusterWide = defineCheck({
  id: 'cluster-wide',
  needs: [],
  kinds: [],
  find: () => [],
});
