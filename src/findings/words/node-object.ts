import type { CheckWords } from '../words.ts';

export const nodeObject: CheckWords<'node-object'> = {
  id: 'node-object',
  looksAt: 'a Node that is still Ready, pods and local volumes on it',
  codes: {},
};
