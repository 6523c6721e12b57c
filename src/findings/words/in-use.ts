import type { CheckWords } from '../words.ts';

export const inUse: CheckWords<'in-use'> = {
  id: 'in-use',
  looksAt: 'who uses a claim, ConfigMap, Secret, ServiceAccount or class',
  codes: {},
};
