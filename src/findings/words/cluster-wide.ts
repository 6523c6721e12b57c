import type { CheckWords } from '../words.ts';

export const clusterWide: CheckWords<'cluster-wide'> = {
  id: 'cluster-wide',
  looksAt: 'a webhook, APIService, ClusterRole or class that the whole cluster uses',
  codes: {},
};
